"""Recipes for the tests of trainers."""

from pathlib import Path

from fluxdiag.trainers.contract import Trainer
from fluxdiag.trainers.recipe import Recipe

VALUES = {
    "base": "black-forest-labs/FLUX.1-dev",
    "name": "mychar-2",
    "dataset": "/somewhere/dataset",
    "images": 20,
    "trigger": "ohwx woman",
    "class_word": "woman",
    "steps": 2350,
    "learning_rate": 1e-4,
    "rank": 16,
    "resolution": (1024, 1024),
    "guidance": 1.0,
    "max_sequence_length": 512,
}


def write(trainer: Trainer, given: Recipe, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, text in trainer.files(given, out).items():
        (out / name).write_text(text, encoding="utf-8")


def recipe(**changes: object) -> Recipe:
    return Recipe.model_validate(VALUES | changes)


def regularised(**changes: object) -> Recipe:
    return recipe(regularisation="/somewhere/regularisation", regularisation_images=100, **changes)
