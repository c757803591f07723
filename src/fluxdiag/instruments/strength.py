"""Is the strength right? What more or less of the LoRA does to the likeness: rising above 1 speaks of too little training."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.paired import gained
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

VARIANTS = {"strength.less": "strength-0.5", "strength.more": "strength-1.5"}
PARTS = {key: ("base", f"trigger/{variant}") for key, variant in VARIANTS.items()}


@instrument(gives=tuple(VARIANTS), arms=("trigger",))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    person = likeness(tables)
    for key, variant in VARIANTS.items():
        why_not = f"no images were made at {variant.removeprefix('strength-')} times the strength"
        yield gained(person, key, "trigger", variant, why_not)
