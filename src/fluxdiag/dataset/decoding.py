"""A photo's file, opened. What a decoder raises for a damaged one becomes a sentence here, so that whoever reads photos says the
same of it, and nothing that lies in a folder of photos ends a run."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from fluxdiag.errors import FluxdiagError

HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
"""brands of ISO/IEC 23008-12"""


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
