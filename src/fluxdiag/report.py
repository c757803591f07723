"""The records of a run become one self-contained page. CPU only, no model library. Writes report.html.

What the page says is put together in `reporting/`, how it looks lies in `reports/templates/`. Nothing is judged here.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fluxdiag.reporting.page import page_of
from fluxdiag.reporting.words import FILTERS
from fluxdiag.runs import Run, write_text


def render(run: Run) -> Path:
    """Write `report.html` from what the run folder holds, and say where it is. The same run gives the same bytes."""
    page = page_of(run)
    write_text(run.report_file, environment().get_template("report.html.jinja").render(page=page))
    return run.report_file


def environment() -> Environment:
    """Everything is escaped; a name that a template misspells is an error and not an empty place in the page."""
    # autoescape=True and not select_autoescape: that one leaves files that end in .jinja unescaped.
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(templates_folder()),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def templates_folder() -> Path:
    """Where the templates lie: inside an installed wheel, or at the top of a checkout."""
    installed = Path(__file__).parent / "_templates"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "reports" / "templates"
