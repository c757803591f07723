"""A photo's file, opened. What a decoder raises for a damaged one becomes a sentence here, so that whoever reads photos says the
same of it, and nothing that lies in a folder of photos ends a run. Below: the picture as its trainer works with it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from fluxdiag.errors import FluxdiagError

HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
"""brands of ISO/IEC 23008-12"""
LARGEST = 60_000_000
"""pixels of a JPEG above which the decoder is asked for half the size"""
ORIENTATION = 0x0112
LYING = (5, 6, 7, 8)
"""of its values"""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""what makes it upright, as `ImageOps.exif_transpose` has it; that one reads the whole note again, which may be damaged"""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The picture of a file. It is decoded by what is done with it inside the block, and not only by the opening.

    Raises FluxdiagError for what cannot be read, is no image, is damaged or too large.
    """
    try:
        with Image.open(path) as image:
            yield image
    except Exception as error:  # decoders raise SyntaxError, ValueError, struct.error and more for what is damaged
        raise FluxdiagError(_why(path, error), where=str(path), do="Replace it, or take it out of the folder") from error


def _why(path: Path, error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return _unidentified(path)
    if isinstance(error, Image.DecompressionBombError):
        return "too large to be a photo (more than 178 million pixels)"
    if isinstance(error, MemoryError):
        return "does not fit into memory"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read ({error.strerror})"
    first = (str(error).splitlines() or [type(error).__name__])[0][:120]
    return "cut short or damaged: a part of the picture is missing" if "truncated" in first else f"does not decode ({first})"


def _unidentified(path: Path) -> str:
    """Phones send HEIC under the name of a JPEG."""
    first = b"?"
    with contextlib.suppress(OSError), path.open("rb") as file:
        first = file.read(12)
    if first[4:8] == b"ftyp" and first[8:12] in HEIC:
        return "a HEIC, whatever its name says: `pip install pillow-heif`, then save it as PNG"
    return "not an image, or a damaged one" if first else "empty: no bytes at all"


# ------------------------------------------------------------------------------------------------ as it is seen


def as_trained(image: Image.Image, resolution: int) -> Image.Image:
    """An opened photo as its trainer works with it: the one picture by which photos are compared, whoever compares them."""
    return upright(at_training_size(decoded(image), resolution), orientation_of(image))


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height as they are seen, of an opened photo that may not be decoded yet."""
    width, height = image.size
    return (height, width) if orientation_of(image) in LYING else (width, height)


def decoded(image: Image.Image) -> Image.Image:
    """Its pixels as 8-bit RGB, as they are stored; those of a very large JPEG at half the size."""
    if image.width * image.height > LARGEST:
        image.draft("RGB", (image.width // 2, image.height // 2))
    image.load()
    return colours(image)


def orientation_of(image: Image.Image) -> int:
    """By its EXIF note, 1 to 8; whatever else stands there turns nothing."""
    found = image.getexif().get(ORIENTATION, 1)
    return found if isinstance(found, int) else 1


def colours(image: Image.Image) -> Image.Image:
    """As 8-bit RGB; 16-bit levels are scaled and not clipped."""
    if image.mode.startswith("I") or image.mode == "F":
        levels = np.asarray(image, dtype=np.float32)
        top = 65535.0 if levels.max(initial=0) > 255 else 255.0
        return Image.fromarray((levels.clip(0, top) * (255 / top)).astype(np.uint8)).convert("RGB")
    if image.mode == "P" and "transparency" in image.info:
        return image.convert("RGBA").convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turned as the EXIF note says, after it was made small."""
    turn = TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def at_training_size(image: Image.Image, resolution: int) -> Image.Image:
    """Of the area that the trainer works at, or as it is where it is smaller already."""
    scale = (resolution**2 / (image.width * image.height)) ** 0.5
    if scale >= 1:
        return image.copy()
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    rough = image.reduce(whole) if (whole := int(1 / scale)) > 1 else image
    return rough.resize(size, Image.Resampling.BILINEAR)
