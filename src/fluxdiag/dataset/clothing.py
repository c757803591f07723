"""Clothes and accessories: what follows `wearing`, and garments that a word for cloth or colour marks as worn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fluxdiag.dataset import lexicon as lx
from fluxdiag.records import Span

DET = r"(?:\b(?:a\s+pair\s+of|an?|the|her|his|their|some|no)\s+)?"
PIECES = f"{lx.GARMENTS}|{lx.ACCESSORIES}"
NOT_WORN = r"(?!\s+(?:of|shop|store|rack|stand|hanger|factory|case|closet|light|left|right|corner|box|racks)\b|['’]s\b)"
DRINKS = r"(?<!wine )(?<!champagne )(?<!drinking )(?<!beer )(?<!cocktail )(?<!magnifying )"
"""before `glasses`"""
WORN_ING = "running|hiking|wedding|evening|flowing|matching|fitting|riding|swimming|sleeping|training|clothing|stocking|earring"
ING = rf"(?!(?:{WORN_ING})\b)"
STOP = (
    rf"(?:with|and|in|on|at|over|under|by|near|while|as|against|of|to|from|for|who|that|is|are|has|{lx.PERSON}|{lx.ANIMAL}"
    rf"|{ING}\w{{2,}}ing)\b"
)
WORD = rf"(?!{STOP})[\w'’-]+"

SEP = r"(?:\s*,\s*|\s+and\s+|[\s-]+)"

WEARING = re.compile(
    r"\b(?:wearing|wears|wore|(?:dressed|clad)\s+(?:\w+ly\s+)?in|donning|sporting)\s+(?:only\s+|just\s+)?", re.IGNORECASE
)
MAYBE_WEARING = re.compile(r"\b(?:in|with)\s+", re.IGNORECASE)
ITEM = re.compile(rf"{DET}(?:{WORD}\s+){{0,5}}{DRINKS}(?:{PIECES})\b{NOT_WORN}", re.IGNORECASE)
ANYTHING = re.compile(rf"{DET}{WORD}(?:\s+{WORD}){{0,3}}", re.IGNORECASE)
NEXT = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|over|under|with|underneath)\s+", re.IGNORECASE)
FREE = (
    re.compile(rf"{DET}\b(?:(?:{lx.CLOTH}|{lx.COLOUR}){SEP})++{DRINKS}(?:{PIECES})\b{NOT_WORN}", re.IGNORECASE),
    re.compile(rf"{DET}{DRINKS}\b(?:{lx.WORN_ALONE})\b{NOT_WORN}", re.IGNORECASE),
    re.compile(r"\b(?:shirtless|topless|barefoot|naked|nude)\b", re.IGNORECASE),
)
ACCESSORY = re.compile(rf".*\b(?:{lx.ACCESSORIES})", re.IGNORECASE | re.DOTALL)


def worn(caption: str) -> Iterator[Span]:
    """One span a piece; `wearing` itself belongs to none."""
    for context in WEARING.finditer(caption):
        yield from _items(caption, context.end(), surely=True)
    for context in MAYBE_WEARING.finditer(caption):
        yield from _items(caption, context.end(), surely=False)
    for pattern in FREE:
        for match in pattern.finditer(caption):
            yield _span(match)


def _items(caption: str, start: int, surely: bool) -> Iterator[Span]:
    """The pieces of a list from `start` on. After `wearing` even an unknown word is a piece."""
    item = ITEM.match(caption, start) or (ANYTHING.match(caption, start) if surely else None)
    while item is not None:
        yield _span(item)
        following = NEXT.match(caption, item.end())
        item = ITEM.match(caption, following.end()) if following else None


def _span(match: re.Match[str]) -> Span:
    kind = "accessory" if ACCESSORY.fullmatch(match[0]) else "clothing"
    return Span(start=match.start(), end=match.end(), text=match[0], kind=kind)  # type: ignore[arg-type]
