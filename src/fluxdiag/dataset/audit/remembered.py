"""What a face pack and a CLIP said of photos before. Asked of the cache alone, for to import a model library takes longer than
the audit of a set that was read before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.photoset import Seen
from fluxdiag.dataset.audit.records import PhotoFaces, of_length_1
from fluxdiag.runs import sha256_text

Labels = Mapping[str, Sequence[str]]
"""aspect -> texts"""


def faces_name(pack: Path, resolution: int) -> str:
    """Of the cache's entries for the faces that this pack finds at this size."""
    return f"faces-{_key(pack.name, pack)}-{resolution}"


def clip_name(model: str) -> str:
    """Of those of a CLIP: a folder, or a name on the hub."""
    return f"clip-{_key(Path(model).name, Path(model)) if Path(model).is_dir() else _key(model, None)}"


def faces_of(photos: Sequence[Seen], name: str, cache: Cache) -> list[PhotoFaces] | None:
    """None where one is not known."""
    found = [known for photo in photos if (known := cache.get(photo.facts.sha256, name, PhotoFaces)) is not None]
    return found if len(found) == len(photos) else None


def images_of(photos: Sequence[Seen], name: str, resolution: int, cache: Cache) -> np.ndarray | None:
    """(n, dim) float32 of length 1; None where one is not known."""
    rows = [image_of(photo, name, resolution, cache) for photo in photos]
    known = [row for row in rows if row is not None]
    return np.stack(known) if known and len(known) == len(rows) else None


def image_of(photo: Seen, name: str, resolution: int, cache: Cache) -> np.ndarray | None:
    """(dim,)"""
    rows = _rows(cache.get_bytes(photo.facts.sha256, f"{name}-{resolution}.f32"), 1)
    return None if rows is None else rows[0]


def keep_image(photo: Seen, name: str, resolution: int, cache: Cache, row: np.ndarray) -> None:
    cache.put_bytes(photo.facts.sha256, f"{name}-{resolution}.f32", row.astype(np.float32).tobytes())


def labels_of(labels: Labels, name: str, cache: Cache) -> dict[str, np.ndarray] | None:
    """Aspect -> (k, dim) float32 of length 1; None where one is not known."""
    found = {aspect: _rows(cache.get_bytes(_digest(texts), f"labels-{name}.f32"), len(texts)) for aspect, texts in labels.items()}
    known = {aspect: rows for aspect, rows in found.items() if rows is not None}
    return known if len(known) == len(found) else None


def _rows(content: bytes | None, count: int) -> np.ndarray | None:
    """(count, dim) float32. None where nothing is known, or where it was damaged: what was cut short is not of length 1."""
    if not content or len(content) % (4 * count):
        return None
    rows = np.frombuffer(content, dtype=np.float32).reshape(count, -1)
    return rows if of_length_1(rows) else None


def keep_labels(texts: Sequence[str], name: str, cache: Cache, rows: np.ndarray) -> None:
    cache.put_bytes(_digest(texts), f"labels-{name}.f32", rows.astype(np.float32).tobytes())


def _digest(texts: Sequence[str]) -> str:
    return sha256_text("\n".join(texts))


def _key(name: str, folder: Path | None) -> str:
    """Name and a digest of the files' sizes and times: reading 300 MB of weights would take longer than the audit."""
    files = [] if folder is None else sorted(file for file in folder.rglob("*") if file.is_file())
    told = "".join(f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}\n" for file in files)
    plain = "".join(c if c.isalnum() else "-" for c in name)[:40]
    return f"{plain}-{hashlib.sha256((name + told).encode()).hexdigest()[:12]}"
