"""Is it the same person throughout? Robust statistics on the set's own cosines; no threshold of any network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from fluxdiag.dataset.audit.records import PhotoFace, PhotoFaces
from fluxdiag.records import Outcome

FEWEST = 5
"""faces below which a spread says nothing"""
DEVIATIONS = 3.5
"""modified z-score above which a value is an outlier (Iglewicz & Hoaglin 1993)"""
HALF = 0.5
"""of the usual likeness: strangers are at 0 whatever the network, hard photos of the person are not"""
CONSISTENT = 1.4826
"""times the median absolute deviation is the standard deviation of a normal distribution"""

Floats = NDArray[np.floating]


def one_head_once(photos: Sequence[PhotoFaces]) -> list[PhotoFaces]:
    """Where a detector saw one head twice, a face inside another, the one less like the faces of all other photos goes."""
    alone = [vector(one.faces[0]) for one in photos if len(one.faces) == 1]
    return [_once(one, alone) if len(one.faces) > 1 and len(alone) >= FEWEST else one for one in photos]


def _once(seen: PhotoFaces, alone: Sequence[Floats]) -> PhotoFaces:
    gone: set[int] = set()
    for one, other in combinations(range(len(seen.faces)), 2):
        if _inside(seen.faces[one], seen.faces[other]):
            likeness = {row: float(np.median(np.stack(alone) @ vector(seen.faces[row]))) for row in (one, other)}
            gone.add(min(likeness, key=lambda row: likeness[row]))
    faces = tuple(face for row, face in enumerate(seen.faces) if row not in gone)
    return seen.model_copy(update={"outcome": _outcome(seen, faces), "faces": faces})


def _outcome(seen: PhotoFaces, faces: tuple[PhotoFace, ...]) -> Outcome:
    """What the picture comes to once a second sight of the same head is gone."""
    if faces[0].height < seen.smallest:
        return "small"
    return "ok" if seen.outcome == "several" and len(faces) == 1 else seen.outcome


def _inside(one: PhotoFace, other: PhotoFace) -> bool:
    """Whether the middle of either box lies in the other."""
    return _holds(one, other) or _holds(other, one)


def _holds(outer: PhotoFace, inner: PhotoFace) -> bool:
    (left, top, right, bottom), (x0, y0, x1, y1) = outer.box, inner.box
    return left < (x0 + x1) / 2 < right and top < (y0 + y1) / 2 < bottom


def vector(face: PhotoFace) -> Floats:
    """(dim,) of length 1."""
    return np.frombuffer(bytes.fromhex(face.embedding), dtype=np.float32)


def strangers(embeddings: Sequence[Floats]) -> dict[int, float]:
    """Row -> modified z-score, of the faces that are less than half as like all others as usual. Embeddings (dim,) of length
    1."""
    if len(embeddings) < FEWEST:
        return {}
    likeness = _to_others(np.stack(embeddings).astype(np.float64))
    least = HALF * float(np.median(likeness))
    return {row: score for row, score in unlike(embeddings).items() if likeness[row] < least}


def unlike(embeddings: Sequence[Floats]) -> dict[int, float]:
    """Row -> modified z-score, of the faces that are too unlike all others, strangers among them."""
    if len(embeddings) < FEWEST:
        return {}
    scores = _scores(_to_others(np.stack(embeddings).astype(np.float64)))
    return {row: float(score) for row, score in enumerate(scores) if score < -DEVIATIONS}


def two_people(embeddings: Sequence[Floats]) -> tuple[int, ...]:
    """The smaller of two groups that do not mix: the least alike pair within is more alike than the most alike pair between."""
    if len(embeddings) < FEWEST:
        return ()
    vectors = np.stack(embeddings).astype(np.float64)
    cosines = vectors @ vectors.T
    centred = cosines - cosines.mean(axis=0) - cosines.mean(axis=1)[:, None] + cosines.mean()
    first = np.linalg.eigh(centred)[1][:, -1] > 0
    if min(first.sum(), (~first).sum()) < 2:
        return ()
    off = ~np.eye(len(vectors), dtype=bool)
    within = min(cosines[np.ix_(side, side)][off[np.ix_(side, side)]].min() for side in (first, ~first))
    between = cosines[np.ix_(first, ~first)]
    usual = float(np.median(np.concatenate([cosines[np.ix_(s, s)][off[np.ix_(s, s)]] for s in (first, ~first)])))
    if within <= between.max() or float(np.median(between)) >= HALF * usual:
        return ()
    smaller = first if first.sum() <= (~first).sum() else ~first
    return tuple(int(row) for row in np.flatnonzero(smaller))


def _to_others(vectors: Floats) -> Floats:
    """Median cosine of each to all others: (n, dim) -> (n,). A median, so that one stranger does not move the rest."""
    cosines = vectors @ vectors.T
    return np.array([np.median(np.delete(row, at)) for at, row in enumerate(cosines)])


def _scores(values: Floats) -> Floats:
    """Modified z-scores; all 0 where the values do not differ."""
    away = values - np.median(values)
    deviation = CONSISTENT * float(np.median(np.abs(away)))
    return away / deviation if deviation > 1e-9 else np.zeros_like(away)
