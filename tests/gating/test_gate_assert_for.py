"""`[[assert_for]]`: lines for a strength of the LoRA, or for runs of one suite or base. What fits nothing is never a pass."""

import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from gates import ANYTIME

from fluxdiag.errors import FluxdiagError
from fluxdiag.gate import gate
from fluxdiag.gating.badge import badge
from fluxdiag.gating.junit import junit
from fluxdiag.gating.reading import read_policy
from fluxdiag.gating.showing import shown
from fluxdiag.gating.strengths import by_strength
from fluxdiag.gating.summary import summary
from fluxdiag.gating.terminal import terminal
from fluxdiag.instruments.tables import load_tables
from fluxdiag.records import LEFT_OUT, Stopped
from fluxdiag.reporting.series import likeness_at_strengths, person_of
from fluxdiag.runs import Run
from reported import judged
from simulated import HEALTHY, Truth

ANY = '[assert]\n"verdict" = { equals = "healthy" }\n'


def entry(match: str, *lines: str) -> str:
    return f"[[assert_for]]\nmatch = {{ {match} }}\nassert = {{ {', '.join(lines)} }}\n"


def likeness(least: float, match: str = "strength = 0.5", more: str = "") -> str:
    return entry(match, f'"identity.trigger" = {{ min = {least}{more} }}')


def by_id(answer) -> dict[str, str]:
    return {result.id: result.outcome for result in answer.results if result.match}


# ------------------------------------------------------------------------------------------------ at a strength


def test_a_line_is_judged_by_the_pictures_of_its_strength(judge, healthy):
    """Half the strength shows .6 of the likeness there: .42, the whole .67."""
    assert healthy.evidence().get("identity.trigger").low > 0.5

    for least, outcome, code in ((0.3, "pass", 0), (0.5, "fail", 1), (0.42, "undetermined", 3)):
        answer = judge(healthy, likeness(least))
        assert (by_id(answer), answer.exit_code) == ({"identity.trigger @ strength 0.5": outcome}, code)


def test_its_numbers_are_those_of_the_reports_curve(judge, healthy):
    answer = judge(healthy, likeness(-1, "strength = [0.5, 1, 1.5]"))
    curve = likeness_at_strengths(person_of(load_tables(healthy)), "trigger")

    found = [result.measurement for result in answer.results]
    assert [(one.value, one.low, one.high, one.n) for one in found] == [
        pytest.approx((one.value, one.low, one.high, one.n)) for _, one in curve
    ]
    assert [result.match for result in answer.results] == [{"strength": strength} for strength, _ in curve]


def test_at_the_runs_own_strength_every_number_is_the_evidences(judge, healthy):
    answer = judge(healthy, entry("strength = 1", '"*" = { min = -9, max = 9, across = "each", unmeasured = "pass" }'))
    evidence = healthy.evidence()

    found = {result.id.partition(" @ ")[0]: result.measurement for result in answer.results}
    assert found == {key: evidence.get(key) for key in by_strength()}
    assert {"identity.trigger", "trigger.effect", "bleed.class", "variety.within-prompt"} <= found.keys()


def test_what_the_strength_does_not_change_is_not_told_apart_by_it():
    assert not {"identity.floor", "consistency.trigger-base", "file.problems", "loss.gap", "strength.less"} & {*by_strength()}


def test_a_strength_is_that_of_the_pictures_and_not_a_factor(tmp_path, judge):
    run = judged(tmp_path / "run", strength=0.3)

    assert by_id(judge(run, likeness(-1, "strength = 0.15"))) == {"identity.trigger @ strength 0.15": "pass"}
    with pytest.raises(FluxdiagError, match=r"drew at the strengths 0\.15, 0\.3, 0\.45") as refused:
        judge(run, likeness(-1, "strength = 0.5"))
    assert "`strength-1.66667`" in refused.value.do


def test_what_was_not_drawn_at_the_strength_has_no_number(judge, healthy):
    line = '"trigger.effect" = { min = 0.2%s }'
    answer = judge(healthy, entry("strength = 0.5", line % ""))
    assert (by_id(answer), answer.exit_code) == ({"trigger.effect @ strength 0.5": "unmeasured"}, 3)
    assert answer.results[0].why == "no images were made at strength 0.5 for the class arm"

    tolerated = judge(healthy, ANY + entry("strength = 0.5", line % ', unmeasured = "pass"'))
    assert (tolerated.counts, tolerated.exit_code) == ({"tolerated": 1, "passed": 1}, 0)


def test_a_strength_that_was_left_out_once_the_verdict_was_settled_is_open_and_no_mistake(copy, judge):
    copy.write_shots(shot for shot in copy.shots() if shot.variant != "strength-0.5")
    stopped = Stopped(prompts=8, of=8, pictures=1, of_pictures=2, left_out=("trigger/strength-0.5",), weights="")
    info = copy.gather_info().model_copy(update={"stopped": stopped, "shots": len(copy.shots())})
    copy.write(copy.gather_file, info)
    made_anew(copy)

    answer = judge(copy, likeness(0.1))
    assert (by_id(answer), answer.exit_code, answer.results[0].why) == (
        {"identity.trigger @ strength 0.5": "unmeasured"},
        3,
        LEFT_OUT,
    )


def made_anew(run: Run) -> None:
    from fluxdiag.diagnose import diagnose
    from fluxdiag.measure import measure

    info = run.gather_info()
    run.write(run.gather_file, info.model_copy(update={"digests": run.digests() if info.digests else {}}))
    measure(run), diagnose(run)


def test_without_references_each_strength_would_have_a_scale_of_its_own(tmp_path, judge):
    """The whole LoRA's likeness is measured, `scale = "any"` judges it, and the same line at half the strength stays open."""
    run = judged(tmp_path / "run", Truth(HEALTHY, references=0))
    found = run.evidence().get("consistency.trigger")
    line = '"consistency.trigger" = { min = -9 }'
    answer = judge(run, f'[defaults]\nscale = "any"\n[assert]\n{line}\n{entry("strength = 0.5", line)}')

    assert found.unit == "scale"
    assert [(result.id, result.outcome) for result in answer.results] == [
        ("consistency.trigger", "pass"),
        ("consistency.trigger @ strength 0.5", "unmeasured"),
    ]
    assert answer.results[1].why.startswith("without references")


# ------------------------------------------------------------------------------------------------ for a suite, for a base


def test_lines_for_another_suite_are_skipped_and_shown_so(judge, healthy):
    both = likeness(0.9, 'suite = "full"') + likeness(0.3, 'suite = "quick"')
    answer = judge(healthy, both)

    assert by_id(answer) == {"identity.trigger @ suite full": "skipped", "identity.trigger @ suite quick": "pass"}
    assert answer.results[0].why == "this run's suite is quick"
    assert (answer.exit_code, answer.counts) == (0, {"passed": 1, "skipped": 1})


@pytest.mark.parametrize("match", ['suite = "full"', 'base = "flux1-schnel"', 'suite = ["full", "fulll"]'])
def test_a_run_that_no_entry_of_its_kind_is_for_is_refused(judge, healthy, match):
    with pytest.raises(FluxdiagError, match=r"no \[\[assert_for\]\] is for a run of (suite quick|base )"):
        judge(healthy, ANY + likeness(0.9, match))


def test_a_base_goes_by_its_profile_or_its_address(judge, healthy):
    case = healthy.case()
    for base in (case.profile, case.base):
        assert by_id(judge(healthy, likeness(0.9, f'base = "{base}"'))) == {f"identity.trigger @ base {base}": "fail"}


def test_all_that_is_matched_must_hold(judge, healthy):
    two = likeness(0.9, 'suite = "full", strength = 0.75') + likeness(0.3, 'suite = "quick", strength = 0.5')

    assert by_id(judge(healthy, two)) == {
        "identity.trigger @ strength 0.75, suite full": "skipped",
        "identity.trigger @ strength 0.5, suite quick": "pass",
    }


def test_it_is_judged_beside_the_line_for_every_run_and_not_in_its_place(judge, faulty):
    everywhere = '[assert]\n"identity.trigger" = { min = 0.6 }\n'
    answer = judge(faulty, everywhere + likeness(-1, 'suite = "quick"'))

    assert [(result.id, result.outcome) for result in answer.results] == [
        ("identity.trigger", "fail"),
        ("identity.trigger @ suite quick", "pass"),
    ]
    assert answer.exit_code == 1


# ------------------------------------------------------------------------------------------------ layers, waivers, outputs


def test_a_later_layer_wins_field_by_field_also_over_one_of_a_list(tmp_path, healthy):
    (tmp_path / "house.toml").write_text("schema = 1\n" + likeness(0.9, "strength = [0.5, 1.5]", ', level = "warn"'))
    (tmp_path / "mine.toml").write_text('schema = 1\nextends = ["house.toml"]\n' + likeness(0.3, "strength = 0.5"))
    policy = read_policy(str(tmp_path / "mine.toml"))
    answer = gate(healthy, policy, today=ANYTIME)

    assert [(result.id, result.needs, result.level, result.outcome) for result in answer.results] == [
        ("identity.trigger @ strength 0.5", "at least 0.3", "warn", "pass"),
        ("identity.trigger @ strength 1.5", "at least 0.9", "warn", "fail"),
    ]
    printed = shown(policy)
    assert printed.count("[[assert_for]]") == 2
    assert "min = 0.3                                    # mine.toml" in printed
    assert "# house.toml" in printed
    (tmp_path / "again.toml").write_text(printed)
    assert shown(read_policy(str(tmp_path / "again.toml"))).count('[assert_for.assert."identity.trigger"]') == 2
    assert gate(healthy, read_policy(str(tmp_path / "again.toml")), today=ANYTIME).results == answer.results


WAIVERS = {
    "by its name": ("identity.trigger @ strength 0.5", "waived"),
    "by a pattern": ("identity.* @ *", "waived"),
    "the line for every run": ("identity.trigger", "error"),
    "a pattern without a place": ("*", "error"),
}


@pytest.mark.parametrize("kind", WAIVERS)
def test_a_waiver_names_what_the_line_is_for(judge, healthy, kind):
    id_, effect = WAIVERS[kind]
    waiver = f'[[waive]]\nid = "{id_}"\nreason = "x"\nuntil = 2030-01-01\n'
    policy = f'[assert]\n"identity.trigger" = {{ min = 0 }}\n{likeness(0.9)}{waiver}'

    assert next(result.effect for result in judge(healthy, policy).results if result.match) == effect


def test_a_line_that_is_off_is_shown_as_skipped(judge, healthy):
    answer = judge(healthy, entry("strength = 0.5", '"identity.trigger" = { min = 0.3 }', '"identity.class" = "off"'))

    assert by_id(answer) == {"identity.trigger @ strength 0.5": "pass", "identity.class @ strength 0.5": "skipped"}


@pytest.mark.parametrize("id_", ["identity.trigger @ strength 0.6", "identity.trigger @ *, suite quick", "bleed.class @ *"])
def test_a_waiver_of_a_line_that_is_not_there_is_refused(judge, healthy, id_):
    with pytest.raises(FluxdiagError, match="matches no line"):
        judge(healthy, likeness(0.9) + f'[[waive]]\nid = "{id_}"\nreason = "x"\nuntil = 2030-01-01\n')


def test_every_output_tells_the_lines_apart(judge, healthy):
    answer = judge(healthy, '[assert]\n"identity.trigger" = { min = 0.3 }\n' + likeness(0.9, "strength = [0.5, 1.5]"))

    names = [case.get("name") for case in ET.fromstring(junit(answer)).iter("testcase")]
    assert names == [
        "identity.trigger: at least 0.3",
        "identity.trigger @ strength 0.5: at least 0.9",
        "identity.trigger @ strength 1.5: at least 0.9",
    ]
    assert {case.get("classname") for case in ET.fromstring(junit(answer)).iter("testcase")} == {"fluxdiag.identity"}
    for written in (terminal(answer), summary(answer)):
        assert "identity.trigger @ strength 0.5" in written
        assert "identity.trigger @ strength 1.5" in written


def test_a_word_with_a_place_stays_in_its_area(judge, healthy):
    answer = judge(healthy, entry('suite = "quick"', '"verdict" = { equals = "healthy" }'))

    assert [case.get("classname") for case in ET.fromstring(junit(answer)).iter("testcase")] == ["fluxdiag.verdict"]


# ------------------------------------------------------------------------------------------------ mistakes


MISTAKES = {
    "no match": (
        '[[assert_for]]\nassert = { "verdict" = { equals = "healthy" } }',
        "assert_for 1: matches nothing in particular",
    ),
    "an empty match": (entry("", '"verdict" = { equals = "healthy" }'), "matches nothing in particular"),
    "no lines": ("[[assert_for]]\nmatch = { strength = 0.5 }", "assert_for 1: asserts nothing"),
    "one bracket": ("[assert_for]\nmatch = { strength = 0.5 }", "is not a list of tables"),
    "numbers": ("assert_for = [1]", "assert_for 1: is not a table"),
    "a misspelt match": (likeness(0.3, "strenght = 0.5"), "nearest known one is `strength`"),
    "a misspelt key": ('[[assert_for]]\nmach = {}\nmatch = { strength = 1 }\nassert = { "verdict" = "warn" }', "mach"),
    "a misspelt field": (entry("strength = 0.5", '"identity.trigger" = { minn = 1 }'), 'assert."identity.trigger": `minn`'),
    "no strengths": (likeness(0.3, "strength = []"), "strength"),
    "no strength at all": (likeness(0.3, "strength = 0"), "strength"),
    "a negative strength": (likeness(0.3, "strength = [0.5, -1]"), "strength"),
    "a strength that is no number": (likeness(0.3, "strength = nan"), "strength"),
    "a strength as text": (likeness(0.3, 'strength = "0.5"'), "strength"),
    "a strength as truth": (likeness(0.3, "strength = true"), "strength"),
    "a suite as a number": (likeness(0.3, "suite = 1"), "suite"),
    "a name with line ends": (likeness(0.3, 'suite = "quick\\n::error::"'), "suite"),
    "no condition": (entry("strength = 0.5", '"identity.trigger" = "warn"'), "has no condition"),
    "said twice": (likeness(0.3) + likeness(0.4, "strength = [1, 0.5]"), "`identity.trigger` is asserted twice for strength 0.5"),
    "all off": (entry("strength = 0.5", '"identity.trigger" = "off"'), "asserts nothing"),
    "not drawn": (
        likeness(0.3, "strength = [0.5, 0.8]"),
        "strength 0.8: matches nothing: this run drew at the strengths 0.5, 1, 1.5",
    ),
    "not drawn, off": (ANY + entry("strength = 0.8", '"identity.trigger" = "off"'), "matches nothing: this run drew"),
    "no id": (entry("strength = 0.5", '"identity.triger" = { min = 0 }'), "nearest known one is `identity.trigger`"),
    "not of a strength": (
        entry("strength = 0.5", '"file.problems" = { max = 0 }'),
        "`file.problems` is not measured by strength",
    ),
    "no id of another suite": (
        likeness(0.3, 'suite = "quick"') + entry('suite = "full"', '"verdikt" = { equals = "x" }'),
        'assert_for suite full: "verdikt": `verdikt` matches nothing',
    ),
    "a place in the id": (ANY + '"identity.trigger @ strength 0.5" = { min = 0.3 }', "is the name of a result, and no id"),
    "a strength that is next to nothing": (likeness(0.3, "strength = 1e-9"), "strength"),
    "a word at a strength": (entry("strength = 0.5", '"verdict" = { equals = "healthy" }'), "is not measured by strength"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_place(judge, healthy, mistake):
    text, what = MISTAKES[mistake]

    with pytest.raises(FluxdiagError) as refused:
        judge(healthy, text)

    assert what in str(refused.value)
    assert refused.value.do


# ------------------------------------------------------------------------------------------------ --max-warnings


WARNS = f'[defaults]\nlevel = "warn"\n{ANY}"identity.trigger" = {{ min = 0.9 }}\n"bleed.class" = {{ max = -0.9 }}\n'


@pytest.mark.parametrize(("most", "code"), [(None, 0), (0, 1), (1, 1), (2, 0), (3, 0)])
def test_more_warnings_than_are_allowed_fail_in_every_output(judge, healthy, most, code):
    answer = judge(healthy, WARNS, max_warnings=most)
    root = ET.fromstring(junit(answer))

    assert answer.exit_code == code
    assert answer.counts["warned"] == 2
    assert (int(root.get("failures")), int(root.get("tests"))) == (code, len(answer.results))
    assert ("1 failed" in badge(answer, 0.5)) == bool(code)
    if code:
        assert answer.results[-1].why == "identity.trigger, bleed.class"
        for written in (terminal(answer), summary(answer)):
            assert "warnings" in written
            assert f"at most {most}" in written


def test_an_open_question_is_no_warning_and_stays_one(judge, healthy):
    answer = judge(healthy, likeness(0.42), max_warnings=0)
    assert answer.exit_code == 3


def test_it_says_nothing_of_a_policy_that_asserts_nothing(judge, copy):
    with pytest.raises(FluxdiagError, match="asserts nothing of this run"):
        judge(copy, '[regression]\n"identity.trigger" = { max_drop = 1 }\n', max_warnings=0)


def test_the_simulated_run_is_not_written_to(healthy, judge, tmp_path):
    before = Path(shutil.copytree(healthy.folder, tmp_path / "before"))
    judge(healthy, likeness(0.3, "strength = [0.5, 1.5]"))

    assert sorted(file.name for file in healthy.folder.iterdir()) == sorted(file.name for file in before.iterdir())
