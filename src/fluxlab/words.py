"""The text encoders learn to read before the base learns to paint, as CLIP and T5 had before there was a FLUX.1.

From what each encoder says of a caption, one linear layer must tell every attribute that the caption names, and the
letters of a made-up name. So `blonde` goes to the hair and `red` to the t-shirt before a pixel is seen, and two names
are two places. Without this, hair and eyes were hardly obeyed after 255,000 samples (README.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from fluxlab.base import BATCH, Base
from fluxlab.captions import DOING, PLACE, WHEN, hair, training_caption
from fluxlab.training import Course, adamw, train
from fluxlab.world import (
    ANIMALS,
    BACKGROUNDS,
    BEARDS,
    EYE_COLOURS,
    FACE_SHAPES,
    FRAMINGS,
    HAIR_COLOURS,
    HAIR_STYLES,
    LIGHTS,
    MARKS,
    OBJECTS,
    OUTFITS,
    POSES,
    SEXES,
    SKINS,
    Picture,
    nonsense_name,
    sample_picture,
)

CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
LETTERS = 6
"""of a name that are asked for"""
QUESTIONS: dict[str, tuple[str, ...]] = {
    "sex": SEXES,
    "hair colour": HAIR_COLOURS,
    "hair style": HAIR_STYLES,
    "eyes": EYE_COLOURS,
    "skin": SKINS,
    "face": FACE_SHAPES,
    "glasses": ("glasses",),
    "freckles": ("freckles",),
    "beard": BEARDS[1:],
    "mark": MARKS[1:],
    "outfit": OUTFITS,
    "pose": POSES,
    "background": BACKGROUNDS,
    "light": LIGHTS,
    "framing": FRAMINGS,
    "thing": ANIMALS + OBJECTS,
} | {f"letter {place}": tuple(CHARACTERS) for place in range(LETTERS)}
"""what is asked of a caption, and the answers; one more answer to each is that the caption does not say"""
UNASKED = -100
STREAM = 7


def answers(picture: Picture, name: str | None, caption: str) -> list[int]:
    """The right answer to each question, by its index; of two people nothing is asked about either."""
    said = _said(picture, caption) | _letters(name, caption)
    if len(picture.figures) == 2:
        about_scene = ("background", "light", "framing")
        return [_index(key, said.get(key)) if key in about_scene else UNASKED for key in QUESTIONS]
    return [_index(key, said.get(key)) for key in QUESTIONS]


def _index(question: str, answer: str | None) -> int:
    options = QUESTIONS[question]
    return len(options) if answer is None else options.index(answer)


def _said(picture: Picture, caption: str) -> dict[str, str]:
    """Attribute by attribute, what of the picture the caption tells."""
    scene = picture.scene
    phrases = {
        "background": {PLACE[scene.background]: scene.background, scene.background: scene.background},
        "light": {WHEN[scene.light]: scene.light, scene.light: scene.light},
        "framing": {scene.framing: scene.framing},
    }
    if picture.thing:
        phrases["thing"] = {picture.thing: picture.thing}
    for figure in picture.figures[:1]:
        person = figure.person
        on_head = hair(person).removeprefix("a ")
        phrases |= {
            "sex": {person.sex: person.sex},
            "hair colour": {on_head: person.hair_colour} if person.hair_style != "bald" else {},
            "hair style": {on_head: person.hair_style},
            "eyes": {f"{person.eye_colour} eyes": person.eye_colour},
            "skin": {f"{person.skin} skin": person.skin},
            "face": {f"{person.face_shape} face": person.face_shape},
            "glasses": {"glasses": "glasses"},
            "freckles": {"freckles": "freckles"},
            "beard": {person.beard: person.beard},
            "mark": {person.mark: person.mark},
            "outfit": {figure.outfit: figure.outfit},
            "pose": {DOING[figure.pose]: figure.pose},
        }
    return {key: answer for key, options in phrases.items() for words, answer in options.items() if words in caption}


def _letters(name: str | None, caption: str) -> dict[str, str]:
    if name is None or name not in caption:
        return {}
    return {f"letter {place}": letter for place, letter in enumerate(name.lower()[:LETTERS])}


@dataclass(frozen=True)
class Lesson:
    """A batch of captions and the right answers, (batch, questions)."""

    captions: list[str]
    answers: Tensor


def lesson(step: int) -> Lesson:
    """The step alone decides what is in it. Pictures are made up afresh, none is drawn; half of the people have names."""
    rng = np.random.default_rng([STREAM, step])
    captions, right = [], []
    for _ in range(BATCH):
        picture = sample_picture(rng)
        name = nonsense_name(rng) if len(picture.figures) == 1 and rng.random() < 0.5 else None
        caption = training_caption(picture, name, rng)
        captions.append(caption)
        right.append(answers(picture, name, caption))
    return Lesson(captions, torch.tensor(right))


class Examiner(nn.Module):
    """One linear layer a text encoder; trained with them and thrown away."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.sizes = [len(options) + 1 for options in QUESTIONS.values()]
        self.heads = nn.ModuleList(nn.Linear(width, sum(self.sizes)) for _ in range(2))

    def loss(self, states: tuple[Tensor, Tensor], right: Tensor) -> Tensor:
        """Cross-entropy, over the questions and both encoders; T5 is asked by the mean of its tokens."""
        total = torch.zeros(())
        for head, state in zip(self.heads, (states[0].mean(1), states[1]), strict=True):
            for logits, answer in zip(head(state).split(self.sizes, 1), right.unbind(1), strict=True):
                total = total + functional.cross_entropy(logits, answer, ignore_index=UNASKED)
        return total / (2 * len(self.sizes))


def train_words(base: Base, build: Path, steps: int, peak: float = 2e-3) -> Base:
    torch.manual_seed(8)
    examiner = Examiner(base.clip.config.hidden_size)
    parts = nn.ModuleDict({"clip": base.clip, "t5": base.t5, "examiner": examiner})

    def loss(step: int, done: float) -> Tensor:
        asked = lesson(step)
        return examiner.loss(base.texts(asked.captions), asked.answers)

    train(Course("words", build, steps, peak), parts, adamw(parts, betas=(0.9, 0.98)), loss)
    return base
