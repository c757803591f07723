"""A caption as words with their places, longest known phrases first: `t-shirt`, `t shirt` and `T - Shirt` are one token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from fluxdiag.dataset.finding.grammar import MULTI

WORD = re.compile(
    r"<[^<>\s]+>|[:;>][-(]?[a-z(](?![\w:])|\by/o\b|\bw/o?(?![\w/])|\bw/(?=\w)|\d+(?:\.\d+)?(?=[\s,)])|[^\W_]+(?:['’][^\W_]+)*(?:-[^\W_]+(?:['’][^\W_]+)*)*|['’]s\b|[^\w\s]"
)
CLAUSE_END = frozenset(".!?;:()\n|")


@dataclass(frozen=True, slots=True)
class Token:
    """`key` is lower case and without hyphens; `proper` says whether it began with a capital."""

    start: int
    end: int
    key: str
    proper: bool = False

    @property
    def is_word(self) -> bool:
        return self.key[0].isalnum()


@lru_cache(maxsize=16)
def tokens(caption: str) -> tuple[Token, ...]:
    """The words and marks of a caption; the genitive `'s` is a token of its own, Markdown is none. The last few are kept, as
    what finds the spans and what takes them out read the same caption."""
    found: list[Token] = []
    for match in WORD.finditer(caption):
        text, start = match[0], match.start()
        if text.isalpha() or text == ",":  # most are, and of them nothing else is asked
            found.append(Token(start, match.end(), text.lower(), text[0].isupper()))
            continue
        lower = text.lower().replace("’", "'")
        if lower[0] == "<" and len(lower) > 1:
            continue  # `<lora:blue_eyes_v2:0.8>`
        if lower in MARKDOWN or (lower == "-" and _bullet(caption, start, found)):
            continue
        if lower == "-" and HEADING.match(caption, match.end()):
            found.append(Token(start, match.end(), "."))  # `- Hair: long - Clothing: a coat`
        elif lower in SHORT:
            found.append(Token(start, match.end(), SHORT[lower]))
        elif lower in CONTRACTED:
            cut = match.end() - (3 if lower.endswith("'re") else 2)
            found.append(Token(start, cut, lower[: cut - start], text[0].isupper()))
            found.append(Token(cut, match.end(), "are" if lower.endswith("'re") else "is"))
        elif lower.endswith("'s") and len(lower) > 2 and lower.replace("-", " ") not in KEEP_GENITIVE:
            found.append(Token(start, match.end() - 2, lower[:-2].replace("-", " "), text[0].isupper()))
            found.append(Token(match.end() - 2, match.end(), "'s"))
        else:
            found.append(Token(start, match.end(), lower.replace("-", " ") if len(lower) > 1 else lower, text[0].isupper()))
    return tuple(_merged(found))


def _bullet(caption: str, start: int, found: list[Token]) -> bool:
    """A hyphen that opens an item of a list, after a full stop or at the beginning."""
    return caption[start + 1 : start + 2] == " " and (not found or found[-1].key in ".:;!?")


SHORT = {"w/": "with", "w/o": "without", "y/o": "yo"}
MARKDOWN = frozenset("*#•`")
HEADING = re.compile(r"\s[*]*[A-Z][\w/&-]*(?:[ ][\w/&-]+){0,2}[*]*:")
CONTRACTED = frozenset({"she's", "he's", "who's", "that's", "there's", "they're"})
KEEP_GENITIVE = frozenset(
    {
        "crow's",
        "cupid's",
        "captain's",
        "chef's",
        "widow's",
        "mechanic's",
        "men's",
        "women's",
        "doctor's",
        "nurse's",
        "sailor's",
        "worker's",
        "it's",
    }
)


def _merged(found: list[Token]) -> list[Token]:
    """Neighbours that the vocabulary knows as one; a lone hyphen between two may stand in for a space."""
    out: list[Token] = []
    at, first = 0, first_words()
    while at < len(found):
        size = _longest(found, at) if found[at].key in first else 1
        out.append(found[at] if size == 1 else _one(found[at : at + size]))
        at += size
    return out


def _one(parts: list[Token]) -> Token:
    key = " ".join(token.key for token in parts if token.key != "-")
    return Token(parts[0].start, parts[-1].end, key, parts[0].proper)


def _longest(found: list[Token], at: int) -> int:
    """How many of them make the longest phrase that the vocabulary knows."""
    key, longest = found[at].key, 1
    for size, token in enumerate(found[at + 1 : at + 5], start=2):
        if token.key == "-":
            continue
        key = f"{key} {token.key}"
        if key in MULTI and token.is_word:
            longest = size
        if key not in first_words():
            break
    return longest


@cache
def first_words() -> frozenset[str]:
    """What a phrase of several words can begin with: the token's own key, hyphens and all."""
    return frozenset(" ".join(words[:n]) for phrase in MULTI for words in [phrase.split()] for n in range(1, len(words)))
