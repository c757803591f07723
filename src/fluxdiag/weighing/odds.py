"""Evidence and weights -> the log-odds of a cause, with what moved them. Weights of evidence: Good 1950; pure functions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from fluxdiag.records import LEFT_OUT, Evidence, Measurement, Moved
from fluxdiag.weighing.calibration import CauseWeights, Weight
from fluxdiag.weighing.speaking import HEARINGS, Form, Speaker

FARTHEST = 2.0
"""scales beyond the line after which a measurement says no more: one wild number never decides alone"""
UNTRIED = 1.0
"""log-odds per scale of a measurement that science lets speak and no fit could hear: a usual weight"""
HEARD = 0.4
"""share of the weight that must have been heard: with less the evidence is thin, whatever it says"""
SMALLEST = 1e-6
HALF_WIDTHS = 1.96 * 2


@dataclass(frozen=True)
class Weighed:
    """`log_odds` before the prior: above 0 the evidence speaks for the target."""

    target: str
    log_odds: float
    moved: tuple[Moved, ...]
    """the heaviest first"""
    heard: float
    """share of all weight that could be heard"""
    lacking: tuple[str, ...]
    """measurements that were not made, the heaviest first"""
    settings: float
    """the part of the log-odds that comes from settings, not from probes"""
    unmet: tuple[str, ...]
    """keys of needed groups of which none was measured"""
    spared: float = 0.0
    """by how much what was left out as settled could move the log-odds at most"""
    thin: bool = False
    """too little would have been heard even with what was left out"""

    def probability(self, prior: float) -> float:
        return 1 / (1 + math.exp(-(self.log_odds + math.log(prior / (1 - prior)))))


def weigh(evidence: Evidence, table: CauseWeights) -> Weighed:
    """What the evidence says of one target. What was not measured says nothing, and is counted as unheard."""
    every_voice = voices(table)
    known = [(weight, found) for weight in every_voice if (found := evidence.get(weight.key)) is not None]
    said = {weight.key: weight.weight * position(found, weight) for weight, found in known}
    silent = [weight for weight in table.weights if weight.key not in said and weight.weight]
    every = sum(abs(weight.weight) for weight in table.weights)
    spared = [weight for weight in every_voice if weight.key not in said and evidence.gaps.get(weight.key) == LEFT_OUT]
    unheard = sum(abs(weight.weight) for weight in silent if weight not in spared)
    moved = [Moved(key=found.key, value=found.value, weight=round(said[found.key], 3)) for _, found in known]
    return Weighed(
        target=table.target,
        log_odds=table.intercept + sum(said.values()),
        moved=tuple(sorted((each for each in moved if each.weight), key=lambda each: -abs(each.weight))),
        heard=1 - sum(abs(weight.weight) for weight in silent) / every if every else 0.0,
        lacking=tuple(weight.key for weight in sorted(silent, key=lambda weight: -abs(weight.weight))),
        settings=sum(weight for key, weight in said.items() if Speaker(key, 0).is_setting),
        unmet=_unmet(evidence, table.target),
        spared=FARTHEST * sum(abs(weight.weight) for weight in spared),
        thin=bool(_unmet(evidence, table.target, LEFT_OUT)) or (unheard > (1 - HEARD) * every if every else True),
    )


def voices(table: CauseWeights) -> tuple[Weight, ...]:
    """All that speaks on a target if it is measured: what was fitted, and what could not be."""
    return (*table.weights, *_untried(table))


def _untried(table: CauseWeights) -> Iterator[Weight]:
    """What has a cited line and could not be fitted; where it was not measured nothing is missing."""
    fitted = {weight.key for weight in table.weights}
    for speaker in HEARINGS[table.target].speakers if table.target in HEARINGS else ():
        if speaker.cited is not None and speaker.key not in fitted:
            line = speaker.cited
            yield Weight(key=speaker.key, form=speaker.form, line=line.at, scale=line.scale, weight=UNTRIED * speaker.sign)


def _unmet(evidence: Evidence, target: str, excuse: str | None = None) -> tuple[str, ...]:
    """Of the groups of which none was measured; with `excuse` but for those with a key that is missing for that reason."""
    needs = HEARINGS[target].needs if target in HEARINGS else ()
    unmet = [group for group in needs if not any(key in evidence.measurements for key in group)]
    return tuple(key for group in unmet if excuse is None or excuse not in map(evidence.gaps.get, group) for key in group)


def position(found: Measurement, weight: Weight) -> float:
    """Scales beyond the line, from -FARTHEST to FARTHEST, shrunk where the number is uncertain.

    The shrinking is the reliability ratio of a predictor measured with error (Carroll et al., Measurement Error in
    Nonlinear Models, 2006): a number known only to a scale or so is worth half.
    """
    value, low, high = (formed(number, weight.form) for number in (found.value, found.low, found.high))
    error = (high - low) / HALF_WIDTHS / weight.scale
    beyond = max(-FARTHEST, min(FARTHEST, (value - weight.line) / weight.scale))
    return beyond / (1 + error * error)


def formed(number: float, form: Form) -> float:
    """A number in the units in which it speaks: factors as their logarithm."""
    if form == "log2":
        return math.log2(max(number, SMALLEST))
    return math.log2(1 + max(number, 0.0)) if form == "log2(1+x)" else number
