"""Answers -> figures. Every share carries its n and its Wilson interval; a target is met only if the interval allows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from fluxdiag.instruments.statistics import wilson_interval
from fluxdiag.records import Record
from fluxlab.bench.decoys import DECOYS
from fluxlab.bench.judging import Answer
from fluxlab.bench.truth import CAUSES, ROOTS, TARGETS

BINS = 10


class Rate(Record):
    """A share of n with its 95% interval (Wilson); without cases it is not known."""

    hits: int
    n: int
    value: float | None = None
    low: float = 0.0
    high: float = 1.0

    @property
    def text(self) -> str:
        return "-" if self.value is None else f"{self.value:.2f} ({self.low:.2f}-{self.high:.2f}, n = {self.n})"


def rate(outcomes: Iterable[bool]) -> Rate:
    found = np.array([float(outcome) for outcome in outcomes])
    if not len(found):
        return Rate(hits=0, n=0)
    interval = wilson_interval(found)
    return Rate(hits=int(found.sum()), n=len(found), value=interval.value, low=interval.low, high=interval.high)


class Bin(Record):
    """Of the probabilities from `low` to `high`: their mean, and how often the cause was there."""

    low: float
    high: float
    said: float
    was: float
    n: int


class Scores(Record):
    """What one state of knowledge is worth on one set of LoRAs."""

    loras: int
    subjects: int
    recall: dict[str, Rate]
    precision: dict[str, Rate]
    macro_recall: float | None
    healthy_called_healthy: Rate
    false_alarms: Rate
    abstentions: Rate
    decoys_convicted: Rate
    pairs_one: Rate
    pairs_both: Rate
    by_severity: dict[str, Rate]
    confusion: dict[str, dict[str, int]]
    brier: float | None
    reliability: tuple[Bin, ...]
    risk: tuple[tuple[float, float], ...]


def scores_of(answers: Sequence[Answer]) -> Scores:
    """Severity 1 and the first draw of probe seeds, but for `by_severity`."""
    first = [answer for answer in answers if not answer.row.probe_seeds]
    full = [answer for answer in first if answer.row.severity == 1]
    single = [answer for answer in full if answer.row.planted in CAUSES]
    recall = {target: rate(_found(each) for each in single if each.truth == {target}) for target in TARGETS}
    known = [each.value for each in recall.values() if each.value is not None]
    pairs = [answer for answer in full if "+" in answer.row.planted]
    return Scores(
        loras=len(full),
        subjects=len({answer.row.subject for answer in full}),
        recall=recall,
        precision={target: rate(target in each.truth for each in full if target in each.present) for target in TARGETS},
        macro_recall=float(np.mean(known)) if known else None,
        healthy_called_healthy=rate(each.verdict == "healthy" for each in single if not each.truth),
        false_alarms=rate(_alarm(each) for each in single if not each.truth),
        abstentions=rate(each.called in ("undecided", "nothing named") for each in single),
        decoys_convicted=rate(_convicted(each) for each in full if each.row.planted in DECOYS),
        pairs_one=rate(bool(each.truth & set(each.present)) for each in pairs),
        pairs_both=rate(each.truth <= set(each.present) for each in pairs),
        by_severity=_by(first, lambda each: f"{each.row.planted} at {each.row.severity:g}"),
        confusion=confusion_of(full),
        brier=brier_of(full),
        reliability=reliability_of(full),
        risk=risk_of(full),
    )


def _found(answer: Answer) -> bool:
    """The planted cause is named. Without regularisation the bleed must be seen too, and none of the four be blamed."""
    if answer.truth == {"missing-regularisation"}:
        return "bleed" in answer.symptoms and "missing-regularisation" in answer.present and not ROOTS & set(answer.present)
    return answer.truth <= set(answer.present)


def _alarm(answer: Answer) -> bool:
    return bool(answer.present) or answer.verdict in ("faulty", "broken")


def _convicted(answer: Answer) -> bool:
    """A decoy that is fine must not be found guilty of anything; one that failed for another reason, of none of the four."""
    healthy = DECOYS[answer.row.planted].healthy
    return bool(answer.present) if healthy else bool(ROOTS & set(answer.present))


def _by(answers: Iterable[Answer], group: Callable[[Answer], str]) -> dict[str, Rate]:
    faults = [answer for answer in answers if len(answer.truth) == 1]
    return {name: rate(_found(each) for each in faults if group(each) == name) for name in sorted({group(a) for a in faults})}


def confusion_of(answers: Iterable[Answer]) -> dict[str, dict[str, int]]:
    """planted -> what was called first -> how often."""
    table: dict[str, Counter[str]] = {}
    for answer in answers:
        table.setdefault(answer.row.planted, Counter())[answer.called] += 1
    return {planted: dict(counted.most_common()) for planted, counted in table.items()}


# ------------------------------------------------------------------------------------------------ probabilities


def _pairs(answers: Iterable[Answer]) -> tuple[np.ndarray, np.ndarray]:
    """(n,) probabilities and (n,) truths, of every fitted target of every LoRA."""
    said = [(p, float(target in each.truth)) for each in answers for target, p in each.probabilities.items()]
    table = np.array(said).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def brier_of(answers: Iterable[Answer]) -> float | None:
    """Mean squared error of the probabilities (Brier 1950), over LoRAs and fitted targets."""
    said, was = _pairs(answers)
    return float(np.mean((said - was) ** 2)) if len(said) else None


def reliability_of(answers: Iterable[Answer]) -> tuple[Bin, ...]:
    said, was = _pairs(answers)
    places = np.minimum((said * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            said=float(said[places == place].mean()),
            was=float(was[places == place].mean()),
            n=int((places == place).sum()),
        )
        for place in sorted(set(places.tolist()))
    )


def risk_of(answers: Iterable[Answer]) -> tuple[tuple[float, float], ...]:
    """(coverage, error): of the surest so many decisions, how many are wrong (El-Yaniv & Wiener, JMLR 2010)."""
    said, was = _pairs(answers)
    surest = np.argsort(-np.abs(said - 0.5), kind="stable")
    wrong = np.cumsum(((said >= 0.5) != (was == 1))[surest])
    ends = [max(1, round(share * len(said))) for share in np.linspace(0.1, 1, 10)] if len(said) else []
    return tuple((round(end / len(said), 3), round(float(wrong[end - 1]) / end, 4)) for end in ends)


def flips_of(answers: Iterable[Answer]) -> Rate:
    """LoRAs whose verdict or first cause changed when the same questions were drawn with other seeds."""
    return _changed(answers, lambda answer: f"{answer.verdict} {answer.called}")


def turns_of(answers: Iterable[Answer]) -> Rate:
    """Of them those of which another cause is named first, or none any more; a verdict that was open may have been closed."""
    return _changed(answers, lambda answer: answer.present[0] if answer.present else "")


def _changed(answers: Iterable[Answer], said: Callable[[Answer], str]) -> Rate:
    drawn: dict[tuple[object, str], dict[int, str]] = {}
    for answer in answers:
        drawn.setdefault((answer.row.cell, answer.state), {})[answer.row.probe_seeds] = said(answer)
    return rate(len(set(each.values())) > 1 for each in drawn.values() if len(each) > 1)
