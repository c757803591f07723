"""Is the strength right? What more or less of the LoRA does to the likeness: rising above 1 speaks of too little training."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.likeness import Likeness, likeness
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

VARIANTS = {"strength.less": "strength-0.5", "strength.more": "strength-1.5"}


@instrument(gives=tuple(VARIANTS), arms=("trigger",))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    person = likeness(tables)
    for key, variant in VARIANTS.items():
        yield _gained(person, key, variant)


def _gained(person: Likeness, key: str, variant: str) -> Measurement | Gap:
    """Paired with the same prompts at the case's own strength."""
    if person.tables.arm("trigger", variant=variant).empty:
        return Gap(key=key, reason=f"no images were made at {variant.removeprefix('strength-')} times the strength")
    gained = person.scale(person.cosines("trigger", variant) - person.cosines("trigger"))
    return reading(key, gained, "scale", "prompts show a measurable face at both strengths")
