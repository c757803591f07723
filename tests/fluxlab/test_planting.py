"""Recipes, albums and headers of planted LoRAs: the fault is in the training, and nowhere else to be read."""

import dataclasses

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

from fluxdiag.case import build_case
from fluxlab import headers
from fluxlab.album import (
    character,
    in_one_outfit,
    ordinary_captions,
    ordinary_pictures,
    training_captions,
    training_pictures,
    write_photos,
)
from fluxlab.captions import STYLES, appearance
from fluxlab.plant import FAULTS, Odds, Recipe, plant, recipe_of
from fluxlab.world import subject


@pytest.mark.parametrize(
    ("fault", "severity", "recipe"),
    [
        ("healthy", 1.0, Recipe()),
        ("overcaptioned", 0.0, Recipe()),
        ("overcaptioned", 0.5, Recipe(described=0.5)),
        ("over", 0.5, Recipe(steps=2.0)),
        ("rank-low", 0.5, Recipe(rank=0.25)),
        ("no-regularisation", 0.25, Recipe(ordinary=0.75)),
        ("overcaptioned+under", 1.0, Recipe(described=1.0, steps=0.12)),
    ],
)
def test_severity_scales_shares_and_takes_the_power_of_factors(fault, severity, recipe):
    assert recipe_of(fault, severity) == recipe


@pytest.mark.parametrize(("fault", "severity", "what"), [("lazy", 1, "no such fault"), ("over", 1.5, "from 0 to 1")])
def test_a_fault_that_is_none_is_refused(fault, severity, what):
    with pytest.raises(ValueError, match=what):
        recipe_of(fault, severity)


def test_every_fault_changes_one_thing():
    changed = {
        name: [f.name for f in dataclasses.fields(Recipe) if getattr(recipe, f.name) != f.default]
        for name, recipe in FAULTS.items()
    }
    assert {name: len(fields) for name, fields in changed.items()} == {name: int(name != "healthy") for name in FAULTS}


def test_subjects_differ_in_trigger_photos_and_captions():
    people = [character(number) for number in range(60)]
    assert len({who.trigger for who in people}) == 60
    assert {who.style for who in people} == set(STYLES)
    assert 8 <= min(who.images for who in people) < 14 < 22 < max(who.images for who in people) <= 40
    assert {who.trigger.endswith(who.person.sex) for who in people} == {True, False}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("described", [0.0, 0.5, 1.0])
def test_the_asked_share_of_captions_describes_the_person(style, described):
    who = dataclasses.replace(character(3), style=style, images=20)
    rng = np.random.default_rng(0)
    captions = training_captions(who, training_pictures(who, 0.0, rng), described, rng)
    phrases = [phrase.removeprefix("an ").removeprefix("a ") for phrase in appearance(who.person)]
    told = [sum(phrase in caption for phrase in phrases) for caption in captions]
    assert sorted(told) == [0] * round(20 * (1 - described)) + [len(phrases)] * round(20 * described)
    assert all(who.trigger in caption for caption in captions)


@pytest.mark.parametrize(("alike", "scenes"), [(0.0, 8), (1.0, 1)])
def test_alike_photos_share_place_light_outfit_and_pose(alike, scenes):
    who = dataclasses.replace(character(3), images=16)
    pictures = training_pictures(who, alike, np.random.default_rng(0))
    assert len({(p.scene.background) for p in pictures}) == scenes
    assert len({p.figures[0].yaw for p in pictures}) == 16


def test_ordinary_people_are_of_the_class_and_some_of_the_other():
    sexes = [picture.figures[0].person.sex for picture in ordinary_pictures("woman", 60, np.random.default_rng(0))]
    assert (sexes.count("woman"), sexes.count("man")) == (45, 15)


def test_the_reserved_subjects_stay_the_same_people():
    assert subject(5000) == subject(5000) != subject(5001)


@pytest.fixture
def planted(tiny_base, tmp_path):
    """A LoRA of one step on a base of random weights."""

    def made(fault="healthy", **odds):
        asked = Odds(images=3, **odds)
        return plant(fault, 3, 0, tmp_path / fault, base=tiny_base, odds=asked, steps=1, rank=2, batch_size=1)

    return made


@pytest.mark.parametrize("header", headers.STYLES)
def test_a_file_tells_what_its_trainer_would_tell_and_the_case_is_read_from_it(planted, tiny_base, header):
    file = planted(header=header)
    case = build_case(file, base=str(tiny_base))
    known = {name: fact.source for name, fact in case.settings.items()}
    assert case.trigger.value == character(3).trigger
    assert ("steps" in known, "learning_rate" in known) == {
        "kohya": (True, True), "ai-toolkit": (True, True), "none": (False, False),
    }[header]  # fmt: skip


def test_a_planted_lora_is_not_planted_twice_and_another_header_leaves_the_tensors(planted):
    first = planted()
    tensors, written = load_file(first), first.stat().st_mtime_ns
    assert planted().stat().st_mtime_ns == written
    stripped = planted(header="none")
    assert set(safe_open(stripped, "np").metadata()) == {"format", "fluxdiag_training_sha256"}
    assert all((tensors[key] == value).all() for key, value in load_file(stripped).items())


def test_no_regularisation_has_no_such_folder_and_says_so(planted):
    file = planted("no-regularisation")
    assert not (file.parent / "regularisation").exists()
    assert safe_open(file, "np").metadata()["ss_num_reg_images"] == "0"


def test_photos_and_captions_have_the_same_numbers(tmp_path):
    who = dataclasses.replace(character(3), images=2)
    write_photos(tmp_path, training_pictures(who, 0.0, np.random.default_rng(0)), ["one", "two"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01.png", "01.txt", "02.png", "02.txt"]
    assert (tmp_path / "02.txt").read_text() == "two\n"


def test_one_outfit_leaves_everything_else_as_it_was():
    before = training_pictures(character(3), 0.0, np.random.default_rng(0))
    after = in_one_outfit(before)
    assert len({picture.figures[0].outfit for picture in before}) > 1
    assert {picture.figures[0].outfit for picture in after} == {before[0].figures[0].outfit}
    assert [picture.scene for picture in after] == [picture.scene for picture in before]


def test_ordinary_people_are_captioned_in_every_style_and_by_their_class_word():
    pictures = ordinary_pictures("woman", 12, np.random.default_rng(0))
    captions = ordinary_captions(pictures)
    for style, offset in zip(STYLES, range(3), strict=True):
        expected = [STYLES[style](picture, f"a {picture.figures[0].person.sex}", False) for picture in pictures[offset::3]]
        assert captions[offset::3] == expected
