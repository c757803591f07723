"""Ages: `25 years old`, `in her late thirties`, `around fifty`, `a teenager`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import is_plural
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import Token

YEARS = lx.words("year_old years_old yrs_old year years yo yr olds")
AFTER_PERSON = re.compile(r"[2-9]0s")
DECADE = re.compile(r"\d0s|(?:twen|thir|for|fif|six|seven|eigh|nine)ties|teens")
"""of a life: `the 1990s` are a date, and `abilities` none at all"""
AGE_RANGE = re.compile(rf"(?:early|mid|late) (?:{DECADE.pattern})")
UNSURE = lx.words("early mid late about around approximately")
AFTER_AGE = lx.words(", . with and in on at")
ROUGHLY = lx.words("around about roughly nearly almost approximately")
BEFORE_ABOUT = lx.words(", : of be is was were looks aged")
NOW = lx.words("here now and in with . ,")
PAST = ROUGHLY | lx.words("past over under beyond well just somewhere barely pushing nearing approaching")
PERHAPS = lx.words("perhaps maybe probably likely possibly")
TELLS_AGE = lx.words("is was be looks seems")
CLOSES = lx.words(", . ; with and")
NUMBERS = lx.words(
    "ninety twenty_five thirty_five forty_five fifty_five five six seven eight nine ten eleven twelve fifteen twenty thirty"
    " forty fifty sixty seventy eighty"
)

TENS = lx.words("twenty thirty forty fifty sixty seventy eighty")
COUNT = NUMBERS | lx.words("one two three four thirteen fourteen sixteen seventeen eighteen nineteen")
UNITS = lx.words("one two three four five six seven eight nine")
OPENS = YEARS | UNSURE | PAST | COUNT | TENS | lx.words("aged age in teen teenager")
OLD_THINGS = lx.THING | lx.words("car house building tree wine whisky whiskey cheese bottle oak church tradition tractor temple")


def _number(token: Token) -> bool:
    return token.key.isdecimal() or token.key in NUMBERS


def _years(token: Token) -> bool:
    return token.key in NUMBERS or (token.key.isdecimal() and 15 < int(token.key) < 100)


def _or_decade(words: Sequence[Token], end: int) -> int:
    """`in his 50s [or 60s]`"""
    more = [token.key for token in words[end : end + 3]]
    if len(more) > 1 and more[0] in ("or", "to", "and", "-") and _is_decade(more[-1 if more[1] in UNSURE else 1]):
        return end + (3 if more[1] in UNSURE else 2)
    return end


def ages(words: Sequence[Token]) -> Iterator[Phrase]:
    """`25 years old`, `25yo`, `in her late thirties`, `a teenager`."""
    for at, token in enumerate(words):
        if not _may_open(token.key):
            continue
        found = next((place for read in READERS if (place := read(words, at)) is not None), None)
        if found is not None:
            yield Phrase(*found, "age")


@lru_cache(maxsize=4096)
def _may_open(key: str) -> bool:
    """Whether any reader looks at the word at all: one of an age, a number, or one with two parts such as `twenty-two`."""
    return key in OPENS or key[0].isdecimal() or key.partition(" ")[0] in OPENS


def _is_decade(key: str) -> bool:
    """`thirties`, `mid-30s`"""
    return DECADE.fullmatch(key) is not None or AGE_RANGE.fullmatch(key) is not None


def _in_years(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`25 years old`, `about six or seven years old`"""
    if words[at].key not in YEARS or not at or not (_number(words[at - 1]) or words[at - 1].key in COUNT):
        return None
    end = at + 1 + (at + 1 < len(words) and words[at + 1].key in ("old", "olds"))
    end += 2 * ([token.key for token in words[end : end + 2]] == ["of", "age"])
    if words[at].key in ("year", "years") and end == at + 1:
        return None
    if end < len(words) and words[end].key in OLD_THINGS:
        return None  # `a three years old wine`
    first = at - 1
    if first > 1 and words[first - 1].key in ("or", "to", "-", "–") and _counted(words[first - 2].key):
        first -= 2
    return first - (first > 0 and words[first - 1].key in UNSURE), end


def _one_word(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`a man, 60s`, `late thirties`, `25yo`, `thirty-something`"""
    key = words[at].key
    after_person = at > 1 and words[at - 1].key == "," and words[at - 2].key in lx.PERSON and AFTER_PERSON.fullmatch(key)
    of_thing = at + 1 < len(words) and words[at + 1].key in OLD_THINGS  # `a ten-year-old car`
    return (at, at + 1) if after_person or (_says_age(key) and not of_thing) else None


@cache
def _says_age(key: str) -> bool:
    counted = key[0].isdecimal() and key.removesuffix(" old").endswith(("yo", "year", "years"))
    counted = counted or (key.endswith(" year old") and key.partition(" ")[0] in COUNT)
    some = key.endswith(" something") and key.partition(" ")[0] in NUMBERS
    return counted or some or AGE_RANGE.fullmatch(key) is not None


def _aged(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`Lily aged 4`, `a girl aged six`, but not `a cheese aged 4 years`"""
    if words[at].key not in ("aged", "age") or at == 0 or at + 1 >= len(words):
        return None
    counted = words[at + 1].key.isdecimal() or words[at + 1].key in COUNT
    who = words[at - (2 if words[at - 1].key in (",", "(") and at > 1 else 1)]
    end = at + 2 + 3 * ([token.key for token in words[at + 2 : at + 5]] == ["and", "a", "half"])
    return (at, end) if counted and (who.proper or who.key in lx.PERSON | {"me", "us"}) else None


def decade(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`in her late thirties`, `mid 30s`"""
    key = words[at].key
    if key in ("early", "mid", "late") and at + 1 < len(words) and DECADE.fullmatch(words[at + 1].key):
        return at, at + 2
    if key != "in" or at + 2 >= len(words) or words[at + 1].key not in gr.POSSESSIVE:
        return None
    end = at + 2
    while end < len(words) and words[end].key in UNSURE:
        end += 1
    told = end < len(words) and _is_decade(words[end].key)
    return (at, _or_decade(words, end + 1)) if told else None


def _about(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`a boy of about ten`, `a man, around fifty, with`"""
    if words[at].key not in ROUGHLY or at + 1 >= len(words) or not _years(words[at + 1]):
        return None
    following = words[at + 2].key if at + 2 < len(words) else "."
    before = words[at - 1].key if at else ""
    of_person = before == "of" and at > 1 and words[at - 2].key in lx.PERSON and following not in lx.PERSON
    alone = (before in BEFORE_ABOUT or before in lx.PERSON) and following in (",", ".", ";", "with", "and")
    return (at, at + 2) if of_person or alone else None


def _reckoned(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`a boy of perhaps [seven]`, `She is [well past sixty]`, `a woman, perhaps [thirty], at the door`: no part of it is
    `perhaps`."""
    end = at
    while end < len(words) and words[end].key in PAST:
        end += 1
    perhaps = at > 0 and words[at - 1].key in PERHAPS
    before = at - 1 - perhaps
    if end >= len(words) or before < 1 or (end == at and not perhaps) or not _counted(words[end].key):
        return None
    following = words[end + 1].key if end + 1 < len(words) else "."
    person = words[before - 1].key in lx.PERSON
    if words[before].key == "of":
        told = person and not is_plural(words[before - 1].key) and (following in gr.STOPPERS | verbs.THIRD or following in CLOSES)
    elif words[before].key == ",":
        told = person and perhaps and following in (",", ".")
    elif words[before].key == "and":
        told = end > at and following in CLOSES and _listed(words, before)
    else:
        told = words[before].key in TELLS_AGE and _of_somebody(words, before) and following in CLOSES
    return (at, end + 1) if told else None


def _listed(words: Sequence[Token], at: int) -> bool:
    """`He is huge, thick-necked, and [past fifty]`"""
    verb = next((place for place in range(at, max(0, at - 8), -1) if words[place].key in TELLS_AGE), None)
    return verb is not None and _of_somebody(words, verb)


def _counted(key: str) -> bool:
    """`seven`, `twenty-two`, `35`"""
    return key in COUNT or key.partition(" ")[0] in TENS or (key.isdecimal() and 1 < int(key) < 100)


def _of_somebody(words: Sequence[Token], verb: int) -> bool:
    """`she is`, `the man looks`, `He appears to be`"""
    first = verb - 2 if words[verb].key == "be" and words[verb - 1].key == "to" else verb
    return any(words[at].key in lx.PERSON | gr.PRONOUNS - {"it"} for at in range(max(0, first - 2), first))


def _spelled(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`a photo of a man, [twenty-five], green eyes`, `, [about twenty five],`: a part of its own"""
    tens = at + (words[at].key in ROUGHLY)
    if not 0 < at <= tens < len(words) - 1 or words[tens].key.partition(" ")[0] not in TENS or words[at - 1].key != ",":
        return None
    end = tens + 1 + (words[tens].key in TENS and words[tens + 1].key in UNITS)
    return (at, end) if end == len(words) or words[end].key == "," else None


def _bare_number(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`he's 19 here`, `Jonas, 8, with a fish`, `a woman, 34, at a bar`"""
    if not _number(words[at]) or at < 2:
        return None
    following = words[at + 1].key if at + 1 < len(words) else "."
    if _years(words[at]) and words[at - 1].key in ("is", "was", "turns", "turning"):
        return (at, at + 1) if words[at - 2].key in gr.PRONOUNS | lx.PERSON | {"is"} and following in NOW else None
    if words[at - 1].key != ",":
        return None
    person = words[at - 2].key in lx.PERSON and not is_plural(words[at - 2].key) and following in CLOSES | {","}
    named = at == 2 and words[0].proper and words[3:4] and following in AFTER_AGE
    return (at, at + 1) if person or named else None


def _teenager(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    if words[at].key not in ("teenager", "teen") or not at or words[at - 1].key not in ("a", "is"):
        return None
    return at - (words[at - 1].key == "a"), at + 1


READERS = (_aged, _in_years, _one_word, decade, _about, _reckoned, _bare_number, _spelled, _teenager)
