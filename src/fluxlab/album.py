"""The photos around a planted LoRA, and who writes under them: the training set, outside photos, ordinary people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from fluxdiag.engines.encoders import write_png
from fluxdiag.runs import write_text
from fluxlab.captions import STYLES
from fluxlab.draw import draw
from fluxlab.world import (
    BACKGROUNDS,
    LIGHTS,
    OUTFITS,
    POSES,
    Figure,
    Person,
    Picture,
    Scene,
    nonsense_name,
    sample_person,
    subject,
)

FRAMINGS = ("close-up", "portrait", "portrait", "cowboy shot")
"""what people photograph: mostly the face and the upper body"""
ORDINARY_PEOPLE = 60
REFERENCES = 9
FEWEST, MOST = 8, 40
"""photos of a subject"""
WITH_CLASS_WORD = 0.7
"""share of triggers that are a word and the class word (`ohwx woman`), not the word alone"""


@dataclass(frozen=True)
class Character:
    """Who is trained, and how the user calls and captions them: `trigger` is the phrase that stands in the captions."""

    person: Person
    trigger: str
    images: int
    style: str
    """of the captions: a key of `captions.STYLES`"""

    @property
    def name(self) -> str:
        return self.trigger.split()[0].lower()


def character(number: int) -> Character:
    """Subject `number` with the trigger, the number of photos and the captioner that are theirs for ever.

    Photos are 8 to 40, half of the subjects with 14 to 22 of them.
    """
    person, rng = subject(number), np.random.default_rng([78, number])
    word = nonsense_name(rng)
    trigger = f"{word} {person.sex}" if rng.random() < WITH_CLASS_WORD else word
    images = round(float(np.interp(rng.random(), (0, 0.25, 0.75, 1), (FEWEST, 14, 22, MOST))))
    return Character(person, trigger, images, str(rng.choice(list(STYLES))))


def training_pictures(who: Character, alike: float, rng: np.random.Generator) -> list[Picture]:
    """The user's photos: varied, but for a share `alike` that was all taken in one place, light, outfit and pose."""
    pictures = _pictures([who.person] * who.images, FRAMINGS, rng)
    scene = replace(pictures[0].scene, framing="portrait")
    figure = replace(pictures[0].figures[0], pose="standing")
    turns = rng.uniform(-0.3, 0.3, len(pictures))
    same = _chosen(alike, len(pictures), rng)
    return [
        replace(picture, scene=scene, figures=(replace(figure, yaw=float(turns[index])),)) if index in same else picture
        for index, picture in enumerate(pictures)
    ]


def in_one_outfit(pictures: list[Picture]) -> list[Picture]:
    """The same photos with the first one's clothes in all of them."""
    outfit = pictures[0].figures[0].outfit
    return [replace(picture, figures=(replace(picture.figures[0], outfit=outfit),)) for picture in pictures]


def reference_pictures(who: Character, rng: np.random.Generator) -> list[Picture]:
    """Outside photos, close enough for the face to be measured."""
    return _pictures([who.person] * REFERENCES, ("close-up", "portrait"), rng)


def ordinary_pictures(sex: str, count: int, rng: np.random.Generator) -> list[Picture]:
    """Regularisation: ordinary people of the same class, one in four of the other sex."""
    other = "man" if sex == "woman" else "woman"
    people = [sample_person(rng, other if index % 4 == 3 else sex) for index in range(count)]
    return _pictures(people, FRAMINGS, rng)


def _pictures(people: Sequence[Person], framings: Sequence[str], rng: np.random.Generator) -> list[Picture]:
    """One photo of each; every background, light, outfit and framing comes up before one comes again."""
    count = len(people)
    places, lights, framed = (_deck(options, count, rng) for options in (BACKGROUNDS, LIGHTS, framings))
    outfits, poses = (_deck(options, count, rng) for options in (OUTFITS, POSES))
    yaws, jitters = rng.uniform(-0.6, 0.6, count), rng.integers(2**31, size=count)
    return [
        Picture(
            (Figure(people[i], outfits[i], poses[i], float(yaws[i])),),
            None,
            Scene(places[i], lights[i], framed[i], ()),
            int(jitters[i]),
        )
        for i in range(count)
    ]


def _deck(options: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """`count` of the options, each shuffled round used up before the next."""
    rounds = -(-count // len(options))
    return [options[i] for _ in range(rounds) for i in rng.permutation(len(options))][:count]


def _chosen(share: float, count: int, rng: np.random.Generator) -> frozenset[int]:
    """Which of `count` things belong to the share. Draws the same numbers whatever the share is."""
    return frozenset(int(index) for index in rng.permutation(count)[: round(share * count)])


Caption = Callable[[Picture], str]


def training_captions(who: Character, pictures: list[Picture], described: float, rng: np.random.Generator) -> list[str]:
    """In the subject's style; a share `described` of them says how the person looks, the others nothing of it."""
    writer, telling = STYLES[who.style], _chosen(described, len(pictures), rng)
    return [writer(picture, who.trigger, index in telling) for index, picture in enumerate(pictures)]


def ordinary_captions(pictures: list[Picture]) -> list[str]:
    """In every style in turn, as sets that are collected are: with the subject's style alone, the person still came when the
    class word was asked for in another (README.md)."""
    styles = list(STYLES.values())
    return [styles[i % len(styles)](picture, f"a {picture.figures[0].person.sex}", False) for i, picture in enumerate(pictures)]


def write_photos(folder: Path, pictures: list[Picture], captions: list[str] | None = None) -> None:
    """PNGs numbered from 01, each with its caption beside it."""
    for number, picture in enumerate(pictures, start=1):
        write_png(Image.fromarray(draw(picture)[0]), folder / f"{number:02d}.png")
        if captions is not None:
            write_text(folder / f"{number:02d}.txt", captions[number - 1] + "\n")
