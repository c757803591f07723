"""Which LoRAs: a table, or all that lie in a folder.

    lora,trigger,class_word,dataset,references,base,strength,name
    anna/anna.safetensors,ohwx woman,,anna/photos,anna/others,,,Anna
    ben.safetensors,,,,,,0.8,

Only `lora` is needed; paths are relative to the table's folder. A mistake in the table ends the call before anything is drawn,
with its line; a file that is there and cannot be read is one LoRA's own affair, and a row of the answer.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fluxdiag.bases import HUB_ID
from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import why
from fluxdiag.manual import manual_page
from fluxdiag.searching.checkpoints import STATE_SAID, is_checkpoint_folder, is_state, series_of

COLUMNS = ("lora", "trigger", "class_word", "dataset", "references", "base", "strength", "name")
STRONGEST = 10.0


@dataclass(frozen=True)
class Item:
    """One LoRA, and what is told of it; None is looked for, as `report` does."""

    name: str
    lora: Path
    trigger: str | None = None
    class_word: str | None = None
    dataset: Path | None = None
    references: Path | None = None
    base: str | None = None
    strength: float | None = None


@dataclass(frozen=True)
class Manifest:
    """`skipped`: file -> why it is none of the items."""

    items: tuple[Item, ...]
    skipped: dict[str, str] = field(default_factory=dict)


def read_manifest(given: Path) -> Manifest:
    """Raises FluxdiagError for a table that cannot be used, naming the line, and for a folder without LoRAs."""
    return _in_folder(given) if given.is_dir() else Manifest(tuple(_distinct(given, list(_items(given)))))


# ------------------------------------------------------------------------------------------------ a table


def _items(table: Path) -> Iterator[tuple[int, Item]]:
    """(line, item)"""
    for line, cells in _rows(table):
        where = f"{table}:{line}"
        if not cells["lora"]:
            raise FluxdiagError("names no LoRA", where=where, do="Give the file in the column `lora`")
        lora = _there(table, cells, "lora", where)
        assert lora is not None, "it was just asked for"
        if not lora.is_file():
            raise FluxdiagError(f"{cells['lora']!r} is a folder", where=where, do="Name the LoRA's file")
        yield (
            line,
            Item(
                name=cells["name"] or lora.stem,
                lora=lora,
                trigger=cells["trigger"] or None,
                class_word=cells["class_word"] or None,
                dataset=_there(table, cells, "dataset", where),
                references=_there(table, cells, "references", where),
                base=_base(table, cells["base"], where),
                strength=_strength(cells["strength"], where),
            ),
        )


def _rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Every column's cell, empty where there is none."""
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            columns = _columns(next(reader, []), table)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num, _named(columns, cells, f"{table}:{reader.line_num}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        do = f"Give a folder of LoRAs, or a CSV as {manual_page('batch.md')} shows it"
        raise FluxdiagError(f"cannot be read ({why(error)})", where=str(table), do=do) from error


def _columns(named: list[str], table: Path) -> list[str]:
    columns, where = [name.strip() for name in named], f"{table}:1"
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise FluxdiagError(f"there is no column {unknown[0]!r}", where=where, do=f"Known: {','.join(COLUMNS)}")
    twice = [name for name in COLUMNS if columns.count(name) > 1]
    if twice:
        raise FluxdiagError(f"the column {twice[0]!r} is there twice", where=where, do="Leave one of the two")
    if "lora" not in columns:
        raise FluxdiagError("there is no column `lora`", where=where, do=f"Begin it with {','.join(COLUMNS[:3])}")
    return columns


def _named(columns: list[str], cells: list[str], where: str) -> dict[str, str]:
    if len(cells) > len(columns):
        do = "Put quotation marks around what has a comma in it"
        raise FluxdiagError(f"has {len(cells)} cells for {len(columns)} columns", where=where, do=do)
    if any("\0" in cell for cell in cells):
        raise FluxdiagError("holds a NUL character", where=where, do="Save the table as plain CSV")
    return dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}


def _there(table: Path, cells: dict[str, str], column: str, where: str) -> Path | None:
    if not cells[column]:
        return None
    path = table.parent / cells[column]
    try:
        found = path.exists()
    except OSError:  # a name longer than the disk allows
        found = False
    if not found:
        raise FluxdiagError(
            f"{column}: there is no {cells[column]!r}", where=where, do="Paths are relative to the table's folder"
        )
    return path


def _base(table: Path, given: str, where: str) -> str | None:
    if not given or (not (table.parent / given).is_dir() and HUB_ID.fullmatch(given)):
        return given or None
    if not (table.parent / given).is_dir():
        do = "Give a folder or hub id of a FLUX.1 pipeline in diffusers' layout"
        raise FluxdiagError(f"base: {given!r} is no folder, and no OWNER/NAME of the hub either", where=where, do=do)
    return str(table.parent / given)


def _strength(given: str, where: str) -> float | None:
    if not given:
        return None
    try:
        number = float(given)
    except ValueError:
        number = math.nan
    if not 0 < abs(number) <= STRONGEST:
        raise FluxdiagError(f"strength: {given!r} is no usable strength", where=where, do="Give a number such as 0.8 or 1")
    return number


def _distinct(table: Path, items: list[tuple[int, Item]]) -> Iterator[Item]:
    lines: dict[str, int] = {}
    for line, item in items:
        if item.name in lines:
            what = f"the name {item.name!r} stands in line {lines[item.name]} already"
            raise FluxdiagError(what, where=f"{table}:{line}", do="Give one of them another in the column `name`")
        lines[item.name] = line
        yield item
    if not items:
        raise FluxdiagError("there are no rows", where=str(table), do="Name one LoRA a line")


# ------------------------------------------------------------------------------------------------ a folder


def _in_folder(folder: Path) -> Manifest:
    """What lies in it and in its own folders. Of a training's checkpoints the last one stands for the training."""
    skipped: dict[str, str] = {}
    taken: list[Path] = []
    for place in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())):
        files = sorted(place.glob("*.safetensors"))
        if place is not folder and is_checkpoint_folder(place):
            skipped |= {_name(folder, file): CHECKPOINT.format(place.name) for file in files}
            continue
        skipped |= {_name(folder, file): STATE_SAID for file in files if is_state(file)}
        for series in series_of(file for file in files if not is_state(file)):
            taken.append(series[-1])
            skipped |= {_name(folder, file): CHECKPOINT.format(series[-1].stem) for file in series[:-1]}
    if not taken:
        why_not = f" ({'; '.join(f'{name}: {reason}' for name, reason in skipped.items())})" if skipped else ""
        raise FluxdiagError(f"there are no LoRAs here{why_not}", where=str(folder), do="Give a folder of .safetensors files")
    stems = [file.stem for file in taken]
    names = [file.stem if stems.count(file.stem) == 1 else _name(folder, file.with_suffix("")) for file in taken]
    return Manifest(tuple(Item(name, file) for name, file in zip(names, taken, strict=True)), skipped)


CHECKPOINT = "a checkpoint of {}'s training; `fluxdiag sweep` compares them"


def _name(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix()
