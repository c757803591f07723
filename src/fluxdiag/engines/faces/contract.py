"""What every way of reading faces agrees on. Pictures are (height, width, 3) uint8 RGB, coordinates px of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from fluxdiag.records import FaceReading


@dataclass(frozen=True)
class Found:
    """One face as a detector tells it."""

    box: np.ndarray
    """(4,) left, top, right, bottom; may reach beyond the picture"""
    landmarks: np.ndarray
    """(5, 2) left eye, right eye, nose, left and right corner of the mouth, left as seen in the picture"""
    score: float


class Eyes(Protocol):
    """A detector and a recogniser: all that the ways differ in."""

    provider: str
    """the onnxruntime provider that the recogniser really runs on"""
    crop_side: int
    """px of the aligned crop that the recogniser takes"""

    def detect(self, image: np.ndarray) -> list[Found]:
        """Every face that the detector is sure of, in any order."""
        ...

    def embed(self, crops: Sequence[np.ndarray]) -> np.ndarray:
        """(n, dim), not normalised, of n aligned crops (crop_side, crop_side, 3) uint8 RGB."""
        ...


@dataclass(frozen=True)
class Pose:
    """Where the head points, from five landmarks: proxies that order pictures, no angles but for `roll`.

    All are taken in the face's own upright frame, so a tilted picture changes `roll` only.
    """

    yaw: float
    """nose offset from between the eyes over their distance; 0 is frontal, negative turns to the picture's left"""
    pitch: float
    """how far the nose lies on the way from eyes to mouth; about .5 is level, less looks up, more looks down"""
    roll: float
    """degrees of the line through the eyes; positive where the right one is lower"""


@dataclass(frozen=True)
class Quality:
    """What the recogniser has to go by."""

    sharpness: float
    """variance of the Laplacian of the aligned crop's grey values: low for small, soft and unfocused faces alike"""
    inside: float
    """share of the aligned crop that lies inside the picture; below 1 the frame cuts the face off"""


@dataclass(frozen=True)
class SeenFace:
    reading: FaceReading
    embedding: np.ndarray
    """(dim,) of length 1"""
    landmarks: np.ndarray
    """(5, 2) px, in the order of `Found.landmarks`"""
    pose: Pose
    quality: Quality
    look: str
    """the view of the picture in which it was found: see `looks.py` beside this"""
