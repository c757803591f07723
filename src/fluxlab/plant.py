"""A LoRA with a known fault, and around it what a user would have: photos, captions, outside photos, a `fluxdiag.toml`.

    NAME.safetensors   dataset/ (photos and captions)   regularisation/ (ordinary people)   references/ (never trained on)

Nothing in the folder says what the fault is; `fluxdiag` must find it out.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from fluxdiag.engines.lora_training import Progress, TrainingProgress
from fluxdiag.runs import write_text
from fluxdiag.trainers.builtin import train
from fluxdiag.trainers.setup import TrainingSetup, setup_for
from fluxlab import headers
from fluxlab.album import (
    ORDINARY_PEOPLE,
    Character,
    character,
    in_one_outfit,
    ordinary_captions,
    ordinary_pictures,
    reference_pictures,
    training_captions,
    training_pictures,
    write_photos,
)
from fluxlab.captions import STYLES

BASE = Path(__file__).parent / "weights" / "base"
BATCH = 4


@dataclass(frozen=True)
class Recipe:
    """How a LoRA is trained; the defaults are the guide's. Shares run from 0 to 1, the others are factors."""

    described: float = 0.0
    """share of the captions that say how the person looks"""
    alike: float = 0.0
    """share of the photos taken in one place, light, outfit and pose"""
    ordinary: float = 1.0
    """share of the regularisation people that are there"""
    steps: float = 1.0
    """times the formula of the base's profile"""
    rank: float = 1.0
    """times the rank of the base's profile"""


SHARES = frozenset({"described", "alike", "ordinary"})
FAULTS: dict[str, Recipe] = {
    "healthy": Recipe(),
    "overcaptioned": Recipe(described=1.0),
    "low-diversity": Recipe(alike=1.0),
    "under": Recipe(steps=0.12),
    "over": Recipe(steps=4.0),
    "rank-low": Recipe(rank=1 / 16),
    "rank-high": Recipe(rank=4.0),
    "no-regularisation": Recipe(ordinary=0.0),
}
"""each at severity 1"""


@dataclass(frozen=True)
class Odds:
    """What may be odd about a planted LoRA besides its fault: decoys and mixtures. None: as the subject or recipe has it."""

    images: int | None = None
    style: str | None = None
    header: str = "kohya"
    """what the file tells of its training: a key of `headers.STYLES`"""
    trigger: str | None = None
    """another phrase than the subject's own, such as one that the base knows (`data.named_person`)"""
    one_outfit: bool = False
    """the same clothes in every photo, wherever it was taken"""


def recipe_of(fault: str, severity: float = 1.0) -> Recipe:
    """The recipe of a fault, or of several joined by `+`. Raises ValueError for unknown ones and severities outside 0-1.

    Shares grow with the severity, factors by its power: half of `over` is two times the steps.
    """
    if not 0 <= severity <= 1:
        raise ValueError(f"a severity is from 0 to 1, not {severity}")
    changes: dict[str, float] = {}
    for name in fault.split("+"):
        if name not in FAULTS:
            raise ValueError(f"no such fault: {name}; there are {', '.join(FAULTS)}")
        changes |= _softened(FAULTS[name], severity)
    return Recipe(**changes)


def _softened(full: Recipe, severity: float) -> dict[str, float]:
    """The fields in which a recipe differs from the guide's, at that severity."""
    changes = {}
    for field in fields(Recipe):
        value, sound = getattr(full, field.name), field.default
        if value != sound:
            changes[field.name] = sound + severity * (value - sound) if field.name in SHARES else value**severity
    return changes


def plant(
    fault: str,
    number: int,
    seed: int,
    out: Path,
    *,
    severity: float = 1.0,
    odds: Odds | None = None,
    base: Path = BASE,
    progress: Progress | None = None,
    **overrides: Any,
) -> Path:
    """Draws the photos, trains the LoRA and returns its file; `overrides` are fields of TrainingSetup.

    The same arguments give the same bytes; what is finished is not done again.
    """
    recipe, odds = recipe_of(fault, severity), odds or Odds()
    who = _as_asked(character(number), odds)
    ordinary = round(recipe.ordinary * ORDINARY_PEOPLE)
    _write_album(who, recipe, ordinary, odds.one_outfit, np.random.default_rng([79, number, seed]), out)
    setup = _setup(recipe, who, out, base, seed, ordinary > 0, overrides)
    return headers.restyle(train(setup, progress), setup, odds.header)


def _as_asked(who: Character, odds: Odds) -> Character:
    return replace(who, images=odds.images or who.images, style=odds.style or who.style, trigger=odds.trigger or who.trigger)


def _write_album(who: Character, recipe: Recipe, ordinary: int, one_outfit: bool, rng: np.random.Generator, out: Path) -> None:
    pictures = training_pictures(who, recipe.alike, rng)
    pictures = in_one_outfit(pictures) if one_outfit else pictures
    write_photos(out / "dataset", pictures, training_captions(who, pictures, recipe.described, rng))
    write_photos(out / "references", reference_pictures(who, rng))
    others = ordinary_pictures(who.person.sex, ordinary, rng)
    if others:
        write_photos(out / "regularisation", others, ordinary_captions(others))
    write_text(out / "fluxdiag.toml", _case_file(who))


def _case_file(who: Character) -> str:
    """What a careful user notes beside the file; nothing of the fault."""
    lines = {"trigger": who.trigger, "class_word": who.person.sex, "dataset": "dataset", "references": "references"}
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())


def _setup(
    recipe: Recipe, who: Character, out: Path, base: Path, seed: int, regularised: bool, overrides: dict[str, Any]
) -> TrainingSetup:
    suggested = setup_for(str(base), str(out / "dataset"), str(out / f"{who.name}.safetensors"), who.images)
    changes: dict[str, Any] = {
        "trigger": who.trigger,
        "class_word": who.person.sex,
        "regularisation": str(out / "regularisation") if regularised else None,
        "batch_size": BATCH,
        "steps": max(1, round(suggested.steps * recipe.steps / BATCH)),
        "rank": max(1, round(suggested.rank * recipe.rank)),
        "warmup_steps": 100,
        "seed": seed,
    }
    return suggested.model_copy(update=changes | overrides)


def main(arguments: list[str] | None = None) -> None:
    """`fluxlab plant --fault F --subject S --seed K --out DIR`."""
    parser = argparse.ArgumentParser(prog="fluxlab plant", description=__doc__)
    parser.add_argument("--fault", required=True, help=f"one of {', '.join(FAULTS)}, or several joined by +")
    parser.add_argument("--severity", type=float, default=1.0, help="from 0, healthy, to 1")
    parser.add_argument("--subject", type=int, required=True, help="0-4999 for building, 5000 and up for judging")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", type=Path, default=BASE)
    knobs = parser.add_argument_group("decoys and mixtures", "each overrides what the fault and the subject say")
    knobs.add_argument("--rank", type=int)
    knobs.add_argument("--lr", type=float, dest="learning_rate")
    knobs.add_argument("--steps", type=int, help=f"optimizer steps, {BATCH} images each")
    knobs.add_argument("--images", type=int)
    knobs.add_argument("--caption-style", choices=STYLES)
    knobs.add_argument("--metadata", choices=headers.STYLES, default="kohya", help="what the file tells of its training")
    knobs.add_argument("--trigger", help="another phrase than the subject's own")
    knobs.add_argument("--one-outfit", action="store_true", help="the same clothes in every photo")
    knobs.add_argument("--strip-metadata", action="store_const", const="none", dest="metadata")
    given = parser.parse_args(arguments)
    overrides = {key: value for key in ("rank", "learning_rate", "steps") if (value := getattr(given, key)) is not None}
    odds = Odds(given.images, given.caption_style, given.metadata, given.trigger, given.one_outfit)
    where = (given.fault, given.subject, given.seed, given.out)
    print(plant(*where, severity=given.severity, odds=odds, base=given.base, progress=_say, **overrides))


def _say(at: TrainingProgress) -> None:
    if at.step % 50 == 0 or at.step == at.steps:
        print(f"step {at.step}/{at.steps} loss {at.loss:.4f} {at.eta_seconds:.0f} s left", file=sys.stderr, flush=True)
