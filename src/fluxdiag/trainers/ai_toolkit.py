"""ostris/ai-toolkit, the guide's first choice: a YAML file that `run.py` of the user's own checkout is started with.

Read off its source at 0.12.26 (run.py, toolkit/config.py, config_modules.py, BaseSDTrainProcess.py) and seen to run there
(docs/retrain.md). What would go wrong without a word, and what is done about it:

alpha           taken as the rank on FLUX.1, whatever is asked            -> the rate takes the factor, and that is said
same name       goes on from whatever lies under `<folder>/<name>*`       -> the name carries the recipe's digest
half a file     is gone on from as well, and ends every further start     -> renamed before each start
block names     are matched as parts of names: `blocks.1` is in `blocks.10` -> each ends with its dot
regularisation  takes every second step                                   -> counted in the recipe's steps
caches          are written beside the photos                             -> the dataset is a copy
captions        are always 512 tokens of T5                               -> a remark where the base has other
defaults        noise scheduler ddpm, rate 1e-6, float32                  -> all are said
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from fluxdiag.checks import Check
from fluxdiag.errors import FluxdiagError, UnreadableLora
from fluxdiag.lora.container import open_container
from fluxdiag.profiles import load_profile
from fluxdiag.trainers.bars import bar
from fluxdiag.trainers.blocks import chosen_blocks
from fluxdiag.trainers.checks import base_check, checkout_check, disk_check, memory_check, python_check
from fluxdiag.trainers.contract import Command, TrainingProgress
from fluxdiag.trainers.places import Installed
from fluxdiag.trainers.recipe import OPTIMIZER_MODULES, PRODIGY_D_COEF, Recipe

CONFIG, OUTPUT = "config.yaml", "output"
T5_TOKENS = 512
"""whatever the base was made for: a number in its stable_diffusion_model.py"""
FILES = ("run.py", "toolkit/config.py", "toolkit/config_modules.py")
MODULES = (
    *("torch", "torchvision", "torchaudio", "torchao", "diffusers", "transformers", "safetensors", "accelerate", "peft"),
    *("oyaml", "dotenv", "optimum.quanto", "lycoris", "albumentations", "controlnet_aux", "lpips", "timm", "av"),
)
"""it imports every model that it knows before it trains one; torchaudio is in its README and not in its requirements"""
SMALL_CARD = 23.0
"""GB; below it the weights are quantised in pieces (`low_vram`)"""
LEFT_OUT = {"all": [".norm"], "modulation": [], "attention": [".norm", ".ff.", ".ff_context.", ".proj_mlp", ".proj_out"]}
"""layers -> parts of the names of what is not adapted; ai-toolkit's own choice is `modulation`"""
PLACES = {
    "base": "model.name_or_path",
    "trigger": "trigger_word",
    "dataset": "datasets.0.folder_path",
    "regularisation": "datasets.1.folder_path",
    "steps": "train.steps",
    "batch_size": "train.batch_size",
    "accumulation": "train.gradient_accumulation",
    "optimizer": "train.optimizer",
    "d_coef": "train.optimizer_params.d_coef",
    "learning_rate": "train.lr",
    "scheduler": "train.lr_scheduler",
    "warmup_steps": "train.lr_scheduler_params.num_warmup_steps",
    "rank": "network.linear",
    "alpha": "network.linear_alpha",
    "blocks": "network.network_kwargs.only_if_contains",
    "layers": "network.network_kwargs.ignore_if_contains",
    "resolution": "datasets.0.resolution",
    "caption_dropout": "datasets.0.caption_dropout_rate",
}
"""field of the recipe -> its place in the process section"""


class AiToolkit:
    name = "ai-toolkit"
    unread: frozenset[str] = frozenset()

    def __init__(self, place: Installed, memory_gb: float = 24.0) -> None:
        self.place, self.memory_gb = place, memory_gb

    def check(self, recipe: Recipe, out: Path) -> Sequence[Check]:
        profile = load_profile(recipe.base)
        why = "its README asks for 24 GB with 8-bit weights"
        return (
            *self.program(OPTIMIZER_MODULES[recipe.optimizer]),
            base_check(recipe.base, profile),
            memory_check(profile.cost.vram_gb, why),
            disk_check(recipe, out, profile),
        )

    def program(self, optimizer: Sequence[str] = ()) -> Sequence[Check]:
        """What it needs whatever is trained."""
        return (
            checkout_check(self.name, self.place.home, FILES, "https://github.com/ostris/ai-toolkit"),
            python_check(self.place.python, (*MODULES, *optimizer), "requirements.txt"),
        )

    def words(self, recipe: Recipe) -> Mapping[str, str]:
        process = self._process(recipe, Path())
        found = {field: _at(process, place) for field, place in PLACES.items()}
        return {field: f"{PLACES[field]}: {_said(value)}" for field, value in found.items() if value is not None}

    def remarks(self, recipe: Recipe) -> Sequence[str]:
        said = []
        if recipe.scale != 1:
            instead = "Prodigy finds its own rate" if recipe.optimizer == "prodigy" else f"the rate is {_rate(recipe):g} instead"
            lost = f"the scale of {recipe.scale:g} cannot be kept"
            said.append(f"ai-toolkit trains FLUX.1 with alpha = rank, so {lost}: {instead}")
        if recipe.scheduler == "cosine" and recipe.warmup_steps:
            said.append("ai-toolkit has no warm-up in front of a cosine: it is left out")
        if recipe.regularisation:
            half = "every second step is a regularisation picture's"
            said.append(f"{half}: about {recipe.steps // 2} of the {recipe.steps} steps train the person")
        if recipe.caption_dropout and recipe.trigger:
            said.append("a caption that ai-toolkit drops still becomes the trigger, never an empty one")
        if recipe.max_sequence_length != T5_TOKENS:
            said.append(f"ai-toolkit gives T5 {T5_TOKENS} tokens, where this base has {recipe.max_sequence_length}")
        return said

    def files(self, recipe: Recipe, out: Path) -> Mapping[str, str]:
        """`${...}` would be read as a variable of the environment and `[name]` as the name: refused where a user wrote them."""
        config = {
            "job": "extension",
            "config": {"name": run_name(recipe), "process": [self._process(recipe, out.absolute())]},
            "meta": {"name": "[name]", "version": "1.0"},
        }
        text = yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
        strange = next((mark for mark in ("${", "[trigger]") if mark in text), None) or _named(text)
        if strange is not None:
            what = f"{strange!r} in a path or in the trigger means something else to ai-toolkit"
            raise FluxdiagError(what, where=CONFIG, do="Choose another --out, or train with --trainer kohya")
        return {CONFIG: text}

    def command(self, recipe: Recipe, out: Path) -> Command:
        """The absolute path of the config: a bare name would be looked for in the checkout's own folder first.

        Asked for right before each start, so half checkpoints are set aside here.
        """
        assert self.place.home is not None, "check() comes first"
        assert self.place.python is not None, "check() comes first"
        _set_halves_aside(_saved(recipe, out), run_name(recipe))
        arguments = (str(self.place.python), str(self.place.home / "run.py"), str((out / CONFIG).absolute()))
        return Command(arguments, self.place.home)

    def progress(self, line: str, recipe: Recipe) -> TrainingProgress | None:
        """Its bar of the training is the one that carries the name of the run."""
        found = bar(line)
        if found is None or found.name != run_name(recipe):
            return None
        return TrainingProgress(found.done, found.of, found.number("loss:"), found.eta_seconds)

    def result(self, recipe: Recipe, out: Path) -> Path | None:
        file = _saved(recipe, out) / f"{run_name(recipe)}.safetensors"
        return file if file.is_file() else None

    # -------------------------------------------------------------------------------------------- the config

    def _process(self, recipe: Recipe, out: Path) -> dict[str, Any]:
        return {
            "type": "sd_trainer",
            "training_folder": str(out / OUTPUT),
            "device": "cuda:0",
            "training_seed": recipe.seed,
            **({"trigger_word": recipe.trigger} if recipe.trigger else {}),
            "network": _network(recipe),
            "save": {
                "dtype": "float16",
                "save_every": recipe.checkpoint_every,
                "max_step_saves_to_keep": 12,
                "push_to_hub": False,
            },
            "datasets": _datasets(recipe),
            "train": _train(recipe),
            "model": {
                "name_or_path": recipe.base,
                "is_flux": True,
                "quantize": True,
                "low_vram": self.memory_gb < SMALL_CARD,
            },
            "sample": {"sampler": "flowmatch", "sample_every": recipe.steps, "prompts": []},
        }


def run_name(recipe: Recipe) -> str:
    """Also the folder: a training of another recipe must not go on from this one's checkpoints."""
    return f"{recipe.name}-{recipe.digest[:8]}"


def _saved(recipe: Recipe, out: Path) -> Path:
    """Its checkpoints `<name>_<nine digits>.safetensors`, the finished `<name>.safetensors`, and `optimizer.pt`."""
    return out / OUTPUT / run_name(recipe)


def _set_halves_aside(folder: Path, name: str) -> None:
    """A kill or a full disk can leave half a file; it goes on from the youngest `<name>*`, and dies of half a one every time."""
    for file in folder.glob(f"{name}*.safetensors"):
        try:
            open_container(file)
        except UnreadableLora:
            file.rename(file.with_name(f"half-{file.name}"))


def _network(recipe: Recipe) -> dict[str, Any]:
    blocks = [f"transformer.{block}." for block in chosen_blocks(recipe.blocks) or ()]
    ignored = LEFT_OUT[recipe.layers]
    targets = ({"only_if_contains": blocks} if blocks else {}) | ({"ignore_if_contains": ignored} if ignored else {})
    network: dict[str, Any] = {"type": "lora", "linear": recipe.rank, "linear_alpha": recipe.rank}
    return network | ({"network_kwargs": targets} if targets else {})


def _datasets(recipe: Recipe) -> list[dict[str, Any]]:
    shared = {"caption_ext": "txt", "cache_latents_to_disk": True, "resolution": _side(recipe)}
    own = {"folder_path": recipe.dataset, "caption_dropout_rate": recipe.caption_dropout} | shared
    if recipe.regularisation is None:
        return [own]
    ordinary = {"folder_path": recipe.regularisation, "is_reg": True, "default_caption": f"a {recipe.class_word}"}
    return [own, ordinary | shared]


def _side(recipe: Recipe) -> int:
    """One number: a list of several would train every photo at each."""
    return round(math.sqrt(recipe.resolution[0] * recipe.resolution[1]))


def _train(recipe: Recipe) -> dict[str, Any]:
    """A constant rate can be warmed up; its cosine cannot."""
    scheduler: dict[str, Any] = {"lr_scheduler": recipe.scheduler}
    if recipe.scheduler == "constant" and recipe.warmup_steps:
        params = {"num_warmup_steps": recipe.warmup_steps}
        scheduler = {"lr_scheduler": "constant_with_warmup", "lr_scheduler_params": params}
    return {
        "batch_size": recipe.batch_size,
        "steps": recipe.steps,
        "gradient_accumulation": recipe.accumulation,
        "train_unet": True,
        "train_text_encoder": False,
        "gradient_checkpointing": True,
        "noise_scheduler": "flowmatch",
        "timestep_type": "sigmoid",
        "optimizer": recipe.optimizer,
        "optimizer_params": _optimizer_params(recipe),
        "lr": _rate(recipe),
        **scheduler,
        "disable_sampling": True,
        "skip_first_sample": True,
        "cfg_scale": recipe.guidance,  # what the guidance embedding is told: no second prediction is made
        "dtype": "bf16",
    }


def _rate(recipe: Recipe) -> float:
    """A step of Adam moves B by the rate and the weights by alpha / rank times that: at scale 1 the rate takes the factor.

    To the first order, for a growing B moves A as well. Prodigy measures the distance itself.
    """
    return recipe.learning_rate if recipe.optimizer == "prodigy" else float(f"{recipe.learning_rate * recipe.scale:.6g}")


def _optimizer_params(recipe: Recipe) -> dict[str, Any]:
    if recipe.optimizer == "prodigy":
        return {"d_coef": recipe.d_coef or PRODIGY_D_COEF}
    return {"weight_decay": 1e-4}


def _named(text: str) -> str | None:
    """`[name]` where we did not write it ourselves."""
    return "[name]" if text.count("[name]") > 1 else None


def _at(process: Any, place: str) -> Any:
    for part in place.split("."):
        if isinstance(process, list):
            process = process[int(part)] if int(part) < len(process) else None
        else:
            process = process.get(part) if isinstance(process, dict) else None
    return process


def _said(value: Any) -> str:
    if isinstance(value, list) and len(value) > 3:
        return f"[{value[0]}, ... {value[-1]}] ({len(value)})"
    return f"{value:g}" if isinstance(value, float) else str(value)
