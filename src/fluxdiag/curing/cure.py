"""The prescription carried out on paper: reads the run and decides; nothing is written, nothing is started."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from fluxdiag.curing.remedies import ORDINARY_PEOPLE, REMEDIES, Remedy, Situation, exposure
from fluxdiag.curing.used import Used, used
from fluxdiag.prescribe import Prediction, direction_of, predicted, smallest_first
from fluxdiag.profiles import Profile, profile_of
from fluxdiag.records import SHARE_BESIDE_OTHERS, Case, Change, Diagnosis, Evidence, Record
from fluxdiag.trainers.recipe import right_steps

SMALL_BATCH = 4
"""images a step on a base that is small enough for float32: one at a time, as the guide has it, is what FLUX.1 leaves room for,
and the rate of a small base is measured with several"""


class Applied(Record):
    """A change that is carried out, and what the next run is held to."""

    setting: str
    to: str
    because: str
    safe: bool
    predictions: tuple[Prediction, ...] = ()


class Left(Record):
    """A change that is prescribed and not carried out, and why."""

    setting: str
    to: str
    why: str
    needs_user: bool = False
    needs_accept: bool = Field(default=False, description="only leave is wanting: it is not safe")


@dataclass(frozen=True)
class Cure:
    """`before` holds what is known of the training that was; `after` is whole."""

    before: dict[str, Any]
    after: dict[str, Any]
    reasons: dict[str, str]
    """field -> why it is not as before"""
    applied: tuple[Applied, ...]
    left: tuple[Left, ...]
    rewrite: bool
    """the copies' captions lose what they say of the person's looks"""
    name: bool
    """those of the copies' captions that lack the trigger get it"""

    @property
    def needs_user(self) -> bool:
        """Whether nothing would change but what only the user can bring."""
        return not self.applied and any(left.needs_user for left in self.left)


def cure(
    case: Case,
    evidence: Evidence,
    diagnosis: Diagnosis,
    *,
    images: int,
    accept: bool = False,
    new_photos: bool = False,
    other_photos: bool = False,
    people: int = 0,
) -> Cure:
    """`images` is how many photos there are to train on; `accept` lets unsafe changes in.

    `new_photos`: the user brought others; `other_photos`: they are not those of the run, new ones or fewer. `people`: pictures of
    others that the user gave, prescribed or not: steps follow from them.
    """
    profile = profile_of(case)
    known = used(case, profile)
    fields = whole(known, profile, images, people)
    asked, left = _sorted_out(diagnosis, accept)
    done: list[tuple[Change, Remedy]] = []
    for change in sorted(asked, key=lambda change: list(REMEDIES).index(change.setting)):
        direction = direction_of(change.setting, diagnosis.findings)
        remedy = _carried_out(Situation(case, profile, known, change, direction, fields, new_photos, people))
        if isinstance(remedy, Left):
            left.append(remedy)
        else:
            fields, done = fields | remedy.fields, [*done, (change, remedy)]
    reasons = {"regularisation_images": "you gave their folder"} if people else {}
    if known.get("alpha") is not None and not _keeps_scale(known):
        reasons |= {"alpha": "the rate is the guide's, which is for a scale of 1"}
    reasons |= {field: change.because for change, remedy in done for field in remedy.fields}
    if not any(change.setting == "steps" for change in asked):
        fields, why = _steps_that_follow(fields, known, profile, new_photos or other_photos)
        reasons |= {"steps": why} if why else {}
    return Cure(
        before=dict(known.fields),
        after=fields,
        reasons=reasons,
        applied=_applied(done, evidence, diagnosis),
        left=tuple(left),
        rewrite=any(remedy.rewrite for _, remedy in done),
        name=any(remedy.name for _, remedy in done),
    )


def _carried_out(now: Situation) -> Remedy | Left:
    change = now.change
    remedy = REMEDIES[change.setting](now)
    if remedy.wanted is not None:
        return Left(setting=change.setting, to=change.to, why=f"wanted: {remedy.wanted}", needs_user=True)
    if _nothing_new(change, remedy, now.used.fields):
        return Left(setting=change.setting, to=change.to, why="it is so already")
    return remedy


def whole(known: Used, profile: Profile, images: int, people: int = 0) -> dict[str, Any]:
    """A whole recipe: what was used, and where that is not known what the guide and the base's profile say.

    `people`: pictures of others that were brought; they take the place of those that were used."""
    large = profile.precision == "bfloat16"
    guide: dict[str, Any] = {
        "base": known.base,
        "trigger": None,
        "batch_size": 1 if large else SMALL_BATCH,
        "accumulation": 1,
        "optimizer": "adamw8bit" if large else "adamw",
        "scheduler": "cosine",
        "warmup_steps": 100,
        "resolution": profile.resolution,
        "caption_dropout": 0.0,
        "rank": profile.rank,
        "regularisation_images": ORDINARY_PEOPLE if known.beside_others else 0,
        "alpha": None,
        "layers": "all",
        "blocks": "",
        "learning_rate": 1.0 if known.get("optimizer") == "prodigy" else profile.learning_rate,
    }
    fields = guide | known.fields | {"images": images} | ({"regularisation_images": people} if people else {})
    fields |= {} if _keeps_scale(known) else {"alpha": None}
    fields |= {"guidance": profile.loss_guidance, "max_sequence_length": profile.max_sequence_length}
    shown = fields["batch_size"] * fields["accumulation"]
    return {"steps": right_steps(profile, images, shown, fields["regularisation_images"] > 0)} | fields


def _keeps_scale(known: Used) -> bool:
    """alpha / rank is a factor of the rate, so the guide's rate goes with the guide's scale of 1."""
    return known.get("learning_rate") is not None or known.get("optimizer") == "prodigy"


def _sorted_out(diagnosis: Diagnosis, accept: bool) -> tuple[list[Change], list[Left]]:
    """What may be carried out, and what may not: conflicts, unsafe changes, settings that no trainer has."""
    left = [
        Left(setting=conflict.setting, to=" or ".join(conflict.wanted), why="the findings disagree, so it stays as it was")
        for conflict in diagnosis.conflicts
    ]
    asked = []
    for change in diagnosis.prescription:
        if change.setting not in REMEDIES:
            left.append(Left(setting=change.setting, to=change.to, why="this has to be done by hand", needs_user=True))
        elif not (change.safe or accept):
            left.append(
                Left(setting=change.setting, to=change.to, why="not a safe change: --accept carries it out", needs_accept=True)
            )
        else:
            asked.append(change)
    return asked, left


def _nothing_new(change: Change, remedy: Remedy, before: dict[str, Any]) -> bool:
    """Whether the recipe already has what the remedy sets. Copies of photos and a training anew are always something."""
    if remedy.rewrite or remedy.name or change.setting in ("file", "images"):
        return False
    return all(field in before and before[field] == value for field, value in remedy.fields.items())


def _steps_that_follow(fields: dict[str, Any], known: Used, profile: Profile, other_photos: bool) -> tuple[dict[str, Any], str]:
    """Steps stay as they were, but for other photos, and where the person would be shown too seldom beside other people."""
    shown = fields["batch_size"] * fields["accumulation"]
    right = right_steps(profile, fields["images"], shown, fields["regularisation_images"] > 0)
    if other_photos:
        return fields | {"steps": right}, f"by the base's formula, for {fields['images']} photos"
    joined = fields["regularisation_images"] > 0 and not known.beside_others
    band = profile.bands.get("exposure_ratio")
    if not joined or band is None or known.get("steps") is None:
        return fields, ""
    if exposure(profile, known, fields["images"]) * SHARE_BESIDE_OTHERS >= band.low:
        return fields, ""
    return fields | {"steps": right}, "every second picture is now somebody else's"


def _applied(done: Iterable[tuple[Change, Remedy]], evidence: Evidence, diagnosis: Diagnosis) -> tuple[Applied, ...]:
    return tuple(
        Applied(
            setting=change.setting,
            to=remedy.to or change.to,
            because=change.because,
            safe=change.safe,
            predictions=predicted(change.setting, direction_of(change.setting, diagnosis.findings), evidence),
        )
        for change, remedy in sorted(done, key=lambda pair: smallest_first(pair[0]))
    )
