"""One cell of the grid: planted, examined by fluxdiag as a user would, judged in every state of knowledge, made a row."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from fluxdiag.case import build_case
from fluxdiag.diagnose import judge
from fluxdiag.flow import examine
from fluxdiag.records import Evidence
from fluxdiag.runs import Run
from fluxdiag.weighing.calibration import Calibration, load_calibration
from fluxlab.album import character
from fluxlab.bench.cells import Cell
from fluxlab.bench.decoys import DECOYS, odds_of, overrides_of, recipe_for
from fluxlab.bench.early import looks_of
from fluxlab.bench.judging import present_in
from fluxlab.bench.metadata import FALSE, falsify, header_kind
from fluxlab.bench.rows import Judged, Row, by_reason, numbers_of, world_of
from fluxlab.bench.seeds import shifted
from fluxlab.bench.states import evidence_by_state
from fluxlab.plant import Odds, plant


def examined(cell: Cell, out: Path, base: Path, probe_seeds: int = 0) -> Row:
    """The row of a cell. One thread, for cells run side by side; what is there of it already is not made again."""
    import torch

    torch.set_num_threads(1)
    began = time.monotonic()
    file = planted(cell, out, base)
    planting = time.monotonic() - began
    run = Run(cell.folder(out) / ("run" if not probe_seeds else f"run+{probe_seeds}"))
    suite = shifted("quick", probe_seeds, cell.folder(out))
    examine(build_case(file, base=str(base)), run, suite)
    return row_of(cell, run, file, base, probe_seeds, {"plant": round(planting, 1)})


def planted(cell: Cell, out: Path, base: Path) -> Path:
    """The LoRA of a cell. One that was examined before keeps the header with which it was."""
    folder = cell.folder(out)
    header = "kohya" if (folder / "run").exists() else cell.header
    style = "kohya" if header == FALSE else header
    decoy = DECOYS.get(cell.fault)
    if decoy is None:
        file = plant(cell.fault, cell.subject, cell.seed, folder, severity=cell.severity, odds=Odds(header=style), base=base)
    else:
        odds, changed = replace(odds_of(decoy, cell.subject), header=style), overrides_of(decoy, cell.subject, base)
        where = (decoy.fault, cell.subject, cell.seed, folder)
        file = plant(*where, severity=decoy.severity, odds=odds, base=base, **changed)
    return falsify(file) if header == FALSE else file


def row_of(cell: Cell, run: Run, file: Path, base: Path, probe_seeds: int, seconds: dict[str, float]) -> Row:
    """Everything that is kept of a finished run."""
    info, states = run.gather_info(), evidence_by_state(run, file)
    shots = Counter(shot.arm + ("" if shot.variant == "full" else f"/{shot.variant}") for shot in run.shots())
    loss_passes = len(run.arrays("losses").get("loss", ()))
    calibration = load_calibration(str(base))
    return Row(
        planted=cell.fault,
        severity=cell.severity,
        subject=cell.subject,
        seed=cell.seed,
        probe_seeds=probe_seeds,
        setup=recipe_for(cell.fault, cell.severity, cell.subject, base),
        style=character(cell.subject).style,
        header=header_kind(file),
        world=world_of(base),
        suite=info.suite,
        versions=info.versions,
        shots=dict(sorted(shots.items())),
        cached=sum(shot.cached for shot in run.shots()),
        passes=sum(shots.values()) * info.steps + loss_passes,
        loss_passes=loss_passes,
        seconds=seconds | info.seconds,
        looks=looks_of(run, info.steps, loss_passes, states["all"]),
        states={state: judged(evidence, states["all"], calibration) for state, evidence in states.items()},
    )


def judged(evidence: Evidence, everything: Evidence, calibration: Calibration | None) -> Judged:
    """What this state says, its measurements kept where they differ from those of the state that knows everything."""
    numbers, known = numbers_of(evidence), numbers_of(everything)
    kept = numbers if evidence is everything else {key: value for key, value in numbers.items() if known.get(key) != value}
    diagnosis = judge(evidence, calibration)
    gaps, found = by_reason(evidence.gaps), present_in(diagnosis)
    return Judged(measurements=kept, gaps=gaps, verdict=diagnosis.verdict, findings=found)
