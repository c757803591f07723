"""Pieces of nobody: told by what follows to lie on a floor, to hang on a rack, to have been left there or taken off."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.clause_parts import PUT_AWAY
from fluxdiag.dataset.finding.garment_starts import garment_start
from fluxdiag.dataset.finding.garments import garment_head
from fluxdiag.dataset.finding.held import FURNITURE, on_somebody
from fluxdiag.dataset.finding.put_away import PLACES, on_a_thing
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

LYING = lx.words("lying laid left scattered strewn discarded tossed thrown dropped draped hanging hung folded piled")
LIE = lx.words("lies lie lay sits sit hangs hang rests rest")
GROUND = FURNITURE | lx.words("ground grass sand sofa couch bench wall door towel_rack railing dresser windowsill clothesline")
OPENS = frozenset(",.!?;:(|\n")
CLOSES = frozenset(",.!?;)|\n")
DUMMIES = lx.words("mannequin dummy dress_form hanger hangers scarecrow statue")
PIECES = 3
"""joined by `and` that are read on"""
FAR = 4
"""words from `lying` to the place"""


def laid(words: Sequence[Token], start: int, at: int) -> bool:
    """`[a black dress] and a pair of heels lying on the floor`, `[socks] on floor`, `[hat] removed`, `[a coat] on a dummy`"""
    if _on_dummy(words, at + 1) or of_animal(words, at):
        return True
    if not _opens_part(words, start):
        return False
    if (at + 1 == len(words) or words[at + 1].key in CLOSES) and kept_elsewhere(words, start, at + 1):
        return True
    return _as_tag(words, start, at + 1) or _said_to_lie(words, start, at + 1)


def kept_elsewhere(words: Sequence[Token], start: int, end: int) -> bool:
    """`[towel], white towel on rack`: a tag without any word of its own, and another tag tells where the thing is."""
    if end - start > 1:
        return False
    places = [place for place in range(1, len(words) - 1) if words[place].key == words[start].key and place != start]
    return any(_as_tag(words, place, place + 1) for place in places)


def of_animal(words: Sequence[Token], at: int) -> bool:
    """`[dog, leash,] animal collar`: without an animal in the picture it is somebody's."""
    kind = words[at].key == "collar" and at > 0 and words[at - 1].key in ("animal", "pet")
    return kind and any(token.key in lx.ANIMAL - {"animal", "pet"} for token in words)


def _opens_part(words: Sequence[Token], start: int) -> bool:
    """The first piece of a list with `and` opens a part or a sentence: what somebody wears has a word before it."""
    first = start
    for _ in range(PIECES):
        if first < 2 or words[first - 1].key != "and" or gr.garment_kind(words[first - 2].key) is None:
            break
        first = garment_start(words, first - 2)
    return (
        first == 0
        or words[first - 1].key in OPENS
        or (first > 1 and [words[first - 2].key, words[first - 1].key] == [",", "and"])
    )


def _as_tag(words: Sequence[Token], start: int, end: int) -> bool:
    """`socks on floor`, `hat removed`, without any article"""
    after = [token.key for token in words[end : end + 3]]
    if after[:1] == ["removed"]:
        return after[1:2] == [] or after[1] in CLOSES
    placed = len(after) > 1 and after[0] in ("on", "over", "under") and after[1] in GROUND
    return placed and (len(after) == 2 or after[2] in CLOSES) and words[start].key not in gr.POSSESSIVE


def _said_to_lie(words: Sequence[Token], start: int, end: int) -> bool:
    """On over `and a denim jacket` to the verb, which needs an article before it if it is no more than `lying`."""
    last = start
    for _ in range(PIECES):
        if end + 1 >= len(words) or words[end].key != "and" or (head := garment_head(words, end + 1, surely=False)) is None:
            break
        last, end = end + 1, head + 1
    after = [token.key for token in words[end : end + 3]]
    if len(after) < 3 or on_somebody(words, end + 1):
        return False  # `Reading glasses hang from a cord around her neck`
    if after[0] in ("has", "have", "had") and after[1] == "been" and after[2] in PUT_AWAY:
        return _at_a_place(words, end + 3)
    if last == start and words[start].key in gr.POSSESSIVE:
        return False  # `put_away` reads what is owned
    if after[0] in gr.COPULAS and after[1] in LYING:
        return _at_a_place(words, end + 2)
    told = after[0] in LIE or (after[0] in LYING and words[last].key in gr.ARTICLES | gr.POSSESSIVE)
    return told and _at_a_place(words, end + 1)


def _at_a_place(words: Sequence[Token], at: int) -> bool:
    for place in range(at, min(at + FAR, len(words) - 1)):
        if words[place].key in CLAUSE_END | {",", "and"}:
            return False
        if words[place].key in PLACES:
            return words[place + 1].key in GROUND or (place + 2 < len(words) and on_a_thing(words, place + 1))
    return False


def _on_dummy(words: Sequence[Token], at: int) -> bool:
    """`[a purple coat] on a dressmaker's dummy`"""
    if at + 2 >= len(words) or words[at].key != "on" or words[at + 1].key not in gr.ARTICLES:
        return False
    for token in words[at + 2 : at + 6]:
        if token.key in DUMMIES:
            return True
        if token.key in gr.STOPPERS - {"'s"} or not (token.is_word or token.key == "'s"):
            return False
    return False
