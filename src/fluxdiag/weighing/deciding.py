"""Which probe that was not made would decide between the two likeliest causes?"""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.records import LEFT_OUT, Decider, Evidence, Finding
from fluxdiag.weighing.calibration import Calibration
from fluxdiag.weighing.odds import FARTHEST, UNTRIED
from fluxdiag.weighing.speaking import HEARINGS

WORTH = 1.0
"""log-odds by which it must be able to move the two apart; with less, drawing it is not worth the time"""


def decider(evidence: Evidence, calibration: Calibration, findings: Sequence[Finding]) -> Decider | None:
    """The missing measurement that could move the two leading causes furthest apart; None where two do not compete.

    What gathering left out is not among them: it was left out because it could not change what is said.
    """
    rivals = [finding for finding in findings if finding.weighed and finding.status != "absent"][:2]
    if len(rivals) < 2:
        return None
    one, other = (_voices(finding, calibration) for finding in rivals)
    known = evidence.measurements.keys() | {key for key, reason in evidence.gaps.items() if reason == LEFT_OUT}
    missing = sorted((one.keys() | other.keys()) - known)
    apart = {key: FARTHEST * abs(one.get(key, 0.0) - other.get(key, 0.0)) for key in missing}
    best = max(missing, key=lambda key: apart[key], default=None)
    if best is None or apart[best] < WORTH:
        return None
    return Decider(
        key=best,
        between=(rivals[0].cause, rivals[1].cause),
        because=evidence.gaps.get(best, "it was not measured"),
    )


def _voices(finding: Finding, calibration: Calibration) -> dict[str, float]:
    """What each probe would weigh for the likeliest target of a cause, fitted or by its sign alone; settings decide nothing."""
    table = next((each for each in calibration.of(finding.cause) if each.target == finding.target), None)
    if table is None:  # a fact ruled it out, and nothing was weighed
        return {}
    fitted = {weight.key: weight.weight for weight in table.weights}
    probes = (speaker for speaker in HEARINGS[table.target].speakers if not speaker.is_setting)
    return {speaker.key: fitted.get(speaker.key, UNTRIED * speaker.sign) for speaker in probes}
