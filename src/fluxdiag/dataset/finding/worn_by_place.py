"""What is worn without a name of a garment, told by its place: `a flower in her hair`, `beads around her neck`, `in white`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_tails import on_wearer_end
from fluxdiag.dataset.finding.garments import may_modify
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import Token

STRINGS = lx.words("string strings strand strands loop coil")


def around_neck(words: Sequence[Token], at: int) -> Phrase | None:
    """`a string of wooden beads around her neck`: no garment by name, but by its place."""
    if at >= len(words) or words[at].key not in ("a", "an", "two", "several"):
        return None
    for place in range(at + 2, min(at + 7, len(words))):
        if words[place].key == "around" and (end := on_wearer_end(words, place)) > place:
            return Phrase(at, end, "accessory")
        if not words[place].is_word or words[place].key in gr.STOPPERS - {"of"}:
            return None
    return None


def bare_part(words: Sequence[Token], at: int) -> bool:
    """`her feet are bare`"""
    named = at > 2 and words[at - 3].key in gr.POSSESSIVE and words[at - 2].key in ("feet", "legs", "arms", "shoulders", "hands")
    return named and words[at - 1].key in gr.COPULAS


def in_colour(words: Sequence[Token], at: int) -> Phrase | None:
    """`a woman in white`."""
    end = at + 1
    while end < len(words) and (words[end].key in lx.COLOUR or words[end].key == "all"):
        end += 1
    stops = end == len(words) or words[end].key in gr.STOPPERS or not words[end].is_word or words[end].key.endswith("ing")
    return (
        Phrase(at + 1, end, "clothing")
        if end > at + 1
        and stops
        and words[end - 1].key not in ("light", "dark", "neon")
        and at
        and words[at - 1].key in lx.PERSON
        else None
    )


def _goes_back(words: Sequence[Token], at: int) -> bool:
    """A word, or the comma of `a large[,] red bow in her hair`."""
    if words[at].is_word:
        return True
    joins = words[at].key == "," and at > 1 and words[at - 2].key in ("a", "an")
    return joins and may_modify(words[at - 1].key) and may_modify(words[at + 1].key)


def _told_of_hair(key: str) -> bool:
    """`in her [upswept black] hair`"""
    return key in gr.MODIFIERS["hair"] or (key.endswith(("ed", "swept")) and key != "red")


def in_hair(words: Sequence[Token], at: int) -> Phrase | None:
    """`a red flower in her hair`."""
    after = [word.key for word in words[at + 1 : at + 3]]
    told = 1
    while at + 1 + told < len(words) and told < 5 and _told_of_hair(words[at + 1 + told].key):
        told += 1
    if len(words) <= at + 1 + told or after[0] not in gr.POSSESSIVE or words[at + 1 + told].key != "hair":
        return None
    start = at
    while start and at - start < 5 and words[start - 1].key not in gr.STOPPERS - gr.ARTICLES and _goes_back(words, start - 1):
        start -= 1
        bare = (
            words[start - 1].key in (",", "and", "with", ".", "has") and words[at - 1].key.endswith("s")
            if start
            else at - start < 4
        )
        if words[start].key in gr.ARTICLES or bare:
            return (
                Phrase(start, at + 2 + told, "accessory")
                if words[at - 1].key
                not in lx.HAIR_HEADS_WITH_ADJECTIVE | {"hand", "hands", "fingers", "arms", "eyes", "stands", "is"}
                else None
            )
    return None
