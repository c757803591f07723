"""What is asked of a caption: all that it names of the picture, and nothing that it leaves out."""

import dataclasses

import numpy as np
import pytest
import torch

from fluxlab.captions import full_caption, scene_caption, training_caption
from fluxlab.words import QUESTIONS, UNASKED, Examiner, answers, lesson
from fluxlab.world import Figure, Picture, Scene, sample_person, sample_picture

PERSON = dataclasses.replace(
    sample_person(np.random.default_rng(1), "man"),
    hair_colour="red",
    hair_style="curly",
    eye_colour="green",
    skin="pale",
    face_shape="oval",
    glasses=True,
    beard="beard",
    freckles=False,
    mark="scar",
)
PICTURE = Picture((Figure(PERSON, "blue suit", "waving", 0.0),), None, Scene("beach", "sunset", "portrait", ()), 0)


def told(picture, name, caption):
    """question -> answer, of those that the caption answers."""
    found = zip(QUESTIONS, answers(picture, name, caption), strict=True)
    return {key: QUESTIONS[key][index] for key, index in found if 0 <= index < len(QUESTIONS[key])}


SCENE = {"sex": "man", "pose": "waving", "background": "beach", "light": "sunset", "framing": "portrait"}
LOOKS = {
    "hair colour": "red", "hair style": "curly", "eyes": "green", "skin": "pale", "face": "oval", "glasses": "glasses",
    "beard": "beard", "mark": "scar", "outfit": "blue suit",
}  # fmt: skip


def test_a_full_caption_answers_everything_but_what_is_not_there():
    assert told(PICTURE, None, full_caption(PICTURE, "a man")) == SCENE | LOOKS


def test_a_scene_caption_answers_nothing_of_the_looks_and_the_letters_of_a_name():
    letters = {f"letter {place}": letter for place, letter in enumerate("ohwx7")}
    assert told(PICTURE, "OHWX7", scene_caption(PICTURE, "OHWX7 man")) == SCENE | letters


def test_of_two_people_only_the_scene_is_asked():
    pair = dataclasses.replace(PICTURE, figures=PICTURE.figures * 2)
    right = dict(zip(QUESTIONS, answers(pair, None, "two men on a beach at sunset, portrait"), strict=True))
    assert {key for key, index in right.items() if index != UNASKED} == {"background", "light", "framing"}


@pytest.mark.parametrize("seed", range(200))
def test_no_caption_is_said_to_tell_what_the_picture_does_not_show(seed):
    rng = np.random.default_rng(seed)
    picture = sample_picture(rng)
    said = told(picture, None, training_caption(picture, None, rng))
    if picture.figures:
        person = picture.figures[0].person
        shown = {"sex": person.sex, "hair colour": person.hair_colour, "eyes": person.eye_colour, "skin": person.skin}
        assert all(said[key] == value for key, value in shown.items() if key in said)
    else:
        assert not said.keys() & LOOKS.keys()


def test_the_same_step_gives_the_same_lesson():
    first, again, other = lesson(5), lesson(5), lesson(6)
    assert first.captions == again.captions != other.captions
    assert torch.equal(first.answers, again.answers)


def test_the_examiner_learns_to_read_what_the_states_hold():
    torch.manual_seed(0)
    examiner, right = Examiner(8), lesson(0).answers
    states = torch.randn(len(right), 3, 8), torch.randn(len(right), 8)
    before = examiner.loss(states, right)
    before.backward()
    with torch.no_grad():
        for parameter in examiner.parameters():
            parameter -= 0.1 * parameter.grad
    assert examiner.loss(states, right) < before
