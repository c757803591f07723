"""What training alone changes: the same person, photos and settings, trained with other seeds and asked the same questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from fluxdiag.records import Record
from fluxlab.bench.judging import Answer
from fluxlab.bench.rows import Numbers
from fluxlab.bench.scores import Rate, rate

SHOWN = ("identity.trigger", "trigger.effect", "description.effect", "bleed.class", "loss.heldout-gain", "loss.gap")
"""what the first screen of a report says, and what over-captioning and the step count are told by"""
Trainings = Sequence[Mapping[str, Numbers]]
"""the measurements of LoRAs that differ in nothing but the training seed"""


class Spread(Record):
    """One measurement over training seeds, on its own scale."""

    between: float
    """standard deviation of single trainings around the mean of their person, n - 1 for each person"""
    half_width: float
    """of its 95% interval, mean: what the questions leave open"""
    loras: int
    people: int


class Retrained(Record):
    """Of people who were trained more than once in the same way."""

    spreads: dict[str, Spread]
    """measurement -> how far it moves"""
    changed: Rate
    """ways of training a person of which the verdict or the first cause hangs on the seed"""


def retrained_of(answers: Iterable[Answer]) -> Retrained | None:
    """None where nobody was trained twice. Other draws of the questions are left out."""
    again = [those for those in _by_setup(answers).values() if len(those) > 1]
    if not again:
        return None
    measured = [[answer.row.states[answer.state].measurements for answer in those] for those in again]
    spreads = {key: spread for key in SHOWN if (spread := spread_of(key, measured)) is not None}
    said = ({f"{answer.verdict} {answer.called}" for answer in those} for those in again)
    return Retrained(spreads=spreads, changed=rate(len(each) > 1 for each in said))


def _by_setup(answers: Iterable[Answer]) -> dict[tuple[str, int], list[Answer]]:
    found: dict[tuple[str, int], list[Answer]] = {}
    for answer in answers:
        if not answer.row.probe_seeds:
            found.setdefault((answer.row.cell.planted, answer.row.subject), []).append(answer)
    return found


def spread_of(key: str, people: Iterable[Trainings]) -> Spread | None:
    """The pooled within-group standard deviation; a training without the measurement counts nowhere."""
    known = [found for those in people if len(found := [one[key] for one in those if key in one]) > 1]
    if not known:
        return None
    squares = sum(float(np.sum(np.square(_off_mean(found)))) for found in known)
    every = [numbers for found in known for numbers in found]
    return Spread(
        between=float(np.sqrt(squares / (len(every) - len(known)))),
        half_width=float(np.mean([(high - low) / 2 for _, low, high, _ in every])),
        loras=len(every),
        people=len(known),
    )


def _off_mean(found: Sequence[Numbers]) -> list[float]:
    values = [numbers[0] for numbers in found]
    return [value - float(np.mean(values)) for value in values]
