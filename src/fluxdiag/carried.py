"""Pictures that carry a small view of themselves: a page of 200 of them need not decode 200 megapixels.

The view lies in a private chunk of the PNG file (PNG specification, 5.4: lower-case letters for what may be skipped and is
private, an upper-case last one for what no editor may copy once pixels are changed). So it is copied with the file and the
file's digest covers it. Every other program shows the picture and passes over the chunk.
"""

from __future__ import annotations

import io
from typing import BinaryIO

from PIL import Image, PngImagePlugin

CHUNK = b"flVW"
VIEW = 512
"""longest side, px: 20 kB in a file of 2 MB"""
QUALITY = 90
"""high enough to be shrunk and encoded once more"""
COMPRESSION = 3
"""zlib's level: for a tenth more bytes than its default 6 a third of the time, which would be a card's idle time"""


def png_with_view(image: Image.Image) -> bytes:
    """A PNG file; one that is no larger than a view carries none."""
    buffer, chunks = io.BytesIO(), PngImagePlugin.PngInfo()
    if max(image.size) > VIEW:
        chunks.add(CHUNK, view_of(image))
    image.save(buffer, "PNG", pnginfo=chunks, compress_level=COMPRESSION)
    return buffer.getvalue()


def view_of(image: Image.Image) -> bytes:
    small, buffer = image.copy(), io.BytesIO()
    small.thumbnail((VIEW, VIEW), Image.Resampling.LANCZOS)
    small.save(buffer, "WEBP", quality=QUALITY, method=2)
    return buffer.getvalue()


def view_in(file: BinaryIO) -> tuple[Image.Image, float] | None:
    """The view that a PNG file carries and its size as a share of the picture's; None where there is none to rely on.

    The picture itself is not decoded. A run folder may be somebody else's, so a view of another shape is not believed; that it
    shows the same is as sure as the file: who can write a false view can write a false picture. What is shown large is decoded.
    """
    try:
        with Image.open(file, formats=("PNG",)) as picture:
            chunks = dict(getattr(picture, "private_chunks", ()))
        with Image.open(io.BytesIO(chunks[CHUNK]), formats=("WEBP",)) as view:
            share = view.width / picture.width
            if max(view.size) != VIEW or abs(view.height - share * picture.height) > 1:
                return None
            return view.convert("RGB"), share
    except (KeyError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
