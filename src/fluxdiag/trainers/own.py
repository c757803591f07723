"""The built-in trainer, asked as all others are. Its config is `setup.json`, in the words of `trainers/setup.py`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from fluxdiag.checks import Check
from fluxdiag.profiles import Profile, load_profile
from fluxdiag.runs import as_json
from fluxdiag.trainers.checks import base_check, disk_check, library_check, memory_check
from fluxdiag.trainers.contract import Command, TrainingProgress
from fluxdiag.trainers.recipe import OPTIMIZER_MODULES, Recipe
from fluxdiag.trainers.setup import TrainingSetup, setup_for

Quantised = Literal["no", "8bit", "4bit"]

SETUP = "setup.json"
PROGRESS = re.compile(r"step (\d+)/(\d+) loss (\S+) eta (\d+)")
SAME = (*(field for field in Recipe.model_fields if field in TrainingSetup.model_fields), "checkpoint_every")
"""what the setup has by the same name as the recipe"""
SILENT = frozenset({"guidance", "max_sequence_length", "checkpoint_every", "seed"})
"""what belongs to the base or to the machine, not to the training that is compared"""
ROOM: dict[Quantised, float] = {"no": 1.25, "8bit": 0.8, "4bit": 0.55}
"""times what the base takes in half precision, of the card; largest need first. One picture of 1024 px at rank 16, as measured at
FLUX.1's size (docs/performance.md), and a tenth more for CUDA itself and for what lies between the tensors"""
PICTURE: dict[Quantised, float] = {"no": 0.11, "8bit": 0.18, "4bit": 0.18}
"""likewise, what each picture of that size takes of it: the slope between 512 and 1024 px"""
QUANTISERS: dict[Quantised, tuple[str, ...]] = {"no": (), "8bit": ("torchao",), "4bit": ("bitsandbytes",)}


class BuiltIn:
    name = "builtin"
    unread: frozenset[str] = frozenset()

    def __init__(self, memory_gb: float = 24.0) -> None:
        self.memory_gb = memory_gb

    def check(self, recipe: Recipe, out: Path) -> Sequence[Check]:
        profile = load_profile(recipe.base)
        kept = self._quantised(recipe, profile)
        why = f"{profile.name} in {profile.precision}" + ("" if kept == "no" else f", weights in {kept}")
        return (
            library_check(("torch", "diffusers", "peft", *OPTIMIZER_MODULES[recipe.optimizer], *QUANTISERS[kept])),
            base_check(recipe.base, profile),
            memory_check(round(_needed_gb(kept, recipe, profile)), why),
            disk_check(recipe, out, profile),
        )

    def words(self, recipe: Recipe) -> Mapping[str, str]:
        return {field: f"{field}: {_said(getattr(recipe, field))}" for field in SAME if field not in SILENT}

    def remarks(self, recipe: Recipe) -> Sequence[str]:
        if recipe.regularisation is None:
            return ()
        half = "every second picture shown is a regularisation picture"
        return (f"{half}: {recipe.steps} steps show the person as often as {recipe.steps // 2} without",)

    def setup(self, recipe: Recipe, out: Path) -> TrainingSetup:
        """What the recipe does not say is as the base's profile has it: times, targets, precision."""
        output = str((out / recipe.name).absolute()) + ".safetensors"
        told = {field: getattr(recipe, field) for field in SAME if field not in ("base", "dataset")}
        told["quantised"] = self._quantised(recipe, load_profile(recipe.base))
        return setup_for(recipe.base, recipe.dataset, output, recipe.images, **told)

    def _quantised(self, recipe: Recipe, profile: Profile) -> Quantised:
        if profile.precision == "float32":
            return "no"
        return next((kept for kept in ROOM if self.memory_gb >= _needed_gb(kept, recipe, profile)), "4bit")

    def files(self, recipe: Recipe, out: Path) -> Mapping[str, str]:
        return {SETUP: as_json(self.setup(recipe, out))}

    def command(self, recipe: Recipe, out: Path) -> Command:
        setup = str((out / SETUP).absolute())
        return Command((sys.executable, "-m", "fluxdiag.trainers.builtin_job", setup), out.absolute())

    def progress(self, line: str, recipe: Recipe) -> TrainingProgress | None:
        found = PROGRESS.search(line)
        return found and TrainingProgress(int(found[1]), int(found[2]), float(found[3]), float(found[4]))

    def result(self, recipe: Recipe, out: Path) -> Path | None:
        file = out / f"{recipe.name}.safetensors"
        return file if file.is_file() else None


def _needed_gb(kept: Quantised, recipe: Recipe, profile: Profile) -> float:
    """Of the card, for a step of this recipe with the base kept so."""
    pictures = recipe.batch_size * recipe.resolution[0] * recipe.resolution[1] / 1024**2
    return profile.cost.vram_gb * (ROOM[kept] + PICTURE[kept] * (pictures - 1))


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return "x".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
