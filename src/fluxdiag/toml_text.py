"""Values as TOML has them. JSON's strings are TOML's basic strings but for two things: TOML knows no surrogate pairs, which
JSON makes of emoji and rare characters, and wants U+007F escaped (toml.io/en/v1.0.0#string)."""

from __future__ import annotations

import json

from fluxdiag.errors import FluxdiagError


def toml(value: object) -> str:
    """A string, number, boolean or list of them. Raises FluxdiagError for a path whose bytes are no text."""
    text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        what = f"{value!a} cannot be written into a config: its bytes are no UTF-8"
        raise FluxdiagError(what, where="TOML", do="Rename the folder, or choose another --out") from error
    return text
