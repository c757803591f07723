"""`fluxlab marks`: what each fault does to a LoRA, by the rows that `fluxlab bench` keeps; and a contact sheet of a grid.

The table takes every subject that was planted with a fault: mean and spread over subjects, judged by weights that never saw
the subject. The sheet is read from the run folders of one subject, FAULT-SUBJECT-SEED/run under --grid.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from fluxdiag.profiles import load_profile
from fluxdiag.runs import Run
from fluxlab.bench.cells import Cell
from fluxlab.bench.command import numbers
from fluxlab.bench.decoys import DECOYS
from fluxlab.bench.judging import Answer, answers, weights_for
from fluxlab.bench.rows import ROWS, read_rows, world_of
from fluxlab.plant import BASE, FAULTS
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


def table(found: Iterable[Answer]) -> str:
    """Markdown: by what was planted, mean and spread over subjects of each measurement, the verdicts and the first causes."""
    planted: dict[str, list[Answer]] = {}
    for answer in sorted(found, key=_place):
        planted.setdefault(answer.row.cell.planted, []).append(answer)
    lines = [f"| planted | n | {' | '.join(COLUMNS)} | verdicts, first causes |", "|---" * (len(COLUMNS) + 3) + "|"]
    for fault, those in planted.items():
        cells = [str(len(those)), *(_spread(those, key) for key in COLUMNS.values()), _verdicts(those)]
        lines.append(f"| {fault} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _place(answer: Answer) -> tuple[int, float]:
    """In the order of the faults, then of the decoys, then whatever else; the gravest first."""
    known = [*FAULTS, *DECOYS]
    cell = answer.row.cell
    return known.index(cell.fault) if cell.fault in known else len(known), -cell.severity


def _spread(those: Sequence[Answer], key: str) -> str:
    known = [answer.row.states["all"].measurements[key][0] for answer in those if key in answer.row.states["all"].measurements]
    if not known:
        return "-"
    return f"{np.mean(known):.2f}" + (f" ± {np.std(known, ddof=1):.2f}" if len(known) > 1 else "")


def _verdicts(those: Iterable[Answer]) -> str:
    said = Counter(answer.verdict + (f": {answer.present[0].replace(':', ' ')}" if answer.present else "") for answer in those)
    return ", ".join(f"{count} {words}" for words, count in said.most_common())


def judged(rows: Path, base: Path, subjects: Sequence[int], seed: int) -> list[Answer]:
    """The rows of these subjects, or of all, as the weights of today judge them with everything known."""
    world, bands = world_of(base), load_profile(str(base)).bands
    every = read_rows(rows, world)
    wanted = [row for row in every if row.seed == seed and not row.probe_seeds and (not subjects or row.subject in subjects)]
    return answers(wanted, bands, weights_for(every, bands, world), ["all"])


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
    parser.add_argument("--subjects", nargs="*", default=[], metavar="N", help="numbers and ranges: 200-208 5002; none takes all")
    parser.add_argument("--seed", type=int, default=0, help="of the training")
    parser.add_argument("--rows", type=Path, default=ROWS)
    parser.add_argument("--base", type=Path, default=BASE)
    parser.add_argument("--grid", type=Path, default=Path("lab-build/bench"))
    parser.add_argument("--sheet", type=Path, help="also write the contact sheet of the first subject here, as PNG")
    given = parser.parse_args(arguments)
    subjects = numbers(given.subjects)
    if given.sheet and not subjects:
        parser.error("--sheet shows one subject: name it with --subjects")
    found = judged(given.rows, given.base, subjects, given.seed)
    if not found:
        parser.error(f"{given.rows} has no such rows of this base")
    print(table(found))
    if given.sheet:
        contact_sheet(subjects[0], given.seed, given.grid).quantize(256).save(given.sheet, optimize=True)
