"""A whole retraining on paper: recipe, copies, trainer, and where all of it goes. Nothing is written yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from fluxdiag.curing import ordinary, photos
from fluxdiag.curing.audited import Curated, curated
from fluxdiag.curing.cure import Applied, Cure, Left, cure
from fluxdiag.curing.photos import Copy
from fluxdiag.curing.record import Kind, Retraining, refuse_other
from fluxdiag.curing.showing import Row, rows
from fluxdiag.curing.used import not_taken_over, regularisation_folder
from fluxdiag.profiles import load_profile, profile_of
from fluxdiag.records import Case, Diagnosis, Photo
from fluxdiag.runs import Run, sha256_file, sha256_text
from fluxdiag.trainers.choosing import trainer_for
from fluxdiag.trainers.contract import Trainer
from fluxdiag.trainers.recipe import Recipe

FEWEST = 10
"""photos to train on (field guide, section 7): a set that is smaller without those that the audit would leave out keeps them"""


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    trainer: str | None = None
    out: Path | None = None
    accept: bool = False
    regularisation: Path | None = None
    dataset: Path | None = None
    home: Path | None = None
    python: Path | None = None


@dataclass(frozen=True)
class Plan:
    """`people` are pictures of ordinary people to copy; where the recipe wants more than these, the base draws them."""

    kind: Kind
    run: Run
    out: Path
    trainer: Trainer
    recipe: Recipe
    copies: tuple[Copy, ...]
    people: tuple[Copy, ...]
    rows: tuple[Row, ...]
    applied: tuple[Applied, ...]
    left: tuple[Left, ...]
    remarks: tuple[str, ...]

    @property
    def to_draw(self) -> int:
        return 0 if self.people else self.recipe.regularisation_images

    @property
    def digest(self) -> str:
        return _digest(self.trainer.name, self.recipe, self.copies, self.people)


@dataclass(frozen=True)
class Nothing:
    """Why there is nothing to train. `undetermined`: the evidence does not say what to change."""

    sentence: str
    undetermined: bool = False


def plan(run: Run, options: Options) -> Plan | Nothing:
    """Raises FluxdiagError for photos that are gone, an output that is something else, an option that cannot be used."""
    run = Run(run.folder.resolve())  # `.` has no name, and the new folder gets its name from the run's
    case, evidence, diagnosis = run.case(), run.evidence(), run.diagnosis()
    nothing = _nothing(diagnosis, run)
    if nothing is not None:
        return nothing
    found = photos.training_photos(case, options.dataset)
    chosen = _chosen(case, diagnosis, found, options)
    kept = chosen.kept
    decided = cure(
        case,
        evidence,
        diagnosis,
        images=len(kept),
        accept=options.accept,
        new_photos=options.dataset is not None,
        other_photos=len(kept) != len(found),
        people=0 if options.regularisation is None else len(ordinary.pictures(options.regularisation)),
    )
    if not decided.applied and not decided.left:
        return Nothing("the setup is right already: nothing that is prescribed would change it")
    if not decided.applied and not any(left.needs_user or left.needs_accept for left in decided.left):
        why = "; ".join(f"{left.setting}: {left.why}" for left in decided.left)
        return Nothing(f"nothing to change: {why}", undetermined=bool(diagnosis.conflicts))
    return _planned(run, case, decided, kept, options, (*_open_verdict(diagnosis), *photos.mended(case, found), *chosen.remarks))


def _open_verdict(diagnosis: Diagnosis) -> tuple[str, ...]:
    """A cause may be plain where the pictures are not clearly wrong: what is prescribed is carried out, and this is said."""
    open_ = diagnosis.verdict == "undetermined"
    return (f"the verdict is open, so there may be little to gain: {diagnosis.sentence}",) if open_ else ()


def _nothing(diagnosis: Diagnosis, run: Run) -> Nothing | None:
    """Healthy pictures need no cure: a finding beside them is weak, or the verdict would have been left open."""
    if diagnosis.verdict == "healthy":
        suspected = [finding.title for finding in diagnosis.findings if finding.status == "present"]
        if suspected:
            told = f"there is weak evidence for: {', '.join(suspected)}. The pictures show no harm of it"
            return Nothing(f"this LoRA is healthy, so nothing is changed: {diagnosis.sentence} Though {told}.")
        return Nothing(f"this LoRA is healthy and its setup is right: {diagnosis.sentence}")
    if diagnosis.prescription or diagnosis.conflicts:
        return None
    quickest = f"The quickest experiment that tells: `fluxdiag retrain {quote(str(run.folder))} --captionless`"
    return Nothing(f"the evidence is not enough to prescribe a change. {diagnosis.sentence} {quickest}", undetermined=True)


def _chosen(case: Case, diagnosis: Diagnosis, found: tuple[Photo, ...], options: Options) -> Curated:
    """The curated list where the photos are the fault; else, and of those that were brought for it, all but the worst. Not so
    many that too few stay. What the audit would leave out besides, and what to photograph, is always said."""
    chosen = curated(case, found, profile_of(case))
    curate = options.dataset is None and _asks(diagnosis, "images")
    offers = (*((chosen,) if curate else ()), chosen.only_the_worst(found))
    return next((one for one in offers if one.kept == found or len(one.kept) >= FEWEST), chosen.none(found))


def _asks(diagnosis: Diagnosis, setting: str) -> bool:
    return any(change.setting == setting for change in diagnosis.prescription)


def _planned(run: Run, case: Case, decided: Cure, kept: tuple[Photo, ...], options: Options, remarks: tuple[str, ...]) -> Plan:
    out = (options.out or run.folder.with_name(f"{run.folder.name}-retrained")).absolute()
    profile = load_profile(str(decided.after["base"]))
    fields = dict(decided.after)
    people = _people(case, fields, (*kept, *case.photos, *case.references), options)
    if people:
        fields["regularisation_images"] = len(people)
    recipe = recipe_in(out, next_name(Path(case.lora.path).stem), fields)
    trainer = trainer_for(options.trainer, profile, recipe.base, options.home, options.python)
    words = _words(case, decided, recipe)
    planned = Plan(
        kind="cure",
        run=run,
        out=out,
        trainer=trainer,
        recipe=recipe,
        copies=photos.copies(kept, words),
        people=people,
        rows=(*_caption_row(kept, words), *rows(trainer, decided.before, recipe, decided.reasons)),
        applied=decided.applied,
        left=decided.left,
        remarks=(*not_taken_over(case), *remarks, *trainer.remarks(recipe)),
    )
    refuse_other(out, planned.digest)
    return planned


def _words(case: Case, decided: Cure, recipe: Recipe) -> photos.Words:
    """The captions as they were, but for what is carried out: without looks, with the trigger, with another one."""
    if case.trigger is None:
        return photos.as_trained
    old = str(case.trigger.value)
    words = photos.without_looks(old) if decided.rewrite else photos.as_trained
    words = photos.named(words, old) if decided.name else words
    return photos.renamed(words, old, recipe.trigger) if recipe.trigger and recipe.trigger != old else words


def _caption_row(kept: tuple[Photo, ...], words: photos.Words) -> tuple[Row, ...]:
    """How many captions are not as they were, with the first of them."""
    changed = [photo for photo in kept if photo.caption is not None and words(photo) != " ".join(photo.caption.split())]
    if not changed:
        return ()
    first = changed[0]
    why = f"{len(changed)} of {len(kept)} captions are written anew; this is the first"
    return (Row("captions", first.caption, words(first) or "", why),)


def _people(case: Case, fields: dict[str, object], person: Sequence[Photo], options: Options) -> tuple[Copy, ...]:
    """The folder that was given, or the one that was used; where there is neither, the base draws them."""
    folder = options.regularisation or (regularisation_folder(case) if fields["regularisation_images"] else None)
    if folder is None:
        return ()
    trigger = fields["trigger"]
    return ordinary.given_people(folder, str(case.class_word.value), None if trigger is None else str(trigger), person)


def recipe_in(out: Path, name: str, fields: dict[str, object]) -> Recipe:
    """The whole recipe, with the folders of the copies that will lie in `out`."""
    people = str(out / "regularisation") if fields.get("regularisation_images") else None
    whole = fields | {"name": name, "dataset": str(out / "dataset"), "regularisation": people}
    return Recipe.model_validate(whole)


def next_name(stem: str) -> str:
    """`mychar` -> `mychar-2` -> `mychar-3`, of letters that no trainer stumbles over."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-_")[:60] or "character"
    found = re.fullmatch(r"(.+)-(\d{1,3})", plain)
    return f"{found[1]}-{int(found[2]) + 1}" if found else f"{plain}-2"


def _digest(trainer: str, recipe: Recipe, copies: tuple[Copy, ...], people: tuple[Copy, ...]) -> str:
    return sha256_text("\0".join((trainer, recipe.digest, photos.digest(copies), photos.digest(people))))


def record(planned: Plan) -> Retraining:
    case = planned.run.case()
    return Retraining(
        kind=planned.kind,
        run=planned.run.folder.name,
        lora_sha256=case.lora.sha256,
        diagnosis_sha256=sha256_file(planned.run.diagnosis_file),
        trainer=planned.trainer.name,
        digest=planned.digest,
        recipe=planned.recipe,
        applied=planned.applied,
        left=planned.left,
    )
