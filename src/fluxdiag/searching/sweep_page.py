"""The sweep as one self-contained page: the pick, two figures, every number as a table. How it looks lies in the template."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.records import Measurement
from fluxdiag.reporting.environment import environment
from fluxdiag.reporting.words import text
from fluxdiag.runs import write_text

if TYPE_CHECKING:
    from fluxdiag.searching.sweep_records import Pair, Sweep

WIDTH, HEIGHT, MARGIN = 720, 440, 56
"""px of a figure, and what is left for the numbers at its axes"""
DRAWN = 12
"""checkpoints whose strengths are joined by a line; more would only be a tangle"""


@dataclass(frozen=True)
class Mark:
    """A pair in a figure, in px: its place and the ends of its two intervals."""

    x: float
    y: float
    left: float
    right: float
    top: float
    bottom: float
    label: str
    pick: bool
    bars: bool
    """whether the intervals are drawn: of pairs that left the first look"""


@dataclass(frozen=True)
class Line:
    points: str
    label: str
    kind: int
    """which of the stroke styles"""


@dataclass(frozen=True)
class Ticks:
    """(px, text) along both axes."""

    x: tuple[tuple[float, str], ...]
    y: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Figure:
    title: str
    across: str
    upwards: str
    ticks: Ticks
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]


def render(found: Sweep, file: Path) -> Path:
    page = environment().get_template("sweep.html.jinja")
    figures = [figure for figure in (trade(found), course(found)) if figure is not None]
    write_text(file, page.render(sweep=found, figures=figures, width=WIDTH, height=HEIGHT, margin=MARGIN))
    return file


def trade(found: Sweep) -> Figure | None:
    """Likeness with the trigger over likeness without it: up and to the left is better."""
    pairs = [pair for pair in found.pairs if pair.found.identity and pair.found.bleed]
    if not pairs:
        return None
    spans = [_span(pair.found.bleed for pair in pairs), _span(pair.found.identity for pair in pairs)]
    across, upwards = Scale(*spans[0], MARGIN, WIDTH - 12), Scale(*spans[1], HEIGHT - MARGIN, 12)
    names = list(dict.fromkeys(pair.checkpoint for pair in pairs))[:DRAWN]
    lines = [
        _line(name, kind, [pair for pair in pairs if pair.checkpoint == name], across, upwards) for kind, name in enumerate(names)
    ]
    return Figure(
        "Identity against bleed",
        "likeness without the trigger (bleed)",
        "likeness with the trigger (identity)",
        Ticks(across.ticks, upwards.ticks),
        tuple(line for line in lines if line.points.count(" ")),
        tuple(_mark(pair, found, across, upwards) for pair in reversed(pairs)),
    )


def course(found: Sweep) -> Figure | None:
    """Identity and bleed over the steps, at the picked strength."""
    pairs = [pair for pair in found.pairs if pair.strength == found.strength and pair.step is not None]
    pairs = sorted((pair for pair in pairs if pair.found.identity and pair.found.bleed), key=lambda pair: pair.step or 0)
    if len(pairs) < 3:
        return None
    steps = [float(pair.step or 0) for pair in pairs]
    across = Scale(min(steps), max(steps), MARGIN, WIDTH - 12)
    upwards = Scale(*_span([*(p.found.identity for p in pairs), *(p.found.bleed for p in pairs)]), HEIGHT - MARGIN, 12)
    lines, marks = [], []
    for kind, (label, of) in enumerate((("identity", "identity"), ("bleed", "bleed"))):
        values = [getattr(pair.found, of) for pair in pairs]
        places = [(across.at(step), upwards.at(value.value)) for step, value in zip(steps, values, strict=True)]
        lines.append(Line(" ".join(f"{x:.1f},{y:.1f}" for x, y in places), label, kind))
        for pair, value, (x, y) in zip(pairs, values, places, strict=True):
            ends = upwards.at(value.high), upwards.at(value.low)
            said = f"{label} {text(pair.checkpoint)}: {value.value:.2f} [{value.low:.2f}, {value.high:.2f}]"
            marks.append(Mark(x, y, x, x, *ends, said, _is_pick(pair, found), pair.look > 1))
    title = f"Over the steps, at strength {found.strength:g}"
    return Figure(title, "steps", "on the subject's scale", Ticks(across.ticks, upwards.ticks), tuple(lines), tuple(marks))


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` lie between the pixels `start` and `stop`."""

    low: float
    high: float
    start: float
    stop: float

    def at(self, value: float) -> float:
        return self.start + (self.stop - self.start) * (value - self.low) / ((self.high - self.low) or 1.0)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        rough = (self.high - self.low) / 5 or 1.0
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return tuple((self.at(number * step), f"{number * step:g}") for number in range(first, last + 1))


def _span(found: Iterable[Measurement | None]) -> tuple[float, float]:
    """From the lowest value to the highest with room for the nearer intervals; 0 is always in it."""
    values = [measurement.value for measurement in found if measurement is not None]
    return min(0.0, *values) - 0.05, max(0.0, *values) + 0.1


def _line(name: str, kind: int, pairs: Sequence[Pair], across: Scale, upwards: Scale) -> Line:
    ordered = sorted(pairs, key=lambda pair: pair.strength)
    places = [
        (across.at(p.found.bleed.value), upwards.at(p.found.identity.value))
        for p in ordered
        if p.found.bleed and p.found.identity
    ]
    return Line(" ".join(f"{x:.1f},{y:.1f}" for x, y in places), text(name), kind % 4)


def _mark(pair: Pair, found: Sweep, across: Scale, upwards: Scale) -> Mark:
    identity, bleed = pair.found.identity, pair.found.bleed
    assert identity is not None, "pairs without faces are not drawn"
    assert bleed is not None, "pairs without faces are not drawn"
    return Mark(
        across.at(bleed.value),
        upwards.at(identity.value),
        across.at(max(bleed.low, across.low)),
        across.at(min(bleed.high, across.high)),
        upwards.at(min(identity.high, upwards.high)),
        upwards.at(max(identity.low, upwards.low)),
        f"{text(pair.checkpoint)} at {pair.strength:g}: identity {identity.value:.2f}, bleed {bleed.value:.2f}",
        _is_pick(pair, found),
        pair.look > 1,
    )


def _is_pick(pair: Pair, found: Sweep) -> bool:
    return (pair.checkpoint, pair.strength) == (found.pick, found.strength)
