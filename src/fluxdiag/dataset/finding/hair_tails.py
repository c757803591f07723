"""What is told of hair after its noun: `hair tied back in a ponytail`, `hair that falls over her shoulders`; its colours are in
`hair_colours.py`, what leads it on in `hair_places.py`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.hair_colours import dyed, flecked, shot_with, streaked, turned
from fluxdiag.dataset.finding.hair_places import (
    TO_WHOSE,
    behind_them,
    hair_soon,
    led_on,
    ornamented,
    relative_end,
    tail,
    to_comma,
    with_pin,
    wrapped,
)
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.lexicon.styles import AFTER_COMMA, ONE_DOES, STYLE_TAIL, STYLED
from fluxdiag.dataset.finding.tails import BODY_PART, adjectives_and_style, on_body
from fluxdiag.dataset.finding.tokens import Token

DOES_SO = verbs.PERSON_DOING - verbs.THING_DOING | lx.words("sitting standing running")


def hair_end(words: Sequence[Token], end: int) -> int:
    """`hair tied back in a ponytail`, `hair that falls over her shoulders`, `hair in a bun`."""
    at = end
    if at < len(words) - 1 and words[at].key in ("that", "which"):
        return end if _somebody_does(words, at + 1) else relative_end(words, at + 1)
    if at < len(words) and words[at - 1].key.endswith("s") and words[at].key in ONE_DOES:
        return end
    if at < len(words) and words[at].key == "is":
        at += 1
    if at >= len(words) or [token.key for token in words[at : at + 2]] == ["reaches", "for"]:
        return end
    if words[at].key == "to" and at + 2 < len(words) and words[at + 1].key in TO_WHOSE and words[at + 2].key in BODY_PART:
        return at + 3  # `brown hair to the shoulders`
    if words[at].key == "in" and [word.key for word in words[at + 1 : at + 3]] in (
        ["her", "hair"],
        ["his", "hair"],
        ["their", "hair"],
    ):
        return at + 3
    if [word.key for word in words[at : at + 4]] == ["all", "over", "the", "place"]:
        return at + 4
    if (sided := _other_side(words, at)) > at:
        return sided
    if (bald := _around_bald(words, at)) > at:
        return bald
    if words[at].key == "coming" and (
        at + 1 == len(words) or words[at + 1].key not in ("loose", "undone", "down", "free", "out")
    ):
        return end
    if words[at].key == "coming" and words[at + 1].key == "out" and not _out_of_style(words, at + 2):
        return end
    if (
        words[at].key in ("blowing", "flying", "cut", "down")
        and at + 1 < len(words)
        and words[at + 1].key not in STYLE_TAIL | {",", "."}
    ):
        return end
    if (coloured := dyed(words, at) or shot_with(words, at)) is not None:
        return _after_comma(words, coloured)
    if words[at].key in ("over", "down", "across", "on", "all") and (place := on_body(words, end)) > end:
        return place  # `a braid over her shoulder`
    starts = words[at].key in STYLED or (
        words[at].key in ("in", "with", "up", "over", "on")
        and (hair_soon(words, at) or wrapped(words, at) or ornamented(words, at))
    )
    if starts:
        led = max(led_on(words, at), led_on(words, at + 1))
        styled = behind_them(words, max(adjectives_and_style(words, tail(words, at, STYLE_TAIL)), led))
        return _after_comma(words, _likened(words, behind_them(words, led_on(words, with_pin(words, styled)))))
    return _after_comma(
        words,
        max(flecked(words, end), _side_shaved(words, end), streaked(words, end), _as_thick_as(words, end), turned(words, end)),
    )


CROWNS = lx.words("crown pate head scalp spot top")
BARE = lx.words("bald balding bare shiny shaved gleaming")


def _around_bald(words: Sequence[Token], at: int) -> int:
    """`[a fringe of white hair] around a bald crown`; `at` itself where nothing of the kind is told"""
    keys = [token.key for token in words[at : at + 5]]
    if len(keys) < 3 or keys[0] not in ("around", "round", "over", "above", "about", "on", "ringing"):
        return at
    if keys[2].partition(" ")[0] in BARE and " " in keys[2]:
        return at + 3
    return at + 4 if len(keys) > 3 and keys[2] in BARE and keys[3] in CROWNS else at


def _other_side(words: Sequence[Token], at: int) -> int:
    """`[a shaved head on one side and white hair] on the other`; `at` itself where nothing of the kind is told"""
    if [token.key for token in words[at : at + 3]] != ["on", "the", "other"]:
        return at
    if ["one", "side"] not in [[words[one].key, words[one + 1].key] for one in range(max(0, at - 10), at - 1)]:
        return at
    end = at + 3 + (at + 3 < len(words) and words[at + 3].key == "side")
    return end if end == len(words) or not words[end].is_word or words[end].key in gr.STOPPERS else at


def _side_shaved(words: Sequence[Token], end: int) -> int:
    """`[a bob] with the left side shaved`"""
    if end + 2 >= len(words) or words[end].key != "with":
        return end
    for at in range(end + 2, min(end + 6, len(words))):
        if words[at].key in AFTER_COMMA and words[at - 1].key in ("side", "sides", "back", "top", "half"):
            return at + 1
        if not words[at].is_word or words[at].key in gr.STOPPERS - gr.ARTICLES:
            break
    return end


def _somebody_does(words: Sequence[Token], at: int) -> bool:
    """`a man with [a beard] that is looking at the camera`"""
    doing = at + 1 < len(words) and words[at].key in ("is", "are") and words[at + 1].key in DOES_SO
    return doing


def _out_of_style(words: Sequence[Token], at: int) -> bool:
    """`[hair coming out] of its bun`, not `of the shower`"""
    after = [token.key for token in words[at : at + 4]]
    return after[:1] == ["of"] and any(key in lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE for key in after)


def _likened(words: Sequence[Token], end: int) -> int:
    """`[parted] like a film star`"""
    if end >= len(words) or words[end].key != "like":
        return end
    reach = to_comma(words, end)
    return reach if reach < end + 6 else end


def _as_thick_as(words: Sequence[Token], end: int) -> int:
    """`[a plait] as thick as a rope`"""
    if end + 4 >= len(words) or words[end].key != "as" or words[end + 2].key != "as" or words[end + 3].key not in gr.ARTICLES:
        return end
    closes = end + 5 == len(words) or not words[end + 5].is_word or words[end + 5].key in gr.STOPPERS | verbs.THIRD
    return end + 5 if closes else end


def _after_comma(words: Sequence[Token], end: int) -> int:
    """`an asymmetrical cut, shaved on one side and dyed blue on the other`"""
    if end + 1 >= len(words) or words[end].key != "," or words[end + 1].key not in AFTER_COMMA:
        return end
    if end + 2 >= len(words) or not words[end + 2].is_word:
        return end
    at = end + 1
    while at < len(words) and words[at].is_word and words[at].key not in gr.WEAR | {"while", "as", "who", "standing", "sitting"}:
        if words[at].key == "and" and (at + 1 == len(words) or words[at + 1].key not in STYLED | AFTER_COMMA):
            break
        at += 1
    return at
