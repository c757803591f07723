"""What is clearly wrong with the pictures: whole intervals on the wrong side of a line."""

from __future__ import annotations

from fluxdiag.records import Evidence, Finding, Symptom
from fluxdiag.rules import lines
from fluxdiag.rules.signs import Sign, above, below, cites

COPIED = 0.5
"""leak.nearest, share of the way from the base's pictures to a copy; laboratory: a healthy likeness .30 (.14-.47)"""
STRAY = 0.3
"""bleed.animal and the like: share of pictures with a face where the base paints none"""
PEOPLE = ("bleed.class", "bleed.same-sex", "bleed.other-sex", "bleed.group")
THINGS = ("bleed.animal", "bleed.object", "bleed.scene")
OBEYED = ("obedience.background", "obedience.outfit")
"""a symptom is looked for in these three, and gathering does not end healthy before it was (`gathering/stopping.py`)"""


def symptoms_of(evidence: Evidence, findings: tuple[Finding, ...]) -> tuple[Symptom, ...]:
    """What is clearly wrong with the pictures. A file that does nothing has no other symptom; one half loaded may have."""
    nothing = inert(findings)
    if nothing is not None and not nothing.half_loaded:
        return (Symptom(name="inert", sentence="The pictures are the same with and without the LoRA.", cites=nothing.cites),)
    # who comes uncalled leaves the trigger nothing to add, so bleed is told first
    found = (_identity(evidence), _bleed(evidence), _trigger(evidence), _context_leak(evidence), _memorised(evidence))
    return tuple(symptom for symptom in found if symptom is not None)


def inert(findings: tuple[Finding, ...]) -> Finding | None:
    return next((each for each in findings if each.cause == "inert-lora" and each.status == "present"), None)


def _identity(evidence: Evidence) -> Symptom | None:
    """Sameness stands in for likeness only where there were no references: a face pack that cannot tell the person from the
    base's people, so that they make no scale, cannot tell sameness either."""
    missing = below(evidence, "identity.trigger", lines.PERSON_MISSING, "")
    weak = below(evidence, "identity.trigger", lines.PERSON_THERE, "")
    nobody = below(evidence, "consistency.trigger", lines.SAME_PERSON, "")
    if missing or (nobody and not lines.by_references(evidence)):
        sign = missing if missing else nobody
        return Symptom(name="identity-missing", sentence="With the trigger a stranger appears.", cites=cites(evidence, sign))
    if weak:
        return Symptom(name="identity-weak", sentence="With the trigger the person is hardly there.", cites=cites(evidence, weak))
    return None


def _trigger(evidence: Evidence) -> Symptom | None:
    """The person may be there all the same: uncalled, or by the description."""
    signs = [below(evidence, "trigger.effect", lines.trigger_effect(evidence), "")]
    return _symptom(evidence, "trigger-weak", "The trigger adds next to nothing: it does not bring the person.", signs)


def _bleed(evidence: Evidence) -> Symptom | None:
    line = lines.bleed(evidence)
    signs = [above(evidence, key, line, "") for key in PEOPLE]
    signs += [above(evidence, key, STRAY, "") for key in THINGS]
    return _symptom(evidence, "bleed", "The person appears without being called.", signs)


def _context_leak(evidence: Evidence) -> Symptom | None:
    signs = [below(evidence, key, lines.DISOBEDIENCE, "") for key in OBEYED]
    return _symptom(evidence, "context-leak", "The training photos' background or outfit comes with the person.", signs)


def _memorised(evidence: Evidence) -> Symptom | None:
    """Near training photos, and the photos known by heart. Either alone comes with a good likeness too, and so does little
    variety: a sound LoRA paints one person where the base paints many (laboratory: ratio .16, nearness .48, gap 18)."""
    signs = [above(evidence, "leak.nearest", COPIED, ""), above(evidence, "loss.gap", lines.LARGE_GAP, "")]
    return _symptom(evidence, "memorised", "The pictures repeat the training photos.", signs if all(signs) else [])


def _symptom(evidence: Evidence, name: str, sentence: str, signs: list[Sign]) -> Symptom | None:
    clear = [sign for sign in signs if sign]
    if not clear:
        return None
    return Symptom.model_validate({"name": name, "sentence": sentence, "cites": cites(evidence, *clear)})
