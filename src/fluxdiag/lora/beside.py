"""What lies beside the file. It may inform, and nothing more: it never chooses a base, a program or a path outside its folder.

fluxdiag.toml         what the user noted down
config.yaml           ai-toolkit's settings     adapter_config.json    peft's
dataset/ references/  photos
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fluxdiag.errors import FluxdiagError
from fluxdiag.records import Fact

LARGEST = 1_000_000
"""bytes; a settings file is never so large"""
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
    """What ai-toolkit's `config.yaml` says. `problem`: why a file of that name could not be read."""

    trigger: Fact | None = None
    settings: dict[str, Fact] = field(default_factory=dict)
    problem: str | None = None


def notes(folder: Path) -> Notes:
    """The user's `fluxdiag.toml`, or nothing. Raises FluxdiagError for unknown keys and for folders outside `folder`."""
    file = folder / "fluxdiag.toml"
    if not file.is_file():
        return Notes()
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
    place = (folder / value).resolve()
    if Path(value).is_absolute() or not place.is_relative_to(folder.resolve()):
        do = f"Name a folder below it, or give --{key} on the command line"
        raise FluxdiagError(f"{key!r} points outside the folder of this file", where=str(file), do=do)
    if not place.is_dir():
        raise FluxdiagError(f"{key!r} names {value!r}, which is no folder", where=str(file), do="Correct it")
    return place


def trainer_config(folder: Path) -> TrainerConfig:
    """ai-toolkit dumps its whole config beside the LoRA. Only scalars of known names are taken from it, never paths."""
    file = folder / "config.yaml"
    if not file.is_file():
        return TrainerConfig()
    try:
        said = yaml.safe_load(_text(file))
        process = said["config"]["process"][0]
    except (ValueError, OSError, RecursionError, yaml.YAMLError) as error:
        return TrainerConfig(problem=f"{file.name} beside the file cannot be read ({' '.join(str(error).split())})")
    except (KeyError, TypeError, IndexError):
        return TrainerConfig(problem=f"{file.name} beside the file is not one of ai-toolkit's")
    return _ai_toolkit(process) if isinstance(process, dict) else TrainerConfig()


PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "steps": (("train", "steps"),),
    "learning_rate": (("train", "lr"),),
    "batch_size": (("train", "batch_size"),),
    "accumulation": (("train", "gradient_accumulation_steps"), ("train", "gradient_accumulation")),
    "optimizer": (("train", "optimizer"),),
    "scheduler": (("train", "lr_scheduler"),),
    "rank": (("network", "linear"), ("network", "rank")),
    "repeats": (("dataset", "num_repeats"),),
    "caption_dropout": (("dataset", "caption_dropout_rate"),),
}


def _ai_toolkit(process: Mapping[str, Any]) -> TrainerConfig:
    """`linear_alpha` is left out: ai-toolkit trains FLUX.1 with alpha = rank, whatever it says."""
    datasets = [part for part in _list(process.get("datasets")) if isinstance(part, dict) and not part.get("is_reg")]
    sections = {"train": process.get("train"), "network": process.get("network"), "dataset": next(iter(datasets), None)}
    settings: dict[str, Fact] = {}
    for setting, places in PLACES.items():
        for section, key in places:
            value = _scalar(sections[section], key)
            if value is not None and setting not in settings:
                settings[setting] = Fact(value=value, source=f"config.yaml {section}.{key}")
    words = [process.get("trigger_word"), *(dataset.get("trigger_word") for dataset in datasets)]
    trigger = next((word.strip() for word in words if isinstance(word, str) and word.strip()), None)
    return TrainerConfig(None if trigger is None else Fact(value=trigger, source="config.yaml trigger_word"), settings)


def _scalar(section: Any, key: str) -> str | int | float | None:
    """YAML reads `1e-4` as text; it is a number to everybody else."""
    value = section.get(key) if isinstance(section, dict) else None
    if isinstance(value, str) and re.fullmatch(r"[\d.]+e[-+]?\d+", value, re.IGNORECASE):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


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
    return file.read_text(encoding="utf-8-sig")
