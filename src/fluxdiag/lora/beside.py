"""What lies beside the file. It may inform, and nothing more: it never chooses a base, a program or a path outside its folder.

fluxdiag.toml         what the user noted down
config.yaml           ai-toolkit's settings, Replicate's too
dataset.toml          the dataset config of sd-scripts, which fluxgym writes     simpletuner_config.json
adapter_config.json   peft's                                                     dataset/ references/   photos
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora.header import LONGEST_TEXT, at, scalar
from fluxdiag.lora.origin import REPLICATE
from fluxdiag.lora.settings import ALPHA_IS_RANK
from fluxdiag.records import Fact
from fluxdiag.yaml_text import read_yaml

LARGEST = 1_000_000
"""bytes; a settings file is never so large"""
LONGEST_NAME = 100
"""characters of a folder's name that an error repeats"""
WORDS, FOLDERS = ("trigger", "class_word"), ("dataset", "references", "regularisation")
KNOWN = ", ".join((*WORDS, *FOLDERS))


@dataclass(frozen=True)
class Notes:
    """What `fluxdiag.toml` says; folders are resolved, exist, and lie below it."""

    trigger: str | None = None
    class_word: str | None = None
    dataset: Path | None = None
    references: Path | None = None
    regularisation: Path | None = None


@dataclass(frozen=True)
class TrainerConfig:
    """What a trainer's own settings file says. `problem`: why a file of such a name could not be read."""

    trigger: Fact | None = None
    settings: dict[str, Fact] = field(default_factory=dict)
    problem: str | None = None
    trainer: str | None = None
    base: Fact | None = None
    """the base that it names: a hub id or path, to be told and never to be loaded"""
    remarks: tuple[str, ...] = ()
    """what a reader of the file would take for a setting and is none"""


def notes(folder: Path) -> Notes:
    """The user's `fluxdiag.toml`, or nothing. Raises FluxdiagError for unknown keys and for folders outside `folder`."""
    file = folder / "fluxdiag.toml"
    if not file.exists():
        return Notes()
    if not file.is_file():
        raise FluxdiagError("is no file", where=str(file), do="Put your notes into a file of that name, or take it away")
    try:
        said = tomllib.loads(_text(file))
    except (ValueError, OSError, RecursionError) as error:
        raise FluxdiagError(f"cannot be read ({error})", where=str(file), do="Correct it, or take it away") from error
    for key, value in said.items():
        if key not in (*WORDS, *FOLDERS):
            raise FluxdiagError(f"{key!r} is not understood here", where=str(file), do=f"Known keys: {KNOWN}")
        if not isinstance(value, str) or not value.strip():
            raise FluxdiagError(f"{key!r} must be text in quotation marks", where=str(file), do="Correct it")
    words = {key: " ".join(said[key].split()) for key in WORDS if key in said}
    folders = {key: _below(folder, file, key, said[key]) for key in FOLDERS if key in said}
    return Notes(
        trigger=words.get("trigger"),
        class_word=words.get("class_word"),
        dataset=folders.get("dataset"),
        references=folders.get("references"),
        regularisation=folders.get("regularisation"),
    )


def _below(folder: Path, file: Path, key: str, value: str) -> Path:
    """A file may have come with the LoRA from anywhere, so it cannot point at other folders of this machine."""
    none = FluxdiagError(f"{key!r} names {value[:LONGEST_NAME]!r}, which is no folder", where=str(file), do="Correct it")
    try:
        place = (folder / value).resolve()
        is_folder = place.is_dir()
    except (OSError, ValueError) as error:  # a loop of links, a name that is too long, a NUL in it
        raise none from error
    if Path(value).is_absolute() or not place.is_relative_to(folder.resolve()):
        do = f"Name a folder below it, or give --{key} on the command line"
        raise FluxdiagError(f"{key!r} points outside the folder of this file", where=str(file), do=do)
    if not is_folder:
        raise none
    return place


def trainer_config(folder: Path) -> TrainerConfig:
    """The settings file that a trainer left beside the LoRA. Only scalars of known names are taken from it, never paths."""
    for name, read in READERS.items():
        file = folder / name
        if file.is_file():
            try:
                config = read(_text(file))
                return (
                    replace(config, trainer="fluxgym") if (folder / "train.sh").is_file() and read is _kohya_dataset else config
                )
            except (ValueError, OSError, RecursionError) as error:
                return TrainerConfig(problem=f"{name} beside the file cannot be read ({' '.join(str(error).split())[:300]})")
    return TrainerConfig()


Places = Mapping[str, tuple[tuple[str | int, ...], ...]]

AI_TOOLKIT: Places = {
    "steps": (("train", "steps"),),
    "learning_rate": (("train", "lr"),),
    "batch_size": (("train", "batch_size"),),
    "accumulation": (("train", "gradient_accumulation"),),
    "optimizer": (("train", "optimizer"),),
    "scheduler": (("train", "lr_scheduler"),),
    "rank": (("network", "linear"), ("network", "rank")),
    "repeats": (("own", "num_repeats"),),
    "caption_dropout": (("own", "caption_dropout_rate"),),
}
SIMPLETUNER: Places = {
    "planned_steps": (("max_train_steps",),),
    "learning_rate": (("learning_rate",),),
    "batch_size": (("train_batch_size",),),
    "accumulation": (("gradient_accumulation_steps",),),
    "optimizer": (("optimizer",),),
    "scheduler": (("lr_scheduler",),),
    "warmup": (("lr_warmup_steps",),),
    "rank": (("lora_rank",),),
    "alpha": (("lora_alpha",),),
    "caption_dropout": (("caption_dropout_probability",),),
}
KOHYA_DATASET: Places = {
    "batch_size": (("datasets", 0, "batch_size"), ("general", "batch_size")),
    "resolution": (("datasets", 0, "resolution"), ("general", "resolution")),
    "repeats": (("own", "num_repeats"), ("datasets", 0, "num_repeats"), ("general", "num_repeats")),
    "caption_dropout": (
        ("own", "caption_dropout_rate"), ("datasets", 0, "caption_dropout_rate"), ("general", "caption_dropout_rate"),
    ),
}  # fmt: skip


def _ai_toolkit(content: str) -> TrainerConfig:
    """`linear_alpha` is no setting: ai-toolkit trains FLUX.1 with alpha = rank, whatever it says, and writes none.

    Nor does `gradient_accumulation_steps` change how often a photo is shown: its steps are of one batch each, and it only
    says after how many of them the weights move. A dataset with `is_reg` has every second step (`BaseSDTrainProcess.run`).
    """
    said = read_yaml(content)
    process = at(said, "config", "process", 0)
    if process is None:
        return TrainerConfig(problem="config.yaml beside the file is not one of ai-toolkit's")
    every = [part for part in _list(at(process, "datasets")) if isinstance(part, dict)]
    datasets = [part for part in every if not part.get("is_reg")]
    others = {"regularisation": Fact(value=True, source="config.yaml is_reg")} if len(datasets) < len(every) else {}
    found = {"train": at(process, "train"), "network": at(process, "network"), "own": next(iter(datasets), None)}
    settings = _settings(found, AI_TOOLKIT, "config.yaml")
    if "rank" in settings:
        settings["alpha"] = Fact(value=settings["rank"].value, source=ALPHA_IS_RANK)
    rank, alpha = (scalar(at(process, "network", key)) for key in ("linear", "linear_alpha"))
    ignored = f"config.yaml asks for alpha {alpha} at rank {rank}; ai-toolkit ignores that on FLUX.1 and trains with alpha = rank"
    words = [at(process, "trigger_word"), *(dataset.get("trigger_word") for dataset in datasets)]
    return TrainerConfig(
        trigger=_words(words, "config.yaml trigger_word"),
        settings=settings | others,
        trainer="replicate" if at(said, "config", "name") == REPLICATE else "ai-toolkit",
        base=_words([at(process, "model", "name_or_path")], "config.yaml model.name_or_path"),
        remarks=() if alpha is None or alpha == rank else (ignored,),
    )


def _simpletuner(content: str) -> TrainerConfig:
    """Its keys may carry the dashes of the command line."""
    said = {str(key).lstrip("-"): value for key, value in _dict(json.loads(content)).items()}
    return TrainerConfig(
        trigger=_words([said.get("instance_prompt")], "simpletuner_config.json instance_prompt"),
        settings=_settings(said, SIMPLETUNER, "simpletuner_config.json"),
        trainer="simpletuner",
        base=_words([said.get("pretrained_model_name_or_path")], "simpletuner_config.json pretrained_model_name_or_path"),
    )


def _kohya_dataset(content: str) -> TrainerConfig:
    """The dataset config of sd-scripts; the dropout of its folders is in no header. fluxgym leaves it with a `train.sh`."""
    said = tomllib.loads(content)
    subsets = [part for dataset in _list(said.get("datasets")) for part in _list(at(dataset, "subsets"))]
    own = [part for part in subsets if isinstance(part, dict) and not part.get("is_reg")]
    found = said | {"own": next(iter(own), None)}
    return TrainerConfig(
        trigger=_words([part.get("class_tokens") for part in own], "dataset.toml class_tokens"),
        settings=_settings(found, KOHYA_DATASET, "dataset.toml"),
        trainer="kohya",
    )


READERS: dict[str, Callable[[str], TrainerConfig]] = {
    "config.yaml": _ai_toolkit,
    "simpletuner_config.json": _simpletuner,
    "dataset.toml": _kohya_dataset,
}


def _settings(found: Any, places: Places, file: str) -> dict[str, Fact]:
    settings = {}
    for setting, candidates in places.items():
        for place in candidates:
            value = scalar(at(found, *place))
            if value is not None and setting not in settings:
                named = ".".join(str(key) for key in place if key != "own" and not isinstance(key, int))
                settings[setting] = Fact(value=value, source=f"{file} {named}")
    return settings


def _words(values: Sequence[Any], source: str) -> Fact | None:
    """The first that is text at all."""
    said = next((value.strip() for value in values if isinstance(value, str) and value.strip()), None)
    return None if said is None else Fact(value=said[:LONGEST_TEXT], source=source)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def adapter_config(lora: Path) -> dict[str, Any]:
    """peft's own `adapter_config.json`, without which its file has no alpha; empty where there is none to be read."""
    try:
        said = json.loads(_text(lora.parent / "adapter_config.json"))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST:
        raise ValueError("larger than 1 MB")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} is not UTF-8 text") from error
