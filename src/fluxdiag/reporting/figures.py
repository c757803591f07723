"""Geometry of the figures: where a number lies on its axis, in percent, so that a figure fits any width. No drawing here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from fluxdiag.records import Evidence, Measurement, Moved
from fluxdiag.reporting.words import SUBJECTS, arm_label
from fluxdiag.suites import ARMS

STEPS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0)
MARGIN = 7.0
"""percent left free at both ends, so that a mark at the end and the word over it are whole"""
LEFT, RIGHT = 9.0, 4.0
"""percent of a curve's width that its own labels take"""
HEIGHT, TOP, BOTTOM = 230, 10, 26
"""of a curve, px"""


@dataclass(frozen=True)
class Axis:
    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """0 at the low end, 1 at the high end, held inside the figure."""
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)

    def at(self, value: float) -> str:
        """`43.1%`"""
        return f"{MARGIN + (100 - 2 * MARGIN) * self.share(value):.2f}%"

    def width(self, low: float, high: float) -> str:
        return f"{float(self.at(high)[:-1]) - float(self.at(low)[:-1]):.2f}%"

    def minor(self, tick: float) -> bool:
        """Every second tick from nought on: a narrow page has no room for the words of all."""
        return round(tick / (self.ticks[1] - self.ticks[0])) % 2 == 1


@dataclass(frozen=True)
class Row:
    """`line` is the value that the verdict wants it to clear, where there is one; `points` are its prompts."""

    label: str
    found: Measurement
    line: float | None
    points: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Stretch:
    """A part of the axis that has a meaning of its own: the references among themselves, strangers."""

    low: float
    high: float
    word: str


@dataclass(frozen=True)
class Figure:
    """Rows of one unit on one axis."""

    unit: str
    axis: Axis
    rows: tuple[Row, ...]
    stretches: tuple[Stretch, ...] = ()

    @property
    def counted(self) -> str:
        """`4 to 8`: clusters behind each row."""
        counts = sorted({row.found.n for row in self.rows})
        return f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"


@dataclass(frozen=True)
class Chart:
    """What is drawn, and what could not be measured: (label, key)."""

    figures: tuple[Figure, ...]
    missing: tuple[tuple[str, str], ...]

    def on(self, axis: Axis) -> Chart:
        """With this axis for likeness."""
        return replace(self, figures=tuple(replace(one, axis=axis) if one.unit == "scale" else one for one in self.figures))


def chart(
    evidence: Evidence,
    labels: dict[str, str],
    needed: dict[str, float],
    points: Mapping[str, Mapping[str, float]] | None = None,
    stretches: tuple[Stretch, ...] = (),
) -> Chart:
    """Key -> label, drawn in this order; one figure for each unit. `needed` holds the lines, `points` the prompts, by key."""
    measured = {key: label for key, label in labels.items() if key in evidence.measurements}
    dots = points or {}
    rows = [
        Row(label, evidence.measurements[key], needed.get(key), tuple(dots.get(key, {}).items()))
        for key, label in measured.items()
    ]
    units = dict.fromkeys(row.found.unit for row in rows)
    figures = tuple(_figure(unit, tuple(row for row in rows if row.found.unit == unit), stretches) for unit in units)
    return Chart(figures, tuple((label, key) for key, label in labels.items() if key in evidence.gaps))


def _figure(unit: str, rows: tuple[Row, ...], stretches: tuple[Stretch, ...]) -> Figure:
    shown = stretches if unit == "scale" else ()
    ends = [end for row in rows for end in (row.found.low, row.found.high, *(value for _, value in row.points))]
    return Figure(unit, axis_over([*ends, *(end for part in shown for end in (part.low, part.high))]), rows, shown)


def axis_over(ends: Iterable[float], least: tuple[float, float] = (0.0, 1.0)) -> Axis:
    """From 0 to 1 at least, unless said otherwise: the two ends of a likeness scale and of a share."""
    known = [end for end in ends if math.isfinite(end)]
    low, high = min(least[0], *known, least[1]), max(least[1], *known, least[0])
    step = next((step for step in STEPS if (high - low) / step <= 7), 10 ** math.ceil(math.log10((high - low) / 5)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Axis(first * step, last * step, tuple(round(step * tick, 6) for tick in range(first, last + 1)))


def weight_axis(moved: Iterable[Moved]) -> Axis:
    return axis_over((one.weight for one in moved), least=(-1.0, 1.0))


def identity_labels(evidence: Evidence) -> dict[str, str]:
    """The arms whose likeness was asked for, the trigger first; the floor and the ceiling are the scale's own ends."""
    known = evidence.measurements.keys() | evidence.gaps.keys()
    arms = sorted(ARMS, key=lambda arm: (not ARMS[arm].lora, list(ARMS).index(arm)))
    return {f"identity.{arm}": arm_label(arm) for arm in arms if f"identity.{arm}" in known}


def area_labels(evidence: Evidence, area: str) -> dict[str, str]:
    """Every key of an area (`bleed.`), in the instruments' order, with the rest of its name as label."""
    known = [*evidence.measurements, *evidence.gaps]
    parts = {key: key.removeprefix(area) for key in known if key.startswith(area)}
    return {key: SUBJECTS.get(part, part.replace("-", " ")) for key, part in parts.items()}


# ------------------------------------------------------------------------------------------------ curves


@dataclass(frozen=True)
class Mark:
    """A point with its interval, which may have no width."""

    x: float
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Trace:
    """Marks that a line joins. `kind` is how it looks: main, other, thin (one of many)."""

    name: str
    kind: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Curve:
    """Something against something else. `ticks` are (x, word); `needed` is a value that the verdict wants to be cleared."""

    id: str
    title: str
    x_title: str
    y_title: str
    ticks: tuple[tuple[float, str], ...]
    y_axis: Axis
    traces: tuple[Trace, ...]
    needed: float | None = None

    def x(self, value: float) -> str:
        low, high = self.ticks[0][0], self.ticks[-1][0]
        share = 0.5 if high == low else (value - low) / (high - low)
        return f"{LEFT + 6 + (100 - LEFT - RIGHT - 12) * share:.2f}%"

    def y(self, value: float) -> str:
        return f"{TOP + (HEIGHT - TOP - BOTTOM) * (1 - self.y_axis.share(value)):.1f}"

    @property
    def named(self) -> tuple[Trace, ...]:
        return tuple(trace for trace in self.traces if trace.kind != "thin")


def curve(
    id_: str,
    title: str,
    axes: tuple[str, str],
    ticks: Iterable[tuple[float, str]],
    traces: Iterable[Trace],
    *,
    needed: float | None = None,
    least: tuple[float, float] = (0.0, 1.0),
) -> Curve | None:
    """None where nothing could be drawn."""
    drawn = tuple(trace for trace in traces if trace.marks)
    if not drawn:
        return None
    ends = [end for trace in drawn for mark in trace.marks for end in (mark.low, mark.high)]
    axis = axis_over(ends if needed is None else [*ends, needed], least)
    return Curve(id_, title, *axes, tuple(ticks), axis, drawn, needed)


def marks_of(found: Iterable[tuple[float, Measurement]]) -> tuple[Mark, ...]:
    return tuple(Mark(x, m.value, m.low, m.high) for x, m in found)
