"""From numbers to records: an interval becomes a Measurement, too few clusters or a number that is none become a Gap."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from fluxdiag.instruments.statistics import Floats, Interval, t_interval
from fluxdiag.records import Gap, Measurement

if TYPE_CHECKING:
    import pandas as pd

FEWEST_CLUSTERS = 3
"""two clusters give a t-interval 4.5 times wider than eight do: no statement at all"""


def reading(
    key: str, clusters: pd.Series, unit: str, of: str, interval: Callable[[Floats], Interval] = t_interval
) -> Measurement | Gap:
    """One value a cluster (its index) -> the mean with its interval. `of` names the clusters for the gap's reason."""
    values = np.asarray(clusters.dropna(), dtype=np.float64)
    if len(values) < FEWEST_CLUSTERS:
        return Gap(key=key, reason=f"only {len(values)} {of}, at least {FEWEST_CLUSTERS} are needed")
    return as_measurement(key, interval(values), unit)


def as_measurement(key: str, interval: Interval, unit: str) -> Measurement | Gap:
    if not all(math.isfinite(number) for number in interval):
        return Gap(key=key, reason="the number came out infinite or undefined")
    return Measurement(key=key, value=interval.value, low=interval.low, high=interval.high, n=interval.n, unit=unit)


def exact(key: str, value: float, unit: str) -> Measurement | Gap:
    """A fact that was read or counted, not estimated: no width, n = 1."""
    return as_measurement(key, Interval(value, value, value, 1), unit)
