"""What is told of the colours of hair after its noun: `hair dyed a bright pink`, `a beard with flecks of grey`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon.styles import DYED, SHOT, STREAKS
from fluxdiag.dataset.finding.tokens import Token


def streaked(words: Sequence[Token], end: int) -> int:
    """`[black hair] with a single white streak`, `[thick hair] of the same color`"""
    if [token.key for token in words[end : end + 3]] == ["of", "the", "same"] and end + 3 < len(words):
        return end + 4 if words[end + 3].key in ("color", "colour", "shade", "hue") else end
    if end + 2 >= len(words) or words[end].key != "with":
        return end
    for at in range(end + 1, min(end + 6, len(words))):
        if words[at].key in STREAKS:
            return at + 1
        if words[at].key not in lx.COLOUR | lx.HAIR | lx.MARK | gr.ARTICLES | lx.DEGREE:
            break
    return end


def dyed(words: Sequence[Token], at: int) -> int | None:
    """`[hair] dyed a bright cotton-candy pink`"""
    if words[at].key not in DYED:
        return None
    for place in range(at + 1, min(at + 6, len(words))):
        key, following = words[place].key, words[place + 1].key if place + 1 < len(words) else "."
        if key in lx.COLOUR and following not in lx.COLOUR | {"and", "to"} and " " not in following:
            return _at_the_tips(words, place + 1)
        if not words[place].is_word or key in gr.STOPPERS - gr.ARTICLES - gr.CONJUNCTIONS - {"to", "in"}:
            return None
    return None


TURNED = lx.words("gone turned")


def turned(words: Sequence[Token], end: int) -> int:
    """`[a moustache] gone grey at the tips`; `end` itself where nothing of the kind is told"""
    told = end + 1 < len(words) and words[end].key in TURNED and words[end + 1].key in lx.COLOUR
    return _at_the_tips(words, end + 2) if told else end


ENDS = lx.words("tips ends roots temples front back sides top crown tip chin")


def _at_the_tips(words: Sequence[Token], end: int) -> int:
    """`[hair dyed silver] at the tips`, `[fading to blonde] toward the ends`"""
    after = [token.key for token in words[end : end + 3]]
    placed = len(after) == 3 and after[0] in ("at", "on", "toward", "towards") and after[1] in ("the", "her", "his")
    closed = end + 3 >= len(words) or not words[end + 3].is_word or words[end + 3].key in gr.STOPPERS
    return end + 3 if placed and after[2] in ENDS and closed else end


def shot_with(words: Sequence[Token], at: int) -> int | None:
    """`[hair] streaked with gray and white`"""
    at += 1 + (words[at].key == "shot") if words[at].key in SHOT else len(words)
    if at + 1 >= len(words) or words[at].key != "with":
        return None
    end = at + 1
    while end < len(words) and words[end].key in lx.COLOUR | lx.DEGREE | {"and", "streaks", "strands", "threads"}:
        end += 1
    if end < len(words) and gr.head_kind(words[end].key) is not None:
        end = next((place for place in range(end - 1, at, -1) if words[place].key == "and"), end)  # `with gray and [green eyes]`
    end -= words[end - 1].key == "and"
    return end if end > at + 1 else None


def flecked(words: Sequence[Token], end: int) -> int:
    """`a beard with flecks of grey`"""
    if end + 3 >= len(words) or words[end].key not in ("with", "showing"):
        return end
    for at in range(end + 1, min(end + 5, len(words) - 1)):
        if words[at].key == "of" and words[at - 1].key in lx.QUANTITY:
            last = at + 1
            while last < len(words) and words[last].key in lx.COLOUR | {"and"}:
                last += 1
            return last - (words[last - 1].key == "and") if last > at + 1 else end
        if words[at].key in gr.STOPPERS - gr.ARTICLES or not words[at].is_word:
            break
    return end
