"""Pictures as pixels: a `Picture` in, an anti-aliased RGB image and the faces in it out.

All coordinates are fractions of the image until the last moment; drawing happens at `OVERSAMPLING` times the size
and is reduced by area, so edges are smooth. Layers from back to front: scenery, clutter, things or figures, light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from fluxlab.figures import draw_figure
from fluxlab.scenery import draw_background, draw_clutter, draw_thing, graded
from fluxlab.world import Picture

SIZE = 64
"""px a side of every picture of the laboratory"""
OVERSAMPLING = 3

# Skull-to-chin height of a face as a fraction of the image, and where its centre sits, by framing.
FACE_HEIGHT = {"close-up": 0.64, "portrait": 0.43, "cowboy shot": 0.275, "full body shot": 0.145}
FACE_CENTRE = {"close-up": 0.53, "portrait": 0.38, "cowboy shot": 0.27, "full body shot": 0.17}


@dataclass(frozen=True)
class FaceMark:
    """One visible face, in pixels: box from skull top to chin without hair volume, five points image-left first.

    `keypoints` is (5, 2) float32: left eye, right eye, nose tip, left and right mouth corner, as InsightFace orders them.
    """

    box: tuple[float, float, float, float]
    keypoints: np.ndarray


class Canvas:
    """An RGB float image with sub-pixel, anti-aliased filled shapes in fractional coordinates (x right, y down)."""

    SHIFT = 4

    def __init__(self, size: int) -> None:
        self.size = size
        self.pixels = np.zeros((size, size, 3), np.uint8)

    def _fixed(self, points: Sequence[tuple[float, float]]) -> np.ndarray:
        return np.round(np.asarray(points, np.float64) * self.size * 2**self.SHIFT).astype(np.int32)

    def polygon(self, points: Sequence[tuple[float, float]], colour: Sequence[float]) -> None:
        cv2.fillPoly(self.pixels, [self._fixed(points)], _bytes(colour), cv2.LINE_AA, self.SHIFT)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Sequence[float]) -> None:
        self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour)

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Sequence[float], angle: float = 0.0) -> None:
        self.polygon(ring(x, y, rx, ry, angle=angle), colour)

    def stroke(self, points: Sequence[tuple[float, float]], width: float, colour: Sequence[float]) -> None:
        thickness = max(1, round(width * self.size))
        cv2.polylines(self.pixels, [self._fixed(points)], False, _bytes(colour), thickness, cv2.LINE_AA, self.SHIFT)

    def gradient(self, top: Sequence[float], bottom: Sequence[float], y0: float, y1: float) -> None:
        first, last = round(y0 * self.size), round(y1 * self.size)
        blend = np.linspace(0, 1, max(last - first, 1))[:, None, None]
        self.pixels[first:last] = ((1 - blend) * np.asarray(top) + blend * np.asarray(bottom)).astype(np.uint8)


def _bytes(colour: Sequence[float]) -> tuple[float, float, float]:
    red, green, blue = (float(min(max(channel, 0), 255)) for channel in colour)
    return red, green, blue


def ring(
    x: float, y: float, rx: float, ry: float, *, power: float = 2.0, angle: float = 0.0, count: int = 40
) -> list[tuple[float, float]]:
    """Points of a superellipse: power 2 is an ellipse, more is squarer. `angle` in radians."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    cos, sin = np.cos(turn), np.sin(turn)
    px = rx * np.sign(cos) * np.abs(cos) ** (2 / power)
    py = ry * np.sign(sin) * np.abs(sin) ** (2 / power)
    c, s = np.cos(angle), np.sin(angle)
    return [(x + c * a - s * b, y + s * a + c * b) for a, b in zip(px, py, strict=True)]


def draw(picture: Picture, size: int = SIZE) -> tuple[np.ndarray, list[FaceMark]]:
    """A picture as (size, size, 3) uint8 RGB, and its visible faces from left to right."""
    rng = np.random.default_rng(picture.jitter)
    canvas = Canvas(size * OVERSAMPLING)
    draw_background(canvas, picture.scene.background, rng)
    for kind in picture.scene.clutter:
        draw_clutter(canvas, kind, rng)
    if picture.thing is not None:
        draw_thing(canvas, picture.thing, picture.scene.framing, rng)
    places = _places(picture, rng)
    marks = [
        FaceMark(_scaled_box(face.box, size), (face.keypoints * size).astype(np.float32))
        for face in (draw_figure(canvas, figure, *place, rng) for figure, place in zip(picture.figures, places, strict=True))
    ]
    lit = graded(canvas.pixels, picture.scene.light)
    return cv2.resize(lit, (size, size), interpolation=cv2.INTER_AREA), marks


def _scaled_box(box: tuple[float, float, float, float], size: int) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (edge * size for edge in box)
    return x0, y0, x1, y1


def _places(picture: Picture, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """(x, y, face height) for every figure: one in the middle, two side by side and smaller."""
    height, y = FACE_HEIGHT[picture.scene.framing], FACE_CENTRE[picture.scene.framing]
    height *= 1 + 0.04 * rng.uniform(-1, 1)
    if len(picture.figures) < 2:
        return [(0.5 + 0.03 * rng.uniform(-1, 1), y, height)][: len(picture.figures)]
    height = min(height, 0.36)
    return [(x + 0.01 * rng.uniform(-1, 1), max(y, height * 0.75), height) for x in (0.27, 0.73)]
