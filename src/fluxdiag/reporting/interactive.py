"""The figures once more as data for Plotly: what can be pointed at and enlarged. Nothing is said here that a table lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fluxdiag.records import Moved
from fluxdiag.reporting.assets import label
from fluxdiag.reporting.figures import Curve, Figure
from fluxdiag.reporting.findings import Card
from fluxdiag.reporting.plots import Plots
from fluxdiag.reporting.previous import Previous
from fluxdiag.reporting.ranks import Ranks
from fluxdiag.reporting.series import Shift

TONES = {"main": "accent", "other": "other", "thin": "faint"}
"""of a trace: the names of the page's own colours, which differ by theme"""
Spec = dict[str, Any]


def specs_of(plots: Plots, cards: Sequence[Card] = (), previous: Previous | None = None) -> dict[str, Spec]:
    """Figure id -> what the script needs to draw it."""
    charts = {"identity": plots.identity, "effects": plots.effects, "bleed": plots.bleed}
    found = {f"{name}-{at}": _figure(figure) for name, one in charts.items() for at, figure in enumerate(one.figures)}
    curves = (*plots.slopes, plots.strength, plots.losses, plots.widths)
    found |= {curve.id: _curve(curve) for curve in curves if curve is not None}
    found |= {"shifts": _shifts(plots.shifts)} if plots.shifts else {}
    found |= {"nearest": _shifts(plots.nearest, "CLIP cosine to the nearest training photo")} if plots.nearest else {}
    found |= {f"weights-{card.finding.cause}": _weights(card.finding.evidence) for card in cards if card.finding.evidence}
    if previous is not None and previous.prompts:
        found["previous"] = _shifts(previous.prompts, names=("before", "now"))
    return found | ({"ranks": _ranks(plots.ranks)} if plots.ranks.panels else {})


def _figure(figure: Figure) -> Spec:
    """Rows from top to bottom: prompts as small dots, the mean with its interval over them."""
    rows = list(reversed(figure.rows))
    dots = [(row.label, prompt, value) for row in rows for prompt, value in row.points]
    means = _trace("mean and 95% interval", "accent", [row.found.value for row in rows], [label(row.label) for row in rows])
    means["interval"] = {"axis": "x", **_reach((row.found.value, row.found.low, row.found.high) for row in rows)}
    single = _trace("one prompt", "faint", [value for *_, value in dots], [label(name) for name, *_ in dots])
    single["text"] = [label(prompt) for _, prompt, _ in dots]
    return {
        "x": label(figure.unit or "value"),
        "y": "",
        "traces": [single, means] if dots else [means],
        "needed": [{"axis": "x", "at": row.line} for row in rows if row.line is not None][:1],
        "rows": len(rows),
    }


def _curve(curve: Curve) -> Spec:
    return {
        "x": label(curve.x_title),
        "y": label(curve.y_title),
        "ticks": {"at": [x for x, _ in curve.ticks], "words": [label(word) for _, word in curve.ticks]},
        "traces": [
            _trace(
                label(trace.name), TONES[trace.kind], [m.x for m in trace.marks], [m.value for m in trace.marks], "lines+markers"
            )
            | {"interval": {"axis": "y", **_reach((m.value, m.low, m.high) for m in trace.marks)}}
            for trace in curve.traces
        ],
        "needed": [] if curve.needed is None else [{"axis": "y", "at": curve.needed}],
    }


def _shifts(shifts: tuple[Shift, ...], across: str = "likeness", names: tuple[str, str] = ("LoRA off", "LoRA on")) -> Spec:
    ordered = list(reversed(shifts))
    prompts = [label(shift.prompt_id) for shift in ordered]
    return {
        "x": across,
        "y": "",
        "traces": [
            _trace(names[0], "other", [shift.off for shift in ordered], prompts),
            _trace(names[1], "accent", [shift.on for shift in ordered], prompts),
        ],
        "needed": [],
        "rows": len(ordered),
    }


def _weights(moved: Sequence[Moved]) -> Spec:
    """The heaviest on top."""
    ordered = list(reversed(moved))
    bars = _trace("weight", "accent", [one.weight for one in ordered], [label(one.key) for one in ordered], "bars")
    return {"x": "log-odds; right of 0 = for this cause", "y": "", "traces": [bars], "needed": [], "rows": len(ordered)}


def _ranks(ranks: Ranks) -> Spec:
    """One panel for each layer, all with the same axes; the line is the rank."""
    drawn = list(enumerate(ranks.panels, 1))
    return {
        "x": "direction, the largest first",
        "y": "singular value, largest = 1",
        "panels": [label(f"{panel.block}: {panel.layer}") for panel in ranks.panels],
        "span": ranks.width + 1,
        "traces": [
            _trace(label(panel.block), "accent", list(range(1, len(panel.values) + 1)), list(panel.values), "lines+markers")
            | {"panel": at}
            for at, panel in drawn
        ],
        "needed": [{"axis": "x", "at": panel.rank, "panel": at} for at, panel in drawn if panel.rank <= ranks.width],
    }


def _trace(name: str, tone: str, x: list[Any], y: list[Any], mode: str = "markers") -> Spec:
    return {"name": name, "tone": tone, "mode": mode, "x": x, "y": y}


def _reach(marks: Iterable[tuple[float, float, float]]) -> Spec:
    """How far the interval goes to both sides of the value."""
    known = list(marks)
    return {"more": [high - value for value, _, high in known], "less": [value - low for value, low, _ in known]}
