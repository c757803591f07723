"""`w/` and `w/o`, as people write by hand: spelled out for the rules, which know `with`, and written as before at the end."""

from __future__ import annotations

import re

WITH = re.compile(r"\b[wW]/(o?)(?![\w/])\s*|\b[wW]/(?=\w)")
WORD = re.compile(r"\bwith(out)?\b(?=\s)")


def spelled_out(text: str) -> str:
    return WITH.sub(lambda found: "without " if found[1] else "with ", text)


def as_written(text: str, caption: str) -> str:
    """Short again where the caption has it short throughout; where both stand, the word is no worse."""
    if not WITH.search(caption) or WORD.search(caption):
        return text
    return WORD.sub(lambda found: "w/o" if found[1] else "w/", text)
