"""May gathering stop, and if not, what is drawn next? Pure functions of the evidence; `fluxlab bench` tries them on its rows.

Two questions are kept apart. **Which parts:** a measurement that was not drawn is wanted only where it could still change the
verdict or the cause that is named first (`wanted.py`). The most telling for its forward passes is drawn first, and then it is
asked again. Until the verdict is faulty every symptom is looked for, last of all: more prompts of what is asked in any case may
show one, and then the others need not be drawn.

**How many prompts:** whether the verdict would stand if the intervals were as wide as an early look has to have them
(`settled`). Group-sequential: the error of 5% is spent over the looks (Lan & DeMets, Biometrika 70, 1983, with Pocock's
spending). At each look before the last every interval of estimates from prompts is widened from 95% to what that look may spend;
if everything is decided all the same, and in the same way, the rest of the prompts is not drawn. The last look is judged as
everyone reads it, at 95%, so a number exactly at its line is called off it in 6% of runs, and in 4 to 6% of those drawn whole at
once (tests/simulate_intervals.py).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from scipy import stats

from fluxdiag.diagnose import judge
from fluxdiag.gathering.wanted import lacking, moving, symptoms
from fluxdiag.instruments.parts import LOSSES, left_out, parts_for
from fluxdiag.records import Diagnosis, Evidence, Measurement, Suite
from fluxdiag.symptoms import PEOPLE
from fluxdiag.verdict import OPEN_QUESTIONS, verdict_of
from fluxdiag.weighing.calibration import Calibration

LOOKS = (8, 16)
"""prompts after which the verdict may be asked for; the last is the whole suite. Not after four: of a LoRA that brings the person
in some prompts only they may all be of one kind. With the person in six prompts of ten (mean .43) a look at 4 let .14 of the
runs clear a line of .45, all 8 prompts at once let .03, and these looks .04 (tests/simulate_intervals.py)"""
ERROR = 0.05

OTHERS = frozenset(PEOPLE) - {"bleed.class"}
"""asked in any case, for the class word's pictures do not stand for them: a planted LoRA that stayed out of those (.04 of the
way) was in the pictures of two people (laboratory, subject 208)"""
Drawn = Mapping[str, int]
"""part of the suite -> of each kind the first so many of its prompts; of losses all photos"""


def looks_of(suite: Suite) -> tuple[int, ...]:
    """After how many prompts this suite may be asked for a verdict: LOOKS as far as its prompts go, and all of them."""
    most = max((len(probe.prompts) for probe in suite.probes if "trigger" in probe.arms), default=LOOKS[-1])
    return (*(look for look in LOOKS if look < most), most)


@dataclass(frozen=True)
class Plan:
    """What may be drawn of a suite and must be answered by it."""

    available: Mapping[str, int]
    """part that this case can be asked -> forward passes of all of it"""
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
        return left_out(self.available.keys() - drawn.keys())

    def after(self, evidence: Evidence, drawn: Drawn) -> Drawn:
        """What should be drawn in all, now that this evidence has been measured; the same as `drawn` where all is settled."""
        look, undrawn = max(drawn.values(), default=self.looks[0]), self.undrawn(drawn)
        diagnosis = judge(evidence, self.calibration)
        enough = settled(evidence, look, self.calibration, self.looks)
        if not enough and not diagnosis.symptoms and doubtful(widened(evidence, spent(look, self.looks))):
            return self._further(drawn, look)
        causes = self._most_telling(moving(evidence, undrawn, self.calibration), drawn, look)
        causes = causes or self._most_telling(dict.fromkeys(lacking(evidence, diagnosis, undrawn), 1.0), drawn, look)
        if not (causes or enough):
            return self._further(drawn, look)
        missing = causes or parts_for(symptoms(diagnosis, undrawn), self.available) - drawn.keys()
        return {**drawn, **dict.fromkeys(sorted(missing), look)}

    def _further(self, drawn: Drawn, look: int) -> Drawn:
        """More prompts of all that is drawn; photos were read at once."""
        further = self.looks[self.looks.index(look) + 1]
        return {part: further if not part.startswith(LOSSES) else before for part, before in drawn.items()}

    def _most_telling(self, worth: Mapping[str, float], drawn: Drawn, look: int) -> frozenset[str]:
        """The parts of one of these keys: those that tell the most for a forward pass, with whatever else they answer."""
        missing = {key: parts_for([key], self.available).difference(drawn) for key in sorted(worth)}
        told = {parts: sum(worth[key] for key in missing if missing[key] <= parts) for parts in missing.values() if parts}
        return max(told, key=lambda parts: (told[parts] / self._passes(parts, look), sorted(parts)), default=frozenset())

    def _passes(self, parts: Collection[str], look: int) -> float:
        share = look / self.looks[-1]
        return sum(self.available[part] * (1 if part.startswith(LOSSES) else share) for part in parts)


# ------------------------------------------------------------------------------------------------ how many prompts


def settled(evidence: Evidence, look: int, calibration: Calibration | None = None, looks: Sequence[int] = LOOKS) -> bool:
    """Whether the verdict from the first `look` prompts (one of `looks`) may be kept. After the last look it always is."""
    if look >= looks[-1]:
        return True
    wide = widened(evidence, spent(look, tuple(looks)))
    now, careful = judge(evidence, calibration), judge(wide, calibration)
    return _outcome(now) == _outcome(careful) and not _open(careful, wide)


def _outcome(diagnosis: Diagnosis) -> tuple[object, ...]:
    present = [(each.cause, each.direction) for each in diagnosis.findings if each.status == "present"]
    return diagnosis.verdict, tuple(sorted(present, key=str)), tuple(symptom.name for symptom in diagnosis.symptoms)


def _open(diagnosis: Diagnosis, evidence: Evidence) -> bool:
    """What more prompts could still decide: a doubt, or a fault without a cause where nothing but numbers is missing.

    A verdict that is open for a cause alone, though the pictures look right, is as open with more of them.
    """
    named = any(finding.status == "present" for finding in diagnosis.findings)
    straddling = any(finding.status == "unknown" and not finding.lacking for finding in diagnosis.findings)
    return (not diagnosis.symptoms and doubtful(evidence)) or (diagnosis.verdict == "faulty" and not named and straddling)


def doubtful(evidence: Evidence) -> bool:
    """Whether a measurement, and no cause, keeps this LoRA from being called healthy."""
    return verdict_of(evidence, (), ())[0] == "undetermined"


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
