"""What a set of photos is worth, aspect by aspect: the effective number of different ones (Vendi score, 2210.02410)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from fluxdiag.dataset.audit.photoset import Seen
from fluxdiag.dataset.audit.records import Variety
from fluxdiag.dataset.duplicates import scaled_thumbnails
from fluxdiag.instruments.statistics import vendi
from fluxdiag.instruments.variety import effective, label_shares

NEARER = 0.1
"""of the usual CLIP distance between two photos of the set (median), below which they show the same picture"""
FEWEST = 6

Labels = dict[str, tuple[tuple[str, ...], np.ndarray]]


def variety(photos: Sequence[Seen], clip: np.ndarray | None, labels: Labels) -> tuple[Variety, ...]:
    """Of the set as a whole and of each aspect apart; what could not be read is left out.

    look         Vendi score with the correlation of small colour thumbnails as kernel: needs no model
    image        Vendi score with the cosine of CLIP embeddings
    background, outfit, light   each photo counts for the CLIP label nearest to it (embeddings `clip` (n, dim))
    pose         shot type and camera angle together, from faces; CLIP does not tell poses apart (docs/dataset.md)
    brightness, warmth          standard deviation over the set, as a share of full scale
    """
    return tuple(_aspects(photos, clip, labels)) if photos else ()


def _aspects(photos: Sequence[Seen], clip: np.ndarray | None, labels: Labels) -> Iterator[Variety]:
    count = len(photos)
    prints = [photo.facts.fingerprint for photo in photos if photo.facts.fingerprint is not None]
    looks = scaled_thumbnails(prints)
    looks = looks[np.linalg.norm(looks, axis=1) > 0]
    if len(looks):
        yield _worth("look", vendi(looks.astype(np.float64)), len(looks), "thumbnails")
    if clip is not None:
        yield _worth("image", vendi(clip.astype(np.float64)), count, "CLIP embeddings")
        for aspect, (words, vectors) in labels.items():
            shares = label_shares(clip, vectors)
            most = int(np.argmax(shares))
            yield Variety(aspect=aspect, effective=effective(shares), most=words[most], share=float(shares[most]), of=count,
                          how=f"nearest of {len(words)} CLIP labels")  # fmt: skip
    poses = Counter(f"{photo.shot}, {photo.angle}" for photo in photos if photo.shot is not None)
    if poses:
        shares = np.array(list(poses.values()), dtype=np.float64) / poses.total()
        most_common, times = poses.most_common(1)[0]
        yield Variety(aspect="pose", effective=effective(shares), most=most_common, share=times / poses.total(),
                      of=poses.total(), how="shot type and angle, from faces")  # fmt: skip
    for aspect in ("brightness", "warmth"):
        spread = float(np.std([getattr(photo.facts, aspect) for photo in photos]))
        yield _worth(aspect, spread, count, "standard deviation over the set")


def _worth(aspect: str, value: float, count: int, how: str) -> Variety:
    return Variety(aspect=aspect, effective=value, most="", share=0.0, of=count, how=how)


def alike(clip: np.ndarray | None) -> tuple[tuple[int, int], ...]:
    """Rows of embeddings (n, dim) that are far nearer than photos of this set usually are; a share of the set's own median, for
    what is near differs by network."""
    if clip is None or len(clip) < FEWEST:
        return ()
    apart = 1 - clip.astype(np.float64) @ clip.T
    usual = float(np.median(apart[np.triu_indices(len(clip), 1)]))
    return tuple((int(a), int(b)) for a, b in np.argwhere(apart < NEARER * usual) if a < b)
