"""Findings in words: how sure, why, what else it could be. What is said of a cause comes from its record and its rule."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from fluxdiag.records import SEVERITIES, Diagnosis, Evidence, Finding, Measurement, Open, Verdict
from fluxdiag.registry import rules
from fluxdiag.reporting.figures import Axis, axis_over
from fluxdiag.rules import lines

HEADING = re.compile(r"^([A-Z][A-Za-z ]{3,40}): (.*)$", re.DOTALL)
VERDICTS: dict[Verdict, str] = {
    "healthy": "HEALTHY",
    "faulty": "FIX NEEDED",
    "undetermined": "UNDETERMINED",
    "broken": "BROKEN",
}
PERCENT = axis_over((), least=(0.0, 100.0))
REMEDIES: dict[Verdict, str] = {
    "healthy": "To make it better still",
    "faulty": "The fix",
    "undetermined": "What to try",
    "broken": "The fix",
}
OPEN: dict[Open, str] = {"missing": "not assessable", "divided": "not decided", "spared": "not measured to the end"}
NOTHING_TO_CHANGE: dict[Verdict, tuple[str, str]] = {
    "healthy": ("No fix is needed", "Nothing has to be changed."),
    "faulty": ("No fix can be named", "No change is proposed, for no cause is shown clearly enough."),
    "undetermined": ("No fix can be named yet", "No change is proposed, for no cause is shown clearly enough."),
    "broken": ("No fix can be named", "No change is proposed."),
}
"""where the prescription is empty: heading and sentence"""


@dataclass(frozen=True)
class Card:
    """A cause as the page shows it. `explanation` is the rule's own text as (heading, paragraph)."""

    finding: Finding
    word: str
    cited: tuple[Measurement, ...]
    explanation: tuple[tuple[str, str], ...]


def cards(diagnosis: Diagnosis, evidence: Evidence) -> list[Card]:
    """In the diagnosis' own order: present first, then what could not be told, then absent."""
    texts = {rule.cause: explanation(rule.text) for rule in rules()}
    return [
        Card(
            finding,
            status_word(finding),
            tuple(evidence.measurements[key] for key in finding.cites if key in evidence.measurements),
            texts.get(finding.cause, ()),
        )
        for finding in diagnosis.findings
    ]


def explanation(docstring: str) -> tuple[tuple[str, str], ...]:
    """A rule's docstring as (heading, paragraph); what stands before the first heading has none."""
    paragraphs = [" ".join(part.split()) for part in inspect.cleandoc(docstring).split("\n\n")]
    found = ((paragraph, HEADING.match(paragraph)) for paragraph in paragraphs if paragraph)
    return tuple((match[1], match[2]) if match else ("", paragraph) for paragraph, match in found)


def status_word(finding: Finding) -> str:
    """`unknown` is never an acquittal: either evidence is missing, or what there is does not decide."""
    if finding.status != "unknown":
        return finding.status
    return OPEN[finding.why_open or _told_before(finding)]


def _told_before(finding: Finding) -> Open:
    """A diagnosis from before `why_open` tells it in its sentences alone."""
    if any(part.startswith("Not measured to the end") for part in finding.because):
        return "spared"
    missing = finding.lacking or not finding.cites or any(part.startswith("not measured") for part in finding.because)
    return "missing" if missing else "divided"


# ------------------------------------------------------------------------------------------------ how sure


@dataclass(frozen=True)
class Sureness:
    """How sure the verdict is, in words: the leading cause's evidence, then what else it could be."""

    evidence: str
    also: tuple[str, ...]
    """causes that are present too"""
    rivals: tuple[tuple[str, str, str], ...]
    """causes that have not been cleared: (machine name, title, status word)"""
    cleared: int
    calibration: str


def how_sure(diagnosis: Diagnosis, numbers: list[Headline]) -> Sureness:
    present = [finding for finding in diagnosis.findings if finding.status == "present"]
    unknown = [finding for finding in diagnosis.findings if finding.status == "unknown"]
    return Sureness(
        evidence=_leading(present[0], diagnosis) if present else _numbers_alone(numbers),
        also=tuple(named(finding) for finding in present[1:]),
        rivals=tuple((f.cause, named(f), status_word(f)) for f in sorted(unknown, key=_nearest_first)),
        cleared=sum(finding.status == "absent" for finding in diagnosis.findings),
        calibration="" if not present or calibrated(diagnosis) else _why_words(diagnosis),
    )


def _nearest_first(finding: Finding) -> tuple[bool, int]:
    """What was measured and not decided before what could not be assessed at all; of these the gravest."""
    return status_word(finding) != "not decided", SEVERITIES.index(finding.severity)


def _numbers_alone(numbers: list[Headline]) -> str:
    clear = sum(number.found is not None and number.state == "yes" for number in numbers)
    return f"{clear} of {len(numbers)} numbers clearly good; no known cause is clearly present."


def _leading(finding: Finding, diagnosis: Diagnosis) -> str:
    probability = f", probability {finding.probability:.0%}" if calibrated(diagnosis) and finding.probability is not None else ""
    return f"{(finding.strength or 'unrated').capitalize()} evidence{probability} for “{named(finding)}”."


def named(finding: Finding) -> str:
    return f"{finding.title} ({finding.direction})" if finding.direction else finding.title


def calibrated(diagnosis: Diagnosis) -> bool:
    return diagnosis.calibration != "laboratory"


def calibration_words(diagnosis: Diagnosis) -> str:
    """Why there are words and not probabilities, where there are none."""
    if calibrated(diagnosis):
        return f"Weighed with the calibration “{diagnosis.calibration}” for this base."
    return f"“Weak”, “moderate” and “strong” are words, not probabilities: {_why_words(diagnosis)}."


def _why_words(diagnosis: Diagnosis) -> str:
    laboratory = diagnosis.calibration == "laboratory"
    return "weights come from the laboratory's small models" if laboratory else "no weights were fitted for this base"


# ------------------------------------------------------------------------------------------------ the three numbers


@dataclass(frozen=True)
class Headline:
    """A number of the first screen and the line that it has to clear; `found` is None where it was not measured."""

    key: str
    label: str
    asks: str
    side: str
    line: float
    found: Measurement | None
    gap: str

    @property
    def state(self) -> str:
        """`yes`, `no`, or `unclear` where the interval holds the line."""
        assert self.found is not None
        above, below = self.found.clearly_above(self.line), self.found.clearly_below(self.line)
        good, bad = (above, below) if self.side == "above" else (below, above)
        return "yes" if good else "no" if bad else "unclear"


def axis_for(numbers: list[Headline]) -> Axis:
    """One for all of them, so that they can be compared at a glance."""
    found = [(number.found.low, number.found.high, number.line) for number in numbers if number.found is not None]
    return axis_over(end for ends in found for end in ends)


BLEEDS = {
    "bleed.class": "Do others take on the face?",
    "bleed.same-sex": "Does the same sex get the face?",
    "bleed.other-sex": "Does the other sex get the face?",
    "bleed.group": "Do pairs take on the face?",
}
"""reading -> what it asks; all are held against the same line"""


def headlines(evidence: Evidence) -> list[Headline]:
    """Likeness, trigger effect, bleed; without references also whether it is always the same person."""
    bleed = _telling_bleed(evidence)
    asked = [
        ("identity.trigger", "Likeness", "Is it the person, when called?", "above", lines.PERSON_THERE),
        ("trigger.effect", "Trigger effect", "Does the trigger bring them?", "above", lines.trigger_effect(evidence)),
        (bleed, "Bleed", BLEEDS[bleed], "below", lines.bleed(evidence)),
    ]
    if "identity.trigger" not in evidence.measurements and "consistency.trigger" in evidence.measurements:
        same = ("consistency.trigger", "Consistency", "Is it always the same person?", "above", lines.SAME_PERSON)
        asked.insert(1, same)
    return [Headline(*row, evidence.get(row[0]), evidence.gaps.get(row[0], "it was not asked for")) for row in asked]


def _telling_bleed(evidence: Evidence) -> str:
    """The reading that makes the verdict where one does: a good number beside a verdict of bleeding would contradict it."""
    line = lines.bleed(evidence)
    found = {key: evidence.get(key) for key in BLEEDS}
    return next((key for key, each in found.items() if each is not None and each.clearly_above(line)), "bleed.class")
