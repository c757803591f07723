"""Prescriptions become recipes: one setting at a time, nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxdiag.curing.cure import Cure, cure
from fluxdiag.curing.remedies import REMEDIES, exposure
from fluxdiag.curing.used import not_taken_over, used
from fluxdiag.errors import FluxdiagError
from fluxdiag.prescribe import SIZE
from fluxdiag.profiles import load_profile
from judged_runs import LOOKS, PERSON_EVERYWHERE, PERSON_MISSING, case, diagnosis, evidence, finding, miniature, photo


@pytest.fixture
def base(tmp_path):
    return miniature(tmp_path / "base")


def cured(tmp_path, base, *findings, numbers=PERSON_MISSING, images=10, options=None, **settings) -> Cure:
    of = case(tmp_path, base, **settings)
    return cure(of, evidence(numbers), diagnosis(*findings), images=images, **(options or {}))


def changed(found: Cure) -> dict[str, object]:
    """What is not as it was, of what is known of the training that was."""
    return {field: value for field, value in found.after.items() if field in found.before and found.before[field] != value}


ONE_SETTING = [
    (("steps", "under"), {"steps": 300}, {"steps": 1350}),
    (("steps", "over"), {"steps": 5400}, {"steps": 1350}),
    (("steps", "over"), {"steps": 1350}, {"steps": 1215}),  # the formula is met: 10% less
    (("steps", "under"), {"steps": 1000}, {"steps": 1100}),  # within the band
    (("steps", "over"), {"steps": 2700, "batch_size": 4}, {"steps": 338}),  # of four images each
    (("steps", "under"), {"steps": 300, "regularisation_images": 60}, {"steps": 2700}),  # half of it other people
    (("steps", "under"), {"steps": 5000}, {"steps": 5500}),  # the formula would give less to who was trained too little
    (("steps", "over"), {"steps": 500}, {"steps": 450}),  # and more to who was trained too much
    (("learning_rate", "high"), {"learning_rate": 1e-3}, {"learning_rate": 1e-4}),
    (("learning_rate", "low"), {"learning_rate": 1e-5}, {"learning_rate": 1e-4}),
    (("learning_rate", "low"), {"learning_rate": 0.1, "optimizer": "Prodigy"}, {"learning_rate": 1.0}),
    (("regularisation_images", None), {"steps": 700}, {"regularisation_images": 100, "steps": 2700}),
    (("regularisation_images", None), {"steps": 2000}, {"regularisation_images": 100}),  # shown often enough beside others
]


@pytest.mark.parametrize(("asked", "settings", "expected"), ONE_SETTING)
def test_a_change_moves_its_setting_and_what_follows_from_it(asked, settings, expected, tmp_path, base):
    setting, direction = asked
    found = cured(tmp_path, base, finding("a", setting, direction=direction), **settings)
    assert changed(found) == expected
    assert [applied.setting for applied in found.applied] == [setting]
    assert set(expected) <= set(found.reasons)


def test_rank_keeps_the_scale_of_alpha(tmp_path, base):
    of = case(tmp_path, base)
    small = of.model_copy(update={"lora": of.lora.model_copy(update={"rank_median": 4, "alpha_over_rank": 2.0})})
    found = cure(small, evidence(PERSON_MISSING), diagnosis(finding("wrong-rank", "rank", direction="low")), images=10)
    assert changed(found) == {"rank": 16, "alpha": 32.0}


def test_what_nobody_gave_a_rank_is_trained_anew_at_the_profiles(tmp_path, base):
    """A LoKr of whole factors: the sides of its matrices are no rank to keep."""
    of = case(tmp_path, base)
    factors = of.model_copy(update={"lora": of.lora.model_copy(update={"rank_median": 3072, "rank_max": 3072, "ranked": False})})
    found = cure(factors, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")), images=10)
    assert not {"rank", "alpha"} & found.before.keys()
    assert (found.after["rank"], found.after["alpha"]) == (load_profile(of.base).rank, None)


def test_the_guides_rate_goes_with_the_guides_scale(tmp_path, base):
    """alpha / rank is a factor of the rate: with 1/16 of it the guide's would hardly train anything."""
    of = case(tmp_path, base, learning_rate=None)
    of = of.model_copy(update={"lora": of.lora.model_copy(update={"alpha_over_rank": 1 / 16})})
    found = cure(of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")), images=10)
    assert (found.before["alpha"], found.after["alpha"], found.after["learning_rate"]) == (1.0, None, 1e-4)
    assert "alpha" in found.reasons
    known = of.model_copy(update={"settings": case(tmp_path, base, learning_rate=1e-3).settings})
    found = cure(known, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")), images=10)
    assert (found.after["alpha"], found.after["learning_rate"]) == (1.0, 1e-3)


FOREIGN = [
    ("ProdigyPlusScheduleFree", 1.0), ("DAdaptAdamPreprint", 1.0), ("prodigy8bit", 1.0), ("automagic", 1e-6), ("Lion", 1e-5),
    ("AdamW8bit", 1.0), (None, 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("optimizer", "rate"), FOREIGN)
def test_a_rate_does_not_outlive_its_optimizer(optimizer, rate, tmp_path, base):
    of = case(tmp_path, base, optimizer=optimizer, learning_rate=rate, scheduler="constant", warmup=0)
    found = cure(of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")), images=10)
    assert (found.after["learning_rate"], found.after["scheduler"], found.after["warmup_steps"]) == (1e-4, "cosine", 100)
    assert found.after["optimizer"] in ("adamw", "adamw8bit")
    assert not {"learning_rate", "scheduler", "warmup_steps"} & found.before.keys()
    (told,) = not_taken_over(of)
    assert told.startswith("a learning rate of 1 " if optimizer in ("AdamW8bit", None) else optimizer)


OURS = [("AdamW8bit", 3e-4), ("PagedAdamW8bit", 3e-4), ("adamw", 3e-4), ("Prodigy", 1.0), (None, 3e-4)]


@pytest.mark.parametrize(("optimizer", "rate"), OURS)
def test_a_rate_that_means_the_same_stays(optimizer, rate, tmp_path, base):
    of = case(tmp_path, base, optimizer=optimizer, learning_rate=rate, scheduler="constant")
    found = cure(of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")), images=10)
    assert (found.after["learning_rate"], found.after["scheduler"]) == (rate, "constant")
    assert not_taken_over(of) == ()


def test_what_was_trained_with_another_optimizer_is_not_called_changed(tmp_path, base):
    """Nothing is claimed of a rate that nobody compared: it is neither as it was nor a change of it."""
    asked = finding("learning-rate", "learning_rate", direction="high")
    found = cured(tmp_path, base, asked, optimizer="Lion", learning_rate=1e-3)
    assert [applied.setting for applied in found.applied] == ["learning_rate"]
    assert changed(found) == {}


def test_schnell_becomes_dev_with_devs_numbers(tmp_path):
    of = case(tmp_path, Path("black-forest-labs/FLUX.1-schnell"))
    said = diagnosis(finding("wrong-base", "base"))
    found = cure(of, evidence(PERSON_MISSING), said, images=10)
    assert found.after["base"] == "black-forest-labs/FLUX.1-dev"
    assert found.after["max_sequence_length"] == 512


def test_a_lora_of_another_base_is_trained_anew_on_the_one_that_it_was_judged_on(tmp_path):
    """Judged on [dev], which its header does not name: that the recipe has [dev] already is no reason to train nothing."""
    of = case(tmp_path, Path("black-forest-labs/FLUX.1-dev"))
    said = diagnosis(finding("wrong-base", "base", safe=False))
    named = of.model_copy(update={"gaps": {"base": "the header says it was trained on 'flux1-schnell'"}})
    found = cure(named, evidence(PERSON_MISSING), said, images=10, accept=True)
    assert [applied.setting for applied in found.applied] == ["base"]
    assert "base" not in found.before
    assert found.after["base"] == "black-forest-labs/FLUX.1-dev"
    (left,) = cure(named, evidence(PERSON_MISSING), said, images=10).left
    assert left.needs_accept
    (left,) = cure(of, evidence(PERSON_MISSING), said, images=10, accept=True).left
    assert left.why == "it is so already"


def test_a_run_whose_base_has_gone_is_not_cured_by_another_bases_numbers(tmp_path, base):
    gone = case(tmp_path, base).model_copy(update={"base": str(tmp_path / "moved")})
    with pytest.raises(FluxdiagError, match="lies in the base's folder"):
        cure(gone, evidence(PERSON_MISSING), diagnosis(finding("a", "rank")), images=10)


def test_a_new_trigger_keeps_its_noun_and_is_no_word(tmp_path, base):
    found = cured(tmp_path, base, finding("known-trigger", "trigger"))
    word, noun = str(found.after["trigger"]).split()
    assert noun == "woman"
    assert word != "ohwx"
    assert any(letter.isdigit() for letter in word)
    assert (found.name, found.rewrite) == (True, False)
    assert found.applied[0].to == f"{word} woman, in place of ohwx woman"


def test_captions_that_lack_the_trigger_get_the_one_that_there_is(tmp_path, base):
    found = cured(tmp_path, base, finding("no-trigger-in-captions", "trigger_in_captions"))
    assert (found.after["trigger"], found.name, found.rewrite) == ("ohwx woman", True, False)
    assert found.applied[0].to == "ohwx woman in every caption; the word stays as it is"
    of = case(tmp_path, base).model_copy(update={"trigger": None})
    (left,) = cure(of, evidence(PERSON_MISSING), diagnosis(finding("a", "trigger_in_captions")), images=10).left
    assert left.needs_user


def test_photos_that_are_wanted_are_left_to_the_user(tmp_path, base):
    found = cured(tmp_path, base, finding("low-diversity-dataset", "images", to="15-30 images that vary"))
    assert not found.applied
    assert found.needs_user
    assert "--dataset" in found.left[0].why


def test_new_photos_bring_their_own_number_of_steps(tmp_path, base):
    asked = finding("low-diversity-dataset", "images")
    found = cured(tmp_path, base, asked, images=20, options={"new_photos": True}, steps=1350)
    assert found.after["steps"] == 2350
    assert [applied.setting for applied in found.applied] == ["images"]


def test_unsafe_changes_wait_for_leave(tmp_path, base):
    asked = finding("inert-lora", "file", safe=False)
    (left,) = cured(tmp_path, base, asked).left
    assert (left.setting, left.needs_accept, left.needs_user) == ("file", True, False)
    given = cured(tmp_path, base, asked, options={"accept": True})
    assert [(applied.setting, applied.safe) for applied in given.applied] == [("file", False)]


def test_what_is_so_already_is_not_called_a_change(tmp_path, base):
    found = cured(tmp_path, base, finding("a", "learning_rate", direction="high"), learning_rate=1e-4)
    assert not found.applied
    assert found.left[0].why == "it is so already"


def test_a_conflict_stays_as_it_was_and_is_said(tmp_path, base):
    said = (finding("a", "steps", direction="under", to="1000"), finding("b", "steps", direction="over", to="3000"))
    found = cured(tmp_path, base, *said, steps=500)
    assert not changed(found)
    assert "disagree" in found.left[0].why


def test_a_setting_that_no_trainer_has_is_left_to_the_user(tmp_path, base):
    found = cured(tmp_path, base, finding("a", "the weather"))
    assert found.left[0].needs_user


def test_captions_cannot_be_rewritten_without_captions(tmp_path, base):
    found = cured(tmp_path, base, finding("a", "captions"), caption=None)
    assert "the captions that were trained" in found.left[0].why


def test_several_changes_come_smallest_first_and_steps_last_see_the_others(tmp_path, base):
    said = (
        finding("missing-regularisation", "regularisation_images"),
        finding("wrong-step-count", "steps", direction="over"),
        finding("overcaptioned-appearance", "captions"),
    )
    found = cured(tmp_path, base, *said, numbers=PERSON_EVERYWHERE, steps=5400)
    assert [applied.setting for applied in found.applied] == ["captions", "steps", "regularisation_images"]
    assert found.after["steps"] == 2700


@pytest.mark.parametrize(("done", "steps"), [(1350, 2430), (5400, 2700), (500, 900)])
def test_over_beside_new_other_people_counts_what_is_shown_of_the_person(done, steps, tmp_path, base):
    """Twice the steps show the person as often; a tenth less of that, or the formula's number where it is less."""
    said = (finding("a", "steps", direction="over"), finding("b", "regularisation_images"))
    assert cured(tmp_path, base, *said, numbers=PERSON_EVERYWHERE, steps=done).after["steps"] == steps


def test_the_way_that_the_formula_would_have_gone_is_said(tmp_path, base):
    (applied,) = cured(tmp_path, base, finding("a", "steps", direction="under"), steps=5000).applied
    assert "1350 by the formula, which is the other way, so 10% more; look at the learning rate" in applied.to


def test_people_that_are_given_unasked_are_counted_in_the_steps(tmp_path, base):
    found = cured(tmp_path, base, finding("a", "captions"), options={"people": 20})
    assert changed(found) == {"regularisation_images": 20, "steps": 2700}
    assert set(found.reasons) == {"regularisation_images", "steps"}


def test_people_that_are_given_instead_of_others_change_no_steps(tmp_path, base):
    settings = {"regularisation_images": 60, "steps": 2700}
    found = cured(tmp_path, base, finding("a", "captions"), options={"people": 20}, **settings)
    assert changed(found) == {"regularisation_images": 20}


def test_unknown_settings_are_the_guides(tmp_path, base):
    of = case(tmp_path, base).model_copy(update={"settings": {}})
    found = cure(of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")), images=15)
    assert (found.after["batch_size"], found.after["steps"]) == (4, 462)  # a small base; 1850 images in all
    assert (found.after["learning_rate"], found.after["warmup_steps"]) == (1e-4, 100)
    assert "steps" not in found.before


def test_numbers_that_are_of_other_photos_are_not_taken_over(tmp_path, base):
    of = case(tmp_path, base, photos=10, images=11, learning_rate=1e-5)
    found = cure(of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")), images=10)
    assert found.after["learning_rate"] == 1e-4
    assert "learning_rate" not in found.before
    assert found.before["rank"] == 16  # the tensors cannot lie


def test_people_beside_the_file_count_where_nothing_tells_of_them(tmp_path, base):
    of = case(tmp_path, base, regularisation_images=None)
    for number in range(12):
        photo(tmp_path / "regularisation" / f"{number}.png", number, "a woman in a park")
    found = cure(of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")), images=10)
    assert found.after["regularisation_images"] == 12


def test_others_that_nobody_counted_stay_beside_the_person_and_report_and_recipe_say_one_number(tmp_path, base):
    """ai-toolkit's `is_reg` tells that there were some. Half of what was shown was theirs, and half of what will be."""
    of = case(tmp_path, base, steps=1350, regularisation_images=None, regularisation=True)
    profile = load_profile(str(base))
    found = cure(of, evidence(PERSON_MISSING), diagnosis(finding("a", "steps", direction="under")), images=10)
    assert (found.after["regularisation_images"], found.after["steps"]) == (100, 2700)
    assert exposure(profile, used(of, profile), 10) == profile.step_formula.exposure(1350, 10, of.beside_others) == 0.5


def test_others_that_nobody_counted_are_no_reason_for_other_steps(tmp_path, base):
    settings = {"regularisation_images": None, "regularisation": True, "steps": 1400}
    found = cured(tmp_path, base, finding("a", "captions"), options={"people": 20}, **settings)
    assert found.after["steps"] == 1400


def test_every_remedy_has_a_size_and_every_size_a_remedy():
    assert set(REMEDIES) == set(SIZE)


def test_the_looks_of_the_fixture_are_looks():
    from fluxdiag.captions import check

    assert check("x", LOOKS, "ohwx woman").rewritten == "ohwx woman standing in a park at night, portrait"
