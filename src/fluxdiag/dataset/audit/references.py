"""References that the LoRA trained on are found and never called held out, and those of somebody else; for the next training a
split is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from fluxdiag.dataset.audit.people import strangers, two_people
from fluxdiag.dataset.audit.photoset import PhotoSet, Seen
from fluxdiag.dataset.audit.records import Overlap, ReferenceAudit, Split
from fluxdiag.dataset.duplicates import connected, cropped, groups, pairs

LOSES = {
    "identity.*": "likeness counts them too: learning them by heart scores as high as learning the person",
    "loss.gap": "training minus held-out: a photo on both sides would hide what was learnt by heart, so they are left out",
    "loss.heldout-gain": "gain on photos never seen: these were seen, so they are left out, and fewer photos make it vaguer",
    "loss.binding": "the same photos, with the same loss",
}
"""measurement -> what it loses by as many references as are trained on (`case.overlap` leaves them out of the losses)"""
HELD_OUT = 0.2
FEWEST_HELD_OUT = 3
"""references that likeness needs (docs/measurements.md)"""
FEWEST_TO_SPLIT = 18
"""different photos: so that the guide's 15 stay for the training"""
TRIALS = 2000


def overlaps(references: Sequence[Seen], training: Sequence[Seen]) -> tuple[Overlap, ...]:
    """The references that were trained on, byte for byte, as the same picture, or as a twin of the same moment."""
    found: dict[str, Overlap] = {}
    same = {photo.facts.sha256: photo.name for photo in training}
    for photo in references:
        if photo.facts.sha256 in same:
            found[photo.name] = Overlap(reference=photo.name, photo=same[photo.facts.sha256], kind="the same file")
    prints = [[p.facts.fingerprint for p in side if p.facts.fingerprint is not None] for side in (references, training)]
    for row, column in pairs(*prints):
        mine, theirs = references[row].name, training[column].name
        found.setdefault(mine, Overlap(reference=mine, photo=theirs, kind="the same picture"))
    for mine, theirs in twins(references, training):
        found.setdefault(mine, Overlap(reference=mine, photo=theirs, kind="a twin: same pose, same moment"))
    return tuple(found[photo.name] for photo in references if photo.name in found)


def twins(first: Sequence[Seen], second: Sequence[Seen]) -> list[tuple[str, str]]:
    """Pairs of which one shows the other's moment, cropped closer or a little later. Told by the whole picture: a face that
    was saved anew or cropped is often further from its original than two photos of the person are (docs/dataset.md)."""
    sides = [[photo for photo in side if photo.facts.fingerprint is not None] for side in (first, second)]
    prints = [[photo.facts.fingerprint for photo in side if photo.facts.fingerprint is not None] for side in sides]
    found = cropped(prints[0], prints[0] if first is second else prints[1])
    return [(sides[0][row].name, sides[1][column].name) for row, column in found]


def reference_audit(folder: str, references: PhotoSet, training: PhotoSet) -> ReferenceAudit:
    found = overlaps(references.photos, training.photos)
    return ReferenceAudit(
        folder=folder,
        references=len(references.photos),
        overlaps=found,
        loses=LOSES if found else {},
        strangers=strangers_among(references, training),
    )


def strangers_among(references: PhotoSet, training: PhotoSet) -> tuple[str, ...]:
    """The references that show somebody else, by name; all of them where they and the training photos show two people.

    Told as in a training set (`people.py`), beside the training photos where there are any: three references alone tell nothing,
    and a folder that shows one other person throughout is at one with itself. Small faces and profiles are not judged.
    """
    first = len(training.photos)
    together = PhotoSet((*training.photos, *references.photos))
    both = _somebody_else(together)
    others = {row - first for row in both if row >= first}
    if _most(others, references) or (not others and _most(both, training)):  # whichever are fewer are the others
        return tuple(photo.name for photo in references.photos)
    others |= _somebody_else(references)
    return tuple(references.photos[row].name for row in sorted(others))


def _most(rows: set[int], photos: PhotoSet) -> bool:
    return 2 * len(rows) > sum(photo.embedding is not None for photo in photos.photos)


def _somebody_else(photos: PhotoSet) -> set[int]:
    """Rows of `photos` whose face is not that of the others."""
    rows, embeddings, same = photos.measured
    return {rows[at] for at in (*strangers(embeddings, same), *two_people(embeddings, same))}


# ------------------------------------------------------------------------------------------------ the next training


def split(photos: Sequence[Seen]) -> Split | None:
    """A fifth of the photos to hold out, as like the rest as can be in pose, size, light and sharpness; pictures that are
    alike stay on one side. None where every photo is needed for the training. The same photos give the same split."""
    if len(photos) < FEWEST_TO_SPLIT or len(together := _together(photos)) < FEWEST_TO_SPLIT:
        return None
    count = max(FEWEST_HELD_OUT, round(HELD_OUT * len(together)))
    if len(together) - count < FEWEST_TO_SPLIT - FEWEST_HELD_OUT:
        count = FEWEST_HELD_OUT
    traits = _traits([photos[group[0]] for group in together])
    chosen = _most_alike(traits, count)
    held = {row for at in chosen for row in together[at]}
    return Split(
        train=tuple(photo.name for row, photo in enumerate(photos) if row not in held),
        held_out=tuple(photo.name for row, photo in enumerate(photos) if row in held),
        says=f"{count} of {len(together)} different pictures held out; both sides are alike in pose, size of the face, light and "
        "sharpness, and the same picture is never on both",
    )


def _together(photos: Sequence[Seen]) -> list[tuple[int, ...]]:
    """Rows that must not be parted, single ones too."""
    alike = groups([photo.facts.fingerprint for photo in photos if photo.facts.fingerprint is not None])
    at = {photo.name: row for row, photo in enumerate(photos)}
    links = [pair for group in alike for pair in combinations(group, 2)]
    links += [(at[one], at[other]) for one, other in twins(photos, photos) if one != other]
    joined = connected(len(photos), links)
    inside = {row for group in joined for row in group}
    return sorted([*joined, *((row,) for row in range(len(photos)) if row not in inside)])


def _traits(photos: Sequence[Seen]) -> np.ndarray:
    """(n, traits), each of mean 0 and spread 1; what was not measured is the mean."""
    rows = [
        (f.brightness, f.warmth, f.contrast, f.blur, *((face.share, face.yaw) if face else (None, None)))
        for f, face in ((photo.facts, photo.face) for photo in photos)
    ]
    table = np.array(rows, dtype=np.float64)
    known = ~np.isnan(table)
    mean = np.where(known, table, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, table - mean, 0)
    spread = centred.std(axis=0)
    scaled: NDArray[np.float64] = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 1e-9)
    return scaled


def _most_alike(traits: np.ndarray, count: int) -> list[int]:
    """Of many draws, the one whose means lie nearest to the rest's in the trait that differs most."""
    rng = np.random.default_rng(0)
    draws = [rng.choice(len(traits), count, replace=False) for _ in range(TRIALS)]
    total = traits.sum(axis=0)

    def differ(rows: np.ndarray) -> float:
        inside = traits[rows].sum(axis=0)
        return float(np.abs(inside / count - (total - inside) / (len(traits) - count)).max())

    return sorted(int(row) for row in min(draws, key=differ))
