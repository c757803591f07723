"""What is worn, of any name, told by where it is: `two white feathers above one ear`, `an axe through his belt`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.bearing import FOREIGN
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import phrase_start
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import Token

PLACES = {
    "above": lx.words("ear ears"),
    "behind": lx.words("ear ears"),
    "over": lx.words("ear ears shoulder shoulders"),
    "across": lx.words("chest shoulders"),
    "through": lx.words("belt sash"),
    "in": lx.words("belt sash hatband"),
    "on": lx.words("lapel lapels collar finger fingers back"),
    "below": lx.words("knee"),
}
"""a preposition and what it may lead to where nothing is merely held, nor anybody carried"""
SHOULDERED = lx.words("shoulder shoulders")
WHOSE = gr.POSSESSIVE | lx.words("one each every both")
AT_WHOSE = WHOSE | {"the"}
WHICH = lx.words("left right other")
BEFORE = gr.WEAR | lx.words("with has have had and , . ; :")
SEVERAL = lx.words("two three four several some")
OF_THINGS = lx.words("coil loop string row pair sprig bunch")
WEAPONS = lx.words("sword knife gun pipe brush")
NO_THING = (
    gr.STOPPERS | gr.HOLD | BODY_PART | (FOREIGN - WEAPONS) | lx.PERSON | lx.ANIMAL | lx.words("glance glances look towel blow")
)


def worn_at(words: Sequence[Token]) -> Iterator[Phrase]:
    """Each such thing with its place; of a garment its own rules tell."""
    for at in range(1, len(words) - 2):
        parts = PLACES.get(words[at].key)
        if parts is None or (end := _place_end(words, at + 1, parts)) is None or not _a_thing(words[at - 1].key):
            continue
        start = phrase_start(words, at - 1)
        several = start > 2 and words[start - 1].key == "of" and words[start - 2].key in OF_THINGS
        if several:
            start = phrase_start(words, start - 2)
        if words[end - 1].key in SHOULDERED and not several:
            continue  # an axe there is in a hand, a cloth there for a while
        counted = words[start].key in ("a", "an") or words[start].key in SEVERAL or words[at - 1].key.endswith("s")
        if counted and (start == 0 or words[start - 1].key in BEFORE or not words[start - 1].is_word):
            yield Phrase(start, end, "accessory")


def _a_thing(key: str) -> bool:
    known = gr.garment_kind(key) is not None or (gr.head_kind(key) is not None and key != "implant")
    return key.isalpha() and not known and key not in NO_THING | verbs.THIRD and key.removesuffix("s") not in lx.ANIMAL


def _place_end(words: Sequence[Token], at: int, parts: lx.Words) -> int | None:
    if words[at].key not in AT_WHOSE or (words[at].key == "the" and words[at + 1].key not in WHICH):
        return None
    at += 1 + (at + 2 < len(words) and words[at + 1].key in WHICH)
    return at + 1 if words[at].key in parts else None
