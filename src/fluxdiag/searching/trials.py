"""Variants of a LoRA beside one another: how much of the person each shows, how much comes uncalled, what an edit costs.

`repair` and `sweep` share this. Everything is paired: the same prompts and seeds, the prompts being the clusters.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import pandas as pd
from pydantic import Field
from scipy import stats

from fluxdiag.instruments.likeness import Likeness
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.statistics import Interval
from fluxdiag.records import Gap, Measurement, Record
from fluxdiag.variants import FULL

SEEN = "prompts show a measurable face with and without the LoRA"
PLACE = ("prompt_id", "seed")
Pictures = TypeVar("Pictures", pd.Series, pd.DataFrame)
LITTLE = 0.1
"""on the subject's scale: of less than that a share says nothing"""


class Trial(Record):
    """One variant. Identity, bleed and effect are on the subject's scale; `kept` and `left` are shares of the whole LoRA's."""

    variant: str
    pictures: int
    """drawn with the LoRA on"""
    identity: Measurement | None
    bleed: Measurement | None
    effect: Measurement | None
    """what the trigger adds, less what it adds with the LoRA off"""
    kept: Measurement | None = None
    """identity over the whole LoRA's"""
    left: Measurement | None = None
    """bleed over the whole LoRA's; None where that hardly bleeds"""
    gaps: dict[str, str] = Field(default={}, description="what could not be measured -> why")


def trial(person: Likeness, variant: str, seeds: frozenset[int] = frozenset()) -> Trial:
    """The variant over all prompts and seeds that it was drawn with, or over those of these seeds of starting noise."""
    drawn = person.tables.arm("trigger", variant=variant)
    drawn = drawn[drawn["seed"].isin(seeds)] if seeds else drawn
    scores = scored(person, variant, drawn)
    whole = scored(person, "full", drawn)
    readings = {
        **{key: reading(key, by_prompt(pictures), "scale", SEEN) for key, pictures in scores.items()},
        "kept": share("kept", scores["identity"], whole["identity"]),
        "left": share("left", scores["bleed"], whole["bleed"]),
    }
    return Trial(
        variant=variant,
        pictures=_pictures(person, variant, drawn),
        gaps={key: found.reason for key, found in readings.items() if isinstance(found, Gap)},
        **{key: found if isinstance(found, Measurement) else None for key, found in readings.items()},
    )


def scored(person: Likeness, variant: str, drawn: pd.DataFrame) -> dict[str, pd.Series]:
    """identity, bleed and effect by prompt and seed: of these shots, those at which all that the number takes shows a face."""
    called, uncalled = (person.cells(arm, variant) for arm in ("trigger", "class"))
    base, word = (person.cells(arm, FULL.name) for arm in ("base", "trigger-base"))
    changes = {"identity": called - base, "bleed": uncalled - base, "effect": called - uncalled - (word - base)}
    return {key: person.scale(change[change.index.isin(_places(drawn))].dropna()) for key, change in changes.items()}


def _pictures(person: Likeness, variant: str, drawn: pd.DataFrame) -> int:
    """With the LoRA on, at the prompts and seeds of these shots."""
    shots = person.tables.shots
    with_lora = shots[(shots["variant"] == variant) & shots["arm"].isin(("trigger", "class"))]
    return int(_places(with_lora).isin(_places(drawn)).sum())


def _places(shots: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(shots[[*PLACE]])


def differences(person: Likeness, variant: str) -> pd.Series:
    """Identity less bleed on the subject's scale, picture pair by picture pair: index (prompt, seed). The base cancels.

    A pair that lost a face counts 0. Left out, it would make a checkpoint look the better the fewer faces it still paints.
    """
    called, uncalled = (person.cells(arm, variant) for arm in ("trigger", "class"))
    found = person.scale(called - uncalled).dropna()
    places = [*found.index, *sorted(_with_a_face(person, variant) - {*found.index})]
    index = pd.MultiIndex.from_arrays([[prompt for prompt, _ in places], [seed for _, seed in places]], names=PLACE)
    return pd.Series([*found, *[0.0] * (len(places) - len(found))], index=index, dtype=float)


def faces_kept(person: Likeness, variant: str) -> float:
    """In what share of the pairs whose base shows a measurable face both pictures still show one."""
    drawn = _with_a_face(person, variant)
    called, uncalled = ({*person.cells(arm, variant).index} for arm in ("trigger", "class"))
    return len(drawn & called & uncalled) / len(drawn) if drawn else 0.0


def _with_a_face(person: Likeness, variant: str) -> set[tuple[str, int]]:
    """Prompts and seeds that the variant was drawn with and whose base shows a face: one that is missing then was lost."""
    shots = person.tables.arm("trigger", "person", variant=variant)
    drawn = {*zip(shots["prompt_id"], shots["seed"], strict=True)}
    return drawn & {*person.cells("base", FULL.name).index}


def by_prompt(pictures: Pictures) -> Pictures:
    """Means over the seeds: the clusters."""
    return pictures.dropna().groupby(level="prompt_id").mean()


def share(key: str, part: pd.Series, whole: pd.Series) -> Measurement | Gap:
    """Mean of `part` over mean of `whole`, by prompt, over the pictures of both; a gap where there is too little of the whole."""
    both = by_prompt(pd.concat({"part": part, "whole": whole}, axis=1))
    if len(both) < 3:
        return Gap(key=key, reason=f"only {len(both)} {SEEN}")
    if both["whole"].mean() < LITTLE:
        return Gap(key=key, reason=f"the whole LoRA has hardly any: {both['whole'].mean():.2f} on the subject's scale")
    found = ratio_of_means(both["part"].to_numpy(float), both["whole"].to_numpy(float))
    return Measurement(key=key, value=found.value, low=found.low, high=found.high, n=found.n, unit="share")


def ratio_of_means(part: np.ndarray, whole: np.ndarray) -> Interval:
    """Ratio of two paired means (n,) with Student's t on the linearised residuals (Cochran, Sampling Techniques, 1977, 2.11)."""
    n, ratio = len(part), float(part.mean() / whole.mean())
    residual = (part - ratio * whole) / whole.mean()
    half = float(stats.t.ppf(0.975, n - 1) * np.std(residual, ddof=1) / math.sqrt(n))
    return Interval(ratio, ratio - half, ratio + half, n)
