"""Nouns of the body that tell no look: they name another thing, or what happens to the person."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

DONE = lx.words("done cut dyed braided washed trimmed painted combed brushed styled fixed")
HURTS = lx.words("scrape scratch scratches graze grazes blister blisters")
HURT = gr.POSSESSIVE | gr.ARTICLES | {"at", "him", "them", "post"}
OCCASIONS = lx.words("night party ceremony evening day event artist cone cones paste")
BAKED = lx.words("cinnamon sticky sweet golden fresh steamed bread burger hot baked warm")
LAMPS = lx.words(
    "flash light lights lighting lamp lamps sunlight sun sunshine moonlight spotlight spotlights candlelight"
    " firelight lamplight daylight neon shadow shadows sunbeams bulb bulbs floodlight floodlights headlight headlights"
)
SEA = lx.words("beach sea ocean shore shoreline surf surfer surfboard seaside coast lake wave")
MAKING = lx.words("making makes made make pulling pulls pulled pull")
HAND = lx.words("hand arm leg foot nail finger")
BRACED = lx.words("himself herself themselves itself against for the")
OF_EYE = lx.words("flight flights effect reduction chart exam test")
"""`before a red eye flight`"""
TOOLS = lx.words("tools tool mirror mirrors rail rails cart saw drill towel towels weights puppet puppets lotion cream")
PLURAL_DO = lx.words("form turn bend curve loop contact")
OF_TREES = lx.words("twisted gnarled tree tangled ancient mossy knotted exposed sprawling")
MANED = lx.words("horse horses pony ponies mare stallion foal lion unicorn donkey zebra centaur")
DOUBTFUL = (
    HAND
    | HURTS
    | lx.BEARDS
    | lx.words("""
    haircut make_up mane braces eye face faces features facial_features highlights waves puff puffs blush streaks crease creases
    tan henna mehndi bunches tips stubble plait braid curl layers layer nails buns roots piercing
""")
)
"""nouns of the body that have another sense, or tell of another thing in some places"""
BEFORE_DONE = lx.words("getting gets get got having after before")


def no_look(words: Sequence[Token], at: int, kind: str) -> bool:
    """The noun names another thing, or what happens to the person."""
    key, before = words[at].key, words[at - 1].key if at else ""
    following = words[at + 1].key if at + 1 < len(words) else ""
    if _being_done(words, at) or (kind == "mark" and at > 1 and words[at - 2].key in ("getting", "gets", "get")):
        return True
    if kind == "face" and _packed(words, at):
        return True
    if _names_the_next(following, kind) and not _does(words, at):
        return True
    return key in DOUBTFUL and (_elsewhere(words, at) or _of_a_thing(key, before, following) or _other_sense(words, at))


def _other_sense(words: Sequence[Token], at: int) -> bool:
    """`her first haircut`, `moccasins make up her outfit`, a horse's mane, `making a face`, `hand mirror`, `fine features`"""
    key, before = words[at].key, words[at - 1].key if at else ""
    following = words[at + 1].key if at + 1 < len(words) else ""
    if key == "haircut":
        return before == "first"
    if key == "make up":
        return following in gr.POSSESSIVE | {"the", "most", "this"}  # `A singlet and moccasins make up her outfit`
    if key == "mane":
        return before not in gr.POSSESSIVE and any(token.key.rpartition(" ")[2] in MANED for token in words)
    if key in ("face", "faces"):
        return _is_made(words, at)
    if key in HAND:
        return following in TOOLS
    if key == "braces":
        return following in BRACED or following in gr.POSSESSIVE  # `braces herself against the wall`
    if key == "eye":
        return following in OF_EYE
    if key == "features":
        return before not in gr.MODIFIERS["face"] | {"facial", "and"}
    return _of_light(words, at) or _of_the_sea(words, at) or _of_powder(words, at) or (key == "blush" and names_colour(words, at))


def _does(words: Sequence[Token], at: int) -> bool:
    """`Her slim arms form an arc`, `His long beard forms a point`: the next word is the verb."""
    following = words[at + 1].key
    if words[at].key.endswith("s"):
        return following in PLURAL_DO
    after = words[at + 2].key if at + 2 < len(words) else "."
    return following.endswith("s") and following[:-1] in PLURAL_DO and after in gr.ARTICLES | gr.POSSESSIVE


def _is_made(words: Sequence[Token], at: int) -> bool:
    """`making a funny face`, `pulled faces`: what the person does with it."""
    return any(token.key in MAKING for token in words[max(0, at - 3) : at])


def names_colour(words: Sequence[Token], at: int) -> bool:
    """`blush peonies`, `a blush gown`: the colour of what follows."""
    following = words[at + 1].key if at + 1 < len(words) else "."
    return following.isalpha() and following not in gr.STOPPERS and following not in lx.MOOD_HEADS


def _of_light(words: Sequence[Token], at: int) -> bool:
    """`The flash creates bright highlights`, `lamps produce harsh highlights on the blade`: not of hair."""
    if words[at].key != "highlights":
        return False
    if [token.key for token in words[at + 1 : at + 3]] in (["along", "the"], ["on", "the"], ["across", "the"]):
        return True  # `silvery highlights along the furniture`
    before = {token.key for token in words[_sentence_start(words, at) : at]}
    return bool(before & LAMPS) and not before & (lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE - {"highlights"})


def _of_the_sea(words: Sequence[Token], at: int) -> bool:
    """`[a beach at sunset.] Small waves can be seen`"""
    if words[at].key != "waves":
        return False
    before = {token.key for token in words[_sentence_start(words, at) : at]}
    if before & (lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE) or before & lx.COLOUR & gr.MODIFIERS["hair"] & {words[at - 1].key}:
        return False
    return any(token.key in SEA for token in words[:at] if token.is_word)


def _of_powder(words: Sequence[Token], at: int) -> bool:
    """`applying powder with a large puff`, `a puff of smoke`"""
    if words[at].key not in ("puff", "puffs"):
        return False
    after = [token.key for token in words[at + 1 : at + 3]]
    return (len(after) == 2 and after[0] == "of" and after[1] != "hair") or any(
        token.key == "powder" for token in words[max(0, at - 6) : at]
    )


def _sentence_start(words: Sequence[Token], at: int) -> int:
    return next((place + 1 for place in range(at - 1, -1, -1) if words[place].key in CLAUSE_END), 0)


def _of_a_thing(key: str, before: str, following: str) -> bool:
    """`a tan cap`, `roots of a tree`, `a mustache of milk`, `piercing eyes`"""
    if key == "tan":
        return gr.garment_kind(following) is not None or following in lx.CLOTH
    if key in HURTS and (before in lx.ANIMAL | lx.PERSON | gr.PRONOUNS or following in HURT):
        return True  # `a cat scratches her arm`
    if key in ("henna", "mehndi"):
        return following in OCCASIONS
    if key in ("bunches", "tips"):
        return following == "of"  # `the glowing tips of cigars`
    if key == "stubble":
        return following in ("field", "fields")
    if key in ("plait", "braid", "curl"):
        return before == "to"  # `trying to plait his daughter's hair`
    if key in ("layers", "layer"):
        return before in ("flat", "into")  # `compresses the hills into flat layers`
    if key == "nails":
        return following == "between"  # `nails between his lips`
    if key == "buns" and before in BAKED:
        return True
    if key == "roots":
        return following in ("covered", "of", "and") or before in OF_TREES
    if key in lx.BEARDS:
        return following == "of"
    return key == "piercing" and following in lx.EYES | lx.COLOUR | lx.EYE_HEADS | lx.MOOD_HEADS


DRESSING_ROOM = lx.words("chair table counter kit mirror station trailer remover room stool palette sponge vanity tutorial")
"""`in a makeup chair`"""
PACKED = lx.words("tube tubes bottle bottles pencil pencils pot pots jar jars compact palette palettes stick sticks wipe wipes")
"""`lipstick tube`, `a tube of red lipstick`"""


def _names_the_next(following: str, kind: str) -> bool:
    """`hair salon`, `hair's`, and of `hair bun`, `face tattoo` the last noun is the head."""
    if (following in gr.NOT_WORN_NEXT and following not in ("stand", "half")) or (following == "'s" and kind != "face"):
        return True
    if kind == "face" and following in DRESSING_ROOM | PACKED:
        return True
    return gr.head_kind(following) is not None and following not in ("cut", "crease", "creases")


def _packed(words: Sequence[Token], at: int) -> bool:
    """`a tube of red [lipstick]`: in a hand, and on no lips"""
    start = at
    while start and words[start - 1].key in gr.MODIFIERS["face"]:
        start -= 1
    return start > 1 and words[start - 1].key == "of" and words[start - 2].key in PACKED


def _elsewhere(words: Sequence[Token], at: int) -> bool:
    """`No facial features are visible`, `a crease across the lower left corner`: there are none, or in the print."""
    if words[at].key == "streaks":  # `reduced to coloured streaks`, `turned into soft streaks`
        return any(token.key in ("into", "to") for token in words[max(0, at - 3) : at])
    if words[at].key in ("features", "facial features"):
        return any(token.key == "no" for token in words[max(0, at - 2) : at])
    if words[at].key not in ("crease", "creases", "scratch", "scratches"):
        return False
    after = [token.key for token in words[at + 1 : at + 7]]
    return after[1:2] == ["the"] and any(key in OF_PRINTS for key in after[2:])


OF_PRINTS = lx.words("corner corners edge edges photo photograph print image picture paper page surface plate")


def _being_done(words: Sequence[Token], at: int) -> bool:
    """`getting a haircut`, `getting her makeup done`: what happens to the person."""
    if words[at].key != "haircut" and (at + 1 == len(words) or words[at + 1].key not in DONE):
        return False
    start = at
    while start and words[start - 1].key in gr.ARTICLES | gr.POSSESSIVE | {"new"}:
        start -= 1
    return (
        start > 0
        and words[start - 1].key in BEFORE_DONE
        and (words[start - 1].key not in ("after", "before") or words[at].key == "haircut")
    )


def put_on(words: Sequence[Token], start: int) -> bool:
    """`putting on lipstick`"""
    return start > 1 and words[start - 1].key == "on" and words[start - 2].key in ("putting", "puts")
