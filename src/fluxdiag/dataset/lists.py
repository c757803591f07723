"""Captions in lists: kohya's metadata (JSON, JSON lines), Hugging Face's `metadata.jsonl` and `.csv`, ai-toolkit's JSON.

A row names its image by a path below the list's folder, by an absolute path, by a path of another machine, or by the bare name.
Which image is meant is told by as many parts of the path as agree, counted from the end; where that leaves several, none.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from fluxdiag.dataset.layout import IMAGES, UNREAD_METADATA

COLUMNS = ("text", "caption", "prompt", "caption_short", "tags")
NAMES = ("file_name", "image_path", "image", "path")
EXACT = 10_000
"""agreement of a path that is the very one; no path has as many parts"""


@dataclass(frozen=True)
class Row:
    """`said` is the caption itself or the object that holds it; `images` are those that it is about."""

    name: str
    said: object
    images: tuple[Path, ...] = ()

    @property
    def caption(self) -> str | None:
        return self.said if isinstance(self.said, str) else _caption(self.said)


@dataclass(frozen=True)
class Broken:
    """A row that cannot be read: its line, and what stands there."""

    line: int
    text: str

    def names(self, image: Path) -> bool:
        """By its whole name, or by its name without the ending in quotes."""
        named = rf"(?<![\w.-]){re.escape(image.name)}" + rf'|"{re.escape(image.stem)}"'
        return re.search(named, self.text) is not None


@dataclass(frozen=True)
class Table:
    """A list as it lies in `file`. `keyed`: one JSON object, the names its keys."""

    file: Path
    rows: tuple[Row, ...]
    keyed: bool = False
    odd: int = 0
    """rows that hold no name"""
    broken: tuple[Broken, ...] = ()

    @property
    def lost(self) -> int:
        """Rows that say which image they are about, where there is none or more than one."""
        return sum(not row.images and PurePosixPath(_posix(row.name)).suffix.lower() in IMAGES for row in self.rows)

    def about(self, images: Collection[Path]) -> bool:
        return any(image in images for row in self.rows for image in row.images)

    def rewritten(self, captions: Mapping[Path, str]) -> str:
        """The same list with the captions of these images; a row about another image is left out, for nobody looked at it."""
        kept = [(row, captions[row.images[0]]) for row in self.rows if row.images and row.images[0] in captions]
        said = [(row.name, caption if isinstance(row.said, str) else _saying(row.said, caption)) for row, caption in kept]
        if self.file.suffix == ".csv":
            return _csv([row for _, row in said if isinstance(row, dict)])
        if self.file.suffix == ".jsonl":
            return "".join(json.dumps(row, ensure_ascii=False) + "\n" for _, row in said)
        return json.dumps(dict(said) if self.keyed else [row for _, row in said], ensure_ascii=False, indent=1) + "\n"


def table(file: Path, images: Sequence[Path]) -> Table:
    """Raises ValueError or OSError for what cannot be read, RecursionError for what is nested beyond reason."""
    if file.name == UNREAD_METADATA:
        raise ValueError("not read in this format: save it as metadata.jsonl or metadata.csv")
    data, broken = _parsed(file)
    keyed = isinstance(data, dict)
    if isinstance(data, dict):
        rows = [Row(name, said) for name, said in data.items() if isinstance(said, (str, dict))]
    else:
        rows = [Row(name, row) for row in data if (name := _name(row)) is not None]
    return Table(file, tuple(_placed(rows, images, file.parent)), keyed, 0 if keyed else len(data) - len(rows), tuple(broken))


def _parsed(file: Path) -> tuple[dict[str, object] | list[object], list[Broken]]:
    """And the lines that are none, where the others can be read without them."""
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".csv":
        return _csv_rows(text)
    if file.suffix == ".jsonl":
        return _json_lines(text)
    data = json.loads(text)
    if not isinstance(data, (dict, list)):
        raise ValueError("neither a list nor an object")
    return data, []


def _json_lines(text: str) -> tuple[list[object], list[Broken]]:
    rows: list[object] = []
    broken = []
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            rows += [json.loads(line)] if line.strip() else []
        except (ValueError, RecursionError):
            broken.append(Broken(number, line))
    return rows, broken


def _csv_rows(text: str) -> tuple[list[object], list[Broken]]:
    """A quote that is not closed swallows the rows behind it: its line is left out, and what follows is read anew."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines)
    columns, at = next(reader, []), reader.line_num
    rows: list[object] = []
    broken = []
    while at < len(lines):
        cells, length = _first_row(lines, at)
        if not length or any(_names_an_image(line, columns) for line in lines[at + 1 : at + length]):
            broken.append(Broken(at + 1, lines[at]))
        elif cells:
            rows.append(dict(zip(columns, [*cells, *[None] * len(columns)], strict=False)))
        at += 1 if broken and broken[-1].line == at + 1 else length
    return rows, broken


def _first_row(lines: Sequence[str], at: int) -> tuple[list[str], int]:
    """From that line on, and how many lines it has: none where no row can be made of them."""
    reader = csv.reader(lines[number] for number in range(at, len(lines)))
    try:
        return next(reader, []), reader.line_num
    except csv.Error:
        return [], 0


def _names_an_image(line: str, columns: Sequence[str]) -> bool:
    row = dict(zip(columns, _first_row([line], 0)[0], strict=False))
    return PurePosixPath(_posix(_name(row) or "")).suffix.lower() in IMAGES


def _name(row: object) -> str | None:
    return next((str(row[key]) for key in NAMES if isinstance(row.get(key), str)), None) if isinstance(row, dict) else None


def _caption(row: object) -> str | None:
    """kohya joins `caption` and `tags`; the others have one column of text."""
    if not isinstance(row, dict):
        return None
    said = [str(row[key]) for key in ("caption", "tags") if isinstance(row.get(key), str) and row[key]]
    return ", ".join(said) or next((str(row[key]) for key in COLUMNS if isinstance(row.get(key), str)), None)


def _saying(row: object, caption: str) -> dict[str, object]:
    """In every column that held words; tags are part of the caption by now, and stay only where there was nothing else."""
    held = dict(row) if isinstance(row, dict) else {}
    columns = [key for key in COLUMNS if isinstance(held.get(key), str)]
    worded = [key for key in columns if held[key]] or columns[:1]
    texts = [key for key in worded if key != "tags"] or worded
    return held | dict.fromkeys(worded, "") | dict.fromkeys(texts, caption)


def _csv(rows: Sequence[dict[str, object]]) -> str:
    buffer = io.StringIO(newline="")
    columns = [key for key in rows[0] if key is not None] if rows else []
    writer = csv.DictWriter(buffer, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------ which image a row is about


def _placed(rows: Sequence[Row], images: Sequence[Path], folder: Path) -> Iterator[Row]:
    """An image that several rows claim goes to the one whose path agrees most; to none where those say different things."""
    called: dict[str, list[Path]] = defaultdict(list)
    for image in images:
        called[image.name].append(image)
        called[image.stem].append(image)
    meant = [_meant(row, called, folder) for row in rows]
    claims: dict[Path, list[tuple[int, int]]] = defaultdict(list)
    for number, (agreement, found) in enumerate(meant):
        for image in found:
            claims[image].append((agreement, number))
    owners = {image: owner for image, several in claims.items() if (owner := _owner(several, rows)) is not None}
    for number, (row, (_, found)) in enumerate(zip(rows, meant, strict=True)):
        yield replace(row, images=tuple(image for image in found if owners.get(image) == number))


def _meant(row: Row, called: Mapping[str, list[Path]], folder: Path) -> tuple[int, tuple[Path, ...]]:
    """How many parts of the path agree, and with which images; a name without an ending may stand for `a.png` and `a.jpg`."""
    parts = PurePosixPath(_posix(row.name)).parts
    candidates = called.get(parts[-1], []) if parts else []
    named = [image for image in candidates if image.name == parts[-1]] or candidates
    if not named:
        return 0, ()
    agreement = {image: _agreement(parts, image, folder) for image in named}
    most = max(agreement.values())
    best = tuple(image for image in named if agreement[image] == most)
    return (most, best) if len({image.with_suffix("") for image in best}) == 1 else (0, ())


def _agreement(parts: Sequence[str], image: Path, folder: Path) -> int:
    """The last part is known to agree, with or without the ending."""
    whole = folder.joinpath(*parts).with_name(image.name)
    if whole == image:
        return EXACT
    pairs = list(zip(reversed(parts[:-1]), reversed(image.parent.parts), strict=False))
    return 1 + next((number for number, (one, other) in enumerate(pairs) if one != other), len(pairs))


def _owner(claims: Sequence[tuple[int, int]], rows: Sequence[Row]) -> int | None:
    """Of one path that stands there twice the later row counts, as in a table of names."""
    most = max(agreement for agreement, _ in claims)
    best = [number for agreement, number in claims if agreement == most]
    return best[-1] if most == EXACT or len({rows[number].caption for number in best}) == 1 else None


def _posix(name: str) -> str:
    return name.replace("\\", "/")
