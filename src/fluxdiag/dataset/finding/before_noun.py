"""Where the noun phrase of a part of the body begins: its adjectives, known or told by their place, its article, and a quantity
before it."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

GENERIC = lx.words("shape shaped colour color tone toned length style texture")
TATTOO = lx.words("tattoo tattoos")
SHAPES = lx.words(
    "fringe headful halo ring shade shades sleeve sleeves full_sleeve full_sleeves half_sleeve nest explosion horseshoe puffs"
)
"""of what stands after `of`: `a full sleeve of tattoos`"""
NAMED_BY_A_NOUN = lx.HAIR_HEADS | TATTOO | {"haircut", "hairdo", "makeup"}
ARTIFICIAL = lx.words("metal metallic mechanical robotic bionic prosthetic cybernetic wooden")
COVERED = (" gloved", "gauntleted", "mittened")
"""`his [gauntleted] hands`: what they wear"""
LIMBS = lx.words("arm arms leg legs hand hands foot")
SIDES = lx.words("left right")
"""`a prosthetic left leg`, read from the side on"""
BUILD = lx.words("build stature height frame")
ENDINGS = ("ed", "al", "y", "ful", "ous", "ish", "en", "like", "ic", "ive", "less", "ible")
ENDINGS_TOO = (*ENDINGS, "ing")
OF_OTHER_LISTS = gr.MODIFIERS["cloth"] | gr.MODIFIERS["hair"] | gr.MODIFIERS["face"] | gr.MODIFIERS["mark"]
NOUNS_TOO = lx.words(
    "army beauty body country fairy hockey jersey kitten party rugby utility victory evening wedding fishing running reading"
    " climbing cycling hunting hiking riding halloween crystal metal cowboy lightning eyebrow linen leather denim coral"
)
ADJECTIVES = OF_OTHER_LISTS - NOUNS_TOO
"""`a dainty, silver piercing`, where `dainty` is in the list of clothes"""
NOT_BEFORE_PART = lx.words(
    "overall general physical camera closed both all crossed folded empty more front each their own only other first single deer"
)
PARTS_AS_ADJECTIVES = lx.words(
    "open beach spread light white nose lip ear eyebrow navel belly arm neck chest back face body head hood side"
)
"""known before a noun (`back tattoo`), but in a list a tag of their own"""
OPENS_LIST = gr.ARTICLES | gr.POSSESSIVE | lx.words("with has have having and , features")
NO_ADJECTIVE = gr.STOPPERS | gr.HOLD | gr.NOT_WORN_NEXT | lx.PERSON | lx.ANIMAL | lx.THING | NOT_BEFORE_PART | lx.COLOUR


def left(words: Sequence[Token], at: int, kind: str) -> tuple[int, int]:
    """Where the phrase with its noun at `at` begins, and how many adjectives it has."""
    known, start, count = gr.MODIFIERS[kind], at, 0
    unknown = 0
    while start:
        key = words[start - 1].key
        if key in known or (count + unknown == 0 and key in lx.QUANTITY and kind != "hair"):
            start, count = (
                start - 1,
                count + (key not in lx.DEGREE or (kind == "body" and (key == "slight" or words[at].key in BUILD))),
            )
        elif (
            start > 1
            and key in (",", "and", "&", "or", "/")
            and (
                start != at
                or (start > 2 and " " in words[at].key and words[start - 3].key in gr.ARTICLES | {"and", "with", "has"})
            )
            and not (key in ("and", ",") and start > 3 and words[start - 3].key == "with" and words[start - 4].key.endswith("ed"))
            and _in_list(words, start, known, kind)
        ):
            start -= 1
        elif key in gr.ARTICLES or key in gr.POSSESSIVE:
            start -= 1
            start -= key == "two" and start > 0 and words[start - 1].key in gr.POSSESSIVE
            return _quantity(words, start), count + (key == "no")
        elif start == at and words[at].key in LIMBS | SIDES and (key in ARTIFICIAL or key.endswith(COVERED)):
            start, count = start - 1, count + 1  # `a metal arm`, `her white-gloved hand`
        elif kind != "body" and unknown < 2 and _adjective_anyhow(words, start, at, known):
            start, unknown, count = start - 1, unknown + 1, count + 1
        elif start == at and words[at].key in NAMED_BY_A_NOUN and _noun_before(words, start - 1, known):
            start, unknown = start - 1, unknown + 1
        else:
            break
    if start < at and words[start].key in (",", "and", "&", "or", "/"):
        start += 1
    whole = _quantity(words, start)
    return whole, count + (whole < start and kind != "body")  # `a pair of hands` tells nothing


def _adjective_anyhow(words: Sequence[Token], start: int, at: int, known: lx.Words) -> bool:
    """What stands before `start` is an adjective: by the lists, its ending, or its place."""
    key = words[start - 1].key
    told = _adjective(key, known) and key not in NOT_BEFORE_PART
    return told or _adjective_by_place(words, start - 1, start < at, known)


def _adjective_by_place(words: Sequence[Token], at: int, told: bool, known: lx.Words) -> bool:
    """`with [sharp] amber eyes`, `a [drooping] gray mustache`, `long, [drifting] hair`: an unknown word between an article or
    the like and a known adjective; of those on -ing, what hair and eyes do also right before the noun."""
    key, before = words[at].key, words[at - 1].key if at else "."
    if key in NO_ADJECTIVE or not key.isalpha() or before not in OPENS_LIST or gr.garment_kind(key) or gr.head_kind(key):
        return False
    if key.endswith("ing"):
        return key in verbs.THING_DOING or (told and before in gr.ARTICLES and key not in verbs.PERSON_DOING)
    listed = (
        before != "," or (at > 2 and words[at - 2].key in known and words[at - 3].key in OPENS_LIST) or _in_sentence(words, at)
    )
    return told and listed and not key.endswith(("s", "ly"))


def _in_sentence(words: Sequence[Token], at: int) -> bool:
    """`[She has a small nose,] sharp amber eyes`: in a list of a sentence and not among tags."""
    for token in reversed(words[:at]):
        if token.key in CLAUSE_END:
            return False
        if token.key in ("has", "have", "with"):
            return True
    return False


def _noun_before(words: Sequence[Token], at: int, known: lx.Words) -> bool:
    """`box braids`, `a bubble ponytail`, `a small star tattoo`: an unknown noun between an adjective or article and the head."""
    key, before = words[at].key, words[at - 1].key if at else ","
    return (
        key.isalpha()
        and key not in gr.STOPPERS
        and key not in lx.PERSON
        and (before in known | gr.ARTICLES | gr.POSSESSIVE | {","})
    )


def _third(words: Sequence[Token], comma: int, known: lx.Words) -> bool:
    """`a long[,] white, braided beard`: an article and a known adjective before the comma"""
    return comma > 1 and words[comma].key == "," and words[comma - 1].key in known and words[comma - 2].key in ("a", "an")


def _in_list(words: Sequence[Token], start: int, known: lx.Words, kind: str) -> bool:
    """Whether the adjective before the comma or `and` that stands before `start` belongs to the list."""
    key, between = words[start - 2].key, words[start - 1].key
    if between == "and" and words[start].key in ("shaved", "shaven") and words[start + 1].key in ("sides", "side"):
        return False  # `dyed hot pink and [shaved sides]`
    if key in PARTS_AS_ADJECTIVES:
        article = start > 2 and key in known and (words[start - 3].key in ("a", "an") or _third(words, start - 3, known))
        return article if between == "," else words[start].key in PARTS_AS_ADJECTIVES and key in known
    return _listed(key, between, known, kind) or (between == "," and _amid_three(words, start - 2, known))


def _amid_three(words: Sequence[Token], at: int, known: lx.Words) -> bool:
    """`with messy, [sun-streaked], blonde hair`: an unknown adjective between two that are known, and no tag."""
    key = words[at].key
    told = " " in key or key.endswith("ed") or key in verbs.THING_DOING
    if (told or (key in ADJECTIVES and key.endswith(ENDINGS_TOO))) and _opens_adjectives(words, at, known):
        return True
    opened = at > 2 and words[at - 1].key == "," and words[at - 3].key in OPENS_LIST - {","}
    return told and opened and words[at - 2].key in known


def _opens_adjectives(words: Sequence[Token], at: int, known: lx.Words) -> bool:
    """`[She has] shimmering, pale skin`, `[and] smudged, black eyeliner`: first of a list of a sentence, before one that is
    known; among tags a part of its own."""
    before = words[at - 1].key if at else "."
    opens = before in ("has", "have", "with", "a", "an") or (before in (",", "and") and _in_sentence(words, at))
    return opens and words[at + 2].key in known and words[at].key not in PARTS_AS_ADJECTIVES


def _listed(key: str, between: str, known: lx.Words, kind: str) -> bool:
    """May the list of adjectives go on to this one? Across a comma only to one that is known: `neon light, brown
    hair` is none."""
    return (
        key in known | (lx.MOODS if kind in ("face", "eyes") else gr.CONJUNCTIONS) and key not in lx.PERSON
        if between == "," and key != "spread"
        else _adjective(key, known) and (kind != "body" or key in lx.BODY | lx.BODY_SIZE)
    )


def _adjective(key: str, known: lx.Words) -> bool:
    """A known one, or an unknown word with an adjective's ending or a hyphen."""
    if key in known:
        return True
    if (
        key in gr.STOPPERS
        or not key[0].isalpha()
        or key in lx.PERSON
        or key in lx.ANIMAL
        or gr.garment_kind(key)
        or gr.head_kind(key)
    ):
        return False
    return (" " in key or key.endswith(ENDINGS)) and key not in gr.TAGS and key not in NOT_BEFORE_PART


def _quantity(words: Sequence[Token], start: int) -> int:
    """`a mop of`, `strands of`: part of the phrase."""
    at = start
    if at and words[at - 1].key == "of" and at > 1 and words[at - 2].key in lx.QUANTITY | GENERIC | SHAPES:
        at -= 2
        while at and words[at - 1].key in gr.ARTICLES | gr.POSSESSIVE | lx.MARK | lx.HAIR | lx.COLOUR:
            at -= 1
    elif at > 2 and words[at - 1].key == "of" and words[at - 2].key in ("days", "weeks", "day", "week"):
        at -= 3  # `several days of stubble`
    elif at > 3 and [token.key for token in words[at - 3 : at]] == ["'", "worth", "of"]:
        at -= 5 if at > 4 and (words[at - 5].key in lx.QUANTITY or words[at - 5].key in gr.ARTICLES) else 4
    elif at > 4 and [token.key for token in words[at - 3 : at]] == ["'s", "worth", "of"] and words[at - 5].key in gr.ARTICLES:
        at -= 5  # `a week's worth of stubble`
    return at
