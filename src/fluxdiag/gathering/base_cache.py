"""Pictures of the base alone, shared by all LoRAs. Never needed, so the folder may be deleted at any time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.runs import Run, write_bytes

if TYPE_CHECKING:
    from fluxdiag.plan import Task


def cache_folder() -> Path:
    folder = os.environ.get("FLUXDIAG_CACHE")
    return (Path(folder) if folder else Path.home() / ".cache" / "fluxdiag") / "base"


def photo_cache_folder() -> Path:
    """What was read of photos, by their content (`dataset/audit/cache.py`)."""
    return cache_folder().parent / "photos"


def cached(task: Task) -> bool:
    return task.base_key is not None and _file(task.base_key).exists()


def from_cache(run: Run, tasks: Iterable[Task]) -> frozenset[str]:
    """Copies what other runs have drawn with the LoRA off; returns the ids of those shots."""
    found = set()
    for task in tasks:
        if task.base_key and not _shot(run, task).exists() and (kept := _kept(task.base_key)) is not None:
            write_bytes(_shot(run, task), kept)
            found.add(task.id)
    return frozenset(found)


def _kept(key: str) -> bytes | None:
    """None where there is none, where it was taken away meanwhile, and where it cannot be read: it is drawn anew."""
    try:
        return _file(key).read_bytes()
    except OSError:
        return None


def to_cache(run: Run, tasks: Iterable[Task]) -> None:
    """Of pictures that this very call has drawn: every LoRA from then on is judged against them."""
    for task in tasks:
        if task.base_key and not (kept := _file(task.base_key)).exists():
            try:
                write_bytes(kept, _shot(run, task).read_bytes())
            except OSError:  # a full or read-only home only costs time
                return


def _shot(run: Run, task: Task) -> Path:
    return run.shots_folder / f"{task.id}.png"


def _file(key: str) -> Path:
    return cache_folder() / f"{key}.png"
