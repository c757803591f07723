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
    "Swedish": "och en ett med på är som det av till hon han kvinna står håret",
    "Danish or Norwegian": "og en et med på er som det af av til hun han kvinde kvinne står jakke",
    "Finnish": "ja on nainen mies joka hän seisoo päällä jossa",
    "Czech or Slovak": "a s se na je v ve žena muž stojí která má",
    "Hungarian": "és a az egy nő férfi van áll",
    "Romanian": "și cu o un pe în este care femeie bărbat din la",
    "Turkish": "ve bir ile kadın adam için olan duruyor giyiyor",
    "Vietnamese": "và một với trong có là người của đang trên",
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
ACCENTED = re.compile(r"[à-öø-ÿā-ɏḀ-ỿ]")
FOREIGN_WORDS = 2
"""words with letters that English lacks, and no small English word beside them: `café` alone is none"""


def unjudged(caption: str) -> str | None:
    """Why the caption is not judged, or None for English and for lists of tags in Latin letters."""
    letters = [c for c in caption if c.isalpha()]
    if not letters:
        return None
    if sum(not _latin(c) for c in letters) > OTHER_SCRIPT * len(letters):
        return "not in Latin script: not judged"
    words = WORD.findall(caption.lower())
    english = sum(word in ENGLISH for word in words)
    name, count = max(((name, sum(word in known for word in words)) for name, known in _FOREIGN.items()), key=lambda one: one[1])
    if count >= 2 and count > 1.5 * english:
        return f"probably {name}: not judged"
    accented = sum(ACCENTED.search(word) is not None for word in words)
    return "not in English: not judged" if accented >= FOREIGN_WORDS and not english else None


def _latin(letter: str) -> bool:
    """Vietnamese has letters of a block of its own."""
    return ord(letter) <= 0x24F or 0x1E00 <= ord(letter) <= 0x1EFF
