"""Ages: `25 years old`, `in her late thirties`, `around fifty`, `a teenager`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import Token

YEARS = lx.words("year_old years_old yrs_old year years yo yr y/o olds")
AGE_RANGE = re.compile(r"(?:early|mid|late) (?:\d0s|(?:twen|thir|for|fif|six|seven|eigh|nine)ties|teens)")
AFTER_PERSON = re.compile(r"[2-9]0s")
DECADES = ("ties", "teens", "0s")
UNSURE = lx.words("early mid late about around")
AFTER_AGE = lx.words(", . with and in on at")
NOW = lx.words("here now and in with . ,")
NUMBERS = lx.words(
    "ninety twenty_five thirty_five forty_five fifty_five five six seven eight nine ten eleven twelve fifteen twenty thirty"
    " forty fifty sixty seventy eighty"
)


def _number(token: Token) -> bool:
    return token.key.isdigit() or token.key in NUMBERS


def _years(token: Token) -> bool:
    return token.key in NUMBERS or (token.key.isdigit() and 15 < int(token.key) < 100)


def _or_decade(words: Sequence[Token], end: int) -> int:
    """`in his 50s [or 60s]`"""
    more = [token.key for token in words[end : end + 3]]
    if len(more) > 1 and more[0] in ("or", "to", "and", "-") and more[-1 if more[1] in UNSURE else 1].endswith(DECADES):
        return end + (3 if more[1] in UNSURE else 2)
    return end


def ages(words: Sequence[Token]) -> Iterator[Phrase]:
    """`25 years old`, `25yo`, `in her late thirties`, `a teenager`."""
    for at, token in enumerate(words):
        key = token.key
        if key in YEARS and at and _number(words[at - 1]):
            end = at + 1
            if end < len(words) and words[end].key in ("old", "olds"):
                end += 1
            if key not in ("year", "years") or end > at + 1:
                first = at - 1
                if first > 1 and words[first - 1].key in ("or", "to", "-", "–") and _number(words[first - 2]):
                    first -= 2  # `six or seven years old`
                yield Phrase(first - (first > 0 and words[first - 1].key in UNSURE), end, "age")
        elif (
            (AFTER_PERSON.fullmatch(key) and at > 1 and words[at - 1].key == "," and words[at - 2].key in lx.PERSON)
            or AGE_RANGE.fullmatch(key)
            or (key[0].isdigit() and key.removesuffix(" old").endswith(("yo", "year", "years")))
        ):
            yield Phrase(at, at + 1, "age")
        elif key == "in" and at + 2 < len(words) and words[at + 1].key in gr.POSSESSIVE:
            end = at + 2
            while end < len(words) and words[end].key in UNSURE:
                end += 1
            if end < len(words) and words[end].key.endswith(DECADES) and words[end].key not in ("parties", "cities", "beauties"):
                yield Phrase(at, _or_decade(words, end + 1), "age")
        elif key in ("early", "mid", "late") and at + 1 < len(words) and words[at + 1].key.endswith(DECADES[::2]):
            yield Phrase(at, at + 2, "age")
        elif key.endswith(" something") and key.partition(" ")[0] in NUMBERS:
            yield Phrase(at, at + 1, "age")
        elif key in ("around", "about", "roughly", "nearly", "almost") and at + 1 < len(words) and _years(words[at + 1]):
            following = words[at + 2].key if at + 2 < len(words) else "."
            before = words[at - 1].key if at else ""
            if before == "of" and at > 1 and words[at - 2].key in lx.PERSON and following not in lx.PERSON:
                yield Phrase(at, at + 2, "age")  # `a boy of about ten holds a kite`
            elif (before in (",", ":", "of", "be", "is", "looks", "aged") or before in lx.PERSON) and following in (
                ",",
                ".",
                ";",
                "with",
                "and",
            ):
                yield Phrase(at, at + 2, "age")
        elif _number(token) and _years(token) and at > 1 and words[at - 1].key in ("is", "was", "turns", "turning"):
            following = words[at + 1].key if at + 1 < len(words) else "."
            if words[at - 2].key in gr.PRONOUNS | lx.PERSON | {"is"} and following in NOW:
                yield Phrase(at, at + 1, "age")  # `he's 19 here`
        elif at == 2 and _number(token) and words[1].key == "," and words[0].proper and words[3:4] and words[3].key in AFTER_AGE:
            yield Phrase(at, at + 1, "age")  # `Jonas, 8, with a fish`
        elif key in ("teenager", "teen") and at and words[at - 1].key in ("a", "is"):
            yield Phrase(at - (words[at - 1].key == "a"), at + 1, "age")
