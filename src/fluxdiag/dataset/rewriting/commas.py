"""The comma where a description stood between somebody and what he does: it stays, or goes with the description."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.tokens import Token, tokens
from fluxdiag.dataset.rewriting.finite import main_verbs
from fluxdiag.dataset.rewriting.parts import FINITE, PARTICIPLE, THEY_DO
from fluxdiag.dataset.rewriting.said_of import STOPS

LOOSE_NEXT = re.compile(
    rf"(?<=\w)(,?)\s*\0\s*,\s*(?=(?:\w+ly\s+)?(?:{PARTICIPLE}|who|with|in|on|at|behind|beside|under|inside|near|against|seated|lit|asleep|awake|alone|seen"
    r"|\w{2,}ed(?=\s+(?:against|in|on|at|by|from|with|as|mid|to|into|over|onto|under|behind))|perched|posed|captured|backlit|silhouetted)\b)",
    re.IGNORECASE,
)
WHILE_NEXT = re.compile(rf"(?<=\w)\s*\0\s*while\s+(?={PARTICIPLE}\b)", re.IGNORECASE)
VERB_AFTER = re.compile(rf"[^,.!?;\0]*,\s*(?:is|are|was|were|{FINITE}|{THEY_DO}\b)", re.IGNORECASE)
"""`holding a basket, walks`: an aside that both commas hold"""
PRESENTS = lx.words("shows depicts captures features presents portrays is are")
"""what a picture does: `The image shows a woman standing`"""
PICTURES = lx.words("""
    photo photograph picture portrait image closeup shot selfie view illustration painting drawing sketch render
""")  # fmt: skip


def joined(sentence: str) -> str:
    """`a woman[ with ...], standing` -> `a woman standing`; after a place, a verb or another comma, `A woman runs[ in ...],
    holding a cup`, the comma stays, and so does that of an aside."""
    return LOOSE_NEXT.sub(_mark, WHILE_NEXT.sub(_while, sentence))


def _while(hole: re.Match[str]) -> str:
    """`a woman[ with headphones] while sitting at a desk` -> `a woman sitting at a desk`; after a verb `while` stays."""
    words = tokens(hole.string[: hole.start()])
    return " " if words[-1].key in lx.PERSON and not main_verbs(words) else " while "


def _mark(hole: re.Match[str]) -> str:
    before, after = hole.string[: hole.start()], hole.string[hole.end() :]
    words = tokens(before)
    if _names_somebody(before, words, hole[1]):
        return ", " if VERB_AFTER.match(after) else " "
    return ", "


def _names_somebody(before: str, words: Sequence[Token], comma: str) -> bool:
    """`a woman`, `Mia`, `photo of ohwx`, on whom what follows hangs; not `ohwx man,` of a list of tags, nor `Mia as a pirate`."""
    start = next((at + 1 for at in range(len(words) - 1, -1, -1) if words[at].key in STOPS), 0)
    piece = [word.key for word in words[start:]]
    if not piece or "as" in piece:
        return False
    presented = all(words[at].key in PRESENTS for at in main_verbs(words))
    told = not gr.ARTICLES.isdisjoint(piece) or piece[0] in gr.POSSESSIVE
    if piece[-1] in lx.PERSON:
        return not comma or (told and presented and not start)
    placed = any(key in gr.PREPOSITIONS - {"of"} or key.endswith("ing") for key in piece)
    return presented and not (start or placed) and (not comma or _is_name(before.split()))


def _is_name(words: Sequence[str]) -> bool:
    """`Ben`, `Our son Milo`, but no trigger in capitals, nor `Portrait`."""
    return len(words) <= 4 and words[-1].istitle() and words[-1].lower() not in PICTURES
