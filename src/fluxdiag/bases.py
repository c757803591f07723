"""A base by its files: where they lie, in which state, and what tells one state from another. Nothing is fetched here.

A hub id means the revision that lies in the hub's local cache. It is asked for once in a process, and everything is planned
and loaded by that answer: a picture's name hangs on it, and `main` may move while a run is on.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

SMALL = 64 * 2**20
"""bytes; larger files of a base are told apart by size and time of change, for hashing 24 GB takes longer than a picture"""
NOTES = ("profile.toml", "calibration.json")
"""files in a base's folder that tell of it and are no part of it"""
INDEX = "model_index.json"


def sha256_of(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def base_digest(base: str) -> str:
    """A base by what lies in its folder; a hub id by its name and its revision."""
    folder = Path(base)
    if not folder.is_dir():
        return sha256_of([base, revision_of(base)])
    notes = {folder / name for name in NOTES}
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file not in notes)
    return sha256_of([(file.relative_to(folder).as_posix(), _identity(file)) for file in files])


def _identity(file: Path) -> str:
    state = file.stat()
    if state.st_size > SMALL:
        return f"{state.st_size}:{state.st_mtime_ns}"
    return hashlib.sha256(file.read_bytes()).hexdigest()


def revision_of(base: str) -> str:
    """The commit of a hub id in the local cache; empty for a folder and for what was never fetched."""
    from huggingface_hub.constants import HF_HUB_CACHE

    reference = Path(HF_HUB_CACHE) / f"models--{base.replace('/', '--')}" / "refs" / "main"
    return _read_once(reference) if is_hub_id(base) and reference.is_file() else ""


def is_hub_id(base: str) -> bool:
    """`OWNER/NAME`, and no folder of that name."""
    return re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", base) is not None and not Path(base).is_dir()


@cache
def _read_once(reference: Path) -> str:
    """Whatever moves it later, models and names of pictures in this process stay at one revision."""
    return reference.read_text(encoding="utf-8").strip()


def base_folder(base: str) -> Path | None:
    """The folder itself, or a hub id's snapshot in the local cache."""
    if Path(base).is_dir():
        return Path(base)
    index = cached_file(base, INDEX)
    return None if index is None else index.parent


def cached_file(base: str, name: str) -> Path | None:
    """A file of a hub id's snapshot in the local cache."""
    from huggingface_hub import try_to_load_from_cache

    try:
        found = try_to_load_from_cache(base, name, revision=revision_of(base) or None)
    except ValueError:  # no hub id: a path that does not exist
        return None
    return Path(found) if isinstance(found, str) else None


def settings_in(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file of a base's folder; empty where there is none that can be read."""
    try:
        said = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
