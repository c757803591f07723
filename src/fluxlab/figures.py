"""People: body, outfit, head, hair. Lengths are in units of the face's height, so one drawing serves every framing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fluxlab.world import Figure, Person

if TYPE_CHECKING:
    from fluxlab.draw import Canvas

Point = tuple[float, float]
Colour = tuple[float, float, float]

HAIR: dict[str, Colour] = {
    "black": (30, 26, 30), "brown": (112, 66, 32), "blonde": (236, 204, 104), "red": (202, 70, 26),
    "grey": (172, 172, 178), "blue": (46, 88, 214), "green": (48, 160, 70), "pink": (242, 118, 178),
}  # fmt: skip
EYES: dict[str, Colour] = {
    "brown": (96, 52, 20), "blue": (36, 100, 232), "green": (28, 160, 62), "grey": (136, 142, 152), "amber": (226, 146, 22),
}  # fmt: skip
SKIN: dict[str, Colour] = {
    "pale": (250, 228, 214), "fair": (242, 200, 170), "olive": (206, 160, 114), "brown": (152, 100, 66), "dark": (92, 58, 42),
}  # fmt: skip
SHAPE = {"round": (0.44, 2.2), "oval": (0.37, 2.0), "square": (0.41, 3.6), "long": (0.32, 2.4)}  # half width, squareness
CLOTH: dict[str, Colour] = {
    "red t-shirt": (212, 40, 40), "blue suit": (36, 58, 140), "green hoodie": (40, 134, 66), "yellow raincoat": (246, 208, 36),
    "black leather jacket": (36, 36, 42), "striped shirt": (238, 238, 240), "white lab coat": (246, 246, 248),
    "purple dress": (132, 52, 162),
}  # fmt: skip


@dataclass(frozen=True)
class Face:
    """Where a face came to lie, in fractions of the image; see `draw.FaceMark`."""

    box: tuple[float, float, float, float]
    keypoints: np.ndarray


def draw_figure(canvas: Canvas, figure: Figure, x: float, y: float, height: float, rng: np.random.Generator) -> Face:
    """One person whose face is centred at (x, y) and `height` tall; returns where the face is."""
    pen = Pen(canvas, figure.person, x, y, height, figure.yaw)
    pen.hair_behind()
    pen.body(figure.outfit, figure.pose, hand=1.0 if rng.random() < 0.5 else -1.0)
    pen.head()
    return pen.features()


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(colour, other, strict=True))
    return red, green, blue


def shifted(colour: Colour, hue: float, value: float) -> Colour:
    """A colour moved along a warm-cool axis and in brightness; both in [-1, 1]."""
    red, green, blue = colour
    gain = 1 + 0.16 * value
    return (red * gain + 16 * hue, green * gain, blue * gain - 16 * hue)


class Pen:
    """Draws one person. `at(u, v)` maps face units (u right, v down, 0 = face centre, 1 = face height) to the canvas."""

    def __init__(self, canvas: Canvas, person: Person, x: float, y: float, height: float, yaw: float) -> None:
        self.canvas, self.person, self.x, self.y, self.height = canvas, person, x, y, height
        self.turn = 0.075 * yaw
        self.skin = shifted(SKIN[person.skin], person.shade("skin_hue"), 0.6 * person.shade("skin_value"))
        self.hair = shifted(HAIR[person.hair_colour], person.shade("hair_hue"), 1.3 * person.shade("hair_value"))
        width, self.square = SHAPE[person.face_shape]
        self.half = width * (1 + 0.13 * person.shape("face_width"))
        self.tall = 0.5 * (1 + 0.05 * person.shape("face_height"))
        self.volume = 0.07 + 0.045 * (1 + person.shape("hair_volume"))

    def at(self, u: float, v: float) -> Point:
        return self.x + u * self.height, self.y + v * self.height

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self.canvas.polygon([self.at(*point) for point in points], colour)

    def ellipse(self, u: float, v: float, ru: float, rv: float, colour: Colour, angle: float = 0.0) -> None:
        x, y = self.at(u, v)
        self.canvas.ellipse(x, y, ru * self.height, rv * self.height, colour, angle)

    def stroke(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        self.canvas.stroke([self.at(*point) for point in points], width * self.height, colour)

    # -------------------------------------------------------------------------------------------- body

    def body(self, outfit: str, pose: str, hand: float) -> None:
        cloth = CLOTH[outfit]
        dark = mixed(cloth, (0, 0, 0), 0.25)
        wide = 0.92 if self.person.sex == "man" else 0.78
        skirt = outfit in ("purple dress", "yellow raincoat", "white lab coat")
        self._legs(outfit, skirt)
        hip = wide * (0.95 if skirt else 0.72)
        self.polygon([(-0.2, 0.56), (-wide, 0.82), (-hip, 3.0), (hip, 3.0), (wide, 0.82), (0.2, 0.56)], cloth)
        self.polygon([(-0.17, 0.3), (-0.19, 0.62), (0, 0.74), (0.19, 0.62), (0.17, 0.3)], mixed(self.skin, (60, 20, 10), 0.18))
        self._garment(outfit, wide, cloth, dark)
        self._arms(outfit, pose, hand, wide, cloth, dark)

    def _legs(self, outfit: str, skirt: bool) -> None:
        trousers = CLOTH["blue suit"] if outfit == "blue suit" else (70, 72, 88)
        legs = self.skin if outfit == "purple dress" else trousers
        for side in (-1.0, 1.0):
            self.polygon([(0.06 * side, 2.8), (0.55 * side, 2.8), (0.46 * side, 5.3), (0.12 * side, 5.3)], legs)
            self.ellipse(0.34 * side, 5.3, 0.28, 0.14, (40, 34, 34))
        if skirt:
            self.polygon([(-0.7, 2.9), (-0.95, 3.9), (0.95, 3.9), (0.7, 2.9)], CLOTH[outfit])

    def _garment(self, outfit: str, wide: float, cloth: Colour, dark: Colour) -> None:
        match outfit:
            case "blue suit":
                self.polygon([(-0.2, 0.58), (0, 1.5), (0.2, 0.58)], (246, 246, 246))
                self.polygon([(-0.07, 0.72), (0, 1.4), (0.07, 0.72)], (196, 30, 40))
                for side in (-1.0, 1.0):
                    self.polygon([(0.2 * side, 0.56), (0.44 * side, 0.8), (0.0, 1.6)], dark)
            case "green hoodie":
                self.polygon(
                    [(-0.55, 0.62), (-0.3, 0.44), (-0.16, 0.78), (0.16, 0.78), (0.3, 0.44), (0.55, 0.62), (0, 1.12)], dark
                )
                self.stroke([(-0.1, 0.95), (-0.1, 1.35)], 0.05, (240, 240, 240))
                self.stroke([(0.1, 0.95), (0.1, 1.35)], 0.05, (240, 240, 240))
            case "yellow raincoat":
                self.polygon([(-0.3, 0.5), (-0.42, 0.78), (0.42, 0.78), (0.3, 0.5), (0, 0.72)], dark)
                for v in (1.1, 1.6, 2.1):
                    self.ellipse(0, v, 0.07, 0.07, (90, 70, 20))
            case "black leather jacket":
                self.polygon([(-0.2, 0.58), (0, 3.0), (0.2, 0.58)], (214, 214, 218))
                for side in (-1.0, 1.0):
                    self.polygon([(0.18 * side, 0.54), (0.55 * side, 0.84), (0.1 * side, 1.3)], (84, 84, 94))
            case "striped shirt":
                for v in np.arange(0.78, 3.0, 0.34):
                    edge = wide * (1 - 0.1 * (v - 0.8))
                    self.polygon([(-edge, v), (edge, v), (edge, v + 0.16), (-edge, v + 0.16)], (30, 60, 150))
            case "white lab coat":
                self.polygon([(-0.2, 0.58), (0, 1.7), (0.2, 0.58)], (110, 170, 220))
                for side in (-1.0, 1.0):
                    self.polygon([(0.2 * side, 0.56), (0.46 * side, 0.84), (0.02 * side, 1.75)], (206, 210, 218))
            case "purple dress":
                self.polygon([(-0.5, 0.66), (0, 1.15), (0.5, 0.66), (0.2, 0.5), (-0.2, 0.5)], self.skin)
                for side in (-1.0, 1.0):
                    self.ellipse(wide * 0.88 * side, 0.93, 0.2, 0.17, self.skin)
            case _:
                self.stroke([(-0.24, 0.62), (0, 0.82), (0.24, 0.62)], 0.06, dark)

    def _arms(self, outfit: str, pose: str, hand: float, wide: float, cloth: Colour, dark: Colour) -> None:
        sleeve = self.skin if outfit in ("red t-shirt", "purple dress") else dark
        shoulder = wide - 0.06
        sides = (-1.0, 1.0)
        if pose == "arms crossed":
            for side in sides:
                self.stroke([(shoulder * side, 1.0), (0.85 * side, 1.75)], 0.26, sleeve)
            self.stroke([(-0.8, 1.75), (0.45, 1.55)], 0.25, sleeve)
            self.stroke([(0.8, 1.75), (-0.45, 1.6)], 0.25, mixed(sleeve, (0, 0, 0), 0.15))
            self.ellipse(0.5, 1.54, 0.13, 0.11, self.skin)
            return
        for side in sides:
            if pose == "waving" and side == hand:
                self.stroke([(shoulder * side, 1.02), (1.15 * side, 0.9), (1.12 * side, 0.1)], 0.22, sleeve)
                self.ellipse(1.12 * side, -0.02, 0.15, 0.19, self.skin)
            else:
                self.stroke([(shoulder * side, 1.0), (0.98 * side, 1.9), (0.92 * side, 2.6)], 0.24, sleeve)
                self.ellipse(0.92 * side, 2.72, 0.13, 0.15, self.skin)

    # -------------------------------------------------------------------------------------------- head

    def outline(self, grow: float = 0.0) -> list[Point]:
        """The face's contour from the skull's top round by the chin; the jaw has a width of its own."""
        from fluxlab.draw import ring

        jaw = 1 - 0.16 + 0.2 * self.person.shape("jaw_width")
        points = ring(0, 0, self.half + grow, self.tall + grow, power=self.square, count=48)
        return [(u * (jaw if v > 0.12 else 1 + (jaw - 1) * max(0.0, min(1.0, (v + 0.08) / 0.2))), v) for u, v in points]

    def hair_behind(self) -> None:
        style, hair = self.person.hair_style, mixed(self.hair, (0, 0, 0), 0.22)
        wide = self.half + self.volume
        if style == "long":
            self.polygon([(-wide, -0.2), (-wide - 0.08, 1.15), (wide + 0.08, 1.15), (wide, -0.2)], hair)
        elif style == "bob":
            self.polygon([(-wide, -0.2), (-wide - 0.1, 0.5), (wide + 0.1, 0.5), (wide, -0.2)], hair)
        elif style == "curly":
            for turn in np.linspace(-0.35, np.pi + 0.35, 11):
                self.ellipse(np.cos(turn) * (wide + 0.07), -np.sin(turn) * 0.5 - 0.02, 0.19, 0.19, hair)
        elif style == "ponytail":
            self.polygon([(0.2, -0.45), (wide + 0.3, -0.3), (wide + 0.36, 0.75), (wide + 0.14, 0.75), (wide, 0.0)], hair)
        elif style == "bun":
            self.ellipse(0, -0.5 - self.volume, 0.25, 0.2, hair)

    def head(self) -> None:
        ear = 0.085 * (1 + 0.35 * self.person.shape("ear_size"))
        for side in (-1.0, 1.0):
            self.ellipse(side * self.half * 0.98 - self.turn, 0.03, ear, ear * 1.5, mixed(self.skin, (120, 40, 20), 0.2))
        self.polygon(self.outline(0.014), mixed(self.skin, (50, 20, 10), 0.45))
        self.polygon(self.outline(), self.skin)
        self._hair_front()

    def _hair_front(self) -> None:
        style = self.person.hair_style
        if style == "bald":
            return
        line = -0.25 + 0.055 * self.person.shape("hairline")  # lower edge of the hair on the forehead
        wide = self.half + (0.35 if style == "spiky" else 1.0) * self.volume * 0.75
        top = -self.tall - self.volume * (0.4 if style == "spiky" else 0.8)
        cap: list[Point] = [(np.cos(t) * wide, line + 0.1 + np.sin(t) * (top - line - 0.1)) for t in np.linspace(0, np.pi, 24)]
        fringe: list[Point] = [
            (-wide * 0.86, line + 0.06),
            (-0.16, line - 0.03),
            (0.1 + self.turn, line - 0.09),
            (wide * 0.86, line + 0.06),
        ]
        self.polygon(cap + fringe, self.hair)
        if style in ("long", "bob"):
            for side in (-1.0, 1.0):
                edge = self.half * 0.92
                self.polygon(
                    [(edge * side, line), (wide * side, line), ((wide + 0.03) * side, 0.42), (edge * side, 0.36)], self.hair
                )
        if style == "spiky":
            for u in np.linspace(-0.9, 0.9, 6):
                self.polygon(
                    [((u - 0.22) * wide, -0.36), (u * wide * 1.25, top - 0.24 + 0.1 * abs(u)), ((u + 0.22) * wide, -0.36)],
                    self.hair,
                )
        if style == "curly":
            for turn in np.linspace(0.15, np.pi - 0.15, 7):
                self.ellipse(np.cos(turn) * wide * 0.95, -np.sin(turn) * 0.48 + 0.02, 0.13, 0.13, self.hair)

    # ---------------------------------------------------------------------------------------- features

    def features(self) -> Face:
        person, shape = self.person, self.person.shape
        gap = self.half * (0.46 + 0.1 * shape("eye_gap"))
        eye_v = -0.03 + 0.045 * shape("eye_height")
        centre = self.turn
        mouth_v = 0.29 + 0.04 * shape("mouth_height")
        nose_v = eye_v + 0.17 + 0.045 * shape("nose_length")
        mouth = self.half * (0.42 + 0.14 * shape("mouth_width"))
        eyes = [(centre + side * gap * (1 - 0.35 * self.turn * side), eye_v) for side in (-1.0, 1.0)]
        self._skin_marks(centre, eye_v, mouth_v)
        for side, (u, v) in zip((-1.0, 1.0), eyes, strict=True):
            self._eye(u, v, side)
            self._brow(u, v, side)
        self._nose(centre * 1.25, eye_v, nose_v)
        self._beard(centre, mouth_v)
        self._mouth(centre, mouth_v, mouth)
        if person.glasses:
            self._glasses(eyes)
        points = [*eyes, (centre * 1.25, nose_v), (centre - mouth, mouth_v), (centre + mouth, mouth_v)]
        x0, y0 = self.at(-self.half, -self.tall)
        x1, y1 = self.at(self.half, self.tall)
        return Face((x0, y0, x1, y1), np.asarray([self.at(*point) for point in points]))

    def _eye(self, u: float, v: float, side: float) -> None:
        size = 0.105 * (1 + 0.28 * self.person.shape("eye_size"))
        tilt = 0.28 * self.person.shape("eye_tilt") * side
        iris = shifted(EYES[self.person.eye_colour], 0.0, 0.8 * self.person.shade("eye_value"))
        self.ellipse(u, v - 0.012, size * 1.1, size * 0.82, mixed(self.skin, (30, 10, 10), 0.75), tilt)
        self.ellipse(u, v, size, size * 0.7, (250, 250, 250), tilt)
        self.ellipse(u + self.turn * 0.4, v, size * 0.6, size * 0.66, iris)
        self.ellipse(u + self.turn * 0.4, v, size * 0.24, size * 0.26, (14, 14, 18))

    def _brow(self, u: float, v: float, side: float) -> None:
        lift = 0.125 + 0.03 * self.person.shape("brow_height")
        slant = 0.05 * self.person.shape("brow_tilt")
        width = 0.036 * (1 + 0.5 * self.person.shape("brow_weight"))
        colour = mixed(self.hair if self.person.hair_style != "bald" else (70, 50, 40), (20, 10, 10), 0.35)
        self.stroke(
            [(u - 0.11 * side, v - lift + slant), (u, v - lift - 0.015), (u + 0.11 * side, v - lift - slant + 0.015)],
            width,
            colour,
        )

    def _nose(self, u: float, top: float, tip: float) -> None:
        wide = 0.055 * (1 + 0.5 * self.person.shape("nose_width"))
        shade = mixed(self.skin, (90, 30, 20), 0.3)
        self.polygon([(u - 0.018, top + 0.03), (u + 0.018, top + 0.03), (u + wide, tip), (u - wide, tip)], shade)
        self.ellipse(u, tip, wide * 1.15, 0.032, mixed(self.skin, (90, 30, 20), 0.42))

    def _mouth(self, u: float, v: float, half: float) -> None:
        lip = mixed(self.skin, (186, 40 + 30 * self.person.shade("lip_hue"), 64), 0.7)
        thick = 0.042 * (1 + 0.45 * self.person.shape("lip_weight"))
        self.ellipse(u, v, half, thick, lip)
        self.stroke([(u - half, v - 0.008), (u, v + 0.012), (u + half, v - 0.008)], 0.022, mixed(lip, (40, 0, 10), 0.6))

    def _beard(self, u: float, v: float) -> None:
        hair = mixed(self.hair if self.person.hair_style != "bald" else (80, 60, 46), (0, 0, 0), 0.12)
        if self.person.beard == "beard":
            low = [(a, b) for a, b in self.outline(0.02) if b > 0.1]
            low.sort(key=lambda point: np.arctan2(point[1], point[0]))
            inner = [(-self.half * 0.6, v - 0.1), (u, v - 0.12), (self.half * 0.6, v - 0.1)]
            self.polygon([*low, *inner], hair)
        elif self.person.beard == "moustache":
            self.polygon([(u - 0.2, v - 0.02), (u, v - 0.115), (u + 0.2, v - 0.02), (u, v - 0.04)], hair)

    def _skin_marks(self, u: float, eye_v: float, mouth_v: float) -> None:
        if self.person.freckles:
            spot = mixed(self.skin, (120, 50, 10), 0.5)
            for a, b in ((0.2, 0.1), (0.27, 0.14), (0.17, 0.16), (0.24, 0.19), (0.12, 0.11)):
                for side in (-1.0, 1.0):
                    self.ellipse(u + a * side * self.half / 0.4, eye_v + b, 0.022, 0.022, spot)
        if self.person.mark == "scar":
            self.stroke(
                [(u + self.half * 0.45, eye_v + 0.1), (u + self.half * 0.72, mouth_v - 0.02)],
                0.034,
                mixed(self.skin, (190, 30, 50), 0.6),
            )
        elif self.person.mark == "mole":
            self.ellipse(u - self.half * 0.52, mouth_v - 0.07, 0.036, 0.036, (58, 30, 24))

    def _glasses(self, eyes: Sequence[Point]) -> None:
        from fluxlab.draw import ring

        frame = (24.0, 24.0, 34.0)
        for u, v in eyes:
            loop = ring(u, v + 0.005, 0.145, 0.115, power=3.0, count=24)
            self.stroke([*loop, loop[0]], 0.03, frame)
        (left, v), (right, _) = eyes
        self.stroke([(left + 0.145, v), (right - 0.145, v)], 0.028, frame)
        for u, side in ((left, -1.0), (right, 1.0)):
            self.stroke([(u + 0.145 * side, v), (self.half * side, v - 0.01)], 0.028, frame)
