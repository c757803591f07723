"""What a training set lies in: a folder, a zip bundle, or the folders that a trainer's config names; each folder once.

Files are known by their absolute paths here. Outside they go by their path below the folder that all of them share, so that
no two of a set have one name, whatever the config calls their folders.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from fluxdiag.dataset.configs import CONFIGS, Place, Trainer, places_of
from fluxdiag.dataset.layout import CAPTIONS, IMAGES
from fluxdiag.errors import FluxdiagError

LARGEST_MEMBER = 200_000_000
"""bytes of one file of a bundle"""
LARGEST_BUNDLE = 20_000_000_000
KOHYAS_OWN = (".caption", ".txt")
"""kohya's default comes first; `--caption_extension .txt` of its command line cannot be seen from here"""


class Problem(NamedTuple):
    """`missing` is what the set should hold and does not; `aside` is left alone, and rightly so."""

    name: str
    says: str
    kind: Literal["fault", "missing", "aside"] = "fault"


@dataclass(frozen=True)
class Root:
    """One folder of a set. `without`: folders below it that belong to others, or hold no photos."""

    folder: Path
    prefix: str = ""
    extension: str | None = None
    trainer: Trainer | None = None
    without: frozenset[Path] = frozenset()

    @property
    def extensions(self) -> tuple[str, ...]:
        """Of its caption files, the first that is there counts."""
        if self.extension is not None:
            return (self.extension,)
        return KOHYAS_OWN if self.trainer == "kohya" else CAPTIONS

    def name(self, file: Path) -> str:
        """What the file is called outside, and below a copy of the set; its bytes may be no UTF-8."""
        return self.prefix + file.relative_to(self.folder).as_posix()


@dataclass(frozen=True)
class Source:
    roots: tuple[Root, ...]
    problems: tuple[Problem, ...] = ()
    """what is not there, cannot be unpacked, or is none of the character's"""


@contextmanager
def folders(source: Path, contents: bool = True) -> Iterator[Source]:
    """Everything that `source` stands for; a bundle is unpacked to a temporary folder, its photos with their `contents` or as
    empty files.

    Raises FluxdiagError for what is none of the three.
    """
    if source.is_file() and zipfile.is_zipfile(source):
        with tempfile.TemporaryDirectory(prefix="fluxdiag-") as place:
            problems = _unpack(source, Path(place), contents)
            yield Source((Root(Path(place)),), problems)
    elif source.is_file():
        yield _named(source)
    else:
        yield Source((Root(source.absolute()),))


# ------------------------------------------------------------------------------------------------ bundles


def _unpack(source: Path, place: Path, contents: bool) -> tuple[Problem, ...]:
    """zipfile itself takes `..`, links and drive letters out of names. A damaged member is left out and named."""
    try:
        with zipfile.ZipFile(source) as bundle:
            members = [info for info in bundle.infolist() if not info.is_dir()]
            fit = [info for info in members if info.file_size <= LARGEST_MEMBER]
            photos = [] if contents else [info for info in fit if Path(info.filename).suffix.lower() in IMAGES]
            whole = [info for info in fit if info not in photos]
            if sum(info.file_size for info in whole) > LARGEST_BUNDLE:
                raise FluxdiagError("unpacks to more than 20 GB", where=str(source), do="Name the folder that it was made from")
            _stand_in(photos, place)
            damaged = [info.filename for info in whole if not _out(bundle, info, place)]
    except (OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
        raise FluxdiagError(f"cannot be unpacked ({error})", where=str(source), do="Unpack it and name the folder") from error
    large = [info.filename for info in members if info.file_size > LARGEST_MEMBER]
    return (
        *(Problem(name, "damaged inside the bundle", "missing") for name in damaged),
        *(Problem(name, f"larger than {LARGEST_MEMBER // 1_000_000} MB, and not unpacked", "missing") for name in large),
    )


def _out(bundle: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path) -> bool:
    """Whether it came out whole; what comes out of a damaged one would pass for a caption."""
    with tempfile.TemporaryDirectory(dir=place, prefix=".") as begun:
        try:
            out = Path(bundle.extract(info, begun))
        except (zipfile.BadZipFile, zlib.error, EOFError):
            return False
        file = place / out.relative_to(begun)
        file.parent.mkdir(parents=True, exist_ok=True)
        out.replace(file)
    return True


def _stand_in(photos: Sequence[zipfile.ZipInfo], place: Path) -> None:
    """Empty files of their names: all that captions need of photos."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as empty:
        for name in dict.fromkeys(info.filename for info in photos):
            empty.writestr(name, b"")
    with zipfile.ZipFile(buffer) as empty:
        empty.extractall(place)


# ------------------------------------------------------------------------------------------------ configs


def _named(source: Path) -> Source:
    """The folders of a config, relative to it."""
    if source.suffix.lower() not in CONFIGS:
        raise FluxdiagError(
            "neither a folder, a zip bundle nor a trainer's config", where=str(source), do="Name a folder of photos"
        )
    places = places_of(source)
    mine = [(place, _path(source, place.folder)) for place in places if not place.aside]
    there = [(place, folder) for place, folder in mine if folder.is_dir()]
    if not there:
        what = "none of the folders that it names is there" if mine else "names no folder that the character is learned from"
        raise FluxdiagError(what, where=str(source), do="Name the dataset folder itself")
    others = [_path(source, name) for place in places for name in (place.folder, place.masks) if name is not None]
    problems = [Problem(place.folder, "no such folder", "missing") for place, folder in mine if not folder.is_dir()]
    problems += [Problem(f"{place.folder.rstrip('/')}/", place.aside, "aside") for place in places if place.aside]
    return Source(tuple(_roots(there, others)), tuple(dict.fromkeys(problems)))


def _path(config: Path, named: str) -> Path:
    path = config.parent / named
    return path.resolve() if ".." in path.parts else path.absolute()


def _roots(there: Sequence[tuple[Place, Path]], others: Collection[Path]) -> Iterator[Root]:
    """Each folder once, however often it is named: trainers want it once for every resolution. Two extensions are two."""
    found: dict[tuple[Path, str | None], tuple[Place, Path]] = {}
    for place, folder in there:
        found.setdefault((folder.resolve(), place.extension), (place, folder))
    prefixes = _prefixes({folder.resolve(): folder for _, folder in found.values()})
    for (real, extension), (place, _) in found.items():
        folder, prefix = prefixes[real]
        yield Root(folder, prefix, extension, place.trainer, frozenset(_inside(real, folder, others)))


def _prefixes(places: dict[Path, Path]) -> dict[Path, tuple[Path, str]]:
    """Folder, links resolved -> (as it was named, what stands before the names of its files)."""
    try:
        shared = Path(os.path.commonpath(list(places.values())))
        below = {real: folder.relative_to(shared).as_posix() for real, folder in places.items()}
    except ValueError:  # on several drives
        below = {real: f"{number} {folder.name}" for number, (real, folder) in enumerate(places.items(), start=1)}
    return {real: (folder, "" if below[real] == "." else f"{below[real]}/") for real, folder in places.items()}


def _inside(real: Path, folder: Path, others: Collection[Path]) -> Iterator[Path]:
    """Those of the others that lie below it."""
    for other in {one.resolve() for one in others} - {real}:
        if other.is_relative_to(real):
            yield folder / other.relative_to(real)
