"""What a trainer keeps of a photo: sizes of the same area are made for it, and what hangs over is cut off on both sides."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

STEPS = 16
"""sizes are multiples of the resolution over this: 64 px at 1024, as kohya's `bucket_reso_steps` has it"""
LONGEST = 2
"""times the resolution, along the longer side; kohya's own limit is 1, and its guides set 2048 for 1024"""


class Cut(NamedTuple):
    """`left` and `top` are shares of the photo's sides that are cut on each of the two sides; `enlarged` is a factor."""

    width: int
    height: int
    left: float
    top: float
    enlarged: float

    @property
    def lost(self) -> float:
        """Share of the photo that is cut away."""
        return 1 - (1 - 2 * self.left) * (1 - 2 * self.top)


def cut(width: int, height: int, resolution: int) -> Cut:
    """What becomes of a photo of this size: it fills the size of the nearest shape, and its middle is kept."""
    shape = width / height
    w, h = min(buckets(resolution), key=lambda size: abs(size[0] / size[1] - shape))
    scale = max(w / width, h / height)
    return Cut(w, h, (1 - w / (width * scale)) / 2, (1 - h / (height * scale)) / 2, scale)


@cache
def buckets(resolution: int) -> tuple[tuple[int, int], ...]:
    """(width, height) of every size, after kohya's make_bucket_resolutions: the largest of each width within the area."""
    step = max(1, resolution // STEPS)
    sides = range(max(step, resolution // 4), LONGEST * resolution + 1, step)
    pairs = {(w, min(LONGEST * resolution, resolution * resolution // w // step * step)) for w in sides}
    square = resolution // step * step
    return tuple(
        sorted(
            {(w, h) for w, h in pairs if h >= sides.start} | {(h, w) for w, h in pairs if h >= sides.start} | {(square, square)}
        )
    )
