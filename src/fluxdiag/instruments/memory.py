"""Are training pictures copied? Nearness to the nearest training photo, and how much the seeds of one prompt still differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.statistics import Floats, ratio_interval
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

SMALLEST_DISTANCE = 1e-4
"""CLIP distance below which two pictures are the same in float32; keeps the ratio of distances finite"""


@instrument(gives=("leak.nearest", "variety.within-prompt"), arms=("trigger", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    if not tables.clip:
        raise CannotMeasure(tables.gather.gaps.get("clip", "no CLIP embeddings were gathered"))
    yield _nearest(tables)
    yield _variety(tables)


def _nearest(tables: Tables) -> Measurement | Gap:
    photos = tables.photos()
    if not len(photos):
        return Gap(key="leak.nearest", reason=tables.case.gaps.get("photos", "there are no readable training photos"))
    on, off = (nearness_by_prompt(tables, arm, photos) for arm in ("trigger", "base"))
    # The room that is left above the base, not the cosine: how alike any two pictures are differs by CLIP model and by set.
    # Not the photos' own nearness to one another either: in a varied set that is no higher than the base's (.65 and .64).
    room = max(SMALLEST_DISTANCE, 1 - float(off.mean()))
    return reading("leak.nearest", (on - off) / room, "share", "prompts were drawn with and without the LoRA")


def nearness_by_prompt(tables: Tables, arm: str, photos: Floats) -> pd.Series:
    """prompt -> cosine to the nearest of the training photos (n, dim), mean of its seeds."""
    return _by_prompt(tables, arm).map(lambda seeds: float((seeds @ photos.T).max(axis=1).mean()))


def _variety(tables: Tables) -> Measurement | Gap:
    """Ratio of CLIP distances between the seeds of a prompt, LoRA on over off; 1 is as varied as the base."""
    distances = pd.concat({arm: _by_prompt(tables, arm).map(_distance) for arm in ("trigger", "base")}, axis=1).dropna()
    if len(distances) < 3:
        return Gap(
            key="variety.within-prompt", reason=f"only {len(distances)} prompts were drawn with two seeds, at least 3 are needed"
        )
    interval = ratio_interval(distances["trigger"].to_numpy(), distances["base"].to_numpy())
    return Measurement(key="variety.within-prompt", unit="ratio", **interval._asdict())


def _by_prompt(tables: Tables, arm: str) -> pd.Series:
    """prompt -> CLIP embeddings of its seeds (seeds, dim)."""
    shots = tables.arm(arm, "person")
    return pd.Series({prompt: np.stack([tables.clip[shot] for shot in ids]) for prompt, ids in shots.groupby("prompt_id")["id"]})


def _distance(seeds: Floats) -> float:
    """Mean distance of all pairs of seeds; NaN for a single seed."""
    pairs = [1.0 - float(a @ b) for a, b in combinations(seeds, 2)]
    return max(SMALLEST_DISTANCE, float(np.mean(pairs))) if pairs else float("nan")
