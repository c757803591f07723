"""`fluxdiag retrain`: the prescription as a training. Plan it, write its folder, run it, look at what came of it.

OUT/  retrain.json                      what, why, held to what, and the result
      dataset/  regularisation/         copies; trainers write their caches into them
      setup.json | config.yaml | dataset.toml + command.txt     the trainer's config
      fluxdiag.toml  references/        so that `fluxdiag report OUT/NAME.safetensors` finds everything
      train.log  output/                the trainer's own
      NAME.safetensors                  the new LoRA
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from fluxdiag.case import build_case
from fluxdiag.checks import Check
from fluxdiag.curing import captionless, ordinary, photos, record, written
from fluxdiag.curing.outcome import read_outcome
from fluxdiag.curing.planning import Nothing, Options, Plan, plan
from fluxdiag.curing.planning import record as planned_record
from fluxdiag.curing.record import Retraining, Trained
from fluxdiag.diagnose import diagnose
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.gather import gather, is_gathered
from fluxdiag.gather import start as open_run
from fluxdiag.manual import manual_page
from fluxdiag.measure import measure
from fluxdiag.profiles import load_profile
from fluxdiag.records import Captionless, Case, Fact
from fluxdiag.report import render
from fluxdiag.runs import Run, sha256_file, write_bytes
from fluxdiag.suites import load_suite
from fluxdiag.toml_text import toml
from fluxdiag.trainers.contract import TrainingProgress
from fluxdiag.trainers.launching import alone, run

__all__ = ["Nothing", "Options", "Plan", "launch", "plan", "prepare", "probe"]

LOG, NOTES = "train.log", "fluxdiag.toml"
HOPELESS = 20
"""reports of a loss that is no number, one after another: the rest of the hours would be lost too"""
Report = Callable[[str, int, int], None]
"""stage, done, of"""


@dataclass(frozen=True)
class Prepared:
    """The trainer's files, and the names of those, notes included, that were edited since they were written: these stay."""

    files: tuple[Path, ...]
    edited: tuple[str, ...]


def check(planned: Plan) -> tuple[Check, ...]:
    return tuple(planned.trainer.check(planned.recipe, planned.out))


def prepare(planned: Plan) -> Prepared:
    """Writes the folder: copies, config, record. Copies that lie there already stay, and so do files that were edited since.

    Alone in the folder, as `launch` is. Raises RunMismatch where another training was begun there since this one was planned.
    """
    try:
        planned.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FluxdiagError(f"cannot be made ({error.strerror})", where=str(planned.out), do="Choose another --out") from error
    with alone(planned.out) if os.name == "posix" else nullcontext():  # elsewhere nothing locks, and trainings are not started
        return _prepared(planned)


def _prepared(planned: Plan) -> Prepared:
    record.refuse_other(planned.out, planned.digest)
    if record.read(planned.out) is None:
        record.write(planned.out, planned_record(planned))
    photos.write(planned.copies, planned.out / "dataset")
    if planned.people:
        photos.write(planned.people, planned.out / "regularisation")
    try:
        _copy_references(planned)
        edited = _write_texts(planned)
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise FluxdiagError(what, where=str(planned.out), do="Choose another --out") from error
    return Prepared(tuple(planned.out / name for name in _files(planned)), edited)


def _files(planned: Plan) -> Mapping[str, str]:
    return planned.trainer.files(planned.recipe, planned.out)


def _write_texts(planned: Plan) -> tuple[str, ...]:
    """Notes and config, and in the record what they were like. Returns the names of those that were edited and stay."""
    texts, there = {NOTES: _notes(planned)} | dict(_files(planned)), _recorded(planned)
    kept = written.edited(planned.out, texts, there.files)
    ours = written.write(planned.out, texts, there.files)
    if ours != there.files:
        record.write(planned.out, there.model_copy(update={"files": ours}))
    return kept


def _recorded(planned: Plan) -> Retraining:
    """As it stands on the disk now: another command may have gone on since this one planned."""
    return record.read(planned.out) or planned_record(planned)


def _copy_references(planned: Plan) -> None:
    """All of them, those that were trained on too: only on the same person's scale can the two runs be compared."""
    case = planned.run.case()
    if case.reference_source == "held-out":
        known = [Path(photo.path) for photo in case.references if photo.problem is None]
        photos.copy_folder(known, planned.out / "references")


def _notes(planned: Plan) -> str:
    """What a careful user would note beside the file."""
    recipe = planned.recipe
    said = {"trigger": recipe.trigger, "class_word": recipe.class_word, "dataset": "dataset"}
    others = planned.people or (planned.to_draw and ordinary.drawn(planned.out / "regularisation", planned.to_draw))
    said["regularisation"] = "regularisation" if others else None
    said["references"] = "references" if planned.run.case().reference_source == "held-out" else None
    return "".join(f"{key} = {toml(value)}\n" for key, value in said.items() if value)


def launch(planned: Plan, report: Report, progress: Callable[[TrainingProgress], None]) -> Retraining:
    """Runs the trainer in its prepared folder, and goes on where it was stopped. Does nothing for what is finished.

    All of it alone in the folder: a second command waits, and then finds what the first has made of it. Raises FluxdiagError
    when something that it needs is missing, when it ends in an error, when what it leaves is no sound LoRA, and when the disk
    is full.
    """
    try:
        with alone(planned.out) as lock:
            there = _recorded(planned)
            if there.status == "done" and _still_there(planned, there):
                return there
            _refuse_edits_that_nobody_reads(planned, there)
            return _carried_out(planned, there, lock, report, progress)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        do = "Make room there; the same command goes on where it was"
        raise FluxdiagError(what, where=str(error.filename or planned.out), do=do) from error


def _still_there(planned: Plan, there: Retraining) -> bool:
    """Whether the LoRA that was trained lies where the record says. Raises RunMismatch for another file in its place."""
    assert there.result is not None, "written together"
    file = planned.out / there.result.file
    if not file.is_file():
        return False
    if sha256_file(file) != there.result.sha256:
        do = "Take it away; the same command then looks for the trained one, or trains it again"
        raise RunMismatch("this is not the LoRA that was trained here", where=str(file), do=do)
    return True


def _refuse_edits_that_nobody_reads(planned: Plan, there: Retraining) -> None:
    for name in written.edited(planned.out, _files(planned), there.files):
        if name in planned.trainer.unread:
            do = "Start the trainer by hand as it says, or take the file away"
            what = "was edited, and is for people: a training is never started from it"
            raise FluxdiagError(what, where=str(planned.out / name), do=do)


def _carried_out(
    planned: Plan,
    there: Retraining,
    lock: tuple[int, ...],
    report: Report,
    progress: Callable[[TrainingProgress], None],
) -> Retraining:
    begun = there.status != "planned"
    result = _finished_before(planned) if begun else None
    if result is None:
        _refuse_missing(check(planned))
        if planned.to_draw:
            _draw(planned, report)
        there = _recorded(planned)
        record.write(planned.out, there.model_copy(update={"status": "running", "result": None}))
        command = planned.trainer.command(planned.recipe, planned.out)
        run(command, planned.out / LOG, _listener(planned, progress), lock)
        result = _result(planned)
    done = there.model_copy(update={"status": "done", "result": result})
    record.write(planned.out, done)
    return done


def _finished_before(planned: Plan) -> Trained | None:
    """What a trainer had finished when it or this command was killed. None for nothing, a half file and one that is of no use."""
    if planned.trainer.result(planned.recipe, planned.out) is None:
        return None
    try:
        return _result(planned)
    except FluxdiagError:
        return None


def _refuse_missing(checks: tuple[Check, ...]) -> None:
    missing = [check for check in checks if check.needed and not check.ok]
    if missing:
        raise FluxdiagError(
            "; ".join(f"{check.what}: {check.found}" for check in missing),
            where="before the training",
            do="; ".join(check.repair for check in missing if check.repair) or f"See {manual_page('retrain.md')}",
        )


def _draw(planned: Plan, report: Report) -> None:
    """Ordinary people by the base itself, and then they are noted as the set that was used."""
    recipe, folder = planned.recipe, planned.out / "regularisation"
    profile = load_profile(recipe.base)
    ordinary.drawn_people(recipe.base, profile, recipe.class_word, planned.to_draw, folder, report)
    _write_texts(planned)


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
    said += _fewer_steps(planned, found.training.get("steps"), file)
    if found.rank.median != planned.recipe.rank:
        said.append(f"its rank is {found.rank.median:g}, asked for was {planned.recipe.rank}")
    return Trained(
        file=target.name, sha256=found.file.sha256, modules=found.modules, rank=found.rank.median, problems=tuple(said)
    )


def _fewer_steps(planned: Plan, told: Fact | None, file: Path) -> list[str]:
    """A trainer that ends too early ends without an error. Where its config was edited, fewer steps may be meant.

    Raises FluxdiagError for an unedited one. One step is no difference: some count them from nought.
    """
    wanted = planned.recipe.steps
    if told is None or float(told.value) >= wanted - 1:
        return []
    what = f"it was trained {float(told.value):g} of {wanted} steps"
    if not written.edited(planned.out, _files(planned), _recorded(planned).files):
        do = "Take this file away; the same command goes on from the last checkpoint"
        raise FluxdiagError(what, where=str(file), do=do)
    return [what]


def _as_asked(planned: Plan, case: Case, lora: Path) -> Case:
    """The new LoRA under the first one's faces and strength: likeness by another face pack is on another scale."""
    return build_case(
        lora,
        trigger=planned.recipe.trigger,
        class_word=planned.recipe.class_word,
        base=case.base,
        strength=case.strength,
        face_pack=case.face_pack,
    )


def probe(planned: Plan, report: Report) -> Captionless:
    """Asks the finished LoRA for the person in a park, and notes the answer in the run that wanted to know.

    That run is then measured and judged anew, for it has learnt something. Resumes as `report` does.
    """
    done = record.read(planned.out)
    assert done is not None, "launch() comes first"
    assert done.result is not None, "launch() comes first"
    case, folder = planned.run.case(), planned.out
    tried = Run(folder / "run")
    open_run(tried, _as_asked(planned, case, folder / done.result.file))
    if not is_gathered(tried, load_suite(captionless.SUITE)[1]):
        gather(tried, captionless.SUITE, report)
    outcome = read_outcome(done, measure(tried), folder.name)
    planned.run.write(planned.run.captionless_file, outcome)
    measure(planned.run)
    diagnose(planned.run)
    render(planned.run)
    return outcome
