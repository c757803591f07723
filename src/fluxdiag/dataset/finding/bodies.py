"""A body told by more than adjectives: `a barrel of a man`, `a swimmer's wide back`, `an arm that ends below the elbow`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.naming import LIKE_WHAT, body_of_a_kind, built_like, phrase_start
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

LIMBS = lx.words("arm arms leg legs")
ENDS = lx.words("ends end stops stop")
TELLS_BODY = LIKE_WHAT | ENDS | {"'s"}


def bodies(words: Sequence[Token]) -> Iterator[Phrase]:
    """Each of them, whoever they belong to."""
    for at in range(3, len(words)):
        if words[at].key in lx.PERSON and (start := built_like(words, at)) is not None and _apart(words, start):
            yield Phrase(start, at + 1, "body")
        elif words[at].key == "'s" and (end := body_of_a_kind(words, at - 1)) is not None:
            yield Phrase(at - 2, end, "body")
        elif words[at].key in ENDS and words[at - 1].key in ("that", "which") and words[at - 2].key in LIMBS:
            start = phrase_start(words, at - 2)
            if start < at - 2:
                yield Phrase(start, _clause_end(words, at), "body")


def _apart(words: Sequence[Token], start: int) -> bool:
    """Beside the one it tells of; `A barrel of a man drums` would lose its subject"""
    return start > 0 and words[start - 1].key == ","


def _clause_end(words: Sequence[Token], at: int) -> int:
    while at < len(words) and words[at].key not in CLAUSE_END | {",", "and", "while", "as"}:
        at += 1
    return at
