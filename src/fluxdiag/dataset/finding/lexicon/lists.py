"""How a list of words is written, and how it is put into a regular expression."""

from __future__ import annotations

from collections.abc import Iterable

Words = frozenset[str]


def words(text: str) -> Words:
    """`a b_c` -> {a, b c, bc}: `_` stands for a space, a hyphen or nothing (keys never hold hyphens)."""
    found = text.split()
    return frozenset(word.replace("_", " ") for word in found) | frozenset(word.replace("_", "") for word in found)


def pattern(*lists: Iterable[str]) -> str:
    """The words as one alternative of a regular expression, longest first; a space also stands for a hyphen."""
    found = sorted({word for one in lists for word in one}, key=lambda word: (-len(word), word))
    return "|".join(word.replace(" ", r"[\s-]") for word in found)
