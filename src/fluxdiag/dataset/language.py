"""Is a caption English? Other languages and scripts are not judged, and said to be so."""

from __future__ import annotations

import re

STOPWORDS = {
    "German": "der die das ein eine einen und mit auf ist im vor einer einem sie er trägt steht von",
    "French": "le la les un une des et avec dans est sur elle il devant porte du au aux qui",
    "Spanish": "el la los las un una con y en es del ella lleva de que sobre su por",
    "Italian": "il lo la gli un una con e di che è nel nella sul della indossa capelli",
    "Portuguese": "o os as um uma com e em do da no na ela usa cabelo de que",
    "Dutch": "de het een en met op is van zij hij draagt staat voor haar naar",
    "Polish": "i w z na jest się kobieta do ubrana oraz nie przed",
    "Indonesian": "dan yang di dengan seorang wanita sedang memakai untuk",
}
ENGLISH = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "with",
        "on",
        "is",
        "of",
        "in",
        "at",
        "to",
        "her",
        "his",
        "she",
        "he",
        "wearing",
        "woman",
        "man",
        "looking",
        "by",
        "for",
        "from",
        "standing",
    ]
)
_FOREIGN = {name: frozenset(text.split()) for name, text in STOPWORDS.items()}
WORD = re.compile(r"[^\W\d_]+")
OTHER_SCRIPT = 0.3


def unjudged(caption: str) -> str | None:
    """Why the caption is not judged, or None for English and for lists of tags in Latin letters."""
    letters = [c for c in caption if c.isalpha()]
    if not letters:
        return None
    if sum(ord(c) > 0x24F for c in letters) > OTHER_SCRIPT * len(letters):
        return "not in Latin script: not judged"
    words = WORD.findall(caption.lower())
    english = sum(word in ENGLISH for word in words)
    name, count = max(((name, sum(word in known for word in words)) for name, known in _FOREIGN.items()), key=lambda one: one[1])
    return f"probably {name}: not judged" if count >= 2 and count > 1.5 * english else None
