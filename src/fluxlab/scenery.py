"""Backgrounds, clutter, animals, objects, and light as a grading of the finished picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fluxlab.draw import Canvas

Colour = tuple[float, float, float]


def draw_background(canvas: Canvas, background: str, rng: np.random.Generator) -> None:
    horizon = 0.58 + 0.04 * rng.uniform(-1, 1)
    slide = 0.06 * rng.uniform(-1, 1)
    _BACKGROUNDS[background](canvas, horizon, slide)


def _park(c: Canvas, horizon: float, slide: float) -> None:
    c.gradient((150, 206, 250), (206, 234, 252), 0, horizon)
    c.gradient((122, 196, 84), (84, 160, 60), horizon, 1)
    for x in (0.1, 0.88):
        c.box(x - 0.025 + slide, 0.3, x + 0.025 + slide, horizon + 0.05, (112, 78, 46))
        c.ellipse(x + slide, 0.26, 0.16, 0.19, (72, 158, 66))


def _beach(c: Canvas, horizon: float, slide: float) -> None:
    c.gradient((110, 196, 248), (196, 232, 250), 0, horizon - 0.14)
    c.gradient((24, 120, 190), (40, 164, 204), horizon - 0.14, horizon + 0.06)
    c.gradient((246, 226, 166), (236, 208, 140), horizon + 0.06, 1)
    c.ellipse(0.8 + slide, 0.16, 0.08, 0.08, (255, 240, 150))


def _street(c: Canvas, horizon: float, slide: float) -> None:
    c.gradient((176, 190, 206), (206, 212, 222), 0, horizon)
    for x, width, top, colour in (
        (-0.05, 0.25, 0.08, (150, 92, 80)),
        (0.22, 0.22, 0.26, (104, 112, 130)),
        (0.62, 0.2, 0.18, (128, 120, 112)),
        (0.83, 0.26, 0.04, (92, 100, 120)),
    ):
        c.box(x + slide, top, x + width + slide, horizon + 0.04, colour)
        for row in np.arange(top + 0.05, horizon - 0.05, 0.13):
            for column in (0.05, 0.14):
                c.box(x + column + slide, row, x + column + 0.05 + slide, row + 0.06, (250, 232, 150))
    c.box(0, horizon + 0.04, 1, 1, (88, 88, 94))
    c.box(0, horizon + 0.04, 1, horizon + 0.1, (160, 160, 164))


def _forest(c: Canvas, horizon: float, slide: float) -> None:
    c.gradient((44, 92, 60), (70, 112, 62), 0, horizon)
    c.gradient((70, 84, 40), (54, 62, 34), horizon, 1)
    for x in (0.06, 0.24, 0.76, 0.93):
        c.box(x - 0.035 + slide, 0, x + 0.035 + slide, horizon + 0.12, (74, 52, 36))
    for x in (0.0, 0.16, 0.35, 0.6, 0.83, 1.0):
        c.ellipse(x + slide, 0.03, 0.16, 0.13, (30, 74, 40))


def _mountain(c: Canvas, horizon: float, slide: float) -> None:
    c.gradient((96, 156, 226), (190, 218, 244), 0, horizon)
    for x, top in ((0.2, 0.14), (0.78, 0.06)):
        c.polygon([(x - 0.4 + slide, horizon + 0.08), (x + slide, top), (x + 0.4 + slide, horizon + 0.08)], (112, 124, 148))
        c.polygon(
            [(x - 0.15 + slide, top + 0.19), (x + slide, top), (x + 0.15 + slide, top + 0.19), (x, top + 0.14)], (250, 252, 255)
        )
    c.gradient((240, 246, 252), (220, 232, 246), horizon, 1)


def _library(c: Canvas, horizon: float, slide: float) -> None:
    c.box(0, 0, 1, 1, (104, 66, 36))
    spines = ((170, 40, 36), (40, 84, 140), (206, 168, 60), (50, 110, 70), (120, 60, 110))
    for row, top in enumerate((0.03, 0.27, 0.51)):
        for column in range(12):
            x = column * 0.086 + slide * 0.5
            c.box(x, top + 0.02 * ((column + row) % 3), x + 0.072, top + 0.19, spines[(column * 2 + row) % 5])
    c.box(0, horizon + 0.16, 1, 1, (140, 100, 64))


def _kitchen(c: Canvas, horizon: float, slide: float) -> None:
    c.gradient((236, 240, 236), (222, 232, 228), 0, horizon)
    c.box(0.0, 0.02, 0.3 + slide, 0.28, (118, 186, 186))
    c.box(0.7 + slide, 0.02, 1.0, 0.28, (118, 186, 186))
    c.box(0.4 + slide, 0.06, 0.6 + slide, 0.3, (180, 220, 250))
    c.box(0, horizon, 1, horizon + 0.07, (150, 104, 66))
    c.box(0, horizon + 0.07, 1, 1, (98, 164, 164))


def _studio(c: Canvas, horizon: float, slide: float) -> None:
    c.gradient((196, 190, 186), (226, 222, 218), 0, 0.8)
    c.gradient((206, 200, 196), (184, 178, 174), 0.8, 1)
    c.polygon([(0.0, 0.0), (0.12 + slide, 0.0), (0.2 + slide, 0.24), (0.0, 0.3)], (58, 54, 56))


_BACKGROUNDS = {
    "park": _park,
    "beach": _beach,
    "city street": _street,
    "forest": _forest,
    "snowy mountain": _mountain,
    "library": _library,
    "kitchen": _kitchen,
    "studio": _studio,
}


def draw_clutter(canvas: Canvas, kind: str, rng: np.random.Generator) -> None:
    """A small thing near the left or right edge, where it hides no face."""
    x = float(rng.choice((0.07, 0.93))) + 0.02 * rng.uniform(-1, 1)
    match kind:
        case "balloon":
            canvas.stroke([(x, 0.3), (x, 0.62)], 0.012, (90, 90, 90))
            canvas.ellipse(x, 0.22, 0.075, 0.095, (230, 50, 70))
        case "lamp":
            canvas.box(x - 0.012, 0.35, x + 0.012, 0.9, (60, 60, 66))
            canvas.polygon([(x - 0.05, 0.26), (x + 0.05, 0.26), (x + 0.09, 0.38), (x - 0.09, 0.38)], (255, 226, 130))
        case "bench":
            canvas.box(x - 0.14, 0.76, x + 0.14, 0.81, (134, 84, 44))
            canvas.box(x - 0.11, 0.81, x - 0.08, 0.92, (80, 56, 36))
            canvas.box(x + 0.08, 0.81, x + 0.11, 0.92, (80, 56, 36))
        case "sign":
            canvas.box(x - 0.012, 0.5, x + 0.012, 0.92, (120, 120, 124))
            canvas.box(x - 0.085, 0.4, x + 0.085, 0.54, (30, 90, 200))
        case "plant":
            canvas.polygon([(x - 0.06, 0.82), (x + 0.06, 0.82), (x + 0.045, 0.94), (x - 0.045, 0.94)], (186, 96, 56))
            canvas.ellipse(x, 0.73, 0.085, 0.11, (44, 140, 64))
        case _:
            canvas.ellipse(x, 0.9, 0.07, 0.07, (250, 140, 30))


def draw_thing(canvas: Canvas, thing: str, framing: str, rng: np.random.Generator) -> None:
    """An animal or object in the middle, larger the closer the framing."""
    scale = {"close-up": 0.42, "portrait": 0.36, "cowboy shot": 0.3, "full body shot": 0.24}[framing]
    x, y = 0.5 + 0.03 * rng.uniform(-1, 1), 0.58
    coat = [(150, 96, 52), (70, 62, 60), (222, 196, 150)][int(rng.integers(3))]
    paint = [(206, 40, 40), (40, 90, 200), (240, 190, 40)][int(rng.integers(3))]
    if thing == "dog":
        _quadruped(canvas, x, y, scale, coat, ears="hanging")
    elif thing == "cat":
        _quadruped(canvas, x, y, scale, mixed_grey(coat), ears="pointed")
    elif thing == "bird":
        _bird(canvas, x, y, scale, paint)
    else:
        _object(canvas, thing, x, y, scale, paint)


def mixed_grey(colour: Colour) -> Colour:
    red, green, blue = ((channel + 2 * 128) / 3 for channel in colour)
    return red + 30, green + 6, blue - 10


def _quadruped(c: Canvas, x: float, y: float, s: float, coat: Colour, ears: str) -> None:
    dark: Colour = (coat[0] * 0.65, coat[1] * 0.65, coat[2] * 0.65)
    for leg in (-0.62, -0.35, 0.3, 0.55):
        c.box(x + leg * s, y + 0.2 * s, x + (leg + 0.16) * s, y + 0.95 * s, dark)
    c.ellipse(x, y + 0.15 * s, 0.78 * s, 0.36 * s, coat)
    c.stroke([(x - 0.7 * s, y), (x - 1.0 * s, y - 0.4 * s)], 0.13 * s, coat)
    hx, hy = x + 0.72 * s, y - 0.32 * s
    c.ellipse(hx, hy, 0.34 * s, 0.32 * s, coat)
    if ears == "hanging":
        c.ellipse(hx + 0.3 * s, hy + 0.1 * s, 0.28 * s, 0.16 * s, coat)
        c.ellipse(hx + 0.54 * s, hy + 0.04 * s, 0.07 * s, 0.07 * s, (20, 16, 16))
        c.ellipse(hx - 0.24 * s, hy + 0.1 * s, 0.12 * s, 0.3 * s, dark)
    else:
        for side in (-0.2, 0.2):
            c.polygon(
                [
                    (hx + (side - 0.13) * s, hy - 0.22 * s),
                    (hx + side * 1.3 * s, hy - 0.58 * s),
                    (hx + (side + 0.13) * s, hy - 0.22 * s),
                ],
                dark,
            )
        c.ellipse(hx + 0.12 * s, hy + 0.08 * s, 0.06 * s, 0.05 * s, (230, 120, 130))
    c.ellipse(hx + 0.12 * s, hy - 0.08 * s, 0.06 * s, 0.06 * s, (20, 20, 24))


def _bird(c: Canvas, x: float, y: float, s: float, colour: Colour) -> None:
    dark: Colour = (colour[0] * 0.65, colour[1] * 0.65, colour[2] * 0.65)
    c.polygon([(x - 0.5 * s, y), (x - 1.1 * s, y - 0.1 * s), (x - 0.95 * s, y + 0.3 * s)], dark)
    c.ellipse(x, y, 0.62 * s, 0.46 * s, colour)
    c.ellipse(x - 0.1 * s, y, 0.4 * s, 0.24 * s, dark)
    c.ellipse(x + 0.5 * s, y - 0.4 * s, 0.3 * s, 0.28 * s, colour)
    c.polygon([(x + 0.74 * s, y - 0.5 * s), (x + 1.1 * s, y - 0.36 * s), (x + 0.74 * s, y - 0.26 * s)], (250, 160, 30))
    c.ellipse(x + 0.56 * s, y - 0.44 * s, 0.06 * s, 0.06 * s, (20, 20, 24))
    for leg in (-0.1, 0.14):
        c.box(x + leg * s, y + 0.42 * s, x + (leg + 0.06) * s, y + 0.85 * s, (240, 150, 30))


def _object(c: Canvas, thing: str, x: float, y: float, s: float, paint: Colour) -> None:
    match thing:
        case "car":
            c.polygon(
                [(x - 0.6 * s, y), (x - 0.35 * s, y - 0.45 * s), (x + 0.4 * s, y - 0.45 * s), (x + 0.7 * s, y)], (190, 224, 244)
            )
            c.box(x - 1.1 * s, y - 0.03 * s, x + 1.1 * s, y + 0.45 * s, paint)
            for wheel in (-0.62, 0.62):
                c.ellipse(x + wheel * s, y + 0.46 * s, 0.25 * s, 0.25 * s, (26, 26, 30))
        case "tree":
            c.box(x - 0.14 * s, y - 0.1 * s, x + 0.14 * s, y + 1.0 * s, (104, 70, 40))
            for dx, dy in ((-0.4, -0.35), (0.4, -0.35), (0.0, -0.8)):
                c.ellipse(x + dx * s, y + dy * s, 0.56 * s, 0.52 * s, (46, 138, 54))
        case "house":
            c.box(x - 0.85 * s, y - 0.3 * s, x + 0.85 * s, y + 0.9 * s, (238, 216, 178))
            c.polygon([(x - 1.05 * s, y - 0.3 * s), (x, y - 1.15 * s), (x + 1.05 * s, y - 0.3 * s)], (170, 54, 44))
            c.box(x - 0.16 * s, y + 0.3 * s, x + 0.16 * s, y + 0.9 * s, (96, 60, 36))
            for dx in (-0.55, 0.55):
                c.box(x + (dx - 0.16) * s, y, x + (dx + 0.16) * s, y + 0.3 * s, (140, 196, 236))
        case _:
            c.ellipse(x + 0.62 * s, y + 0.1 * s, 0.34 * s, 0.36 * s, paint)
            c.ellipse(x + 0.62 * s, y + 0.1 * s, 0.2 * s, 0.22 * s, (240, 240, 240))
            c.polygon(
                [
                    (x - 0.6 * s, y - 0.55 * s),
                    (x + 0.6 * s, y - 0.55 * s),
                    (x + 0.45 * s, y + 0.75 * s),
                    (x - 0.45 * s, y + 0.75 * s),
                ],
                paint,
            )
            c.ellipse(x, y - 0.55 * s, 0.6 * s, 0.14 * s, (90, 54, 34))


def graded(pixels: np.ndarray, light: str) -> np.ndarray:
    """The picture under a light: a gain and an offset per channel (and across the picture for neon). uint8 in and out."""
    gain, offset = _LIGHTS[light]
    image = pixels.astype(np.float32) * np.asarray(gain, np.float32) + np.asarray(offset, np.float32)
    if light == "neon light":
        across = np.linspace(-1, 1, pixels.shape[1], dtype=np.float32)[None, :, None]
        image += across * np.asarray((-40, 6, 40), np.float32)
    return np.clip(image, 0, 255).astype(np.uint8)


_LIGHTS: dict[str, tuple[Colour, Colour]] = {
    "bright daylight": ((1.06, 1.06, 1.04), (6, 6, 6)),
    "sunset": ((1.02, 0.80, 0.58), (34, 8, 0)),
    "night": ((0.50, 0.56, 0.70), (0, 4, 24)),
    "fog": ((0.64, 0.65, 0.65), (76, 78, 80)),
    "neon light": ((0.74, 0.60, 0.78), (34, 0, 42)),
}
