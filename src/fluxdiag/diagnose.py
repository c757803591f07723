"""Evidence in, diagnosis out: symptoms, causes, verdict, prescription. Milliseconds, no model library. Writes diagnosis.json.

A symptom is what the user sees, a cause is what to fix. The verdict follows from the symptoms; the causes explain them.
"""

from __future__ import annotations

from fluxdiag.prescribe import prescribe
from fluxdiag.records import Diagnosis, Evidence, Finding, Severity, Status, Strength, Symptom, Verdict
from fluxdiag.registry import Rule, rules
from fluxdiag.rules import lines
from fluxdiag.rules.signs import Sign, above, below, cites, measured, number
from fluxdiag.runs import Run, sha256_file
from fluxdiag.weighing.calibration import Calibration, load_calibration
from fluxdiag.weighing.deciding import decider
from fluxdiag.weighing.findings import weighed

COPIED = 0.5
"""leak.nearest, share of the way from the base's pictures to a copy; laboratory: a healthy likeness .30 (.14-.47)"""
THRESHOLDS = "laboratory"
"""what the diagnosis names where no weights are fitted: the cited thresholds come from the laboratory's trial"""
STRAY = 0.3
"""bleed.animal and the like: share of pictures with a face where the base paints none"""
PEOPLE = ("bleed.class", "bleed.same-sex", "bleed.other-sex", "bleed.group")
THINGS = ("bleed.animal", "bleed.object", "bleed.scene")
OBEYED = ("obedience.background", "obedience.outfit")
"""a symptom is looked for in these three, and gathering does not end healthy before it was (`settled.py`)"""

OPEN_QUESTIONS = {
    "identity.trigger": "whether the person is there when called",
    "consistency.trigger": "whether the trigger always brings the same person",
    "trigger.effect": "whether it is the trigger that brings the person",
    "bleed.class": "whether the person stays away when not called",
}
"""what a healthy LoRA must answer, by the measurement that would"""

LIKELIEST: dict[Status, int] = {"present": 0, "unknown": 1, "absent": 2}
STRONGEST: dict[Strength | None, int] = {"strong": 0, "moderate": 1, "weak": 2, None: 3}
GRAVEST: dict[Severity, int] = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def diagnose(run: Run) -> Diagnosis:
    """Judge the run's evidence and write `diagnosis.json`."""
    calibration = load_calibration(run.case().base)
    diagnosis = judge(run.evidence(), calibration).model_copy(update={"evidence_sha256": sha256_file(run.evidence_file)})
    run.write(run.diagnosis_file, diagnosis)
    return diagnosis


def judge(evidence: Evidence, calibration: Calibration | None = None) -> Diagnosis:
    """The pure function. Without weights for this base rules fall back to their cited thresholds, without probabilities."""
    findings = tuple(sorted((_finding(rule, evidence, calibration) for rule in rules()), key=_likeliest_first))
    symptoms = symptoms_of(evidence, findings)
    verdict, sentence = verdict_of(evidence, findings, symptoms)
    prescription, conflicts = prescribe(findings)
    return Diagnosis(
        verdict=verdict,
        sentence=sentence,
        calibration=THRESHOLDS if calibration is None else calibration.name,
        symptoms=symptoms,
        findings=findings,
        prescription=prescription,
        conflicts=conflicts,
        decider=None if calibration is None else decider(evidence, calibration, findings),
    )


def _finding(rule: Rule, evidence: Evidence, calibration: Calibration | None) -> Finding:
    """By fitted weights where the cause has them; a file that does nothing is never weighed, its facts decide."""
    tables = () if calibration is None else calibration.of(rule.cause)
    if calibration is not None and tables and rule.account is not None:
        return weighed(rule, evidence, tables, calibration)
    match = rule.judge(evidence)
    said = match.model_dump(include={"status", "direction", "strength", "because", "cites", "lacking"})
    if calibration is not None and rule.account is not None:
        said["because"] += ("No weights are fitted for this cause: it was judged by its cited thresholds.",)
    return Finding(cause=rule.cause, title=rule.title, severity=rule.severity, changes=match.changes, **said)


def _likeliest_first(finding: Finding) -> tuple[int, int, bool, float, int, str]:
    """Within a strength the inert file comes first, for nothing else can be judged then; then by probability and severity."""
    inert_last, likely = finding.cause != "inert-lora", finding.probability or 0.0
    order = (LIKELIEST[finding.status], STRONGEST[finding.strength], inert_last, -likely)
    return *order, GRAVEST[finding.severity], finding.cause


# ------------------------------------------------------------------------------------------------ symptoms


def symptoms_of(evidence: Evidence, findings: tuple[Finding, ...]) -> tuple[Symptom, ...]:
    """What is clearly wrong with the pictures. A file that does nothing has no other symptom; one half loaded may have."""
    inert = _inert(findings)
    if inert is not None and "file.left-out" not in inert.cites:
        return (Symptom(name="inert", sentence="The pictures are the same with and without the LoRA.", cites=inert.cites),)
    found = (_identity(evidence), _bleed(evidence), _context_leak(evidence), _memorised(evidence))
    return tuple(symptom for symptom in found if symptom is not None)


def _inert(findings: tuple[Finding, ...]) -> Finding | None:
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


# ------------------------------------------------------------------------------------------------ verdict


def verdict_of(evidence: Evidence, findings: tuple[Finding, ...], symptoms: tuple[Symptom, ...]) -> tuple[Verdict, str]:
    """The verdict and one sentence for a stranger: it names the leading cause, or the number that did not decide."""
    leading = findings[0] if findings and findings[0].status == "present" else None
    if (inert := _inert(findings)) is not None:
        return "broken", inert.because[0]
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
