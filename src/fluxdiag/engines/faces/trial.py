"""The self-test of a pair whose recogniser is fed as its pack declares: no ONNX file can tell whether that is right.

A network that is fed wrongly still gives numbers of length 1. What it loses is the difference between people.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from insightface.data import get_image

from fluxdiag.engines.faces.contract import Eyes
from fluxdiag.engines.faces.geometry import aligned
from fluxdiag.errors import FluxdiagError
from fluxdiag.manual import manual_page

PHOTO = "t1"
"""a photo of six people in a row that InsightFace's library carries; nothing of it is kept"""
STRANGERS = 0.2
"""mean cosine of different people from which on a recogniser is fed wrongly; .05 to .10 where it is fed well (docs/faces.md)"""
CHANGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "brighter": lambda crop: cv2.convertScaleAbs(crop, alpha=1.15, beta=8),
    "larger": lambda crop: cv2.warpAffine(crop, cv2.getRotationMatrix2D((56, 56), 0, 1.06), crop.shape[:2]),
}


def refuse_unfit(eyes: Eyes, where: str) -> None:
    """Raises FluxdiagError where people are not told apart, or a changed face comes nearer to a stranger than to itself."""
    photo = np.ascontiguousarray(get_image(PHOTO, to_rgb=True))
    found = eyes.detect(photo)
    if len(found) < 2:
        raise _unfit(f"its detector sees {len(found)} of six faces", where, "Check `file` and `sure` under [detector]")
    crops = [aligned(photo, face.landmarks, eyes.crop_side)[0] for face in found]
    as_they_are = _unit(eyes.embed(crops))
    between = (as_they_are @ as_they_are.T)[~np.eye(len(crops), dtype=bool)]
    if not float(between.mean()) < STRANGERS:  # so written that a NaN is refused too
        raise _unfit(
            f"its recogniser cannot tell people apart: their mean cosine is {between.mean():.2f}, at most {STRANGERS} is right",
            where,
            "Check `mean`, `std` and `channels` under [recogniser] against the network's own documentation",
        )
    for change, changed in CHANGES.items():
        cosines = _unit(eyes.embed([changed(crop) for crop in crops])) @ as_they_are.T
        if (cosines.argmax(axis=1) != np.arange(len(crops))).any():
            raise _unfit(f"a {change} face comes nearer to another person", where, "Use another recogniser")


def _unit(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1. Raises nothing: a row of zeros becomes NaN and is refused by what follows."""
    with np.errstate(invalid="ignore", divide="ignore"):
        unit: np.ndarray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _unfit(what: str, where: str, do: str) -> FluxdiagError:
    return FluxdiagError(f"the face pack fails its self-test: {what}", where=where, do=f"{do} ({manual_page('faces.md')})")
