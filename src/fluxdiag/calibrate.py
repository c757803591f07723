"""Fits weights of evidence to LoRAs whose causes are known, and says how good they are on people they were not fitted on.

Each target is a logistic regression on positions between two lines (`weighing/odds.py`), ridge-penalised, with the signs that
science allows. Both sides weigh the same, so the mix of causes among the LoRAs does not become the prior.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from fluxdiag.records import Evidence
from fluxdiag.registry import rules
from fluxdiag.weighing.calibration import Calibration, CauseWeights, Weight
from fluxdiag.weighing.odds import formed, position, weigh
from fluxdiag.weighing.speaking import HEARINGS, Hearing, Speaker

RIDGE = 1.0
"""penalty on a squared weight, in LoRAs: a weight of 1 costs as much as half a LoRA's log-loss; stated, not searched for"""
LOUDEST = 3.0
LOUDEST_SETTINGS = 1.5
"""log-odds per scale of all settings of a target together: at their farthest they move the odds by e to the 3, as a probe can"""
FEWEST = 3
"""LoRAs, and people, with a cause; below it nothing is fitted and the cited thresholds decide"""


@dataclass(frozen=True)
class Example:
    """One LoRA in one state of knowledge, with what is known to be wrong with it. `weight`: the states of a LoRA share 1."""

    evidence: Evidence
    targets: frozenset[str]
    """the right answer: `cause` or `cause:direction`"""
    person: str
    weight: float = 1.0


def fit(examples: Sequence[Example], name: str, profile: str, about: str, world: str = "") -> Calibration:
    """The evidence tables of every target of which there are enough examples. Deterministic."""
    tables = [table for target in HEARINGS if (table := fit_target(target, examples)) is not None]
    return Calibration(
        name=name,
        profile=profile,
        about=about,
        subjects=tuple(sorted({example.person for example in examples})),
        loras=round(sum(example.weight for example in examples)),
        ridge=RIDGE,
        world=world,
        causes=tuple(tables),
    )


def fit_target(target: str, examples: Sequence[Example]) -> CauseWeights | None:
    """None where fewer than FEWEST LoRAs or people have the cause, or none is without it."""
    asked = [example for example in examples if target in example.targets or not _ruled_out(target, example)]
    having = [example for example in asked if target in example.targets]
    without = [example for example in asked if target not in example.targets]
    people = {example.person for example in having}
    if min(_loras(having), len(people), _loras(without)) < FEWEST:
        return None
    lines = [weight for speaker in HEARINGS[target].speakers if (weight := _line(speaker, having, without)) is not None]
    if not lines:
        return None
    intercept, found = _logistic(lines, HEARINGS[target], asked, target)
    weights = (line.model_copy(update={"weight": round(float(w), 4)}) for line, w in zip(lines, found, strict=True))
    return CauseWeights(
        target=target,
        intercept=round(intercept, 4),
        positives=round(_loras(having)),
        negatives=round(_loras(without)),
        weights=tuple(weights),
    )


def _loras(examples: Iterable[Example]) -> float:
    return sum(example.weight for example in examples)


def _ruled_out(target: str, example: Example) -> bool:
    """Whether a fact rules the target out, so that the weights are never asked. Sound LoRAs always count: they are the floor."""
    cause, _, direction = target.partition(":")
    account = next(rule.account for rule in rules() if rule.cause == cause)
    assert account is not None, f"{cause} has speakers and no account"
    return bool(example.targets) and account.alibi(example.evidence, direction or None) is not None


def _line(speaker: Speaker, having: Sequence[Example], without: Sequence[Example]) -> Weight | None:
    """The cited line, else half way between the medians; the scale is half their distance, or the spread within a side
    where that is larger. None where a side has too few to fit a weight to."""
    one, other = (_values(speaker, side) for side in (having, without))
    if min(len(one), len(other)) < FEWEST:
        return None
    if speaker.cited is not None:
        return Weight(key=speaker.key, form=speaker.form, line=speaker.cited.at, scale=speaker.cited.scale, weight=0.0)
    apart = float(np.median(one) - np.median(other)) / 2
    spread = float(np.median([_spread(one), _spread(other)]))
    scale = max(abs(apart), spread)
    if scale < 1e-9:
        return None
    line = float(np.median(one) + np.median(other)) / 2
    return Weight(key=speaker.key, form=speaker.form, line=_short(line), scale=_short(scale), weight=0.0)


def _values(speaker: Speaker, side: Sequence[Example]) -> NDArray[np.float64]:
    found = [example.evidence.get(speaker.key) for example in side]
    return np.array([formed(each.value, speaker.form) for each in found if each is not None])


def _spread(values: NDArray[np.float64]) -> float:
    """Robust standard deviation: 1.4826 times the median absolute deviation."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def _short(number: float) -> float:
    return float(f"{number:.4g}")


def _logistic(
    lines: Sequence[Weight], hearing: Hearing, examples: Sequence[Example], target: str
) -> tuple[float, NDArray[np.float64]]:
    """Intercept and weights of the penalised fit; both sides weigh as much as all LoRAs of the rarer one."""
    positions = np.array([[_position(example, line) for line in lines] for example in examples])  # (examples, lines)
    truth = np.array([1.0 if target in example.targets else 0.0 for example in examples])
    weights = np.array([example.weight for example in examples])
    size = min(weights[truth == 1].sum(), weights[truth == 0].sum())
    for side in (0.0, 1.0):
        weights[truth == side] *= size / weights[truth == side].sum()
    signed = np.where(truth == 1, 1.0, -1.0)

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = signed * (parameters[0] + positions @ parameters[1:])
        slope = -weights * signed * expit(-margin)
        penalty = RIDGE / 2 * float(parameters[1:] @ parameters[1:])
        value = float(weights @ np.logaddexp(0, -margin)) + penalty
        return value, np.concatenate([[slope.sum()], positions.T @ slope + RIDGE * parameters[1:]])

    signs = {speaker.key: speaker for speaker in hearing.speakers}
    settings = sum(signs[line.key].is_setting for line in lines)
    bounds = [(None, None), *(_bounds(signs[line.key], settings) for line in lines)]
    found = minimize(loss, np.zeros(len(lines) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(found[0]), found[1:]


def _position(example: Example, line: Weight) -> float:
    """0, which says nothing, where it was not measured."""
    found = example.evidence.get(line.key)
    return 0.0 if found is None else position(found, line)


def _bounds(speaker: Speaker, settings: int) -> tuple[float, float]:
    loudest = LOUDEST_SETTINGS / settings if speaker.is_setting else LOUDEST
    return (0.0 if speaker.sign > 0 else -loudest, 0.0 if speaker.sign < 0 else loudest)


def probabilities(evidence: Evidence, calibration: Calibration) -> dict[str, float]:
    """Of every fitted target, after the prior; 0 where a fact rules it out."""
    return {table.target: _probability(evidence, table, calibration) for table in calibration.causes}


def _probability(evidence: Evidence, table: CauseWeights, calibration: Calibration) -> float:
    cause, _, direction = table.target.partition(":")
    account = next(rule.account for rule in rules() if rule.cause == cause)
    if account is not None and account.alibi(evidence, direction or None) is not None:
        return 0.0
    return weigh(evidence, table).probability(calibration.prior_of(table.target))


def left_out(examples: Sequence[Example]) -> Iterable[tuple[str, list[Example]]]:
    """Each person, with the examples of all others: weights for a person are never fitted on that person."""
    for person in sorted({example.person for example in examples}):
        yield person, [example for example in examples if example.person != person]
