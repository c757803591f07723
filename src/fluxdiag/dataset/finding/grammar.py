"""What part each word can play: the classes of `lexicon/` by word, and the small words that hold a sentence together."""

from __future__ import annotations

from functools import cache

from fluxdiag.dataset.finding import lexicon as lx

ARTICLES = lx.words("a an the some no one another each both any this that these those two three several many")
POSSESSIVE = lx.words("her his their my our your whose")
PRONOUNS = lx.words("she he they i it who her him them hers")
PREPOSITIONS = lx.words(
    "with in on at over under by near of to from for into onto through across behind beside above below around against among"
    " between along down up off inside outside toward towards without past before after during like as about beneath underneath"
    " in_front_of on_top_of at_the_top beyond within upon next amid per via"
    " while where which that who whom when than because if though"
)
CONJUNCTIONS = lx.words("and or but & plus")
COPULAS = lx.words("is are was were be been being appears appear seems seem looks remains remain")
WEAR = lx.words(
    "wearing wears wore worn_by dressed clad donning dons sporting sports sported attired adorned wear outfitted bundled"
    " modelling modeling flaunting"
)
HAVE = lx.words("has have having had with featuring features possesses possessing boasts shows showing displays displaying")
HOLD = lx.words(
    "holding holds hold held carrying carries carry carried folding folds taking buying buys selling sells trying"
    " tries putting puts"
    " ironing washing knitting sewing picking reaching reaches looking looks touching hanging hangs choosing fixing"
    " packing getting gets rack racks row rows pile piles stack stacks"
    " waving throwing throws adjusting removing removed unworn grabbing clutching clutches holding_up"
    " carving making weaving whittling assembling shaping hammering"
    " inspecting drawing clinking clink toasting"
    " painting crafting mending draped lying placed folded showing displaying hung hand hugging hugs designing"
    " advertising polishing"
    " clipped_to comparing smelling playing browsing cleaning wringing"
)
VERBS = lx.words(
    "is are was were be been has have had do does did can could will would may might stands stand standing sits sit"
    " sitting lies lie"
    " walks walk walking runs poses posing looking looks gazes faces leans holds holding wears wearing reaches makes gives adds"
    " stretches creates complements accentuates emphasises emphasizes highlights reflects conveys suggests suggesting"
    " shows showing"
    " depicts captures features featuring reveals revealing surrounds covers covering frames framing falls cascades rests hangs"
    " seems appears plays says sees hear goes comes takes taking gets lit crossed raised folded appearing including seen"
    " shot taken smiling laughing crying using reading eating drinking riding driving dancing singing posed seated"
    " blowing running jumping watches watching leaning kneels kneeling crouching working swims swimming fishing climbing"
    " sleeping cooking painting writing talking speaking waiting combined accompanied paired completed matched surrounded set"
    " matches includes consists"
)
NOT_WORN_NEXT = lx.words(
    "shop shops store stores rack racks stand hanger hangers factory case closet box boxes salon dryer dryers stylist"
    " brush clip care"
    " form forms pose poses"
    " product products code boutique department seller maker maker's size left right corner center centre half edge"
    " part floor deck shelf"
    " contact level line lines sized light lights bag drawer party designer designers wash budget trick tricks market"
    " museum advert carpet rug"
    " loop loops pocket pockets bend bends turn turns curve curves"
    " colored hook hooks advertisement window collection sale studio artist parlor parlour convention wedding_ track buckle"
)
STOPPERS = (
    ARTICLES | POSSESSIVE | PRONOUNS | PREPOSITIONS | CONJUNCTIONS | COPULAS | WEAR | VERBS | lx.words("not also 's only just")
)
MODIFIERS: dict[str, lx.Words] = {
    "hair": lx.HAIR | lx.COLOUR | lx.DEGREE,
    "eyes": lx.EYES | lx.COLOUR | lx.DEGREE,
    "face": lx.FACE | lx.COLOUR | lx.DEGREE,
    "skin": lx.SKIN | lx.COLOUR | lx.DEGREE | lx.ETHNICITY,
    "body": lx.BODY | lx.BODY_SIZE | lx.DEGREE,
    "mark": lx.MARK | lx.COLOUR | lx.DEGREE,
    "cloth": lx.CLOTH | lx.COLOUR | lx.DEGREE,
}
HEADS: dict[str, tuple[lx.Words, bool]] = {
    "hair!": (lx.HAIR_HEADS | lx.BEARDS, False),
    "hair": (lx.HAIR_HEADS_WITH_ADJECTIVE, True),
    "eyes": (lx.EYE_HEADS, True),
    "face!": (lx.FACE_HEADS_ALONE, False),
    "face": (lx.FACE_HEADS, True),
    "skin": (lx.SKIN_HEADS, True),
    "body!": (lx.BODY_HEADS_ALONE, False),
    "body": (lx.BODY_HEADS, True),
    "mark": (lx.MARK_NEEDS_ADJECTIVE, True),
    "mark!": (lx.MARK_HEADS - lx.MARK_NEEDS_ADJECTIVE, False),
}
"""kind of phrase -> its nouns, and whether it needs an adjective before it says anything; the first that has the noun wins"""
TAGS: dict[str, str] = {
    **dict.fromkeys(lx.words("blonde brunette redhead bald bearded ginger clean_shaven bald_head shaved_head shaved"), "hair"),
    **dict.fromkeys(lx.BODY, "body"),
    **dict.fromkeys(lx.AGE, "age"),
    **dict.fromkeys(lx.EXPRESSIONS, "expression"),
    **{tag: kind for kind, tags in lx.BOORU.items() for tag in tags},
    "pale": "skin",
}  # fmt: skip


def spaced(lists: set[str]) -> set[str]:
    return {word for word in lists if " " in word}


MULTI = frozenset(
    {f"{word}s" for word in spaced(set(lx.ACCESSORIES | lx.GARMENTS)) if not word.endswith("s")}
    | spaced(
        {word for name in vars(lx) if isinstance(group := getattr(lx, name), frozenset) for word in group}
        | lx.words(
            "no_humans no_people cowboy_shot year_old years_old yrs_old in_front_of top_down close_up hair_salon"
            " hair_dryer hat_shop eye_contact"
            " eye_level dress_code"
            " tie_dye on_top_of at_the_top no_one glasses_of glass_of black_and_white ring_light cap_of wine_glasses"
            " suit_of_armor"
            " crew_neck cross_legged no_shirt bare_chest bare_chested clean_shaven"
        )
    )
)


@cache
def head_kind(key: str) -> tuple[str, bool] | None:
    """(kind, needs an adjective) of a noun for a part of the body."""
    for kind, (nouns, needs) in HEADS.items():
        if key in nouns:
            return kind.rstrip("!"), needs
    return ("body", False) if key.endswith((" build", " stature")) else None  # `medium build`


@cache
def garment_kind(key: str) -> str | None:
    """`clothing`, `accessory` or None; singular, plural, and compounds such as `military jacket`."""
    if key.partition(" ")[0] in ("at", "in", "on"):
        return None  # `at the top`
    for form in (key, key.removesuffix("s"), key.removesuffix("es"), key.rpartition(" ")[2]):
        if form in lx.ACCESSORIES:
            return "accessory"
        if form in lx.GARMENTS:
            return "clothing"
    return None
