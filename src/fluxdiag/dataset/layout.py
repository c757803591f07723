"""Where trainers expect photos and their captions: one flat folder with text beside the images, or kohya's `10_name` folders."""

from __future__ import annotations

import re
from pathlib import Path

from fluxdiag.errors import FluxdiagError

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})
MASKS = ("-masklabel", "-condlabel")
"""OneTrainer keeps masks between the photos under these endings"""
CAPTIONS = (".txt", ".caption")


def images(folder: Path) -> list[Path]:
    """The images of a folder and of its `10_name` folders, sorted. Raises FluxdiagError where there is no such folder."""
    if not folder.is_dir():
        raise FluxdiagError("there is no such folder", where=str(folder), do="Check the path")
    places = [folder, *(place for place in folder.iterdir() if place.is_dir() and folder_caption(place))]
    return sorted(file for place in places for file in place.iterdir() if _is_photo(file))


def _is_photo(file: Path) -> bool:
    hidden = file.name.startswith(".")  # macOS leaves `._name.jpg` beside what it copies
    return file.suffix.lower() in IMAGES and not hidden and not file.stem.endswith(MASKS) and file.is_file()


def caption_of(image: Path) -> str | None:
    """The text beside an image, whitespace collapsed; None when there is no such file. Raises FluxdiagError if not UTF-8."""
    for suffix in CAPTIONS:
        file = image.with_suffix(suffix)
        if file.is_file():
            try:
                return " ".join(file.read_text(encoding="utf-8-sig").split())
            except UnicodeDecodeError as error:
                raise FluxdiagError("this caption is not UTF-8 text", where=str(file), do="Save it as UTF-8") from error
    return None


def folder_caption(folder: Path) -> str:
    """What kohya's folder names say: `10_ohwx woman` -> `ohwx woman`; empty for any other name."""
    named = re.fullmatch(r"\d+_(.+)", folder.name)
    return "" if named is None else named[1].strip()
