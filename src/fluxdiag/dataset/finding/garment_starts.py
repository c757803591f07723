"""Where the noun phrase of a garment begins: its adjectives, with commas between, its article, and a quantity before it."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import MADE, QUOTES
from fluxdiag.dataset.finding.garments import adjective_here, may_modify, stops_garment
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

HALVES = lx.words("half part")
WHICH_HALF = lx.words("top upper bottom lower")
STACKED = lx.words("bundle stack stacks")
"""`[a stack of] silver bangles` is one phrase, `the folds of [his turban]` are not"""
PAIR = lx.words("pair pairs string strings strand strands row rows")
COUNTED = lx.words("a an the two three four several many multiple")
ALONE = lx.words("worn torn sleek snug dark crisp soft loose tight bold sheer elegant simple frayed futuristic light bright")
TELLS_OF = lx.words("has have had with wears wearing features")
PLACES = lx.words(
    "wedding rain school evening business lab work gym yoga swim summer winter office party festival nightclub prison prom"
)
"""known before a garment (`a wedding dress`); before a comma they end a phrase of their own"""
PARTS_OF = lx.words("train hem brim collar hood visor skirt skirts sleeve sleeves front back tails lapel cuff shoulder")
OF_STRAND = lx.words("single double triple second")
WORN_BEFORE = frozenset({",", ".", "in", "wearing", "wears"})
AT = lx.words("on at by near beside behind against")


def garment_start(words: Sequence[Token], at: int) -> int:
    """Where the phrase begins: up to five words of any sort, no preposition, verb or person among them."""
    start, joints = at, 0
    while start and at - start - joints < 6:
        key = words[start - 1].key
        if key in QUOTES and (opened := _quote_start(words, start - 1)) is not None:
            return opened  # `a "NASA" hoodie`
        if key in gr.ARTICLES or key in gr.POSSESSIVE:
            start -= 1
            return _pair(words, start)
        if key == "," and start > 1 and words[start - 2].key in PLACES:
            break
        if (
            key == "and"
            and start > 3
            and words[start - 3].key == "with"
            and words[start - 4].key in MADE
            and words[start - 2].key not in lx.COLOUR
        ):
            break  # `earrings trimmed with fur and [a hat]`
        if (
            key == "'s"
            and start > 1
            and words[start - 2].key in lx.PERSON
            and (start == 2 or words[start - 3].key in gr.ARTICLES | gr.POSSESSIVE | WORN_BEFORE | lx.COLOUR)
        ):
            start -= 2
            continue  # `a judge's robe`
        joint = key in (",", "and") and start > 1 and (start != at or _begins_with_adjective(words[at].key))
        if joint and _adjectives_about(words, start - 1):
            listed = _has_article(words, start - 2) or _told_of_somebody(words, start - 2) or _opens(words, start - 2)
            if (key == "," and not listed) or not _sure(words[start - 2].key):
                break
            joints += 1
        elif (
            not words[start - 1].is_word
            or (stops_garment(key) and not adjective_here(words, start - 1))
            or (gr.head_kind(key) is not None and key not in ("fringe", "cut", "waist", "bob", "tan"))
        ):
            break
        start -= 1
    while start < at and words[start].key in (",", "and"):
        start += 1
    return _pair(words, start)


def _adjectives_about(words: Sequence[Token], joint: int) -> bool:
    """On both sides of a comma or `and`; a `show jacket` is a piece of its own."""
    before = words[joint - 1].key
    piece = " " in before and before not in gr.MODIFIERS["cloth"] and gr.garment_kind(before) is not None
    place = joint > 2 and words[joint - 2].key in gr.POSSESSIVE and words[joint - 3].key in AT  # `on his bike, black jacket`
    return may_modify(words[joint + 1].key) and may_modify(before) and not piece and not place


def _sure(key: str) -> bool:
    """No noun on `y`: `on a balcony, linen robe`, and no animal: `with a border collie, linen robe`"""
    return key not in lx.ANIMAL and (not key.endswith("y") or " " in key or key in gr.MODIFIERS["cloth"])


def _begins_with_adjective(key: str) -> bool:
    """`a pointed, [wide-brimmed hat]`: one word of the lexicon, but an adjective is the first part of it."""
    return key.rpartition(" ")[0] in gr.MODIFIERS["cloth"]


def _has_article(words: Sequence[Token], at: int) -> bool:
    """`[a sharply tailored,] dark green, three-piece suit`, `[a stack of colorful,] braided bracelets`"""
    while at and (may_modify(words[at].key) or _between_sure(words, at)):
        at -= 1
    stacked = words[at].key == "of" and at > 1 and words[at - 1].key in STACKED | PAIR and words[at - 2].key in ("a", "the", ".")
    return words[at].key in gr.POSSESSIVE | COUNTED or stacked


def _between_sure(words: Sequence[Token], comma: int) -> bool:
    """A comma with adjectives on both sides that are no nouns on `y`: `in a city, dark green, three-piece suit` has none."""
    before, after = words[comma - 1].key, words[comma + 1].key
    return words[comma].key == "," and may_modify(before) and _sure(before) and _sure(after)


def _opens(words: Sequence[Token], at: int) -> bool:
    """`. [Large,] geometric brass earrings hang`: a sentence begins with the adjective."""
    return at > 0 and words[at].proper and words[at - 1].key == "."


def _no_noun(key: str) -> bool:
    """`in [delicate,] beaded gloves`, but `in denim, black hat`"""
    ending = key.endswith(("ful", "ous", "ish", "ate", "some")) or (key.endswith(("ed", "y")) and key in lx.CLOTH)
    return ending or key in lx.BODY_SIZE | ALONE


def _quote_start(words: Sequence[Token], closing: int) -> int | None:
    """The article before the quotation marks that close at `closing`."""
    opening = next((place for place in range(closing - 1, max(-1, closing - 9), -1) if words[place].key in QUOTES), 0)
    return opening - 1 if opening and words[opening - 1].key in ("a", "an", "the", "his", "her") else None


def _told_of_somebody(words: Sequence[Token], at: int) -> bool:
    """`[He has red hair,] round, crooked glasses`: a list of a sentence, where adjectives stand alone; not of tags."""
    if gr.garment_kind(words[at].key) is not None:
        return False
    while at and may_modify(words[at].key):
        at -= 1
    if words[at].key not in (",", "and"):
        return words[at].key in TELLS_OF or (words[at].key == "in" and _no_noun(words[at + 1].key))
    piece = False
    for token in reversed(words[:at]):
        if token.key in CLAUSE_END or token.key in gr.PRONOUNS:
            return False
        piece = piece or gr.garment_kind(token.key) is not None
        if token.key in TELLS_OF or (token.key == "in" and piece):
            return True
    return False


def part_of(words: Sequence[Token], start: int) -> int:
    """`the ruffled train of [her dress]`, `the brim of [his hat]`: a part is told with its piece."""
    if start < 3 or words[start - 1].key != "of" or words[start].key not in gr.POSSESSIVE:
        return start
    if words[start - 2].key not in PARTS_OF:
        return start
    first = start - 3
    while first and start - first < 6 and words[first].key in gr.MODIFIERS["cloth"]:
        first -= 1
    return first if words[first].key == "the" else start


def _pair(words: Sequence[Token], start: int) -> int:
    if start > 2 and words[start - 1].key == "of" and words[start - 2].key in HALVES:
        first = start - 2 - (words[start - 3].key in WHICH_HALF)
        return first - (first > 0 and words[first - 1].key == "the")  # `The top half of her jumpsuit is tied`
    if start > 1 and words[start - 1].key == "of" and words[start - 2].key in lx.QUANTITY | STACKED:
        first = start - 2
        while first and (words[first - 1].key in OF_STRAND or words[first - 1].key in gr.MODIFIERS["cloth"]):
            first -= 1  # `a single strand of [pearls]`
        return first - 1 if first and words[first - 1].key in gr.ARTICLES else start - 2
    return start
