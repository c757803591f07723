"""A caption without the phrases that describe the person, still a sentence. Nothing is added to it but a trigger as its subject.

Each phrase becomes a hole; the rules of `rewrite_rules.py` then take away the words that only held it (`with`, `is wearing`, `who
has`), what goes on about it (`that billows in the wind`), and `sentences.py` what is left of sentences that say nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fluxdiag.dataset import lexicon as lx
from fluxdiag.dataset.rewrite_rules import DEGREE, HOLE, PERSON, RULES, TIDY, VERB
from fluxdiag.dataset.sentences import sound
from fluxdiag.dataset.spans import find_spans
from fluxdiag.records import Span

PART = lx.pattern(
    lx.FACE_HEADS
    | lx.FACE_HEADS_ALONE
    | lx.BODY_HEADS
    | lx.EYE_HEADS
    | lx.HAIR_HEADS_WITH_ADJECTIVE
    | lx.BEARDS
    | lx.words("skin braid braids ponytail pigtails bun")
)
OWNED_PART = re.compile(rf"(?:her|his|their)\s+(?P<told>(?:[\w'’,-]+\s+)+?)?(?:{PART})", re.IGNORECASE)
OBJECT = re.compile(
    r"\b(?:\w{2,}ing|\w{2,}s|hidden|buried|held|pressed|cupped)\s+(?:(?:out|up|down|off|away|back|into|through|over|against|at|on|onto"
    r"|across|behind|from|around|to|under|in|toward|towards|past|along|near|beneath)\s+){0,2}$"
    r"|\b(?:through|over|against|across|behind|around|beneath|along|down|to|toward|towards|from|on|onto|into|in|by|of)\s+$",
    re.IGNORECASE,
)
NOT_OBJECT = re.compile(rf"{VERB}\s+(?:only\s+)?$|\b(?:is|has|was|having|wearing|looks|appears|seems)\s+$", re.IGNORECASE)
CONTRACTED = re.compile(r"\b(she|he|they|who)['’](s|re)(?=\s+(?:\0|\w+ing\s+\0))", re.IGNORECASE)


def without_appearance(caption: str, spans: Iterable[Span] | None = None, keep: Iterable[str] = ("expression",)) -> str:
    """The caption less its spans (found anew if not given), but for the kinds in `keep`; empty when it said nothing else."""
    kept = set(keep)
    drop = [span for span in (find_spans(caption) if spans is None else spans) if span.kind not in kept]
    if not drop:
        return caption
    if (listed := _without_parts(caption, drop)) is not None:
        return listed
    text = CONTRACTED.sub(lambda found: f"{found[1]} {'are' if found[2] == 're' else 'is'}", _with_holes(caption, drop))
    before = ""
    while text != before:
        before = text
        for pattern, into in RULES:
            text = pattern.sub(into, text)
    for pattern, into in TIDY:
        text = pattern.sub(into, text)
    return _capitals(caption, sound(caption, text))


def _adjectives_only(before: str, span: Span) -> tuple[int, int] | None:
    """`biting her [plump] lip`: start and end of what goes of a verb's object; without its object the verb would hang."""
    if span.kind not in ("face", "body", "eyes", "hair", "skin") or not (owned := OWNED_PART.fullmatch(span.text)):
        return None
    if NOT_OBJECT.search(before) or not OBJECT.search(before) or not owned["told"]:
        return None
    return span.start + owned.start("told"), span.start + owned.end("told")


def _without_parts(caption: str, spans: list[Span]) -> str | None:
    """A list of tags less those that are descriptions as a whole; None when any phrase is only a piece of its part."""
    parts, at, gone = caption.split(","), 0, 0
    kept = []
    for part in parts:
        start, end = at + len(part) - len(part.lstrip()), at + len(part.rstrip())
        if any(span.start == start and span.end == end for span in spans):
            gone += 1
        else:
            kept.append(part)
        at += len(part) + 1
    return ",".join(kept).strip() if gone == len(spans) and "." not in caption else None


def _with_holes(caption: str, spans: list[Span]) -> str:
    """A hole for each span. Before a person it is no hole but nothing: `a [young] woman` -> `a woman`, its article mended."""
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        before, after = caption[: span.start], caption[span.end :]
        if (told := _adjectives_only(before, span)) is not None:
            caption = caption[: told[0]] + caption[told[1] :]
            continue
        if span.text.lower().startswith("whose "):  # what the clause goes on to say has no subject then
            after = re.sub(r"^[^,.;!?\0]*", "", after)
        if re.match(rf"(?:\s*,|\s+and\b)?\s+(?:{PERSON})\b", after, re.IGNORECASE) or _before_name(span, after):
            after = re.sub(r"^(?:\s*,|\s+and\b)?\s+", "", after)
            before = re.sub(rf"\b(?:{DEGREE})\s+$", "", before, flags=re.IGNORECASE)
            before = re.sub(r"\b(a)n?(\s+)$", rf"\1{'n' if after[0].lower() in 'aeio' else ''}\2", before, flags=re.IGNORECASE)
            caption = before + after
        else:
            caption = before + HOLE + after
    return caption


def _before_name(span: Span, after: str) -> bool:
    """`a [muscular] ohwx man`: an adjective with no comma after it."""
    return (
        span.kind in ("body", "age", "hair", "face", "skin")
        and re.match(rf"\s+[\w-]+\s+(?:{PERSON})\b", after) is not None
        and (" " not in span.text)
    )


def _capitals(before: str, after: str) -> str:
    """Sentences begin with a capital where those of the caption did, unless with a word of the user's own, such as a
    trigger."""
    if re.search(r"(?:^|[.!?]\s+)[a-z]", before):
        return (
            after
            if not (before[:1].isupper() and after[:1].islower() and after.split(" ")[0].isalpha())
            else after[0].upper() + after[1:]
        )
    return re.sub(r"(?:^|(?<=[.!?]\s))[a-z]+\b(?=[\s,])", lambda found: found[0][0].upper() + found[0][1:], after)
