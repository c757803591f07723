"""Numbers of one picture without any model: pure functions on arrays, each with its source."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

GRID = 8
"""px a side of a JPEG block"""
LEAST = 128
"""px a side below which neither blocks nor blur can be told from what is shown"""
BLUR_TAPS = 9
REAL_EDGE = 24
"""levels; a larger step belongs to what is shown"""
BLACK = 16
"""levels of 255, the foot of video black"""


def blur(grey: Floats) -> float:
    """Perceived blur of (height, width) levels, 0 sharp to 1 blurred: how little a second blurring would change.

    Crété-Roffet et al., "The Blur Effect", SPIE 6492 (2007). It compares a picture with itself, so that, unlike the variance
    of the Laplacian, it does not call a plain wall blurred.
    """
    return max(_blur_along(grey), _blur_along(grey.T))


def _blur_along(grey: Floats) -> float:
    """Along the last axis."""
    if grey.shape[1] <= BLUR_TAPS + 1:
        return 0.0
    levels = np.ascontiguousarray(grey, dtype=np.float32)
    again = np.zeros((levels.shape[0], levels.shape[1] - BLUR_TAPS + 1), dtype=np.float32)
    for tap in range(BLUR_TAPS):
        again += levels[:, tap : tap + again.shape[1]]
    middle = levels[:, BLUR_TAPS // 2 : BLUR_TAPS // 2 + again.shape[1]]
    before, after = np.abs(np.diff(middle, axis=1)), np.abs(np.diff(again, axis=1)) / BLUR_TAPS
    total = float(before.sum())
    return float(1 - np.maximum(before - after, 0).sum() / total) if total > 0 else 1.0


def blockiness(grey: Floats) -> float | None:
    """Levels by which steps across an 8 x 8 grid stand out from their neighbours; 0 without a grid, None for a small picture.

    After Wang, Sheikh & Bovik, "No-reference perceptual quality assessment of JPEG compressed images" (ICIP 2002), with every
    place of the grid tried, because pictures are cropped, and in levels, because a ratio says nothing of a plain wall.
    """
    if min(grey.shape) < LEAST:
        return None
    return max(_grid_along(grey), _grid_along(grey.T))


def _grid_along(grey: Floats) -> float:
    steps = np.abs(np.diff(np.ascontiguousarray(grey, dtype=np.float32), axis=1))
    middle = steps[:, 1:-1]
    over = np.clip(middle - np.maximum(steps[:, :-2], steps[:, 2:]), 0, None) * (middle < REAL_EDGE)
    by_column = over.mean(axis=0)
    by_place = np.array([by_column[place::GRID].mean() for place in range(GRID)])
    return float(by_place.max() - np.median(by_place))


def black_bars(grey: Floats) -> float:
    """Share of the picture under black bars that stand opposite one another, as films and screenshots have them."""
    return max(_bars(grey.max(axis=1)), _bars(grey.max(axis=0)))


def _bars(brightest: Floats) -> float:
    """Of lines whose brightest level is given: those from both ends that are black."""
    lit = np.flatnonzero(brightest >= BLACK)
    if not len(lit):
        return 0.0
    first, last = int(lit[0]), len(brightest) - 1 - int(lit[-1])
    return (first + last) / len(brightest) if first and last else 0.0


def light(thumbnail: Floats) -> tuple[float, float, float]:
    """(brightness, contrast, warmth) of (height, width, 3) levels: mean and spread of grey, and red minus blue, over 255."""
    grey = thumbnail @ np.array([0.299, 0.587, 0.114])
    warmth = float(thumbnail[..., 0].mean() - thumbnail[..., 2].mean())
    return float(grey.mean()) / 255, float(grey.std()) / 255, warmth / 255
