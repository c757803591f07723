"""Is the person in the pictures? Likeness of each arm on the subject's own scale, where references allow one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.likeness import FEWEST_REFERENCES, Likeness, likeness, no_references
from fluxdiag.instruments.readings import as_measurement, reading
from fluxdiag.instruments.statistics import Interval, jackknife_interval, leave_one_out, t_interval
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

ARMS = ("trigger", "class", "trigger-base", "description", "both")
PROMPTS = "prompts show a measurable face with and without the LoRA"
PARTS = {f"identity.{arm}": (arm,) for arm in ARMS}


@instrument(gives=("identity.floor", "identity.ceiling", *(f"identity.{arm}" for arm in ARMS)), arms=("base",))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    person = likeness(tables)
    if not person.by_references:
        raise CannotMeasure(f"{no_references(tables)}: likeness to the real person cannot be told")
    yield reading("identity.floor", person.cosines("base"), "cosine", "prompts show a measurable face with the LoRA off")
    yield as_measurement("identity.ceiling", _ceiling(person), "cosine")
    for arm in ARMS:
        yield _identity(person, arm)


def _identity(person: Likeness, arm: str) -> Measurement | Gap:
    """Floor and ceiling stay measured without a scale: that there were references is what tells a face pack that cannot see the
    person from a case without any."""
    key = f"identity.{arm}"
    if person.tables.arm(arm).empty:
        return Gap(key=key, reason=f"no images were made for the {arm} arm")
    try:
        return reading(key, person.above_base(arm), "scale", PROMPTS, person.interval(arm))
    except CannotMeasure as shortfall:
        return Gap(key=key, reason=str(shortfall))


def _ceiling(person: Likeness) -> Interval:
    """Each photo is held against the others, so they hang together. Of three none can be left out: two have one cosine."""
    if len(person.references) <= FEWEST_REFERENCES:
        return t_interval(leave_one_out(person.references))
    return jackknife_interval(person.ceiling, np.array([fewer.ceiling for fewer in person.with_fewer()]))
