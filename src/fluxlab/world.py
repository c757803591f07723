"""Who and what exists in the laboratory: people, scenes, and the seeded samplers that make them.

An identity is a set of attributes that words can name (hair, eyes, skin, ...) and a vector of geometry and exact
colours that no word names. So a caption can describe a person, and never fully. A `Picture` is everything that
`draw.py` needs; it holds no pixels.

Subjects 0-4999 are for building, 5000 and up for judging: `subject(n)` is the same person for ever. The base is
trained on people from the same sampler under other seeds, never on the subjects.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

SEXES = ("woman", "man")
HAIR_COLOURS = ("black", "brown", "blonde", "red", "grey", "blue", "green", "pink")
HAIR_STYLES = ("short", "long", "bob", "curly", "spiky", "ponytail", "bun", "bald")
EYE_COLOURS = ("brown", "blue", "green", "grey", "amber")
SKINS = ("pale", "fair", "olive", "brown", "dark")
FACE_SHAPES = ("round", "oval", "square", "long")
BEARDS = ("none", "beard", "moustache")
MARKS = ("none", "scar", "mole")

BACKGROUNDS = ("park", "beach", "city street", "forest", "snowy mountain", "library", "kitchen", "studio")
LIGHTS = ("bright daylight", "sunset", "night", "fog", "neon light")
FRAMINGS = ("close-up", "portrait", "cowboy shot", "full body shot")
POSES = ("standing", "waving", "arms crossed")
OUTFITS = (
    "red t-shirt",
    "blue suit",
    "green hoodie",
    "yellow raincoat",
    "black leather jacket",
    "striped shirt",
    "white lab coat",
    "purple dress",
)
ANIMALS = ("dog", "cat", "bird")
OBJECTS = ("car", "tree", "house", "cup")
CLUTTER = ("balloon", "lamp", "bench", "sign", "plant", "ball")

# Continuous identity, each in [-1, 1]; no caption ever names one.
GEOMETRY = (
    "face_width",
    "face_height",
    "jaw_width",
    "eye_gap",
    "eye_size",
    "eye_tilt",
    "eye_height",
    "brow_height",
    "brow_weight",
    "brow_tilt",
    "nose_length",
    "nose_width",
    "mouth_width",
    "mouth_height",
    "lip_weight",
    "ear_size",
    "hair_volume",
    "hairline",
)
TINTS = ("hair_hue", "hair_value", "skin_hue", "skin_value", "eye_value", "lip_hue")


@dataclass(frozen=True)
class Person:
    """One identity. `geometry` follows GEOMETRY and `tint` follows TINTS, each value in [-1, 1]."""

    sex: str
    hair_colour: str
    hair_style: str
    eye_colour: str
    skin: str
    face_shape: str
    glasses: bool
    beard: str
    freckles: bool
    mark: str
    geometry: tuple[float, ...]
    tint: tuple[float, ...]

    def shape(self, name: str) -> float:
        return self.geometry[GEOMETRY.index(name)]

    def shade(self, name: str) -> float:
        return self.tint[TINTS.index(name)]


@dataclass(frozen=True)
class Figure:
    """A person as they appear in one picture. `yaw` in [-1, 1] turns the head, -1 to the left of the image."""

    person: Person
    outfit: str
    pose: str
    yaw: float


@dataclass(frozen=True)
class Scene:
    background: str
    light: str
    framing: str
    clutter: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """What one image shows: none, one or two figures, perhaps a thing (animal or object), in a scene.

    `jitter` seeds all variation that neither a caption nor an identity fixes (placement, texture, clutter).
    """

    figures: tuple[Figure, ...]
    thing: str | None
    scene: Scene
    jitter: int


def _pick(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]


def sample_person(rng: np.random.Generator, sex: str | None = None) -> Person:
    """One random identity; `sex` fixes that attribute only."""
    chosen = _pick(rng, SEXES) if sex is None else sex
    beards = BEARDS if chosen == "man" else ("none",)
    styles = HAIR_STYLES if chosen == "man" else HAIR_STYLES[:-1]
    return Person(
        sex=chosen,
        hair_colour=_pick(rng, HAIR_COLOURS),
        hair_style=_pick(rng, styles),
        eye_colour=_pick(rng, EYE_COLOURS),
        skin=_pick(rng, SKINS),
        face_shape=_pick(rng, FACE_SHAPES),
        glasses=bool(rng.random() < 0.3),
        beard=_pick(rng, beards),
        freckles=bool(rng.random() < 0.25),
        mark=MARKS[int(rng.choice(3, p=[0.7, 0.15, 0.15]))],
        geometry=tuple(float(v) for v in rng.uniform(-1, 1, len(GEOMETRY))),
        tint=tuple(float(v) for v in rng.uniform(-1, 1, len(TINTS))),
    )


def subject(number: int) -> Person:
    """The reserved identity `number`: 0-4999 for building, 5000 and up for judging."""
    return sample_person(np.random.default_rng([77, number]))


def sample_scene(rng: np.random.Generator, framing: str | None = None) -> Scene:
    count = int(rng.choice(3, p=[0.6, 0.3, 0.1]))
    return Scene(
        background=_pick(rng, BACKGROUNDS),
        light=_pick(rng, LIGHTS),
        framing=_pick(rng, FRAMINGS) if framing is None else framing,
        clutter=tuple(_pick(rng, CLUTTER) for _ in range(count)),
    )


def sample_figure(rng: np.random.Generator, person: Person) -> Figure:
    return Figure(person, _pick(rng, OUTFITS), _pick(rng, POSES), float(rng.uniform(-1, 1)))


def sample_picture(rng: np.random.Generator, person: Person | None = None) -> Picture:
    """A random picture of `person`; without one, of whatever the world holds.

    Of those, 78% show one person, 8% two, 10% an animal or object, 4% an empty scene.
    """
    scene, jitter = sample_scene(rng), int(rng.integers(2**31))
    if person is not None:
        return Picture((sample_figure(rng, person),), None, scene, jitter)
    kind = rng.random()
    if kind < 0.78:
        return Picture((sample_figure(rng, sample_person(rng)),), None, scene, jitter)
    if kind < 0.86:
        pair = tuple(sample_figure(rng, sample_person(rng)) for _ in range(2))
        return Picture(pair, None, replace(scene, framing=_pick(rng, FRAMINGS[1:])), jitter)
    thing = _pick(rng, ANIMALS + OBJECTS) if kind < 0.96 else None
    return Picture((), thing, scene, jitter)


_CONSONANTS, _VOWELS = "bcdfghjklmnpqrstvwxz", "aeiouy"


def nonsense_name(rng: np.random.Generator) -> str:
    """A word that means nothing, in the manner of trigger words: `ohwx`, `MYCHAR01`, `bnkr7p`."""
    letters = "".join(_pick(rng, tuple(_CONSONANTS if rng.random() < 0.7 else _VOWELS)) for _ in range(rng.integers(4, 8)))
    digits = str(rng.integers(100)) if rng.random() < 0.4 else ""
    return (letters.upper() if rng.random() < 0.3 else letters) + digits
