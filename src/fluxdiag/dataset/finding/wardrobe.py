"""Clothes and accessories that the character wears: after `wearing`, or unannounced where `worn_or_not.py` finds them worn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import WEARS
from fluxdiag.dataset.finding.garment_tails import described_end
from fluxdiag.dataset.finding.garments import garment_head, garment_phrase_kind
from fluxdiag.dataset.finding.held import beside_somebody
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.lexicon.details import WITH_DETAIL
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token
from fluxdiag.dataset.finding.worn_by_place import STRINGS, around_neck, bare_part, in_colour, in_hair
from fluxdiag.dataset.finding.worn_or_not import unannounced

LIST = lx.words(", and or over under with underneath & plus paired_with beneath atop")
JOINED = lx.words(
    "complemented accessorized accessorised accented accompanied paired teamed matched topped finished completed complete offset"
    " highlighted set_off layered combined"
)
COVERED_IN = lx.words(
    "adorned arrayed"
    " robed garbed swathed cloaked costumed decked kitted gowned suited swaddled clothed attired decked_out kitted_out"
)
DRAPED_IN = lx.words("draped wrapped enveloped layered sheathed encased")
CONSISTS = lx.words("consists consist consisting")
INCLUDES = lx.words("includes include including features feature featuring")
DRESS = lx.words("outfit attire kit ensemble costume clothing look uniform wardrobe clothes dress getup garb")
SHOD = lx.words("laced strapped encased clad shod tucked clothed sheathed buckled squeezed wrapped covered swathed stuffed")
LIMBS = lx.words("feet foot legs hands arms head shoulders hair body")
POSED = lx.words("seated reclining standing female male painted sleeping")
BUILT_OF = lx.words(
    "steel brick bricks stone stones concrete glass marble timber wood ivy tile tiles shingles aluminium zinc"
    " aluminum copper slate limestone granite sandstone plaster snow ice frost fog mist panels boards planks moss"
)
BARE = lx.words("shirtless topless barefoot naked nude no_shirt bare_chest bare_chested")
AROUND = lx.words("on around round at")
ANNOUNCES = gr.WEAR | INCLUDES | {"in", "into", "on", "of"}
NO_GARMENT = BARE | STRINGS | {"bare", "in"}
"""words of pieces without a name, or of none at all"""


def worn(words: Sequence[Token]) -> Iterator[Phrase]:
    """One phrase a piece, whoever wears it; `wearing` itself belongs to none."""
    listed: set[int] = set()
    for at, token in enumerate(words):
        if token.key not in ANNOUNCES:
            continue
        if _says_worn(words, at):
            for phrase in _after_wearing(words, at + 1):
                listed.update(range(phrase.start, phrase.end))
                yield phrase
        elif (limb := _shod(words, at)) is not None:
            listed.update(range(limb.start, limb.end))
            yield limb
    for at, token in enumerate(words):
        if at in listed:
            continue
        if token.key in NO_GARMENT:
            yield from _without_name(words, at)
        kind = gr.garment_kind(token.key)
        if kind is not None and not _names_a_list(words, at) and (free := unannounced(words, at, kind)) is not None:
            yield free


def _without_name(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    """`her feet are bare`, `a string of beads around her neck`, `topless`, `in white`, `a flower in her hair`"""
    key, before = words[at].key, words[at - 1].key if at else ""
    if key == "bare" and bare_part(words, at):
        yield Phrase(at - 3, at + 1, "clothing")
    if key in STRINGS and before in ("a", "an", "two") and (piece := around_neck(words, at - 1)) is not None:
        yield piece
    if key in BARE and not _painted_nude(words, at) and not (" " in key and before in gr.POSSESSIVE):
        yield Phrase(at, at + 1, "clothing")
    if key == "in" and (coloured := in_colour(words, at)) is not None:
        yield coloured
    if key == "in" and (flower := in_hair(words, at)) is not None:
        yield flower


def _painted_nude(words: Sequence[Token], at: int) -> bool:
    """`a seated nude in ochre`: a picture of somebody"""
    after = words[at + 1].key if at + 1 < len(words) else "."
    told = at > 1 and words[at - 1].key in POSED and words[at - 2].key in gr.ARTICLES
    return words[at].key == "nude" and told and (after in gr.PREPOSITIONS or not after[0].isalnum())


def _says_worn(words: Sequence[Token], at: int) -> bool:
    """`wearing`, `robed in`, `her kit consists of`"""
    key = words[at].key
    before = words[at - 1].key if at else ""
    if key == "in":
        return before in COVERED_IN or _dressed_for(words, at) or (before in DRAPED_IN and at > 1 and _of_person(words, at - 2))
    if key == "on" and before in ("has", "have", "had", "got"):
        return at + 1 < len(words) and words[at + 1].key not in gr.POSSESSIVE  # `She has on her lap a cat`
    if names_pieces(words, at):
        return True
    if key == "clad" and at + 1 < len(words) and _built(words, at + 1):
        return False
    return key in gr.WEAR and not (key == "sports" and not (at and before in gr.PRONOUNS | lx.PERSON))


def _built(words: Sequence[Token], at: int) -> bool:
    """`[The tower is clad] in brushed steel`"""
    end = at + 1
    while end < len(words) and words[end].is_word and words[end].key not in gr.STOPPERS:
        end += 1
    return words[end - 1].key in BUILT_OF and words[at].key in ("in", "with")


def _dressed_for(words: Sequence[Token], at: int) -> bool:
    """`dressed for a warm day [in] a T-shirt and shorts`, not `dressed as Santa sitting in a chair`"""
    if garment_head(words, at + 1, surely=False) is None:
        return False
    for place in range(at - 2, max(-1, at - 8), -1):
        if words[place].key in ("dressed", "attired", "outfitted"):
            return words[place + 1].key in ("for", "as", "up", "like")
        if not words[place].is_word or words[place].key in gr.COPULAS | gr.VERBS | {"in", "and"}:
            return False
    return False


def names_pieces(words: Sequence[Token], at: int) -> bool:
    """`Her outfit consists [of] a coat`, `His attire [includes] boots`: what follows are the pieces."""
    key = words[at].key
    if key == "of":
        verb = at - 1 if words[at - 1].key in CONSISTS else at - 3
        told = words[at - 1].key in CONSISTS or [token.key for token in words[at - 2 : at]] == ["made", "up"]
    else:
        verb, told = at, key in INCLUDES
    return told and any(
        token.key.rpartition(" ")[2] in (DRESS if key == "of" else DRESS - {"dress"})
        for token in words[max(0, verb - 2) : max(0, verb)]
    )


def _shod(words: Sequence[Token], at: int) -> Phrase | None:
    """`Her feet are laced [into] silver boots`: without the boots nothing is said of the feet."""
    if words[at].key not in ("in", "into") or at < 4 or words[at - 1].key not in SHOD or words[at - 2].key not in gr.COPULAS:
        return None
    if words[at - 3].key not in LIMBS or words[at - 4].key not in gr.POSSESSIVE | {"'s"}:
        return None
    pieces = list(_after_wearing(words, at + 1)) if garment_head(words, at + 1, surely=False) is not None else []
    start = at - 4 if words[at - 4].key != "'s" else at - 3
    return Phrase(start, pieces[-1].end, pieces[0].kind, whole=True) if pieces else None


def _names_a_list(words: Sequence[Token], at: int) -> bool:
    """`[Her outfit] consists of a coat`: only a word for what is told of next."""
    if at + 2 >= len(words) or words[at].key.rpartition(" ")[2] not in DRESS or words[at + 1].key == "consisting":
        return False
    if words[at + 1].key in INCLUDES and (" " in words[at].key or (at > 0 and _style(words[at - 1].key))):
        return False  # `Her sailor-style school uniform features a collar`: told enough to be a look itself
    return any(names_pieces(words, place) for place in range(at + 1, min(at + 5, len(words))))


def _style(key: str) -> bool:
    """`sailor-style`, `red`, but no `her`"""
    return " " in key or key in lx.CLOTH or key in lx.COLOUR


def _of_person(words: Sequence[Token], at: int) -> bool:
    """`He is [draped in]`, `a woman [wrapped in]`; tables are draped, too."""
    who = words[at - 1].key if words[at].key in gr.COPULAS and at else words[at].key
    return who in lx.PERSON or who in ("she", "he", "they", "who", "and")


def _after_wearing(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    """The pieces of the list that follows; even an unknown word is a piece, if it comes first or matches what came before."""
    while (at < len(words) and words[at].key in ("only", "just", "in", "casually", "elegantly", "up", "nothing", "but")) or (
        at < len(words) and words[at].key.endswith("ly")
    ):
        at += 1
    found = 0
    while at < len(words):
        start = at
        at += 3 * _someones(words, at)
        sure = not found or _matching(words, at) or (found > 1 and _closes_list(words, at)) or _coloured_bow(words, at)
        head = garment_head(words, at, surely=sure)
        if head is None and (piece := around_neck(words, at)) is not None:
            yield piece
            joins = next((place for place in range(piece.end, len(words)) if words[place].key not in LIST), len(words))
            if joins == piece.end or garment_head(words, joins, surely=False) is None:
                return  # `[a tape around her neck,] and a thimble`
            at, found = joins, found + 1
            continue
        if head is None or (found and beside_somebody(words, head + 1)):
            return  # `[He wears a coat,] and a helmet sits beside him`
        end = _detail_in_list(words, described_end(words, head + 1))
        yield Phrase(start, end, garment_phrase_kind(words[head].key))
        at, found = end, found + 1
        before = at
        while at < len(words) and words[at].key in LIST and at - before < 3:
            at += 1
        at += 2 * _goes_with(words, at)
        if at == before:
            return


def _detail_in_list(words: Sequence[Token], end: int) -> int:
    """`a harness with carabiners, and a red bag`: an unknown detail, where the next piece shows that the list goes on."""
    if end + 1 >= len(words) or words[end].key != "with":
        return end
    at = end + 1 + (words[end + 1].key in gr.ARTICLES)
    first = at
    while at < len(words) and at - first < 4 and words[at].is_word and words[at].key not in gr.STOPPERS | lx.PERSON | lx.ANIMAL:
        if gr.garment_kind(words[at].key) is not None or gr.head_kind(words[at].key) is not None:
            return end
        at += 1
    joined = at + 1 < len(words) and words[at].key in (",", "and")
    piece = at + 1 + (joined and words[at + 1].key == "and")
    on = (
        joined
        and at > first
        and piece < len(words)
        and (words[piece].key in ("a", "an") or words[piece].key in gr.MODIFIERS["cloth"])
    )
    return at if on and garment_head(words, piece, surely=False) is not None else end


def _someones(words: Sequence[Token], at: int) -> bool:
    """`[wearing a cardigan and] her mother's [pearls]`"""
    whose = [token.key for token in words[at : at + 3]]
    return len(whose) == 3 and whose[0] in gr.POSSESSIVE and whose[1] in lx.PERSON and whose[2] == "'s"


def _goes_with(words: Sequence[Token], at: int) -> bool:
    """`[a red gown,] complemented by [a gold watch]`"""
    return at + 1 < len(words) and words[at].key in JOINED and words[at + 1].key in ("by", "with")


def _matching(words: Sequence[Token], at: int) -> bool:
    """`a matching slicker`: what goes with a garment is one, known or not."""
    return at + 1 < len(words) and "matching" in (words[at].key, words[at + 1].key)


def _coloured_bow(words: Sequence[Token], at: int) -> bool:
    """`[a blue skirt and] a large red bow`: a part of a garment with an article and a colour; a bow without may be a weapon."""
    if at + 2 >= len(words) or words[at].key not in ("a", "an"):
        return False
    end = at + 1
    while end < len(words) and words[end].key in gr.MODIFIERS["cloth"]:
        end += 1
    coloured_ = any(token.key in lx.COLOUR for token in words[at + 1 : end])
    if not coloured_ or end == len(words) or words[end].key not in WITH_DETAIL:
        return False
    return end + 1 == len(words) or words[end + 1].key in CLAUSE_END | {",", "and"}


def _closes_list(words: Sequence[Token], at: int) -> bool:
    """`[baggy pants, a shirt], and scuffed Vans`: the last of three, whatever it is, if no verb or place follows."""
    if words[at - 1].key != "and" or words[at - 2].key != "," or words[at].key in gr.STOPPERS - {"a", "an"}:
        return False
    end = next((place for place in range(at, len(words)) if not words[place].is_word), len(words))
    if (
        end - at > 3
        and words[end - 3].key in AROUND
        and words[end - 2].key in gr.POSSESSIVE
        and words[end - 1].key in WEARS - {"neck"}
    ):
        end -= 3  # `and a pincushion on her wrist`
    noun = end - (words[end - 2].key in lx.COLOUR)  # `black slides` are no verb
    held = {token.key for token in words[at:noun]} & (
        lx.PERSON | lx.MOOD_HEADS | gr.HOLD | gr.COPULAS | gr.POSSESSIVE | verbs.THIRD
    )
    return not held and not any(token.key.endswith("ing") for token in words[at:end])
