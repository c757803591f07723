"""One LoRA through the whole loop, as its user would go through it: report, retrain --launch, report, compare.

Where the evidence does not tell what to change, the captionless run is made first, as `retrain` then says.

    OUT/CELL/before/    a copy of the planted LoRA's run, judged anew by this version
    OUT/CELL/captionless/, OUT/CELL/informed/    that experiment, and the run with its answer
    OUT/CELL/retrained/ what `fluxdiag retrain --launch` leaves, with the new LoRA's run in `run/`
    OUT/CELL/photos/    the photos that were brought, where others were asked for
    OUT/CELL/compare.html

Whatever is there already is not done again.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from fluxdiag.case import build_case
from fluxdiag.compare import compare, write_page
from fluxdiag.comparing.records import Compared
from fluxdiag.curing.captionless import plan as plan_captionless
from fluxdiag.diagnose import diagnose
from fluxdiag.errors import FluxdiagError
from fluxdiag.flow import examine
from fluxdiag.measure import measure
from fluxdiag.records import Answer, Diagnosis, Verdict
from fluxdiag.retrain import Nothing, Options, Plan, launch, plan, prepare, probe
from fluxdiag.runs import Run, sha256_file
from fluxlab.album import character, training_captions, training_pictures, write_photos
from fluxlab.bench.cells import Cell
from fluxlab.bench.judging import present_in
from fluxlab.bench.metadata import header_kind
from fluxlab.closed_loop.rows import CuredRow, Judgement, Kept, measured

ENOUGH, MOST = 15, 30
"""photos that the prescription asks for (field guide, section 3)"""
DRAWS = 81
"""of the photos that are brought: no other album of the subject is drawn from it"""


def cured(cell: Cell, grid: Path, out: Path) -> CuredRow:
    """The row of a cell whose run lies in the grid. One thread, here and in the trainer, for cells run side by side."""
    import torch

    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"  # for the trainer, which is a process of its own
    folder, began = out / cell.name, time.monotonic()
    before = judged_anew(cell.folder(grid) / "run", folder / "before")
    told: dict[str, object] = {"twin": _twin(cell, grid)}
    planned = _planned(cell, before, folder)
    seconds, began = {"judging": _since(began)}, time.monotonic()
    if isinstance(planned, Nothing) and planned.undetermined:
        informed, told["captionless"] = experiment(before, folder)
        planned = _planned(cell, informed, folder)
        seconds["captionless"], began = _since(began), time.monotonic()
    if isinstance(planned, Nothing) or not planned.applied:
        return _row(cell, before, seconds, **told, why=_why(planned))
    after = _retrained(planned)
    seconds["training"], began = _since(began), time.monotonic()
    file = planned.out / f"{planned.recipe.name}.safetensors"
    examine(build_case(file, base=before.case().base), after, before.gather_info().suite)
    compared = compare(before, after)
    write_page(compared, before, after, folder / "compare.html")
    seconds["report"] = _since(began)
    row = _row(cell, before, seconds, **told, after=_judgement(after))
    return row.model_copy(update=_outcome(planned, compared))


def _planned(cell: Cell, run: Run, folder: Path) -> Plan | Nothing:
    """With other photos where the prescription asks for some."""
    asks = any(change.setting == "images" for change in run.diagnosis().prescription)
    photos = better_photos(cell, folder / "photos") if asks else None
    return plan(run, Options(trainer="builtin", out=folder / "retrained", dataset=photos))


def experiment(before: Run, folder: Path) -> tuple[Run, Answer]:
    """The captionless run and what it answered; that goes into a copy of the run, for `before` is what the cure is held to."""
    informed = Run(folder / "informed")
    if not informed.folder.is_dir():
        shutil.copytree(before.folder, informed.folder)
    planned = plan_captionless(informed, Options(trainer="builtin", out=folder / "captionless"))
    _carried_out(planned)
    return informed, probe(planned, lambda *_: None).answer


def judged_anew(run: Path, copy: Path) -> Run:
    """The run with the verdict of this version, beside the grid and not in it. Raises FluxdiagError where there is none."""
    if not (run / "diagnosis.json").is_file():
        raise FluxdiagError("there is no report of this LoRA", where=str(run), do="Run `fluxlab bench` on the grid first")
    if not (copy / "diagnosis.json").is_file():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(run, copy, ignore=shutil.ignore_patterns("*.html", "diagnosis.json"))
        measure(Run(copy))
        diagnose(Run(copy))
    return Run(copy)


def better_photos(cell: Cell, folder: Path) -> Path:
    """What a user brings who was told that the photos are too much alike: as many as asked for, varied, captioned with care."""
    who = character(cell.subject)
    who, rng = replace(who, images=min(MOST, max(ENOUGH, who.images))), np.random.default_rng([DRAWS, cell.subject, cell.seed])
    pictures = training_pictures(who, 0.0, rng)
    write_photos(folder, pictures, training_captions(who, pictures, 0.0, rng))
    return folder


def _retrained(planned: Plan) -> Run:
    _carried_out(planned)
    return Run(planned.out / "run")


def _carried_out(planned: Plan) -> None:
    prepare(planned)
    launch(planned, lambda *_: None, lambda _: None)


def _why(planned: Plan | Nothing) -> str:
    return planned.sentence if isinstance(planned, Nothing) else "; ".join(left.why for left in planned.left)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)


def _row(cell: Cell, before: Run, seconds: dict[str, float], **told: object) -> CuredRow:
    case = before.case()
    return CuredRow.model_validate(
        {
            "planted": cell.fault,
            "severity": cell.severity,
            "subject": cell.subject,
            "seed": cell.seed,
            "header": header_kind(Path(case.lora.path)),
            "lora_sha256": case.lora.sha256,
            "before": _judgement(before),
            "seconds": seconds,
            "versions": before.gather_info().versions,
        }
        | told
    )


def _judgement(run: Run) -> Judgement:
    diagnosis = run.diagnosis()
    cited = dict.fromkeys(key for symptom in diagnosis.symptoms for key in symptom.cites)
    numbers = measured(run.evidence())
    return Judgement(verdict=diagnosis.verdict, cause=_first(diagnosis), symptoms=tuple(cited), measurements=numbers)


def _twin(cell: Cell, grid: Path) -> Verdict | None:
    """How the grid judged what a cure can reach at best: the same person, photos and seed without the fault."""
    run = Run(Cell("healthy", cell.subject, cell.seed).folder(grid) / "run")
    return run.diagnosis().verdict if run.diagnosis_file.is_file() else None


def _first(diagnosis: Diagnosis) -> str | None:
    return next(iter(present_in(diagnosis)), None)


def _outcome(planned: Plan, compared: Compared) -> dict[str, object]:
    changes = {applied.setting: applied.to for applied in planned.applied}
    return {
        "changes": changes,
        "photos": "new" if "images" in changes else "the same",
        "left": {left.setting: left.why for left in planned.left},
        "answer": compared.answer,
        "predictions": tuple(Kept(key=one.key, setting=one.setting, held=one.held) for one in compared.promises),
    }


def planted_sha256(cell: Cell, grid: Path) -> str | None:
    """Of the planted file as it lies there now, by which a row is known to be of it."""
    (file, *_) = [*sorted(cell.folder(grid).glob("*.safetensors")), None]
    return None if file is None else sha256_file(file)
