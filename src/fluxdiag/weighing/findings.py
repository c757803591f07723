"""From log-odds to a finding: present, absent or unknown, with direction, words and what moved it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from fluxdiag.records import Evidence, Finding, Moved, Open, Status, Strength
from fluxdiag.registry import Account, Rule
from fluxdiag.rules.signs import shown
from fluxdiag.weighing.calibration import Calibration, CauseWeights
from fluxdiag.weighing.odds import HEARD, Weighed, weigh

PRESENT, ABSENT = 0.5, 0.1
"""probabilities: more likely than not is present; absent is what hardly is, or what the evidence speaks against"""
SPOKEN = 4
"""measurements told in words; the rest stays in the table"""
SPARED = "What was measured speaks against it, and what was left out could not have made it likely."
UNDECIDED: dict[Open, str] = {
    "divided": "The measurements do not decide.",
    "missing": "Too little was measured to tell.",
    "spared": "Not measured to the end: nothing that was left out could have shown that it is there. Whether it is absent stays "
    "open; --thorough measures it.",
}
DISAGREE = 0.5
"""log-odds from settings, one way, above which a finding the other way says that they disagree"""


def weighed(rule: Rule, evidence: Evidence, tables: Sequence[CauseWeights], calibration: Calibration) -> Finding:
    """The finding of a rule whose weights are fitted, in the likeliest of its directions."""
    assert rule.account is not None, f"{rule.cause} has weights and nothing to say"
    alibis = [_alibi(rule.account, evidence, table.target) for table in tables]
    open_tables = [table for table, alibi in zip(tables, alibis, strict=True) if alibi is None]
    if not open_tables:
        return _ruled_out(rule, [alibi for alibi in alibis if alibi is not None])
    heard = [weigh(evidence, table) for table in open_tables]
    by_probability = [(each.probability(calibration.prior_of(each.target)), each) for each in heard]
    probability, best = max(by_probability, key=lambda pair: pair[0])
    status = status_of(probability, best)
    if status != "present" and any(status_of(p, each) == "unknown" for p, each in by_probability):
        status = "unknown"
    direction = _direction(best.target) if status == "present" else None
    return Finding(
        cause=rule.cause,
        title=rule.title,
        status=status,
        severity=rule.severity,
        direction=direction,
        strength=strength_of(best.log_odds) if status == "present" else None,
        probability=round(probability, 3),
        because=_because(rule.account, evidence, best, status),
        cites=tuple(moved.key for moved in best.moved),
        changes=rule.account.changes(evidence, direction) if status == "present" else (),
        lacking=_lacking(best) if status == "unknown" else (),
        why_open=_why_open(best) if status == "unknown" else None,
        weighed=True,
        target=best.target,
        evidence=best.moved,
    )


def status_of(probability: float, said: Weighed) -> Status:
    """Nothing is found present on too little, and nothing is cleared by it.

    What was left out as settled clears where it could not have made the cause likely, whatever had come out.
    """
    if said.unmet or said.heard < HEARD:
        return "absent" if not said.thin and _cleared(probability, said.log_odds, said.spared) else "unknown"
    if probability >= PRESENT:
        return "present"
    return "absent" if _cleared(probability, said.log_odds) else "unknown"


def _cleared(probability: float, log_odds: float, farther: float = 0.0) -> bool:
    """Whether the evidence speaks against it, or it hardly is; both also if the log-odds came out `farther` up."""
    odds = probability / (1 - probability) * math.exp(farther) if probability < 1 else math.inf
    return log_odds + farther <= 0 or odds / (1 + odds) <= ABSENT


def _lacking(said: Weighed) -> tuple[str, ...]:
    """What was missing, where that is why nothing was found; where enough was heard, the evidence is merely divided."""
    return said.unmet or (said.lacking if said.heard < HEARD else ())


def strength_of(log_odds: float) -> Strength:
    """Of the evidence, whatever the prior: e to the 1 is worth a mention, to the 3 strong (Kass & Raftery, JASA 1995)."""
    return "strong" if log_odds >= 3 else "moderate" if log_odds >= 1 else "weak"


def _direction(target: str) -> str | None:
    return target.partition(":")[2] or None


def _alibi(account: Account, evidence: Evidence, target: str) -> tuple[str, str] | None:
    return account.alibi(evidence, _direction(target))


def _ruled_out(rule: Rule, alibis: list[tuple[str, str]]) -> Finding:
    sentences, keys = zip(*dict.fromkeys(alibis), strict=True)
    return Finding(
        cause=rule.cause,
        title=rule.title,
        status="absent",
        severity=rule.severity,
        because=tuple(dict.fromkeys(sentences)),
        cites=tuple(dict.fromkeys(keys)),
        changes=(),
        weighed=True,
    )


def _because(account: Account, evidence: Evidence, said: Weighed, status: Status) -> tuple[str, ...]:
    """The lead, whether settings and probes agree, what spoke the loudest, and what is missing."""
    leads = {
        "present": account.leads[_direction(said.target)],
        "absent": SPARED if said.unmet or said.heard < HEARD else "The measurements speak against it.",
        "unknown": UNDECIDED[_why_open(said)],
    }
    told = [spoken(evidence, moved) for moved in said.moved[:SPOKEN]]
    missing = evidence.why_missing(*(said.unmet or said.lacking)[:2]) if status == "unknown" else None
    return (leads[status], *_disagreement(said, status), *told, *((f"not known: {missing}",) if missing else ()))


def _why_open(said: Weighed) -> Open:
    if not said.unmet and said.heard >= HEARD:
        return "divided"
    return "spared" if said.spared and not said.thin else "missing"


def _disagreement(said: Weighed, status: Status) -> tuple[str, ...]:
    if status == "absent" and said.settings > DISAGREE:
        return ("The settings alone would suspect it; the probes do not bear them out, and the probes count.",)
    if status == "present" and said.settings < -DISAGREE:
        return ("The settings look right; the probes say otherwise, and the probes count.",)
    return ()


def spoken(evidence: Evidence, moved: Moved) -> str:
    """`trigger.effect 0.05 (0.01 to 0.09, scale) speaks strongly for it`."""
    how = "strongly " if abs(moved.weight) >= 2 else "" if abs(moved.weight) >= 0.7 else "faintly "
    return f"{shown(evidence.measurements[moved.key])} speaks {how}{'for' if moved.weight > 0 else 'against'} it"
