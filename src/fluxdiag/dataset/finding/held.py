"""What nobody wears: a garment in a hand, on a hook, for sale, in a box, or lying about."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import WEARS
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

LYING = lx.words("has have lies lie lay sits sit rests hangs hang stands leans is are was lying hanging resting")
CONTAINERS = lx.words("box boxes pile piles rack racks stack stacks row rows basket baskets bag bags collection display"
    " shelf shelves"
    " crate crates heap heaps assortment selection line lines pictures photos")  # fmt: skip
FILLED = lx.words(
    "covered filled lined hung piled stacked crammed decorated strewn littered cluttered crowded packed stuffed"
    " loaded scattered laden"
)
FURNITURE = lx.words("hook hanger table chair bed rack shelf peg stand hat_stand counter floor desk mannequin")
CARRIES = lx.words("carries carrying carry carried")
PACKS = lx.words("backpack rucksack knapsack crossbody_bag messenger_bag fanny_pack quiver")
BEARERS = lx.words("shoulder shoulders back hip hips chest")
UNDER = lx.words("undershirt t_shirt tank_top tee bra bikini_top camisole vest blouse shirt slip swimsuit")
NECKPIECES = lx.words("choker necklace chain collar cord lanyard")
HANGS_FROM = (["hangs", "from"], ["hang", "from"], ["dangles", "from"], ["hanging", "from"])
JEWELS = lx.words("ring rings necklace necklaces earring earrings stud studs bracelet bracelets choker chain pendant piercing")
"""what is seen without a word of its place is on somebody"""
ROUND = lx.words("around round across over on about")
BARE_PARTS = lx.words("eye ear ears arm arms wrist wrists forearm forearms shoulder shoulders hand hands ankle ankles knee knees")
TRUNK = lx.words("hips waist chest shoulders neck wrist wrists forehead head throat")
UNDERNEATH = lx.words("beneath under below underneath")
WHERE = lx.words("below beneath under at on around above")
WHICH_HAND = lx.words("one each other left right the a")
GRIPS = lx.words("teeth mouth lips jaws beak hand hands finger fingers fingertips fist fists grip grasp toes")
DANGLES = lx.words("dangling dangles dangle hanging hangs hang swinging swings held clamped gripped clenched caught")
HANDLED = lx.words(
    "sweeping swirling flourishing brandishing dragging lifting tossing twirling whirling shaking flicking swinging spreading"
)
DONE_UP = lx.words(
    "fastened unfastened buttoned unbuttoned zipped unzipped belted cinched dented scuffed spotless open tailored wrapped"
)
"""`A coat is fastened with a belt`: of a piece that somebody has on"""
THROWN = lx.words("draped hung slung thrown hanging lying folded spread")
AT_PLACE = lx.words("collar throat neck waist hip wrist lapel")
ON_HAND = lx.words("hand finger wrist ear shoulder")
BREAKS = lx.PERSON | CLAUSE_END


def _lies_about(words: Sequence[Token], start: int, at: int) -> bool:
    """`A hat with coins lies at his feet`: a sentence of its own about a thing that no part of a body carries."""
    and_so = start > 1 and words[start - 1].key == "and" and words[start - 2].key == "," and _verb_before(words, start - 2)
    owned = words[start].key in gr.POSSESSIVE or _persons(words, start, at)
    if owned or (start and not and_so and words[start - 1].key not in (".", "!", "?", "\n", ";")):
        return False
    if at + 2 < len(words) and words[at + 1].key in ("that", "which") and words[at + 2].key in gr.COPULAS:
        return False  # `An apron that is far too big for her`
    for verb in range(at + 1, min(at + 8, len(words))):
        if words[verb].key in CLAUSE_END or words[verb].key == "," or _seen_on_wearer(words, verb) or _done_up(words, verb):
            return False
        if words[verb].key in (LYING - gr.COPULAS - gr.HAVE if and_so else LYING):
            return not on_somebody(words, verb + 1)
    return False


def _persons(words: Sequence[Token], start: int, at: int) -> bool:
    """`The fencer's [jacket] is spotless`"""
    return words[start].key == "the" and any(
        words[place].key == "'s" and words[place - 1].key in lx.PERSON for place in range(start + 1, at)
    )


def _done_up(words: Sequence[Token], verb: int) -> bool:
    """`[A coat] is fastened with a belt`, but not `is wrapped in paper`"""
    told = verb + 1 < len(words) and words[verb].key in gr.COPULAS and words[verb + 1].key in DONE_UP
    return told and (words[verb + 1].key != "wrapped" or on_somebody(words, verb + 2))


def _verb_before(words: Sequence[Token], at: int) -> bool:
    """`A candle burns, and [a coat] hangs on a hook`: a sentence stands before the comma."""
    opens = next((place for place in range(at, -1, -1) if words[place].key in CLAUSE_END), -1)
    return any(token.key in verbs.THIRD | verbs.IRREGULAR for token in words[opens + 1 : at])


def _among_what_fills(words: Sequence[Token], start: int) -> bool:
    """`[The beach is] crowded with umbrellas and [towels]`: the second of the things that fill a place."""
    if start < 3 or words[start - 1].key not in ("and", ","):
        return False
    for place in range(start - 2, max(0, start - 10), -1):
        if words[place].key == "with":
            had = any(token.key in gr.WEAR | {"has", "have", "had"} for token in words[max(0, place - 6) : place - 1])
            return words[place - 1].key in FILLED and not had and not _on_part(words, place - 1)
        listed = words[place].key in (",", "and") or words[place].key in gr.ARTICLES
        worn = gr.garment_kind(words[place].key) is not None and not words[place].key.endswith("s")  # one is on somebody
        if not listed and (words[place].key in gr.STOPPERS or not words[place].is_word or worn):
            return False
    return False


def _in_hand(words: Sequence[Token], at: int) -> bool:
    """`[a helmet] in her left hand`, `[cap] in the air`"""
    if at + 1 >= len(words) or words[at].key != "in":
        return False
    while at + 2 < len(words) and words[at + 1].key in gr.POSSESSIVE | {"one", "each", "both", "left", "right", "other", "the"}:
        at += 1
    if words[at].key in ("left", "right") and words[at - 1].key in gr.POSSESSIVE and not words[at + 1].is_word:
        return True  # `[one] in her left hand and one in her right.`
    return words[at + 1].key in ("hand", "hands", "palm", "palms", "fist", "fists", "grip", "air", "arms")


def _in_grip(words: Sequence[Token], at: int) -> bool:
    """`[a necklace] dangling from his teeth`, `[A hair elastic] is clamped between her lips`"""
    at += at < len(words) and words[at].key in gr.COPULAS
    if at + 2 >= len(words) or words[at].key not in DANGLES or words[at + 1].key not in ("from", "in", "between", "by"):
        return False
    owned = words[at + 2].key in gr.POSSESSIVE | {"one", "the", "both"}
    return owned and any(token.key in GRIPS for token in words[at + 3 : at + 5])


def _on_furniture(words: Sequence[Token], start: int, at: int) -> bool:
    """`[a chair with] a jacket draped over it`, `[next to] a pair of slippers`"""
    after = [token.key for token in words[at + 1 : at + 4]]
    thrown = len(after) == 3 and after[0] in THROWN and after[1] in ("over", "on", "across", "from")
    if thrown and (after[2] == "it" or any(token.key in FURNITURE for token in words[at + 4 : at + 6])):
        return True
    before = [token.key for token in words[max(0, start - 2) : start]]
    beside = before == ["next", "to"] or before[-1:] in (["beside"], ["next to"])
    return beside and words[start].key in ("a", "an", "two")


def beside_somebody(words: Sequence[Token], at: int) -> bool:
    """`[his hard hat] sits beside him`"""
    beside = at + 1 < len(words) and words[at + 1].key in ("beside", "next to", "near")
    return beside and words[at].key in LYING


def _there_is(words: Sequence[Token], start: int) -> bool:
    """`On the desk there is a mug and [a pair of glasses]`: nobody stands between."""
    for at in range(start - 1, 0, -1):
        key = words[at].key
        if key in BREAKS:
            return False
        if key in gr.COPULAS and words[at - 1].key == "there":
            return True
    return False


def on_somebody(words: Sequence[Token], at: int) -> bool:
    """`on her nose`, `from his waistcoat` within the sentence."""
    for place in range(at, min(at + 8, len(words) - 1)):
        if words[place].key in CLAUSE_END or words[place].key == ",":
            return False
        if words[place].key in ("a", "an") and words[place - 1].key == "from":
            return any(token.key in NECKPIECES for token in words[place + 1 : place + 4])
        if perched(words, place):
            return True
        if words[place].key in gr.POSSESSIVE and words[place + 1].is_word:  # not `next to her, white bathrobe`
            after = [token.key for token in words[place + 1 : place + 4]]
            return any(key in WEARS or gr.garment_kind(key) is not None for key in after)
        if words[place].key in ("one", "both", "each") and words[place + 1].key in BARE_PARTS:
            return True  # `[has slipped] over one ear`
        if words[place].key == "the" and _round_the_body(words, place):
            return True
    return False


PERCHES = lx.words("perch perches sit sits rest rests")
ON_HEAD = lx.words("hat cap helmet hood turban")


def perched(words: Sequence[Token], at: int) -> bool:
    """`[goggles perch on] a battered top hat`: what stands on a piece for the head, which is on a head itself."""
    if at < 3 or words[at].key not in ("a", "an") or words[at - 1].key != "on" or words[at - 2].key not in PERCHES:
        return False
    place = next((one for one in range(at + 1, min(at + 5, len(words))) if words[one].key.rpartition(" ")[2] in ON_HEAD), None)
    alone = place is not None and (place + 1 == len(words) or words[place + 1].key not in gr.NOT_WORN_NEXT)
    return alone and gr.garment_kind(words[at - 3].key) is not None


def _round_the_body(words: Sequence[Token], at: int) -> bool:
    """`[buckled] around the hips`, but not `on the back of a chair`"""
    after = words[at + 2].key if at + 2 < len(words) else "."
    here = words[at + 1].key
    known = (words[at - 1].key in ROUND and here in TRUNK) or (words[at - 1].key == "at" and here in AT_PLACE)
    return (known or (words[at - 1].key == "on" and here in ON_HAND)) and after != "of"


def _seen_on_wearer(words: Sequence[Token], verb: int) -> bool:
    """`[A sweater with buttons] is visible below the chin`, `[A ring] is visible.`; not `is visible in the background`"""
    if words[verb].key not in ("is", "are") or verb + 1 >= len(words) or words[verb + 1].key != "visible":
        return False
    place = [token.key for token in words[verb + 2 : verb + 5]]
    alone = not place or place[0] in CLAUSE_END
    jewel = any(token.key.rpartition(" ")[2] in JEWELS for token in words[max(0, verb - 5) : verb])
    owned = len(place) == 3 and place[0] in WHERE and place[1] in gr.POSSESSIVE | {"the"}
    layer = owned and place[0] in UNDERNEATH and gr.garment_kind(place[2]) is not None  # `beneath the jacket`
    return (alone and jewel) or layer or (owned and place[2] in WEARS)


def _stack_of(words: Sequence[Token], start: int) -> bool:
    """`A stack of sweaters`, `Stacks of bangles`"""
    if words[start].key in gr.ARTICLES:
        start += 1
    stack = [token.key for token in words[start : start + 2]]
    return len(stack) == 2 and stack[0] in CONTAINERS and stack[1] == "of"


def _on_part(words: Sequence[Token], at: int) -> bool:
    """`Her head is [covered] with a hijab`"""
    return (
        at > 2 and words[at - 1].key in gr.COPULAS and words[at - 2].key in WEARS and words[at - 3].key in gr.POSSESSIVE | {"'s"}
    )


def _on_the_back(words: Sequence[Token], at: int) -> bool:
    """`[She carries] a backpack`, `a school bag over her shoulder`: what is carried on the body and in no hand."""
    key = words[at].key
    if key.rpartition(" ")[2].removesuffix("s") in PACKS or key.removesuffix("s") in PACKS:
        return not _in_hand(words, at + 1)
    after = [token.key for token in words[at + 1 : at + 4]]
    return (
        len(after) == 3 and after[0] in ("over", "on", "across") and after[1] in gr.POSSESSIVE | {"one"} and after[2] in BEARERS
    )


def held(words: Sequence[Token], start: int, at: int) -> bool:
    """In a hand, on a hook, for sale: not on the character."""
    if start > 1 and words[start].key in gr.POSSESSIVE and (words[start - 1].key == "from" or words[start - 2].key == "folds"):
        return False  # `hangs from his belt`, `the folds of her shawl`
    if start > 1 and words[at].key in NECKPIECES and [token.key for token in words[start - 2 : start]] in HANGS_FROM:
        return False  # `A pendant hangs from a velvet choker`
    for place in range(start - 1, max(-1, start - 8), -1):
        token = words[place]
        if token.key in gr.WEAR or token.key in CLAUSE_END or token.key in (",", "in", "that", "which"):
            break
        if token.key in ("has", "have", "had"):
            break
        if token.key in ("showing", "displaying") and words[place - 1].key == "," and words[at].key in UNDER:
            return False  # `[his coat is open,] showing a gray undershirt`
        if token.key in CARRIES and _on_the_back(words, at):
            return False
        if token.key in ("hold", "holds") and gr.garment_kind(words[place - 1].key) is not None:
            return False  # `Red suspenders hold up [his trousers]`
        if token.key in ("hang", "hangs") and words[place + 1].key == "open":
            return False  # `His coat hangs open over [a shirt]`
        if token.key in HANDLED and place == start - 1 and words[start].key in ("a", "an"):
            return True  # `sweeping a crimson cape along the sand`
        if token.key in gr.HOLD and not (token.key == "hand" and words[place - 1].key in gr.POSSESSIVE | WHICH_HAND):
            return True
        whose = place + 1 < start and words[place + 1].key == "'s"  # `trying on her mum's heels`
        if token.key in gr.COPULAS or (token.key in lx.PERSON and not whose):
            break
    after = [token.key for token in words[at + 1 : at + 4]]
    before = [token.key for token in words[max(0, start - 2) : start]]
    filled = before[-1:] in (["with"], ["in"], ["by"]) and before[0] in FILLED
    filled = filled or _among_what_fills(words, start)
    stacked = (before[-1:] == ["of"] and before[0] in CONTAINERS) or _stack_of(words, start)
    stacked = stacked and not on_somebody(words, at + 1)
    if stacked or (filled and not _on_part(words, start - 2)):
        return True
    if _lies_about(words, start, at) or (_there_is(words, start) and not on_somebody(words, at + 1)):
        return True
    return (
        _in_hand(words, at + 1)
        or _in_grip(words, at + 1)
        or _on_furniture(words, start, at)
        or beside_somebody(words, at + 1)
        or after[:2] == ["on", "table"]
        or (after[:2] in (["on", "a"], ["on", "the"]) and after[2:3] and after[2] in FURNITURE and before[-1:] != ["in"])
        or (start < at and words[start].key in gr.HOLD and not _stack_of(words, start))
    )
