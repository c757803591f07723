"""May gathering stop, and if not, what is drawn next? Pure functions of the evidence; `fluxlab bench` tries them on its rows.

Two questions are kept apart. **Which parts:** a measurement that was not drawn is wanted only where it could still change the
verdict or the cause that is named first (`wanted`). For fitted causes that is exact: whatever comes out moves the log-odds by
no more than its reach (`weighing/reach.py`). While nothing is wrong with the pictures, every symptom is looked for: nobody is
called healthy of whom something was not asked. And the cause that is named first is shown with all the probes that speak on it.

**How many prompts:** whether the verdict would stand if the intervals were as wide as an early look has to have them
(`settled`). Group-sequential: the error of 5% is spent over the looks (Lan & DeMets, Biometrika 70, 1983, with Pocock's
spending), so that looking often does not make a wrong verdict likelier. At each look every interval of estimates from prompts
is widened from 95% to what that look may spend; if everything is decided all the same, and in the same way, the rest of the
prompts is not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from scipy import stats

from fluxdiag.diagnose import COPIED, OBEYED, OPEN_QUESTIONS, PEOPLE, THINGS, judge
from fluxdiag.instruments.parts import LOSSES, left_out, parts_for
from fluxdiag.records import Diagnosis, Evidence, Measurement, Suite
from fluxdiag.rules.signs import above
from fluxdiag.weighing.calibration import Calibration
from fluxdiag.weighing.reach import Reach, reaches
from fluxdiag.weighing.speaking import HEARINGS

LOOKS = (4, 8, 16)
"""prompts after which the verdict may be asked for; the last is the whole suite"""
ERROR = 0.05

OTHERS = frozenset(PEOPLE) - {"bleed.class"}
"""asked in any case, for the class word's pictures do not stand for them: a planted LoRA that stayed out of those (.04 of the
way) was in the pictures of two people (laboratory, subject 208)"""
SYMPTOMS = frozenset({*PEOPLE, *THINGS, *OBEYED})
"""what can be wrong with the pictures beside what is asked in any case"""

Drawn = Mapping[str, int]
"""part of the suite -> of each kind the first so many of its prompts; of losses all photos"""


def looks_of(suite: Suite) -> tuple[int, ...]:
    """After how many prompts this suite may be asked for a verdict: LOOKS as far as its prompts go, and all of them."""
    most = max((len(probe.prompts) for probe in suite.probes if "trigger" in probe.arms), default=LOOKS[-1])
    return (*(look for look in LOOKS if look < most), most)


@dataclass(frozen=True)
class Plan:
    """What may be drawn of a suite and must be answered by it."""

    available: frozenset[str]
    """parts that this case can be asked"""
    looks: tuple[int, ...]
    calibration: Calibration | None
    asked: frozenset[str] = frozenset(OPEN_QUESTIONS) | OTHERS
    """keys that are drawn in any case"""

    def first(self) -> Drawn:
        """What is drawn in any case; of a suite that asks for none of that, everything."""
        if not (parts := parts_for(self.asked, self.available)):
            return dict.fromkeys(sorted(self.available), self.looks[-1])
        return dict.fromkeys(sorted(parts), self.looks[0])

    def undrawn(self, drawn: Drawn) -> frozenset[str]:
        """Keys that are not measured, or from less than is meant, for a part of them was not drawn."""
        return left_out(self.available - drawn.keys())

    def after(self, evidence: Evidence, drawn: Drawn) -> Drawn:
        """What should be drawn in all, now that this evidence has been measured; the same as `drawn` where all is settled."""
        look = max(drawn.values(), default=self.looks[0])
        keys = wanted(evidence, self.undrawn(drawn), self.calibration)
        missing = parts_for(keys, self.available) - drawn.keys()
        if missing:
            return {**drawn, **dict.fromkeys(sorted(missing), look)}
        if settled(evidence, look, self.calibration, self.looks):
            return drawn
        further = self.looks[self.looks.index(look) + 1]
        return {part: further if not part.startswith(LOSSES) else before for part, before in drawn.items()}


# ------------------------------------------------------------------------------------------------ which parts


def wanted(evidence: Evidence, undrawn: Collection[str], calibration: Calibration | None) -> frozenset[str]:
    """The keys among `undrawn` that could still change the verdict or the cause that is named first."""
    reached = [] if calibration is None else reaches(evidence, undrawn, calibration)
    diagnosis = judge(evidence, calibration)
    keys = _moving(reached) | _lacking(diagnosis) | _signature(diagnosis)
    keys |= set() if diagnosis.symptoms else SYMPTOMS
    # Both must be clear to call it memorised, and only one of them is in the pictures of the trigger.
    keys |= {"loss.gap"} if above(evidence, "leak.nearest", COPIED, "") else set()
    return frozenset(keys & set(undrawn))


def _moving(reached: Sequence[Reach]) -> set[str]:
    """What decides whether a cause is present, and which of several comes first."""
    possible = sorted((each for each in reached if each.possible), key=lambda each: -(each.low + each.high))
    first = possible[0] if possible else None
    rivals = [each for each in possible[1:] if first is not None and each.high >= first.low]
    contested = [first, *rivals] if first is not None and rivals else []
    return {key for each in (*contested, *(each for each in possible if each.open)) for key in each.missing}


def _lacking(diagnosis: Diagnosis) -> set[str]:
    """What the causes judged by cited thresholds say they lack."""
    return {key for each in diagnosis.findings if not each.weighed and each.status == "unknown" for key in each.lacking}


def _signature(diagnosis: Diagnosis) -> set[str]:
    """Every probe that speaks on the cause named first: settings and a trigger without effect may name over-captioning, and
    only the description's pictures show that it is not an inert file."""
    first = diagnosis.findings[0]
    if first.status != "present" or first.target not in HEARINGS:
        return set()
    return {speaker.key for speaker in HEARINGS[first.target].speakers if not speaker.is_setting}


# ------------------------------------------------------------------------------------------------ how many prompts


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
