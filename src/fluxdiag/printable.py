"""Other people's text on one line of a terminal or a list."""

from __future__ import annotations

JOINER = "\u200d"


def printable(text: str) -> str:
    """On one line, and nothing in it steers a terminal; what joins emoji may stay."""
    return "".join(c if c.isprintable() or c == JOINER else f"\\x{ord(c):02x}" for c in text)
