"""Is it always the same person? How alike the trigger's faces are across prompts, against how alike the base's are."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.likeness import consistency
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

PROMPTS = "prompts show a measurable face with the trigger and with the class word"
PARTS = {"consistency.trigger-base": ("trigger-base",)}


@instrument(gives=("consistency.trigger", "consistency.trigger-base"), arms=("trigger", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    yield reading("consistency.trigger", consistency(tables, "trigger"), "scale", PROMPTS)
    yield _without_the_lora(tables)


def _without_the_lora(tables: Tables) -> Measurement | Gap:
    """Does the base have somebody in mind for the trigger?"""
    key = "consistency.trigger-base"
    try:
        return reading(key, consistency(tables, "trigger-base"), "scale", PROMPTS)
    except CannotMeasure as shortfall:
        return Gap(key=key, reason=str(shortfall))
