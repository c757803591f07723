"""Geometry of the figures: where a number lies on its axis, in percent, so that a figure fits any width. No drawing here."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from fluxdiag.records import Evidence, Measurement
from fluxdiag.reporting.words import SUBJECTS, arm_label
from fluxdiag.suites import ARMS

STEPS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0)
MARGIN = 7.0
"""percent left free at both ends, so that a mark at the end and the word over it are whole"""


@dataclass(frozen=True)
class Axis:
    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> str:
        """`43.1%`, held inside the figure."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return f"{MARGIN + (100 - 2 * MARGIN) * share:.2f}%"

    def width(self, low: float, high: float) -> str:
        return f"{float(self.at(high)[:-1]) - float(self.at(low)[:-1]):.2f}%"


@dataclass(frozen=True)
class Row:
    """`line` is the value that the verdict wants it to clear, where there is one."""

    label: str
    found: Measurement
    line: float | None


@dataclass(frozen=True)
class Figure:
    """Rows of one unit on one axis."""

    unit: str
    axis: Axis
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chart:
    """What is drawn, and what could not be measured: (label, key)."""

    figures: tuple[Figure, ...]
    missing: tuple[tuple[str, str], ...]


def chart(evidence: Evidence, labels: dict[str, str], needed: dict[str, float]) -> Chart:
    """Key -> label, drawn in this order; one figure for each unit. `needed` holds the lines, by key."""
    measured = {key: label for key, label in labels.items() if key in evidence.measurements}
    rows = [Row(label, evidence.measurements[key], needed.get(key)) for key, label in measured.items()]
    units = dict.fromkeys(row.found.unit for row in rows)
    figures = tuple(_figure(unit, tuple(row for row in rows if row.found.unit == unit)) for unit in units)
    return Chart(figures, tuple((label, key) for key, label in labels.items() if key in evidence.gaps))


def _figure(unit: str, rows: tuple[Row, ...]) -> Figure:
    return Figure(unit, axis_of(row.found for row in rows), rows)


def axis_of(found: Iterable[Measurement]) -> Axis:
    """From 0 to 1 at least: the two ends of a likeness scale and of a share."""
    ends = [end for measurement in found for end in (measurement.low, measurement.high)]
    low, high = min(0.0, *ends), max(1.0, *ends)
    step = next((step for step in STEPS if (high - low) / step <= 7), 10 ** math.ceil(math.log10((high - low) / 5)))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Axis(first * step, last * step, tuple(round(step * tick, 6) for tick in range(first, last + 1)))


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
