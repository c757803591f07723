"""How a prescribed change is carried out: which fields of the recipe it sets, and what it does to the photos' copies.

A rule says which setting and in which direction; the base's profile says the number. Adding a remedy is adding one function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fluxdiag.curing.used import Used
from fluxdiag.dataset.trigger import class_noun
from fluxdiag.dataset.trigger_judging import judge_trigger
from fluxdiag.profiles import DEFAULT_BASE, Profile, load_profile
from fluxdiag.records import Band, Case, Change
from fluxdiag.trainers.recipe import PRODIGY_D_COEF, PRODIGY_RATE, right_steps

ORDINARY_PEOPLE = 100
"""field guide, section 8: 100 to 200 pictures"""
TENTH = 0.1
"""field guide, section 4: then in steps of 10%"""


@dataclass(frozen=True)
class Situation:
    """What a remedy may know. `fields` is the recipe as the remedies before it left it."""

    case: Case
    profile: Profile
    used: Used
    change: Change
    direction: str | None
    fields: dict[str, Any]
    new_photos: bool
    people: int
    """pictures of others that the user gave; 0 where the base is to draw them"""


@dataclass(frozen=True)
class Remedy:
    """`wanted`: what only the user can bring; `rewrite`: the copies' captions lose what they say of the person's looks;
    `name`: those of them that lack the trigger get it;
    `to`: the change in numbers, where the rule knew less than the recipe does."""

    fields: dict[str, Any] = field(default_factory=dict)
    rewrite: bool = False
    name: bool = False
    wanted: str | None = None
    to: str | None = None


def captions(now: Situation) -> Remedy:
    if now.case.trigger is None:
        return Remedy(wanted="the trigger word: give it to `fluxdiag report --trigger`, then the captions can be rewritten")
    if not any(photo.caption for photo in now.case.photos):
        return Remedy(wanted="the captions that were trained: there are none in the run's dataset")
    return Remedy(rewrite=True)


def trigger(now: Situation) -> Remedy:
    """Another word in place of the old one. The noun behind it stays: `Elena woman` -> `bxk7q woman`."""
    old = str(now.case.trigger.value) if now.case.trigger else ""
    noun = class_noun(old) if len(old.split()) > 1 else None
    offered = judge_trigger(old).alternatives
    if not offered:
        return Remedy(wanted="a trigger that the base does not know: CLIP's vocabulary, which would tell one, is not installed")
    new = f"{offered[0]} {noun}" if noun else offered[0]
    return Remedy({"trigger": new}, name=True, to=f"{new}, in place of {old}" if old else new)


def trigger_in_captions(now: Situation) -> Remedy:
    """The word stays, and so does what the captions say: those that lack it get it in the place of the noun for the person."""
    if now.case.trigger is None:
        return Remedy(wanted="the trigger word: give it to `fluxdiag report --trigger`, then it can be put into the captions")
    return Remedy(name=True, to=f"{now.case.trigger.value} in every caption; the word stays as it is")


def images(now: Situation) -> Remedy:
    if now.new_photos:
        return Remedy()
    return Remedy(wanted="photos that only you can bring, for no setting makes up for them. Give their folder with --dataset")


def regularisation(now: Situation) -> Remedy:
    return Remedy({"regularisation_images": now.people or ORDINARY_PEOPLE})


def steps(now: Situation) -> Remedy:
    """By the formula, where it lies on the finding's side of what was trained; else by a tenth.

    A finding rests on pictures, the formula on a count. Where they disagree the pictures win: who was trained too little is
    not trained less.
    """
    images, shown = now.fields["images"], now.fields["batch_size"] * now.fields["accumulation"]
    right = right_steps(now.profile, images, shown, now.fields["regularisation_images"] > 0)
    by_formula = Remedy({"steps": right}, to=f"{right}, by the base's formula for {images} photos, {shown} a step")
    done, band = _as_shown_now(now, right), now.profile.bands.get("exposure_ratio")
    if done is None or now.direction is None or band is None:
        return by_formula
    ratio = exposure(now.profile, now.used, images)
    more = now.direction == "under"
    if (ratio < band.low and more) or (ratio > band.high and not more):
        return by_formula
    tenth = max(1, round(done * (1 + TENTH if more else 1 - TENTH)))
    met = "the formula is met" if band.low <= ratio <= band.high else f"{right} by the formula, which is the other way"
    return Remedy({"steps": tenth}, to=f"{tenth}: {met}, so 10% {'more' if more else 'less'}{_beyond(ratio, band)}")


def _as_shown_now(now: Situation, right: int) -> float | None:
    """The steps that were done, in steps of the new recipe: beside other people the person takes more of them."""
    done = now.used.get("steps")
    if done is None:
        return None
    shown = now.fields["batch_size"] * now.fields["accumulation"]
    before = right_steps(now.profile, now.fields["images"], shown, now.used.beside_others)
    return float(done * right / before)


def _beyond(ratio: float, band: Band) -> str:
    """So far off, another setting is the likelier cause."""
    if band.low <= ratio <= band.high:
        return ""
    return "; look at the learning rate and at alpha too, for by the formula it is not the steps"


def exposure(profile: Profile, used: Used, images: int) -> float:
    """How often the person was shown, over the formula's number. Unknown settings count as the trainers' defaults."""
    shown = used.get("steps") * (used.get("batch_size") or 1) * (used.get("accumulation") or 1)
    return profile.step_formula.exposure(shown, images, used.beside_others)


def learning_rate(now: Situation) -> Remedy:
    if now.fields["optimizer"] == "prodigy":
        return Remedy({"learning_rate": PRODIGY_RATE, "d_coef": PRODIGY_D_COEF})
    return Remedy({"learning_rate": now.profile.learning_rate})


def rank(now: Situation) -> Remedy:
    """The scale alpha / rank stays: it acts as a factor of the learning rate, which nobody asked to change."""
    alpha, old = now.fields["alpha"], now.fields["rank"]
    return Remedy({"rank": now.profile.rank, "alpha": None if alpha is None else alpha / old * now.profile.rank})


def base(now: Situation) -> Remedy:
    """Never [schnell], which is distilled for few steps (field guide, section 10)."""
    if now.profile.family == "flux1-dev":
        return Remedy({"base": now.case.base})
    dev = load_profile(DEFAULT_BASE)
    return Remedy({"base": DEFAULT_BASE, "guidance": dev.loss_guidance, "max_sequence_length": dev.max_sequence_length})


def again(now: Situation) -> Remedy:
    """The file is of no use: the same training once more."""
    return Remedy()


REMEDIES: dict[str, Callable[[Situation], Remedy]] = {
    "captions": captions, "trigger_in_captions": trigger_in_captions, "trigger": trigger, "images": images,
    "regularisation_images": regularisation, "learning_rate": learning_rate, "rank": rank, "base": base, "file": again,
    "steps": steps,
}  # fmt: skip
"""In the order in which they are carried out: the number of steps follows from what came before.

No rule asks for another optimizer or for fewer blocks, so neither has a remedy: docs/retrain.md says why."""
