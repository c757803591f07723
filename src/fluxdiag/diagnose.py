"""Evidence in, diagnosis out: symptoms, causes, verdict, prescription. Milliseconds, no model library. Writes diagnosis.json.

A symptom (`symptoms.py`) is what the user sees, a cause is what to fix. The verdict (`verdict.py`) follows from the symptoms; the
causes explain them.
"""

from __future__ import annotations

from fluxdiag.prescribe import prescribe
from fluxdiag.records import SEVERITIES, Diagnosis, Evidence, Finding, Match, Open, Status, Strength
from fluxdiag.registry import Rule, rules
from fluxdiag.runs import Run
from fluxdiag.symptoms import symptoms_of
from fluxdiag.verdict import verdict_of
from fluxdiag.weighing.calibration import Calibration, load_calibration
from fluxdiag.weighing.deciding import decider
from fluxdiag.weighing.findings import weighed

THRESHOLDS = "laboratory"
"""what the diagnosis names where no weights are fitted: the cited thresholds come from the laboratory's trial"""
LIKELIEST: dict[Status, int] = {"present": 0, "unknown": 1, "absent": 2}
STRONGEST: dict[Strength | None, int] = {"strong": 0, "moderate": 1, "weak": 2, None: 3}


def diagnose(run: Run) -> Diagnosis:
    """Judge the run's evidence and write `diagnosis.json`. Raises RunMismatch where what it was made from is another by now."""
    case = run.case()
    run.gather_info()  # raises where the case was changed since
    calibration = load_calibration(case.base, case.profile)
    with run.unchanged(run.evidence_file) as evidence_sha256:
        diagnosis = judge(run.evidence(), calibration).model_copy(update={"evidence_sha256": evidence_sha256})
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
    said = match.model_dump(include={"status", "direction", "strength", "because", "cites", "lacking", "half_loaded"})
    said["why_open"] = why_open(match)
    if calibration is not None and rule.account is not None:
        said["because"] += ("No weights are fitted for this cause: it was judged by its cited thresholds.",)
    return Finding(cause=rule.cause, title=rule.title, severity=rule.severity, changes=match.changes, **said)


def why_open(match: Match) -> Open | None:
    """What the rule says, else what follows from its keys: nothing cited is nothing measured."""
    if match.status != "unknown":
        return None
    return match.why_open or ("missing" if match.lacking or not match.cites else "divided")


def _likeliest_first(finding: Finding) -> tuple[int, int, bool, float, int, str]:
    """Within a strength the inert file comes first, for nothing else can be judged then; then by probability and severity."""
    inert_last, likely = finding.cause != "inert-lora", finding.probability or 0.0
    order = (LIKELIEST[finding.status], STRONGEST[finding.strength], inert_last, -likely)
    return *order, SEVERITIES.index(finding.severity), finding.cause
