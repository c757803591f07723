"""The figures as one self-contained HTML page: tables, the reliability curve and the risk against coverage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fluxdiag.runs import write_text
from fluxlab.bench.report import BenchReport
from fluxlab.bench.scores import Scores
from fluxlab.bench.truth import TARGETS

SIDE = 220
"""px of a curve's square"""


def write_page(report: BenchReport, file: Path) -> None:
    folder = Path(__file__).parent
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.globals |= {"points": points, "reliability": reliability, "side": SIDE, "targets": TARGETS}
    write_text(file, environment.get_template("page.html.jinja").render(report=report))


def reliability(scores: Scores) -> list[tuple[float, float]]:
    return [(each.said, each.was) for each in scores.reliability]


def points(pairs: Sequence[tuple[float, float]]) -> str:
    """(x, y) in 0-1 -> the points of an SVG polyline, y upwards."""
    return " ".join(f"{SIDE * x:.1f},{SIDE * (1 - y):.1f}" for x, y in pairs)
