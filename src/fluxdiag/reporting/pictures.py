"""Pictures of a run as data URIs: small, re-encoded, and free of whatever the original carried besides pixels."""

from __future__ import annotations

import base64
import hashlib
import io
import os
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps

from fluxdiag.carried import view_in
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import Photo, Shot
from fluxdiag.runs import Run, sha256_file
from fluxdiag.swapped import picture_file

SMALL = ((260, 256), (500, 192))
"""(at most so many pictures, longest side in px): about 7 kB each at 256 px"""
SMALLEST = 128
LARGE = 512
"""longest side of the pictures that are compared, px"""
FACE = 96
MARGIN = 0.3
"""of the face's own size, left around it in a crop"""
PHOTO = 160
QUALITY = 75


@dataclass(frozen=True)
class Picture:
    """`uri` is None where there is nothing to show, and `why` says so; `tiny` pictures are enlarged without smoothing."""

    uri: str | None
    width: int = 0
    height: int = 0
    why: str = "picture file missing"

    @property
    def tiny(self) -> bool:
        return 0 < self.width <= 128


NO_PICTURE = Picture(None)
ANOTHER = Picture(None, why="not the picture that was measured")
"""in the place of a file that was swapped or altered: it is evidence of nothing, so it is not shown"""


@dataclass(frozen=True)
class Views:
    """One shot as the page needs it. `large` only of those that are compared, `face` only where one was found."""

    small: Picture = NO_PICTURE
    large: Picture = NO_PICTURE
    face: Picture = NO_PICTURE


def small_side(pictures: int) -> int:
    """The more pictures, the smaller: a page of any run can still be sent by mail."""
    return next((side for most, side in SMALL if pictures <= most), SMALLEST)


def views_of(run: Run, shots: tuple[Shot, ...], enlarged: Collection[str], with_faces: Collection[str]) -> dict[str, Views]:
    """Shot id -> its pictures, each file read once: what is shown is the very bytes whose digest was compared.

    Hashing, decoding and encoding let other threads run, so all cores share the work.
    """
    side = small_side(len(shots))

    def views(shot: Shot) -> Views:
        content = _content(run, shot)
        if content is not None and shot.sha256 and hashlib.sha256(content).hexdigest() != shot.sha256:
            return Views(ANOTHER, ANOTHER, ANOTHER)
        faced = shot.id in with_faces and bool(shot.faces)
        looked = None if content is None else _looked_at(content, shot if faced else None, whole=shot.id in enlarged)
        if looked is None:
            return Views()
        pixels, scale = looked
        large = encoded(pixels, LARGE) if shot.id in enlarged else NO_PICTURE
        face = encoded(_face(pixels, shot, scale), FACE) if faced else NO_PICTURE
        return Views(encoded(pixels, side), large, face)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip((shot.id for shot in shots), pool.map(views, shots), strict=True))


def _looked_at(content: bytes, face_of: Shot | None, whole: bool) -> tuple[Image.Image, float] | None:
    """Pixels to make the small pictures from, and their scale: of the view that the file carries, where it has enough of them."""
    carried = None if whole else view_in(io.BytesIO(content))
    if carried is not None and (face_of is None or max(_face(carried[0], face_of, carried[1]).size) >= FACE):
        return carried
    pixels = pixels_of(io.BytesIO(content))
    return None if pixels is None else (pixels, 1.0)


def _content(run: Run, shot: Shot) -> bytes | None:
    file = picture_file(run, shot)
    try:
        return None if file is None else file.read_bytes()
    except OSError:
        return None


def photo_pictures(photos: Iterable[Photo], most: int) -> list[tuple[Photo, Picture]]:
    """The user's own photos, those that still lie where they were and are still the same files."""
    readable = [photo for photo in photos if photo.problem is None][:most]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        shown = pool.map(_photo, readable)
        return [(photo, picture) for photo, picture in zip(readable, shown, strict=True) if picture.uri is not None]


def _photo(photo: Photo) -> Picture:
    """The digest is compared first: a run folder may be somebody else's, and its paths are not to pick files of this machine."""
    path = Path(photo.path)
    try:
        if not path.is_file() or sha256_file(path) != photo.sha256:
            return NO_PICTURE
    except (OSError, ValueError):
        return NO_PICTURE
    pixels = pixels_of(path, draft=PHOTO * 2)
    return NO_PICTURE if pixels is None else encoded(pixels, PHOTO)


def pixels_of(file: Path | BinaryIO, draft: int | None = None) -> Image.Image | None:
    """A file that is missing or broken is no reason to write no report: the page says so in its place."""
    try:
        with Image.open(file) as image:
            if draft is not None:
                image.draft("RGB", (draft, draft))
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            return image if image.mode == "RGB" else image.convert("RGB")  # each copy costs an eighth of decoding
    except (OSError, ValueError, SyntaxError, FluxdiagError, Image.DecompressionBombError):
        return None


def small_pixels(file: Path) -> Image.Image | None:
    """Of a drawn picture, for one that is shown small; None where it cannot be read."""
    try:
        looked = _looked_at(file.read_bytes(), None, whole=False)
    except OSError:
        return None
    return None if looked is None else looked[0]


def _face(pixels: Image.Image, shot: Shot, scale: float) -> Image.Image:
    """A square around the person's face: row 0, which gather chose. `scale`: of these pixels beside the picture's own."""
    left, top, right, bottom = shot.faces[0].box
    half = max(right - left, bottom - top) * (0.5 + MARGIN)
    x, y = (left + right) / 2, (top + bottom) / 2
    box = (max(0.0, x - half), max(0.0, y - half), min(pixels.width / scale, x + half), min(pixels.height / scale, y + half))
    whole = tuple(round(scale * edge) for edge in box)
    return pixels.crop(whole) if whole[0] < whole[2] and whole[1] < whole[3] else pixels  # type: ignore[arg-type]


def encoded(pixels: Image.Image, longest: int) -> Picture:
    """Only pixels are written: no EXIF, no prompt chunks, no colour profile.

    Whole steps down are means of blocks, the rest Lanczos: a sixth of the time, and after WebP within 0.5 dB of Lanczos alone.
    """
    shrunk = min(1.0, longest / max(pixels.size))
    size = (max(1, round(pixels.width * shrunk)), max(1, round(pixels.height * shrunk)))
    shown = pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.0)
    buffer = io.BytesIO()
    shown.save(buffer, "WEBP", quality=QUALITY, method=2, exif=b"", icc_profile=b"", xmp=b"")
    return Picture(f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}", shown.width, shown.height)
