"""Faces and CLIP embeddings of photos, for the audit of a training set: one photo in memory at a time, kept by content.

Photos are read at the size that the trainer works at, since that is what the LoRA is taught. Nothing is ever downloaded.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from fluxdiag.at_hand import no_clip
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.photoset import Seen
from fluxdiag.dataset.audit.pixels import blur
from fluxdiag.dataset.audit.reading import at_training_size, colours
from fluxdiag.dataset.audit.records import PhotoFace, PhotoFaces
from fluxdiag.engines.clip import ClipReader
from fluxdiag.engines.faces import FaceReader, SeenFace
from fluxdiag.engines.faces.pack import open_pack
from fluxdiag.engines.machine import clip_in_cache
from fluxdiag.runs import sha256_text

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
    name = f"faces-{faces_key(pack)}-{resolution}"
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
    name = f"clip-{clip_key(model)}-{resolution}.f32"
    reader = functools.cache(lambda: ClipReader(model))
    rows = []
    for done, photo in enumerate(photos):
        content = cache.get_bytes(photo.facts.sha256, name)
        if content is None:
            content = reader().images([_at(photo.path, resolution)])[0].astype(np.float32).tobytes()
            cache.put_bytes(photo.facts.sha256, name, content)
        rows.append(np.frombuffer(content, dtype=np.float32))
        if progress is not None:
            progress(done, len(photos))
    return np.stack(rows) if rows else np.zeros((0, 0), np.float32)


def read_labels(labels: dict[str, tuple[str, ...]], model: str, cache: Cache) -> dict[str, np.ndarray]:
    """Aspect -> embeddings of its labels (k, dim) float32 of length 1."""
    reader = functools.cache(lambda: ClipReader(model))
    found = {}
    for aspect, texts in labels.items():
        digest, name = sha256_text("\n".join(texts)), f"labels-{clip_key(model)}.f32"
        content = cache.get_bytes(digest, name)
        if content is None:
            content = reader().labels(texts).astype(np.float32).tobytes()
            cache.put_bytes(digest, name, content)
        found[aspect] = np.frombuffer(content, dtype=np.float32).reshape(len(texts), -1)
    return found


def clip_key(model: str) -> str:
    """What tells this CLIP from others in a cache. Raises WeightsMissing where it is not on this machine."""
    if not Path(model).is_dir() and clip_in_cache(model) is None:
        raise no_clip(model)
    return _key(Path(model).name, Path(model)) if Path(model).is_dir() else _key(model, None)


def faces_key(pack: str) -> str:
    """The same for a face pack."""
    opened = open_pack(pack)
    return _key(opened.name, opened.folder)


def _key(name: str, folder: Path | None) -> str:
    """Name and a digest of the files' sizes and times: reading 300 MB of weights would take longer than the audit."""
    files = [] if folder is None else sorted(file for file in folder.iterdir() if file.is_file())
    told = "".join(f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}\n" for file in files)
    plain = "".join(c if c.isalnum() else "-" for c in name)[:40]
    return f"{plain}-{hashlib.sha256((name + told).encode()).hexdigest()[:12]}"


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
