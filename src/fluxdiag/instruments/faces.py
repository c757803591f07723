"""In how many pictures is there a face to measure? A missing face is an outcome, told beside the base's own share."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.statistics import wilson_interval
from fluxdiag.instruments.tables import MEASURABLE, Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("faces.measurable.trigger", "faces.measurable.base"), arms=("trigger", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    for arm in ("trigger", "base"):
        shares = _shares(tables.arm(arm, "person"))
        yield reading(f"faces.measurable.{arm}", shares, "share", "prompts with a person were drawn", wilson_interval)


def _shares(shots: pd.DataFrame) -> pd.Series:
    return shots["outcome"].isin(MEASURABLE).astype(float).groupby(shots["prompt_id"]).mean()
