"""How a list of words is written, and how it is put into a regular expression."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import cache
from itertools import groupby


class Words(frozenset[str]):
    """A list of words. What two lists make together is reckoned once, so that the grammar may write `gr.ARTICLES | lx.COLOUR`
    where it is needed: copying such lists anew at every word took half of the time."""

    __slots__ = ()

    def __or__(self, other: Set[object]) -> Words:
        return _together(self, _frozen(other))

    def __sub__(self, other: Set[object]) -> Words:
        return _without(self, _frozen(other))

    __ror__ = __or__

    def __rsub__(self, other: Set[str]) -> Words:
        return _without(_frozen(other), self)


def _frozen(other: Set[object]) -> frozenset[object]:
    return other if isinstance(other, frozenset) else frozenset(other)


@cache
def _together(one: frozenset[str], other: frozenset[str]) -> Words:
    return Words(one.union(other))


@cache
def _without(one: frozenset[str], other: frozenset[str]) -> Words:
    return Words(one.difference(other))


@cache
def words(text: str) -> Words:
    """`a b_c` -> {a, b c, bc}: `_` stands for a space, a hyphen or nothing (keys never hold hyphens)."""
    found = text.split()
    return Words(form for word in found for form in (word.replace("_", " "), word.replace("_", "")))


def pattern(*lists: Iterable[str]) -> str:
    """The words as one alternative of a regular expression, by their first letter, the longest first; a space also stands for a
    hyphen. Of a thousand alternatives in a row every one would be tried at every place."""
    found = sorted({word for one in lists for word in one}, key=lambda word: (word[0], -len(word), word))
    by_letter = [(letter, "|".join(word[1:] for word in group)) for letter, group in groupby(found, key=lambda word: word[0])]
    return "|".join(f"{letter}(?:{rest})" for letter, rest in by_letter).replace(" ", r"[\s-]")
