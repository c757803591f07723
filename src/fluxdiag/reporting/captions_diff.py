"""Captions before and after, side by side: `captions fix` writes the page, `captions lint` prints the same in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fluxdiag.reporting.environment import environment

if TYPE_CHECKING:
    from fluxdiag.captions import Checked, Lint


def pieces(one: Checked) -> list[tuple[str, str | None]]:
    """The caption cut at its spans: (text, kind or None)."""
    out: list[tuple[str, str | None]] = []
    last = 0
    for span in one.spans:
        out += [(one.caption[last : span.start], None), (one.caption[span.start : span.end], span.kind)]
        last = span.end
    return [piece for piece in [*out, (one.caption[last:], None)] if piece[0]]


def page_of(result: Lint) -> str:
    """The two sides as one page without script; everything of the user's is escaped."""
    rows = [(one, pieces(one)) for one in result.captions]
    return environment().get_template("captions_diff.html").render(lint=result, rows=rows)
