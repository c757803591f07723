"""One image file becomes facts. Whatever is wrong with it is a fact too; the audit goes on.

Every picture is decoded whole, because one cut short shows only there; then all is measured at the size that the trainer
works at, so memory holds as many pictures as there are workers, whatever the size of the set.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageCms, ImageOps

from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.pixels import LEAST, Floats, black_bars, blockiness, blur, light
from fluxdiag.dataset.audit.records import PhotoFacts
from fluxdiag.dataset.decoding import LYING, as_trained, colours, decoded, opened, orientation_of, upright_size
from fluxdiag.dataset.duplicates import fingerprint
from fluxdiag.errors import FluxdiagError
from fluxdiag.runs import sha256_file

WORKERS = 2
CROP = 1024
"""px a side of the middle in which block edges are looked for, at full size"""
EDGES = 48
"""cells a side of the map of gradients"""
THUMBNAIL = 168
SUFFIXES = {"JPEG": (".jpg", ".jpeg"), "MPO": (".jpg", ".jpeg"), "PNG": (".png",), "WEBP": (".webp",), "BMP": (".bmp",)}
STANDARD_TABLE = 3688
"""sum of the luminance table of JPEG's annex K, which quality 50 takes as it is"""

Progress = Callable[[int, int], None]


def read_all(paths: Iterable[Path], resolution: int, cache: Cache, progress: Progress | None = None) -> list[PhotoFacts]:
    """The facts of every file in order, two at a time: PIL lets go of the interpreter while it decodes."""
    files, found = list(paths), []
    with warnings.catch_warnings(), ThreadPoolExecutor(WORKERS) as workers:  # outside the threads: filters belong to all of them
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # large, and still decoded
        for done, facts in enumerate(workers.map(lambda path: read_photo(path, resolution, cache), files)):
            found.append(facts)
            if progress is not None:
                progress(done, len(files))
    return found


def read_photo(path: Path, resolution: int, cache: Cache) -> PhotoFacts:
    """Never raises for what a file holds."""
    try:
        if path.stat().st_size == 0:  # a pipe, too, which would be waited for
            return PhotoFacts(problem="empty: no bytes at all")
        digest = sha256_file(path)
    except OSError as error:
        return PhotoFacts(problem=f"cannot be read ({error.strerror})")
    known = cache.get(digest, f"facts-{resolution}", PhotoFacts)
    if known is None:
        known, thumbnail = _measured(path, digest, resolution)
        if thumbnail is not None:  # what was wrong may be mended by the next time: more memory, a newer decoder
            cache.put(digest, f"facts-{resolution}", known)
            cache.put_bytes(digest, "thumbnail.jpg", thumbnail)
    return known


def wrong_suffix(path: Path, facts: PhotoFacts) -> bool:
    return bool(facts.format) and path.suffix.lower() not in SUFFIXES.get(facts.format, ())


def _measured(path: Path, digest: str, resolution: int) -> tuple[PhotoFacts, bytes | None]:
    try:
        with opened(path) as image:
            return _facts(image, digest, resolution)
    except FluxdiagError as error:
        return PhotoFacts(sha256=digest, problem=error.what), None


def _facts(image: Image.Image, digest: str, resolution: int) -> tuple[PhotoFacts, bytes]:
    mode, form, frames = _stored_mode(image), image.format or "", int(getattr(image, "n_frames", 1))
    quality, profile = _jpeg_quality(image), _profile(image)
    width, height = upright_size(image)
    whole = decoded(image)
    blocks = blockiness(_grey(_middle(whole)))
    small = as_trained(image, resolution)
    grey = _grey(small)
    brightness, contrast, warmth = light(np.asarray(small.resize((16, 16), Image.Resampling.BOX), dtype=np.float32))
    facts = PhotoFacts(
        sha256=digest,
        format=form,
        mode=mode,
        width=width,
        height=height,
        stored=_stored_way(orientation_of(image)),
        frames=1 if form == "MPO" else frames,
        transparent=_transparent(image),
        profile=profile,
        jpeg_quality=quality,
        blur=round(blur(grey), 4) if min(grey.shape) >= LEAST else None,
        blockiness=None if blocks is None else round(blocks, 3),
        bars=round(black_bars(grey), 4),
        brightness=round(brightness, 4),
        contrast=round(contrast, 4),
        warmth=round(warmth, 4),
        edges=_edges(small),
        fingerprint=fingerprint(small),
    )
    return facts, _thumbnail(small)


def _stored_way(orientation: int) -> Literal["upright", "mirrored", "upside down", "lying on its side"]:
    """By the EXIF note (tag 0x0112, 1 to 8); any other number turns nothing. 4 is upside down and mirrored."""
    if orientation in LYING:
        return "lying on its side"
    return "mirrored" if orientation == 2 else "upside down" if orientation in (3, 4) else "upright"


def _stored_mode(image: Image.Image) -> str:
    """PIL opens colours of 16 bits as RGB; only the tile that waits to be decoded still says so."""
    deep = any(";16" in str(tile[3]) for tile in getattr(image, "tile", ()))
    return f"{image.mode};16" if deep and ";16" not in image.mode else image.mode


def _middle(image: Image.Image) -> Image.Image:
    left, top = max(0, (image.width - CROP) // 2), max(0, (image.height - CROP) // 2)
    return image.crop((left, top, min(image.width, left + CROP), min(image.height, top + CROP)))


def _grey(image: Image.Image) -> Floats:
    return np.asarray(image.convert("L"), dtype=np.float32)


def _transparent(image: Image.Image) -> bool:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return False
    alpha = image.convert("RGBA").getchannel("A")
    return alpha.getextrema()[0] < 255  # type: ignore[operator]  # one band, so one pair of numbers


def _profile(image: Image.Image) -> str | None:
    """The name of the embedded profile; None where there is none or it is sRGB."""
    raw = image.info.get("icc_profile")
    if not raw:
        return None
    name = "unreadable"
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(raw))).strip()
    return None if "srgb" in name.lower() or "gray" in name.lower() else name[:60]


def _jpeg_quality(image: Image.Image) -> int | None:
    """The quality that would have made this file's luminance table, by the formula of the IJG's library."""
    tables = getattr(image, "quantization", None)
    if not tables or 0 not in tables:
        return None
    scale = 100 * sum(tables[0]) / STANDARD_TABLE
    return int(max(1, min(100, round((200 - scale) / 2 if scale <= 100 else 5000 / scale))))


def _edges(image: Image.Image) -> str:
    """(EDGES, EDGES) strengths of gradients, the strongest of each cell, 0 to 255."""
    side = EDGES * 4
    grey = np.asarray(image.convert("L").resize((side, side), Image.Resampling.BOX), dtype=np.float32)
    strength = np.hypot(*np.gradient(grey)).reshape(EDGES, 4, EDGES, 4).max(axis=(1, 3))
    return bytes(strength.clip(0, 255).astype(np.uint8)).hex()


def thumbnail_of(path: Path) -> bytes | None:
    """A small JPEG of a photo that was read before; None where it is gone since."""
    try:
        with opened(path) as image:
            image.draft("RGB", (2 * THUMBNAIL, 2 * THUMBNAIL))
            return _thumbnail(colours(ImageOps.exif_transpose(image)))
    except FluxdiagError:
        return None


def _thumbnail(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
