"""How far the log-odds of a cause can still move while measurements are missing that could be made.

No guess enters: a measurement moves the log-odds by at most its weight times FARTHEST, wherever it comes out. What lies
beyond that reach is settled, and need not be measured.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from fluxdiag.records import Evidence
from fluxdiag.registry import rules
from fluxdiag.weighing.calibration import Calibration, CauseWeights
from fluxdiag.weighing.findings import PRESENT, status_of, strength_of
from fluxdiag.weighing.odds import FARTHEST, voices, weigh


@dataclass(frozen=True)
class Reach:
    """A target that no fact rules out. Log-odds before the prior: from `low` to `high` once all is measured."""

    target: str
    low: float
    high: float
    bar: float
    """log-odds from which on the cause is present"""
    named: bool
    """present by what was measured already"""
    moves: Mapping[str, float]
    """what could be measured -> by how much it would move it at most; 0 for what must only have been heard"""

    @property
    def cause(self) -> str:
        return self.target.partition(":")[0]

    @property
    def missing(self) -> frozenset[str]:
        return frozenset(self.moves)

    @property
    def possible(self) -> bool:
        return self.high >= self.bar

    @property
    def certain(self) -> bool:
        """Present, and as strong, whatever is still measured: weak evidence leaves another verdict than moderate does."""
        weak = [strength_of(log_odds) == "weak" for log_odds in (self.low, self.high)]
        return self.named and self.low >= self.bar and weak[0] == weak[1]

    @property
    def open(self) -> bool:
        return self.possible and not self.certain


def reaches(evidence: Evidence, undrawn: Collection[str], calibration: Calibration) -> list[Reach]:
    """Every fitted target that no fact rules out; `undrawn`: the keys that could still be measured."""
    return [_reach(evidence, undrawn, table, calibration) for table in _open_tables(evidence, calibration)]


def _open_tables(evidence: Evidence, calibration: Calibration) -> Iterator[CauseWeights]:
    for rule in rules():
        for table in calibration.of(rule.cause) if rule.account is not None else ():
            assert rule.account is not None
            if rule.account.alibi(evidence, table.target.partition(":")[2] or None) is None:
                yield table


def _reach(evidence: Evidence, undrawn: Collection[str], table: CauseWeights, calibration: Calibration) -> Reach:
    said = weigh(evidence, table)
    unheard = {key: 0.0 for key in said.unmet if key in undrawn}
    silent = {each.key: FARTHEST * abs(each.weight) for each in voices(table) if each.weight and each.key in undrawn}
    prior = calibration.prior_of(table.target)
    farther = sum(silent.values())
    return Reach(
        target=table.target,
        low=said.log_odds - farther,
        high=said.log_odds + farther,
        bar=_log_odds(PRESENT) - _log_odds(prior),
        named=status_of(said.probability(prior), said) == "present",
        moves=unheard | silent,
    )


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))
