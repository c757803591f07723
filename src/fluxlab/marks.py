"""`fluxlab marks`: what each fault does to a LoRA. Plants a grid of faults and subjects, runs fluxdiag on each, prints the table.

    OUT/FAULT[@SEVERITY]-SUBJECT-SEED/   the planted LoRA as its user would have it
    OUT/FAULT[@SEVERITY]-SUBJECT-SEED/run/   fluxdiag's run of it, from which the table and the contact sheet are read

Goes on where it was killed; the table can be printed of whatever is there.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np
from PIL import Image

from fluxdiag.case import build_case
from fluxdiag.flow import examine
from fluxdiag.runs import Run
from fluxlab.bench.cells import Cell, grid
from fluxlab.plant import BASE, FAULTS, plant
from fluxlab.sheets import tiled

COLUMNS = {
    "identity": "identity.trigger",
    "trigger effect": "trigger.effect",
    "description effect": "description.effect",
    "bleed": "bleed.class",
    "background": "obedience.background",
    "outfit": "obedience.outfit",
    "binding": "loss.binding",
    "held-out gain": "loss.heldout-gain",
    "gap": "loss.gap",
    "at half the strength": "strength.less",
    "at 1.5 times": "strength.more",
}
"""column of the table -> the measurement in it"""
PICTURES = 6
"""of the trigger in a row of the contact sheet; two of the class word follow"""


def examine_cell(cell: Cell, out: Path, base: Path = BASE) -> str:
    """Plant and diagnose; returns the verdict. One thread, for cells run side by side."""
    import torch

    torch.set_num_threads(1)
    file = plant(cell.fault, cell.subject, cell.seed, cell.folder(out), severity=cell.severity, base=base)
    return examine(build_case(file, base=str(base)), Run(cell.folder(out) / "run")).verdict


def run_grid(cells: Sequence[Cell], out: Path, jobs: int, base: Path = BASE) -> None:
    with ProcessPoolExecutor(jobs) as pool:
        pending = {pool.submit(examine_cell, cell, out, base): cell for cell in cells}
        for done in as_completed(pending):
            print(f"{pending[done].folder(out).name}: {done.result()}", flush=True)


def table(cells: Iterable[Cell], out: Path) -> str:
    """Markdown: by fault, mean and spread over subjects of each measurement, the verdicts and the first causes."""
    by_fault: dict[str, list[Run]] = {}
    for cell in cells:
        run = Run(cell.folder(out) / "run")
        if run.report_file.exists():
            by_fault.setdefault(cell.planted, []).append(run)
    lines = [f"| planted | n | {' | '.join(COLUMNS)} | verdicts, first causes |", "|---" * (len(COLUMNS) + 3) + "|"]
    for fault, runs in by_fault.items():
        lines.append(
            f"| {fault} | {len(runs)} | {' | '.join(_spread(runs, key) for key in COLUMNS.values())} | {_verdicts(runs)} |"
        )
    return "\n".join(lines)


def _spread(runs: list[Run], key: str) -> str:
    found = [m.value for run in runs if (m := run.evidence().measurements.get(key)) is not None]
    if not found:
        return "-"
    return f"{np.mean(found):.2f}" + (f" ± {np.std(found, ddof=1):.2f}" if len(found) > 1 else "")


def _verdicts(runs: list[Run]) -> str:
    counted: dict[str, int] = {}
    for run in runs:
        diagnosis = run.diagnosis()
        present = [f.cause + (f" {f.direction}" if f.direction else "") for f in diagnosis.findings if f.status == "present"]
        said = diagnosis.verdict + (f": {present[0]}" if present else "")
        counted[said] = counted.get(said, 0) + 1
    return ", ".join(f"{count} {said}" for said, count in sorted(counted.items(), key=lambda item: -item[1]))


def contact_sheet(subject: int, seed: int, out: Path, scale: int = 2) -> Image.Image:
    """A row a fault, same prompts and seeds: pictures of the trigger, then two of the class word."""
    pictures = []
    for fault in FAULTS:
        run = Run(Cell(fault, subject, seed).folder(out) / "run")
        if run.report_file.exists():
            pictures += [*_pictures(run, "trigger", PICTURES), *_pictures(run, "class", 2)]
    return tiled(pictures, PICTURES + 2, scale)


def _pictures(run: Run, arm: str, count: int) -> list[np.ndarray]:
    """The first seed of the first prompts, in the order of the suite."""
    chosen = {shot.prompt_id: shot for shot in reversed(run.shots()) if shot.arm == arm and shot.probe == "identity"}
    files = [run.folder / chosen[prompt].file for prompt in sorted(chosen)][:count]
    return [np.asarray(Image.open(file).convert("RGB")) for file in files]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="fluxlab marks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--subjects", type=int, nargs="+", default=list(range(100, 110)))
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=list(FAULTS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--severity", type=float, nargs="+", default=[1.0], help="one or several, each from 0 to 1")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=Path("lab-build/marks"))
    parser.add_argument("--sheet", type=Path, help="also write the contact sheet of the first subject here, as PNG")
    parser.add_argument("--table-only", action="store_true", help="print what is there, plant nothing")
    given = parser.parse_args(arguments)
    cells = grid(given.faults, given.subjects, [given.seed], given.severity)
    if not given.table_only:
        run_grid(cells, given.out, given.jobs)
    print(table(sorted(cells, key=lambda cell: given.faults.index(cell.fault)), given.out))
    if given.sheet:
        contact_sheet(given.subjects[0], given.seed, given.out).quantize(256).save(given.sheet, optimize=True)
