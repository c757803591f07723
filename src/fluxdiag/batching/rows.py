"""What a run folder says of its LoRA, as a row."""

from __future__ import annotations

import os
from pathlib import Path

from fluxdiag.batching.manifest import Item
from fluxdiag.batching.records import WORST_FIRST, Answer, Gated, Job, Leading, Row
from fluxdiag.errors import FluxdiagError
from fluxdiag.gate import gate
from fluxdiag.gating.policy import Policy
from fluxdiag.gating.result import GateResult
from fluxdiag.records import Diagnosis, Evidence, ExitCode, Severity
from fluxdiag.runs import Run, sha256_file
from fluxdiag.swapped import swapped
from fluxdiag.verdict import exit_code

READ = {"identity": "identity.trigger", "trigger_effect": "trigger.effect", "bleed": "bleed.class"}
"""field of a row -> the measurement that it holds"""


def row_of(job: Job, answer: Answer, out: Path, policy: Policy | None, fail_on: Severity) -> Row:
    """Of a LoRA that was drawn, or of one that something stopped on the way."""
    case, run = job.case, Run(Path(job.folder))
    told = Row(
        name=job.name,
        file=case.lora.path,
        sha256=case.lora.sha256,
        trigger=None if case.trigger is None else str(case.trigger.value),
        strength=case.strength,
        run=_seen_from(out, run.folder) if run.folder.is_dir() else None,
        report=_seen_from(out, run.report_file) if run.report_file.is_file() else None,
        error=answer.error,
        exit_code=ExitCode.BUG if answer.bug else ExitCode.USAGE,
    )
    if answer.error is not None:
        return told
    try:
        return told.model_copy(update=_judged(run, policy, fail_on))
    except FluxdiagError as mistake:
        return told.model_copy(update={"error": str(mistake)})


def unopened(item: Item, error: FluxdiagError) -> Row:
    """Of a file that is no LoRA of this base, or cannot be read at all."""
    try:
        digest = sha256_file(item.lora)
    except OSError:
        digest = None
    return Row(name=item.name, file=str(item.lora), sha256=digest, error=str(error), exit_code=ExitCode.USAGE)


def _judged(run: Run, policy: Policy | None, fail_on: Severity) -> dict[str, object]:
    """The fields that the run fills. Raises FluxdiagError where its pictures are others now, or the policy cannot judge it."""
    diagnosis, shots = run.diagnosis(), run.shots()
    if others := swapped(run, shots):
        what = f"{len(others)} of {len(shots)} pictures are not the ones that were measured"
        do = "Put them back, or delete them and give the same command again"
        raise FluxdiagError(what, where=str(run.shots_folder), do=do)
    gated = None if policy is None else gate(run, policy, fail_on=fail_on, others=others)
    codes = {exit_code(diagnosis, fail_on), ExitCode.HEALTHY if gated is None else ExitCode(gated.exit_code)}
    return {
        "verdict": diagnosis.verdict,
        "sentence": diagnosis.sentence,
        "symptoms": tuple(symptom.name for symptom in diagnosis.symptoms),
        "cause": _leading(diagnosis),
        **_measured(run.evidence()),
        "gate": None if gated is None else _in_short(gated),
        "exit_code": next(int(code) for code in WORST_FIRST if code in codes),
    }


def _leading(diagnosis: Diagnosis) -> Leading | None:
    present = next((finding for finding in diagnosis.findings if finding.status == "present"), None)
    return None if present is None else Leading(**present.model_dump(include=set(Leading.model_fields)))


def _measured(evidence: Evidence) -> dict[str, object]:
    found = {field: evidence.get(key) for field, key in READ.items()}
    missing = [READ[field] for field, each in found.items() if each is None]
    return {**found, "gaps": {key: evidence.gaps.get(key, "it was not asked for") for key in missing}}


def _in_short(said: GateResult) -> Gated:
    failed, unanswered = (tuple(result.id for result in results) for results in (said.failed, said.unanswered))
    return Gated(policy=said.policy, status=said.status, failed=failed, unanswered=unanswered)


def _seen_from(out: Path, path: Path) -> str:
    return Path(os.path.relpath(path, out)).as_posix()
