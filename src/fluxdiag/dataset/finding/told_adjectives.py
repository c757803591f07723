"""Adjectives told of a person by a verb: `she is [tall, slender and pale]`, `he looks [wiry and flexible]`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.ages import decade
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.looking_words import adjective_kind
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

HOW = lx.words("so very quite rather really too exceptionally extremely incredibly unusually remarkably slightly visibly")
WEATHER = lx.words("heat cold sun wind frost exertion exhaustion effort age")
SIZED = lx.words("broad narrow thick heavy")
"""`broad in the shoulders`"""
BENT = lx.words("hunched stooped")


def told_adjectives(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    """`She is tall, slender and pale`: none if the adjective goes on to something else."""
    start = at = _past_age(words, at)
    at += words[at].key in HOW if at < len(words) else 0
    while at < len(words):
        kind = adjective_kind(words[at].key) or ("body" if _size(words, at) else None)
        if _does(words, at):
            return
        if kind is not None and kind not in ("expression", "clothing"):
            end = _and_more(words, to_what_point(words, at + 1))
            yield Phrase(start if start + 1 == at and words[start].key in HOW else at, end, kind)
            at = end - 1
        elif (
            kind is None
            and not words[at].key.endswith("ly")
            and words[at].key not in lx.DEGREE | {",", "and", "to", "be", "both", "neither"}
        ):
            return
        at += 1


def _past_age(words: Sequence[Token], at: int) -> int:
    """`[He is] in his late fifties and [heavyset]`"""
    aged = decade(words, at) if at < len(words) and words[at].key == "in" else None
    return aged[1] + 1 if aged is not None and aged[1] < len(words) and words[aged[1]].key in (",", "and") else at


def _size(words: Sequence[Token], at: int) -> bool:
    """`[small] and wiry`, `[big], burly`: of a person where a build follows"""
    sized = (
        words[at].key in ("small", "big", "large", "broad") and at + 2 < len(words) and words[at + 1].key in ("and", "but", ",")
    )
    part = words[at].key in SIZED and [token.key for token in words[at + 1 : at + 3]] == ["in", "the"]
    if part and at + 3 < len(words) and words[at + 3].key in BODY_PART:
        return True
    return sized and adjective_kind(words[at + 2].key) == "body"


def _and_more(words: Sequence[Token], end: int) -> int:
    """`wiry [and flexible]`, `lean[, supple] and strong`: an adjective that no list has, at the end or in the list."""
    if end + 1 >= len(words) or words[end].key not in ("and", ","):
        return end
    key, following = words[end + 1].key, words[end + 2].key if end + 2 < len(words) else "."
    plain = (
        key.isalpha()
        and key not in gr.STOPPERS | lx.MOODS | lx.PERSON | lx.ANIMAL | verbs.THIRD
        and not key.endswith(("ing", "ly"))
    )
    if not plain or adjective_kind(key) is not None or gr.garment_kind(key) or gr.head_kind(key):
        return end
    if words[end].key == "and":
        return end + 2 if following in CLAUSE_END | {",", "with", "but"} else end
    listed = following == "and" and end + 3 < len(words) and adjective_kind(words[end + 3].key) is not None
    return end + 2 if listed else end


def _does(words: Sequence[Token], at: int) -> bool:
    """`He is [striking] a nail`, `hunched over the wheel`: what he does, and no look."""
    key, following = words[at].key, words[at + 1].key if at + 1 < len(words) else ""
    acting = key.endswith("ing") and following in gr.ARTICLES | gr.POSSESSIVE
    return acting or (key in BENT and following in ("over", "forward", "down", "against", "beside", "behind", "at", "in"))


def to_what_point(words: Sequence[Token], at: int) -> int:
    """`skinny [to the point of being skeletal]`, `slight [of build]`, `red-faced [from the heat]`"""
    after = [token.key for token in words[at : at + 4]]
    if after[:1] in (["from"], ["with"]) and (WEATHER & set(after[1:3])):
        return at + 2 + (after[1] == "the")
    if after[:2] in (["of", "build"], ["of", "stature"], ["of", "frame"]):
        return at + 2
    if after[:2] == ["in", "the"] and after[2:3] and after[2] in BODY_PART:
        return at + 3  # `strong in the shoulders`
    if after != ["to", "the", "point", "of"]:
        return at
    while at < len(words) and words[at].is_word and words[at].key != "and":
        at += 1
    return at
