"""What a part of the body has in its place, or running over it: `half of her face replaced by metal`, `blue lines running along
her neck`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.naming import phrase_start
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import BODY_PART, GOES_ON
from fluxdiag.dataset.finding.tokens import Token

SHARES = lx.words("half side part most one both all")
TRACES = lx.words("lines line circuits circuitry seams runes symbols sigils glyphs patterns markings cables wires veins cracks")
ALTERS = TRACES | {"replaced"}
TRACING = lx.words(
    "running winding tracing snaking spreading curling spiraling spiralling glowing visible etched carved drawn painted embedded"
)
OVER = lx.words("along across down over up around on into under beneath above below through from to")
ENDS = gr.CONJUNCTIONS | gr.WEAR | GOES_ON | lx.words("while as who which that")
LIMBS = BODY_PART | lx.words("skull jawbone")
ON_SKIN = BODY_PART - lx.words("head hand hands palm palms")
"""where lines may run: `cables running over her head` are none, nor are the `lines on her palm`"""


def replaced(words: Sequence[Token], at: int) -> Phrase | None:
    """`half of her face replaced by metallic plating`, `Her left arm has been replaced with a robotic limb`"""
    if at < 2 or words[at + 1].key not in ("by", "with"):
        return None
    last = at - 1
    while last and (words[last].key in gr.COPULAS or words[last].key in ("has", "have", "been", "partly", "partially")):
        last -= 1
    start = next((place for place in range(last - 1, max(-1, last - 4), -1) if words[place].key in gr.POSSESSIVE), None)
    if start is None or words[last].key not in LIMBS:
        return None
    end = at + 2
    while end < len(words) and words[end].is_word and words[end].key not in ENDS:
        end += 1
    return Phrase(_with_share(words, start), end, "mark", whole=last < at - 1)


def _with_share(words: Sequence[Token], start: int) -> int:
    """`half of [her face]`, `one side of [his head]`"""
    first = start - 1
    if first > 0 and words[first].key == "of" and words[first - 1].key in SHARES:
        first -= 1
        return first - (first > 0 and words[first - 1].key in gr.ARTICLES)
    return first if start and words[first].key in SHARES else start


def traced(words: Sequence[Token], at: int) -> Phrase | None:
    """`thin, glowing, blue lines running along her neck`"""
    if words[at + 1].key not in TRACING or words[at + 2].key not in OVER or words[at + 3].key not in gr.POSSESSIVE:
        return None
    part = next((place for place in range(at + 4, min(at + 7, len(words))) if words[place].key in ON_SKIN), None)
    if part is None or any(not token.is_word for token in words[at:part]):
        return None
    return Phrase(phrase_start(words, at), part + 1, "mark")


def altered(words: Sequence[Token]) -> Iterator[Phrase]:
    """Both sorts, whoever they belong to."""
    for at in [at for at, token in enumerate(words) if token.key in ALTERS]:
        if not 0 < at < len(words) - 3:
            continue
        one = replaced(words, at) if words[at].key == "replaced" else traced(words, at)
        if one is not None:
            yield one
