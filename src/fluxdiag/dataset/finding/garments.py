"""The noun phrase of a garment: which word is its head, and where its adjectives begin."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import MADE, QUOTES, quote_end
from fluxdiag.dataset.finding.garment_wear import wear_end
from fluxdiag.dataset.finding.naming import is_heading
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token
from fluxdiag.records import AppearanceKind

ING_WORN = lx.words("posing bowling running hiking wedding evening flowing matching fitting riding swimming sleeping training"
    " clothing stocking earring"
                    " welding climbing racing boxing fishing gardening working skiing diving dancing cycling"
                    " engagement reading cooking clinging"
                    " shining gleaming billowing trailing"
                    " nursing sparkling glowing dangling plunging contrasting sweeping stunning")  # fmt: skip


VERBS_TOO = lx.words(
    "shades watch watches ties tie rings caps tops braces belts chains masks dresses slips boots hoods suits crowns bows coats"
)
"""a garment or what one does: `a hat shades his eyes`"""
ACTS_TOO = lx.words("packs watches ties masks dresses")
OF_SEVERAL = lx.QUANTITY | lx.words("lot kind layers folds swathes yards stacks stack strings rows strands")
ACTS_NEXT = lx.words("brush poses pose lights turns bends loops hooks curves forms")
"""in `gr.NOT_WORN_NEXT`, but a verb before an object or a place: `a woman in a dress poses for a photo`"""
VEHICLES = lx.words("car truck van vehicle jeep sedan pickup taxi")
ENDINGS = ("al", "ful", "ous", "ish", "ic", "ive", "less", "ible", "esque")
"""of adjectives that no list has"""
CUTS = lx.words("sleeveless off_shoulder")
"""how a garment is cut; as a tag, a piece of clothing"""


def garment_phrase_kind(key: str) -> AppearanceKind:
    return "accessory" if gr.garment_kind(key) == "accessory" else "clothing"


def garment_head(words: Sequence[Token], start: int, surely: bool) -> int | None:
    """The noun of the piece that begins at `start`: its last word for a garment; any noun if `surely`."""
    last = None
    at = start
    while at < len(words) and at - start < 11:
        key = words[at].key
        if gr.garment_kind(key) is not None and not names_a_thing(words, at) and not _still_adjective(words, at):
            return at
        if key in gr.ARTICLES or key in gr.POSSESSIVE:
            if at > start and words[at - 1].key != "of":
                break
        elif _of_several(words, at - (key == "of" and at > start)):
            pass
        elif key in (",", "and"):
            goes_on = at + 1 < len(words) and (_modifier_run(words, at + 1) or (surely and _unknown_noun(words, start, at)))
            if not (goes_on and (_modifies(words, start, at) or _amid(words, start, at))):
                break
        elif key == "'s" and _someones_kind(words, at):
            pass
        elif key in QUOTES and (closed := quote_end(words, at)) > at:
            at = closed  # `a "Kiss the Cook" apron`
            continue
        elif _ends_piece(words, at, named=last is not None):
            break
        else:
            last = at
        at += 1
    return last if surely and last is not None and words[last].key not in gr.NOT_WORN_NEXT | lx.ANIMAL else None


def _still_adjective(words: Sequence[Token], at: int) -> bool:
    """`a sleeveless, gray top`: a tag of its own elsewhere, here the first of the adjectives."""
    return words[at].key in CUTS and at + 1 < len(words) and words[at + 1].key == "," and _modifier_run(words, at + 2)


def _of_several(words: Sequence[Token], at: int) -> bool:
    """`[stacks] of bracelets`"""
    return words[at].key in OF_SEVERAL and at + 1 < len(words) and words[at + 1].key == "of"


def _ends_piece(words: Sequence[Token], at: int, named: bool) -> bool:
    """A mark, a word that no piece has, or after its noun what it is made of: `velvet [edged with ermine]`."""
    key = words[at].key
    return (
        not words[at].is_word
        or (named and (key in MADE or wear_end(words, at) > at) and not _modifier_run(words, at))
        or (stops_garment(key) and not adjective_here(words, at))
    )


def stops_garment(key: str) -> bool:
    if key in gr.MODIFIERS["cloth"] or key in ING_WORN:
        return False
    return key in gr.STOPPERS or key in lx.PERSON or (key not in ING_WORN and is_doing(key))


@cache
def is_doing(key: str) -> bool:
    """`waving`, but not `swing`, `string` or `spring`: a vowel stands before the ending."""
    return key.endswith("ing") and " " not in key and any(letter in "aeiouy" for letter in key[:-3])


def _names_cloth(words: Sequence[Token], at: int) -> bool:
    """`a firefighter uniform`, `a fisherman's cap`"""
    if at + 2 < len(words) and words[at + 1].key == "'s":
        return at > 0 and _someones_kind(words, at + 1)
    named = words[at].key in lx.PERSON and at + 1 < len(words) and gr.garment_kind(words[at + 1].key) is not None
    return named and not somebody_does(words, at + 1)


def somebody_does(words: Sequence[Token], at: int) -> bool:
    """`the worker packs fish`, `a nurse ties knots`: a verb with its object, and no garment."""
    if words[at].key not in ACTS_TOO or at < 2 or at + 1 >= len(words):
        return False
    following = words[at + 1].key
    subject = words[at - 1].key in lx.PERSON and words[at - 2].key in gr.ARTICLES
    return subject and following.isalpha() and following not in gr.CONJUNCTIONS | gr.COPULAS | gr.VERBS


def adjective_here(words: Sequence[Token], at: int) -> bool:
    """`a firefighter uniform`, `a shimmering gold jacket`: between an article or another adjective and a garment."""
    if _names_cloth(words, at):
        return True
    following = words[at + 1].key if at + 1 < len(words) else ""
    before = words[at - 1].key if at else ""
    participle = words[at].key.endswith("ed") or (words[at].key.endswith("ing") and words[at].key not in gr.STOPPERS | gr.HOLD)
    compound = " " in before and gr.garment_kind(before) is None  # `a dusty-rose nursing robe`
    return (
        participle
        and (before in gr.ARTICLES | {"and", ",", "of"} or before in gr.MODIFIERS["cloth"] or compound)
        and (following in gr.MODIFIERS["cloth"] or gr.garment_kind(following) is not None)
    )


def may_modify(key: str) -> bool:
    hyphened = " " in key and key.rpartition(" ")[2] not in gr.NOT_WORN_NEXT
    return key in gr.MODIFIERS["cloth"] or key == "tall" or hyphened or key.endswith(("ed", "y"))


def _modifier_run(words: Sequence[Token], at: int) -> bool:
    """Only adjectives from here to a garment: `a red, white and blue shirt`. One word may be unknown, if it stands right before
    the garment: `gray, drawstring [jogger] shorts`."""
    for place in range(at, min(at + 6, len(words))):
        key = words[place].key
        if gr.garment_kind(key) is not None:
            return True
        if place == at and _unknown_before_comma(words, at):
            continue
        if not (may_modify(key) or key in (",", "and")):
            return _any_before_garment(words, place)
    return False


def _unknown_before_comma(words: Sequence[Token], at: int) -> bool:
    """`an avant-garde, [sculptural], yellow coat`: told by its ending, between two commas."""
    key = words[at].key
    ends = key.endswith(ENDINGS) and key.isalpha() and gr.garment_kind(key) is None and key not in gr.STOPPERS | lx.PERSON
    return ends and at + 2 < len(words) and words[at + 1].key == "," and may_modify(words[at + 2].key)


def _amid(words: Sequence[Token], start: int, at: int) -> bool:
    """`an avant-garde, [sculptural], yellow coat`: the comma behind it."""
    listed = at > start + 2 and words[at].key == "," and words[at - 2].key == ","
    return listed and words[start].key in ("a", "an") and _unknown_before_comma(words, at - 1)


def _modifies(words: Sequence[Token], start: int, at: int) -> bool:
    """What stands before the comma or `and` is an adjective; an unknown one between `a` and a comma is, if a single piece
    follows, for that would have an article: `a bold, red coat`, but `a Crocodile, red boots`."""
    if may_modify(words[at - 1].key):
        return True
    alone = words[at].key == "," and at - 2 == start and words[start].key in ("a", "an")
    head = next((token.key for token in words[at + 1 : at + 5] if gr.garment_kind(token.key) is not None), "s")
    return alone and (not head.endswith("s") or head.endswith("ss"))


def _unknown_noun(words: Sequence[Token], start: int, at: int) -> bool:
    """`a thick, [forest-green wool] blanket.`: after the comma nothing but adjectives and the noun that closes the clause."""
    if words[start].key not in ("a", "an") or not all(may_modify(token.key) for token in words[start + 1 : at]):
        return False
    noun = at + 1
    while noun < len(words) and may_modify(words[noun].key):
        noun += 1
    known = noun == len(words) or words[noun].key in gr.STOPPERS | lx.PERSON | lx.ANIMAL or not words[noun].is_word
    return noun > at + 1 and not known and (noun + 1 == len(words) or words[noun + 1].key in CLAUSE_END | {",", "and"})


def _someones_kind(words: Sequence[Token], at: int) -> bool:
    """`a navy blue fisherman's cap`, `a judge's robe`: of a kind and not of somebody."""
    soon = any(gr.garment_kind(token.key) is not None for token in words[at + 1 : at + 3])
    return soon and words[at - 1].key in lx.PERSON and words[at - 2].key not in gr.POSSESSIVE | {"the"}


def _any_before_garment(words: Sequence[Token], at: int) -> bool:
    """`[a soft,] slouchy beanie`, `[a gray,] jogger pant`: whatever it is, if it is no small word and a garment follows."""
    key, following = words[at].key, words[at + 1].key if at + 1 < len(words) else ""
    plain = key.isalpha() and key not in gr.STOPPERS | gr.HOLD | lx.ANIMAL and gr.head_kind(key) is None
    return plain and (key in ING_WORN or not is_doing(key)) and gr.garment_kind(following) is not None


def names_a_thing(words: Sequence[Token], at: int) -> bool:
    """The garment only names another thing: `hat shop`, `suit jacket`, `shirt collar`."""
    following = words[at + 1].key if at + 1 < len(words) else ""
    watching = words[at].key == "watches" and at > 0 and words[at - 1].key in lx.ANIMAL | lx.PERSON  # `a frog watches`
    if words[at].key in ("coat", "coats") and [token.key for token in words[at + 1 : at + 3]] == ["of", "arms"]:
        return True
    if watching or following == "'s" or words[at].key in lx.DRINKING_GLASSES or is_heading(words, at + 1):
        return True
    if following in gr.NOT_WORN_NEXT:
        return not _acts(words, at + 1)
    acts = following in VERBS_TOO and at + 2 < len(words) and words[at + 2].key in gr.POSSESSIVE
    return gr.garment_kind(following) is not None and not acts


def _acts(words: Sequence[Token], at: int) -> bool:
    """`a man in a coat [lights] a cigarette`, `a chain [loops] across his vest`"""
    following = words[at + 1].key if at + 1 < len(words) else ""
    objects = gr.ARTICLES | gr.POSSESSIVE | gr.PREPOSITIONS
    plural = words[at].key == "lights" and following.endswith("s") and following not in gr.COPULAS  # `lights candles`
    return words[at].key in ACTS_NEXT and (following in objects or plural or following.endswith("ly"))
