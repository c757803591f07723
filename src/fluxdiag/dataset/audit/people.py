"""Is it the same person throughout? Robust statistics on the set's own cosines; no threshold of any network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
QUARTER = 0.25
"""of it where all is of a few moments: between what a stranger has of .94 (.15) and what the person has on another day (.31)"""
SAME_MOMENT = 0.8
"""cosine of two faces that tell the same: one person's photos have .31 to .68, a face and itself slightly blurred .86"""
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


def strangers(embeddings: Sequence[Floats], same: Iterable[Sequence[int]] = ()) -> dict[int, float]:
    """Row -> modified z-score, of the faces that are less than half as like the others as usual. Embeddings (dim,) of length 1;
    `same` are rows of one picture.

    What is usual is asked of moments, each counted once: where most photos are of one, all others are less than half as like.
    Of fewer than five moments nothing is usual but the moment itself, and the line is drawn lower.
    """
    if len(embeddings) < FEWEST:
        return {}
    vectors = np.stack(embeddings).astype(np.float64)
    parts = moments(vectors, same)
    likeness = _to_others(vectors)
    scores, least = _scores(likeness, likeness), QUARTER * float(np.median(likeness))
    if len(parts) >= FEWEST:
        likeness, usual = _to_moments(vectors, parts)
        scores, least = np.minimum(scores, _scores(likeness, usual)), HALF * float(np.median(usual))
    return {int(row): float(scores[row]) for row in np.flatnonzero((scores < -DEVIATIONS) & (likeness < least))}


def unlike(embeddings: Sequence[Floats]) -> dict[int, float]:
    """Row -> modified z-score, of the faces that are too unlike all others, strangers among them."""
    if len(embeddings) < FEWEST:
        return {}
    likeness = _to_others(np.stack(embeddings).astype(np.float64))
    return {row: float(score) for row, score in enumerate(_scores(likeness, likeness)) if score < -DEVIATIONS}


def two_people(embeddings: Sequence[Floats], same: Iterable[Sequence[int]] = ()) -> tuple[int, ...]:
    """The smaller of two groups that do not mix: the least alike pair within is more alike than the most alike pair between. Two
    sittings of one person do not mix either, so where photos are of one moment the line is drawn lower."""
    if len(embeddings) < FEWEST:
        return ()
    vectors = np.stack(embeddings).astype(np.float64)
    parts = moments(vectors, same)
    share = HALF if len(parts) == len(vectors) else QUARTER
    cosines = vectors @ vectors.T
    centred = cosines - cosines.mean(axis=0) - cosines.mean(axis=1)[:, None] + cosines.mean()
    first = np.linalg.eigh(centred)[1][:, -1] > 0
    if min(first.sum(), (~first).sum()) < 2:
        return ()
    off = ~np.eye(len(vectors), dtype=bool)
    within = np.concatenate([cosines[np.ix_(side, side)][off[np.ix_(side, side)]] for side in (first, ~first)])
    between = cosines[np.ix_(first, ~first)]
    if within.min() <= between.max() or float(np.median(between)) >= share * float(np.median(within)):
        return ()
    smaller = first if _weight(first, parts) <= _weight(~first, parts) else ~first
    return tuple(int(row) for row in np.flatnonzero(smaller))


def _weight(side: NDArray[np.bool_], parts: Sequence[Sequence[int]]) -> int:
    """How much of the set is on this side of two: its photos, or one for a moment that stands alone against many."""
    ours = [part for part in parts if side[part[0]]]
    return 1 if len(ours) == 1 and len(parts) > FEWEST else int(side.sum())


def moments(vectors: Floats, same: Iterable[Sequence[int]] = ()) -> list[list[int]]:
    """Rows (n, dim) of length 1 by the moment that they show: faces that tell the same, passed on, as a burst drifts; and `same`
    pictures, unless their faces are nearer to a stranger's than to one another, as in a photo booth."""
    cosines = vectors @ vectors.T
    linked = cosines >= SAME_MOMENT
    for rows in same:
        block = np.ix_(rows, rows)
        linked[block] |= cosines[block] >= HALF
    np.fill_diagonal(linked, True)
    left, found = np.ones(len(vectors), dtype=bool), []
    while left.any():
        part = new = np.arange(len(vectors)) == np.argmax(left)
        while new.any():
            reached = linked[new].any(axis=0)
            new, part = reached & ~part, reached | part
        left &= ~part
        found.append([int(row) for row in np.flatnonzero(part)])
    return found


def _centres(vectors: Floats, parts: Sequence[Sequence[int]]) -> Floats:
    """(moments, dim) of length 1"""
    means = np.stack([vectors[list(part)].mean(axis=0) for part in parts])
    centres: Floats = means / np.linalg.norm(means, axis=-1, keepdims=True)
    return centres


def _to_moments(vectors: Floats, parts: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
    """Median cosine to all other moments, of each face (n,) and of each moment (moments,)."""
    centres = _centres(vectors, parts)
    of_moments = _to_others(centres)
    cosines = vectors @ centres.T
    of_faces = np.empty(len(vectors))
    for at, part in enumerate(parts):
        of_faces[list(part)] = np.median(np.delete(cosines[list(part)], at, axis=1), axis=1)
    return of_faces, of_moments


def _to_others(vectors: Floats) -> Floats:
    """Median cosine of each to all others: (n, dim) -> (n,). A median, so that one stranger does not move the rest."""
    cosines = vectors @ vectors.T
    return np.array([np.median(np.delete(row, at)) for at, row in enumerate(cosines)])


def _scores(values: Floats, usual: Floats) -> Floats:
    """Modified z-scores of values among the usual ones; all 0 where those do not differ."""
    deviation = CONSISTENT * float(np.median(np.abs(usual - np.median(usual))))
    away = values - np.median(usual)
    return away / deviation if deviation > 1e-9 else np.zeros_like(away)
