"""Where a caption describes the person: phrases with their kind, by a small grammar over the words of `lexicon.py`.

A phrase is a noun with its article and adjectives (`brown curly hair`, `a long face`), a statement (`her eyes are blue`) or
an adjective before a person (`a [young] woman`). What belongs to an animal or a thing is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fluxdiag.dataset import lexicon as lx
from fluxdiag.dataset.clothing import worn
from fluxdiag.records import AppearanceKind, Span

DET = r"(?:\b(?:an?|the|her|his|their|some|no)\s+)?"
SEP = r"(?:(?<!light)(?<!dark)(?<!white)\s*,\s*|\s+and\s+|[\s-]+)"
"""between adjectives; `in neon light, brown hair` is no list of adjectives"""
HYPHENATED = r"[a-z]+-[a-z]+(?=\s+(?!and\b))"
"""`wind-blown hair`; but in `close-up, brown hair` or `a t-shirt and brown hair` it is no adjective"""
BODY_PARTS = r"(?:cheeks?|nose|lips?|eyes?|eyebrows?|chin|face|neck|arms?|forehead|temple|hands?|shoulders?|chest|back|body|skin)"
ON_BODY = (
    r"(?:\s+(?:on|above|over|across|under|below|beside|near|along|covering)\s+(?:(?:her|his|their|the|one|each|both)\s+)?"
    rf"(?:(?:left|right|upper|lower|bridge\s+of\s+(?:her|his|the))\s+)?{BODY_PARTS}(?:\s+and\s+{BODY_PARTS})?)?"
)
STYLED = (
    r"\s+(?:is\s+|that\s+)?(?:falls|flows|cascades|frames|reaches|hangs|tied|pulled|styled|swept|worn|gathered|put|slicked|braided|parted|cascading|falling|flowing|blowing|framing|in|up|down)"
    r"\b(?:\s+(?:back|up|down|behind|into|in|over|to|past|around|tied|an?|the|her|his|their|long|loose|low|high|messy|side|middle"
    r"|ponytail|bun|buns|braids?|pigtails|plaits?|curls|shoulders?|waves|wind|waist|face|ears?|neat|tight|half)\b)*"
    r"(?<!\bin)(?<!\bin a)(?<!\bto)(?<!\bthe)(?<!\bover)"
)


# Possessive repetition (`{0,}+`, `*+`): adjectives are never given back, or a long list of them takes time without end.


def _noun(adjectives: str, heads: str, least: int = 0, after: str = "") -> str:
    """Article, at least so many adjectives, noun, what may follow."""
    return rf"{DET}\b(?:(?:{adjectives}){SEP}){{{least},}}+\b(?:{heads})\b{after}"


LONGEST = 4000
"""characters; the base reads 512 tokens of a caption, about 2,500 characters"""

_HAIR = f"{lx.HAIR}|{lx.COLOUR}|{lx.DEGREE}|{HYPHENATED}"
_EYES = f"{lx.EYES}|{lx.COLOUR}|{lx.DEGREE}"
_FACE = f"{lx.FACE}|{lx.COLOUR}|{lx.DEGREE}"
_SKIN = f"{lx.SKIN}|{lx.DEGREE}"
_BODY = f"{lx.BODY}|{lx.BODY_SIZE}|{lx.DEGREE}"
_STATED = f"{_HAIR}|{_EYES}|{_FACE}|{_SKIN}|{lx.BODY}"
_TAG = r"(?:(?<=^)|(?<=,)|(?<=,\s))(?:{})(?=\s*(?:[,.;]|$))"

PHRASES: tuple[tuple[AppearanceKind, str], ...] = (
    ("hair", _noun(_HAIR, "hair", 1, rf"(?:{STYLED})?(?!\s+(?:salon|dryer|stylist|brush|clip|tie|care|product))")),
    ("hair", rf"{DET}\bhair{STYLED}"),
    ("hair", _noun(_HAIR, lx.HAIR_HEADS, 0, rf"(?:{STYLED})?")),
    ("hair", _noun(f"{lx.HAIR}|{lx.COLOUR}|{lx.DEGREE}", lx.HAIR_HEADS_WITH_ADJECTIVE, 1)),
    ("hair", _noun(_HAIR, lx.BEARDS)),
    ("hair", rf"{DET}\b(?:(?:completely|partially)\s+)?(?:bald|balding|shaved)\s+(?:head|scalp|spot)\b"),
    ("hair", r"\bclean[\s-]shaven\b"),
    ("eyes", _noun(_EYES, lx.EYE_HEADS, 1)),
    ("face", _noun(_FACE, lx.FACE_HEADS, 1)),
    ("face", _noun(_FACE, lx.FACE_HEADS_ALONE)),
    ("skin", _noun(_SKIN, lx.SKIN_HEADS, 1)),
    ("body", _noun(_BODY, lx.BODY_HEADS, 1)),
    ("mark", _noun(f"{lx.MARK}|{lx.COLOUR}|{lx.DEGREE}", lx.MARK_HEADS, 0, ON_BODY)),
    ("age", r"\b\d{1,2}[\s-]?(?:years?|yrs?|yo)[\s-]?olds?\b"),
    ("age", r"\bin\s+(?:her|his|their)\s+(?:(?:early|mid|late)[\s-]+)?(?:\d0s|\w+ties|teens)\b"),
    ("expression", rf"{DET}\b(?:(?:{lx.MOODS}){SEP})++(?:expressions?|smile|look|gaze|face|grin|frown)\b"),
    ("expression", rf"{DET}\b(?:{lx.EXPRESSIONS})\b|\bexpressionless\b"),
    ("hair", _TAG.format(r"blonde?|brunette|redhead|bald|bearded|ginger")),
    ("mark", _TAG.format(r"freckled|tattooed|scarred")),
    ("body", _TAG.format(lx.BODY)),
    ("age", _TAG.format(lx.AGE)),
)

STATED: tuple[tuple[AppearanceKind, str], ...] = (
    ("hair", f"hair|{lx.HAIR_HEADS}|{lx.BEARDS}"),
    ("eyes", "eyes"),
    ("skin", lx.SKIN_HEADS),
    ("face", lx.FACE_HEADS),
)


def _statement(heads: str) -> str:
    """`her eyes are big and blue`, as a whole."""
    noun = rf"\b(?:her|his|their|the)\s+(?:(?:{_STATED})\s+)*+(?:{heads})"
    return rf"{noun}\s+(?:is|are|was|were)\s+(?:{_STATED})\b(?:{SEP}(?:{_STATED})\b)*"


_HAIRED = rf"(?:(?:{lx.HAIR}|{lx.COLOUR}|{lx.DEGREE})[\s-]){{0,3}}(?:{lx.HAIR}|{lx.COLOUR})[\s-]?haired"
BEFORE_PERSON: tuple[tuple[AppearanceKind, str], ...] = (
    ("hair", rf"{_HAIRED}|blonde?|brunette|red-?headed|bald|balding|bearded|clean[\s-]shaven"),
    ("eyes", rf"(?:(?:{_EYES})[\s-]){{1,3}}eyed"),
    ("skin", rf"(?:(?:{_SKIN})[\s-]){{1,3}}skinned|pale|tanned|{lx.ETHNICITY}"),
    ("face", rf"{lx.BEAUTY}|(?:{lx.FACE})[\s-]faced"),
    ("age", rf"{lx.AGE}|\d{{1,2}}[\s-]year[\s-]old"),
    ("mark", r"freckled|tattooed|scarred"),
    ("accessory", r"bespectacled"),
    ("clothing", r"shirtless|topless|barefoot|naked|nude"),
    ("body", lx.BODY),
    ("expression", r"smiling|laughing|grinning|crying"),
)
_ANY_BEFORE = "|".join(pattern for _, pattern in BEFORE_PERSON)
ZONE = re.compile(
    rf"\b(?:(?:{lx.DEGREE})\s+)?(?:(?:{_ANY_BEFORE})\b(?:\s*,\s*|\s+and\s+|\s+))++(?=(?:{lx.PERSON})\b)", re.IGNORECASE
)

_STATEMENTS = tuple((kind, _statement(heads)) for kind, heads in STATED)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in (*PHRASES, *_STATEMENTS))
_BEFORE = tuple((kind, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)) for kind, pattern in BEFORE_PERSON)
_OF_AN_ANIMAL = re.compile(
    rf"\b(?:{lx.ANIMAL})(?:['’]s?\s+|\s+(?:with|has|having|wearing|in)\s+)(?:(?!(?:{lx.PERSON})\b)[\w'-]+\s+){{0,3}}$|\bits\s+$",
    re.IGNORECASE,
)


def find_spans(caption: str) -> tuple[Span, ...]:
    """The phrases that describe the person, in order; none overlaps another. Of an endless text, those that are read at all."""
    caption = caption[:LONGEST]
    found = [*_phrases(caption), *worn(caption), *_before_person(caption)]
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start - span.end, span.start)):  # the longest first
        free = all(span.end <= other.start or span.start >= other.end for other in kept)
        if free and not _OF_AN_ANIMAL.search(caption[: span.start]):
            kept.append(span)
    return tuple(sorted(kept, key=lambda span: span.start))


def _phrases(caption: str) -> Iterator[Span]:
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(caption):
            yield Span(start=match.start(), end=match.end(), text=match[0], kind=kind)


def _before_person(caption: str) -> Iterator[Span]:
    """Each adjective of its own kind: `[young] [blonde] woman`."""
    for zone in ZONE.finditer(caption):
        for kind, pattern in _BEFORE:
            for match in pattern.finditer(caption, zone.start(), zone.end()):
                yield Span(start=match.start(), end=match.end(), text=match[0], kind=kind)
