"""How many different backgrounds, outfits and lights is the training set worth? By the nearest CLIP label of each photo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.readings import exact
from fluxdiag.instruments.statistics import Floats
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

if TYPE_CHECKING:
    from fluxdiag.instruments.tables import Tables

ASPECTS = {"background": "backgrounds", "outfit": "outfits", "light": "lights"}
"""those that CLIP tells apart; poses it does not: .15 to .42 rightly named in the laboratory, backgrounds and lights all"""


@instrument(gives=("dataset.effective-backgrounds", "dataset.effective-outfits", "dataset.effective-lights",
                   "dataset.background-share", "dataset.outfit-share"))  # fmt: skip
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    photos = tables.photos()
    if not len(photos):
        reason = tables.case.gaps.get("photos", tables.gather.gaps.get("clip", "there are no readable training photos"))
        raise CannotMeasure(reason)
    for aspect, plural in ASPECTS.items():
        shares = None if aspect not in tables.labels else label_shares(photos, tables.labels[aspect][1])
        if shares is None:
            reason = f"the suite's prompts ask for no {aspect}"
            yield Gap(key=f"dataset.effective-{plural}", reason=reason)
            if aspect != "light":
                yield Gap(key=f"dataset.{aspect}-share", reason=reason)
            continue
        yield exact(f"dataset.effective-{plural}", effective(shares), plural)
        if aspect != "light":
            yield exact(f"dataset.{aspect}-share", float(shares.max()), "share of photos")


def label_shares(photos: Floats, labels: Floats) -> Floats:
    """Share of photos (n, dim) that lie nearest to each label (k, dim): (k,), summing to 1. All of length 1."""
    nearest = np.argmax(photos @ labels.T, axis=1)
    return np.bincount(nearest, minlength=len(labels)) / len(photos)


def effective(shares: Floats) -> float:
    """Effective number of kinds: exp of the entropy of their shares.

    The Vendi score (Friedman & Dieng, 2210.02410) with a kernel that calls two photos alike when they are of one kind.
    """
    present = shares[shares > 0]
    return float(np.exp(-np.sum(present * np.log(present))))
