"""What it takes to make the measurement that would decide: pictures, something only the user has, or a training of its own."""

from pathlib import Path

import pytest

from fluxdiag.case import build_case
from fluxdiag.decide import CAPTIONLESS, Asked, _open, decide, means_of
from fluxdiag.diagnose import diagnose, judge
from fluxdiag.gather import gather
from fluxdiag.instruments.parts import loss_part
from fluxdiag.measure import measure
from fluxdiag.records import Decider
from fluxdiag.runs import Run
from fluxdiag.suites import load_suite, parts_of
from fluxdiag.weighing.speaking import HEARINGS
from rules.cases import evidence_of
from simulated import HEALTHY, HEALTHY_GAINS, Simulation, Truth, gathered

CASE = Simulation(Path("unused"), Truth(HEALTHY, described=True)).case()
CORE = {"trigger", "class", "base", "trigger-base"}


def means(key: str, available: set[str], drawn: set[str] = CORE, because: str = "it was not measured", **changes):
    between = ("wrong-rank", "wrong-step-count")
    asked = Asked((key,), f"would tell {between[0]} from {between[1]}", because)
    return means_of(asked, CASE.model_copy(update=changes), available, drawn, "anna")


def test_what_pictures_can_tell_is_drawn():
    found = means("rank.truncated-bleed", CORE | {"class/rank-32"})
    assert found.draws
    assert found.sentence == "rank.truncated-bleed would tell wrong-rank from wrong-step-count, so it was drawn."


def test_pictures_that_are_there_and_do_not_say_are_not_drawn_again():
    found = means("strength.more", CORE | {"trigger/strength-1.5"}, CORE | {"trigger/strength-1.5"}, "only 2 prompts show a face")
    assert not found.draws
    assert "were drawn and do not say: only 2 prompts show a face" in found.sentence


BROUGHT = [
    ("loss.gap", CORE | {"losses:training/trigger"}, {}, "--references"),
    ("loss.gap", CORE | {"losses:held-out/trigger"}, {}, "--dataset: the training photos"),
    ("loss.training-gain", CORE, {}, "--dataset: the training photos"),
    ("description.effect", CORE, {}, "--dataset: the training captions"),
    ("trigger.interaction", CORE | {"description", "description-base"}, {}, "--dataset: the training captions"),
    ("loss.gap", {"class", "base"}, {"trigger": None}, "--trigger"),
]


@pytest.mark.parametrize(("key", "available", "changes", "option"), BROUGHT)
def test_what_only_the_user_can_bring_is_named_with_its_option(key, available, changes, option):
    found = means(key, available, because="there are none", **changes)
    assert not found.draws
    assert "there are none" in found.sentence
    assert option in found.sentence


def test_the_captionless_run_is_a_command():
    assert "`fluxdiag retrain anna --captionless`" in means(CAPTIONLESS, CORE).sentence


def test_a_file_of_low_rank_is_not_cut():
    found = means("rank.truncated-bleed", CORE, because="the LoRA's rank, 16, is not above 32")
    assert not found.draws
    assert found.sentence.endswith("but the LoRA's rank, 16, is not above 32.")


FULL, _ = load_suite("full")
SPLITS = {"held-out": ("trigger", "class"), "training": ("trigger", "class", "caption", "caption-bare")}
EVERYTHING = parts_of(FULL) | {loss_part(split, prompt) for split, prompts in SPLITS.items() for prompt in prompts}
SPEAKERS = {speaker.key: speaker for hearing in HEARINGS.values() for speaker in hearing.speakers}


@pytest.mark.parametrize("key", sorted(SPEAKERS))
def test_whatever_may_speak_can_be_drawn_or_is_a_fact_or_takes_a_training(key):
    fact = SPEAKERS[key].is_setting or key.startswith("file.")
    assert means(key, EVERYTHING, set()).draws == (not fact and key != CAPTIONLESS)
    assert not means(key, set()).draws
    assert not means(key, EVERYTHING, EVERYTHING).draws


def test_a_diagnosis_that_misses_nothing_draws_nothing(tmp_path):
    run = gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS))
    measure(run)
    diagnose(run)
    assert decide(run, "quick") == "No cause is open that a missing measurement could decide."


# ------------------------------------------------------------------------------------------------ without fitted weights

CUT = ("rank.truncated-bleed", "rank.truncated-identity")
LEAKING = {
    "identity.ceiling": 0.85,
    "identity.trigger": (0.62, 0.55, 0.69),
    "bleed.class": (0.55, 0.45, 0.65),
    "trigger.effect": (0.07, -0.05, 0.19),
    "setting.rank": 128,
    "setting.exposure-ratio": 1.0,
    "file.other-base": 0.0,
}


def open_causes(numbers, drawable) -> list[tuple[tuple[str, ...], str]]:
    evidence = evidence_of(numbers)
    return [(one.keys, one.tells) for one in _open(judge(evidence), evidence, lambda key: key in drawable)]


def test_without_weights_the_lora_is_cut_down_where_the_rank_hangs_on_it():
    assert (CUT, "would tell whether it is wrong-rank") in open_causes(LEAKING, CUT)


def test_of_a_rank_that_was_tried_nothing_more_is_asked():
    cut = {CUT[0]: (-0.06, -0.12, 0.0), CUT[1]: (-0.02, -0.05, 0.01)}
    assert not any(CUT[0] in keys for keys, _ in open_causes(LEAKING | cut, CUT))


def test_where_nothing_can_be_drawn_what_it_hangs_on_is_named_alone():
    told = {tells: keys for keys, tells in open_causes(LEAKING, ())}
    assert len(told["would tell whether it is wrong-rank"]) == 1


def test_of_a_healthy_lora_no_cause_is_looked_for(monkeypatch):
    evidence = evidence_of(LEAKING)
    healthy = judge(evidence).model_copy(update={"verdict": "healthy"})
    assert list(_open(healthy, evidence, lambda key: True)) == []


def test_two_measurements_of_one_drawing_are_told_together():
    asked, available = Asked(CUT, "would tell whether it is wrong-rank", "not drawn"), CORE | {"class/rank-32", "trigger/rank-32"}
    said = "rank.truncated-bleed and rank.truncated-identity would tell whether it is wrong-rank, so they were drawn."
    assert means_of(asked, CASE, available, CORE).sentence == said


# ------------------------------------------------------------------------------------------------ in a run folder

ASKED = "strength.more"
FEW = """
schema = 1
name = "few"
about = "three prompts with the LoRA on and off"

[[probes]]
name = "identity"
arms = ["trigger", "base"]
seeds = [101]
prompts = [
"""


def without(run, *keys: str, gap: str = "it was not drawn") -> None:
    """The run as if these measurements were missing, and the first of them the one that decides."""
    found = run.evidence()
    kept = {key: each for key, each in found.measurements.items() if key not in keys}
    run.write(run.evidence_file, found.model_copy(update={"measurements": kept, "gaps": found.gaps | dict.fromkeys(keys, gap)}))
    decider = Decider(key=keys[0], between=("wrong-rank", "wrong-step-count"), because=gap)
    run.write(run.diagnosis_file, diagnose(run).model_copy(update={"decider": decider}))


def state(run) -> dict[str, bytes]:
    return {str(file.relative_to(run.folder)): file.read_bytes() for file in run.folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("strength.more", "but its pictures were drawn and do not say: only 2 prompts show a face."),
        ("loss.gap", "but its pictures were drawn and do not say: only 2 prompts show a face."),
        (CAPTIONLESS, "`fluxdiag retrain run --captionless` trains and asks the LoRA that it needs."),
        ("description.effect", "but only 2 prompts show a face (--dataset: the training captions)."),
    ],
)
def test_what_no_picture_can_tell_is_said_and_the_run_stays_as_it_is(tmp_path, key, told):
    """A losses' part is known by its split and prompt, a picture's by its arm, variant and kind."""
    run = gathered(tmp_path / "run", Truth(HEALTHY, HEALTHY_GAINS))
    measure(run)
    without(run, key, gap="only 2 prompts show a face")
    before = state(run)

    assert decide(run, "quick").endswith(told)
    assert state(run) == before


def test_what_decides_is_drawn_measured_and_judged(examples: Path, tmp_path, monkeypatch):
    """On the laboratory: a suite that asks for no other strength, and then three pictures of one and a half times it."""
    monkeypatch.setenv("FLUXDIAG_CACHE", str(tmp_path / "cache"))
    prompts = load_suite("quick")[0].probes[0].prompts[:3]
    suite = tmp_path / "few.toml"
    suite.write_text(FEW + "".join(f'    {{ id = "{each.id}", text = "{each.text}" }},\n' for each in prompts) + "]\n")
    run = Run(tmp_path / "run")
    lora = next((examples / "healthy").glob("*.safetensors"))
    run.write(run.case_file, build_case(lora, base=str(examples.parent / "weights" / "base")))
    gather(run, str(suite))
    measure(run)
    without(run, ASKED)
    pictures = {shot.id: shot.sha256 for shot in run.shots()}

    assert decide(run, str(suite)).endswith("so it was drawn.")

    new = [shot for shot in run.shots() if shot.id not in pictures]
    assert {(shot.arm, shot.variant, shot.prompt_id) for shot in new} == {
        ("trigger", "strength-1.5", each.id) for each in prompts
    }
    assert {shot.id: shot.sha256 for shot in run.shots() if shot.id in pictures} == pictures
    assert (run.gather_info().decided, run.gather_info().stopped) == ((ASKED,), None)
    assert run.evidence().measurements[ASKED].n == 3
    assert run.diagnosis().decider != Decider(key=ASKED, between=("wrong-rank", "wrong-step-count"), because="it was not drawn")
