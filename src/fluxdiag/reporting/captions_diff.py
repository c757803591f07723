"""Captions before and after, side by side: the page that `captions fix` leaves beside the new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fluxdiag.reporting.environment import environment
from fluxdiag.reporting.words import pieces

if TYPE_CHECKING:
    from fluxdiag.captions import Lint


def page_of(result: Lint) -> str:
    """The two sides as one page without script; everything of the user's is escaped, and nothing of a caption is cut off."""
    rows = [(one, pieces(one.caption, one.spans, len(one.caption))) for one in result.captions]
    return environment().get_template("captions_diff.html").render(lint=result, rows=rows)
