"""How far a clause about looks reaches: to a full stop, or to a comma or `and` after which something else is said."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.clause_parts import SAYS, ellipsis, likened
from fluxdiag.dataset.finding.lexicon.styles import STYLED
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import GOES_ON
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

AND_VERB = lx.words("rest hold grip clasp fold press reach hang gaze stare"
    " is was has are have she he they wears stands sits holds looks holding sitting standing looking"
    " leans seems appears her his"
                    " their blends moves flutters billows")  # fmt: skip


FALLS = lx.words("""
    falls fall cascades cascade hangs hang flows flow reaches reach frames frame tumbles tumble spills spill rests lies drapes
""")
EYES_DO = lx.words("squint squints narrow narrows look looks gaze gazes stare stares peer peers follow watch search scan")
ON_END = lx.words("sticks stick stands stand pokes poke curls curl")
TO_SIDE = lx.words("loosely loose freely softly gently straight just")


def group_of(kind: str) -> str:
    return "cloth" if kind in ("clothing", "accessory") else kind


def clause_end(words: Sequence[Token], at: int, phrase: Phrase) -> int:
    """Up to a full stop, or a comma or `and` after which something else is said."""
    told = gr.MODIFIERS.get(group_of(phrase.kind), frozenset()) - lx.DEGREE
    while at < len(words) and words[at].key not in CLAUSE_END:
        key = words[at].key
        following = words[at + 1].key if at + 1 < len(words) else ""
        if key == "," and following == "including" and phrase.kind != "clothing":
            return next((place for place in range(at, len(words)) if words[place].key in CLAUSE_END), len(words))
        if (led := _and_so_it_is(words, at, phrase, told)) > at:
            at = led
            continue
        if key == "," and not _list_goes_on(words, at, phrase):
            break
        if key == "and" and (length := ellipsis(words, at)):
            at += length
            continue
        if key == "and" and following in told and _after_adjective(words, at + 2):
            at += 2  # `long and gray [sits]`
            if at < len(words) and words[at].key in gr.VERBS - gr.COPULAS:
                break
            continue
        if key == "and" and (following in AND_VERB or following in lx.PERSON or _finite_soon(words, at)):
            break
        if key == "as" and (compared := _compared(words, at)):
            at += compared
            continue
        if key in ("while", "as", "which", "whose") and at > phrase.end and not likened(words, at):
            break
        if key == "that" and following in EYES_DO:
            break  # `[His face is tanned, with pale blue eyes] that squint against the sun`
        if key in GOES_ON and at > phrase.end + 1 and words[phrase.start].key == "whose" and words[at - 1].key != "and":
            break  # `[whose hair blows in the wind] stands`
        at += 1
    return at


def _and_so_it_is(words: Sequence[Token], at: int, phrase: Phrase, told: lx.Words) -> int:
    """`[Her hair is long, black], and wavy`, `[is blonde] and is tied up`, `[is long] and falls to her waist`: past the words
    that join what is still said of it; `at` itself if something else follows."""
    joins = at + (words[at].key == ",")
    if joins + 2 >= len(words) or words[joins].key != "and":
        return at
    first, second = words[joins + 1].key, words[joins + 2].key
    if joins > at and first in told and _after_adjective(words, joins + 2):
        return joins + 2
    if phrase.kind != "hair":
        return at
    again = first in ("is", "are", "was") and (second in STYLED | told or second.endswith("ly"))
    on_end = first in ON_END and second in ("up", "out", "straight")  # `[is wet] and sticks up at the back`
    return joins + 2 if again or on_end or (first in FALLS and second in gr.PREPOSITIONS | gr.POSSESSIVE | TO_SIDE) else at


def _compared(words: Sequence[Token], at: int) -> int:
    """`as big as he is`, `the same shade as the leaves`: how many words to pass."""
    if at + 2 < len(words) and words[at + 2].key == "as":
        return 3
    return int("same" in [token.key for token in words[max(0, at - 3) : at]])


def _after_adjective(words: Sequence[Token], at: int) -> bool:
    """No noun that the adjective before it could belong to."""
    return at >= len(words) or not words[at].is_word or words[at].key in gr.VERBS - gr.COPULAS or words[at].key in gr.PREPOSITIONS


def _list_goes_on(words: Sequence[Token], at: int, phrase: Phrase) -> bool:
    """`short, choppy style`, `glamorous, with red lipstick`: still about the same thing."""
    allowed = gr.MODIFIERS.get(group_of(phrase.kind), frozenset()) | {"with"}
    after = words[at + 1 : at + 3]
    if not after:
        return False
    if after[0].key in ("a", "an") and not _about_the_same(words, at + 2, phrase):
        return False  # `[Her hair is tied up], a dog on the back seat`
    if after[0].key in ("dyed", "which", "outlined", "styled", "is", "are", "a") and (
        at == phrase.end or after[0].key in gr.COPULAS
    ):
        return True
    if after[0].key == "with":
        return any(
            word.key in lx.FACE_HEADS | lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE | lx.COLOUR
            for word in words[at + 2 : at + 9]
        )
    if after[0].key in ("so", "revealing", "exposing", "showing"):
        return False  # `[Her jumpsuit is tied around her waist], revealing [a tank top]`
    if after[0].key in lx.DEGREE and len(after) > 1 and after[1].key in allowed and words[at + 3 : at + 4]:
        return words[at + 3].key in (",", ".", "and", ";")  # `dark brown, almost black, and falls`
    heads = lx.FACE_HEADS if phrase.kind == "face" else lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE
    waved = len(after) > 1 and " " in after[0].key and after[1].key in heads
    return waved or (after[0].key in allowed and not _finite_soon(words, at))


def _about_the_same(words: Sequence[Token], at: int, phrase: Phrase) -> bool:
    """`[is long, a] little wavy`, `[is white, a] tangle of curls`"""
    known = gr.MODIFIERS.get(group_of(phrase.kind), frozenset()) | lx.QUANTITY
    heads = (gr.head_kind(token.key) for token in words[at : at + 4])
    return (at < len(words) and words[at].key in known) or any(found is not None and found[0] == phrase.kind for found in heads)


def _finite_soon(words: Sequence[Token], at: int) -> bool:
    """A new subject and its verb follow: `and her eyes are`, `and snow falls`."""
    for token in words[at + 1 : at + 8]:
        if token.key == "and":
            return False
        if (
            token.key in gr.COPULAS
            or token.key in SAYS
            or token.key in lx.words("wears stands sits holds moves gives complements creates wear")
        ):
            return True
        if token.key in CLAUSE_END or token.key in (",", "with"):
            return False
    return False
