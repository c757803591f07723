"""What a retraining would change, before anything is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from fluxdiag.errors import FluxdiagError
from fluxdiag.retrain import Nothing, Options, plan
from fluxdiag.runs import sha256_file
from judged_runs import LOOKS, PERSON_MISSING, case, described, diagnosis, evidence, finding, judged, photo
from retrains import fingerprint, planned

NEW_CAPTION = "ohwx woman standing in a park at night, portrait"


def test_a_healthy_lora_is_left_alone(tmp_path, base):
    said = diagnosis(verdict="healthy")
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence({}), said), Options())
    assert isinstance(found, Nothing)
    assert not found.undetermined


def test_a_weak_suspicion_does_not_send_a_healthy_lora_back(tmp_path, base):
    said = diagnosis(finding("wrong-rank", "rank", direction="high"), verdict="healthy")
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence({}), said), Options())
    assert isinstance(found, Nothing)
    assert not found.undetermined
    assert "weak evidence for: wrong-rank" in found.sentence
    assert "setup is right" not in found.sentence


def test_a_cause_is_cured_where_the_verdict_is_open_and_that_is_said(tmp_path, base, ai_toolkit):
    said = diagnosis(finding("overcaptioned-appearance", "captions"), verdict="undetermined")
    now = planned(judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said), ai_toolkit)
    assert [applied.setting for applied in now.applied] == ["captions"]
    assert any("verdict is open" in remark for remark in now.remarks)


def test_findings_that_only_disagree_leave_it_open(tmp_path, base):
    said = diagnosis(finding("a", "steps", to="1000"), finding("b", "steps", to="3000"))
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said), Options())
    assert isinstance(found, Nothing)
    assert found.undetermined


def test_without_enough_evidence_the_captionless_run_is_offered(tmp_path, base):
    said = diagnosis(verdict="undetermined")
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence({}), said), Options())
    assert isinstance(found, Nothing)
    assert found.undetermined
    assert "--captionless" in found.sentence


def test_a_setup_that_is_right_already_is_said_to_be(tmp_path, base):
    said = diagnosis(finding("learning-rate", "learning_rate", direction="high"))
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said), Options())
    assert isinstance(found, Nothing)
    assert "it is so already" in found.sentence


# ------------------------------------------------------------------------------------------------ on paper


def test_planning_writes_nothing(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    before = fingerprint(tmp_path)
    planned(run, ai_toolkit)
    assert fingerprint(tmp_path) == before


def test_captions_are_all_that_changes(tmp_path, base, ai_toolkit):
    now = planned(described(tmp_path, base), ai_toolkit)
    (row,) = [row for row in now.rows if row.known]
    assert (row.field, row.before, row.after) == ("captions", LOOKS, NEW_CAPTION)
    assert [prediction.key for prediction in now.applied[0].predictions] == ["identity.trigger", "trigger.effect"]


def test_the_trigger_comes_into_the_captions_that_lack_it_and_nothing_else_is_touched(tmp_path, base, ai_toolkit):
    said = diagnosis(finding("no-trigger-in-captions", "trigger_in_captions"))
    run = judged(
        tmp_path / "run", case(tmp_path, base, caption="a woman with red hair in a park"), evidence(PERSON_MISSING), said
    )
    one = tmp_path / "photos" / "IMG 3.txt"
    one.write_text("ohwx woman with red hair at night")
    now = planned(run, ai_toolkit)
    captions = [copy.caption for copy in now.copies]
    assert captions.count("ohwx woman with red hair in a park") == 9
    assert captions[3] == "ohwx woman with red hair at night"
    assert now.recipe.trigger == "ohwx woman"


def test_another_trigger_takes_the_place_of_the_old_one_in_every_caption(tmp_path, base, ai_toolkit):
    said = diagnosis(finding("known-trigger", "trigger", safe=False), finding("no-trigger-in-captions", "trigger_in_captions"))
    run = judged(tmp_path / "run", case(tmp_path, base, caption="a woman in a park"), evidence(PERSON_MISSING), said)
    assert {copy.caption for copy in planned(run, ai_toolkit).copies} == {"ohwx woman in a park"}
    now = planned(run, replace(ai_toolkit, accept=True))
    assert now.recipe.trigger not in ("ohwx woman", None)
    assert {copy.caption for copy in now.copies} == {f"{now.recipe.trigger} in a park"}


def test_the_diff_is_in_the_trainers_own_words(tmp_path, base, ai_toolkit):
    said = diagnosis(finding("wrong-step-count", "steps", direction="over"))
    run = judged(tmp_path / "run", case(tmp_path, base, steps=5400), evidence(PERSON_MISSING), said)
    (row,) = [row for row in planned(run, ai_toolkit).rows if row.known]
    assert (row.before, row.after) == ("train.steps: 5400", "train.steps: 1350")


def test_the_default_trainer_is_the_bases(tmp_path, base, ai_toolkit, laboratory):
    assert planned(described(tmp_path, base), ai_toolkit).trainer.name == "ai-toolkit"
    run = described(tmp_path / "other", laboratory / "weights" / "base")
    assert planned(run, Options()).trainer.name == "builtin"
    with pytest.raises(FluxdiagError, match="does not know this base"):
        plan(run, Options(trainer="kohya"))
    with pytest.raises(FluxdiagError, match="the built-in trainer has no checkout"):
        plan(run, Options(home=tmp_path))


def test_photos_that_are_gone_or_changed_are_named(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    photos = sorted((tmp_path / "photos").glob("*.png"))
    photos[1].write_bytes(photos[0].read_bytes())
    with pytest.raises(FluxdiagError, match="1 of the 10 photos are no longer the same"):
        plan(run, ai_toolkit)
    photos[2].unlink()
    with pytest.raises(FluxdiagError, match="1 of the 10 photos are no longer there"):
        plan(run, ai_toolkit)


def test_ordinary_people_must_be_enough_and_ordinary(tmp_path, base, ai_toolkit):
    said = diagnosis(finding("missing-regularisation", "regularisation_images"))
    run = judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said)
    assert planned(run, ai_toolkit).to_draw == 100
    people = tmp_path / "people"
    case(people, base, photos=3)
    with pytest.raises(FluxdiagError, match="too few"):
        plan(run, Options(regularisation=people / "photos"))
    strangers(people)
    (people / "03.txt").write_text(LOOKS)
    with pytest.raises(FluxdiagError, match="hold the trigger"):
        plan(run, Options(regularisation=people))
    (people / "03.txt").write_text("a woman in a park")
    now = planned(run, Options(regularisation=people))
    assert (len(now.people), now.to_draw, now.recipe.regularisation_images, now.recipe.steps) == (12, 0, 12, 2700)


def test_what_only_waits_for_leave_is_planned(tmp_path, base, ai_toolkit):
    unsafe = diagnosis(finding("inert-lora", "file", safe=False))
    (left,) = planned(judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), unsafe), ai_toolkit).left
    assert (left.needs_accept, left.needs_user) == (True, False)


def strangers(folder: Path, count: int = 12) -> Path:
    for number in range(count):
        photo(folder / f"{number:02d}.png", 1000 + number, "a woman in a park")
    return folder


def test_people_that_nobody_prescribed_double_the_steps_too(tmp_path, base, ai_toolkit):
    given = replace(ai_toolkit, regularisation=strangers(tmp_path / "people"))
    now = planned(described(tmp_path, base), given)
    assert (now.recipe.steps, now.recipe.regularisation_images) == (2700, 12)
    assert any("about 1350 of the 2700 steps train the person" in remark for remark in now.remarks)


@pytest.mark.parametrize("again", ["photos", "references", "resized"])
def test_the_person_is_nobody_else(again, tmp_path, base, ai_toolkit):
    people = strangers(tmp_path / "people")
    seen = photo(tmp_path / "references" / "r.png", 500, None)
    of = case(tmp_path, base).model_copy(update={"references": (seen,), "reference_source": "held-out"})
    run = judged(tmp_path / "run", of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")))
    given = replace(ai_toolkit, regularisation=people)
    assert len(planned(run, given).people) == 12
    one = Path(seen.path if again == "references" else of.photos[3].path)
    Image.open(one).resize((48, 48) if again == "resized" else (64, 64)).save(people / "07.png")
    if again != "resized":
        (people / "07.png").write_bytes(one.read_bytes())
    with pytest.raises(FluxdiagError, match=r"1 of the 12 pictures are photos of the person \(07.png first\)"):
        plan(run, given)


@pytest.mark.parametrize(("images", "left_out"), [(12, True), (10, False)])
def test_a_photo_that_shows_nothing_is_not_trained_on_again_if_enough_remain(tmp_path, base, ai_toolkit, images, left_out):
    """Captions alone are prescribed. A copy that the audit would leave out, too, stays and is told; so is what to photograph."""
    of = case(tmp_path, base, photos=images, images=images)
    blank, first, twin = (Path(of.photos[number].path) for number in (0, 1, 2))
    Image.new("RGB", (512, 512), "grey").save(blank)
    twin.write_bytes(first.read_bytes())
    of = of.model_copy(
        update={"photos": tuple(one.model_copy(update={"sha256": sha256_file(Path(one.path))}) for one in of.photos)}
    )
    said = diagnosis(finding("overcaptioned-appearance", "captions"))
    now = planned(judged(tmp_path / "run", of, evidence(PERSON_MISSING), said), ai_toolkit)
    stays = "trained on, though the audit would leave it out: "
    assert any(one.startswith(f"{'left out: ' if left_out else stays}{blank.name}: nothing to be seen") for one in now.remarks)
    assert any(one.startswith(stays) and "the same picture as" in one for one in now.remarks)
    assert any(one.startswith("to photograph: ") for one in now.remarks)
    assert any("whether somebody else is in the photos was not looked at" in one for one in now.remarks)
    assert (len(now.copies), blank in {one.source for one in now.copies}) == (images - left_out, not left_out)
