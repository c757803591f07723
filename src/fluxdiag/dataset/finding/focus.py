"""Whom a caption says its picture is about: `a man and a woman dancing. The woman is the main focus of the image.`"""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.grammar import COPULAS
from fluxdiag.dataset.finding.naming import determiner, phrase_start
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

FOCUS = lx.words("focus subject focal_point foreground center_of_attention centre_of_attention protagonist main_character")
MAIN = lx.words("main primary central clear sole")
LEADS = lx.words("the in sharp")
FAR = 5
"""words between the copula and `focus`"""


def in_focus(words: Sequence[Token]) -> str | None:
    """The noun of the one that the picture is said to be about, if another person was named with an article before them."""
    for at in [at for at, token in enumerate(words) if token.key in FOCUS]:
        if at > 5 and (noun := _subject_of(words, at) or _predicate_of(words, at)) is not None:
            return words[noun].key if _named_second(words, words[noun].key, noun) else None
    return None


def _subject_of(words: Sequence[Token], focus: int) -> int | None:
    """`The woman is the main focus`, `The woman is in focus`, `The man is in the foreground`"""
    led = words[focus - 1].key in MAIN | LEADS and (words[focus].key != "foreground" or words[focus - 2].key == "in")
    # `The woman in the foreground`, `The woman, in the foreground, wears`
    beside = focus - 3 - (words[focus - 3].key == ",")
    if led and words[focus].key == "foreground" and words[beside].key in lx.PERSON and determiner(words, beside) == "the":
        return beside
    copula = next((at for at in range(focus - 1, max(1, focus - FAR), -1) if words[at].key in COPULAS), None) if led else None
    if copula is None or words[copula - 1].key not in lx.PERSON or determiner(words, copula - 1) != "the":
        return None
    return copula - 1


def _predicate_of(words: Sequence[Token], focus: int) -> int | None:
    """`The main subject of the image is the woman`"""
    if words[focus].key == "foreground" or words[focus - 1].key not in MAIN or focus + 2 >= len(words):
        return None
    end = next((at for at in range(focus, len(words)) if words[at].key in CLAUSE_END), len(words))
    copula = next((at for at in range(focus + 1, min(focus + 1 + FAR, end)) if words[at].key in COPULAS), end)
    noun = next((at for at in range(copula + 1, min(copula + 4, end)) if words[at].key in lx.PERSON), None)
    return noun if noun is not None and determiner(words, noun) == "the" else None


def _named_second(words: Sequence[Token], key: str, before: int) -> bool:
    """`a man and a woman` of a `woman`: both stand with an article, the other one first."""
    people = [at for at in range(before) if words[at].key in lx.PERSON and words[phrase_start(words, at)].key in ("a", "an")]
    keys = [words[at].key for at in people]
    return len(keys) > 1 and keys[0] != key and key in keys
