"""Faces and CLIP embeddings of photos, for the audit of a training set: one photo in memory at a time, kept by content.

Photos are read at the size that the trainer works at, since that is what the LoRA is taught. Nothing is ever downloaded. Each
of the two libraries is imported by who asks for it: a set can be audited with one of them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from fluxdiag.at_hand import face_pack_folder, no_clip
from fluxdiag.dataset.audit import remembered
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.photoset import Seen
from fluxdiag.dataset.audit.pixels import blur
from fluxdiag.dataset.audit.records import PhotoFace, PhotoFaces
from fluxdiag.dataset.decoding import at_training_size, colours

if TYPE_CHECKING:
    from fluxdiag.engines.clip import ClipReader
    from fluxdiag.engines.faces import FaceReader, SeenFace

HEAD = 230 / 68
"""height of the head, vertex to chin, over the distance from eyes to mouth, of the mean adult in mm (Farkas 1994)"""
SKULL = 121 / 68
"""height of the skull above the eyes over the same distance"""
FACE_SIDE = 112
"""px at which blur is measured, the side of ArcFace's crop"""
MEASURED = 40
"""px of face height below which that would be the blur of the enlargement"""

Progress = Callable[[int, int], None]


def read_faces(
    photos: Sequence[Seen], pack: str, resolution: int, cache: Cache, progress: Progress | None = None
) -> list[PhotoFaces]:
    """Of photos that can be read, in order. Raises WeightsMissing when the pack is not there."""
    from fluxdiag.engines.faces import FaceReader

    name = remembered.faces_name(face_pack_folder(pack), resolution)
    reader = functools.cache(lambda: FaceReader(pack))  # loaded for the first photo that is not in the cache
    found = []
    for done, photo in enumerate(photos):
        known = cache.get(photo.facts.sha256, name, PhotoFaces)
        if known is None:
            known = _faces(photo.path, reader(), resolution)
            cache.put(photo.facts.sha256, name, known)
        found.append(known)
        if progress is not None:
            progress(done, len(photos))
    return found


def read_clip(photos: Sequence[Seen], model: str, resolution: int, cache: Cache, progress: Progress | None = None) -> np.ndarray:
    """(n, dim) float32 of length 1. Raises WeightsMissing rather than fetch a model."""
    name, reader = remembered.clip_name(model), _clip(model)
    rows = []
    for done, photo in enumerate(photos):
        row = remembered.image_of(photo, name, resolution, cache)
        if row is None:
            row = reader().images([_at(photo.path, resolution)])[0]
            remembered.keep_image(photo, name, resolution, cache, row)
        rows.append(row)
        if progress is not None:
            progress(done, len(photos))
    return np.stack(rows) if rows else np.zeros((0, 0), np.float32)


def read_labels(labels: dict[str, tuple[str, ...]], model: str, cache: Cache) -> dict[str, np.ndarray]:
    """Aspect -> embeddings of its labels (k, dim) float32 of length 1."""
    reader = _clip(model)
    found = {aspect: reader().labels(texts) for aspect, texts in labels.items()}
    for aspect, rows in found.items():
        remembered.keep_labels(labels[aspect], remembered.clip_name(model), cache, rows)
    return found


def _clip(model: str) -> Callable[[], ClipReader]:
    """Loads it when it is asked for. Raises WeightsMissing where it is not on this machine."""
    from fluxdiag.engines.clip import ClipReader
    from fluxdiag.engines.machine import clip_in_cache

    if not Path(model).is_dir() and clip_in_cache(model) is None:
        raise no_clip(model)
    return functools.cache(lambda: ClipReader(model))


def _faces(path: Path, reader: FaceReader, resolution: int) -> PhotoFaces:
    pixels = np.asarray(_at(path, resolution))
    seen = reader.read(pixels)
    return PhotoFaces(
        outcome=reader.outcome(seen), faces=tuple(_face(face, pixels) for face in seen), smallest=reader.smallest_face
    )


def _face(face: SeenFace, pixels: np.ndarray) -> PhotoFace:
    eyes, mouth = face.landmarks[:2].mean(axis=0), face.landmarks[3:].mean(axis=0)
    unit, height = float(np.linalg.norm(mouth - eyes)), pixels.shape[0]
    return PhotoFace(
        box=face.reading.box,
        height=round(face.reading.height, 1),
        share=round(unit * HEAD / height, 4),
        headroom=round((float(eyes[1]) - unit * SKULL) / height, 4),
        yaw=face.reading.yaw,
        blur=_blur(face, pixels),
        embedding=face.embedding.astype(np.float32).tobytes().hex(),
    )


def _blur(face: SeenFace, pixels: np.ndarray) -> float | None:
    left, top, right, bottom = (max(0, round(edge)) for edge in face.reading.box)
    crop = pixels[top:bottom, left:right]
    if min(crop.shape[:2]) < MEASURED:
        return None
    small = Image.fromarray(crop).convert("L").resize((FACE_SIDE, FACE_SIDE), Image.Resampling.LANCZOS)
    return round(blur(np.asarray(small, dtype=np.float32)), 4)


def _at(path: Path, resolution: int) -> Image.Image:
    with Image.open(path) as image:
        image.draft("RGB", (2 * resolution, 2 * resolution))
        return at_training_size(colours(ImageOps.exif_transpose(image)), resolution)
