"""The best photos of a curated set for a quick experiment: sharp ones, as different from one another as can be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from fluxdiag.dataset.decoding import opened
from fluxdiag.records import Photo

SIDE = 256
"""px of the longer side at which sharpness is compared: of what a large photo shows, not of its noise"""
THUMBNAIL = 16
"""px a side at which photos are compared"""
BLURRED = 0.25
"""times the median sharpness of the set; below it a photo is left out"""


def best(photos: Sequence[Photo], count: int) -> tuple[Photo, ...]:
    """At most `count`, in the order in which they were chosen: the sharpest, then always the one that is most unlike."""
    sharp = _sharp(photos)
    small = {photo.path: thumbnail(Path(photo.path)) for photo in sharp}
    left = sorted(sharp, key=lambda photo: (-sharp[photo], photo.sha256))
    chosen = left[:1]
    while len(chosen) < min(count, len(left)):
        rest = [photo for photo in left if photo not in chosen]
        chosen.append(
            max(rest, key=lambda one: min(float(np.linalg.norm(small[one.path] - small[other.path])) for other in chosen))
        )
    return tuple(chosen)


def _sharp(photos: Sequence[Photo]) -> dict[Photo, float]:
    """Photo -> sharpness, without the blurred ones."""
    found = {photo: sharpness(Path(photo.path)) for photo in photos}
    least = BLURRED * float(np.median(list(found.values())))
    return {photo: value for photo, value in found.items() if value >= least}


def thumbnail(file: Path) -> NDArray[np.float32]:
    """THUMBNAIL x THUMBNAIL x RGB, upright. Raises FluxdiagError for a photo that does not decode."""
    with opened(file) as image:
        small = ImageOps.exif_transpose(image).convert("RGB").resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)


def sharpness(file: Path) -> float:
    """Variance of the Laplacian (Pech-Pacheco et al. 2000) of the grey picture. Raises FluxdiagError likewise."""
    with opened(file) as image:
        grey = ImageOps.exif_transpose(image).convert("L")
    grey.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    pixels = np.asarray(grey, dtype=np.float32)
    centre = pixels[1:-1, 1:-1]
    laplacian = pixels[:-2, 1:-1] + pixels[2:, 1:-1] + pixels[1:-1, :-2] + pixels[1:-1, 2:] - 4 * centre
    return float(laplacian.var())
