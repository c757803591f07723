"""A whole run folder with a known person in it, through measure and diagnose. Embeddings are simulated; the files are real."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fluxdiag.diagnose import diagnose
from fluxdiag.errors import CannotMeasure, RunMismatch
from fluxdiag.instruments.parts import left_out, part
from fluxdiag.instruments.tables import Tables, common, load_tables
from fluxdiag.measure import measure, measured, run_instrument
from fluxdiag.profiles import load_profile
from fluxdiag.records import LEFT_OUT, Gap, GatherInfo, Measurement, Stopped
from fluxdiag.registry import Instrument, instruments
from fluxdiag.runs import write_arrays
from simulated import HEALTHY, HEALTHY_GAINS, OVERCAPTIONED, OVERCAPTIONED_GAINS, SUITE, Simulation, Truth, gathered

CASE = Simulation(Path("unused"), Truth(HEALTHY)).case()
GATHERED = GatherInfo.model_construct(gaps={}, stopped=None)
NOTHING = pd.DataFrame([], columns=["arm", "variant"])


def test_every_key_is_measured_or_a_gap_and_only_the_truth_decides_which(tmp_path):
    evidence = measure(gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS)))
    keys = {key for instrument in instruments() for key in instrument.gives}
    assert evidence.measurements.keys() | evidence.gaps.keys() == keys
    assert not evidence.measurements.keys() & evidence.gaps.keys()
    for key in ("description.effect", "description.advantage", "trigger.interaction"):
        assert evidence.gaps[key] == "the captions name no appearance"


def test_a_healthy_lora_is_healthy(tmp_path):
    run = gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS))
    evidence = measure(run)
    assert evidence.get("identity.floor").value == pytest.approx(0.0, abs=0.05)
    assert evidence.get("identity.ceiling").value == pytest.approx(
        0.885, abs=0.035
    )  # seven others of .9: 7 x .81 / sqrt(7 + 42 x .81)
    assert evidence.get("identity.trigger").value == pytest.approx(0.6 * 0.99 / 0.89, abs=0.05)
    assert evidence.get("trigger.effect").value == pytest.approx(0.48 / 0.89, abs=0.06)
    assert evidence.get("bleed.class").value == pytest.approx(0.12 / 0.89, abs=0.06)
    assert evidence.get("loss.binding").value == pytest.approx(4, abs=0.5)
    assert evidence.get("loss.gap").value == pytest.approx(19, abs=0.5)
    assert evidence.get("setting.exposure-ratio").value == 1.0
    assert (evidence.step_formula, evidence.beside_others) == (load_profile("flux1-dev").step_formula, True)
    assert evidence.get("identity.trigger").n == 8
    diagnosis = diagnose(run)
    assert diagnosis.verdict == "healthy"
    assert not diagnosis.symptoms
    assert not [finding.cause for finding in diagnosis.findings if finding.status == "present"]


def test_an_overcaptioned_lora_is_faulty_by_its_captions(tmp_path):
    run = gathered(tmp_path, Truth(OVERCAPTIONED, OVERCAPTIONED_GAINS, described=True))
    measure(run)
    diagnosis = diagnose(run)
    assert diagnosis.verdict == "faulty"
    assert diagnosis.symptoms[0].name == "identity-missing"
    assert (diagnosis.findings[0].cause, diagnosis.findings[0].status) == ("overcaptioned-appearance", "present")
    assert diagnosis.findings[0].strength == "strong"
    assert diagnosis.sentence == "The captions describe the face, so the trigger learnt almost nothing."
    assert [change.setting for change in diagnosis.prescription] == ["captions"]


def test_who_learnt_more_is_told_by_what_the_lora_adds_to_either(tmp_path):
    """The base's own share of both is taken off, so the whole is the effects' difference (class word and base cancel)."""
    found = measure(gathered(tmp_path / "described", Truth(OVERCAPTIONED, OVERCAPTIONED_GAINS, described=True))).get
    assert found("description.advantage").low > 0
    halves = found("description.effect").value - found("trigger.effect").value
    assert found("description.advantage").value == pytest.approx(halves, abs=1e-9)
    called = measure(gathered(tmp_path / "called", Truth(HEALTHY, described=True)))
    assert called.get("description.advantage").high < 0


def test_who_learnt_more_cannot_be_told_where_the_person_is_the_triggers_own(tmp_path):
    evidence = measure(gathered(tmp_path, Truth(HEALTHY, described=True, references=0)))
    assert "description.effect" in evidence.measurements
    assert "no reference photos were given" in evidence.gaps["description.advantage"]


def test_a_healthy_lora_is_healthy_without_references_dataset_or_losses(tmp_path):
    run = gathered(tmp_path, Truth(HEALTHY, references=0, photos=0))
    evidence = measure(run)
    assert "no reference photos" in evidence.gaps["identity.trigger"]
    assert evidence.get("consistency.trigger").value > 0.3
    assert evidence.get("trigger.effect").value > 0.5
    assert evidence.gaps["loss.binding"] == "there are no photos to probe"
    diagnosis = diagnose(run)
    assert diagnosis.verdict == "healthy"
    assert "not measured" in diagnosis.sentence


def test_a_trigger_that_brings_nobody_is_seen_without_references(tmp_path):
    run = gathered(tmp_path, Truth({"description": 0.3, "both": 0.3}, described=True, references=0))
    measure(run)
    diagnosis = diagnose(run)
    assert [symptom.name for symptom in diagnosis.symptoms] == ["identity-missing"]
    assert diagnosis.verdict == "faulty"


def test_a_lora_that_paints_one_background_leaks_its_context(tmp_path):
    run = gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS, stuck_background=True))
    evidence = measure(run)
    assert evidence.get("obedience.background").value < -0.6
    assert evidence.get("obedience.outfit").value == pytest.approx(0, abs=0.1)
    diagnosis = diagnose(run)
    assert diagnosis.findings[0].cause == "low-diversity-dataset"
    assert "context-leak" in [symptom.name for symptom in diagnosis.symptoms]


def test_a_prompt_without_a_face_is_left_out_and_counted(tmp_path):
    gone = frozenset({"trigger/park-portrait", "trigger/library-close"})
    evidence = measure(gathered(tmp_path, Truth(HEALTHY, no_face=gone)))
    assert evidence.get("identity.trigger").n == 6
    assert evidence.get("identity.trigger").value == pytest.approx(0.67, abs=0.05)
    assert evidence.get("faces.measurable.trigger").value == 0.75
    assert evidence.get("faces.measurable.base").value == 1.0
    assert evidence.get("identity.class").n == 8


def test_fewer_than_three_prompts_with_a_face_are_a_gap(tmp_path):
    prompts = [prompt.id for prompt in SUITE.probes[0].prompts]
    evidence = measure(gathered(tmp_path, Truth(HEALTHY, no_face=frozenset(f"trigger/{prompt}" for prompt in prompts[:6]))))
    assert "only 2 prompts" in evidence.gaps["identity.trigger"]
    assert "identity.class" in evidence.measurements


def test_too_few_references_are_no_scale_but_the_trigger_still_is(tmp_path):
    evidence = measure(gathered(tmp_path, Truth(HEALTHY, references=2)))
    assert "only 2 different reference photos" in evidence.gaps["identity.trigger"]
    assert "trigger.effect" in evidence.measurements


def test_without_a_trigger_what_needs_it_is_a_gap_and_bleed_is_measured(tmp_path):
    run = gathered(tmp_path, Truth(HEALTHY, trigger=False))
    evidence = measure(run)
    assert "no images were made for the trigger arm" in evidence.gaps["trigger.effect"]
    assert "bleed.class" in evidence.measurements
    assert diagnose(run).verdict == "undetermined"


def test_training_photos_alone_leave_the_held_out_losses_a_gap(tmp_path):
    gains = {key: gain for key, gain in HEALTHY_GAINS.items() if key[0] == "training"}
    evidence = measure(gathered(tmp_path, Truth(HEALTHY, gains)))
    for key in ("loss.binding", "loss.heldout-gain", "loss.gap"):
        assert "only 0 held-out photos" in evidence.gaps[key]
    assert "loss.face-share" in evidence.measurements


def test_the_same_folder_gives_the_same_bytes(tmp_path):
    run = gathered(tmp_path, Truth(OVERCAPTIONED, OVERCAPTIONED_GAINS, described=True))
    measure(run), diagnose(run)
    first = run.evidence_file.read_bytes(), run.diagnosis_file.read_bytes()
    measure(run), diagnose(run)
    assert (run.evidence_file.read_bytes(), run.diagnosis_file.read_bytes()) == first


def test_evidence_of_an_older_gathering_is_refused(tmp_path):
    run = gathered(tmp_path, Truth(HEALTHY))
    measure(run)
    info = json.loads(run.gather_file.read_text())
    run.gather_file.write_text(json.dumps(info | {"device": "cuda"}))
    with pytest.raises(RunMismatch, match=r"evidence\.json"):
        diagnose(run)


@pytest.mark.parametrize(("name", "key"), [
    ("faces", "trigger-park-portrait-101"), ("clip", "trigger-park-portrait-101"), ("losses", "loss"), ("losses", "sigma"),
])  # fmt: skip
def test_arrays_of_another_gathering_are_refused(tmp_path, name, key):
    run = gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS))
    arrays = run.arrays(name)
    arrays.pop(key)
    write_arrays(run.arrays_folder / f"{name}.npz", arrays)
    with pytest.raises(RunMismatch, match=rf"{name}\.npz: does not hold .*{key}.* Run `fluxdiag gather {run.folder}` again"):
        measure(run)


def test_losses_of_unequal_length_are_refused(tmp_path):
    run = gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS))
    arrays = run.arrays("losses")
    write_arrays(run.arrays_folder / "losses.npz", arrays | {"face": arrays["face"][1:]})
    with pytest.raises(RunMismatch, match="columns of one length"):
        measure(run)


def test_a_shortfall_becomes_a_gap_for_every_key_and_a_bug_does_not(tmp_path):
    tables = load_tables(gathered(tmp_path, Truth(HEALTHY)))

    def short(_):
        raise CannotMeasure("the moon was in the way")

    readings = run_instrument(Instrument("moon", ("a", "b"), (), False, short), tables)
    assert [(gap.key, gap.reason) for gap in readings] == [("a", "the moon was in the way"), ("b", "the moon was in the way")]
    with pytest.raises(AssertionError, match="moon declares"):
        run_instrument(Instrument("moon", ("a",), (), False, lambda _: []), tables)


def nothing_drawn() -> Tables:
    none = np.zeros((0, 0))
    profile = load_profile(CASE.base)
    return Tables(CASE, GATHERED, profile.step_formula, profile.bands, NOTHING, {}, none, clip={}, labels={}, losses=None)


WHY_NOT = {
    "gather says it": (("trigger",), {"trigger": "G"}, {"trigger": "C"}, "G"),
    "the case says it": (("trigger",), {"class": "G"}, {"trigger": "C"}, "C"),
    "the arm's own gap comes first": (("trigger-base",), {"trigger": "person", "trigger-base": "own"}, {}, "own"),
    "else that of whom it shows": (("trigger-base",), {}, {"trigger": "C"}, "C"),
    "of both the description's": (("both",), {}, {"trigger": "T", "description": "D"}, "D"),
    "or the trigger's": (("both",), {}, {"trigger": "T"}, "T"),
    "gather's of either before the case's": (("both",), {"trigger": "G"}, {"description": "D"}, "G"),
    "two reasons": (("description", "trigger"), {}, {"trigger": "T", "description": "D"}, "D; T"),
    "one reason twice is one": (("both", "trigger", "trigger-base"), {}, {"trigger": "T"}, "T"),
    "nobody says it": (("description",), {}, {"trigger": "T"}, "no images were made for the description arm"),
    "losses": (("losses",), {"losses": "L"}, {}, "L"),
    "losses of which nobody says it": (("losses",), {}, {"photos": "P"}, "no losses were gathered"),
    "pictures and losses": (("trigger", "losses"), {"losses": "L"}, {"trigger": "T"}, "T; L"),
}


@pytest.mark.parametrize("kind", WHY_NOT)
def test_what_was_not_gathered_is_a_gap_in_the_words_of_whoever_knows_why(kind):
    needs, gather, case, reason = WHY_NOT[kind]
    arms = tuple(each for each in needs if each != "losses")
    tables = dataclasses.replace(
        nothing_drawn(), gather=GATHERED.model_copy(update={"gaps": gather}), case=CASE.model_copy(update={"gaps": case})
    )
    readings = run_instrument(Instrument("moon", ("a", "b"), arms, "losses" in needs, lambda _: pytest.fail("asked")), tables)
    assert readings == [Gap(key="a", reason=reason), Gap(key="b", reason=reason)]


def test_an_instrument_that_needs_nothing_of_what_is_missing_is_asked():
    found = Measurement(key="a", value=1, low=1, high=1, n=1)
    drawn = pd.DataFrame([["trigger", "full"]], columns=["arm", "variant"])
    tables = dataclasses.replace(nothing_drawn(), shots=drawn)
    assert run_instrument(Instrument("moon", ("a",), ("trigger",), False, lambda _: [found]), tables) == [found]
    assert run_instrument(Instrument("moon", ("a",), (), False, lambda _: [found]), nothing_drawn()) == [found]
    (gap,) = run_instrument(Instrument("moon", ("a",), ("trigger",), True, lambda _: [found]), tables)
    assert gap == Gap(key="a", reason="no losses were gathered")
    read = dataclasses.replace(tables, losses=pd.DataFrame({"loss": [1.0]}))
    assert run_instrument(Instrument("moon", ("a",), ("trigger",), True, lambda _: [found]), read) == [found]


def test_what_gathering_left_out_is_a_gap_that_says_so_and_how_to_have_it(tmp_path):
    run = gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS))
    gone = ("contrast", "contrast-base", "trigger/strength-0.5", "losses:training/class", "others:animal", "others-base:animal")
    stopped = Stopped(prompts=4, of=8, pictures=1, of_pictures=2, left_out=gone, weights="")
    run.write_shots(shot for shot in run.shots() if part(shot.arm, shot.variant, shot.kind) not in gone)
    run.write(run.gather_file, run.gather_info().model_copy(update={"stopped": stopped, "shots": len(run.shots())}))
    evidence = measure(run)
    keys = {key for instrument in instruments() for key in instrument.gives}
    assert evidence.measurements.keys() | evidence.gaps.keys() == keys
    assert {key for key, reason in evidence.gaps.items() if reason == LEFT_OUT} == left_out(gone)
    assert {"obedience.outfit", "strength.less", "loss.training-binding", "bleed.animal", "drift.unrelated"} <= left_out(gone)
    assert {"strength.more", "loss.gap", "bleed.object", "trigger.effect"} <= evidence.measurements.keys()


def test_arms_of_unlike_length_are_compared_on_the_prompts_of_both(tmp_path):
    tables = load_tables(gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS)))
    late = tables.shots["arm"].eq("class") & tables.shots["prompt_id"].isin([prompt.id for prompt in SUITE.probes[0].prompts[4:]])
    found = measured(dataclasses.replace(tables, shots=tables.shots[~late]))
    assert (found.get("trigger.effect").n, found.get("bleed.class").n, found.get("identity.trigger").n) == (4, 4, 8)


def test_two_runs_have_in_common_what_both_have_drawn(tmp_path):
    whole = load_tables(gathered(tmp_path / "a", Truth(HEALTHY, HEALTHY_GAINS)))
    early = dataclasses.replace(whole, shots=whole.shots[whole.shots["prompt_id"].isin(["park-portrait", "library-close"])])
    one, other = common(whole, early)
    assert one.shots.equals(other.shots)
    assert set(one.shots["prompt_id"]) == {"park-portrait", "library-close"}
    assert common(whole, whole)[0].shots.equals(whole.shots)
