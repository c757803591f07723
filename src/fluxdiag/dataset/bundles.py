"""Every caption of a training set, whatever the layout, with what could not be read as a line each."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from fluxdiag.dataset import layout
from fluxdiag.dataset.configs import CONFIGS, places_of
from fluxdiag.errors import FluxdiagError

Reads = Literal["kohya", "ai-toolkit", "simpletuner"]
COLUMNS = ("text", "caption", "prompt", "caption_short", "tags")
JOINER = "\u200d"
ORDINARY = "left as it is: pictures of ordinary people (regularisation), which must not know the trigger"
PLACEHOLDER = re.compile(r"\[(?:trigger|name)\]")


@dataclass(frozen=True)
class Caption:
    """`name` is the caption's or image's path inside the set; `text` keeps its lines."""

    name: str
    text: str


@dataclass(frozen=True)
class Captions:
    found: tuple[Caption, ...] = ()
    problems: tuple[str, ...] = ()
    """one line for each file that is not as it should be, with its name"""


def read_captions(source: Path, trigger: str | None = None, reads: Reads = "ai-toolkit") -> Captions:
    """All captions of a folder, a zip bundle, or the folders that a trainer config names. `[trigger]` becomes the trigger."""
    if source.is_file() and zipfile.is_zipfile(source):
        found, problems = _zipped(source)
    elif source.suffix.lower() in CONFIGS and source.is_file():
        found, problems = _configured(source)
    else:
        found, problems = _folder(source)
    captions = (Caption(one.name, line) for one in found for line in lines(one.text, reads))
    return Captions(tuple(Caption(one.name, _named(one.text, trigger)) for one in captions), tuple(map(printable, problems)))


def printable(text: str) -> str:
    """On one line, and nothing in it steers a terminal; what joins emoji may stay."""
    return "".join(c if c.isprintable() or c == JOINER else f"\\x{ord(c):02x}" for c in text)


def lines(text: str, reads: Reads) -> list[str]:
    """What a trainer makes of several lines: kohya takes the first, SimpleTuner each as a caption, ai-toolkit the whole."""
    if reads == "ai-toolkit":
        return [" ".join(text.split())]
    parts = [" ".join(line.split()) for line in text.split("\n") if line.strip()] or [""]
    return parts[:1] if reads == "kohya" else parts


def _named(text: str, trigger: str | None) -> str:
    return PLACEHOLDER.sub(trigger, text) if trigger else text


@dataclass(frozen=True)
class Captioned:
    """An image and where its words are: in `file`, or, from a list or a folder's name, in `text`."""

    image: Path
    file: Path | None
    text: str | None

    def words(self) -> str | None:
        """Raises FluxdiagError for a file that is no caption."""
        return self.text if self.file is None else layout.read_caption(self.file)


def captioned_images(source: Path) -> list[Captioned]:
    """Of a folder, or of the folders that a trainer config names. Raises FluxdiagError for what is neither."""
    if source.suffix.lower() in CONFIGS and source.is_file():
        there = [place for place in _places(source) if place[0].is_dir()]
        if not there:
            raise FluxdiagError(
                "none of the folders that it names is there", where=str(source), do="Name the dataset folder itself"
            )
        return [one for place in there for one in _captioned(*place)[0]]
    return _captioned(source)[0]


def _captioned(folder: Path, extension: str | None = None, masks: Path | None = None) -> tuple[list[Captioned], list[str]]:
    """And the lists of captions that cannot be read. `extension`: of the caption files, where a config says it. `masks`: a
    folder whose images are none."""
    listed, problems = _listed(folder)
    found = []
    for image in layout.all_images(folder):
        if masks is not None and image.is_relative_to(masks):
            continue
        name = image.relative_to(folder).as_posix()
        text = listed.get(name) or listed.get(image.name) or listed.get(image.stem) or layout.folder_caption(image.parent)
        found.append(Captioned(image, layout.caption_file(image, extension), text or None))
    return found, problems


def _listed(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Name of an image -> its caption in one of the lists that trainers know."""
    listed: dict[str, str] = {}
    problems = []
    for table in (folder / name for name in layout.METADATA):
        if table.is_file():
            try:
                listed.update(dict(_metadata(table)))
            except (ValueError, OSError, csv.Error) as error:
                problems.append(f"{table.name}: cannot be read ({error})")
    return listed, problems


def _folder(folder: Path, extension: str | None = None, masks: Path | None = None) -> tuple[list[Caption], list[str]]:
    """Every caption of a folder, by the file that it is in or, without one, by its image."""
    images, problems = _captioned(folder, extension, masks)
    found = []
    for one in images:
        name = (one.file or one.image).relative_to(folder).as_posix()
        try:
            words = one.words()
        except FluxdiagError as error:
            problems.append(f"{Path(name).name}: {error.what}. {error.do}")
            continue
        if words is None:
            problems.append(f"{name}: no caption")
        else:
            found.append(Caption(name, words))
    problems += [f"{file.relative_to(folder).as_posix()}: no image of this name" for file in layout.orphans(folder)]
    problems += [
        f"{file.name}: a link that leads nowhere, or round"
        for file in folder.iterdir()
        if file.is_symlink() and not file.exists()
    ]
    problems += [f"{place.relative_to(folder).as_posix()}/: {ORDINARY}" for place in layout.regularisation_folders(folder)]
    return found, problems


def _metadata(file: Path) -> Iterator[tuple[str, str]]:
    """(image, caption) of kohya's and Hugging Face's lists. Raises ValueError for what is none."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as rows:
            yield from _rows(csv.DictReader(rows))
        return
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".jsonl":
        yield from _rows(json.loads(line) for line in text.split("\n") if line.strip())
        return
    data = json.loads(text)
    if isinstance(data, list):
        yield from _rows(data)
    elif isinstance(data, dict):
        for name, said in data.items():
            caption = said if isinstance(said, str) else _caption(said)
            if caption is not None:
                yield PurePosixPath(str(name).replace("\\", "/")).name, caption


def _rows(rows: Iterator[dict[str, object]] | csv.DictReader[str] | list[dict[str, object]]) -> Iterator[tuple[str, str]]:
    for row in rows:
        name = next((row[key] for key in ("file_name", "image_path", "image", "path") if isinstance(row.get(key), str)), None)
        caption = _caption(row)
        if name is not None and caption is not None:
            yield str(name), caption
            yield PurePosixPath(str(name).replace("\\", "/")).name, caption


def _caption(row: object) -> str | None:
    """kohya joins `caption` and `tags`; the others have one column of text."""
    if not isinstance(row, dict):
        return None
    said = [str(row[key]) for key in ("caption", "tags") if isinstance(row.get(key), str) and row[key]]
    return ", ".join(said) or next((str(row[key]) for key in COLUMNS if isinstance(row.get(key), str)), None)


def _zipped(file: Path) -> tuple[list[Caption], list[str]]:
    """Read in memory; nothing is unpacked to disk."""
    found, problems = [], []
    with zipfile.ZipFile(file) as bundle:
        every = {info.filename: info for info in bundle.infolist() if not info.is_dir() and "__MACOSX" not in info.filename}
        ordinary = {name for name in every if any(map(layout.is_regularisation, PurePosixPath(name).parts[:-1]))}
        problems += [f"{len(ordinary)} files: {ORDINARY}"] if ordinary else []
        members = {name: info for name, info in every.items() if name not in ordinary}
        names = {
            str(PurePosixPath(name).with_suffix("")) for name in members if PurePosixPath(name).suffix.lower() in layout.IMAGES
        }
        for name, info in members.items():
            if PurePosixPath(name).suffix.lower() not in layout.CAPTIONS or PurePosixPath(name).name.startswith("."):
                continue
            if info.file_size > layout.LARGEST:
                problems.append(f"{name}: {info.file_size / 1e6:.0f} MB are no caption")
            elif str(PurePosixPath(name).with_suffix("")) not in names:
                problems.append(f"{name}: no image of this name")
            else:
                try:
                    found.append(Caption(name, bundle.read(info).decode("utf-8-sig")))
                except (UnicodeDecodeError, zipfile.BadZipFile, RuntimeError) as error:
                    problems.append(f"{name}: cannot be read ({error.__class__.__name__})")
        captioned = {str(PurePosixPath(one.name).with_suffix("")) for one in found}
        problems += [f"{name}: no caption" for name in sorted(names - captioned)]
    return found, problems


def _configured(file: Path) -> tuple[list[Caption], list[str]]:
    """The folders that a trainer's config names, relative to the file."""
    found: list[Caption] = []
    problems: list[str] = []
    for folder, extension, masks in _places(file):
        if folder.is_dir():
            more, trouble = _folder(folder, extension, masks)
            found, problems = found + more, problems + trouble
        else:
            problems.append(f"{folder}: no such folder")
    return found, problems


def _places(config: Path) -> list[tuple[Path, str | None, Path | None]]:
    """(folder, extension of its captions, folder of masks), relative to the file."""
    return [
        (config.parent / one.folder, one.extension, None if one.masks is None else config.parent / one.masks)
        for one in places_of(config)
    ]
