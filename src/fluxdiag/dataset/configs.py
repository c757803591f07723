"""Trainers' configs that point at training folders: kohya's TOML, ai-toolkit's YAML, SimpleTuner's and OneTrainer's JSON."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from fluxdiag.dataset.layout import ORDINARY
from fluxdiag.errors import FluxdiagError
from fluxdiag.yaml_text import read_yaml

Trainer = Literal["kohya", "ai-toolkit", "simpletuner", "onetrainer"]
FOLDER_KEYS: dict[str, Trainer] = {
    "image_dir": "kohya",
    "train_data_dir": "kohya",
    "folder_path": "ai-toolkit",
    "instance_data_dir": "simpletuner",
    "path": "onetrainer",
}
"""keys of photo folders, and whose they are"""
ORDINARY_KEYS = ("is_reg", "is_regularisation_data", "prior_reg")
OFF_KEYS = ("disabled", "disable")
EXTENSION_KEYS = ("caption_extension", "caption_ext")
MASK_KEYS = ("conditioning_data_dir", "mask_path")
CONFIGS = frozenset({".toml", ".json", ".yaml", ".yml"})
LONGEST_EXTENSION = 12


@dataclass(frozen=True)
class Place:
    """A folder of photos as a config names it, relative to the config."""

    folder: str
    extension: str | None = None
    """of its caption files, with the dot; None: the usual ones"""
    masks: str | None = None
    """a folder of masks, which are no photos"""
    trainer: Trainer | None = None
    aside: str = ""
    """why its photos are none that the character is learned from; empty where they are"""


def places_of(file: Path) -> list[Place]:
    """Raises FluxdiagError for what is no config, or names no folder."""
    try:
        data = _parsed(file)
    except (OSError, ValueError, RecursionError) as error:
        raise FluxdiagError(
            f"not a trainer's config ({' '.join(str(error).split())})"[:300], where=str(file), do="Name the dataset folder itself"
        ) from error
    found = list(places_in(data))
    if not found:
        raise FluxdiagError("names no dataset folder", where=str(file), do="Name the dataset folder itself")
    return found


def _parsed(file: Path) -> Any:
    text = file.read_text("utf-8")
    match file.suffix.lower():
        case ".toml":
            return tomllib.loads(text)
        case ".json":
            return json.loads(text)
        case _:
            return read_yaml(text)


def places_in(data: object, extension: str | None = None, aside: str = "") -> Iterator[Place]:
    """Every folder under a key that trainers use for images, in order, also those of which nothing is learned (`aside`).

    kohya's `caption_extension` holds for all that lies below it: `[general]`, then `[[datasets]]`, then `subsets`.
    """
    if isinstance(data, list):
        for one in data:
            yield from places_in(one, extension, aside)
    if not isinstance(data, dict):
        return
    general = data.get("general")
    extension = _extension(data) or (_extension(general) if isinstance(general, dict) else None) or extension
    aside = aside or (ORDINARY if any(data.get(key) for key in ORDINARY_KEYS) else "")
    for key, value in data.items():
        if key in FOLDER_KEYS and isinstance(value, str):
            yield Place(value, extension, _text(data, MASK_KEYS), FOLDER_KEYS[key], aside or _aside(data))
        else:
            yield from places_in(value, extension, aside)


def _aside(data: Mapping[str, object]) -> str:
    """OneTrainer's concepts have a type (`modules/util/enum/ConceptType.py`), SimpleTuner's sets a dataset type
    (`documentation/DATALOADER.md`); both can be switched off."""
    kind, form = data.get("type"), data.get("dataset_type", "image")
    if kind == "PRIOR_PREDICTION":
        return ORDINARY
    if kind == "VALIDATION" or form == "eval":
        return "left as it is: it is for validation, and nothing is learned from it"
    if data.get("enabled") is False or any(data.get(key) is True for key in OFF_KEYS):
        return "left as it is: the config has switched it off"
    return "" if form == "image" else f"left as it is: {form} is no set of photos"


def _extension(data: Mapping[str, object]) -> str | None:
    """`txt` and `.txt` are the same; what could lead out of the folder is none."""
    said = (_text(data, EXTENSION_KEYS) or "").lstrip(".").lower()
    return f".{said}" if said.replace("_", "").isalnum() and len(said) <= LONGEST_EXTENSION else None


def _text(data: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    return next((value for key in keys if isinstance(value := data.get(key), str) and value), None)
