"""The trigger as captions misspell it: `MYCHAR 01`, `mychar_01`, `MYCHAR01s`, `MYCHAR01woman`, and twice where once says it.

A trainer learns the tokens of what stands there, and those of `MYCHAR 01` are others than those of `MYCHAR01`. Names that are
words, too (`ana`, `Rose`), are touched less readily than made-up ones: `banana`, `an a` and `a red rose` stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from fluxdiag.dataset.finding import lexicon as lx

Fault = Literal["split", "inflected", "in other letter case", "joined to another word", "2 times"]
BEGIN, END = r"(?<![^\W_])", r"(?![^\W_])"
"""of a word; an underscore is none of its letters"""
BETWEEN = r"(?:[\s_-]{1,2}|\.)?"
AT_GAP = r"s?(?:[\s_-]+|\.|,\s)?"
"""where the trigger has a space or a mark of its own"""
LEAST = 3
"""letters and digits below which anything could be a trigger that is split"""
NOUN = lx.pattern(lx.CLASS_NOUNS)
MADE_UP = re.compile(r"\d|[a-z][A-Z]|(?i:[bcdfghjklmnpqrstvwxz]{2}[bcfjqvwxz]$)")
VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
AFTER_DETERMINER = re.compile(r"\b(?:an?|the|his|her|their|its|my|this|that|some)\s+(?:[\w'-]+\s+)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Variant:
    """What stands for the trigger at `start:end` and is not it; `right` is what belongs there."""

    start: int
    end: int
    right: str
    faults: tuple[Fault, ...]


def exact(caption: str, trigger: str) -> list[re.Match[str]]:
    """Every place where the trigger stands as it is spelt, `MYCHAR01's` among them."""
    return list(re.finditer(rf"(?<!\w){re.escape(trigger)}(?!\w)", caption))


@lru_cache(maxsize=16)
def variants(caption: str, trigger: str) -> tuple[Variant, ...]:
    """Every other spelling of it, in their order. The last few are kept, as lint and the rewrite ask the same caption."""
    return tuple(_variant(match, trigger) for match in _pattern(trigger).finditer(caption) if _is_meant(match, trigger))


def spelled(caption: str, found: Sequence[Variant]) -> str:
    """The caption with these variants of it spelt right; nothing else changes."""
    pieces, at = [], 0
    for one in found:
        pieces += [caption[at : one.start], one.right]
        at = one.end
    return "".join((*pieces, caption[at:]))


def before_spelling(place: int, found: Sequence[Variant], *, is_end: bool) -> int:
    """Where a place of the mended caption was in the one before; one within a trigger is moved to that end of it."""
    grown = 0
    for one in found:
        start, end = one.start + grown, one.start + grown + len(one.right)
        if place <= start:
            break
        if place < end:
            return one.end if is_end else one.start
        grown += len(one.right) - (one.end - one.start)
    return place - grown


def once(caption: str, trigger: str) -> str:
    """Said again without saying more, it goes: `T woman, T woman sits`, `T T`, `T in a park, T`. `T sits. T waves.` stays."""
    if caption.count(trigger) < 2:
        return caption
    beside, alone = _again(trigger)
    before = ""
    while caption != before:
        before, caption = caption, beside.sub(_as_one, caption)
    first = next((match.end() for match in exact(caption, trigger)), 0)
    return caption[:first] + alone.sub("", caption[first:]) if first else caption


# ------------------------------------------------------------------------------------------------ variants


@lru_cache(maxsize=64)
def _pattern(trigger: str) -> re.Pattern[str]:
    """The trigger with what may stand between its letters; itself again, an `s` or a noun may be glued to it, underscores too."""
    made_up = _is_made_up(trigger)
    again = rf"(?P<again>(?:{re.escape(trigger)})+)?" if made_up else "(?P<again>)"
    inflected = "(?P<s>s)?" if trigger[-1].isalnum() and trigger[-1] not in "sS" else "(?P<s>)"
    noun = rf"(?:_*(?P<noun>{NOUN}))?" if made_up and trigger.split()[-1].lower() not in lx.PERSON else "(?P<noun>)"
    whole = rf"(?P<before>_*){BEGIN}(?P<core>{_core(trigger)}){again}{inflected}{noun}{END}(?P<after>_*)"
    return re.compile(whole, re.IGNORECASE)


def _core(trigger: str) -> str:
    words = re.findall(r"[^\W_]+", trigger)
    if len("".join(words)) < LEAST or not (trigger[0].isalnum() and trigger[-1].isalnum()):
        return re.escape(trigger)
    return AT_GAP.join(BETWEEN.join(map(re.escape, word)) for word in words)


def _is_made_up(trigger: str) -> bool:
    """No word of a language: digits, capitals within, no vowel, or an end that nobody can say."""
    word = trigger.split()[0]
    return MADE_UP.search(word) is not None or not VOWEL.search(word)


def _is_meant(match: re.Match[str], trigger: str) -> bool:
    """Not the trigger itself, and no ordinary words that happen to have its letters."""
    if match[0] == trigger or (match["noun"] and match[0].lower() in lx.PERSON):
        return False
    if _is_made_up(trigger) or (not trigger.islower() and _letters(match["core"]) == _letters(trigger)):
        return True
    if trigger.istitle() and match["core"].islower() and _is_a_word_here(match, trigger):
        return False
    return not _is_torn_into_words(match["core"], trigger)


def _is_a_word_here(match: re.Match[str], trigger: str) -> bool:
    """`a red rose` beside or instead of `Rose`; `rose in a park` is her."""
    return bool(AFTER_DETERMINER.search(match.string, 0, match.start()) or exact(match.string, trigger))


def _is_torn_into_words(core: str, trigger: str) -> bool:
    """`an a` for `ana`, `to get her` for `together`; in `oh wx` one piece is no word."""
    whole = {word.lower() for word in re.findall(r"[^\W_]+", trigger)}
    torn = [piece for piece in re.findall(r"[^\W_]+", core.lower()) if not {piece, piece.removesuffix("s")} & whole]
    return len(torn) > 1 and all(VOWEL.search(piece) for piece in torn)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _variant(match: re.Match[str], trigger: str) -> Variant:
    """An underscore that held another word becomes a space."""
    text = match.string
    before = " " if match["before"] and text[: match.start()][-1:].isalnum() else ""
    after = " " if match["after"] and text[match.end() :][:1].isalnum() else ""
    noun = f" {match['noun']}" if match["noun"] else ""
    return Variant(match.start(), match.end(), f"{before}{trigger}{noun}{after}", tuple(_faults(match, trigger)))


def _faults(match: re.Match[str], trigger: str) -> Iterator[Fault]:
    core, letters = match["core"], _letters(trigger)
    told = _letters(core)
    if match["s"] or len(told) > len(letters):
        yield "inflected"
    elif core.lower() != trigger.lower():
        yield "split"
    if told != letters and told.lower() == letters.lower():
        yield "in other letter case"
    if match["noun"] or match["before"] or match["after"]:
        yield "joined to another word"
    if match["again"]:
        yield "2 times"


# ------------------------------------------------------------------------------------------------ twice


@lru_cache(maxsize=64)
def _again(trigger: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The trigger twice running, where no mark is between them or the first is all that stands before it; and alone behind
    a mark."""
    word, noun = rf"(?<!\w)({re.escape(trigger)})", rf"(?:\s+((?i:{NOUN}))(?!\w))?"
    begins = r"(?:^|(?<=[,.;:!?\n(])|(?<=[,.;:!?]\s))"
    beside = rf"(?:{begins}{word}{noun}[,.;:]\s*|{word}{noun}\s+){word}{noun}(?!\w)"
    return re.compile(beside), re.compile(rf"\s*[,;.]\s*{re.escape(trigger)}(?=\s*(?:[,;.!?\n]|$))")


def _as_one(match: re.Match[str]) -> str:
    """One of the two, with the noun that either has; two nouns that differ stay."""
    nouns = [noun for noun in (match[2] or match[4], match[6]) if noun]
    if len({noun.lower() for noun in nouns}) > 1:
        return match[0]
    return " ".join((match[5], *nouns[:1]))
