"""`fluxlab cure`: report -> retrain --launch -> report -> compare on every planted LoRA of a grid, unattended.

    GRID/CELL/run   the planted LoRAs and their reports, as `fluxlab bench` leaves them; only read
    OUT/CELL/       what the loop makes of each
    ROWS            one line of JSON a LoRA; the table is made from all of them

Goes on where it was killed. A failure costs its LoRA, not the grid.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from fluxlab.bench.cells import JUDGING, Cell, cells_in
from fluxlab.bench.command import numbers
from fluxlab.closed_loop.cell import cured, planted_sha256
from fluxlab.closed_loop.rows import ROWS, append, read_rows
from fluxlab.closed_loop.table import markdown, write_table
from fluxlab.plant import FAULTS
from fluxlab.side_by_side import say, side_by_side

ILL = tuple(fault for fault in FAULTS if fault != "healthy")


def run_cells(cells: Sequence[Cell], grid: Path, out: Path, jobs: int, rows: Path) -> int:
    """Cure whatever has no row yet; returns how many failed."""
    known = {row.key for row in read_rows(rows)}
    todo = [cell for cell in cells if _key(cell, grid) not in known]
    say(f"{len(cells) - len(todo)} of {len(cells)} have their row already")
    failed = len(todo)
    for place, cell, row in side_by_side(partial(cured, grid=grid, out=out), todo, jobs, lambda cell: cell.name):
        failed -= 1
        append(row, rows)
        then = "not trained" if row.after is None else row.after.verdict
        say(f"{place} {cell.name}: {row.before.verdict} ({row.before.cause}) -> {then}, {row.seconds}")
    return failed


def _key(cell: Cell, grid: Path) -> tuple[str, float, int, int, str | None]:
    return cell.fault, cell.severity, cell.subject, cell.seed, planted_sha256(cell, grid)


def asked(grid: Path, subjects: Sequence[int] | None, faults: Sequence[str]) -> list[Cell]:
    """The cells in the grid of these faults and subjects; None stands for all subjects that are kept for judging."""
    return [
        cell
        for cell in cells_in(grid)
        if cell.fault in faults and (cell.subject >= JUDGING if subjects is None else cell.subject in subjects)
    ]


def parser() -> argparse.ArgumentParser:
    parsing = argparse.ArgumentParser(
        prog="fluxlab cure", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parsing.add_argument("--grid", type=Path, default=Path("lab-build/grid"), help="as `fluxlab bench --out` left it")
    parsing.add_argument(
        "--subjects",
        nargs="*",
        metavar="N",
        help=f"numbers and ranges: 5004-5006; none cures none; all from {JUDGING} on unless said",
    )
    parsing.add_argument("--faults", nargs="+", default=list(ILL), choices=FAULTS, metavar="F")
    parsing.add_argument("--out", type=Path, default=Path("lab-build/cured"))
    parsing.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="LoRAs at once, one thread each")
    parsing.add_argument("--rows", type=Path, default=ROWS)
    parsing.add_argument("--publish", type=Path, metavar="FILE", help="write the table into this page: docs/retrain.md")
    return parsing


def main(arguments: list[str] | None = None) -> None:
    given = parser().parse_args(arguments)
    subjects = None if given.subjects is None else numbers(given.subjects)
    cells = asked(given.grid, subjects, given.faults)
    if not cells and subjects != []:
        sys.exit(f"{given.grid}: no such LoRAs in this grid; plant them with `fluxlab bench --out {given.grid}`")
    failed = run_cells(cells, given.grid, given.out, given.jobs, given.rows)
    rows = read_rows(given.rows)
    if rows:
        print(markdown(rows))
        if given.publish is not None:
            write_table(rows, given.publish)
    sys.exit(1 if failed else 0)
