"""Which blocks hold the person, and which the bleed? What is lost when a group of them is switched off.

Appearance is said to sit in the early single blocks (field guide, section 6), so a group that bleeds without holding the
person can go: `fluxdiag repair` tries that.
"""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.paired import gained
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

GROUPS = ("double", "single-early", "single-late")
KEYS = {
    **{f"blocks.{group}": ("trigger", group) for group in GROUPS},
    **{f"blocks.{group}-bleed": ("class", group) for group in GROUPS},
}
PARTS = {key: ("base", f"{arm}/without-{group}") for key, (arm, group) in KEYS.items()}


@instrument(gives=tuple(KEYS), arms=("trigger", "class"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    person = likeness(tables)
    for key, (arm, group) in KEYS.items():
        why_not = f"no images were made without the {group} blocks; `--suite full` makes them"
        yield gained(person, key, arm, f"without-{group}", why_not)
