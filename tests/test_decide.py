"""What it takes to make the measurement that would decide: pictures, something only the user has, or a training of its own."""

from pathlib import Path

import pytest

from fluxdiag.decide import CAPTIONLESS, decide, means_of
from fluxdiag.diagnose import diagnose
from fluxdiag.instruments.parts import loss_part
from fluxdiag.measure import measure
from fluxdiag.records import Decider
from fluxdiag.suites import load_suite, parts_of
from fluxdiag.weighing.speaking import HEARINGS
from simulated import HEALTHY, HEALTHY_GAINS, Simulation, Truth, gathered

CASE = Simulation(Path("unused"), Truth(HEALTHY, described=True)).case()
CORE = {"trigger", "class", "base", "trigger-base"}


def means(key: str, available: set[str], drawn: set[str] = CORE, because: str = "it was not measured", **changes):
    between = ("wrong-rank", "wrong-step-count")
    return means_of(Decider(key=key, between=between, because=because), CASE.model_copy(update=changes), available, drawn, "anna")


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
    ("loss.training-gain", CORE, {}, "--dataset"),
    ("description.effect", CORE, {}, "--dataset"),
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
    assert decide(run).startswith("There is no measurement")
