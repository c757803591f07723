"""From five landmarks: the aligned crop that ArcFace-style recognisers are trained on, and where the head points."""

from __future__ import annotations

import math
import warnings

import cv2
import numpy as np
from insightface.utils import face_align

from fluxdiag.engines.faces.contract import Pose, Quality


def aligned(image: np.ndarray, landmarks: np.ndarray, side: int) -> tuple[np.ndarray, Quality]:
    """(side, side, 3) uint8 by the similarity transform that brings the landmarks nearest to ArcFace's five places.

    What lies beyond the picture is black. `side` is a multiple of 112 or 128.
    """
    matrix = _similarity(landmarks, side)
    crop = cv2.warpAffine(image, matrix, (side, side), borderValue=0.0)
    # One px of what is inside is lost at every edge: interpolation mixes it with the black beyond.
    inside = cv2.warpAffine(np.ones(image.shape[:2], np.float32), matrix, (side, side), borderValue=0.0)
    return crop, Quality(sharpness=sharpness(crop), inside=round(float(inside.mean()), 3))


def _similarity(landmarks: np.ndarray, side: int) -> np.ndarray:
    with warnings.catch_warnings():  # insightface 2.1 calls a method that scikit-image has renamed
        warnings.simplefilter("ignore", FutureWarning)
        matrix: np.ndarray = face_align.estimate_norm(landmarks.astype(np.float32), side)
    return matrix


def sharpness(crop: np.ndarray) -> float:
    """Variance of the Laplacian, grey values 0-255 (Pech-Pacheco et al. 2000, doi 10.1109/ICPR.2000.903548)."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    return round(float(cv2.Laplacian(grey, cv2.CV_64F).var()), 1)


def pose(landmarks: np.ndarray) -> Pose:
    """Of any five landmarks, also of collapsed ones: eyes or mouth in one place count as 1 px apart."""
    left, right, nose, *mouth = landmarks.astype(np.float64)
    across = right - left
    apart = float(np.linalg.norm(across)) or 1.0
    along, down = across / apart, np.array([-across[1], across[0]]) / apart
    middle = (left + right) / 2
    chin = float((np.mean(mouth, axis=0) - middle) @ down) or 1.0
    return Pose(
        yaw=round(float((nose - middle) @ along) / apart, 4),
        pitch=round(float((nose - middle) @ down) / chin, 4),
        roll=round(math.degrees(math.atan2(across[1], across[0])), 1),
    )
