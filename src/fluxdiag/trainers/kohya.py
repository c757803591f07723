"""kohya's sd-scripts: a dataset TOML, and the arguments of `flux_train_network.py` in the user's own checkout.

Read off its source of February 2026 (train_network.py, library/config_util.py, flux_train_utils.py, networks/lora_flux.py):

defaults        guidance 3.5, sigmas unshifted, scaled predictions, alpha 1, dim 4, rate 2e-6 -> all are said
text encoders   are trained unless told otherwise                         -> --network_train_unet_only
captions        only the first line counts; an empty file is an error     -> one line each; no file where there is no caption
regularisation  no more pictures are used than photos times repeats       -> the photos' repeats are raised to match
dropout         cannot be had with cached text embeddings                 -> these are cached only without it
resuming        loses count of the steps                                 -> kohya_resuming.py
folders         `10_name` means nothing with a dataset config             -> repeats and class tokens are written out
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from fluxdiag.checks import Check
from fluxdiag.manual import manual_page
from fluxdiag.profiles import DEFAULT_BASE, load_profile
from fluxdiag.toml_text import toml
from fluxdiag.trainers.bars import bar
from fluxdiag.trainers.blocks import chosen_blocks, numbers
from fluxdiag.trainers.checks import checkout_check, disk_check, memory_check, python_check
from fluxdiag.trainers.contract import Command, TrainingProgress
from fluxdiag.trainers.kohya_resuming import checkpoint_every, newest_state, repeats
from fluxdiag.trainers.places import Installed
from fluxdiag.trainers.recipe import OPTIMIZER_MODULES, PRODIGY_D_COEF, Recipe

DATASET, COMMAND, OUTPUT = "dataset.toml", "command.txt", "output"
SCRIPT = "flux_train_network.py"
FILES = (SCRIPT, "networks/lora_flux.py", "library/flux_train_utils.py")
MODULES = ("torch", "accelerate", "transformers", "diffusers", "safetensors", "voluptuous", "toml", "imagesize", "cv2", "einops")
WEIGHTS = {
    "--pretrained_model_name_or_path": ("flux1-dev.safetensors", "flux1-dev[-_.]*.safetensors"),
    "--ae": ("ae.safetensors",),
    "--clip_l": ("clip_l.safetensors",),
    "--t5xxl": ("t5xxl_fp16.safetensors", "t5xxl*.safetensors"),
}
"""argument -> names of the single file, the usual one first: diffusers' folders are not read"""
OTHER_MODELS = re.compile(r"kontext|fill|canny|depth|redux|krea|schnell|lora", re.IGNORECASE)
"""in names of what begins like FLUX.1 [dev] and is another model"""
SWAPPED = ((22.0, 0), (11.0, 18), (9.0, 22), (0.0, 28))
"""(GB of the card, blocks kept in main memory), after docs/flux_train_network.md"""
SMALLEST_CARD = 8.0
KEYS = {
    "steps": "--max_train_steps", "learning_rate": "--learning_rate", "optimizer": "--optimizer_type",
    "d_coef": "--optimizer_args", "scheduler": "--lr_scheduler", "warmup_steps": "--lr_warmup_steps", "rank": "--network_dim",
    "alpha": "--network_alpha", "accumulation": "--gradient_accumulation_steps",
    "base": "--pretrained_model_name_or_path",
}  # fmt: skip
"""field of the recipe -> its argument"""


BASE = "--pretrained_model_name_or_path"
MODULATION, MLP = ("img_mod", "txt_mod", "single_mod"), ("img_mlp", "txt_mlp")
LEFT_OUT = {"all": MODULATION, "modulation": (), "attention": (*MODULATION, *MLP)}
"""layers of the recipe -> kinds of layers that get no LoRA"""


class Kohya:
    name = "kohya"
    unread = frozenset({COMMAND})

    def __init__(self, place: Installed, memory_gb: float = 24.0) -> None:
        self.place, self.memory_gb = place, memory_gb

    def check(self, recipe: Recipe, out: Path) -> Sequence[Check]:
        profile = load_profile(recipe.base)
        why = "8-bit weights, blocks swapped with main memory"
        return (
            *self.program(OPTIMIZER_MODULES[recipe.optimizer]),
            _base_check(recipe.base),
            memory_check(min(SMALLEST_CARD, profile.cost.vram_gb), why),
            disk_check(recipe, out, profile),
        )

    def program(self, optimizer: Sequence[str] = ()) -> Sequence[Check]:
        """What it needs whatever is trained."""
        return (
            checkout_check(self.name, self.place.home, FILES, "https://github.com/kohya-ss/sd-scripts"),
            python_check(self.place.python, (*MODULES, *optimizer), "requirements.txt"),
            self._weights(),
        )

    def words(self, recipe: Recipe) -> Mapping[str, str]:
        arguments = dict(self._arguments(recipe, Path()))
        said = {field: f"{key} {arguments[key]}" for field, key in KEYS.items() if arguments.get(key) is not None}
        said |= {"blocks": f"--network_args {' '.join(network_args(recipe)) or 'train every block'}"}
        subset = {"dataset": "image_dir", "trigger": "class_tokens", "caption_dropout": "caption_dropout_rate"}
        said |= {field: f"{key} = {toml(getattr(recipe, field))}" for field, key in subset.items()}
        said |= {"resolution": f"resolution = {list(recipe.resolution)}", "batch_size": f"batch_size = {recipe.batch_size}"}
        if recipe.regularisation is not None:
            said["regularisation"] = f"image_dir = {toml(recipe.regularisation)}, is_reg = true"
        return said

    def remarks(self, recipe: Recipe) -> Sequence[str]:
        said = []
        if not _is_dev(recipe.base):
            said.append(
                f"kohya's scripts train on the file {self._file(WEIGHTS[BASE])}: it has to be {recipe.base}, which nobody checks"
            )
        if recipe.layers == "attention":
            said.append("kohya's scripts train attention and MLP of a single block as one layer: its MLP is trained too")
        if recipe.regularisation:
            half = "half of the pictures of a step are regularisation pictures"
            said.append(f"{half}: about {recipe.steps // 2} of the {recipe.steps} steps train the person")
        return said

    def files(self, recipe: Recipe, out: Path) -> Mapping[str, str]:
        """`command.txt` is for people: it is never read again, and never given to a shell."""
        quoted = subprocess.list2cmdline if os.name == "nt" else shlex.join
        arguments = quoted(["accelerate", "launch", SCRIPT, *self._flat(recipe, out)])
        return {DATASET: dataset_toml(recipe), COMMAND: arguments + "\n"}

    def command(self, recipe: Recipe, out: Path) -> Command:
        assert self.place.home is not None, "check() comes first"
        assert self.place.python is not None, "check() comes first"
        launcher = ("-m", "accelerate.commands.launch", "--mixed_precision", "bf16", "--num_cpu_threads_per_process", "1")
        script = str(self.place.home / SCRIPT)
        return Command((str(self.place.python), *launcher, script, *self._flat(recipe, out.absolute())), self.place.home)

    def progress(self, line: str, recipe: Recipe) -> TrainingProgress | None:
        """Its bar of the training is called `steps`; after a resumption it counts only what is left, by `--initial_step`."""
        found = bar(line)
        if found is None or found.name != "steps":
            return None
        step = recipe.steps - found.of + found.done
        return TrainingProgress(step, recipe.steps, found.number("avr_loss="), found.eta_seconds)

    def result(self, recipe: Recipe, out: Path) -> Path | None:
        file = out / OUTPUT / f"{recipe.name}.safetensors"
        return file if file.is_file() else None

    # -------------------------------------------------------------------------------------------- what it is told

    def _weights(self) -> Check:
        what = "weights as single files"
        missing = [names[0] for names in WEIGHTS.values() if self._weight(names) is None]
        if missing:
            do = f"Name their folder as `weights` under [kohya] in the configuration ({manual_page('retrain.md')})"
            return Check(what, False, True, f"{self.place.weights or 'no folder'}: lacks {', '.join(missing)}", do)
        return Check(what, True, True, str(self.place.weights))

    def _weight(self, names: Sequence[str]) -> Path | None:
        folder = self.place.weights
        if folder is None or not folder.is_dir():
            return None
        found = (file for name in names for file in sorted(folder.glob(name)))
        return next((file for file in found if not OTHER_MODELS.search(file.name)), None)

    def _file(self, names: Sequence[str]) -> str:
        return str(self._weight(names) or names[0])

    def _flat(self, recipe: Recipe, out: Path) -> list[str]:
        """Every argument as a word of its own; a flag has no value, a list has several."""
        flat = []
        for key, value in self._arguments(recipe, out):
            flat += [key] if value is None else [key, *value.split(" ")] if key.endswith("_args") else [key, value]
        return flat

    def _arguments(self, recipe: Recipe, out: Path) -> Iterator[tuple[str, str | None]]:
        for key, names in WEIGHTS.items():
            yield key, self._file(names)
        yield "--dataset_config", str(out / DATASET)
        yield "--output_dir", str(out / OUTPUT)
        yield "--output_name", recipe.name
        yield from _network(recipe)
        yield from _optimizer(recipe)
        yield from _flow(recipe)
        yield from _cached(recipe)
        swapped = next(blocks for least, blocks in SWAPPED if self.memory_gb >= least)
        if swapped:
            yield "--blocks_to_swap", str(swapped)
        if (found := newest_state(out / OUTPUT, recipe)) is not None:
            yield "--resume", str(found.folder)
            yield "--initial_step", str(found.initial_step)
            yield "--skip_until_initial_step", None


def _is_dev(base: str) -> bool:
    """FLUX.1 [dev] by its hub id, or a folder that is called so; the hub's cache has it as `models--OWNER--FLUX.1-dev`."""
    name = DEFAULT_BASE.rpartition("/")[2].lower()
    return base == DEFAULT_BASE or any(part.lower().rpartition("--")[2] == name for part in Path(base).parts)


def _base_check(base: str) -> Check:
    """Its file is FLUX.1 [dev]'s: another kind of base would be passed over without a word."""
    what, family = "base", load_profile(base).family
    if family != "flux1-dev":
        return Check(what, False, True, f"{base} is {family}, and the weights are FLUX.1 [dev]'s", "Use --trainer ai-toolkit")
    return Check(what, True, True, base if _is_dev(base) else f"{base}, if the weights' file is that")


def _network(recipe: Recipe) -> Iterator[tuple[str, str | None]]:
    yield "--network_module", "networks.lora_flux"
    yield "--network_dim", str(recipe.rank)
    yield "--network_alpha", f"{recipe.rank if recipe.alpha is None else recipe.alpha:g}"
    yield "--network_train_unet_only", None
    if args := network_args(recipe):
        yield "--network_args", " ".join(args)


def _optimizer(recipe: Recipe) -> Iterator[tuple[str, str | None]]:
    yield "--optimizer_type", recipe.optimizer
    if recipe.optimizer == "prodigy":
        yield "--optimizer_args", f"d_coef={recipe.d_coef or PRODIGY_D_COEF:g}"
    yield "--learning_rate", f"{recipe.learning_rate:g}"
    constant = "constant_with_warmup" if recipe.warmup_steps else "constant"
    yield "--lr_scheduler", "cosine" if recipe.scheduler == "cosine" else constant
    if recipe.warmup_steps:
        yield "--lr_warmup_steps", str(recipe.warmup_steps)
    yield "--max_train_steps", str(recipe.steps)
    yield "--gradient_accumulation_steps", str(recipe.accumulation)
    yield "--seed", str(recipe.seed)


def _flow(recipe: Recipe) -> Iterator[tuple[str, str | None]]:
    yield "--guidance_scale", f"{recipe.guidance:g}"
    yield "--timestep_sampling", "flux_shift"
    yield "--model_prediction_type", "raw"
    yield "--mixed_precision", "bf16"
    yield "--fp8_base", None
    yield "--sdpa", None
    yield "--gradient_checkpointing", None


def _cached(recipe: Recipe) -> Iterator[tuple[str, str | None]]:
    yield "--cache_latents_to_disk", None
    if not recipe.caption_dropout:
        yield "--cache_text_encoder_outputs", None
        yield "--cache_text_encoder_outputs_to_disk", None
    yield "--save_model_as", "safetensors"
    yield "--save_precision", "bf16"
    yield "--save_every_n_steps", str(checkpoint_every(recipe))
    yield "--save_state", None
    yield "--save_last_n_steps_state", str(checkpoint_every(recipe))


def network_args(recipe: Recipe) -> list[str]:
    """Block numbers, and nought for the layers that are left out."""
    args = []
    if (blocks := chosen_blocks(recipe.blocks)) is not None:
        args.append(f"train_double_block_indices={numbers(blocks, 'transformer_blocks')}")
        args.append(f"train_single_block_indices={numbers(blocks, 'single_transformer_blocks')}")
    return args + [f"{layer}_dim=0" for layer in LEFT_OUT[recipe.layers]]


def dataset_toml(recipe: Recipe) -> str:
    own: dict[str, object] = {"image_dir": recipe.dataset, "num_repeats": repeats(recipe), "caption_extension": ".txt"}
    own |= {"class_tokens": recipe.trigger} if recipe.trigger else {}
    own |= {"caption_dropout_rate": recipe.caption_dropout} if recipe.caption_dropout else {}
    subsets = [own]
    if recipe.regularisation is not None:
        ordinary = {"image_dir": recipe.regularisation, "class_tokens": f"a {recipe.class_word}", "caption_extension": ".txt"}
        subsets.append(ordinary | {"is_reg": True})
    dataset = {"resolution": list(recipe.resolution), "batch_size": recipe.batch_size, "enable_bucket": True}
    tables = [("[[datasets]]", dataset), *(("  [[datasets.subsets]]", subset) for subset in subsets)]
    return "\n".join(f"{head}\n" + "".join(_line(key, value) for key, value in table.items()) for head, table in tables)


def _line(key: str, value: object) -> str:
    return f"{key} = {toml(value)}\n"
