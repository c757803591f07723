"""Every file of a training set: those that are photos, and those that look like photos and are not."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fluxdiag.dataset.configs import Trainer
from fluxdiag.dataset.layout import CACHES, IMAGES, MASKS, MOST, is_regularisation
from fluxdiag.errors import FluxdiagError
from fluxdiag.printable import in_utf8
from fluxdiag.records import Photo

NOT_READ = {
    ".heic": "`pip install pillow-heif`, then save it as PNG",
    ".heif": "`pip install pillow-heif`, then save it as PNG",
    ".avif": "save it as PNG",
    ".jxl": "save it as PNG",
    ".tif": "save it as PNG",
    ".tiff": "save it as PNG",
    ".gif": "save one frame as PNG",
    ".jfif": "rename it to .jpg",
    ".dng": "develop it and save it as PNG",
    ".cr2": "develop it and save it as PNG",
    ".nef": "develop it and save it as PNG",
    ".arw": "develop it and save it as PNG",
    ".cr3": "develop it and save it as PNG",
    ".raf": "develop it and save it as PNG",
    ".orf": "develop it and save it as PNG",
    ".rw2": "develop it and save it as PNG",
}
"""images that not every trainer takes (OneTrainer reads .tif, kohya .avif and .jxl with their plug-ins), and what to do"""
WORKS = frozenset({".psd", ".psb", ".xcf", ".kra", ".clip", ".afphoto", ".svg", ".eps", ".ai", ".pdf"})
FILMS = frozenset({".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".wmv", ".3gp"})
"""what a person may count as photos of the set; files that trainers keep there, and lists, are none"""
PASSED_OVER = "ai-toolkit passes over .bmp without a word (kohya, OneTrainer and SimpleTuner read it): save it as PNG"
"""`image_extensions` of its `toolkit/data_loader.py`"""
UNNAMED = ("", ".jpg_large", ".img", ".dat", ".bin")
"""what browsers and messengers leave of a photo's name"""
STARTS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"RIFF": "WebP"}


@dataclass
class Listing:
    """Paths are absolute; `said` has (name inside the set, kind, what is wrong), a line each."""

    photos: list[tuple[str, Path]] = field(default_factory=list)
    said: list[tuple[str, str, str]] = field(default_factory=list)
    looked_into: int = 0
    """files whose names say nothing"""
    others: Counter[str] = field(default_factory=Counter)
    """ending -> how many works and films"""

    @property
    def too_many(self) -> bool:
        return any(kind == "too-many" for _, kind, _ in self.said)


def list_photos(folder: Path, without: Collection[Path] = (), trainer: Trainer | None = None) -> Listing:
    """At any depth, links to folders not followed, the folders in `without` not looked into. `trainer`: whose config named it.

    Raises FluxdiagError where there is no such folder.
    """
    if not folder.is_dir():
        raise FluxdiagError("there is no such folder", where=str(folder), do="Name the folder of your training photos")
    found = Listing()
    for entry in sorted(_entries(folder, found, without), key=lambda entry: entry.path):
        _sort_in(Path(entry.path), in_utf8(os.path.relpath(entry.path, folder)), entry, found)
    found.said += [(name, "not-taken", PASSED_OVER) for name, path in found.photos if _passed_over(path, trainer)]
    if found.others:
        counted = ", ".join(f"{count} {suffix}" for suffix, count in found.others.most_common())
        found.said.append(("", "passed-over", f"{counted}: trainers of pictures pass over them"))
    if len(found.photos) > MOST:
        found.said.append(
            ("", "too-many", f"only the first {MOST:,} of {len(found.photos):,} photos were opened, and no captions")
        )
        del found.photos[MOST:]
    return found


def _passed_over(path: Path, trainer: Trainer | None) -> bool:
    return path.suffix.lower() == ".bmp" and trainer in (None, "ai-toolkit")


def _entries(folder: Path, found: Listing, without: Collection[Path]) -> Iterator[os.DirEntry[str]]:
    waiting = [str(folder)]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        passed = entry.name in CACHES or is_regularisation(entry.name) or Path(entry.path) in without
                        waiting += [] if passed else [entry.path]
                    else:
                        yield entry
        except OSError as error:
            found.said.append(
                (in_utf8(os.path.relpath(place, folder)), "unopened-folder", f"this folder cannot be opened ({error.strerror})")
            )


def _sort_in(path: Path, name: str, entry: os.DirEntry[str], found: Listing) -> None:
    suffix = path.suffix.lower()
    looks_so = suffix in IMAGES or suffix in NOT_READ
    if entry.is_symlink() and not path.exists():
        found.said.append((name, "unreadable", "a link that leads nowhere, or round"))
    elif entry.is_symlink() and path.is_dir():
        found.said.append((name, "unopened-folder", "a link to a folder, which trainers do not follow"))
    elif suffix in NOT_READ:
        found.said.append((name, "not-taken", f"trainers do not take {suffix}: {NOT_READ[suffix]}"))
    elif suffix in WORKS or suffix in FILMS:
        found.others[suffix] += 1
    elif suffix in IMAGES and not path.stem.endswith(MASKS):
        found.photos.append((name, path))
    elif not looks_so and suffix in UNNAMED and (kind := _looked_into(path, found)):
        found.said.append((name, "not-taken", f"holds a {kind} under a name that no trainer takes: rename it"))


def _looked_into(path: Path, found: Listing) -> str | None:
    """What its first bytes say, of as many files as a set can have photos."""
    found.looked_into += 1
    if found.looked_into > MOST or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            first = file.read(4)
    except OSError:
        return None
    return next((kind for start, kind in STARTS.items() if first.startswith(start)), None)


def names_of(photos: Sequence[Photo]) -> list[str]:
    """What an audit calls a case's photos: paths below the folder that they share, for two folders may hold a `001.png` each."""
    shared = shared_folder(photos)
    return [in_utf8(Path(photo.path).relative_to(shared).as_posix()) if shared else photo.path for photo in photos]


def shared_folder(photos: Sequence[Photo]) -> str:
    """The folder that all of them lie below; empty without any, and on several drives."""
    try:
        return os.path.commonpath([Path(photo.path).parent for photo in photos])
    except ValueError:
        return ""
