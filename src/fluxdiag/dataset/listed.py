"""Every list of captions of a folder, with what is wrong with each as a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from fluxdiag.dataset import layout
from fluxdiag.dataset.lists import Broken, Table, table
from fluxdiag.dataset.sources import Problem, Root

NAMED = 5
"""of one kind that are named each; of more the first stands for all"""


def all_tables(root: Root, images: Sequence[Path]) -> tuple[list[Table], list[Problem], list[Broken]]:
    """The lists, what is to be said of each, and what could not be read of them."""
    tables: list[Table] = []
    problems: list[Problem] = []
    broken: list[Broken] = []
    for file in layout.metadata_files(root.folder, root.without):
        name = root.name(file)
        try:
            tables.append(read := table(file, images))
        except (ValueError, OSError) as error:
            problems.append(Problem(name, f"cannot be read ({error})"))
            broken.append(_raw(file))
        except RecursionError:
            problems.append(Problem(name, "cannot be read (nested too deeply)"))
            broken.append(_raw(file))
        else:
            problems += (Problem(name, says) for says in _faults(read))
            broken += read.broken
    return tables, problems, broken


def _faults(read: Table) -> Iterator[str]:
    """Broken lines are named, of many the first."""
    kind = "no row" if read.file.suffix == ".csv" else "no JSON"
    numbers = [str(one.line) for one in read.broken]
    if len(numbers) > NAMED:
        yield f"{len(numbers)} lines are {kind} ({', '.join(numbers[:NAMED])}, ...), and passed over"
    else:
        yield from (f"line {number} is {kind}, and passed over" for number in numbers)
    if read.lost:
        yield f"{read.lost} of its rows name no image here, or one of several"
    if read.odd:
        yield f"{read.odd} of its rows name no image at all"


def _raw(file: Path) -> Broken:
    """All of a list that cannot be read, as far as it can be told at all."""
    try:
        return Broken(1, file.read_text(encoding="utf-8-sig", errors="replace") if file.name != layout.UNREAD_METADATA else "")
    except OSError:
        return Broken(1, "")
