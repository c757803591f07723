"""Where hair is led and what holds it: `[tied] back under a red bandana`, `[pinned up] with a pencil`, `[hair] in a scarf`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon.styles import DANGLING, HAIR_PREPOSITIONS, ORNAMENTS, ROLLS, STYLE_NOUNS, STYLED, WRAPS
from fluxdiag.dataset.finding.tails import BODY_PART, GOES_ON
from fluxdiag.dataset.finding.tokens import Token

TO_WHOSE = gr.POSSESSIVE | {"the"}
HOLDS_HAIR = BODY_PART | STYLE_NOUNS | lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE


def behind_them(words: Sequence[Token], end: int) -> int:
    """`[flying] out behind her`, `[braided along one side] of her head`"""
    after = [token.key for token in words[end : end + 4]]
    if after[:1] == ["out"] and after[1:2] == ["behind"]:
        after, end = after[1:], end + 1
    if after[:1] == ["behind"] and after[1:2] and after[1] in ("her", "him", "them"):
        closed = len(after) == 2 or after[2] in gr.CONJUNCTIONS or not after[2][0].isalnum()
        return end + 2 if closed else end
    of_head = after[:1] == ["of"] and len(after) > 2 and after[1] in TO_WHOSE and after[2] in ("head", "face", "neck")
    return end + 3 if of_head and words[end - 1].key in ("side", "sides", "back", "top") else end


def led_on(words: Sequence[Token], end: int) -> int:
    """`tucked under a red bandana`, `secured with a jade pin`: while prepositions lead to hair, body, or what holds hair."""
    while end < len(words) and words[end - 1].key in ("dyed", "coloured", "colored", "tinted") and words[end].key in lx.COLOUR:
        end += 1
    while end + 1 < len(words) and words[end].key in HAIR_PREPOSITIONS:
        if (strands := _into_several(words, end)) > end:
            end = strands
            continue
        last = end
        particle = 0
        while (
            particle < 3
            and end + particle + 1 < len(words)
            and words[end + particle + 1].key in HAIR_PREPOSITIONS | {"beneath", "underneath"}
        ):
            particle += 1
        for at in range(end + 1 + particle, min(end + 7, len(words))):
            key = words[at].key
            if key in HOLDS_HAIR or gr.garment_kind(key):
                last = at + 1
            elif last > end or not words[at].is_word or key in gr.STOPPERS - gr.ARTICLES - gr.POSSESSIVE or key in lx.PERSON:
                break
        if last == end:
            break
        end = last
    return end


def _into_several(words: Sequence[Token], at: int) -> int:
    """`[plaited] into three ropes`; `at` itself where nothing of the kind is told"""
    if at + 2 >= len(words) or words[at].key != "into" or words[at + 1].key not in ("two", "three", "four", "several"):
        return at
    closes = at + 3 == len(words) or not words[at + 3].is_word or words[at + 3].key in gr.STOPPERS
    return at + 3 if closes and words[at + 2].key.endswith("s") else at


def with_pin(words: Sequence[Token], end: int) -> int:
    """`pinned up with a wooden pencil`: up to three more words that end the clause."""
    if end + 2 >= len(words) or words[end].key != "with" or words[end + 1].key not in ("a", "an", "two"):
        return end
    for at in range(end + 2, min(end + 6, len(words))):
        if not words[at].is_word or words[at].key in gr.CONJUNCTIONS:
            return at
        if words[at].key in gr.STOPPERS or gr.head_kind(words[at].key) is not None:
            break
    return end


def relative_end(words: Sequence[Token], at: int) -> int:
    """To the next comma, full stop, `and`, verb of wearing, or second verb: `[hair that blows in the wind] stands`."""
    first = at + 1
    while at < len(words) and words[at].is_word and words[at].key not in gr.WEAR | {"and", "while", "as", "who"}:
        if at > first and words[at].key in GOES_ON and words[first - 1].key not in gr.PRONOUNS:
            break
        at += 1
    if [token.key for token in words[at : at + 2]] in (["as", "if"], ["as", "though"]):
        return to_comma(words, at)
    again = [token.key for token in words[at : at + 3]]
    if len(again) == 3 and again[0] == "and" and again[1] in ("is", "are") and again[2] in STYLED:
        return relative_end(words, at + 1)  # `[hair that falls to her waist] and is tied back`
    return at


def to_comma(words: Sequence[Token], at: int) -> int:
    while at < len(words) and words[at].is_word and words[at].key not in gr.CONJUNCTIONS | gr.WEAR:
        at += 1
    return at


def wrapped(words: Sequence[Token], at: int) -> bool:
    """`[hair] in a scarf`"""
    after = words[at + 1 : at + 4]
    return words[at].key == "in" and bool(after) and after[0].key in gr.ARTICLES and any(one.key in WRAPS for one in after[1:])


def ornamented(words: Sequence[Token], at: int) -> bool:
    """`[box braids] with gold beads`, `[hair] in a french twist`"""
    for place in range(at + 1, min(at + 5, len(words))):
        closed = place + 1 == len(words) or not words[place + 1].is_word or words[place + 1].key in ("and", "woven", "braided")
        if words[place].key in (ORNAMENTS if words[at].key == "with" else ROLLS) and closed:
            return True
        if words[place].key in gr.STOPPERS - gr.ARTICLES:
            return False
    return False


def hair_soon(words: Sequence[Token], at: int) -> bool:
    """A noun for hair within the next words, and nothing else before it: `in a high ponytail`, `with bangs`."""
    for token in words[at + 1 : at + 6]:
        if token.key in lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE | {"clip", "curlers", "rollers"}:
            return token.key != "hair"
        plain = token.key in lx.HAIR | lx.COLOUR | gr.ARTICLES | gr.POSSESSIVE | STYLE_NOUNS or token.key in ("one", "eye")
        if not plain and not token.key.endswith((" style", " inspired", " era")):
            break  # `in a 1920s-style bob`
    return words[at].key in ("up", "down") and (
        at + 1 == len(words) or not words[at + 1].is_word or words[at + 1].key in ("in", "and")
    )


def tail(words: Sequence[Token], at: int, allowed: lx.Words) -> int:
    """As far as the allowed words go, less those that cannot end a phrase."""
    end = at
    while end < len(words) and (words[end].key in allowed or words[end].key in lx.HAIR_HEADS):
        if words[end].key == "and" and (end + 1 == len(words) or not _goes_on(words, end + 1)):
            break
        if words[end].key in ("decorated", "adorned") and end + 2 < len(words) and words[end + 1].key == "with":
            return relative_end(words, end + 2)
        end += 1
    if end > at + 1 and words[end - 1].key == "off" and (end == len(words) or not words[end].is_word):
        return end  # `half his beard shaved off`
    while end > at and words[end - 1].key in DANGLING:
        end -= 1
    return end


def _goes_on(words: Sequence[Token], at: int) -> bool:
    return words[at].key in STYLED | BODY_PART or words[at].key in ("on", "around", "over", "in", "chin")
