"""The set as a whole: how many photos, how different, which shots are missing."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.dataset.audit.checks import check
from fluxdiag.dataset.audit.photoset import SHOTS, Found, PhotoSet
from fluxdiag.dataset.audit.records import Variety

FEWEST, MOST = 15, 30
"""guide, section 3"""
ALL_THE_SAME, HALF = 0.75, 0.5
"""shares of the photos; laboratory: 1.0 where one background was planted, at most .21 in varied sets"""
ENOUGH = 6
"""photos below which a share says nothing"""
SAME_LIGHT = 0.03
"""spread of brightness and of warmth over the set: .002 where one light was planted, .147 and .201 in a varied set"""
FEW_LOOKS = 3.0
"""effective number of pictures by their thumbnails; laboratory: 1.2 for the planted set, 11.2 for the varied one"""


@check(title="No photos", severity="critical", do="Name the folder of your training photos")
def no_photos(photos: PhotoSet) -> Found:
    """There is nothing to train on."""
    if not photos.photos:
        yield (), "no photo in this folder can be read"


@check(title="Few photos", severity="high", do="Take more that differ from those you have; see the shopping list")
def few_photos(photos: PhotoSet) -> Found:
    """The guide asks for 15 to 30 (section 3). Near-duplicates count once: fifteen varied photos beat a hundred alike."""
    if 0 < photos.distinct < FEWEST:
        alike = "" if photos.distinct == len(photos.photos) else f" ({len(photos.photos)} with near-duplicates)"
        different = f"{photos.distinct} different photo{'s' * (photos.distinct > 1)}"
        yield (), f"{different}{alike}; {FEWEST} to {MOST} are right"


@check(title="Many photos", severity="low", do="Use the curated list")
def many_photos(photos: PhotoSet) -> Found:
    """More than 30 help little and cost steps: the guide's formula asks 100 for each (section 4)."""
    if photos.distinct > MOST:
        yield (), f"{photos.distinct} different photos; {FEWEST} to {MOST} are right"


@check(title="The same picture several times", severity="high", do="Keep one of each group")
def near_duplicates(photos: PhotoSet) -> Found:
    """What is shown twice is learnt twice, its background and clothes too. Found by perceptual hash, thumbnail and colours,
    mirrored copies included, and by CLIP where it is at hand."""
    for group in photos.groups:
        yield tuple(photos.photos[row].name for row in group), f"{len(group)} photos show the same picture"


@check(title="One background", severity="critical", do="Take photos in other places, indoors and outdoors", needs="clip")
def one_background(photos: PhotoSet) -> Found:
    """What all photos share is learnt as part of the person (guide, section 3). The line is three of four photos, as other
    tools draw it."""
    yield from _shared(photos, "background", ALL_THE_SAME)


@check(title="One outfit", severity="high", do="Take photos in other clothes", needs="clip")
def one_outfit(photos: PhotoSet) -> Found:
    """Ask for a raincoat and the shirt of the photos appears."""
    yield from _shared(photos, "outfit", ALL_THE_SAME)


@check(
    title="Half of the photos share something", severity="medium", do="Take some photos elsewhere, in other clothes", needs="clip"
)
def half_alike(photos: PhotoSet) -> Found:
    """Not yet all of them, and already enough to lean on."""
    for aspect in ("background", "outfit"):
        yield from (found for found in _shared(photos, aspect, HALF) if not list(_shared(photos, aspect, ALL_THE_SAME)))


@check(title="Pictures look alike", severity="critical", do="Take photos in other places, lights and clothes")
def alike_pictures(photos: PhotoSet) -> Found:
    """Effective number of different pictures (Vendi score, Friedman & Dieng 2023) of the small colour thumbnails: no model is
    needed to see that one place and one outfit fill the set."""
    look = next((one for one in photos.variety if one.aspect == "look"), None)
    if look is not None and look.of >= ENOUGH and look.effective < FEW_LOOKS:
        yield (), f"{look.of} photos are worth {look.effective:.1f} different pictures"


@check(title="One light", severity="medium", do="Take photos in daylight and lamplight, by day and by night")
def one_light(photos: PhotoSet) -> Found:
    """The guide asks for natural and artificial light, day and night (section 3). Either CLIP sees one kind of light, or
    brightness and warmth hardly change through the set."""
    shared = list(_shared(photos, "light", ALL_THE_SAME))
    if shared:
        yield from shared
        return
    spread = {one.aspect: one.effective for one in photos.variety if one.aspect in ("brightness", "warmth")}
    if len(photos.photos) >= ENOUGH and spread and max(spread.values()) < SAME_LIGHT:
        yield (), f"brightness varies by {spread['brightness']:.1%} and warmth by {spread['warmth']:.1%} through the set"


@check(title="A shot type is missing", severity="high", do="Take some; the shopping list says how many", needs="faces")
def missing_shot(photos: PhotoSet) -> Found:
    """The guide asks for all four (section 3): full body, cowboy (waist up), portrait (shoulders up), close-up. Told by how
    much of the picture's height the head takes."""
    shots = [photo.shot for photo in photos.photos if photo.shot is not None]
    if len(shots) >= ENOUGH:
        yield from (((), f"no {shot} among {len(shots)} photos with a face") for shot in SHOTS if shot not in shots)


@check(title="One camera angle", severity="medium", do="Take some from the side and at three quarters", needs="faces")
def one_angle(photos: PhotoSet) -> Found:
    """From one angle only, the shape of nose and jaw stays unknown (guide, section 3: front, three-quarter, profile)."""
    angles = [photo.angle for photo in photos.photos if photo.angle is not None]
    if len(angles) >= ENOUGH and len(set(angles)) == 1:
        yield (), f"all {len(angles)} faces are seen from the same angle: {angles[0]}"


def _shared(photos: PhotoSet, aspect: str, least: float) -> Iterator[tuple[tuple[str, ...], str]]:
    one: Variety | None = next((one for one in photos.variety if one.aspect == aspect), None)
    if one is not None and one.of >= ENOUGH and one.share >= least:
        yield (), f"{one.share:.0%} of {one.of} photos: {one.most}"
