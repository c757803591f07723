"""The publishing gate: a policy's lines against what the run says. Milliseconds, no GPU, no model library. Writes nothing.

Three answers: passed, failed, undetermined. A number that was not measured is no pass; neither is one that straddles its
limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.errors_in_files import why
from fluxdiag.gating.facts import Facts, facts_of, with_asked, with_pictures
from fluxdiag.gating.judging import Judge, warnings_of
from fluxdiag.gating.matching import placed
from fluxdiag.gating.matching import results as results_of
from fluxdiag.gating.policy import Policy
from fluxdiag.gating.regression import compare
from fluxdiag.gating.result import GateResult, Result
from fluxdiag.gating.words import line
from fluxdiag.records import Case, Severity
from fluxdiag.reporting.words import last_part
from fluxdiag.runs import Run, sha256_file
from fluxdiag.swapped import is_there, swapped


def gate(
    run: Run,
    policy: Policy,
    *,
    against: Run | None = None,
    lora: Path | None = None,
    fail_on: Severity = "low",
    max_warnings: int | None = None,
    today: date | None = None,
    others: frozenset[str] | None = None,
) -> GateResult:
    """Judge a run by a policy. Raises FluxdiagError on a run or policy that cannot be judged: that is never a pass.

    `others` are the ids of the run's swapped pictures, from whoever has just read them all; unless given, they are read here.
    """
    case, evidence, diagnosis = run.case(), run.evidence(), run.diagnosis()
    (made, shots), day = run.gathered(), today or date.today()
    checked = _same_file(case, lora)
    _refuse_swapped(run, swapped(run, shots) if others is None else others, len(shots))
    if against is not None:
        _, before = against.gathered()
        _refuse_swapped(against, swapped(against, before), len(before))
    gone = sum(not is_there(run, shot) for shot in shots)
    facts = with_asked(with_pictures(facts_of(case, evidence, diagnosis), gone, len(shots)), _asked(policy))
    judge = Judge(facts, policy, day, fail_on)
    judges = placed(judge, run, case, made)
    results = (
        *judge.results(),
        *judge.pictures(),
        *results_of(judges),
        *compare(judge, policy, run, _to_compare(policy, against)),
    )
    _used_waivers(policy, judge.names().union(*(each.names() for each, _ in judges)), facts)
    _something(results, policy)
    results = (*results, *warnings_of(results, max_warnings))
    return GateResult(
        policy=policy.name,
        lora=last_part(case.lora.path),
        lora_sha256=case.lora.sha256,
        lora_checked=checked,
        digests={
            "case": made.case_sha256,
            "probes": made.suite_sha256,
            "gather": evidence.gather_sha256,
            "evidence": diagnosis.evidence_sha256,
            "diagnosis": sha256_file(run.diagnosis_file),
        },
        verdict=diagnosis.verdict,
        sentence=diagnosis.sentence,
        prescription=diagnosis.prescription,
        against=None if against is None else against.case().lora.sha256,
        results=results,
        notes=tuple(_notes(case, policy, checked, against, day)),
    )


def _same_file(case: Case, lora: Path | None) -> bool:
    """Is the file that was measured still the one that lies there? Raises RunMismatch where it is another.

    Where it lay is written in the run, and may be somebody else's folder: what cannot be looked at there is not found.
    """
    path = lora or Path(case.lora.path)
    try:
        found = sha256_file(path) if path.is_file() else None
    except (OSError, ValueError) as error:
        if lora is not None:
            raise FluxdiagError(f"cannot be read ({why(error)})", where=str(path), do="Make it readable") from error
        return False
    if found is None and lora is not None:
        raise FluxdiagError("there is no such file", where=str(lora), do="Give the LoRA that is to be published")
    if found not in (None, case.lora.sha256):
        raise RunMismatch(
            "is another file than the one that this run measured",
            where=str(path),
            do="Run `fluxdiag report` on it, then the gate",
        )
    return found is not None


def _refuse_swapped(run: Run, others: frozenset[str], of: int) -> None:
    """Raises RunMismatch where a picture is not the one that the numbers were made from."""
    if others:
        raise RunMismatch(
            f"{len(others)} of {of} pictures are not the ones that were measured, the first is {line(min(others))}",
            where=str(run.shots_folder),
            do="Put the files back, or delete them and run `fluxdiag gather`, `measure` and `diagnose` again",
        )


def _asked(policy: Policy) -> list[tuple[str, str]]:
    """Each id or pattern of the policy, with the file and key that it stands at; those that are off as well."""
    places = (policy, *(policy.at(where) for where in policy.asserts_for if where.strength is None))
    return [(id_, each.origin(id_)) for each in places for id_ in each.asserts]


def _to_compare(policy: Policy, against: Run | None) -> Run | None:
    """Raises FluxdiagError where a run to compare with would be given for nothing."""
    if against is not None and all(policy.regression_line(id_).level == "off" for id_ in policy.regression):
        raise FluxdiagError("compares nothing", where=policy.name, do="Add lines under [regression], or leave --against out")
    return against


def _used_waivers(policy: Policy, asserted: set[str], facts: Facts) -> None:
    """A waiver for an id that no line asserts excuses nothing, and hides a misspelling."""
    compared = {id_ for line in policy.regression for id_ in (line, *facts.matching(line))}
    for waiver, origin in policy.waivers:
        if not any(waiver.means(id_) for id_ in (asserted if waiver.of == "assert" else compared)):
            what = f"the waiver of `{waiver.id}` matches no line of [{waiver.of}]"
            raise FluxdiagError(what, where=origin, do='Correct its id or its `of` ("assert" or "regression"), or take it out')


def _something(results: Iterable[Result], policy: Policy) -> None:
    if all(result.effect == "off" for result in results):
        raise FluxdiagError(
            "asserts nothing of this run, so everything would pass", where=policy.name, do="Add lines under [assert]"
        )


def _notes(case: Case, policy: Policy, checked: bool, against: Run | None, today: date) -> Iterable[str]:
    if not checked:
        yield "the LoRA was not found where it was measured, so its digest was not checked; --lora FILE checks it"
    for waiver, _ in policy.waivers:
        if today > waiver.until:
            yield f"the waiver of {waiver.id} ended on {waiver.until} and does not count"
    if against is not None:
        before = against.case()
        if before.lora.sha256 == case.lora.sha256:
            yield "both runs measured the same file"
        if before.strength != case.strength:
            yield f"compared at each file's own strength: {before.strength} before, {case.strength} now"
