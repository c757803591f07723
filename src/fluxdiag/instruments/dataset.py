"""How many different pictures is the training set worth? The Vendi score of their CLIP embeddings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.readings import exact
from fluxdiag.instruments.statistics import vendi
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("dataset.effective-images",))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    photos = tables.photos()
    if not len(photos):
        reason = tables.case.gaps.get("photos", tables.gather.gaps.get("clip", "there are no readable training photos"))
        raise CannotMeasure(reason)
    yield exact("dataset.effective-images", vendi(photos.astype(np.float64)), "images")
