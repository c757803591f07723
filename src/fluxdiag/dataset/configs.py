"""Trainers' configs that point at training folders: kohya's TOML, ai-toolkit's YAML, SimpleTuner's and OneTrainer's JSON."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluxdiag.errors import FluxdiagError
from fluxdiag.yaml_text import read_yaml

FOLDER_KEYS = frozenset({"image_dir", "folder_path", "instance_data_dir", "train_data_dir", "path"})
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


def places_in(data: object, extension: str | None = None) -> Iterator[Place]:
    """Every folder under a key that trainers use for images, in order, regularisation sets left out.

    kohya's `caption_extension` holds for all that lies below it: `[general]`, then `[[datasets]]`, then `subsets`.
    """
    if isinstance(data, list):
        for one in data:
            yield from places_in(one, extension)
    if not isinstance(data, dict) or data.get("is_reg") or data.get("is_regularisation_data"):
        return
    general = data.get("general")
    extension = _extension(data) or (_extension(general) if isinstance(general, dict) else None) or extension
    for key, value in data.items():
        if key in FOLDER_KEYS and isinstance(value, str):
            yield Place(value, extension, _text(data, MASK_KEYS))
        else:
            yield from places_in(value, extension)


def _extension(data: Mapping[str, object]) -> str | None:
    """`txt` and `.txt` are the same; what could lead out of the folder is none."""
    said = (_text(data, EXTENSION_KEYS) or "").lstrip(".").lower()
    return f".{said}" if said.replace("_", "").isalnum() and len(said) <= LONGEST_EXTENSION else None


def _text(data: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    return next((value for key in keys if isinstance(value := data.get(key), str) and value), None)
