"""Which measurements could still change the verdict or the cause that is named first? Pure functions of the evidence.

For fitted causes that is exact: whatever comes out moves the log-odds by no more than its reach (`weighing/reach.py`). A cause
that is judged by cited thresholds is tried with the missing numbers far on either side of its lines, and without them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product

from fluxdiag.records import Diagnosis, Evidence, Measurement
from fluxdiag.registry import Rule, rules
from fluxdiag.rules.signs import above
from fluxdiag.symptoms import COPIED, OBEYED, PEOPLE, THINGS
from fluxdiag.weighing.calibration import Calibration
from fluxdiag.weighing.reach import Reach, reaches
from fluxdiag.weighing.speaking import HEARINGS, Speaker

SYMPTOMS = frozenset({*PEOPLE, *THINGS, *OBEYED})
"""what can be wrong with the pictures beside what is asked in any case"""
TRIED = (-1e6, 1e6, None)
"""in place of a missing number: beyond every line that a rule draws, either way, and still missing"""
Tried = tuple[float | None, ...]


def symptoms(diagnosis: Diagnosis, undrawn: Collection[str]) -> frozenset[str]:
    """Until the verdict is faulty every symptom is looked for: nobody is called healthy of whom one was not."""
    return frozenset() if diagnosis.verdict in ("faulty", "broken") else SYMPTOMS & set(undrawn)


# ------------------------------------------------------------------------------------------------ fitted causes


def moving(evidence: Evidence, undrawn: Collection[str], calibration: Calibration | None) -> Mapping[str, float]:
    """What decides whether a fitted cause is present, and which of several comes first -> by how much it could move one."""
    contested = _contested(reaches(evidence, undrawn, calibration)) if calibration is not None else []
    found: dict[str, float] = {}
    for each in contested:
        for key, farthest in each.moves.items():
            found[key] = max(farthest, found.get(key, 0.0))
    return found


def _contested(reached: Sequence[Reach]) -> list[Reach]:
    possible = sorted((each for each in reached if each.possible), key=lambda each: -(each.low + each.high))
    first = possible[0] if possible else None
    rivals = [each for each in possible[1:] if first is not None and each.high >= first.low]
    return [*([first, *rivals] if first is not None and rivals else []), *(each for each in possible if each.open)]


# ------------------------------------------------------------------------------------------------ the others


def lacking(evidence: Evidence, diagnosis: Diagnosis, undrawn: Collection[str]) -> frozenset[str]:
    """What the causes judged by cited thresholds lack, where one could still come out present, and what the first one needs."""
    by_cause = {rule.cause: rule for rule in rules()}
    unknown = [each for each in diagnosis.findings if each.status == "unknown" and not each.weighed]
    keys = _signature(diagnosis, evidence, undrawn)
    for finding in unknown:
        keys |= pivotal(by_cause[finding.cause], evidence, frozenset(finding.lacking) & set(undrawn))
    # Both must be clear to call it memorised, and only one of them is in the pictures of the trigger.
    copied = {"loss.gap"} if above(evidence, "leak.nearest", COPIED, "") else set()
    return keys | (copied & set(undrawn))


def pivotal(rule: Rule, evidence: Evidence, missing: Collection[str]) -> frozenset[str]:
    """Those of the missing keys on which it can hang whether the rule finds its cause, whatever the others turn out to be.

    Each is tried far below the rule's lines, far above them, and not measured after all.
    """
    keys = sorted(missing)
    found = {tried: _finds(rule, evidence, zip(keys, tried, strict=True)) for tried in product(TRIED, repeat=len(keys))}
    return frozenset(key for place, key in enumerate(keys) if _hangs_on(place, found))


def _hangs_on(place: int, found: Mapping[Tried, bool]) -> bool:
    """Whether any two trials that differ in this place alone came out differently."""
    return any(said != found[(*tried[:place], other, *tried[place + 1 :])] for tried, said in found.items() for other in TRIED)


def _finds(rule: Rule, evidence: Evidence, numbers: Iterable[tuple[str, float | None]]) -> bool:
    tried = {key: Measurement(key=key, value=at, low=at, high=at, n=1) for key, at in numbers if at is not None}
    return rule.judge(evidence.model_copy(update={"measurements": evidence.measurements | tried})).status == "present"


def _signature(diagnosis: Diagnosis, evidence: Evidence, undrawn: Collection[str]) -> frozenset[str]:
    """A probe of each group that the cause named first cannot be named without.

    Settings and a trigger without effect may name over-captioning, and only the description's pictures show that it is not
    an inert file.
    """
    first = diagnosis.findings[0]
    if first.status != "present" or first.target not in HEARINGS:
        return frozenset()
    probes = [[key for key in group if not Speaker(key, 0).is_setting] for group in HEARINGS[first.target].needs]
    unheard = [group for group in probes if not any(key in evidence.measurements for key in group)]
    return frozenset(key for group in unheard for key in [key for key in group if key in undrawn][:1])
