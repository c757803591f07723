"""What the pixels are worth at the size that the trainer works at."""

from __future__ import annotations

import numpy as np

from fluxdiag.dataset.audit.bucketing import cut
from fluxdiag.dataset.audit.checks import check
from fluxdiag.dataset.audit.checks.variety import alike_pictures
from fluxdiag.dataset.audit.photoset import Found, PhotoSet
from fluxdiag.dataset.audit.reading import EDGES

BLANK, DARK = 0.01, 0.1
"""shares of 255 levels, first cut: the spread of grey below which there is no motif, and the mean of what is called black"""
ENLARGED = 1.25
"""by which the trainer has to enlarge a photo: over a third of its pixels are then made up"""
BLURRED = 0.5
"""of the blur effect (0 to 1): nine of ten sharp photographs are below .35, blurred by 4 px at 1024 half of them are above .58"""
BLOCKY = 1.25
"""levels: JPEG at quality 40 shows that much in three of four photographs, at 85 in one of twenty"""
POOR_JPEG = 60
CUT_AWAY = 0.1
BARS = 0.02
SAME_PLACE = 4
"""photos of one size that an overlay is looked for in, at least"""
STANDS_OUT = 40.0
"""levels that the gradient has in three of four photos; its median is 8 for photographs of different scenes, 60 and more under a
logo in all of them"""
LOCAL = 0.15
"""share of the picture that an overlay may take; more than that is the same background"""


@check(title="Too small", severity="high", do="Use the original, or take it out; enlarging adds nothing", drops=True)
def low_resolution(photos: PhotoSet) -> Found:
    """The trainer enlarges it to its own size, and the LoRA learns the softness of the enlargement as the person's skin."""
    for photo in photos.photos:
        enlarged = cut(photo.facts.width, photo.facts.height, photos.resolution).enlarged
        if enlarged > ENLARGED:
            size = f"{photo.facts.width} x {photo.facts.height}"
            yield (photo.name,), f"{size} px is enlarged {enlarged:.1f} times for training at {photos.resolution} px"


@check(title="Nothing to be seen", severity="high", do="Take it out", drops=True)
def blank(photos: PhotoSet) -> Found:
    """One colour all over: a failed export, a lens cap. The LoRA learns it like any other picture."""
    for photo in photos.photos:
        if photo.facts.contrast < BLANK:
            shade = (
                "black" if photo.facts.brightness < DARK else "white" if photo.facts.brightness > 1 - DARK else "of one colour"
            )
            yield (photo.name,), f"the whole picture is {shade}"


@check(title="Blurred", severity="medium", do="Take a sharp one")
def blurred(photos: PhotoSet) -> Found:
    """Blur is learnt like anything else. Measured at the training size by the blur effect (Crété-Roffet et al. 2007), so a large
    photo that is a little soft passes. A wide aperture blurs the background and not the face: where faces were read, the face
    decides."""
    for photo in photos.photos:
        blur, face = photo.facts.blur, photo.face
        if blur is not None and blur > BLURRED and photo.facts.contrast >= BLANK and (face is None or face.blur is None):
            yield (photo.name,), f"blur {blur:.2f} of 1, sharp photos have less than .35"


@check(title="JPEG blocks", severity="medium", do="Use the original; saving it as PNG now does not bring back what is lost")
def jpeg_blocks(photos: PhotoSet) -> Found:
    """The 8 x 8 blocks of strong compression are painted again (guide, section 3). Seen in the pixels, so that a bad JPEG
    saved as PNG is found, and in the file's own quantisation table."""
    for photo in photos.photos:
        blocks, quality = photo.facts.blockiness, photo.facts.jpeg_quality
        if quality is not None and quality < POOR_JPEG:
            yield (photo.name,), f"saved as JPEG of quality {quality}"
        elif blocks is not None and blocks > BLOCKY:
            yield (photo.name,), f"block edges stand out by {blocks:.1f} levels"


@check(title="Much is cut off for training", severity="medium", do="Crop it yourself, to between 2:3 and 3:2")
def cut_by_buckets(photos: PhotoSet) -> Found:
    """Trainers have sizes of a few shapes. A photo fills the nearest one and what hangs over is cut off on both sides, the
    head too."""
    for photo in photos.photos:
        lost = cut(photo.facts.width, photo.facts.height, photos.resolution)
        if lost.lost > CUT_AWAY:
            shape = f"{photo.facts.width} x {photo.facts.height} becomes {lost.width} x {lost.height}"
            yield (photo.name,), f"{shape}: {lost.lost:.0%} is cut away"


@check(title="Black bars", severity="medium", do="Crop them off")
def black_bars(photos: PhotoSet) -> Found:
    """Bars of films and screenshots are at the same place in every picture, so they are learnt at once."""
    for photo in photos.photos:
        if photo.facts.bars > BARS:
            yield (photo.name,), f"{photo.facts.bars:.0%} of it are black bars"


@check(title="Something is at the same place in every photo", severity="high", do="Crop or paint it out, or use the originals")
def repeated_overlay(photos: PhotoSet) -> Found:
    """A watermark, logo, date or caption. What stays where it is through different pictures shows in most of their
    gradients (Dekel et al., "On the Effectiveness of Visible Watermarks", CVPR 2017). Text in a single photo is not looked
    for, nor any where the pictures are alike: there the scene itself stays where it is."""
    if any(alike_pictures(photos)):
        return
    first = [photo for row, photo in enumerate(photos.photos) if not any(row in group[1:] for group in photos.groups)]
    by_size: dict[tuple[int, int], list[int]] = {}
    for row, photo in enumerate(first):
        by_size.setdefault((photo.facts.width, photo.facts.height), []).append(row)
    for rows in by_size.values():
        if len(rows) < SAME_PLACE:
            continue
        maps = np.stack([np.frombuffer(bytes.fromhex(first[row].facts.edges), np.uint8) for row in rows])
        there = (np.quantile(maps, 0.25, axis=0) > STANDS_OUT).reshape(EDGES, EDGES)
        if 0 < there.mean() < LOCAL and there.sum() >= 3:
            yield tuple(first[row].name for row in rows), f"the same marks {_place(there)} of all {len(rows)} photos of this size"


def _place(there: np.ndarray) -> str:
    rows, columns = np.nonzero(there)
    down, across = rows.mean() / EDGES, columns.mean() / EDGES
    vertical = "at the top" if down < 1 / 3 else "at the bottom" if down > 2 / 3 else "in the middle"
    sideways = " left" if across < 1 / 3 else " right" if across > 2 / 3 else ""
    return vertical + sideways
