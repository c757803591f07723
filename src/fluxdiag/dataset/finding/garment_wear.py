"""What time has made of a garment, told behind it: `shiny at the elbows`, `white with dust`, `mended with brighter rings`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

ON_IT = lx.words(
    "elbow elbows knee knees seam seams cuff cuffs collar hem toe toes heel heels edges pocket pockets hinge bridge waist"
)
STAINED_BY = lx.words("dust ash soot mud age rain sweat salt wear flour chalk snow")
FIXED = lx.words("mended patched hitched held hung pinned")
HOW = lx.words("up together down closed back")
MISSING = lx.words("fingers sleeves laces buttons")
LONGEST = 4
"""words of what it is mended with"""


def wear_end(words: Sequence[Token], end: int) -> int:
    """The end of what is told, or `end` itself."""
    return max(_shiny(words, end), _fixed(words, end), _without(words, end))


def _shiny(words: Sequence[Token], end: int) -> int:
    """`[a cassock] shiny at the elbows`, `[boots] white with dust`"""
    if end + 2 >= len(words) or words[end].key not in gr.MODIFIERS["cloth"] - lx.DEGREE - gr.STOPPERS:
        return end
    at = end + 2 + (words[end + 2].key in ("the", "one", "both"))
    placed = words[end + 1].key == "at" and at < len(words) and words[at].key in ON_IT
    return at + 1 if placed else end + 3 if words[end + 1].key == "with" and words[end + 2].key in STAINED_BY else end


def _fixed(words: Sequence[Token], end: int) -> int:
    """`[trousers] hitched up with string`, `[glasses] held together with tape at one hinge`, `[a belt] hung with tongs`"""
    if end + 2 >= len(words) or words[end].key not in FIXED:
        return end
    at = end + 1 + (words[end + 1].key in HOW)
    if words[at].key != "with":
        return end
    first = at = at + 1
    while at < len(words) and at - first < LONGEST and words[at].is_word and not _stops(words[at].key, at == first):
        at += 1
    if at == first or any(token.key in lx.PERSON | lx.ANIMAL | {"hand", "hands"} for token in words[first:at]):
        return end
    placed = [token.key for token in words[at : at + 3]]
    on_it = len(placed) == 3 and placed[0] == "at" and placed[1] in ("the", "one", "both") and placed[2] in ON_IT
    return at + 3 if on_it else at


def _stops(key: str, opens: bool) -> bool:
    return key in gr.STOPPERS - (gr.ARTICLES if opens else lx.words("worn")) - gr.MODIFIERS["cloth"] or key in verbs.THIRD


def _without(words: Sequence[Token], end: int) -> int:
    """`[gloves] without fingers`"""
    if end + 1 >= len(words) or words[end].key != "without" or words[end + 1].key not in MISSING:
        return end
    closed = end + 2 == len(words) or words[end + 2].key in CLAUSE_END or words[end + 2].key in gr.STOPPERS | {","} | verbs.THIRD
    return end + 2 if closed else end
