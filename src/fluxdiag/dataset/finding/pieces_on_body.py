"""Noun phrases of things on the body that are no garments: `a patch over his left eye`, `glitter on her cheeks`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import CORDS, QUOTES
from fluxdiag.dataset.finding.naming import phrase_start
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import Token
from fluxdiag.dataset.finding.upon import FASTENED, ON, OWNED, PARTS, own_part

PAINTED = lx.words("painted drawn inked stenciled stencilled scribbled")
STICKS = lx.words("scales glitter plaster plasters sticker stickers rhinestones gems gauze")
PIERCED = lx.words("hoop hoops stud studs ring barbell bar")
PIERCED_PARTS = lx.words("nostril nose ear ears lip eyebrow earlobe earlobes septum lobe lobes navel tongue")
PATCHED = PIERCED | lx.words("patch bandage")
BEHIND = lx.words("behind")
STRAPS = lx.words("strap straps")
RINGS = lx.words("circles smudges rings bags shadows hollows")
HANGS = lx.words("hangs hang dangles dangle")
SWINGS = lx.words("rests rest swings swing")
SIDES = lx.words("hip hips waist side chest")
STRIPS = lx.words(
    "bead beads strap straps lace laces string strings cord cords"
    " tassel tassels buckle buckles tag tags thread threads fringe fringes"
)
STITCHED = lx.words("embroidered stitched sewn printed emblazoned pinned ironed monogrammed woven written")
EMBLEMS = lx.words(
    "name names logo logos crest emblem patch patches flag badge initials word words number monogram insignia letters"
)
ON_CLOTHES = lx.words("pocket chest breast sleeve sleeves collar lapel waistband cuff cuffs hem shoulder shoulders breast_pocket")
HELD_BY = lx.words("arm arms hand hands lap elbow teeth mouth lips chest")
TELLS_PATCH = PATCHED | BEHIND | HANGS | CORDS | STITCHED


def _each(words: Sequence[Token], group: lx.Words, first: int, after: int) -> list[int]:
    """The places of these words that have so many before and after them."""
    last = len(words) - after
    return [at for at, token in enumerate(words) if token.key in group and first <= at < last]


def patches(words: Sequence[Token]) -> Iterator[Phrase]:
    """Small things worn on the face, and what hangs on or is stitched to clothes."""
    yield from _patches(words)
    yield from hanging(words)


def _patches(words: Sequence[Token]) -> Iterator[Phrase]:
    """`a patch over his left eye`, `a pencil behind her ear`, `a silver hoop in his left nostril`"""
    for at in _each(words, PATCHED, 0, 3):
        patch = words[at].key in ("patch", "bandage") and words[at + 1].key in ("over", "on", "across", "around")
        part = own_part(words, at + 1) if patch else None
        if words[at].key in PIERCED and words[at + 1].key in ("in", "through"):
            part = _pierced(words, at + 2)
        if part is not None:
            yield Phrase(phrase_start(words, at), part + 1, "accessory")
    for at in _each(words, BEHIND, 1, 2):
        if _behind_ear(words, at) and (part := own_part(words, at)) is not None:
            yield Phrase(phrase_start(words, at - 1), part + 1, "accessory")


def _pierced(words: Sequence[Token], at: int) -> int | None:
    """The place of the part of the face that a hoop is in: `his left nostril`, `one ear`."""
    if words[at].key not in OWNED:
        return None
    return next((place for place in range(at + 1, min(at + 3, len(words))) if words[place].key in PIERCED_PARTS), None)


def _behind_ear(words: Sequence[Token], at: int) -> bool:
    if at + 2 >= len(words) or words[at].key != "behind" or words[at + 2].key not in ("ear", "ears"):
        return False
    thing, owner = words[at - 1], words[at + 1]
    named = thing.key in gr.STOPPERS or thing.key in lx.PERSON or gr.head_kind(thing.key) is not None
    return thing.is_word and not named and owner.key in OWNED


def straps(words: Sequence[Token]) -> Iterator[Phrase]:
    """`a camera strap across the chest`, `the strap of her bag over one shoulder`"""
    for at in _each(words, STRAPS, 1, 3):
        if words[at + 1].key not in ("across", "over", "around"):
            continue
        start = phrase_start(words, at)
        before = words[start - 1].key if start else ","
        part = next((place for place in range(at + 2, min(at + 5, len(words))) if words[place].key in PARTS), None)
        owned = words[at + 2].key in gr.POSSESSIVE | {"the", "one", "both"}
        if owned and part is not None and before not in gr.HOLD | {"of"}:
            yield Phrase(start, part + 1, "accessory")


def under_eyes(words: Sequence[Token]) -> Iterator[Phrase]:
    """`dark circles under his eyes`"""
    for at in _each(words, RINGS, 1, 3):
        rings = words[at + 1].key in ("under", "beneath", "below", "around")
        if rings and words[at + 2].key in gr.POSSESSIVE | {"the"} and words[at + 3].key in ("eyes", "eye"):
            start = at
            while start and words[start - 1].key in lx.COLOUR | lx.MARK | lx.DEGREE | gr.ARTICLES:
                start -= 1
            yield Phrase(start, at + 4, "mark")


def stuck(words: Sequence[Token]) -> Iterator[Phrase]:
    """`glitter on her cheeks`, `a plaster on his thumb`: worn on the skin like a mark. What work or food left there is none."""
    for at in _each(words, STICKS, 0, 2):
        if words[at + 1].key in ("on", "across", "over", "around", "all"):
            part = at + 2 if _bare_tag(words, at) else own_part(words, at + 1)
            if part is not None and part < at + 6:
                yield Phrase(phrase_start(words, at), part + 1, "mark")


def _bare_tag(words: Sequence[Token], at: int) -> bool:
    """`horns, scales on cheeks, purple gown`"""
    start = phrase_start(words, at)
    opens = start == 0 or not words[start - 1].is_word
    closed = at + 3 == len(words) or not words[at + 3].is_word
    return opens and closed and words[at + 2].key in PARTS


def fastened(words: Sequence[Token]) -> Iterator[Phrase]:
    """`[She has] a pencil stuck behind her ear`: a thing that is no garment, worn all the same. Under an arm it is held."""
    for at in _each(words, FASTENED, 2, 2):
        if words[at + 1].key not in ON or not words[at - 1].is_word:
            continue
        start = phrase_start(words, at - 1)
        before = words[start - 1].key if start else ","
        part = own_part(words, at + 1)
        plain = gr.head_kind(words[at - 1].key) is None and words[at - 1].key not in BODY_PART | lx.PERSON | lx.ANIMAL
        article = words[start].key in ("a", "an", "two") and before in gr.HAVE | {",", "and", "with", "is", "are"}
        if part is not None and plain and article and words[part].key not in HELD_BY:
            yield Phrase(start, part + 1, "accessory")


def hanging(words: Sequence[Token]) -> Iterator[Phrase]:
    """`A canteen hangs at his hip`, `straps dangle from her cargo trousers`, `A logo is printed on the pocket`: a clause of its
    own about what is on somebody's clothes."""
    for at in _each(words, HANGS, 1, 3):
        start = phrase_start(words, at - 1)
        if start > 1 and words[start - 1].key == "of":
            start = phrase_start(words, start - 2)  # `strings of coral beads`
        worn = gr.garment_kind(words[at - 1].key) is not None  # a rosary is one by itself
        if (
            not worn
            and _opens(words, start)
            and _thing(words, start, at)
            and (end := _hangs_on(words, at + 1, strip=words[at - 1].key in STRIPS)) is not None
        ):
            yield Phrase(start, end, "accessory", whole=True)
    for at in _each(words, CORDS, 4, 3):
        first = _on_a_cord(words, at) if words[at + 1].key in SWINGS else None
        if first is not None and own_part(words, at + 2) is not None:
            yield Phrase(first, at + 1, "accessory")
    for at in _each(words, STITCHED, 2, 3):
        first = _named(words, at - 1)
        if first is not None and _opens(words, first) and (end := _stitched_on(words, at + 1)) is not None:
            yield Phrase(first, end, "clothing", whole=True)


def _on_a_cord(words: Sequence[Token], cord: int) -> int | None:
    """Where `a canteen on a canvas strap` begins that rests on somebody; no being on a leash."""
    first = phrase_start(words, cord)
    if first < 2 or words[first].key not in ("a", "an") or words[first - 1].key != "on":
        return None
    start = phrase_start(words, first - 2)
    plain = words[start].key in ("a", "an") and _thing(words, start, first - 1)
    return start if plain and _opens(words, start) else None


def _opens(words: Sequence[Token], start: int) -> bool:
    return start == 0 or not words[start - 1].is_word or words[start - 1].key in ("and", "while")


def _thing(words: Sequence[Token], start: int, verb: int) -> bool:
    """No being, no part of the body and nothing that hangs on another: `A lantern from the market`"""
    known = BODY_PART | lx.PERSON | lx.ANIMAL | gr.PRONOUNS | gr.PREPOSITIONS - {"of"} | gr.VERBS | gr.COPULAS
    named = any(token.key in known or gr.head_kind(token.key) is not None for token in words[start:verb])
    return 0 < verb - start < 6 and not named and words[start].key not in ("her", "his", "their")


def _hangs_on(words: Sequence[Token], at: int, strip: bool) -> int | None:
    """`at his hip`, `from her cargo trousers`: behind the place, if the clause ends there."""
    at += words[at].key == "down" and words[at + 1].key == "over"
    if words[at].key not in ("at", "from", "on", "by", "over") or words[at + 1].key not in gr.POSSESSIVE:
        return None
    for place in range(at + 2, min(at + 6, len(words))):
        on_strap = gr.garment_kind(words[place].key) is not None and strip
        if words[place].key in SIDES or on_strap:
            closes = place + 1 == len(words) or not words[place + 1].is_word or words[place + 1].key in ("and", "as", "while")
            return place + 1 if closes else None
        if not words[place].is_word or words[place].key in gr.STOPPERS:
            return None
    return None


def _named(words: Sequence[Token], copula: int) -> int | None:
    """Where `the name "Luis"`, `A small logo`, `Her initials` begins before `is stitched`."""
    if words[copula].key not in ("is", "are"):
        return None
    last = copula - 1
    while last > 0 and not words[last].is_word and words[last].key in QUOTES:
        last = next((place for place in range(last - 1, max(0, last - 6), -1) if words[place].key in QUOTES), 0) - 1
    start = phrase_start(words, last) if last > 0 or words[0].key in EMBLEMS else 0
    return start if words[last].key in EMBLEMS else None


def _stitched_on(words: Sequence[Token], at: int) -> int | None:
    """`on the pocket in red thread`: to the end of the clause, but not `on the side of the van`."""
    if words[at].key not in ("on", "onto", "across", "over", "above", "along", "down", "to"):
        return None
    if words[at + 1].key not in gr.POSSESSIVE | {"the", "one", "each", "both", "its"}:
        return None
    part = next((place for place in range(at + 2, min(at + 5, len(words))) if words[place].key in ON_CLOTHES), None)
    if part is None or (part + 1 < len(words) and words[part + 1].key == "of"):
        return None
    return next((p for p in range(part + 1, len(words)) if not words[p].is_word or words[p].key in ("and", "while")), len(words))


def painted(words: Sequence[Token]) -> Iterator[Phrase]:
    """`[She has] a butterfly painted on her cheek`"""
    for at in _each(words, PAINTED, 2, 2):
        if words[at + 1].key not in ON or not words[at - 1].is_word:
            continue
        start = phrase_start(words, at - 1)
        drawing = words[start].key in ("a", "an", "two") and gr.head_kind(words[at - 1].key) is None
        if drawing and start and words[start - 1].key in gr.HAVE | {",", "and"} and (part := own_part(words, at + 1)) is not None:
            yield Phrase(start, part + 1, "mark")
