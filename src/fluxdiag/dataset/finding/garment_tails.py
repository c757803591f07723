"""What is told of a garment after its noun: `with white dots`, `of emerald velvet`, `on his left wrist`, `made of straw`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_details import ON_WEARER, ON_WHICH, detail_end
from fluxdiag.dataset.finding.garment_states import (
    WEARS,
    aside,
    closed,
    coloured,
    held_by,
    in_colour,
    made,
    on_cord,
    peeled,
    too_big,
    whose_part,
)
from fluxdiag.dataset.finding.garment_wear import wear_end
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tails import of_the_colour
from fluxdiag.dataset.finding.tokens import Token

MADE_OF = lx.words("""suit gown dress crown tunic robe cloak cape coat jacket skirt shirt blouse wreath garland necklace bracelet
    veil scarf shawl headdress belt armor armour string strand pair collar mantle vest costume outfit ensemble quiver
    kilt sari saree kimono toga gowns robes blanket turban sash apron corset bodice lehenga kaftan lei""")
FASTENED = lx.words("""
    clinging dangling attached hooked secured fastened buckled cinched slipped balanced tied perched wrapped draped pushed
    slung pulled hung hanging resting worn looped knotted strapped clipped pinned propped pulled_up tucked
    slipping sliding falling
    pressed clamped jammed pulled_down shoved lowered
""")  # fmt: skip


WREATHS = lx.words("crown wreath garland necklace bracelet headdress string strand lei collar")
HEADGEAR = lx.words("helmet hat cap hood")


def described_end(words: Sequence[Token], end: int) -> int:
    """`with white polka dots`, `covered with patches`, `around her neck`, `on his left wrist`, `made of velvet`."""
    while end < len(words) and (words[end].is_word or aside(words, end) > end):
        at = detail_end(words, end)
        at = _of_cloth(words, at)
        at = on_wearer_end(words, at)
        at = on_cord(words, at)
        at = made(words, at)
        at = peeled(words, at)
        at = held_by(words, at)
        at = aside(words, at)
        at = too_big(words, at)
        at = coloured(words, at)
        at = in_colour(words, at)
        at = of_the_colour(words, at)
        at = whose_part(words, at)
        at = wear_end(words, at)
        if at < len(words) - 1 and words[at].key == "of" and words[at - 1].key in ("crown", "string", "wreath", "pair"):
            at += 2
        if at == end:
            break
        end = at
    return end


def _of_cloth(words: Sequence[Token], end: int) -> int:
    """`a gown of emerald velvet`, `a suit of silver armor`, `a crown of white flowers`: what it is made of."""
    if end + 1 >= len(words) or words[end].key != "of" or not made_of(words[end - 1].key):
        return end
    for at in range(end + 1, min(end + 5, len(words))):
        following = words[at + 1].key if at + 1 < len(words) else "."
        if words[at].key in gr.STOPPERS or not words[at].is_word:
            return end
        if words[at].key in lx.COLOUR and following == "and" and at + 2 < len(words) and words[at + 2].key in lx.COLOUR:
            end = at + 3  # `a tunic of red and gold`
            return _of_named_cloth(words, end)
        if following == "and" and words[end - 1].key in WREATHS and _another_stuff(words, at + 2):
            return at + 3  # `a crown of coral and bone`
        if following in gr.STOPPERS or following in (",", ".", ";", ")", "trimmed", "lined", "\n"):
            return at + 1
    return end


def made_of(key: str) -> bool:
    """`a skirt of wool`, `skirts of indigo cotton`"""
    return key in MADE_OF or key.removesuffix("s") in MADE_OF


def _of_named_cloth(words: Sequence[Token], at: int) -> int:
    """`[a suit of red and black] lacquered armor`: on to what has the two colours."""
    place = at
    while (
        place < len(words) and place - at < 3 and (words[place].key in gr.MODIFIERS["cloth"] or words[place].key.endswith("ed"))
    ):
        place += 1
    noun = place < len(words) and gr.garment_kind(words[place].key) is not None
    last_of_cloth = place > at and not noun  # `of red and gold silk`
    return place + noun if noun or last_of_cloth else at


def _another_stuff(words: Sequence[Token], at: int) -> bool:
    """A single noun that is no piece of its own closes the list: `and bone`."""
    if at >= len(words) or not words[at].is_word:
        return False
    key = words[at].key
    acts = key in verbs.THIRD | verbs.IRREGULAR | lx.MOOD_HEADS  # `a crown of roses and smiles`
    named = acts or key in gr.STOPPERS or gr.garment_kind(key) is not None or gr.head_kind(key) is not None
    return not named and (at + 1 == len(words) or not words[at + 1].is_word or words[at + 1].key in gr.STOPPERS)


def on_wearer_end(words: Sequence[Token], end: int) -> int:
    at = end + (end < len(words) and words[end].key in FASTENED)
    if at > end and [token.key for token in words[at : at + 2]] == ["on", "top"] and closed(words, at + 2):
        return at + 2  # `[a cap with goggles] resting on top`
    at += at < len(words) and words[at].key in ("up", "down", "low", "high", "back", "loosely", "tightly")
    first = at
    slips = at > end and words[end].key in ("slipping", "sliding", "falling") and at < len(words) and words[at].key == "off"
    if at + 1 < len(words) and (words[at].key in ON_WEARER or slips):
        at += 1
        while at < len(words) and words[at].key in gr.POSSESSIVE | ON_WHICH:
            at += 1
        at = _past_colours(words, at)
        if (at == len(words) or words[at].key not in WEARS) and words[at - 1].key in WEARS:
            at -= 1  # `on her back`, where `back` is the part itself
        held = words[first].key == "in" and at < len(words) and words[at].key in ("hand", "hands", "arms", "mouth", "teeth")
        worn_on = at < len(words) and (words[at].key in WEARS or (at > first and words[at].key in HEADGEAR))
        bare = words[first].key in ("around", "round", "over", "under") or closed(words, at + 1)  # `goggles on forehead`
        if worn_on and not held and (at > first + 1 or bare):
            return at + 1 + (at + 1 < len(words) and words[at + 1].key == "pocket")
    return end


def _past_colours(words: Sequence[Token], at: int) -> int:
    """`over her lilac hair`: to the hair, if nothing but its adjectives stand before it."""
    place = at
    while place < len(words) and place - at < 3 and words[place].key in gr.MODIFIERS["hair"]:
        place += 1
    return place if place < len(words) and words[place].key == "hair" else at
