"""`fluxlab bench`: how often is fluxdiag right? Plants a grid, examines it, keeps one line a LoRA, prints the scores.

    OUT/FAULT[@SEVERITY]-SUBJECT-SEED/        the planted LoRA as its user would have it
    OUT/FAULT[@SEVERITY]-SUBJECT-SEED/run/    fluxdiag's run of it; run+N for another draw of the probe seeds
    ROWS                                      one line of JSON a LoRA, from which every figure is made

Goes on where it was killed, takes over what `fluxlab plant` left under such names, and scores whatever
rows there are. Subjects below 5000 are for fitting, from 5000 on for reporting.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from fluxdiag.runs import as_json, write_text
from fluxlab.bench.cells import JUDGING, PAIRS, Cell, cells_in, grid
from fluxlab.bench.decoys import DECOYS
from fluxlab.bench.rows import ROWS, Row, append, read_rows, world_of
from fluxlab.plant import BASE, FAULTS
from fluxlab.side_by_side import say, side_by_side

Task = tuple[Cell, int]
"""a cell and what is added to the probe seeds"""
SECOND_DRAW = 1000
APART = 10
"""more than the seeds of any probe: two people's second draws share no noise, which would move all of them alike"""


def run_cells(tasks: Sequence[Task], out: Path, base: Path, jobs: int, rows: Path) -> int:
    """Examine what has no row yet; returns how many failed."""
    world = world_of(base)
    done = {row.key for row in read_rows(rows, world)}
    todo = [(cell, shift) for cell, shift in tasks if (cell, shift, world) not in done]
    say(f"{len(tasks) - len(todo)} of {len(tasks)} have their row already")
    failed = len(todo)
    for place, task, row in side_by_side(partial(_examined, out=out, base=base), todo, jobs, _named):
        failed -= 1
        append(row, rows)
        said = row.states["all"]
        say(f"{place} {_named(task)}: {said.verdict} {', '.join(said.findings)}")
    return failed


def _examined(task: Task, out: Path, base: Path) -> Row:
    from fluxlab.bench.examine import examined

    cell, shift = task
    return examined(cell, out, base, shift)


def _named(task: Task) -> str:
    cell, shift = task
    return f"{cell.name} +{shift}" if shift else cell.name


def numbers(texts: Iterable[str]) -> list[int]:
    """`100-104 200` -> 100, 101, 102, 103, 104, 200."""
    found: list[int] = []
    for text in texts:
        first, _, last = text.partition("-")
        found += range(int(first), int(last or first) + 1)
    return list(dict.fromkeys(found))


def asked(given: argparse.Namespace) -> list[Task]:
    """The cells of the grid that the options name, each with the draws of the probe seeds."""
    faults = [*given.faults, *(DECOYS if given.decoys else ()), *(PAIRS if given.pairs else ())]
    cells = grid(faults, numbers(given.subjects), given.seeds, given.severity)
    if given.adopt:
        cells = list(dict.fromkeys([*cells_in(given.out), *cells])) if given.subjects else cells_in(given.out)
    return [(cell, shift) for cell in cells for shift in ((0, _second(cell)) if given.redraw else (0,))]


def _second(cell: Cell) -> int:
    return SECOND_DRAW + APART * (cell.subject % JUDGING)


def parser() -> argparse.ArgumentParser:
    parsing = argparse.ArgumentParser(
        prog="fluxlab bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parsing.add_argument_group("what is planted")
    what.add_argument("--subjects", nargs="*", default=[], metavar="N", help="numbers and ranges: 100-109 5000; none plants none")
    what.add_argument("--faults", nargs="+", default=list(FAULTS), choices=[*FAULTS, *DECOYS, *PAIRS], metavar="F")
    what.add_argument("--decoys", action="store_true", help="the decoys too")
    what.add_argument("--pairs", action="store_true", help="pairs of faults too")
    what.add_argument("--seeds", type=int, nargs="+", default=[0], help="training seeds")
    what.add_argument("--severity", type=float, nargs="+", default=[1.0], help="one or several, each from 0 to 1")
    what.add_argument("--redraw", action="store_true", help="examine each again with other probe seeds, those of its subject")
    what.add_argument("--adopt", action="store_true", help="every cell that lies in --out already")
    what.add_argument("--quick", action="store_true", help="2 subjects (5000, 5001) and all faults: about 40 minutes")
    how = parsing.add_argument_group("where and how")
    how.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="LoRAs at once, one thread each")
    how.add_argument("--out", type=Path, default=Path("lab-build/bench"))
    how.add_argument("--rows", type=Path, default=ROWS)
    how.add_argument("--base", type=Path, default=BASE)
    then = parsing.add_argument_group("what is made of the rows")
    then.add_argument("--fit", action="store_true", help=f"fit the weights on subjects below {JUDGING}, into the base's folder")
    then.add_argument("--ablate", action="store_true", help="judge without each instrument too; some minutes")
    then.add_argument("--docs", type=Path, default=Path("docs"), help="where --publish writes")
    then.add_argument("--publish", action="store_true", help="write accuracy.md, its JSON and its HTML page")
    return parsing


def main(arguments: list[str] | None = None) -> None:
    given = parser().parse_args(arguments)
    given.subjects = given.subjects or (["5000-5001"] if given.quick else [])
    tasks = asked(given)
    failed = run_cells(tasks, given.out, given.base, given.jobs, given.rows) if tasks else 0
    rows = read_rows(given.rows, world_of(given.base))
    say(f"{len(rows)} rows of this world in {given.rows}")
    if rows:
        _tell(rows, given)
    sys.exit(1 if failed else 0)


def _tell(rows: list[Row], given: argparse.Namespace) -> None:
    """The figures on stdout; weights and pages into files where asked."""
    from fluxdiag.profiles import load_profile
    from fluxlab.bench.document import markdown, write_document
    from fluxlab.bench.judging import fitted
    from fluxlab.bench.page import write_page
    from fluxlab.bench.report import bench_report

    bands, world = load_profile(str(given.base)).bands, world_of(given.base)
    report = bench_report(rows, bands, world, ablate=given.ablate or given.publish)
    print(markdown(report))
    if given.fit:
        file = given.base / "calibration.json"
        write_text(file, as_json(fitted(rows, bands, world)))
        say(f"weights: {file}")
    if given.publish:
        write_text(given.docs / "accuracy" / "accuracy.json", as_json(report))
        write_page(report, given.docs / "accuracy" / "accuracy.html")
        write_document(report, given.docs / "accuracy.md")
