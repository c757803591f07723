"""Settings that break the guide while the LoRA is fine, and good settings with a bad outcome: what settings alone get wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fluxdiag.profiles import Profile, load_profile
from fluxlab.album import character
from fluxlab.data import named_person
from fluxlab.plant import BATCH, Odds, recipe_of

NAMED = 100
"""people of the base's pool, of those with names; a few are enough to find one of each sex"""
NOT_ODD = Odds()
Overrides = Callable[[Profile, int], dict[str, Any]]


@dataclass(frozen=True)
class Decoy:
    """A fault and severity to start from, what is odd about it, and the settings that it overrides for so many images."""

    about: str
    fault: str = "healthy"
    severity: float = 1.0
    odds: Odds = NOT_ODD
    overrides: Overrides = lambda profile, images: {}
    known: bool = False
    """whether the trigger is a name that the base knows"""
    healthy: bool = True
    """whether the LoRA is expected to be fine"""


def _steps(profile: Profile, images: int, factor: float) -> int:
    return max(1, round(factor * profile.step_formula.steps(images) / BATCH))


DECOYS: dict[str, Decoy] = {
    "decoy-rank": Decoy(
        "rank 4 times the profile's at 0.3 times the rate, with regularisation",
        overrides=lambda profile, images: {"rank": 4 * profile.rank, "learning_rate": 0.3 * profile.learning_rate},
    ),
    "decoy-steps": Decoy(
        "half the steps at twice the rate",
        overrides=lambda profile, images: {
            "steps": _steps(profile, images, 0.5),
            "learning_rate": 2 * profile.learning_rate,
        },
    ),
    "decoy-images": Decoy("40 images", odds=Odds(images=40)),
    "decoy-captions": Decoy("appearance in one caption of ten", fault="overcaptioned", severity=0.1),
    "decoy-outfit": Decoy("one outfit in many places", odds=Odds(one_outfit=True)),
    "decoy-rate": Decoy(
        "everything as the guide says at 5 times the rate",
        overrides=lambda profile, images: {"learning_rate": 5 * profile.learning_rate},
        healthy=False,
    ),
    "decoy-trigger": Decoy("everything as the guide says, called by a name that the base knows", known=True, healthy=False),
}


def odds_of(decoy: Decoy, subject: int) -> Odds:
    """What is odd about this decoy of this subject."""
    return replace(decoy.odds, trigger=known_trigger(subject)) if decoy.known else decoy.odds


def known_trigger(subject: int) -> str:
    """The name of somebody of the subject's sex whom the base was trained on by name."""
    sex = character(subject).person.sex
    for number in range(NAMED):
        person, name = named_person((subject + number) % NAMED)
        if person.sex == sex:
            return f"{name} {sex}"
    raise AssertionError(f"nobody among {NAMED} named people is a {sex}")


def overrides_of(decoy: Decoy, subject: int, base: Path) -> dict[str, Any]:
    """The settings of this decoy for this subject on this base."""
    images = decoy.odds.images or character(subject).images
    return decoy.overrides(load_profile(str(base)), images)


def recipe_for(fault: str, severity: float, subject: int, base: Path) -> dict[str, float]:
    """The settings that a cell is planted with, whatever its file tells: for the row, never for fluxdiag."""
    decoy = DECOYS.get(fault, Decoy("", fault, severity))
    recipe, profile = recipe_of(decoy.fault, decoy.severity), load_profile(str(base))
    images = decoy.odds.images or character(subject).images
    sound = {
        "steps": _steps(profile, images, recipe.steps),
        "rank": max(1, round(profile.rank * recipe.rank)),
        "learning_rate": profile.learning_rate,
    }
    told = {"images": images, "batch_size": BATCH, "described": recipe.described, "alike": recipe.alike}
    return sound | told | {"ordinary": recipe.ordinary} | decoy.overrides(profile, images)
