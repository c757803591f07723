"""Where the templates lie, and how every page of the program is filled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.reporting.assets import json_block
from fluxdiag.reporting.figures import weight_axis
from fluxdiag.reporting.words import FILTERS

if TYPE_CHECKING:
    from jinja2 import Environment


def templates_folder() -> Path:
    """Where the templates lie: inside an installed wheel, or at the top of a checkout."""
    installed = Path(__file__).parents[1] / "_templates"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "reports" / "templates"


def environment() -> Environment:
    """Everything is escaped; a name that a template misspells is an error and not an empty place in the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # autoescape=True and not select_autoescape: that one leaves files that end in .jinja unescaped.
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(templates_folder()),
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # a page is filled once per process: folding its constants costs more than it saves
    )
    environment.filters.update(FILTERS, json_block=json_block, weight_axis=weight_axis)
    return environment
