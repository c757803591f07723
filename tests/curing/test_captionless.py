"""The quick experiment: which photos, which numbers, and what its answer means."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image, ImageFilter

import fake_ai_toolkit
from fluxdiag.curing.audited import curated
from fluxdiag.curing.best import best, sharpness
from fluxdiag.curing.captionless import plan
from fluxdiag.curing.outcome import read_outcome
from fluxdiag.curing.planning import Options
from fluxdiag.curing.record import Retraining
from fluxdiag.errors import FluxdiagError
from fluxdiag.profiles import load_profile
from fluxdiag.records import Evidence, Measurement
from fluxdiag.retrain import prepare
from judged_runs import PERSON_MISSING, case, diagnosis, evidence, judged, miniature, photo


@pytest.fixture
def run(tmp_path):
    base = miniature(tmp_path / "base")
    of = case(tmp_path, base, photos=20, images=20, steps=5400, regularisation_images=60, learning_rate=1e-3)
    return judged(tmp_path / "run", of, evidence(PERSON_MISSING), diagnosis(verdict="undetermined"))


@pytest.fixture
def options(tmp_path) -> Options:
    return Options(home=fake_ai_toolkit.checkout(tmp_path / "ai-toolkit"), python=fake_ai_toolkit.python(tmp_path / "venv"))


def test_fifteen_photos_no_captions_and_the_guides_numbers(run, options):
    planned = plan(run, options)
    recipe = planned.recipe
    assert len(planned.copies) == 15
    assert (recipe.steps, recipe.learning_rate, recipe.regularisation, recipe.regularisation_images) == (1350, 1e-4, None, 0)
    assert 1200 <= recipe.steps <= 1500
    prepare(planned)
    names = sorted(file.name for file in (planned.out / "dataset").iterdir())
    assert names[0] == "ohwx-woman_01.png"
    assert len(names) == 15


def test_few_photos_are_taken_and_said(tmp_path, options):
    base = miniature(tmp_path / "base")
    of = case(tmp_path, base, photos=6, images=6)
    planned = plan(judged(tmp_path / "run", of, evidence(PERSON_MISSING), diagnosis()), options)
    assert (len(planned.copies), planned.recipe.steps) == (6, 950)
    assert "fewer than" in planned.remarks[0]


def test_without_a_trigger_there_is_nobody_to_ask_for(tmp_path, options):
    of = case(tmp_path, miniature(tmp_path / "base")).model_copy(update={"trigger": None})
    with pytest.raises(FluxdiagError, match="the trigger is not known"):
        plan(judged(tmp_path / "run", of, evidence(PERSON_MISSING), diagnosis()), options)


def test_blurred_photos_are_not_among_the_best(tmp_path):
    photos = [photo(tmp_path / f"{number}.png", number) for number in range(6)]
    Image.open(tmp_path / "0.png").filter(ImageFilter.GaussianBlur(8)).save(tmp_path / "0.png")
    assert {one.path.rpartition("/")[2] for one in best(photos, 10)} == {f"{number}.png" for number in range(1, 6)}


def test_photos_that_show_the_same_are_left_out_and_said(tmp_path):
    of = case(tmp_path, miniature(tmp_path / "base"), photos=6, images=6)
    again = tmp_path / "photos" / "again.png"
    Image.open(tmp_path / "photos" / "IMG 1.png").resize((128, 128)).save(again)
    twin = of.photos[1].model_copy(update={"path": str(again), "sha256": "another"})
    found = curated(of, (*of.photos, twin), load_profile(of.base))
    assert len(found.kept) == 6
    assert len({"IMG 1.png", "again.png"} & set(found.left_out)) == 1
    assert any("the same picture" in remark for remark in found.remarks)


def test_the_best_are_unlike_one_another(tmp_path):
    """Three shades of one picture and two others: of three chosen, one is of the shades."""
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 200, size=(8, 8, 3), dtype=np.uint8) for _ in range(3)]
    shades = [pictures[0] + shade for shade in (0, 20, 40)]
    photos = []
    for number, pixels in enumerate([*shades, *pictures[1:]]):
        file = tmp_path / f"{number}.png"
        Image.fromarray(pixels.astype(np.uint8)).resize((64, 64), Image.Resampling.NEAREST).save(file)
        photos.append(photo(tmp_path / "x.png", 0).model_copy(update={"path": str(file), "sha256": str(number)}))
    chosen = {one.sha256 for one in best(photos, 3)}
    assert len(chosen & {"0", "1", "2"}) == 1


def test_sharpness_falls_with_blur(tmp_path):
    photo(tmp_path / "a.png", 1)
    Image.open(tmp_path / "a.png").filter(ImageFilter.GaussianBlur(3)).save(tmp_path / "b.png")
    assert sharpness(tmp_path / "b.png") < sharpness(tmp_path / "a.png") / 4


ANSWERS = [((0.7, 0.6, 0.8), "appears"), ((0.1, 0.0, 0.2), "missing"), ((0.45, 0.3, 0.6), "undecided"), (None, "undecided")]


@pytest.mark.parametrize(("numbers", "answer"), ANSWERS)
def test_the_answer_is_where_the_whole_interval_lies(numbers, answer, run, options):
    planned = plan(run, options)
    prepare(planned)
    done = Retraining.model_validate_json((planned.out / "retrain.json").read_text())
    key = "identity.trigger"
    found = {} if numbers is None else {key: Measurement(key=key, value=numbers[0], low=numbers[1], high=numbers[2], n=6)}
    gaps = {key: "no reference photos were given"} if numbers is None else {}
    outcome = read_outcome(done, Evidence(measurements=found, gaps=gaps), "x")
    assert outcome.answer == answer
    assert (outcome.identity is None) == (numbers is None)
    assert json.loads(outcome.model_dump_json(by_alias=True))["lora_sha256"] == "0" * 64
    assert ("reference" in outcome.sentence) == (numbers is None)
