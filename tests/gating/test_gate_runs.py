"""The gate on whole runs: healthy ones pass, faulty ones fail for the right reason, and no broken run is ever green."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.gate import gate
from fluxdiag.gating.reading import read_policy
from fluxdiag.records import ExitCode
from fluxdiag.report import render
from fluxdiag.runs import write_text
from reported import HEALTHY_TRUTH, judged
from simulated import HEALTHY, Truth

VERDICT = '[assert]\nverdict = { equals = "healthy" }\n'


def edit(file, change):
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    write_text(file, json.dumps(content))


def by(result, id_):
    return next(each for each in result.results if each.id == id_)


@pytest.mark.parametrize("preset", ["hobby", "marketplace"])
def test_a_healthy_run_passes(healthy, preset):
    assert gate(healthy, read_policy(preset)).exit_code == ExitCode.HEALTHY


def test_a_faulty_run_fails_marketplace_and_the_cause_is_named(faulty):
    answer = gate(faulty, read_policy("marketplace"))

    assert answer.exit_code == ExitCode.PROBLEM
    assert {"identity.trigger", "trigger.effect", "cause.overcaptioned-appearance.status"} == {each.id for each in answer.failed}
    assert "captions describe the face" in by(answer, "cause.overcaptioned-appearance.status").why


def test_hobby_only_warns_of_it(faulty):
    answer = gate(faulty, read_policy("hobby"))

    assert answer.exit_code == ExitCode.HEALTHY
    assert answer.counts["warned"] >= 3


def test_little_class_word_bleed_fails_studio_alone(tmp_path):
    some = judged(tmp_path / "some", Truth({**HEALTHY, "class": 0.33}, HEALTHY_TRUTH.gains))
    outcomes = {
        preset: by(gate(some, read_policy(preset)), "bleed.class").outcome for preset in ("hobby", "marketplace", "studio")
    }

    assert 0.25 < some.evidence().measurements["bleed.class"].low < some.evidence().measurements["bleed.class"].high < 0.5
    assert outcomes == {"hobby": "pass", "marketplace": "pass", "studio": "fail"}


def test_studio_without_a_run_to_compare_with_is_open_and_not_green(healthy):
    answer = gate(healthy, read_policy("studio"))

    assert answer.exit_code == ExitCode.UNDETERMINED
    assert any("--against" in each.why for each in answer.unanswered)


def test_without_references_marketplace_stays_open(tmp_path):
    answer = gate(judged(tmp_path / "none", Truth(HEALTHY, HEALTHY_TRUTH.gains, references=0)), read_policy("marketplace"))

    assert answer.exit_code == ExitCode.UNDETERMINED
    assert {"identity.trigger", "trigger.effect", "bleed.class"} <= {each.id for each in answer.unanswered}


# ------------------------------------------------------------------------------------------------ policies against runs


def test_an_unknown_id_is_refused_with_file_key_and_the_nearest_known_one(healthy, judge):
    with pytest.raises(FluxdiagError, match=r'mine.toml: assert "identity.triger".*nearest known one is `identity.trigger`'):
        judge(healthy, '[assert]\n"identity.triger" = { min = 0.5 }')


@pytest.mark.parametrize("id_", ["strengths.*", "cause.no-such.status", "caus.*.status"])
def test_what_matches_nothing_is_refused_also_when_off(healthy, judge, id_):
    with pytest.raises(FluxdiagError, match="matches nothing"):
        judge(healthy, f'{VERDICT}"{id_}" = "off"')


def test_a_measurement_that_the_run_lacks_is_unmeasured_and_not_a_misspelling(copy, judge):
    edit(copy.evidence_file, lambda evidence: evidence["measurements"].pop("leak.nearest"))
    edit(copy.diagnosis_file, lambda diagnosis: diagnosis.update(evidence_sha256=_sha(copy.evidence_file)))

    answer = judge(copy, '[assert]\n"leak.nearest" = { max = 0.1 }')

    assert (answer.exit_code, answer.results[0].outcome) == (ExitCode.UNDETERMINED, "unmeasured")
    assert "fluxdiag measure" in answer.results[0].why


def test_a_gap_keeps_its_reason(healthy, judge):
    answer = judge(healthy, '[assert]\n"description.effect" = { max = 0.1 }')

    assert answer.results[0].why == healthy.evidence().gaps["description.effect"]
    assert answer.status == "undetermined"


def test_probabilities_need_a_calibration(healthy, judge):
    answer = judge(healthy, '[assert]\n"cause.*.probability" = { max = 0.5 }')

    assert answer.results[0].outcome == "unmeasured"
    assert "no weights are fitted for this cause" in answer.results[0].why


def test_a_probability_is_missing_for_its_own_reason(copy, judge):
    """Weights there are, but a fact ruled this cause out before anything was weighed."""
    found = tuple(each.model_copy(update={"weighed": True, "status": "absent"}) for each in copy.diagnosis().findings)
    copy.write(copy.diagnosis_file, copy.diagnosis().model_copy(update={"findings": found}))
    answer = judge(copy, '[assert]\n"cause.wrong-rank.probability" = { max = 0.5 }')

    assert answer.results[0].why == "a fact rules this cause out, so nothing was weighed"


# ------------------------------------------------------------------------------------------------ waivers

WAIVER = (
    '[assert]\n"trigger.effect" = {{ min = 0.2 }}\n[[waive]]\nid = "{id_}"\nreason = "by intent"\nuntil = {until}\nby = "ana"\n'
)


def test_a_waiver_covers_a_failure_until_its_day_and_not_longer(faulty, judge):
    policy = WAIVER.format(id_="trigger.*", until="2026-12-31")

    covered, over = judge(faulty, policy, today=date(2026, 12, 31)), judge(faulty, policy, today=date(2027, 1, 1))

    assert (covered.exit_code, covered.results[0].waived) == (0, "by intent (until 2026-12-31, ana)")
    assert (over.exit_code, over.results[0].waived) == (1, None)
    assert any("ended on 2026-12-31" in note for note in over.notes)


def test_a_waiver_for_nothing_is_refused(faulty, judge):
    with pytest.raises(FluxdiagError, match="matches no line"):
        judge(faulty, WAIVER.format(id_="trigger.efect", until="2026-12-31"))


def test_a_waiver_takes_one_cause_out_of_a_pattern_and_leaves_the_others(faulty, judge):
    policy = (
        '[assert]\n"cause.*.status" = { equals = "absent", undetermined = "pass" }\n'
        '[[waive]]\nid = "cause.overcaptioned-appearance.status"\nreason = "x"\nuntil = 2099-01-01\n'
    )

    answer = judge(faulty, policy)

    assert answer.exit_code == 0
    assert [each.effect for each in answer.results] == ["pass", "waived"]


# ------------------------------------------------------------------------------------------------ broken runs


def _sha(file):
    from fluxdiag.runs import sha256_file

    return sha256_file(file)


@pytest.mark.parametrize("name", ["case.json", "gather.json", "shots.jsonl", "evidence.json", "diagnosis.json"])
def test_a_half_written_run_says_which_file_is_missing(copy, judge, name):
    (copy.folder / name).unlink()

    with pytest.raises(FluxdiagError, match="there is no such file"):
        judge(copy, VERDICT)


@pytest.mark.parametrize("name", ["case.json", "gather.json", "evidence.json", "diagnosis.json"])
@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 0}', "\x00"])
def test_a_file_that_is_none_is_refused(copy, judge, name, content):
    (copy.folder / name).write_text(content)

    with pytest.raises(FluxdiagError):
        judge(copy, VERDICT)


def test_a_swapped_picture_is_refused_and_named(copy, judge):
    first, second = copy.shots()[:2]
    shutil.copy(copy.folder / second.file, copy.folder / first.file)

    with pytest.raises(RunMismatch, match=f"1 of {len(copy.shots())} pictures are not the ones that were measured.*{first.id}"):
        judge(copy, VERDICT)


def test_a_swapped_picture_of_the_run_before_is_refused_too(healthy, copy, judge):
    first, second = copy.shots()[:2]
    shutil.copy(copy.folder / second.file, copy.folder / first.file)

    with pytest.raises(RunMismatch, match="not the ones that were measured"):
        judge(healthy, '[regression]\n"bleed.class" = { max_rise = 0.1 }', against=copy)


TOLERATED = '"pictures" = { equals = "there", undetermined = "warn" }'


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        (VERDICT, "undetermined"),
        (f"{VERDICT}\n{TOLERATED}", "passed"),
        (f'{VERDICT}\n"pictures" = "off"', "passed"),
        (f'[defaults]\nundetermined = "warn"\n{VERDICT}', "passed"),
    ],
)
def test_missing_pictures_are_an_open_question_unless_the_policy_tolerates_them(healthy, copy, judge, policy, status):
    assert judge(healthy, policy).status == "passed"
    assert not [result for result in judge(healthy, VERDICT).results if result.id == "pictures"]
    next(copy.shots_folder.iterdir()).unlink()
    answer = judge(copy, policy)
    assert answer.status == status
    asked = [result for result in answer.results if result.id == "pictures" and result.effect != "off"]
    assert all(f"1 of {len(copy.shots())} picture files are not in the run folder" in result.why for result in asked)
    assert asked or "off" in policy


def test_an_older_schema_says_so(copy, judge):
    edit(copy.diagnosis_file, lambda diagnosis: diagnosis.update(schema=0))

    with pytest.raises(RunMismatch, match="of this version"):
        judge(copy, VERDICT)


@pytest.mark.parametrize("name", ["case.json", "gather.json", "evidence.json"])
def test_a_file_changed_after_the_next_was_made_from_it_is_refused(copy, judge, name):
    file = copy.folder / name
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    with pytest.raises(RunMismatch, match="made from another"):
        judge(copy, VERDICT)


def test_an_interval_turned_around_is_unmeasured_and_never_passes(copy, judge):
    def spoil(evidence):
        found = evidence["measurements"]["bleed.class"]
        found.update(low=found["high"], high=found["low"])

    edit(copy.evidence_file, spoil)
    edit(copy.diagnosis_file, lambda diagnosis: diagnosis.update(evidence_sha256=_sha(copy.evidence_file)))

    answer = judge(copy, '[assert]\n"bleed.class" = { max = 100 }')

    assert (answer.results[0].outcome, answer.exit_code) == ("unmeasured", ExitCode.UNDETERMINED)


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_a_number_that_is_none_is_refused_with_its_place(copy, judge, number):
    edit(copy.evidence_file, lambda evidence: evidence["measurements"]["bleed.class"].update(high=float(number)))

    with pytest.raises(RunMismatch, match=r"bleed.class.*high"):
        judge(copy, VERDICT)


CAUSES = '[assert]\n"cause.*.status" = { equals = "absent", undetermined = "warn", across = "each" }\n'


def test_a_pattern_means_the_causes_that_the_run_lacks_too(copy, judge):
    assert judge(copy, CAUSES).exit_code == ExitCode.HEALTHY
    edit(
        copy.diagnosis_file,
        lambda said: said.update(findings=[each for each in said["findings"] if each["cause"] != "missing-regularisation"]),
    )

    answer = judge(copy, CAUSES)

    lacking = by(answer, "cause.missing-regularisation.status")
    assert (lacking.outcome, answer.exit_code) == ("unmeasured", ExitCode.UNDETERMINED)
    assert "diagnose RUN" in lacking.why


def test_a_pattern_means_the_measurements_that_the_run_lacks_too(copy, judge):
    policy = '[assert]\n"obedience.*" = { min = -9 }\n'
    assert judge(copy, policy).exit_code == ExitCode.HEALTHY
    edit(copy.evidence_file, lambda evidence: evidence["measurements"].pop("obedience.background"))
    edit(copy.diagnosis_file, lambda diagnosis: diagnosis.update(evidence_sha256=_sha(copy.evidence_file)))

    assert judge(copy, policy).exit_code == ExitCode.UNDETERMINED


@pytest.mark.parametrize("spoilt", ["twice", "lacking"])
def test_a_diagnosis_that_says_a_root_cause_twice_or_not_at_all_is_refused(copy, judge, spoilt):
    def spoil(diagnosis):
        (found,) = (each for each in diagnosis["findings"] if each["cause"] == "wrong-rank")
        if spoilt == "twice":
            diagnosis["findings"].append({**found, "status": "present"})
        else:
            diagnosis["findings"].remove(found)

    edit(copy.diagnosis_file, spoil)

    with pytest.raises(RunMismatch, match=r"says (twice what it finds|nothing) of wrong-rank"):
        judge(copy, VERDICT)


def test_another_lora_than_the_measured_one_is_refused(healthy, judge, tmp_path):
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"other")

    with pytest.raises(RunMismatch, match="another file"):
        judge(healthy, VERDICT, lora=other)
    with pytest.raises(FluxdiagError, match="no such file"):
        judge(healthy, VERDICT, lora=tmp_path / "none")


def test_a_lora_that_is_not_there_is_said(healthy, judge):
    answer = judge(healthy, VERDICT)

    assert not answer.lora_checked
    assert any("not checked" in note for note in answer.notes)


@pytest.fixture
def barred(copy, tmp_path, monkeypatch):
    """A run whose LoRA lies in a folder that this user may not enter. Made up where the user may enter all."""
    path = tmp_path / "theirs" / "x.safetensors"
    edit(copy.case_file, lambda case: case["lora"].update(path=str(path)))
    edit(copy.gather_file, lambda gather: gather.update(case_sha256=_sha(copy.case_file)))
    edit(copy.evidence_file, lambda evidence: evidence.update(gather_sha256=_sha(copy.gather_file)))
    edit(copy.diagnosis_file, lambda diagnosis: diagnosis.update(evidence_sha256=_sha(copy.evidence_file)))
    if (copy.folder / "audit.json").exists():
        edit(copy.folder / "audit.json", lambda audit: audit.update(case_sha256=_sha(copy.case_file)))
    looked = Path.stat

    def stat(self, **given):
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return looked(self, **given)

    monkeypatch.setattr(Path, "stat", stat)
    return copy, path


def test_a_lora_in_a_folder_that_may_not_be_entered_is_not_found_there(barred, judge):
    run, path = barred

    assert not judge(run, VERDICT).lora_checked
    with pytest.raises(FluxdiagError, match=r"cannot be read \(Permission denied\)"):
        judge(run, VERDICT, lora=path)


def test_a_page_whose_lora_may_not_be_looked_at_is_rendered(barred):
    assert "HEALTHY" in render(barred[0], static=True).read_text(encoding="utf-8")
