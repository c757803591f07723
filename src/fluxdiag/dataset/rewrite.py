"""A caption without the phrases that describe the person, still a sentence. Nothing is added to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fluxdiag.dataset import lexicon as lx
from fluxdiag.dataset.spans import find_spans
from fluxdiag.records import Span

HOLE = "\0"
VERB = r"\b(?:with|wearing|wears|wore|has|have|having|(?:dressed|clad)\s+(?:\w+ly\s+)?in|donning|sporting|featuring|in)"
BE = r"(?:(?:and\s+)?(?:who\s+)?(?:is|are|was)\s+)?"
CLAUSE = r"(?:,\s*(?:and\s+)?(?:she|he|they|who)\s+|,\s*)?(?:(?:likely|probably|possibly|perhaps|apparently)\s+)?"
PERSON_NEXT = rf"(?:[\w'-]+\s+){{0,3}}(?:{lx.PERSON})\b"
STILL_LISTED = rf"(?!{PERSON_NEXT})(?=(?:an?|the|his|her|their|one|two|arms|hands|both)\b)"
SUBJECT = r"(?:she|he|they|it|the\s+(?:person|subject|wo?man|man|girl|boy|lady))"

RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        (r"\0(?:(?:\s*,)?(?:\s*\b(?:and|or|with|over|under|underneath)\b)?\s*\0)+", HOLE),  # a list of holes is one hole
        (rf"{VERB}\s+\0\s*(?:,\s*)?\band\s+{STILL_LISTED}", r"with "),  # `with [brown hair] and arms crossed`
        (rf"{CLAUSE}{BE}{VERB}\s+(?:only\s+|just\s+)?\0", HOLE),
        (r"(?:,\s*)?\b(?:likely|probably|possibly|perhaps|apparently)\s+\0", HOLE),
        (r"(?:\s*,)?\s+(?:and|or)\s+\0", HOLE),
        (r"(?:(?<=^)|(?<=[.!?]\s))\0(?:\s*,)?\s*\band\s+", ""),
        (rf"(?:(?<=^)|(?<=[.!?]\s))({SUBJECT})\s*\0(?:\s*,)?\s*and\s+(?=\w+s\b)", r"\1 "),  # `She[ has brown hair and] is`
        (rf"(?:(?<=^)|(?<=[.!?]\s)){SUBJECT}\s*\0(?=\s*(?:[.!?]|$))", HOLE),  # nothing but the description was said
    )
)
TIDY = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        (r"(?<=\w)\s*\0\s*,\s*(?=(?:\w+ing|with|in|on|at)\b)", " "),  # `a woman[ with ...], standing` -> `a woman standing`
        (r"(?<=\w)\s*\0\s*\band\s+(?=\w+ing\b)", " "),
        (r"\0\s*(?=[.!?])", ""),
        (r"\s*\0\s*", " "),
        (r"\s+([,.;!?])", r"\1"),
        (r"([,;])(?:\s*[,;])+", r"\1"),
        (r"(?<=[.!?])\s*[.!?,;]+", ""),
        (r"^[\s,.;!?]+", ""),
        (r"[\s,;]+$", ""),
        (r",\s*\.", "."),
        (r"\s{2,}", " "),
    )
)


def without_appearance(caption: str, spans: Iterable[Span] | None = None, keep: Iterable[str] = ("expression",)) -> str:
    """The caption less its spans (found anew if not given), but for the kinds in `keep`; empty when it said nothing else."""
    kept = set(keep)
    drop = [span for span in (find_spans(caption) if spans is None else spans) if span.kind not in kept]
    if not drop:
        return caption
    text = _with_holes(caption, drop)
    before = ""
    while text != before:
        before = text
        for pattern, into in RULES:
            text = pattern.sub(into, text)
    for pattern, into in TIDY:
        text = pattern.sub(into, text)
    return _capital(caption, text)


def _with_holes(caption: str, spans: list[Span]) -> str:
    """A hole for each span. Before a person it is no hole but nothing: `a [young] woman` -> `a woman`, its article mended."""
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        before, after = caption[: span.start], caption[span.end :]
        if re.match(rf"(?:\s*,|\s+and\b)?\s+(?:{lx.PERSON})\b", after, re.IGNORECASE):
            after = re.sub(r"^(?:\s*,|\s+and\b)?\s+", "", after)
            before = re.sub(rf"\b(?:{lx.DEGREE})\s+$", "", before, flags=re.IGNORECASE)
            before = re.sub(r"\b(a)n?(\s+)$", rf"\1{'n' if after[0].lower() in 'aeio' else ''}\2", before, flags=re.IGNORECASE)
            caption = before + after
        else:
            caption = before + HOLE + after
    return caption


def _capital(before: str, after: str) -> str:
    """What began with a capital still does, unless it begins with a word of the user's own, such as a trigger."""
    if before[:1].isupper() and after[:1].islower() and after.split(" ")[0].isalpha():
        return after[0].upper() + after[1:]
    return after
