"""`fluxdiag retrain`: the prescription as a training. Plan it, write its folder, run it, look at what came of it.

OUT/  retrain.json                      what, why, held to what, and the result
      dataset/  regularisation/         copies; trainers write their caches into them
      setup.json | config.yaml | dataset.toml + command.txt     the trainer's config
      fluxdiag.toml  references/        so that `fluxdiag report OUT/NAME.safetensors` finds everything
      train.log  output/                the trainer's own
      NAME.safetensors                  the new LoRA
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

from fluxdiag.curing import ordinary, photos, record
from fluxdiag.curing.planning import Nothing, Options, Plan, plan
from fluxdiag.curing.planning import record as planned_record
from fluxdiag.curing.record import Retraining, Trained
from fluxdiag.doctor import Check
from fluxdiag.errors import FluxdiagError
from fluxdiag.profiles import load_profile
from fluxdiag.runs import write_bytes, write_text
from fluxdiag.trainers.contract import TrainingProgress
from fluxdiag.trainers.launching import launch as start

__all__ = ["Nothing", "Options", "Plan", "launch", "plan", "prepare"]

LOG = "train.log"
HOPELESS = 20
"""reports of a loss that is no number, one after another: the rest of the hours would be lost too"""
Report = Callable[[str, int, int], None]
"""stage, done, of"""


def check(planned: Plan) -> tuple[Check, ...]:
    return tuple(planned.trainer.check(planned.recipe, planned.out))


def prepare(planned: Plan) -> tuple[Path, ...]:
    """Writes the folder: copies, config, record; returns the trainer's files. What lies there already is not written again."""
    try:
        planned.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FluxdiagError(f"cannot be made ({error.strerror})", where=str(planned.out), do="Choose another --out") from error
    if planned.begun is None:
        record.write(planned.out, planned_record(planned))
    photos.write(planned.copies, planned.out / "dataset")
    if planned.people:
        photos.write(planned.people, planned.out / "regularisation")
    try:
        _write_notes(planned)
        return tuple(planned.trainer.write(planned.recipe, planned.out))
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise FluxdiagError(what, where=str(planned.out), do="Choose another --out") from error


def _write_notes(planned: Plan) -> None:
    """What a careful user would note beside the file; JSON strings are TOML strings."""
    case, recipe = planned.run.case(), planned.recipe
    said = {"trigger": recipe.trigger, "class_word": recipe.class_word, "dataset": "dataset"}
    said["regularisation"] = "regularisation" if planned.people else None
    if case.reference_source == "held-out":
        # All of them, those that were trained on too: only on the same person's scale can the two runs be compared.
        known = [Path(photo.path) for photo in case.references if photo.problem is None]
        photos.copy_folder([file for file in known if file.is_file()], planned.out / "references")
        said["references"] = "references"
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in said.items() if value)
    write_text(planned.out / "fluxdiag.toml", lines)


def launch(planned: Plan, report: Report, progress: Callable[[TrainingProgress], None]) -> Retraining:
    """Runs the trainer in its prepared folder, and goes on where it was stopped. Does nothing for what is finished.

    Raises FluxdiagError when something that it needs is missing, when it ends in an error, when what it leaves is no sound
    LoRA, and when the disk is full.
    """
    if planned.begun is not None and planned.begun.status == "done":
        return planned.begun
    _refuse_missing(check(planned))
    try:
        return _carried_out(planned, report, progress)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        do = "Make room there; the same command goes on where it was"
        raise FluxdiagError(what, where=str(error.filename or planned.out), do=do) from error


def _carried_out(planned: Plan, report: Report, progress: Callable[[TrainingProgress], None]) -> Retraining:
    if planned.to_draw:
        _draw(planned, report)
    now = planned_record(planned)
    record.write(planned.out, now.model_copy(update={"status": "running"}))
    command = planned.trainer.command(planned.recipe, planned.out)
    start(command, planned.out / LOG, _listener(planned, progress))
    done = now.model_copy(update={"status": "done", "result": _result(planned)})
    record.write(planned.out, done)
    return done


def _refuse_missing(checks: tuple[Check, ...]) -> None:
    missing = [check for check in checks if check.needed and not check.ok]
    if missing:
        raise FluxdiagError(
            "; ".join(f"{check.what}: {check.found}" for check in missing),
            where="before the training",
            do="; ".join(check.repair for check in missing if check.repair) or "See docs/retrain.md",
        )


def _draw(planned: Plan, report: Report) -> None:
    """Ordinary people by the base itself, and then they are noted as the set that was used."""
    recipe, folder = planned.recipe, planned.out / "regularisation"
    profile = load_profile(recipe.base)
    ordinary.drawn_people(recipe.base, profile, recipe.class_word, planned.to_draw, folder, report)
    notes = planned.out / "fluxdiag.toml"
    said = notes.read_text(encoding="utf-8")
    if "regularisation" not in said:
        write_text(notes, said + 'regularisation = "regularisation"\n')


def _listener(planned: Plan, progress: Callable[[TrainingProgress], None]) -> Callable[[str], None]:
    """Lines to the bar. Raises FluxdiagError for a training that is lost, rather than to wait for its end."""
    lost = 0

    def heard(line: str) -> None:
        nonlocal lost
        at = planned.trainer.progress(line, planned.recipe)
        if at is None:
            return
        lost = lost + 1 if at.loss is not None and not math.isfinite(at.loss) else 0
        if lost >= HOPELESS:
            what = f"the loss is no number any more at step {at.step}"
            raise FluxdiagError(what, where=str(planned.out / LOG), do="Lower the learning rate, or look for a broken photo")
        progress(at)

    return heard


def _result(planned: Plan) -> Trained:
    """The finished file, looked at before anyone believes in it, under its own name in the folder."""
    file = planned.trainer.result(planned.recipe, planned.out)
    if file is None:
        what = f"{planned.trainer.name} ended without an error and wrote no LoRA"
        raise FluxdiagError(what, where=str(planned.out / LOG), do="Read the end of the log")
    from fluxdiag.inspect import inspect

    found = inspect(file)
    grave = [problem for problem in found.problems if problem.severity == "critical"]
    if grave or found.file.nan or found.file.infinite:
        what = "; ".join(problem.what for problem in grave) or f"{found.file.nan + found.file.infinite} of its numbers are none"
        raise FluxdiagError(f"the new LoRA is of no use: {what}", where=str(file), do="Lower the learning rate, and train again")
    target = planned.out / f"{planned.recipe.name}.safetensors"
    if file != target:
        write_bytes(target, file.read_bytes())
    said = [problem.what for problem in found.problems if problem.severity == "high"]
    if found.rank.median != planned.recipe.rank:
        said.append(f"its rank is {found.rank.median:g}, asked for was {planned.recipe.rank}")
    return Trained(
        file=target.name, sha256=found.file.sha256, modules=found.modules, rank=found.rank.median, problems=tuple(said)
    )
