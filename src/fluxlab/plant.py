"""A LoRA with a known fault, and around it what a user would have: photos, captions, outside photos, a `fluxdiag.toml`.

    NAME.safetensors   dataset/ (photos and captions)   regularisation/ (ordinary people)   references/ (never trained on)

Nothing in the folder says what the fault is; `fluxdiag` must find it out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from fluxdiag.engines.encoders import write_png
from fluxdiag.engines.lora_training import Progress, TrainingProgress
from fluxdiag.runs import write_text
from fluxdiag.trainers.builtin import train
from fluxdiag.trainers.setup import TrainingSetup, setup_for
from fluxlab.captions import full_caption, scene_caption
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

BASE = Path(__file__).parent / "weights" / "base"
FRAMINGS = ("close-up", "portrait", "portrait", "cowboy shot")
"""what people photograph: mostly the face and the upper body"""
ORDINARY_PEOPLE = 60
BATCH = 4
REFERENCES = 9


@dataclass(frozen=True)
class Recipe:
    """How a LoRA is trained; the defaults are the guide's. `steps` multiplies the guide's formula."""

    described: bool = False
    varied: bool = True
    regularised: bool = True
    steps: float = 1.0
    rank: int | None = None


FAULTS: dict[str, dict[str, Any]] = {
    "healthy": {},
    "overcaptioned": {"described": True},
    "low-diversity": {"varied": False},
    "under": {"steps": 0.12},
    "over": {"steps": 4.0},
    "rank-low": {"rank": 1},
    "rank-high": {"rank": 64},
    "no-regularisation": {"regularised": False},
}


@dataclass(frozen=True)
class Character:
    """Who is trained, and how the user calls them: `trigger` is the phrase that stands in the captions."""

    person: Person
    trigger: str
    images: int

    @property
    def name(self) -> str:
        return self.trigger.split()[0].lower()


def recipe_of(fault: str) -> Recipe:
    """The recipe of a fault, or of several joined by `+`. Raises ValueError with the names that exist."""
    changes: dict[str, Any] = {}
    for name in fault.split("+"):
        if name not in FAULTS:
            raise ValueError(f"no such fault: {name}; there are {', '.join(FAULTS)}")
        changes |= FAULTS[name]
    return Recipe(**changes)


def character(number: int) -> Character:
    """Subject `number` with the trigger and the number of photos that are theirs for ever."""
    person, rng = subject(number), np.random.default_rng([78, number])
    word = nonsense_name(rng)
    trigger = f"{word} {person.sex}" if rng.random() < 0.7 else word
    return Character(person, trigger, int(rng.integers(14, 19)))


def plant(
    fault: str, number: int, seed: int, out: Path, *, base: Path = BASE, progress: Progress | None = None, **overrides: Any
) -> Path:
    """Draws the photos, trains the LoRA and returns its file; `overrides` are fields of TrainingSetup.

    The same arguments give the same bytes; what is finished is not done again.
    """
    recipe, who = recipe_of(fault), character(number)
    rng = np.random.default_rng([79, number, seed])
    _write_photos(out / "dataset", training_pictures(who, recipe, rng), _caption(who, recipe))
    _write_photos(out / "references", reference_pictures(who, rng), None)
    if recipe.regularised:
        _write_photos(out / "regularisation", ordinary_pictures(who.person.sex, rng), _generic_caption)
    write_text(out / "fluxdiag.toml", _case_file(who))
    return train(_setup(recipe, who, out, base, seed, overrides), progress)


def training_pictures(who: Character, recipe: Recipe, rng: np.random.Generator) -> list[Picture]:
    """The user's photos: varied, or all of them in one scene, outfit and pose."""
    pictures = _pictures([who.person] * who.images, FRAMINGS, rng)
    if recipe.varied:
        return pictures
    scene = replace(pictures[0].scene, framing="portrait", clutter=())
    figure = replace(pictures[0].figures[0], pose="standing")
    turns = rng.uniform(-0.3, 0.3, len(pictures))
    return [
        replace(picture, scene=scene, figures=(replace(figure, yaw=float(turn)),))
        for picture, turn in zip(pictures, turns, strict=True)
    ]


def reference_pictures(who: Character, rng: np.random.Generator) -> list[Picture]:
    """Outside photos, close enough for the face to be measured."""
    return _pictures([who.person] * REFERENCES, ("close-up", "portrait"), rng)


def ordinary_pictures(sex: str, rng: np.random.Generator) -> list[Picture]:
    """Regularisation: ordinary people of the same class, one in four of the other sex."""
    other = "man" if sex == "woman" else "woman"
    people = [sample_person(rng, other if index % 4 == 3 else sex) for index in range(ORDINARY_PEOPLE)]
    return _pictures(people, FRAMINGS, rng)


def _pictures(people: list[Person], framings: tuple[str, ...], rng: np.random.Generator) -> list[Picture]:
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


def _deck(options: tuple[str, ...], count: int, rng: np.random.Generator) -> list[str]:
    """`count` of the options, each shuffled round used up before the next."""
    rounds = -(-count // len(options))
    return [options[i] for _ in range(rounds) for i in rng.permutation(len(options))][:count]


Caption = Callable[[Picture], str]


def _caption(who: Character, recipe: Recipe) -> Caption:
    writer = full_caption if recipe.described else scene_caption
    return lambda picture: writer(picture, who.trigger)


def _generic_caption(picture: Picture) -> str:
    return scene_caption(picture, f"a {picture.figures[0].person.sex}")


def _write_photos(folder: Path, pictures: list[Picture], caption: Caption | None) -> None:
    """PNGs numbered from 01, each with its caption beside it."""
    for number, picture in enumerate(pictures, start=1):
        write_png(Image.fromarray(draw(picture)[0]), folder / f"{number:02d}.png")
        if caption is not None:
            write_text(folder / f"{number:02d}.txt", caption(picture) + "\n")


def _case_file(who: Character) -> str:
    """What a careful user notes beside the file; nothing of the fault."""
    lines = {"trigger": who.trigger, "class_word": who.person.sex, "dataset": "dataset", "references": "references"}
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())


def _setup(recipe: Recipe, who: Character, out: Path, base: Path, seed: int, overrides: dict[str, Any]) -> TrainingSetup:
    suggested = setup_for(str(base), str(out / "dataset"), str(out / f"{who.name}.safetensors"), who.images)
    changes: dict[str, Any] = {
        "trigger": who.trigger,
        "class_word": who.person.sex,
        "regularisation": str(out / "regularisation") if recipe.regularised else None,
        "batch_size": BATCH,
        "steps": max(1, round(suggested.steps * recipe.steps / BATCH)),
        "rank": recipe.rank or suggested.rank,
        "warmup_steps": 100,
        "seed": seed,
    }
    return suggested.model_copy(update=changes | overrides)


def main(arguments: list[str] | None = None) -> None:
    """`fluxlab plant --fault F --subject S --seed K --out DIR`."""
    parser = argparse.ArgumentParser(prog="fluxlab plant", description=__doc__)
    parser.add_argument("--fault", required=True, help=f"one of {', '.join(FAULTS)}, or several joined by +")
    parser.add_argument("--subject", type=int, required=True, help="0-4999 for building, 5000 and up for judging")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", type=Path, default=BASE)
    given = parser.parse_args(arguments)
    print(plant(given.fault, given.subject, given.seed, given.out, base=given.base, progress=_say))


def _say(at: TrainingProgress) -> None:
    if at.step % 50 == 0 or at.step == at.steps:
        print(f"step {at.step}/{at.steps} loss {at.loss:.4f} {at.eta_seconds:.0f} s left", file=sys.stderr, flush=True)
