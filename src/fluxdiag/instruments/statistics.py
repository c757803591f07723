"""Pure statistics on arrays: five to fifteen lines each, with their sources. No records, no files, no models.

Prompts (or photos) are the clusters everywhere: seeds of one prompt are averaged before anything here sees them, because
intervals from pooled images come out up to three times too narrow (Miller, "Adding Error Bars to Evals", 2024).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Z95 = 1.959963984540054
"""97.5% point of the normal distribution"""


class Interval(NamedTuple):
    """An estimate with its 95% interval; `n` is the number of clusters."""

    value: float
    low: float
    high: float
    n: int


def t95(freedom: float) -> float:
    """97.5% point of Student's t distribution."""
    from scipy.special import stdtrit  # here, because it takes longer to import than the audit of a set that was read before

    return float(stdtrit(freedom, 0.975))


def t_interval(values: Floats) -> Interval:
    """Student's t on cluster means (n,). A percentile bootstrap covers only 82-87% at 5-8 clusters (simulated)."""
    n = len(values)
    if n < 2:
        raise ValueError(f"an interval needs at least two clusters, got {n}")
    mean = float(np.mean(values))
    half = float(t95(n - 1) * np.std(values, ddof=1) / np.sqrt(n))
    return Interval(mean, mean - half, mean + half, n)


def jackknife_interval(value: float, left_out: Floats) -> Interval:
    """Of any statistic of n clusters: `left_out` (n,) is what it comes to without each (Tukey 1958). Of a mean, the t-interval.

    For values that hang together: each prompt's likeness to the centroid of the others shares all but one of its parts with
    the next one's. Where some of 4 to 8 prompts show the person more strongly than others a t-interval covers .84-.90 and this
    one .91-.95, where a fifth shows nobody .59-.79 and .70-.84 (tests/simulate_intervals.py).
    """
    n = len(left_out)
    half = float(t95(n - 1) * np.sqrt((n - 1) / n * np.sum(np.square(left_out - np.mean(left_out)))))
    return Interval(value, value - half, value + half, n)


def held_against(values: Floats, left_out: Floats) -> Interval:
    """Student's t on cluster means (n,) that were all held against the same m photos, whose own chance is added: `left_out` (m,)
    is the mean of the values without each of them (delete-one jackknife, Tukey 1958; degrees of freedom by Satterthwaite 1946).

    With the photos taken as given the interval covers 78% with 3 of them and 93% with 8 (8 prompts; 72% and 85% with 16), where a
    photo's cosine to the person varies by .10; with their chance added 96 to 98% (tests/simulate_intervals.py).
    """
    n, m = len(values), len(left_out)
    mean, plain = float(np.mean(values)), t_interval(values)
    parts = np.array([np.var(values, ddof=1) / n, (m - 1) / m * np.sum(np.square(left_out - np.mean(left_out)))])
    variance = float(parts.sum())
    if variance == 0:
        return plain
    shares = parts / variance
    freedom = 1 / (shares[0] ** 2 / (n - 1) + shares[1] ** 2 / (m - 1))
    half = max(float(t95(freedom) * np.sqrt(variance)), plain.high - mean)  # more freedom must not make it narrower
    return Interval(mean, mean - half, mean + half, n)


def welch_interval(first: Floats, second: Floats) -> Interval:
    """Mean of `first` minus mean of `second`, unpaired and with unequal variances (Welch 1947)."""
    parts = np.array([np.var(first, ddof=1) / len(first), np.var(second, ddof=1) / len(second)])
    difference, variance = float(np.mean(first) - np.mean(second)), float(parts.sum())
    n = min(len(first), len(second))
    if variance == 0:
        return Interval(difference, difference, difference, n)
    # Shares of the variance, not the variances: squares of small ones would underflow.
    shares = parts / variance
    freedom = 1 / (shares[0] ** 2 / (len(first) - 1) + shares[1] ** 2 / (len(second) - 1))
    half = float(t95(freedom) * np.sqrt(variance))
    return Interval(difference, difference - half, difference + half, n)


def wilson_interval(shares: Floats) -> Interval:
    """A share from cluster shares in [0, 1], each cluster counting once (Wilson 1927): never of zero width, also at 0 of n."""
    n, share = len(shares), float(np.mean(shares))
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    return Interval(share, min(share, max(0.0, float(centre - half))), max(share, min(1.0, float(centre + half))), n)


def share_difference_interval(differences: Floats) -> Interval:
    """Paired difference of two shares from cluster differences in [-1, 1].

    Two pseudo-pairs, half a +1, half a -1 and one 0, keep the width honest when all clusters agree
    (Agresti & Min, Statistics in Medicine 24, 2005). The estimate itself stays the plain mean.
    """
    n, mean = len(differences), float(np.mean(differences))
    centre = float(np.sum(differences)) / (n + 2)
    variance = (float(np.sum(np.square(differences))) + 1) / (n + 2) - centre**2
    half = float(t95(n + 1) * np.sqrt(variance / (n + 2)))
    return Interval(mean, max(-1.0, min(mean, centre - half)), min(1.0, max(mean, centre + half)), n)


def ratio_interval(numerators: Floats, denominators: Floats) -> Interval:
    """Geometric mean of paired ratios of positive numbers, its interval from the t-interval of their logarithms."""
    logs = t_interval(np.log(numerators) - np.log(denominators))
    return Interval(float(np.exp(logs.value)), float(np.exp(logs.low)), float(np.exp(logs.high)), logs.n)


def unit(vectors: Floats) -> Floats:
    """Scale the last axis to length 1; a zero vector stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Floats = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return scaled


def centroid(vectors: Floats) -> Floats:
    """The direction of the mean of unit vectors (n, dim) -> (dim,)."""
    return unit(np.mean(vectors, axis=0))


def leave_one_out(vectors: Floats) -> Floats:
    """Cosine of each unit vector to the centroid of the others: (n, dim) -> (n,). The person's own ceiling, n >= 2."""
    others = unit(vectors.sum(axis=0, keepdims=True) - vectors)
    similarity: Floats = np.sum(vectors * others, axis=1)
    return similarity


def leave_kin_out(vectors: Floats, *labels: NDArray[Any]) -> Floats:
    """As `leave_one_out`, but the centroid leaves out every vector that shares a label with this one: (n, dim) -> (n,).

    Each of `labels` is (n,), such as the prompts and the seeds. NaN where all are kin.
    """
    similarity = np.full(len(vectors), np.nan)
    for row, vector in enumerate(vectors):
        strangers = np.all([label != label[row] for label in labels], axis=0)
        if strangers.any():
            similarity[row] = vector @ unit(vectors[strangers].sum(axis=0))
    return similarity


def without_duplicates(vectors: Floats, nearest: float) -> Floats:
    """Drop each unit vector whose cosine to one already kept is above `nearest`, and each that holds a number that is none."""
    kept: list[int] = []
    for row, vector in enumerate(vectors):
        if not np.isfinite(vector).all():
            continue  # kept, it would stand in the way of all others: nothing compares with it
        if not kept or float(np.max(vectors[kept] @ vector)) <= nearest:
            kept.append(row)
    return vectors[kept]


def vendi(vectors: Floats) -> float:
    """Effective number of distinct items among unit vectors (n, dim): exp of the entropy of the eigenvalues of K / n.

    Friedman & Dieng, "The Vendi Score", 2210.02410, with the cosine kernel.
    """
    eigenvalues = np.linalg.eigvalsh(vectors @ vectors.T / len(vectors))
    positive = eigenvalues[eigenvalues > 1e-12]
    return float(np.exp(-np.sum(positive * np.log(positive))))


def on_scale(above_floor: Floats, floor: float, ceiling: float) -> Floats:
    """Cosines above the floor -> the subject's own scale, on which the floor is 0 and the ceiling 1."""
    return above_floor / (ceiling - floor)
