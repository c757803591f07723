"""A run against the one before: the instruments' numbers, paired by prompt; refused where they mean something else."""

import pytest

from fluxdiag.diagnose import diagnose
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.measure import measure
from fluxdiag.records import Stopped
from reported import HEALTHY_TRUTH, judged
from simulated import HEALTHY, Truth
from states import changed

DROP = '[regression]\n"identity.trigger" = { max_drop = 0.1 }\n'


def test_a_run_against_itself_has_not_changed(healthy, judge):
    answer = judge(healthy, DROP, against=healthy)

    (result,) = answer.results
    assert (result.outcome, result.kind) == ("pass", "regression")
    assert (result.measurement.value, result.measurement.low, result.measurement.high) == (0, 0, 0)
    assert "both runs measured the same file" in answer.notes


def test_the_same_file_is_no_version_before_where_one_is_required(healthy, judge, tmp_path):
    required = DROP.replace("[regression]", "[regression]\nrequired = true")
    answer = judge(healthy, required, against=healthy)
    assert (answer.results[0].outcome, answer.exit_code) == ("unmeasured", 3)
    assert "measured this same file" in answer.results[0].why

    made = judged(tmp_path / "other")
    other = changed(made, case={"lora": made.case().lora.model_copy(update={"sha256": "f" * 64})})
    assert judge(healthy, required, against=other).results[0].outcome == "pass"


@pytest.mark.parametrize("id_", ["identity.trigger", "trigger.effect", "bleed.class", "consistency.trigger"])
@pytest.mark.parametrize("early_is", ["new", "old"])
def test_the_same_pictures_have_not_changed_where_one_run_stopped_before_the_other(healthy, copy, judge, id_, early_is):
    prompts = list(dict.fromkeys(shot.prompt_id for shot in copy.shots() if shot.arm == "trigger"))[:4]
    copy.write_shots(tuple(shot for shot in copy.shots() if shot.kind != "person" or shot.prompt_id in prompts))
    stopped = Stopped(prompts=4, of=8, pictures=80, of_pictures=168, left_out=(), weights="")
    copy.write(copy.gather_file, copy.gather_info().model_copy(update={"stopped": stopped, "shots": len(copy.shots())}))
    measure(copy), diagnose(copy)
    new, old = (copy, healthy) if early_is == "new" else (healthy, copy)

    (result,) = judge(new, f'[regression]\n"{id_}" = {{ max_drop = 0.1, max_rise = 0.1 }}', against=old).results

    found = result.measurement
    assert (found.value, found.low, found.high, found.n) == (0, 0, 0, 4)


WAIVED = '[[waive]]\nid = "identity.trigger"\nreason = "by intent"\nuntil = 2099-01-01\n'


def test_a_waiver_of_a_limit_says_nothing_of_a_fall_since_the_run_before(healthy, judge, tmp_path):
    weaker = judged(tmp_path / "weaker", Truth({**HEALTHY, "trigger": 0.35}, HEALTHY_TRUTH.gains))
    lines = f'[assert]\n"identity.trigger" = {{ min = 0.99 }}\n{DROP}'

    def effects(waivers: str) -> list[str]:
        return [each.effect for each in judge(weaker, lines + waivers, against=healthy).results]

    of_fall = WAIVED.replace("reason", 'of = "regression"\nreason')
    assert effects(WAIVED) == ["waived", "error"]
    assert effects(of_fall) == ["error", "waived"]
    assert effects(WAIVED + of_fall) == ["waived", "waived"]
    with pytest.raises(FluxdiagError, match=r"matches no line of \[regression\]"):
        judge(weaker, '[assert]\n"identity.trigger" = { min = 0.99 }\n' + of_fall)


def test_a_fall_fails_and_a_rise_does_not(healthy, judge, tmp_path):
    weaker = judged(tmp_path / "weaker", Truth({**HEALTHY, "trigger": 0.35}, HEALTHY_TRUTH.gains))

    assert judge(weaker, DROP, against=healthy).exit_code == 1
    assert judge(healthy, DROP, against=weaker).exit_code == 0


@pytest.mark.parametrize(("of", "code"), [("regression", 0), ("assert", None)])
def test_a_waiver_covers_a_run_before_that_is_required_and_missing(healthy, judge, of, code):
    required = DROP.replace("[regression]", "[regression]\nrequired = true")
    waiver = f'[[waive]]\nid = "identity.trigger"\nof = "{of}"\nreason = "the first of its kind"\nuntil = 2026-12-31\n'
    if code is None:
        with pytest.raises(FluxdiagError, match="matches no line"):
            judge(healthy, f"{required}\n{waiver}")
        return
    answer = judge(healthy, f"{required}\n{waiver}")

    assert [(each.effect, each.outcome) for each in answer.results if each.kind == "regression"] == [("waived", "unmeasured")]


def test_without_a_run_before_lines_are_skipped_unless_required(healthy, judge):
    both = f'[assert]\nverdict = {{ equals = "healthy" }}\n{DROP}'

    assert [each.effect for each in judge(healthy, both).results] == ["pass", "off"]
    assert judge(healthy, both.replace("[regression]", "[regression]\nrequired = true")).exit_code == 3


CHANGED = {
    "probes": ("gather", {"suite_sha256": "f" * 64}),
    "base": ("case", {"base": "someone/else"}),
    "sampler": ("gather", {"steps": 8}),
    "references": ("gather", {"reference_faces": 3}),
    "face model": ("gather", {"face_pack": "other"}),
}


@pytest.mark.parametrize("what", CHANGED)
def test_runs_that_were_made_otherwise_are_refused_and_what_differs_is_named(healthy, copy, judge, what):
    file, change = CHANGED[what]
    if file == "gather":
        copy.write(copy.gather_file, copy.gather_info().model_copy(update=change))
    else:
        copy.write(copy.case_file, copy.case().model_copy(update=change))
        from fluxdiag.records import GatherInfo
        from fluxdiag.runs import sha256_file

        made = GatherInfo.model_validate_json(copy.gather_file.read_text(encoding="utf-8"))
        copy.write(copy.gather_file, made.model_copy(update={"case_sha256": sha256_file(copy.case_file)}))

    with pytest.raises(RunMismatch, match=f"these differ: {what}"):
        judge(healthy, DROP, against=copy)


def test_what_cannot_be_paired_is_refused(healthy, judge):
    with pytest.raises(FluxdiagError, match=r"cannot be paired.*nearest known one is `identity.trigger`"):
        judge(healthy, '[regression]\n"identity.triger" = { max_drop = 0.1 }', against=healthy)


def test_a_run_before_is_refused_where_the_policy_compares_nothing(healthy, judge):
    with pytest.raises(FluxdiagError, match="compares nothing"):
        judge(healthy, '[assert]\nverdict = { equals = "healthy" }', against=healthy)


def test_an_arm_that_was_not_drawn_is_unmeasured(healthy, judge):
    answer = judge(healthy, '[regression]\n"description.effect" = { max_rise = 0.1 }', against=healthy)

    assert (answer.results[0].outcome, answer.exit_code) == ("unmeasured", 3)
    assert "description" in answer.results[0].why
