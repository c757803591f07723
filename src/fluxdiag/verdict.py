"""From symptoms and causes to one word, and one sentence for a stranger."""

from __future__ import annotations

from fluxdiag.records import Evidence, Finding, Symptom, Verdict
from fluxdiag.rules import lines
from fluxdiag.rules.signs import measured, number
from fluxdiag.symptoms import inert

OPEN_QUESTIONS = {
    "identity.trigger": "whether the person is there when called",
    "consistency.trigger": "whether the trigger always brings the same person",
    "trigger.effect": "whether it is the trigger that brings the person",
    "bleed.class": "whether the person stays away when not called",
}
"""what a healthy LoRA must answer, by the measurement that would"""


def verdict_of(evidence: Evidence, findings: tuple[Finding, ...], symptoms: tuple[Symptom, ...]) -> tuple[Verdict, str]:
    """The verdict and one sentence for a stranger: it names the leading cause, or the number that did not decide."""
    leading = findings[0] if findings and findings[0].status == "present" else None
    if (nothing := inert(findings)) is not None:
        return "broken", nothing.because[0]
    if symptoms:
        cause = leading.because[0] if leading else f"{symptoms[0].sentence} Which of the known causes is at work cannot be told."
        return "faulty", cause
    named = leading if leading is not None and leading.strength != "weak" else None
    if (doubt := _doubt(evidence)) is not None:
        key, outcome = doubt
        if named is not None and key in evidence.measurements:
            # Short of what a healthy one shows and with a cause for it: two signs, of which neither alone would do.
            return "faulty", named.because[0]
        return "undetermined", f"The measurements do not decide {_undecided(evidence, key, outcome)}."
    if named is not None:
        return "undetermined", f"The pictures look right, but: {named.because[0]}"
    if lines.by_references(evidence):
        return "healthy", "The person is there, comes when called, and stays away when not."
    because = "likeness to the real person was not measured, for there were no reference photos"
    return "healthy", f"The trigger always brings the same person, who stays away when not called; {because}."


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
    return None


def _undecided(evidence: Evidence, key: str, outcome: str) -> str:
    """What stays open, for a reader who knows no keys: the number and its line, or why there is no number."""
    found = evidence.get(key)
    because = evidence.gaps.get(key, "it was not measured") if found is None else f"{measured(found)} {outcome}"
    return f"{OPEN_QUESTIONS[key]}: {because} [{key}]"
