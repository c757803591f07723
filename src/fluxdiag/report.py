"""The records of a run become one self-contained page. CPU only, no model library. Writes report.html.

What the page says is put together in `reporting/`, how it looks lies in `reports/templates/`. Nothing is judged here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fluxdiag.errors import FluxdiagError
from fluxdiag.reporting.assets import digest, plotly, policy
from fluxdiag.reporting.environment import environment, templates_folder
from fluxdiag.runs import Run, write_text


def render(run: Run, *, static: bool = False, public: bool = False, against: Run | None = None) -> Path:
    """Write `report.html` from what the run folder holds, and say where it is. The same run gives the same bytes.

    `static` leaves the plotting library out; `public` also the references, the training photos, file names and dates.
    `against` is the run of the version before. Where a run cannot be read, a page that says so takes the place of any
    older one, and the FluxdiagError is raised all the same; a folder that is no run is left as it is.
    """
    from fluxdiag.reporting.page import Options, page_of

    try:
        page = page_of(run, Options(static, public), against)
    except FluxdiagError as error:
        _write_unfinished(run, error)
        raise
    library, libraries = ("", []) if static else _library()
    write_text(run.report_file, _filled("report.html.jinja", libraries, page=page, library=library))
    return run.report_file


def _write_unfinished(run: Run, error: FluxdiagError) -> None:
    from fluxdiag.reporting.unfinished import unfinished_of

    if run.case_file.exists():
        write_text(run.report_file, _filled("unfinished.html.jinja", [], page=unfinished_of(run, error)))


def _library() -> tuple[str, list[str]]:
    packed, allowed = plotly(templates_folder())
    return packed, [allowed]


def _filled(name: str, allowed: list[str], **content: Any) -> str:
    """A template with our own script in it, whose digest the page's policy names.

    Other characters than ASCII are written as references, for with a single one of them Chromium keeps all 2 MB at two bytes
    a character, and paints a tenth later. Inside scripts references mean nothing; there everything is ASCII already.
    """
    pages = environment()
    script = pages.get_template("report.js").render()
    page = pages.get_template(name).render(policy=policy(digest(script), *allowed), **content)
    return page.encode("ascii", "xmlcharrefreplace").decode()
