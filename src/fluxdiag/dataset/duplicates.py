"""Near-duplicates: photos that the eye calls the same one, saved anew, resized, brightened, drained of colour or mirrored.

The perceptual hash (ImageHash's pHash, 64 bits), a 16 x 16 grey thumbnail and its colours have to agree. The hash alone
takes a man in a forest and the same man in a library for one photo (6 bits apart), grey alone takes noon for dusk. What
each of the three tells apart is measured in docs/dataset.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from fluxdiag.dataset.decoding import opened
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import Record

SIDE = 16
BITS_APART = 12
"""of 64; photos saved anew (JPEG 40), halved or brightened by 15% differ in 11 at most"""
GREY_ALIKE = 0.95
"""correlation of the grey thumbnails; .958 or more for the same changes"""
COLOUR_ALIKE = 0.9
"""of the channel that agrees least; not asked of a photo without colour"""
COLOURLESS = 6.0
"""levels between the strongest and the weakest channel, on average over the thumbnail"""
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""of ITU-R 601, as PIL turns colour into grey"""
CROPPED_ALIKE = 0.91
"""of the channel that agrees least, under the best crop; photos drawn apart reach .904 (docs/dataset.md)"""
CROPS = (16, 15, 14, 13)
"""of 16 thumbnail pixels a side: what is left after up to a fifth was cut away"""
ROWS = 512
"""compared at a time, so that memory grows with the number of photos and not with its square"""

Floats = NDArray[np.float32]


class Fingerprint(Record):
    """What is kept of a photo to find it again; hexadecimal, so that it can lie in a cache."""

    hash: str
    mirrored: str
    """the hash of the photo's mirror image: flipped copies are the same photo to a trainer"""
    thumbnail: str
    """SIDE x SIDE x RGB"""


def fingerprint(image: Image.Image) -> Fingerprint:
    """Of an upright picture of any mode and size; one that is already small costs least."""
    colours = image if image.mode == "RGB" else image.convert("RGB")
    small = np.asarray(colours.resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.uint8)
    grey = colours.convert("L")
    return Fingerprint(
        hash=str(imagehash.phash(grey)), mirrored=str(imagehash.phash(ImageOps.mirror(grey))), thumbnail=small.tobytes().hex()
    )


def near_duplicates(photos: Iterable[Path]) -> tuple[tuple[Path, ...], ...]:
    """Groups of two or more photos that show the same picture, each in the given order. What cannot be read is left out."""
    paths, prints = [], []
    for path in photos:
        found = _read(path)
        if found is not None:
            paths.append(path)
            prints.append(found)
    return tuple(tuple(paths[row] for row in group) for group in groups(prints))


def groups(prints: Sequence[Fingerprint], more: Iterable[tuple[int, int]] = ()) -> tuple[tuple[int, ...], ...]:
    """Rows of `prints` that show the same picture, by `more` pairs too. Alike is passed on: a burst of photos is one group."""
    return connected(len(prints), [*pairs(prints, prints), *more])


def pairs(first: Sequence[Fingerprint], second: Sequence[Fingerprint]) -> list[tuple[int, int]]:
    """(row of `first`, row of `second`) that show the same picture, mirrored or not; a row also meets itself."""
    if not first or not second:
        return []
    found: set[tuple[int, int]] = set()
    for mirrored in (False, True):
        theirs, theirs_hashed = _Thumbnails.of(second, mirrored), _hashes(second, "mirrored" if mirrored else "hash")
        for start in range(0, len(first), ROWS):
            rows = first[start : start + ROWS]
            apart = np.bitwise_count(_hashes(rows)[:, None] ^ theirs_hashed[None, :])
            alike = _Thumbnails.of(rows).alike(theirs) & (apart <= BITS_APART)
            found |= {(start + int(row), int(column)) for row, column in np.argwhere(alike)}
    return sorted(found)


def cropped(first: Sequence[Fingerprint], second: Sequence[Fingerprint]) -> list[tuple[int, int]]:
    """(row of `first`, row of `second`) of which one is a crop of the other, mirrored or not; a row also meets itself."""
    if not first or not second:
        return []
    theirs = _wholes(second)
    found = {(row, column) for row, one in enumerate(first) for column in _showing(_views(one), theirs)}
    if first is second:
        return sorted(found | {(column, row) for row, column in found})
    ours = _wholes(first)
    found |= {(row, column) for column, one in enumerate(second) for row in _showing(_views(one), ours)}
    return sorted(found)


def _wholes(prints: Sequence[Fingerprint]) -> Floats:
    """(3, n, SIDE * SIDE) of mean 0 and length 1"""
    levels = np.stack([np.frombuffer(bytes.fromhex(one.thumbnail), np.uint8) for one in prints]).astype(np.float32)
    return _scaled(levels.reshape(len(prints), SIDE * SIDE, 3).transpose(2, 0, 1))


def _showing(views: Floats, wholes: Floats) -> list[int]:
    """Rows of `wholes` (3, n, SIDE * SIDE) that one of the views (3, k, SIDE * SIDE) is like, in all three channels."""
    alike = np.min([view @ whole.T for view, whole in zip(views, wholes, strict=True)], axis=0)  # (k, n)
    return [int(column) for column in np.flatnonzero(alike.max(axis=0) >= CROPPED_ALIKE)]


def _views(one: Fingerprint) -> Floats:
    """(3, k, SIDE * SIDE) of mean 0 and length 1: the thumbnail, its crops, and all of them mirrored; the whole comes first."""
    levels = np.frombuffer(bytes.fromhex(one.thumbnail), np.uint8).reshape(SIDE, SIDE, 3)
    upright = Image.fromarray(levels)
    boxes = [
        (x, y, x + side, y + side)
        for side in CROPS
        for x in sorted({0, (SIDE - side) / 2, SIDE - side})
        for y in sorted({0, (SIDE - side) / 2, SIDE - side})
    ]
    views = [
        np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box), dtype=np.float32)
        for image in (upright, ImageOps.mirror(upright))
        for box in boxes
    ]
    return _scaled(np.stack(views).reshape(len(views), SIDE * SIDE, 3).transpose(2, 0, 1))


def connected(count: int, links: Iterable[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """The groups of two or more that links join, of `count` items; smallest member first."""
    parent = list(range(count))

    def root(item: int) -> int:
        while parent[item] != item:
            parent[item] = item = parent[parent[item]]
        return item

    for one, other in links:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    members: dict[int, list[int]] = {}
    for item in range(count):
        members.setdefault(root(item), []).append(item)
    return tuple(tuple(group) for group in members.values() if len(group) > 1)


def scaled_thumbnails(prints: Sequence[Fingerprint]) -> Floats:
    """(n, SIDE * SIDE * 3), each of mean 0 and length 1: a product is the correlation of two small pictures."""
    levels = [np.frombuffer(bytes.fromhex(one.thumbnail), np.uint8) for one in prints]
    return _scaled(np.array(levels, dtype=np.float32).reshape(len(prints), SIDE * SIDE * 3))


def _read(path: Path) -> Fingerprint | None:
    try:
        with opened(path) as image:
            image.draft("RGB", (512, 512))
            return fingerprint(ImageOps.exif_transpose(image))
    except FluxdiagError:
        return None


def _hashes(prints: Sequence[Fingerprint], which: str = "hash") -> NDArray[np.uint64]:
    return np.array([int(getattr(one, which), 16) for one in prints], dtype=np.uint64)


@dataclass(frozen=True)
class _Thumbnails:
    """Each scaled to mean 0 and length 1, so that a product is a correlation; a flat picture is alike to nothing."""

    grey: Floats
    """(n, SIDE * SIDE)"""
    channels: Floats
    """(3, n, SIDE * SIDE)"""
    colourless: NDArray[np.bool_]
    """(n,)"""

    @classmethod
    def of(cls, prints: Sequence[Fingerprint], mirrored: bool = False) -> _Thumbnails:
        levels = np.stack([np.frombuffer(bytes.fromhex(one.thumbnail), np.uint8) for one in prints]).astype(np.float32)
        levels = levels.reshape(len(prints), SIDE, SIDE, 3)[:, :, :: -1 if mirrored else 1]
        channels = levels.reshape(len(prints), -1, 3).transpose(2, 0, 1)  # (3, n, SIDE * SIDE)
        colourless = np.ptp(channels, axis=0).mean(axis=1) < COLOURLESS
        return cls(_scaled(np.tensordot(LUMA, channels, axes=1)), _scaled(channels), colourless)

    def alike(self, other: _Thumbnails) -> NDArray[np.bool_]:
        """(n, m)"""
        grey = self.grey @ other.grey.T >= GREY_ALIKE
        colours = np.min([a @ b.T for a, b in zip(self.channels, other.channels, strict=True)], axis=0) >= COLOUR_ALIKE
        alike: NDArray[np.bool_] = grey & (colours | self.colourless[:, None] | other.colourless[None, :])
        return alike


def _scaled(levels: Floats) -> Floats:
    centred = levels - levels.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(centred, axis=-1, keepdims=True)
    scaled: Floats = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0)
    return scaled
