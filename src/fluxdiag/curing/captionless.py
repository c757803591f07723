"""The quickest experiment before a whole retraining (field guide, section 7): the best photos, no captions, one question.

The person appears: the captions were the fault. The person is missing: the photos or the number of steps are.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from fluxdiag.curing import photos
from fluxdiag.curing.audited import curated
from fluxdiag.curing.best import best
from fluxdiag.curing.cure import whole
from fluxdiag.curing.planning import Options, Plan, next_name, recipe_in
from fluxdiag.curing.record import refuse_other
from fluxdiag.curing.showing import rows
from fluxdiag.curing.used import not_taken_over, used
from fluxdiag.errors import FluxdiagError
from fluxdiag.profiles import Profile, profile_of
from fluxdiag.records import Case, Photo
from fluxdiag.runs import Run
from fluxdiag.trainers.choosing import trainer_for
from fluxdiag.trainers.recipe import right_steps

PHOTOS, FEWEST = 15, 10
"""field guide: 10 to 15"""
SUITE = "captionless"
BECAUSE = {
    "steps": "the formula's number for 10 photos, however many there are",
    "learning_rate": "the base's usual one",
    "rank": "within the base's band",
    "alpha": "as large as the rank",
    "regularisation_images": "only whether the person appears is asked, not whether they stay away",
    "caption_dropout": "there are no captions to drop",
}


def plan(run: Run, options: Options) -> Plan:
    """Raises FluxdiagError where there is no trigger to ask for, or no photos."""
    run = Run(run.folder.resolve())  # as planning.plan
    case = run.case()
    if case.trigger is None:
        raise FluxdiagError("the trigger is not known", where=str(run.folder), do="Give it to `fluxdiag report --trigger`")
    profile = profile_of(case)
    found = photos.training_photos(case, options.dataset)
    chosen = best(curated(case, found, profile).kept, PHOTOS)
    out = (options.out or run.folder.with_name(f"{run.folder.name}-captionless")).absolute()
    known = used(case, profile)
    recipe = recipe_in(out, f"{next_name(Path(case.lora.path).stem)}-captionless", _fields(case, profile, len(chosen)))
    trainer = trainer_for(options.trainer, profile, recipe.base, options.home, options.python)
    few = (f"{len(chosen)} photos are fewer than the {FEWEST} to {PHOTOS} of the guide",) if len(chosen) < FEWEST else ()
    planned = Plan(
        kind="captionless",
        run=run,
        out=out,
        trainer=trainer,
        recipe=recipe,
        copies=_named(chosen, str(case.trigger.value)),
        people=(),
        rows=rows(trainer, known.fields, recipe, BECAUSE),
        applied=(),
        left=(),
        remarks=(*not_taken_over(case), *few, *trainer.remarks(recipe)),
    )
    refuse_other(out, planned.digest)
    return planned


def _fields(case: Case, profile: Profile, images: int) -> dict[str, Any]:
    """The user's own setting where the guide has nothing against it, so that only the captions differ."""
    known = used(case, profile)
    fields = whole(known, profile, images)
    band = profile.bands.get("rank")
    rank = fields["rank"]
    fields |= {"rank": rank if band is None or band.low <= rank <= band.high else profile.rank, "alpha": None}
    fields |= {"learning_rate": profile.learning_rate, "regularisation_images": 0, "caption_dropout": 0.0}
    if fields["optimizer"] == "prodigy":
        fields |= {"optimizer": "adamw8bit"}
    shown = fields["batch_size"] * fields["accumulation"]
    return fields | {"steps": right_steps(profile, min(images, FEWEST), shown, regularised=False)}


def _named(chosen: tuple[Photo, ...], trigger: str) -> tuple[photos.Copy, ...]:
    """`MYCHAR01_01.png`, as the guide has it, and no caption file: then every trainer takes the trigger."""
    made = photos.copies(chosen, lambda photo: None)
    name = photos.slug(trigger)
    return tuple(replace(copy, name=f"{name}_{number:02d}{Path(copy.name).suffix}") for number, copy in enumerate(made, start=1))
