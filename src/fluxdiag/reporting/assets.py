"""What the page carries besides its text: data as JSON, the plotting library, and the policy that lets nothing else run."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from fluxdiag.reporting.words import text

PLOTLY = "plotly-cartesian-4.1.1.min.js.gz"
"""npm's plotly.js-cartesian-dist-min (MIT): bars, boxes, heat maps and scatter plots, a third of the whole library"""
PLOTLY_SHA256 = "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"
LONGEST_LABEL = 80


@cache
def plotly(folder: Path) -> tuple[str, str]:
    """(the library, packed, in base64; the digest of the unpacked source, for the policy). Raises ValueError when changed."""
    packed = (folder / "vendor" / PLOTLY).read_bytes()
    source = gzip.decompress(packed)
    if hashlib.sha256(source).hexdigest() != PLOTLY_SHA256:
        raise ValueError(f"{PLOTLY} is not the file that was released")
    return base64.b64encode(packed).decode(), digest(source)


def digest(source: str | bytes) -> str:
    """As a Content-Security-Policy writes it: `sha256-...` in base64."""
    content = source.encode() if isinstance(source, str) else source
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def policy(*scripts: str) -> str:
    """Nothing is loaded, nothing is sent, and only these scripts run. Plotly writes styles, so styles may be inline."""
    allowed = " ".join(f"'{script}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}; base-uri 'none'; form-action 'none'"
    )


def json_block(data: object) -> Markup:
    """JSON for a script element: no character in it can end the element or begin a comment, and there is no NaN."""
    plain = json.dumps(data, allow_nan=False, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    for character in "<>&":
        plain = plain.replace(character, f"\\u{ord(character):04x}")
    return Markup(plain)


def json_link(data: object) -> str:
    """JSON as an address that a browser saves: it works without a script."""
    plain = json.dumps(data, allow_nan=False, indent=1, sort_keys=True)
    return f"data:application/json;base64,{base64.b64encode(plain.encode()).decode()}"


def label(value: object) -> str:
    """A text inside a plot. Plotly reads its labels as a kind of HTML, with links, so they are escaped before it sees them."""
    return html.escape(text(value, LONGEST_LABEL), quote=True)


def scrubbed(data: Any, hide: Any) -> Any:
    """The same data, every sentence in it passed through `hide`."""
    if isinstance(data, str):
        return hide(data)
    if isinstance(data, dict):
        return {hide(key): scrubbed(value, hide) for key, value in data.items()}
    return [scrubbed(value, hide) for value in data] if isinstance(data, list | tuple) else data
