"""Pictures of a run as data URIs: small, re-encoded, and free of whatever the original carried besides pixels."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from fluxdiag.records import Shot
from fluxdiag.runs import Run

TILE = 256
"""longest side of a picture in the tables, px: about 7 kB each"""
LARGE = 512
"""longest side of the pictures in the first comparison, px"""
QUALITY = 80


@dataclass(frozen=True)
class Picture:
    """`uri` is None where there is no readable file; `tiny` pictures are enlarged by whole steps, without smoothing."""

    uri: str | None
    width: int = 0
    height: int = 0

    @property
    def tiny(self) -> bool:
        return 0 < self.width <= 128


NO_PICTURE = Picture(None)


def thumbnails(run: Run, shots: Iterable[Shot], longest: int = TILE) -> dict[str, Picture]:
    """Shot id -> picture. Decoding and encoding let other threads run, so all cores share the work."""
    files = {shot.id: run.folder / shot.file for shot in shots}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(files, pool.map(lambda file: thumbnail(file, longest), files.values()), strict=True))


def thumbnail(file: Path, longest: int) -> Picture:
    """A file that is missing or broken is no reason to write no report: the page says so in its place."""
    try:
        with Image.open(file) as image:
            pixels = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return NO_PICTURE
    pixels.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    # Only pixels are written: no EXIF, no prompt chunks, no colour profile.
    pixels.save(buffer, "WEBP", quality=QUALITY, method=2, exif=b"", icc_profile=b"", xmp=b"")
    return Picture(f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}", pixels.width, pixels.height)
