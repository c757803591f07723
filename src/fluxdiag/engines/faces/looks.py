"""The ladder of looks: what is tried when a detector sees no face in a picture as it is.

A later look is a remedy for one known way of missing a face, so nothing changes for faces that the first look finds. Each
also sees faces that are none; what a look must bring to count is measured in `docs/faces.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from fluxdiag.engines.faces.contract import Eyes, Found

FIRST, PADDED, CLOSE_UP = "as it is", "padded", "close up"
PADDING = 0.4
"""share of the longer side added on every side: detectors miss faces that fill the frame, and this halves them"""
TILE = 0.6
"""share of each side that a tile of the close look has: detectors work on about 640 px and miss what is small in them"""
SURER = 0.75
"""score that a face of the close look must have: of pictures without faces one in sixteen showed it one, up to .73"""
SAME = 0.4
"""overlap of two boxes above which two tiles have seen one face"""


@dataclass(frozen=True)
class View:
    """A part or a surround of the picture; `left` and `top` are where its corner lies in the picture."""

    image: np.ndarray
    left: int = 0
    top: int = 0


def look(eyes: Eyes, image: np.ndarray) -> tuple[str, list[Found]]:
    """The first look in which there is a face, with all faces in it; no faces where none has any."""
    for name, views in looks(image):
        found = _distinct([_moved(face, view) for view in views for face in eyes.detect(view.image)])
        counting = [face for face in found if face.score >= SURER] if name == CLOSE_UP else found
        if counting:
            return name, counting
    return FIRST, []


def looks(image: np.ndarray) -> Iterator[tuple[str, list[View]]]:
    """Every look in its order, each made only when it is asked for."""
    yield FIRST, [View(image)]
    pad = round(PADDING * max(image.shape[:2]))
    yield PADDED, [View(cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_CONSTANT), -pad, -pad)]
    yield CLOSE_UP, _tiles(image)


def _tiles(image: np.ndarray) -> list[View]:
    """Four overlapping quarters, so that a face up to a fifth of the picture lies whole in one of them."""
    height, width = image.shape[:2]
    tall, wide = max(1, round(TILE * height)), max(1, round(TILE * width))
    corners = [(left, top) for top in (0, height - tall) for left in (0, width - wide)]
    return [View(np.ascontiguousarray(image[top : top + tall, left : left + wide]), left, top) for left, top in corners]


def _moved(face: Found, view: View) -> Found:
    corner = np.array([view.left, view.top], np.float32)
    return replace(face, box=face.box + np.tile(corner, 2), landmarks=face.landmarks + corner)


def _distinct(faces: list[Found]) -> list[Found]:
    """Each face once, as the view told it that was surest of it."""
    kept: list[Found] = []
    for face in sorted(faces, key=lambda face: -face.score):
        if all(_overlap(face.box, other.box) < SAME for other in kept):
            kept.append(face)
    return kept


def _overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two boxes (left, top, right, bottom)."""
    shared = float(np.prod(np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0)))
    return shared / (float(np.prod(a[2:] - a[:2])) + float(np.prod(b[2:] - b[:2])) - shared)
