"""May gathering stop? Whether the verdict would stand if the intervals were as wide as an early look has to have them.

Group-sequential: the error of 5% is spent over the looks (Lan & DeMets, Biometrika 70, 1983, with Pocock's spending), so that
looking often does not make a wrong verdict likelier. At each look every interval of estimates from prompts is widened from 95%
to what that look may spend; if everything is decided all the same, and in the same way, the rest of the prompts is not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from scipy import stats

from fluxdiag.diagnose import judge
from fluxdiag.records import Diagnosis, Evidence, Measurement
from fluxdiag.weighing.calibration import Calibration

LOOKS = (4, 8, 16)
"""prompts after which the verdict may be asked for; the last is the whole suite"""
ERROR = 0.05


def settled(evidence: Evidence, look: int, calibration: Calibration | None = None, looks: Sequence[int] = LOOKS) -> bool:
    """Whether the verdict from the first `look` prompts (one of `looks`) may be kept. After the last look it always is."""
    if look >= looks[-1]:
        return True
    now, careful = judge(evidence, calibration), judge(widened(evidence, spent(look, tuple(looks))), calibration)
    return _outcome(now) == _outcome(careful) and not _open(careful)


def _outcome(diagnosis: Diagnosis) -> tuple[object, ...]:
    present = [(each.cause, each.direction) for each in diagnosis.findings if each.status == "present"]
    return diagnosis.verdict, tuple(sorted(present, key=str)), tuple(symptom.name for symptom in diagnosis.symptoms)


def _open(diagnosis: Diagnosis) -> bool:
    """What more prompts could still decide: an open verdict, or a fault without a cause where nothing but numbers is missing."""
    named = any(finding.status == "present" for finding in diagnosis.findings)
    straddling = any(finding.status == "unknown" and not finding.lacking for finding in diagnosis.findings)
    return diagnosis.verdict == "undetermined" or (diagnosis.verdict == "faulty" and not named and straddling)


@cache
def spent(look: int, looks: tuple[int, ...]) -> float:
    """The two-sided error that this look may spend: the increment of Pocock's spending function at its share of the prompts.

    Testing each look at its increment is Bonferroni, so a little stricter than need be; the sum over looks is ERROR.
    """
    at = looks.index(look)
    return _spending(look / looks[-1]) - (_spending(looks[at - 1] / looks[-1]) if at else 0.0)


def _spending(share: float) -> float:
    return ERROR * math.log(1 + (math.e - 1) * share)


def widened(evidence: Evidence, error: float) -> Evidence:
    """Every estimate's 95% interval stretched about its value to 1 - `error`, by the ratio of Student's quantiles."""
    found = {key: _widened(each, error) for key, each in evidence.measurements.items()}
    return evidence.model_copy(update={"measurements": found})


def _widened(found: Measurement, error: float) -> Measurement:
    if found.n < 2 or found.low == found.high:
        return found
    ratio = float(stats.t.ppf(1 - error / 2, found.n - 1) / stats.t.ppf(0.975, found.n - 1))
    low, high = found.value - ratio * (found.value - found.low), found.value + ratio * (found.high - found.value)
    return found.model_copy(update={"low": low, "high": high})
