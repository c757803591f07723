"""Where a description was: a hole, or nothing, or only its adjectives where the verb needs the noun."""

from __future__ import annotations

import re
from itertools import zip_longest

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.adjectives import NOUNS
from fluxdiag.dataset.finding.clause_parts import SAYS
from fluxdiag.dataset.finding.looking_words import adjective_kind
from fluxdiag.dataset.finding.predicates import NOUNS_TOO
from fluxdiag.dataset.finding.tails import GOES_ON
from fluxdiag.dataset.rewriting.feet import posed_foot
from fluxdiag.dataset.rewriting.kept import NEAR, adjectives_only
from fluxdiag.dataset.rewriting.parts import DEGREE, HOLE, PERSON
from fluxdiag.dataset.rewriting.pronouns import by_name
from fluxdiag.records import Span

SAID = re.compile(rf"\b(?:{lx.pattern(SAYS - NOUNS_TOO)})\b")
PERSON_NEXT = re.compile(rf"(?:\s*,|\s+and\b)?\s+(?:{PERSON})\b", re.IGNORECASE)
NAME_NEXT = re.compile(rf"\s+[\w-]+\s+(?:{PERSON})\b")
HOW = re.compile(rf"\b(?:{DEGREE})\s+$", re.IGNORECASE)
OUTER_VERB = re.compile(rf"^(?:[^,.;!?\0]*?(?=\s(?:{lx.pattern(GOES_ON)})\s)|[^,.;!?\0]*)")
"""`[whose cap] hides his eyes` up to `runs across the street`, the verb of the sentence"""
KEPT_NEXT = re.compile(r"\s*(?:,|\band\b)\s+(?=[a-z]+\s+\w)")
ADJECTIVES = ("age", "body", "hair", "skin", "face", "mark", "accessory")
TEENAGER = re.compile(r"(an?) teen(?:ager)?", re.IGNORECASE)
POCKET = re.compile(r"\bthe\s+((?:\w+\s+)?pockets?)\s+of\s+$", re.IGNORECASE)
"""`in the pocket of [her coat]` -> `in her pocket`"""
OPENED_BY = {")": "(", "]": "[", "}": "{"}
CLOSES = re.compile(r"(?::\d+(?:\.\d+)?)?([)\]}])")
"""a bracket, behind the weight of what is in it"""
OWN = ("his ", "her ", "their ")
IS = re.compile(r"\b(?:is|was)\s$")
ARTICLE = re.compile(r"\ban?\s$", re.IGNORECASE)
LISTED = re.compile(r"\b(?:an?|the|this|that)\s(?:[\w-]+,\s)*$", re.IGNORECASE)
"""nothing but adjectives since the article"""
JOINED = re.compile(
    r"(\b(?:an?|the|this|that)\s(?:[\w-]+,\s)*(?:[\w-]+(?=,)"
    rf"|(?:{lx.pattern(lx.MOODS, lx.BODY, lx.AGE, lx.BEAUTY)}|[\w-]+(?:ing|ed|ful|ous))(?=\s)))(?:,(?:\s+and)?|\s+and)\s+$",
    re.IGNORECASE,
)
"""`a cheerful[, bald] baker`, `a smiling [and bald] man`: what led to the adjective that went"""


def with_holes(caption: str, spans: list[Span]) -> tuple[str, list[str]]:
    """A hole for each span, and what stood in each. Before a person it is no hole but nothing: `a [young] woman` -> `a woman`,
    its article mended."""
    gone: list[str] = []
    ordered = sorted((_with_brackets(caption, span) for span in spans), key=lambda span: span.start, reverse=True)
    for span, previous in zip_longest(ordered, ordered[1:]):
        before, after = caption[: span.start], by_name(span, caption[: span.start], caption[span.end :])
        if (told := adjectives_only(before[-NEAR:], span, after)) is not None:
            caption = _article(caption[: told[0]], caption[told[1] :]) if told[1] > told[0] else caption
            continue
        if (foot := posed_foot(caption, span)) is not None:
            caption = before + foot + after
            continue
        if span.text.lower().startswith(OWN) and (pocket := POCKET.search(before)):
            caption = f"{before[: pocket.start()]}{span.text.split()[0]} {pocket[1]}{after}"
            continue
        if span.kind == "age" and (teen := TEENAGER.fullmatch(span.text)) and not IS.search(before):
            if before.endswith((" like ", " as ")):
                continue  # `He still plays like a teenager`
            caption = f"{before}{teen[1]} person{after}"
            continue
        if span.text.lower() in NOUNS and ARTICLE.search(before) and not PERSON_NEXT.match(after):
            caption = ARTICLE.sub(lambda found: f"{found[0][0]} person", before) + after
            continue  # `A [redhead] in a coat`
        if span.text.lower().startswith("whose ") and not SAID.search(
            span.text
        ):  # what the clause goes on to say has no subject then
            after = OUTER_VERB.sub("", after)
        if ARTICLE.search(before) and span.kind in ADJECTIVES and (kept_next := KEPT_NEXT.match(after)):
            caption = _article(before, after[kept_next.end() :])
            continue  # `a [plump], cheerful baker`
        if (PERSON_NEXT.match(after) and not _piece_ends(before, span, after)) or _before_name(span, after):
            after = re.sub(r"^(?:\s*,|\s+and\b)?\s+", "", after)
            kept = previous.end if previous else 0  # `pretty` says how much, or is a description of its own
            kept = max(kept, span.start - NEAR)
            before = before[:kept] + HOW.sub("", before[kept:])
            caption = _article(before, after)
        else:
            caption = before + HOLE + after
            gone.append(span.text)
    return caption, gone[::-1]


def _with_brackets(caption: str, span: Span) -> Span:
    """`((red dress:1.2))`, `[long hair]`: with what encloses nothing else."""
    start, end = span.start, span.end
    while start and (close := CLOSES.match(caption, end)) and caption[start - 1] == OPENED_BY[close[1]]:
        start, end = start - 1, close.end()
    return span if start == span.start else span.model_copy(update={"start": start, "end": end})


def _article(before: str, after: str) -> str:
    """Both, with the `a` or `an` between them mended."""
    before = JOINED.sub(r"\1 ", before)
    return (
        re.sub(r"\b(a)n?(\s+)$", rf"\1{'n' if after[:1].lower() in tuple('aeio') else ''}\2", before, flags=re.IGNORECASE) + after
    )


def _piece_ends(before: str, span: Span, after: str) -> bool:
    """`a hoodie, cowboy shot`: after a garment the comma ends the piece, but not after the adjective of `a [shirtless], man`."""
    adjective = adjective_kind(span.text.lower()) is not None and LISTED.search(before)
    return span.kind in ("clothing", "accessory") and after.lstrip().startswith(",") and not adjective


def _before_name(span: Span, after: str) -> bool:
    """`a [muscular] ohwx man`: an adjective with no comma after it."""
    return span.kind in ("body", "age", "hair", "face", "skin") and NAME_NEXT.match(after) is not None and (" " not in span.text)
