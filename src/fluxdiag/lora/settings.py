"""The training settings that a header holds, each as a fact with where it was read.

kohya's traps: `ss_num_train_images` counts repeats, `ss_max_train_steps` is the plan and `ss_steps` what was done, the
rate of the transformer is `ss_unet_lr`, and a header survives merging and resizing while the tensors change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from fluxdiag.lora.header import Metadata, json_object, json_objects, number, subsets, text
from fluxdiag.lora.model import LoraModule
from fluxdiag.records import Fact

Value = str | int | float | bool
Settings = dict[str, Fact]


def settings_of(metadata: Metadata, modules: Sequence[LoraModule]) -> Settings:
    """What is known, by name; what the tensors tell wins over what is written."""
    return {**_plain(metadata), **_images(metadata), **_onetrainer(metadata), **_tensors(metadata, modules)}


def _whole(value: float) -> Value:
    return int(value) if value == int(value) else value


# setting -> header keys, the surest first; all hold one number
NUMBERS: dict[str, tuple[str, ...]] = {
    "steps": ("ss_steps", "global_step"),
    "learning_rate": ("ss_unet_lr", "ss_learning_rate"),
    "batch_size": ("ss_total_batch_size", "ss_batch_size_per_device"),
    "accumulation": ("ss_gradient_accumulation_steps",),
    "warmup": ("ss_lr_warmup_steps",),
    "caption_dropout": ("ss_caption_dropout_rate",),
}


def _plain(metadata: Metadata) -> Settings:
    found: Settings = {}
    for setting, keys in NUMBERS.items():
        for key in keys:
            value = number(metadata, key)
            if value is not None and setting not in found:
                found[setting] = Fact(value=_whole(value), source=f"header {key}")
    done = json_object(metadata.get("training_info")).get("step")
    if isinstance(done, int):
        found.setdefault("steps", Fact(value=done, source="header training_info"))
    if optimizer := text(metadata, "ss_optimizer"):
        name = optimizer.split("(")[0].rpartition(".")[2]
        found["optimizer"] = Fact(value=name, source="header ss_optimizer")
    if scheduler := text(metadata, "ss_lr_scheduler"):
        found["scheduler"] = Fact(value=scheduler, source="header ss_lr_scheduler")
    return found | _by_dataset(metadata)


def _by_dataset(metadata: Metadata) -> Settings:
    """With a dataset config, kohya keeps batch size and resolution by dataset; differing ones are no single fact."""
    datasets = json_objects(metadata.get("ss_datasets"))
    found: Settings = {}
    batches = {dataset.get("batch_size_per_device") for dataset in datasets}
    if len(batches) == 1 and isinstance(batch := batches.pop(), int):
        found["batch_size"] = Fact(value=batch, source="header ss_datasets")
    sizes = [str(dataset["resolution"]) for dataset in datasets if "resolution" in dataset]
    source = "ss_datasets" if sizes else "ss_resolution"
    texts = sizes or [text(metadata, "ss_resolution") or ""]
    sides = ["x".join(re.findall(r"\d+", size)) for size in texts]
    if any(sides):
        found["resolution"] = Fact(value=", ".join(dict.fromkeys(sides)), source=f"header {source}")
    return found


def _images(metadata: Metadata) -> Settings:
    folders = subsets(metadata)
    own = [folder for folder in folders if not folder.get("is_reg")]
    found: Settings = {}
    if count := sum(_count(folder, "img_count") for folder in own):
        found["images"] = Fact(value=count, source="header img_count")
    repeats = {_count(folder, "num_repeats") for folder in own} - {0}
    if len(repeats) == 1:
        found["repeats"] = Fact(value=repeats.pop(), source="header num_repeats")
    with_repeats = number(metadata, "ss_num_train_images")
    if with_repeats and "images" not in found and "repeats" in found:
        images = round(with_repeats / float(found["repeats"].value))
        found["images"] = Fact(value=images, source="header ss_num_train_images / num_repeats")
    if folders:
        count = sum(_count(folder, "img_count") for folder in folders if folder.get("is_reg"))
        found["regularisation_images"] = Fact(value=count, source="header is_reg")
    elif (written := number(metadata, "ss_num_reg_images")) is not None:
        found["regularisation_images"] = Fact(value=_whole(written), source="header ss_num_reg_images")
    return found


def _count(folder: Mapping[str, Any], key: str) -> int:
    value = folder.get(key)
    return value if isinstance(value, int) and value > 0 else 0


ONETRAINER: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "learning_rate": lambda config: config.get("learning_rate"),
    "batch_size": lambda config: config.get("batch_size"),
    "accumulation": lambda config: config.get("gradient_accumulation_steps"),
    "optimizer": lambda config: (config.get("optimizer") or {}).get("optimizer"),
    "scheduler": lambda config: config.get("learning_rate_scheduler"),
    "warmup": lambda config: config.get("learning_rate_warmup_steps"),
    "resolution": lambda config: config.get("resolution"),
}


def _onetrainer(metadata: Metadata) -> Settings:
    config = json_object(metadata.get("ot_config"))
    if not isinstance(config.get("optimizer"), dict):
        config.pop("optimizer", None)
    values = {setting: read(config) for setting, read in ONETRAINER.items()}
    return {
        setting: Fact(value=value, source="header ot_config")
        for setting, value in values.items()
        if isinstance(value, str | int | float)
    }


def _tensors(metadata: Metadata, modules: Sequence[LoraModule]) -> Settings:
    if not modules:
        return {}
    found = {"rank": Fact(value=_whole(median(module.rank for module in modules)), source="tensors")}
    alphas = {module.alpha for module in modules}
    alpha = next(iter(alphas)) if len(alphas) == 1 else None
    written = number(metadata, "ss_network_alpha") if alphas == {None} else None
    if alpha is not None:
        found["alpha"] = Fact(value=_whole(alpha), source="tensors")
    elif written is not None:
        found["alpha"] = Fact(value=_whole(written), source="header ss_network_alpha")
    return found


def contradictions(metadata: Metadata, modules: Sequence[LoraModule]) -> tuple[str, ...]:
    """Where the header and the tensors disagree: the file was resized, merged or converted after training."""
    ranks = {float(module.rank) for module in modules}
    alphas = {module.alpha for module in modules if module.alpha is not None}
    pairs = (("rank", "ss_network_dim", ranks), ("alpha", "ss_network_alpha", alphas))
    return tuple(
        f"the header says {name} {_whole(written)} ({key}), the tensors say {_whole(min(found))}; the tensors count"
        for name, key, found in pairs
        if (written := number(metadata, key)) is not None and len(found) == 1 and written not in found
    )
