"""What time has made of a garment, told behind it: `shiny at the elbows`, `white with dust`, `mended with brighter rings`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import TURNED, WEARS, of_person
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

LOOKS_OF_CLOTH = gr.MODIFIERS["cloth"] - lx.DEGREE - gr.STOPPERS
ON_IT = lx.words(
    "elbow elbows knee knees seam seams cuff cuffs collar hem toe toes heel heels edges pocket pockets hinge bridge waist"
)
STAINED_BY = lx.words("dust ash soot mud age rain sweat salt wear flour chalk snow")
FIXED = lx.words("held hung")
"""with something; a shirt held at the hip is in a hand"""
WORKED = lx.words("""
    bound torn tied folded sprayed flattened knotted gathered pleated ruched smocked slashed slit ripped frayed darned hemmed
    belted cinched buckled strung quilted beaded sequinned sequined lined faced trimmed edged wound wrapped cropped nipped
    flared tapered tailored padded turned loosened thrown worn faded creased crumpled rumpled puffed puckered bunched tucked
    twisted coiled crossed hacked singed scorched mended patched hitched pinned unravelling unraveling fraying straining
    gaping sagging bunching flaring ballooning
""")
"""what a tailor, a trade or time does to cloth; `a man in a suit seated at a desk` is the man"""
HOW = lx.words("up together down closed back in out off all half twice thin loosely tightly neatly over")
AT_PART = lx.words("at around over across below above on to past against")
PART = (
    ON_IT
    | WEARS
    | lx.words("""
    shin calf knee thigh ankle ankles hip hips wrist wrists neck throat chest sleeve sleeves shoulder shoulders front sides
    side back tip tips end ends top bottom brim lapels fingers lining arms legs midriff
""")
)
NO_STUFF = lx.PERSON | lx.ANIMAL | {"hand", "hands", "arms"}
SIDES = lx.words("side sides back front top bottom end ends")
STUFF_BY = lx.words("with by in from like")
WHICH = gr.POSSESSIVE | lx.words("the one each both its either every his her very a")
MISSING = lx.words("fingers sleeves laces buttons")
LONGEST = 4
"""words of what it is mended with"""


def wear_end(words: Sequence[Token], end: int) -> int:
    """The end of what is told, or `end` itself."""
    return max(_shiny(words, end), _worked(words, end), _without(words, end))


def _shiny(words: Sequence[Token], end: int) -> int:
    """`[a cassock] shiny at the elbows`, `[boots] white with dust`"""
    if end + 2 >= len(words) or words[end].key not in LOOKS_OF_CLOTH:
        return end
    at = end + 2 + (words[end + 2].key in ("the", "one", "both"))
    placed = words[end + 1].key == "at" and at < len(words) and words[at].key in ON_IT
    return at + 1 if placed else end + 3 if words[end + 1].key == "with" and words[end + 2].key in STAINED_BY else end


def _worked(words: Sequence[Token], end: int) -> int:
    """`[a tailcoat] pinned up at the hem`, `[glasses] held together with tape at one hinge`, `[a gown] beaded with pearls`"""
    if end + 2 >= len(words) or words[end].key not in WORKED | FIXED:
        return end
    at = end + 1
    while at < len(words) - 1 and words[at].key in HOW and words[at + 1].key in AT_PART | STUFF_BY | HOW:
        at += 1
    past = end + 2 if words[end].key == "worn" and words[end + 1].key in TURNED else None
    if words[at].key in AT_PART and words[end].key in WORKED:
        past = _past_part(words, at + 1)
        if past is not None and of_person(words, end) and words[past - 1].key in SIDES:
            return end  # `[a gown] turned to the side`
    elif words[at].key in STUFF_BY and (words[at].key == "with" or (words[end].key in WORKED and not of_person(words, end))):
        past = (words[at].key == "by" and _past_part(words, at + 1)) or _past_stuff(words, at + 1)
    return past or end


def _past_part(words: Sequence[Token], first: int) -> int | None:
    """Behind `the hem`, `its arms`, `one shoulder`: a part of it or of who wears it."""
    at = first
    while at < len(words) and at - first < 3 and words[at].key in WHICH:
        at += 1
    return at + 1 if first < at < len(words) and words[at].key in PART else None


def _past_stuff(words: Sequence[Token], first: int) -> int | None:
    """Behind `string`, `tape at one hinge`, `a fan`: what it is done with."""
    at = first
    while at < len(words) and at - first < LONGEST and words[at].is_word and not _stops(words[at].key, at == first):
        at += 1
    alike = words[first - 1].key == "like"  # `like a fan`, who is a thing here
    if at == first or (not alike and any(token.key in NO_STUFF for token in words[first:at])):
        return None
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
