"""What to keep and what to take more of. The user's folder is not touched: these are lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fluxdiag.dataset.audit.checks import checks
from fluxdiag.dataset.audit.photoset import ANGLES, SHOTS, PhotoSet, Seen
from fluxdiag.dataset.audit.records import Finding

ENOUGH_OF_A_SHOT = 3
"""of each of the four types, so that 15 photos still leave room for the poses and places that repeat"""
FEWEST, MOST = 15, 30
"""guide, section 3"""
OF_SEVERAL = ("near-duplicates", "repeated-overlay")
"""checks whose findings are of several photos and make none of them worse than the others"""
EXAMPLES = {
    "full body": "head to toe, the whole person in the picture",
    "cowboy": "waist up",
    "portrait": "shoulders up",
    "close-up": "the face, with the whole skull in the picture",
}


def left_out(photos: PhotoSet, found: Sequence[Finding]) -> dict[str, str]:
    """Photo -> why it is not on the curated list: a fault that no training mends, or a better one of the same picture: with
    fewer findings of its own (a caption, its own colours, the right way up), else sharper, else larger."""
    drops = {one.name for one in checks() if one.drops}
    names = {photo.name for photo in (*photos.photos, *photos.broken)}
    out: dict[str, str] = {}
    for one in found:
        if one.check in drops:
            out |= {name: f"{one.title.lower()}: {one.says}" for name in one.files if name in names and name not in out}
    flaws = Counter(name for one in found if one.check not in OF_SEVERAL for name in one.files)
    for group in photos.groups:
        rest = [photos.photos[row] for row in group if photos.photos[row].name not in out]
        if len(rest) > 1:
            best = max(rest, key=lambda photo: (-flaws[photo.name], *_worth(photo)))
            out |= {photo.name: f"the same picture as {best.name}" for photo in rest if photo is not best}
    out |= {photo.name: "a list cannot hold its name" for photo in photos.photos if not photo.listable and photo.name not in out}
    return out | dict.fromkeys(_beyond(photos, out), f"{MOST} others are kept")


def keep(photos: PhotoSet, out: dict[str, str]) -> tuple[str, ...]:
    """The rest, in their order."""
    return tuple(photo.name for photo in photos.photos if photo.name not in out)


def _beyond(photos: PhotoSet, out: dict[str, str]) -> list[str]:
    """All but thirty of what is left: those whose shot type and angle are the rarest among the kept are taken first."""
    rest = [photo for photo in photos.photos if photo.name not in out]
    if len(rest) <= MOST:
        return []
    kept: list[Seen] = []
    seen: Counter[tuple[str | None, str | None]] = Counter()
    while len(kept) < MOST:
        best = min(rest, key=lambda photo: (seen[photo.shot, photo.angle], -_worth(photo)[0], photo.name))
        rest.remove(best)
        kept.append(best)
        seen[best.shot, best.angle] += 1
    return [photo.name for photo in rest]


def shopping_list(photos: PhotoSet, kept: Sequence[str]) -> tuple[str, ...]:
    """What to photograph, one line each, so that the kept ones become a set as the guide asks for."""
    rest = [photo for photo in photos.photos if photo.name in set(kept)]
    wanted = [*_shots(rest), *_angles(rest), *_elsewhere(photos)] if any(photo.faces for photo in rest) else _elsewhere(photos)
    lacking = FEWEST - len(rest)
    return tuple(
        [f"{lacking} more photos, at least: {_are(len(rest))} left and {FEWEST} are needed", *wanted] if lacking > 0 else wanted
    )


def _shots(rest: Sequence[Seen]) -> list[str]:
    there = Counter(photo.shot for photo in rest)
    lacking = {shot: ENOUGH_OF_A_SHOT - there[shot] for shot in SHOTS}
    return [
        f"{count} {shot} photo{'s' * (count > 1)} ({EXAMPLES[shot]}); so far: {there[shot] or 'none'}"
        for shot, count in lacking.items()
        if count > 0
    ]


def _angles(rest: Sequence[Seen]) -> list[str]:
    there = Counter(photo.angle for photo in rest)
    words = {"front": "from the front", "three-quarter": "at three quarters", "profile": "from the side"}
    return [f"2 photos {words[angle]}; so far: none" for angle in ANGLES if not there[angle]]


def _are(count: int) -> str:
    return "1 is" if count == 1 else f"{count or 'none'} are"


def _elsewhere(photos: PhotoSet) -> list[str]:
    shared = {one.aspect: one for one in photos.variety if one.share > 0.5}
    words = {"background": "in other places", "outfit": "in other clothes", "light": "in other light"}
    return [f"photos {words[aspect]}: {one.share:.0%} are {one.most}" for aspect, one in shared.items() if aspect in words]


def _worth(photo: Seen) -> tuple[float, int]:
    """Of two photos of the same picture the sharper one is kept, then the larger."""
    return -(photo.facts.blur or 0.0), photo.facts.width * photo.facts.height
