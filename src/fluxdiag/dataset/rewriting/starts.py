"""Where what goes with a description begins: whose it is, of what it is a part, what is stuck to it."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.naming import phrase_start
from fluxdiag.dataset.finding.tokens import Token
from fluxdiag.dataset.rewriting.finite import is_finite
from fluxdiag.dataset.rewriting.said_of import STOPS, Place

UNREAD_AFTER = lx.words("with and has have")
PIECES = lx.words("""
    ruffle ruffles hem hems sleeve sleeves collar brim strap straps folds fold edge edges lace laces ribbons ends end tip
    tips skirt train bristles lens lenses frames rim tones hues
    hood strands strand locks curls layers pleats buttons cuffs fabric back front toes toe tassels fringe
""")  # fmt: skip
"""of which something worn is made up"""


def whose(words: Sequence[Token], one: Place) -> int:
    """`[the man's grey hair is tied back]`: where whose it is starts."""
    return phrase_start(words, one.start - 2) if one.start > 1 and words[one.start - 1].key == "'s" else one.start


def first_of(words: Sequence[Token], one: Place) -> int:
    """With whose it is, of what it is a part, or an unknown adjective: `[her gran's dress]`, `[the ruffles of her skirt]`."""
    start = one.start
    if (owned := whose(words, one)) < start:
        return owned
    if start > 2 and words[start - 1].key == "of" and words[start - 2].key in PIECES:
        first = phrase_start(words, start - 2)
        return first if first == 0 or words[first - 1].key in STOPS | gr.PREPOSITIONS | gr.HAVE | gr.WEAR else start
    if (loose := _stuck_in(words, one)) is not None:
        return loose
    first = phrase_start(words, start) if words[start].key not in gr.ARTICLES | gr.POSSESSIVE else start
    if first > 1 and first < start and words[first - 1].key == "'s":
        return phrase_start(words, first - 2)  # `[Ben's first haircut]`
    if start - first == 1 and start > 1 and _unread(words, one):
        return first
    unread = words[first].key in gr.ARTICLES | gr.POSSESSIVE and 0 < start - first <= 3
    return first if unread and not any(token.key in lx.PERSON for token in words[first:start]) else start


def _unread(words: Sequence[Token], one: Place) -> bool:
    """`with a beard and sharp [red eyes]`: an adjective nobody knows before those of a look."""
    key, before = words[one.start - 1].key, words[one.start - 2].key
    plain = key.isalpha() and not key.endswith(("s", "ing")) and key not in lx.PERSON and not is_finite(words, one.start - 1)
    return plain and before in UNREAD_AFTER and one.end - one.start > 1


def _stuck_in(words: Sequence[Token], one: Place) -> int | None:
    """`, ice in [his beard],`, `, flour on [her apron],`: a loose piece that only says what is in it; where it starts."""
    if one.start < 3 or words[one.start - 2].key in STOPS or words[one.start - 1].key not in _sticks(words[one.end - 1].key):
        return None
    closed = one.end >= len(words) or words[one.end].key in STOPS
    at = one.start - 2
    while at and words[at - 1].key not in STOPS and one.start - at < 5:
        at -= 1
    piece = [token.key for token in words[at : one.start - 1]]
    plain = not any(key in gr.STOPPERS - gr.ARTICLES or key in lx.PERSON or key.endswith(("ing", "ed", "bent")) for key in piece)
    return at if closed and plain and at and words[at - 1].key == "," else None


def _sticks(key: str) -> tuple[str, ...]:
    """How it is said that something is stuck to such a thing."""
    known = gr.head_kind(key)
    if known is not None and known[0] in ("hair", "skin", "face"):
        return "in", "on"
    return ("on", "over", "down", "across") if gr.garment_kind(key) is not None else ()
