"""Pieces of the character that are not on them: `His jacket lies folded on the bonnet`, `Her coat has been hung on a hook`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.clause_parts import PUT_AWAY
from fluxdiag.dataset.finding.garment_states import WEARS
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

LIES = lx.words("lies lie lay sits sit rests rest hangs hang stands stand waits")
LYING = lx.words("hanging lying sitting standing draped folded perched")
PLACES = lx.words("on over beside from against under next near")
SPREADS = lx.words("dress gown skirt skirts train cape cloak veil robe robes scarf hem sari")
"""what may lie on the ground and be on somebody all the same"""
FAR = 6
"""words from the verb to the place"""


def put_away(words: Sequence[Token], end: int) -> bool:
    """Whether the clause whose subject ends at `end` says that the piece lies or has been put on a thing."""
    if end + 2 >= len(words) or words[end - 1].key in SPREADS:
        return False
    done = words[end].key in ("has", "have", "had") and words[end + 1].key == "been" and words[end + 2].key in PUT_AWAY
    doing = words[end].key in gr.COPULAS and words[end + 1].key in LYING
    if not done and not doing and words[end].key not in LIES:
        return False
    if words[end].key in ("lies", "lie", "lay") and words[end + 1].key in ("folded", "crumpled"):
        return True  # `lies folded on the bonnet`, of a car
    for at in range(end + 1, min(end + 1 + FAR, len(words) - 2)):
        if words[at].key in CLAUSE_END | {",", "and"}:
            return False
        if words[at].key in PLACES:
            return on_a_thing(words, at + 1)
    return False


def on_a_thing(words: Sequence[Token], at: int) -> bool:
    """`[on] the ground`, `[beside] him`, but not `[over] one shoulder`, `[on] her brow`"""
    at += words[at].key == "to"
    if words[at].key in ("him", "them") or (words[at].key == "her" and not words[at + 1].is_word):
        return True
    if words[at].key not in ("a", "an", "the"):
        return False
    noun = at + 1
    while noun < len(words) and words[noun].is_word and words[noun].key not in gr.STOPPERS:
        noun += 1
    if noun + 1 < len(words) and words[noun].key == "of" and words[noun + 1].key in gr.POSSESSIVE:
        return False  # `[on] the tip of his nose`
    key = words[noun - 1].key
    return key not in WEARS - {"back"} and gr.garment_kind(key) is None and gr.head_kind(key) is None
