"""Things that are no garment and are worn all the same: `torch strapped to his head`, `towel round my neck`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import Token
from fluxdiag.dataset.finding.upon import FASTENED

THINGS = lx.words("""
    towel blanket rope torch camera cloth rag flannel bucket pan colander saucepan tinsel fairy_lights hose cable
    tape_measure whistle ice_pack cone traffic_cone flag duvet sheet paper_bag cardboard_box carrier_bag binoculars
""")
"""what somebody may put on for once; on a head or round a neck of their own it is worn"""
ROUND = lx.words("on round around over across")
FASTENED_TO = ROUND | {"to"}
PARTS = lx.words("head neck shoulder shoulders waist forehead chest back")
OPENS = frozenset(",.;\n!?")


def strapped(words: Sequence[Token]) -> Iterator[Phrase]:
    """Each such thing that is a part of its own; what is on an animal or a bike, in a hand or on a lap is none."""
    for at in range(1, len(words) - 2):
        tied = words[at].key in FASTENED and words[at + 1].key in FASTENED_TO
        place = at + 1 if tied else at
        if words[place].key not in FASTENED_TO or (not tied and words[at].key == "to"):
            continue
        on = [token.key for token in words[place + 1 : place + 3]]
        if len(on) < 2 or on[0] not in gr.POSSESSIVE or on[1] not in PARTS:
            continue
        start = _part_start(words, at)
        if start is not None and (tied or words[at - 1].key in THINGS):
            yield Phrase(start, place + 3, "accessory")


def _part_start(words: Sequence[Token], at: int) -> int | None:
    """Back to the comma or full stop before, if nothing but a thing and its adjectives stands there."""
    start = at
    while start and words[start - 1].key not in OPENS:
        start -= 1
    start += words[start].key in gr.CONJUNCTIONS
    beings = BODY_PART | lx.PERSON | lx.ANIMAL | gr.PRONOUNS | gr.COPULAS | gr.PREPOSITIONS | gr.VERBS
    named = any(token.key in beings or token.key.removesuffix("s") in lx.ANIMAL for token in words[start:at])
    return start if 0 < at - start < 5 and not named else None
