"""Adjectives of a person: `a tall, slim woman` before the noun, `she is petite` told of one, `bald, with a beard` alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.ages import YEARS
from fluxdiag.dataset.finding.cast import Cast
from fluxdiag.dataset.finding.looking_words import KIND_OF, adjective_kind
from fluxdiag.dataset.finding.naming import made_up
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import Token
from fluxdiag.dataset.finding.told_adjectives import HOW, to_what_point, told_adjectives
from fluxdiag.records import AppearanceKind

SIZES = lx.words("large big heavy small")
GROWN = lx.words("man woman guy fellow lady gentleman male female person chef boxer wrestler bouncer")
"""of whom alone a size is told: `a large crowd`, `a big brother`"""
HEIGHT = lx.words("height build stature frame")
OF_HEIGHT = HEIGHT | lx.BODY | lx.BODY_SIZE | lx.DEGREE | {"a", "and"}
NOUNS = lx.words("blonde brunette redhead blond")


def _names_person(words: Sequence[Token], at: int, people: Cast) -> bool:
    return words[at].key in lx.PERSON or words[at].key in ("she", "he", "they") or people.owner[at] == "character"


SELF = lx.words("himself herself")
WHERE = lx.words("front back left right middle center centre image photo picture photograph foreground")


def _told_of_person(words: Sequence[Token], verb: int, people: Cast) -> bool:
    """`She is`, `The man on the left is`, `The woman in front looks`"""
    first = verb - 1
    if words[first].key in SELF:
        first -= 1
    elif words[first].key in WHERE:
        first -= 2 + (words[first - 1].key == "the")  # `on the left`, `in front`
    return first >= 0 and _names_person(words, first, people)


NOT_ALONE = lx.ETHNICITY | NOUNS | {"short", "large", "full", "weathered"}


LEANS_IN = lx.words("to and close closer toward towards over for with . ,")
ALONE = ("hair", "body", "mark", "skin", "accessory")
"""what an adjective after a comma tells of the person; clothes are a garment's matter, `shirtless` aside"""


def _stands_alone(words: Sequence[Token], at: int) -> bool:
    """`a blacksmith, bald with a beard`: after a comma and before `with`, a comma or the like."""
    after = words[at + 1].key if at + 1 < len(words) else "."
    if after == "of" and at + 2 < len(words) and words[at + 2].key in ("build", "stature", "frame"):
        return True
    if not _told_alone(words[at].key) and not (after == "and" and _undressed(words, at)):
        return False
    first = at - (at > 0 and words[at - 1].key in HOW)
    if (first and words[first - 1].key not in (",", ".")) or _leans(words, at):
        return False
    return after in ("with", "and", ",", ".", "in", "since") or to_what_point(words, at + 1) > at + 1


def _leans(words: Sequence[Token], at: int) -> bool:
    """`the children, who wear bibs, [lean] in to see it`, not `he, lean in build, waits`"""
    after = [token.key for token in words[at + 1 : at + 3]]
    return words[at].key == "lean" and after[:1] == ["in"] and (after[1:2] == [] or after[1] in LEANS_IN)


@lru_cache(maxsize=4096)
def _told_alone(key: str) -> bool:
    return (key not in NOT_ALONE and adjective_kind(key) in ALONE) or key.endswith((" faced", " cheeked"))


def _undressed(words: Sequence[Token], at: int) -> bool:
    """`shirtless and tattooed`"""
    listed = adjective_kind(words[at].key) == "clothing" and at + 2 < len(words)
    return listed and adjective_kind(words[at + 2].key) in ALONE


def adjectives(words: Sequence[Token], people: Cast) -> Iterator[Phrase]:
    """Each adjective of its own kind before a noun for a person, or told of one: `a [tall], [slim] woman`, `she is
    [petite]`."""
    for at, token in enumerate(words):
        if token.key in lx.PERSON or (token.key in NOUNS and _is_noun(words, at)):
            yield from _before(words, at)
            if token.key in NOUNS and at and words[at - 1].key in gr.ARTICLES:
                yield Phrase(at, at + 1, "hair")
        elif (
            token.key in TELLS
            and at
            and _told_of_person(words, at, people)
            and not _far_off(words, at)
            and not _compared(words, at)
        ):
            yield from told_adjectives(words, at + 1)
        elif _stands_alone(words, at):
            yield from told_adjectives(words, at - (at > 0 and words[at - 1].key in HOW))
        elif token.key in ("of",) and at + 1 < len(words):
            yield from _descent(words, at)
            yield from _of_height(words, at)


def _compared(words: Sequence[Token], at: int) -> bool:
    """`a fish as long as he is tall`"""
    before = [token.key for token in words[max(0, at - 4) : at - 1]]
    return before[-1:] == ["as"] and before[:1] == ["as"]


TELLS = lx.words("is are was appears be looks seems")
FAR_OFF = lx.words("tiny small minuscule diminutive")


def _far_off(words: Sequence[Token], verb: int) -> bool:
    """`The figure seems tiny`: how far off somebody is"""
    return words[verb].key in ("seems", "appears", "looks") and verb + 1 < len(words) and words[verb + 1].key in FAR_OFF


LOOK_OF_ONE = lx.words("one the other another a an is are has wears wearing with in and while whereas , of both")


def contrasted(words: Sequence[Token]) -> Iterator[Phrase]:
    """`One is blonde and the other brunette`: a clause that tells nothing but how two of them look."""
    for start in range(1, len(words) - 3):
        if words[start].key != "one" or words[start - 1].is_word:
            continue
        end = start
        while end < len(words) and (words[end].key in LOOK_OF_ONE or _look(words[end].key)):
            end += 1
        end -= words[end - 1].key == ","
        closed = end == len(words) or not words[end].is_word
        kinds = [kind for token in words[start:end] if (kind := _look(token.key)) is not None]
        if closed and kinds and words[end - 1].key not in LOOK_OF_ONE and "other" in {token.key for token in words[start:end]}:
            yield Phrase(start, end, kinds[-1], whole=True)


def _look(key: str) -> AppearanceKind | None:
    if (kind := adjective_kind(key)) not in (None, "expression"):
        return kind
    if (found := gr.head_kind(key)) is not None:
        return found[0]  # type: ignore[return-value]
    if (worn := gr.garment_kind(key)) is not None:
        return worn  # type: ignore[return-value]
    return "hair" if key in gr.MODIFIERS["hair"] - lx.DEGREE else None


def _is_noun(words: Sequence[Token], at: int) -> bool:
    after = words[at + 1].key if at + 1 < len(words) else ""
    return after in gr.STOPPERS or after in (",", ".", "")


def _before(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    start = at
    while start and at - start < 9:
        token = words[start - 1]
        kind = adjective_kind(token.key) or ("body" if token.key in SIZES and words[at].key in GROWN else None)
        if kind is not None:
            first = start - 1
            while (
                kind in ("hair", "eyes", "skin")
                and first
                and " " not in token.key
                and token.key.endswith(tuple(KIND_OF))
                and (words[first - 1].key in lx.HAIR | lx.COLOUR | lx.EYES)
            ):
                first -= 1
            yield Phrase(first, start, kind)
            start = first
        elif start == at and [word.key for word in words[max(0, start - 2) : start]] == ["young", "adult"]:
            yield Phrase(start - 2, start, "age")
            start -= 2
        elif start == at and (made_up(token) or _of_what(words, start - 1)):
            start -= 1
        elif token.key in YEARS and start > 1 and words[start - 2].key.isdecimal():
            yield Phrase(start - 2, start, "age")
            start -= 2
        elif token.key.endswith(("year old", "yo")) and token.key[0].isdecimal():
            yield Phrase(start - 1, start, "age")
            start -= 1
        elif (
            token.key in (",", "and") and start > 1 and (adjective_kind(words[start - 2].key) or words[start - 2].key in YEARS)
        ) or token.key in lx.DEGREE:
            start -= 1
        elif _between_adjectives(words, start - 1):
            start -= 2
        else:
            return


def _of_what(words: Sequence[Token], at: int) -> bool:
    """`a tall [train] conductor`: one noun that says of what kind, behind an adjective of looks."""
    plain = words[at].key.isalpha() and words[at].key not in gr.STOPPERS | lx.PERSON | lx.ANIMAL
    return plain and at > 0 and adjective_kind(words[at - 1].key) not in (None, "clothing", "accessory")


def _between_adjectives(words: Sequence[Token], at: int) -> bool:
    """`a tall, [kind,] blonde woman`: past an adjective of no looks in a list of those that are."""
    listed = at > 2 and words[at].key == "," and words[at - 2].key == ","
    return listed and adjective_kind(words[at - 3].key) is not None and words[at - 1].key.isalpha()


def _of_height(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    """`[He is] of average height and medium build`"""
    end = last = at + 1
    while end < len(words) and words[end].key in OF_HEIGHT:
        end += 1
        last = end if words[end - 1].key.rpartition(" ")[2] in HEIGHT else last
    told = [token.key for token in words[at + 1 : last] if token.key not in HEIGHT | {"a", "and"}]
    if told:
        yield Phrase(at, last, "body")


def _descent(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    """`of South Asian descent`."""
    end = at + 1
    while end < len(words) and (words[end].key in lx.ETHNICITY or words[end].key in ("south", "east")):
        end += 1
    if end > at + 1 and end < len(words) and words[end].key in ("descent", "heritage", "ethnicity", "origin", "ancestry"):
        yield Phrase(at, end + 1, "skin")
