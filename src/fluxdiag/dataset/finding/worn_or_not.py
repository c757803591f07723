"""Is a garment that no `wearing` announces worn? Not in a hand, on a hook, for sale, as a verb, or lying about."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import WEARS
from fluxdiag.dataset.finding.garment_tails import MADE_OF, described_end, on_wearer_end
from fluxdiag.dataset.finding.garments import VERBS_TOO, garment_phrase_kind, garment_start, names_a_thing, somebody_does
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

LYING = lx.words("lies lie lay sits sit rests hangs hang stands leans rests is are was lying hanging resting")
CONTAINERS = lx.words("box boxes pile piles rack racks stack stacks row rows basket baskets bag bags collection display"
    " shelf shelves"
    " crate crates heap heaps assortment selection line lines pictures photos")  # fmt: skip
FILLED = lx.words(
    "covered filled lined hung piled stacked crammed decorated strewn littered cluttered crowded packed stuffed"
    " loaded scattered laden"
)
CARRIED = lx.words("bag pack tote tote_bag rucksack knapsack purse handbag satchel backpack quiver")
DRINKS = lx.words("crystal cut wine champagne drinking beer cocktail magnifying whiskey shot tall empty martini water of two")
OF_LIGHT = lx.words("creates creating forms forming like light")
FURNITURE = lx.words("hook hanger table chair bed rack shelf peg stand hat_stand counter floor desk mannequin")
WHICH_HAND = lx.words("one each other left right the a")
FAMILIAR = lx.words("glasses sunglasses eyeglasses spectacles necklace earrings earring bracelet headband choker"
    " tiara hijab turban"
                    " bandana eyepatch beanie beret fedora scarf jewellery jewelry t_shirt hoodie sweatshirt blouse"
                    " cardigan jeans leggings"
                    " sundress dress sweater shirt jacket coat suit gown uniform swimsuit bikini hat helmet gloves"
                    " headphones backpack")  # fmt: skip


def unannounced(words: Sequence[Token], at: int, kind: str) -> Phrase | None:
    """A piece that no `wearing` announces: worn if told by a cloth or colour, by `in` or `with`, or if it is a part
    of its own."""
    if _is_verb(words, at):
        return None
    if words[at].key == "belt" and at and words[at - 1].key in ("seat", "conveyor"):
        return None
    if names_a_thing(words, at) or (words[at].key == "watch" and _verbal(words, at)):
        return None
    if words[at].key == "halo" and any(token.key in OF_LIGHT for token in words[max(0, at - 4) : at]):
        return None
    start = garment_start(words, at)
    before = words[start - 1].key if start else ","
    told = " " in words[at].key or any(_tells(word.key) for word in words[start:at])
    owned = words[start].key in gr.POSSESSIVE or (start > 0 and words[start - 1].key == "'s")
    after = words[at + 1].key if at + 1 < len(words) else ","
    alone = before in (",", ".", ":", ";", "(", "|", "\n") and (
        after in (",", ".", ";", ":", ")", "|", "on", "open", "unbuttoned")
    )
    if owned and start == at - 1 and after in ("raised", "up", "off", "lowered", "aloft"):
        return None  # `with her gloves raised`: a pose
    if words[at].key in ("glasses", "glass") and _for_drinks(words, start, at):
        return None
    if before in ("on", "onto") and words[at].key in lx.AMBIGUOUS:
        return None  # `lying on a towel`
    if _held(words, start, at) or (after == "of" and words[at].key not in MADE_OF):
        return None
    if words[at].key in ("ring", "rings") and any(token.key == "boxing" for token in words[max(0, start - 1) : at]):
        return None
    hidden = before in ("behind", "beneath") and any(
        token.key in ("hidden", "concealed", "obscured") for token in words[max(0, start - 3) : start]
    )
    linked = hidden or before in ("in", "with", "over", "under", "has", "have", "having", "underneath")
    opens = start == 0 or before in (".", "!", "?", "\n") or (before == "and" and start > 1 and words[start - 2].key == ",")
    on_wearer = on_wearer_end(words, at + 1) > at + 1 or (opens and on_somebody(words, at + 1))
    if (
        (words[at].key in CARRIED or words[at].key.removesuffix("s") in CARRIED)
        and not on_wearer
        and words[at].key not in FAMILIAR
    ):
        return None  # in a hand or beside the person
    listed = before in (",", "and") and kind is not None and words[at].key not in lx.AMBIGUOUS
    article = (
        words[start].key in ("a", "an", "two", "one")
        and told
        and words[at].key not in ("ring", "halo", "wings", "horns", "bell", "chain", "watch")
        and before not in ("boxing",)
    )
    sure = (
        alone
        or owned
        or article
        or (before in (",", "and") and (told or _after_piece(words, start)))
        or linked
        or on_wearer
        or (told and words[at].key not in lx.AMBIGUOUS)
        or (
            (words[at].key in FAMILIAR or listed)
            and words[at].key not in lx.AMBIGUOUS
            and words[start].key not in ("the", "some")
        )
    )
    if (
        words[at].key in lx.AMBIGUOUS
        and linked
        and before in ("in", "with")
        and words[at].key in ("top", "ring", "watch", "tie")
        and not told
    ):
        sure = start < at and words[start].key not in ("the",)
    return Phrase(start, described_end(words, at + 1), garment_phrase_kind(words[at].key)) if sure else None


def _for_drinks(words: Sequence[Token], start: int, at: int) -> bool:
    """`wine glasses`, `two glasses`, `glasses of water`; but not `a pair of glasses`"""
    if start < at - 1 and words[at - 2].key == "pair":
        return False
    before, after = words[start - 1].key if start else ",", words[at + 1].key if at + 1 < len(words) else ","
    return before in DRINKS or (start < at and words[at - 1].key in DRINKS) or after == "of"


def _tells(key: str) -> bool:
    """A cloth, a colour, or a compound such as `cathedral-length`."""
    return key in gr.MODIFIERS["cloth"] - lx.DEGREE or (
        " " in key and key.endswith(("length", "sleeved", "rimmed", "style", "neck"))
    )


def _after_piece(words: Sequence[Token], start: int) -> bool:
    """`suit and tie`, `a tunic of red and gold and a cap`: a piece stands before in the same list."""
    for token in reversed(words[max(0, start - 8) : max(0, start - 1)]):
        if gr.garment_kind(token.key) is not None:
            return True
        if token.key not in gr.MODIFIERS["cloth"] | {"of", "and"}:
            return False
    return False


def _is_verb(words: Sequence[Token], at: int) -> bool:
    """`an athlete ties the laces`, `a stag watches him`."""
    following = words[at + 1].key if at + 1 < len(words) else ""
    if words[at].key in VERBS_TOO and at and words[at - 1].key in lx.ANIMAL | lx.PERSON and following in gr.PREPOSITIONS:
        return True  # `a cat watches from a shelf`
    if somebody_does(words, at):
        return True
    return words[at].key in VERBS_TOO and following in gr.ARTICLES | gr.POSSESSIVE | {"him", "them", "me", "us", "it"} - {"and"}


def _verbal(words: Sequence[Token], at: int) -> bool:
    return at == 0 or words[at - 1].key not in gr.MODIFIERS["cloth"] | gr.ARTICLES | gr.POSSESSIVE | {","}


def _lies_about(words: Sequence[Token], start: int, at: int) -> bool:
    """`A hat with coins lies at his feet`: a sentence of its own about a thing that no part of a body carries."""
    if words[start].key in gr.POSSESSIVE or (start and words[start - 1].key not in (".", "!", "?", "\n")):
        return False
    for verb in range(at + 1, min(at + 6, len(words))):
        if words[verb].key in CLAUSE_END or words[verb].key == ",":
            return False
        if words[verb].key in LYING:
            return not on_somebody(words, verb + 1)
    return False


def _in_hand(words: Sequence[Token], at: int) -> bool:
    """`[a helmet] in her left hand`, `[cap] in the air`"""
    if at + 1 >= len(words) or words[at].key != "in":
        return False
    while at + 2 < len(words) and words[at + 1].key in gr.POSSESSIVE | {"one", "each", "both", "left", "right", "other", "the"}:
        at += 1
    return words[at + 1].key in ("hand", "hands", "fist", "air", "arms")


def _beside_somebody(words: Sequence[Token], at: int) -> bool:
    """`[his hard hat] sits beside him`"""
    beside = at + 1 < len(words) and words[at + 1].key in ("beside", "next_to", "next to", "near")
    return beside and words[at].key in LYING


def _there_is(words: Sequence[Token], start: int) -> bool:
    """`On the desk there is a mug and [a pair of glasses]`: nobody stands between."""
    for at in range(start - 1, 0, -1):
        if words[at].key in CLAUSE_END or words[at].key in lx.PERSON:
            return False
        if words[at - 1].key == "there" and words[at].key in gr.COPULAS:
            return True
    return False


def on_somebody(words: Sequence[Token], at: int) -> bool:
    """`on her nose`, `from his waistcoat` within the sentence."""
    for place in range(at, min(at + 8, len(words) - 1)):
        if words[place].key in CLAUSE_END or words[place].key == ",":
            return False
        if words[place].key in gr.POSSESSIVE:
            after = [token.key for token in words[place + 1 : place + 4]]
            return any(key in WEARS or gr.garment_kind(key) is not None for key in after)
    return False


def _on_part(words: Sequence[Token], at: int) -> bool:
    """`Her head is [covered] with a hijab`"""
    return (
        at > 2 and words[at - 1].key in gr.COPULAS and words[at - 2].key in WEARS and words[at - 3].key in gr.POSSESSIVE | {"'s"}
    )


def _held(words: Sequence[Token], start: int, at: int) -> bool:
    """In a hand, on a hook, for sale: not on the character."""
    if start > 1 and words[start].key in gr.POSSESSIVE and (words[start - 1].key == "from" or words[start - 2].key == "folds"):
        return False  # `hangs from his belt`, `the folds of her shawl`
    for place in range(start - 1, max(-1, start - 8), -1):
        token = words[place]
        if token.key in gr.WEAR or token.key in CLAUSE_END or token.key in (",", "in", "that", "which"):
            break
        if token.key in ("has", "have", "had"):
            break
        if token.key in gr.HOLD and not (token.key == "hand" and words[place - 1].key in gr.POSSESSIVE | WHICH_HAND):
            return True
        whose = place + 1 < start and words[place + 1].key == "'s"  # `trying on her mum's heels`
        if token.key in gr.COPULAS or (token.key in lx.PERSON and not whose):
            break
    after = [token.key for token in words[at + 1 : at + 4]]
    before = [token.key for token in words[max(0, start - 2) : start]]
    filled = before[-1:] in (["with"], ["in"], ["by"]) and before[0] in FILLED
    stacked = before[-1:] == ["of"] and before[0] in CONTAINERS and not on_somebody(words, at + 1)
    if stacked or (filled and not _on_part(words, start - 2)):
        return True
    if _lies_about(words, start, at) or (_there_is(words, start) and not on_somebody(words, at + 1)):
        return True
    return (
        _in_hand(words, at + 1)
        or _beside_somebody(words, at + 1)
        or after[:2] == ["on", "table"]
        or (after[:2] in (["on", "a"], ["on", "the"]) and after[2:3] and after[2] in FURNITURE)
        or (start < at and words[start].key in gr.HOLD | {"unworn", "holding"})
    )
