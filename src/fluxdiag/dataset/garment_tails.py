"""What is told of a garment after its noun: `with white dots`, `of emerald velvet`, `on his left wrist`, `made of straw`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset import grammar as gr
from fluxdiag.dataset import lexicon as lx
from fluxdiag.dataset.tails import BODY_PART
from fluxdiag.dataset.tokens import CLAUSE_END, Token

MADE_OF = lx.words("""suit gown dress crown tunic robe cloak cape coat jacket skirt shirt blouse wreath garland necklace bracelet
    veil scarf shawl headdress belt armor armour crown string strand pair collar mantle vest""")
FASTENED = lx.words("tied perched wrapped draped pushed slung pulled hung hanging resting worn looped knotted strapped"
    " clipped pinned"
    " propped pulled_up tucked")  # fmt: skip
WITH_DETAIL = lx.words("design print pattern sleeves collar hood neckline details trim embroidery stripe stripes"
    " straps buttons visor logo lace dots"
                       " engravings patches slit train back stripes pockets cuffs hem lapels fringe ruffles accents"
                       " graphic letters lines"
                       " polka_dots motif motifs text fabric bodice waist brim frames frame lenses beads stones cuff"
                       " ribbon zipper"
                       " elements flowers bow sequins prints patterns reading polka feathers")  # fmt: skip
ON_WEARER = lx.words("around on over across in into atop upon from under round above at")
ON_WHICH = lx.words("the left right both of one around each over bridge tip top back her his")
WEARS = BODY_PART | lx.words("hair waist wrists ears finger fingers hips ankles shoulders brow throat knees")
MADE = lx.words("made covered adorned decorated embroidered trimmed lined edged studded splattered stained printed patterned cut")


def described_end(words: Sequence[Token], end: int) -> int:
    """`with white polka dots`, `covered with patches`, `around her neck`, `on his left wrist`, `made of velvet`,"
    " `with a hood`."""
    while True:
        at = _detail(words, end)
        at = _of_cloth(words, at)
        at = on_wearer_end(words, at)
        at = _made(words, at)
        if at < len(words) - 1 and words[at].key == "of" and words[at - 1].key in ("crown", "string", "wreath", "pair"):
            at += 2
        if at == end:
            return end
        end = at


def _of_cloth(words: Sequence[Token], end: int) -> int:
    """`a gown of emerald velvet`, `a suit of silver armor`, `a crown of white flowers`: what it is made of."""
    if end + 1 >= len(words) or words[end].key != "of" or words[end - 1].key not in MADE_OF:
        return end
    for at in range(end + 1, min(end + 5, len(words))):
        following = words[at + 1].key if at + 1 < len(words) else "."
        if words[at].key in gr.STOPPERS or not words[at].is_word:
            return end
        if following in gr.STOPPERS or following in (",", ".", ";", ")", "trimmed", "lined", "\n"):
            return at + 1
    return end


def _detail(words: Sequence[Token], end: int) -> int:
    if end >= len(words) or words[end].key not in ("with", "featuring"):
        return end
    for at in range(end + 1, min(end + 7, len(words))):
        key = words[at].key
        if key in WITH_DETAIL:
            following = words[at + 1].key if at + 1 < len(words) else ""
            if following in WITH_DETAIL or gr.garment_kind(following) or gr.head_kind(following):
                continue
            return _detail_more(words, at + 1)
        if (key in gr.STOPPERS - gr.ARTICLES - gr.CONJUNCTIONS and key not in ("rolled",)) or key in CLAUSE_END or key == ",":
            break
        if gr.head_kind(key) is not None and key not in ("back", "waist", "lip"):
            break
    return end


def _detail_more(words: Sequence[Token], at: int) -> int:
    """`with lace sleeves and an open back`, `with the sleeves rolled up`."""
    if at + 1 < len(words) and words[at].key == "rolled" and words[at + 1].key == "up":
        return at + 2
    if at < len(words) and words[at].key in ("and", "on", "in"):
        for more in range(at + 1, min(at + 5, len(words))):
            if words[more].key in WITH_DETAIL:
                return more + 1
            if words[more].key in gr.STOPPERS - gr.ARTICLES:
                break
    return at


def on_wearer_end(words: Sequence[Token], end: int) -> int:
    at = end + (end < len(words) and words[end].key in FASTENED)
    at += at < len(words) and words[at].key in ("up", "down", "low", "high", "back", "loosely", "tightly")
    first = at
    if at + 1 < len(words) and words[at].key in ON_WEARER:
        at += 1
        while at < len(words) and words[at].key in gr.POSSESSIVE | ON_WHICH:
            at += 1
        held = words[first].key == "in" and at < len(words) and words[at].key in ("hand", "hands", "arms", "mouth", "teeth")
        if at < len(words) and not held and words[at].key in WEARS and (at > first + 1 or words[first].key in ("around", "over")):
            return at + 1
    return end


def _made(words: Sequence[Token], end: int) -> int:
    """`made of flower petals`, `covered with patches`: to the end of the clause."""
    if end + 1 >= len(words) or words[end].key not in MADE:
        return end
    at = end + 1
    while at < len(words) and words[at].key not in CLAUSE_END and words[at].key not in (",", "and", "that", "who", "while"):
        at += 1
    return at
