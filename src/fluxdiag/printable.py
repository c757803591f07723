"""Other people's text on one line of a terminal or a list, and in JSON."""

from __future__ import annotations

import os
import re

JOINER = "\u200d"
HALF = re.compile("[\ud800-\udfff]")
SPELT = re.compile(r"\[U\+(DC[89A-F][0-9A-F])\]")


def printable(text: str) -> str:
    """On one line, and nothing in it steers a terminal; what joins emoji may stay."""
    return "".join(c if c.isprintable() or c == JOINER else f"\\x{ord(c):02x}" for c in text)


def in_utf8(text: str) -> str:
    """The name of a file may hold bytes that are no UTF-8, which Python has as halves of pairs: `[U+DCFF]`, as the report and
    the tables spell them. No backslash: it would part a path in two. All else stays as it is.
    """
    return HALF.sub(lambda found: spelt(found.group()), text)


def spelt(character: str) -> str:
    """`[U+200B]`: a character that cannot be seen, or that no file can hold."""
    return f"[U+{ord(character):04X}]"


def as_named(text: str) -> str:
    """The path of a file again, where a record has it in UTF-8. Somebody may have named a file the way that we spell one."""
    named = SPELT.sub(lambda found: chr(int(found.group(1), 16)), text)
    return text if named == text or os.path.exists(text) else named  # noqa: PTH110 -- says no of a name that is none
