"""The training settings that a header holds, each as a fact with where it was read.

kohya's traps: `ss_num_train_images` counts repeats, `ss_max_train_steps` is the plan and `ss_steps` what was done, the
rate of the transformer is `ss_unet_lr`, and a header survives merging and resizing while the tensors change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import median_low
from typing import Any, Protocol

from fluxdiag.lora.header import Metadata, at, finite, json_object, json_objects, number, scalar, subsets, text, trainer_of
from fluxdiag.records import Fact

Value = str | int | float | bool
Settings = dict[str, Fact]


class Ranked(Protocol):
    """A layer, as far as its settings go: a LoraModule, or what a survey keeps of one."""

    @property
    def rank(self) -> int: ...
    @property
    def alpha(self) -> float | None: ...
    @property
    def ranked(self) -> bool: ...


def settings_of(metadata: Metadata, modules: Sequence[Ranked]) -> Settings:
    """What is known, by name; what the tensors tell wins over what is written."""
    return {**_plain(metadata), **_images(metadata), **_onetrainer(metadata), **_tensors(metadata, modules)}


def _whole(value: float) -> Value:
    return int(value) if value == int(value) else value


# setting -> header keys, the surest first; all hold one number
NUMBERS: dict[str, tuple[str, ...]] = {
    "steps": ("ss_steps", "global_step"),
    "planned_steps": ("ss_max_train_steps",),
    "epochs": ("ss_epoch",),
    "learning_rate": ("ss_unet_lr", "ss_learning_rate"),
    "batch_size": ("ss_batch_size_per_device", "ss_total_batch_size"),
    "accumulation": ("ss_gradient_accumulation_steps",),
    "warmup": ("ss_lr_warmup_steps",),
    "caption_dropout": ("ss_caption_dropout_rate",),
    "guidance": ("ss_guidance_scale",),
    "network_dropout": ("ss_network_dropout",),
    "seed": ("ss_seed",),
}
TEXTS = {
    "scheduler": "ss_lr_scheduler",
    "network": "ss_network_module",
    "timesteps": "ss_timestep_sampling",
    "precision": "ss_mixed_precision",
}


def _plain(metadata: Metadata) -> Settings:
    found: Settings = {}
    for setting, keys in NUMBERS.items():
        for key in keys:
            value = number(metadata, key)
            if value is not None and setting not in found:
                found[setting] = Fact(value=_whole(value), source=f"header {key}")
    for name in ("step", "epoch"):
        done = finite(json_object(metadata.get("training_info")).get(name))
        if done is not None:
            found.setdefault(f"{name}s", Fact(value=done, source="header training_info"))
    if optimizer := text(metadata, "ss_optimizer"):
        name = optimizer.split("(")[0].rpartition(".")[2]
        found["optimizer"] = Fact(value=name, source="header ss_optimizer")
    for setting, key in TEXTS.items():
        if said := text(metadata, key):
            found[setting] = Fact(value=said, source=f"header {key}")
    if _dropout_by_folder(metadata):
        found.pop("caption_dropout", None)
    return found | _on_all_cards(metadata) | _by_dataset(metadata)


def _on_all_cards(metadata: Metadata) -> Settings:
    """kohya's total is batch x cards x accumulation; a step without the last of them shows batch x cards."""
    each, total, times = (
        number(metadata, f"ss_{key}") for key in ("batch_size_per_device", "total_batch_size", "gradient_accumulation_steps")
    )
    if each is None or total is None or each <= 0:
        return {}
    cards = total / (each * max(1, times or 1))
    if cards < 2 or cards != int(cards):
        return {}
    return {"batch_size": Fact(value=_whole(each * cards), source="header ss_total_batch_size")}


def _dropout_by_folder(metadata: Metadata) -> bool:
    """With a dataset config kohya records the rate of the command line only, mostly 0, and each folder may have its own."""
    return bool(text(metadata, "ss_datasets")) and trainer_of(metadata) == "kohya"


def _by_dataset(metadata: Metadata) -> Settings:
    """With a dataset config, kohya keeps batch size and resolution by dataset; differing ones are no single fact."""
    datasets = json_objects(metadata.get("ss_datasets"))
    found: Settings = {}
    batches = {finite(dataset.get("batch_size_per_device")) for dataset in datasets}
    if len(batches) == 1 and (batch := batches.pop()) is not None:
        found["batch_size"] = Fact(value=batch, source="header ss_datasets")
    sizes = [str(dataset["resolution"]) for dataset in datasets if isinstance(dataset.get("resolution"), list | str | int)]
    source = "ss_datasets" if sizes else "ss_resolution"
    texts = sizes or [text(metadata, "ss_resolution") or ""]
    sides = ["x".join(re.findall(r"\d+", size)[:2]) for size in texts]
    if any(sides):
        found["resolution"] = Fact(value=", ".join(dict.fromkeys(sides))[:100], source=f"header {source}")
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
    value = finite(folder.get(key))
    return int(value) if value is not None and value > 0 else 0


# setting -> where OneTrainer's config has it
ONETRAINER: dict[str, tuple[str, ...]] = {
    "learning_rate": ("learning_rate",),
    "epochs": ("epochs",),
    "batch_size": ("batch_size",),
    "accumulation": ("gradient_accumulation_steps",),
    "optimizer": ("optimizer", "optimizer"),
    "scheduler": ("learning_rate_scheduler",),
    "warmup": ("learning_rate_warmup_steps",),
    "resolution": ("resolution",),
    "seed": ("seed",),
}


def _onetrainer(metadata: Metadata) -> Settings:
    config = json_object(metadata.get("ot_config"))
    values = {setting: scalar(at(config, *place)) for setting, place in ONETRAINER.items()}
    found = {setting: Fact(value=value, source="header ot_config") for setting, value in values.items() if value is not None}
    return found | _concepts(config.get("concepts"))


def _concepts(told: Any) -> Settings:
    """Whether ordinary people were shown: a concept of theirs is of OneTrainer's type PRIOR_PREDICTION.

    Only headers with `include_train_config` at ALL hold the concepts: folders, never how many photos. `epochs` is the plan, which
    a button ends at any time, so no steps are reckoned from it. No concept tells a trigger, for captions lie in files.
    """
    concepts = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    kinds = {one.get("type") for one in concepts if one.get("enabled") is not False and isinstance(one.get("type"), str)}
    if "PRIOR_PREDICTION" in kinds:
        return {"regularisation": Fact(value=True, source="header ot_config PRIOR_PREDICTION")}
    return {"regularisation_images": Fact(value=0, source="header ot_config concepts")} if "STANDARD" in kinds else {}


# ------------------------------------------------------------------------------------------------ against the tensors


def _tensors(metadata: Metadata, modules: Sequence[Ranked]) -> Settings:
    """A rank that a layer has: the mean of two is nobody's, and whole factors were trained at none."""
    if not modules:
        return {}
    ranks = [module.rank for module in modules if module.ranked]
    found = {"rank": Fact(value=_whole(median_low(ranks)), source="tensors")} if ranks else {}
    alphas = {finite(module.alpha) for module in modules}
    alpha = next(iter(alphas)) if len(alphas) == 1 else None
    if alpha is not None:
        found["alpha"] = Fact(value=_whole(alpha), source="tensors")
    elif alphas == {None} and (written := _written(metadata, "alpha")):
        key, value = written[0]
        found["alpha"] = Fact(value=_whole(value), source=f"header {key}")
    return found


PLACES = {
    "rank": (("ss_network_dim",), ("ot_config", "lora_rank"), ("lora_adapter_metadata", "transformer.r")),
    "alpha": (("ss_network_alpha",), ("ot_config", "lora_alpha")),
}
"""peft's alpha is not here: the reader takes it from `lora_adapter_metadata`, so that it cannot disagree"""


def _written(metadata: Metadata, name: str) -> list[tuple[str, float]]:
    """(header key, what it says) of rank or alpha, the surest first."""
    said = []
    for key, *inner in PLACES[name]:
        value = finite(json_object(metadata.get(key)).get(inner[0])) if inner else number(metadata, key)
        if value is not None:
            said.append((key, float(value)))
    return said


def without_alpha(modules: Sequence[Ranked]) -> bool:
    """Whether no layer has an alpha: the file is loaded at scale 1, and may have been trained at another."""
    return all(module.alpha is None for module in modules)


ALPHA_IS_RANK = "config.yaml: ai-toolkit's alpha is the rank"


def written_scale(metadata: Metadata, modules: Sequence[Ranked], training: Mapping[str, Fact]) -> Fact | None:
    """alpha / rank as the settings have it, which a file without alpha was trained at; None where nothing tells it.

    OneTrainer multiplies lora_B by it when it saves (LoRASaverMixin, DIFFUSERS_LORA) and has an alpha of 1 unless told
    otherwise. Beside a header's alpha its own rank counts: the tensors may have been cut down since.
    """
    alpha = training.get("alpha")
    value = None if alpha is None else finite(alpha.value)
    trained = [module.rank for module in modules if module.ranked]
    if alpha is None or value is None or value <= 0 or not trained:
        return None
    if alpha.source == ALPHA_IS_RANK:
        return Fact(value=1.0, source=alpha.source)  # at the rank of then; the tensors may have been cut down since
    ranks = [rank for _, rank in _written(metadata, "rank") if rank > 0] if alpha.source.startswith("header") else []
    return Fact(value=value / (ranks[0] if ranks else median_low(trained)), source=alpha.source)


def contradictions(metadata: Metadata, modules: Sequence[Ranked]) -> tuple[str, ...]:
    """Where the header and the tensors disagree: the file was resized, merged or converted after training.

    A layer may have a rank of its own, so the header's must only be among those of the tensors.
    """
    ranks = {float(module.rank) for module in modules if module.ranked}
    alphas = {float(alpha) for module in modules if (alpha := finite(module.alpha)) is not None}
    return tuple(
        f"the header says {name} {_whole(written)} ({key}), the tensors say {_range(found)}; the tensors count"
        for name, found in (("rank", ranks), ("alpha", alphas))
        for key, written in _written(metadata, name)
        if found and written not in found
    )


def _range(found: set[float]) -> str:
    low, high = _whole(min(found)), _whole(max(found))
    return str(low) if low == high else f"{low} to {high}"
