"""`it` for a thing that is no more told of: `She has [long hair] and is braiding it` -> `She is braiding her hair`."""

from __future__ import annotations

import re

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding.tokens import tokens
from fluxdiag.records import Span

ACTED_ON = re.compile(r"[^.!?\0]*?\b\w+(?:s|ing)\s+(it)\b(?!\s+(?:is|was|has)\b)", re.IGNORECASE)
ANOTHER = re.compile(r"\b(?:an?|his|her|their|this|that|one)\s", re.IGNORECASE)
"""before something else that `it` could be"""
WHOSE = re.compile(r"\b(?:(she|her)|(he|his))\b", re.IGNORECASE)
THEY = re.compile(r"[^,.!?\0]{0,40},?\s+and\s+(they)\s+(?:are|look|gaze|stare|seem|meet|appear)\b", re.IGNORECASE)
EYES = re.compile(r"(her|his)\s(?:[\w-]+,?\s)*?(eyes|hands|lips)\b", re.IGNORECASE)
"""`Only [her hazel eyes] are visible, and they are directed at us` -> `Her eyes are directed at us`"""
NOUN = re.compile(r"\b(?:hair|beard|mustache|moustache|ponytail|braid|bun)\b", re.IGNORECASE)


def by_name(span: Span, before: str, after: str) -> str:
    """What follows a description in its sentence, with the noun where `it` stood for it."""
    if (they := THEY.match(after)) is not None and (part := EYES.match(span.text)) is not None:
        return f"{after[: they.start(1)]}{part[1].lower()} {part[2].lower()}{after[they.end(1) :]}"
    found = ACTED_ON.match(after)
    if found is None or ANOTHER.search(found[0]) or (noun := _noun(span)) is None:
        return after
    told = list(WHOSE.finditer(before + span.text)) or list(WHOSE.finditer(found[0]))
    if not told:
        return after
    return f"{after[: found.start(1)]}{'her' if told[-1][1] else 'his'} {noun}{after[found.end(1) :]}"


def _noun(span: Span) -> str | None:
    """One thing, hair or a garment; of more than one, `it` is said of something else."""
    if span.kind == "hair":
        return found[0].lower() if (found := NOUN.search(span.text)) else None
    worn = [token for token in tokens(span.text) if gr.garment_kind(token.key) is not None]
    if span.kind not in ("clothing", "accessory") or not worn or (worn[0].key.endswith("s") and not worn[0].key.endswith("ss")):
        return None
    return span.text[worn[0].start : worn[0].end]
