"""Is it always the same person? How alike the trigger's faces are across prompts, against how alike the base's are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.likeness import consistency
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.statistics import jackknife_interval
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

PROMPTS = "prompts show a measurable face with the trigger and with the class word"
PARTS = {"consistency.trigger-base": ("trigger-base",)}


@instrument(gives=("consistency.trigger", "consistency.trigger-base"), arms=("trigger", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    yield _sameness(tables, "trigger")
    yield _without_the_lora(tables)


def _sameness(tables: Tables, arm: str) -> Measurement | Gap:
    """Each prompt is held against the others, so the interval comes from leaving each out in turn."""
    by_prompt = consistency(tables, arm).dropna()
    left_out = np.array([consistency(tables, arm, without=str(prompt)).mean() for prompt in by_prompt.index])
    return reading(
        f"consistency.{arm}", by_prompt, "scale", PROMPTS, lambda values: jackknife_interval(float(values.mean()), left_out)
    )


def _without_the_lora(tables: Tables) -> Measurement | Gap:
    """Does the base have somebody in mind for the trigger?"""
    try:
        return _sameness(tables, "trigger-base")
    except CannotMeasure as shortfall:
        return Gap(key="consistency.trigger-base", reason=str(shortfall))
