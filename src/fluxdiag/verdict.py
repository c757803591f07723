"""From symptoms and causes to one word, and one sentence for a stranger."""

from __future__ import annotations

from fluxdiag.records import SEVERITIES, Diagnosis, Evidence, ExitCode, Finding, Severity, Symptom, Verdict
from fluxdiag.rules import lines
from fluxdiag.rules.signs import measured, number
from fluxdiag.symptoms import OBEYED, STRAY, THINGS, inert

OPEN_QUESTIONS = {
    "identity.trigger": "whether the person is there when called",
    "consistency.trigger": "whether the trigger always brings the same person",
    "trigger.effect": "whether it is the trigger that brings the person",
    "bleed.class": "whether the person stays away when not called",
}
"""what a healthy LoRA must answer, by the measurement that would"""
QUESTIONS = OPEN_QUESTIONS | {
    "faces.measurable.trigger": "whether the LoRA paints whole faces",
    "obedience.background": "whether prompts keep their background",
    "obedience.outfit": "whether prompts keep their outfit",
    "bleed.animal": "whether animals stay without a face",
    "bleed.object": "whether things stay without a face",
    "bleed.scene": "whether empty scenes stay empty",
}
LOST_FACES = 0.25
"""share of pictures with a measurable face, below the base's; first cut. Likeness is measured on the faces that are left"""
OTHERS = {"bleed.same-sex": "others of the same sex", "bleed.other-sex": "the other sex", "bleed.group": "groups"}
"""few prompts ask for them, so that an estimate past its line is often no symptom yet"""


def verdict_of(evidence: Evidence, findings: tuple[Finding, ...], symptoms: tuple[Symptom, ...]) -> tuple[Verdict, str]:
    """The verdict and one sentence for a stranger: it names the leading cause, or the number that did not decide."""
    leading = findings[0] if findings and findings[0].status == "present" else None
    if (nothing := inert(findings)) is not None:
        return "broken", nothing.because[0]
    if symptoms:
        return "faulty", leading.because[0] if leading else f"{symptoms[0].sentence} {_unexplained(findings)}"
    named = leading if leading is not None and leading.strength != "weak" else None
    if (doubt := _doubt(evidence)) is not None:
        key, outcome = doubt
        if named is not None and key in evidence.measurements:
            # Short of what a healthy one shows and with a cause for it: two signs, of which neither alone would do.
            return "faulty", named.because[0]
        return "undetermined", f"The measurements do not decide {_undecided(evidence, key, outcome)}."
    if named is not None:
        return "undetermined", f"The pictures look right, but: {named.because[0]}"
    return "healthy", _sentence(evidence)


def _unexplained(findings: tuple[Finding, ...]) -> str:
    if findings and all(finding.status == "absent" for finding in findings):
        return "None of the causes that fluxdiag knows explains it."
    return "Which of the known causes is at work cannot be told."


def _sentence(evidence: Evidence) -> str:
    """Of a healthy LoRA: what was shown, and not more than that."""
    still_open = "; ".join(filter(None, (_others(evidence), _unmeasured(evidence))))
    tail = f"; {still_open}" if still_open else ""
    if lines.by_references(evidence):
        return f"The person is there, comes when called, and stays away when not{tail}."
    return f"The trigger always brings the same person, who stays away when not called{tail}."


def _others(evidence: Evidence) -> str:
    """Whether the person stays out of other people too, where an estimate lies past its line and the interval on both sides."""
    line = lines.bleed(evidence)
    found = [evidence.measurements[key] for key in OTHERS if key in evidence.measurements]
    past = [one for one in found if one.value >= line]
    if not past:
        return ""
    shown = ", ".join(f"{measured(one)} [{one.key}]" for one in past)
    return f"whether out of pictures of {' and '.join(OTHERS[one.key] for one in past)} too is not settled: {shown}"


def _unmeasured(evidence: Evidence) -> str:
    if lines.by_references(evidence):
        return ""
    return "likeness to the real person was not measured, for there were no reference photos"


def _doubt(evidence: Evidence) -> tuple[str, str] | None:
    """The first measurement that keeps the LoRA from being called healthy, and how it stands to the line it has to clear."""
    if lines.by_references(evidence):
        needed = [("identity.trigger", lines.PERSON_THERE)]
    else:
        needed = [("consistency.trigger", lines.SAME_PERSON)]
    for key, line in [*needed, ("trigger.effect", lines.trigger_effect(evidence))]:
        found = evidence.get(key)
        if found is None or not found.clearly_above(line):
            return key, f"is not clearly above {number(line)}"
    # The trigger's effect was clear, so the estimate decides here: it only has to lie on the good side.
    bleed, line = evidence.get("bleed.class"), lines.bleed(evidence)
    if bleed is None or bleed.value >= line:
        return "bleed.class", f"is not below {number(line)}"
    return _faces_lost(evidence) or _half_shown(evidence)


def _faces_lost(evidence: Evidence) -> tuple[str, str] | None:
    on, off = evidence.get("faces.measurable.trigger"), evidence.get("faces.measurable.base")
    if on is None or off is None or on.value > off.value - LOST_FACES or not on.clearly_below(off.value):
        return None
    return on.key, f"is far below the base's {number(off.value)}"


def _half_shown(evidence: Evidence) -> tuple[str, str] | None:
    """What may be large: an estimate past its line, though the interval holds the line.

    A handful of prompts hardly ever puts a whole interval past a line; that alone is no reason to call a LoRA sound. Of six
    outfits even four that are lost leave 0 inside, so of what was asked for the estimate decides; no healthy LoRA of the
    laboratory lost a fifth (docs/accuracy.md).
    """
    for key in OBEYED:
        found = evidence.get(key)
        if found is not None and found.value <= lines.DISOBEDIENCE:
            return key, f"is not clearly above {number(lines.DISOBEDIENCE)}"
    for key in THINGS:
        found = evidence.get(key)
        if found is not None and found.value >= STRAY and found.clearly_above(0):
            return key, f"is not clearly below {number(STRAY)}"
    return None


def _undecided(evidence: Evidence, key: str, outcome: str) -> str:
    """What stays open, for a reader who knows no keys: the number and its line, or why there is no number."""
    found = evidence.get(key)
    because = evidence.gaps.get(key, "it was not measured") if found is None else f"{measured(found)} {outcome}"
    return f"{QUESTIONS[key]}: {because} [{key}]"


def exit_code(diagnosis: Diagnosis, fail_on: Severity) -> ExitCode:
    """A problem is a cause that is present at `fail_on` or above, or pictures that are wrong without a known cause."""
    if diagnosis.verdict == "undetermined":
        return ExitCode.UNDETERMINED
    if diagnosis.verdict == "healthy":
        return ExitCode.HEALTHY
    present = [finding for finding in diagnosis.findings if finding.status == "present"]
    grave = not present or any(SEVERITIES.index(finding.severity) <= SEVERITIES.index(fail_on) for finding in present)
    return ExitCode.PROBLEM if grave else ExitCode.HEALTHY
