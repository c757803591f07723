"""What state a garment is in: `unbuttoned`, `covered with patches`, `peeled down to the waist`, `on a chain`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

WEARS = BODY_PART | lx.words("""
    hair waist wrists ears finger fingers hips ankles shoulders brow throat knees pocket lapel breast_pocket nose temples
    middle midriff midsection frame figure calves thigh thighs shins elbow elbows belly heels earlobes earlobe nostril
    nostrils lobe lobes
""")
MADE = lx.words("""
    unbuttoned unzipped buttoned zipped cinched belted tucked edged fringed laced embellished emblazoned dotted splashed
    splashed_with bearing reading accented slit tailored crafted woven knitted sewn stitched open fastened gathered made
    covered adorned decorated embroidered trimmed lined studded splattered stained printed patterned cut
    bristling topped laden dusted spattered smeared streaked speckled flecked sprinkled caked splotched smudged bordered scalloped
    piped
    engraved etched inlaid stamped tooled
    encrusted bedecked festooned appliqued lettered monogrammed decked dyed bleached painted
""")  # fmt: skip
TOLD_AFTER = lx.words(
    "rolled_up pulled_up rolled pushed pulled tied tucked turned unbuttoned open undone up down popped raised folded cuffed"
    " turned_up torn torn_off ripped cut cut_off hacked removed missing showing unzipped fastened done"
)
DOWN = lx.words("down up off back open around over")
READ_AT = gr.PREPOSITIONS | gr.ARTICLES | gr.POSSESSIVE
"""`a shirt reading [NO]`, but `glasses reading on the sofa`"""
HOLDS = lx.words("quiver pouch pouches holster belt tool_belt bandolier")
"""`[a quiver] filled with arrows`"""
HELD = lx.words("held secured fastened tied closed kept pinned belted cinched clasped bound")
FASTENERS = lx.words(
    "ribbon ribbons strap straps cord cords chinstrap chin_strap brooch clasp pin pins belt sash rope buckle buckles band"
    " string strings elastic chain clip clips buttons button toggles knot bow scarf"
)
CORDS = lx.words("chain cord lanyard strap string ribbon rope leash")
UNSURE_COLOUR = lx.words("light dark bright deep pale medium neon dirty vivid")
STUFFS = lx.words("""
    denim chiffon silk satin velvet linen wool cotton leather suede tweed corduroy lace tulle brocade cashmere organza taffeta
    fleece flannel canvas
""")
TILT = lx.words("top bottom waist side sides angle back front")
TILTED_TO = lx.words("to the over at around past one a an jaunty rakish slight")
TURNED = lx.words("backwards backward sideways inside_out askew")
PARTS = lx.words("legs hem train sleeves collar brim hood folds skirt skirts cuffs straps laces buttons lapels edges tails")
SIZES = lx.words("big large small tight long short loose wide baggy tiny heavy")
HOW_MUCH = lx.words("way far much several two three sizes size a bit slightly")
"""`[a coat] two sizes too big`"""
QUOTES = frozenset("\"'“”‘’")
PRINTS = lx.words("print pattern weave check knit shade hue tone fabric finish stripe design")
POSES = lx.words("seated curled posed crouched hunched huddled sprawled leaned reclined stretched slumped")
PERSON_TOO = POSES | lx.words(
    "turned tucked wrapped pushed thrown crossed flattened twisted pressed lowered raised lifted folded"
)
"""participles that are said of the person as soon as of what they wear: `a man in a suit turned to the side`"""
THROUGH = lx.words("soaked wet worn drenched muddied sodden faded")


def of_person(words: Sequence[Token], end: int) -> bool:
    """Whether the participle there rather tells what somebody in the clothes before it does; a cap is turned, too."""
    if words[end].key in POSES:
        return True
    small = gr.garment_kind(words[end - 1].key) == "accessory" or words[end - 1].key in PARTS
    return words[end].key in PERSON_TOO and not small


def on_somebody(key: str) -> bool:
    """A part of who wears it, or another piece."""
    return key in WEARS or gr.garment_kind(key) is not None


def held_by(words: Sequence[Token], end: int) -> int:
    """`[a straw hat] held by a ribbon under her chin`, `[a robe] fastened with a silver brooch`"""
    by = [token.key for token in words[end : end + 3]]
    if len(by) < 3 or by[0] not in HELD or by[1] not in ("by", "with", "on", "together") or by[2] not in READ_AT - gr.POSSESSIVE:
        return end
    for at in range(end + 3, min(end + 8, len(words))):
        if words[at].key in FASTENERS or words[at].key.rpartition(" ")[2] in FASTENERS:
            under = [token.key for token in words[at + 1 : at + 4]]
            told = under[:1] in (["under"], ["at"], ["around"], ["beneath"]) and len(under) == 3
            return at + 4 if told and under[1] in gr.POSSESSIVE | {"the"} and under[2] in WEARS else at + 1
        if not words[at].is_word:
            return end
    return end


def aside(words: Sequence[Token], end: int) -> int:
    """`[a black wetsuit], peeled down to the waist,`: a state between commas, before anything else is said."""
    if end + 2 >= len(words) or words[end].key != "," or not words[end + 1].key.endswith("ed"):
        return end
    past = peeled(words, end + 1)
    return past if past > end + 1 and (past == len(words) or not words[past].is_word) else end


def peeled(words: Sequence[Token], end: int) -> int:
    """`[a wetsuit] peeled down to the waist`, `[a vest] underneath`, `[a hoodie] with the hood up`"""
    if end < len(words) and words[end].key in ("underneath", "beneath", "below") and closed(words, end + 1):
        return end + 1
    if end < len(words) and words[end - 1].key in ("sleeves", "collar", "hood", "cuffs") and words[end].key in TOLD_AFTER:
        after = end + 1 + (end + 1 < len(words) and words[end + 1].key in DOWN)
        if closed(words, after):
            return after  # `[With his sleeves] rolled up, he`
    if end < len(words) and words[end].key == "rolled up" and closed(words, end + 1):
        return end + 1  # `, jeans rolled up,`
    if end + 1 < len(words) and words[end].key in THROUGH and words[end + 1].key == "through" and closed(words, end + 2):
        return end + 2
    if end + 1 < len(words) and words[end].key == "on" and words[end + 1].key in TURNED:
        return end + 2  # `[a cap] on backwards`
    if end < len(words) and words[end].key in TURNED | {"in", "up"} and (words[end].key in TURNED or closed(words, end + 1)):
        return end + 1  # `[a cap] backwards`, `[earbuds] in`
    pulled = end + 1 < len(words) and words[end].key.endswith("ed") and words[end + 1].key in DOWN | {"low", "high"}
    posed = end < len(words) and of_person(words, end)
    if pulled and not posed and closed(words, end + 2):
        return end + 2  # `[hat] pulled low`
    if end + 2 >= len(words) or not words[end].key.endswith("ed") or words[end + 1].key not in DOWN | {"to", "at"}:
        return end
    if words[end].key in POSES:
        return end  # `seated at the back`
    for at in range(end + 2, min(end + 6, len(words))):
        if words[at].key in WEARS | TILT:
            return end if posed and words[at].key in TILT else at + 1  # `[a gown] turned to the side`
        if words[at].key not in gr.POSSESSIVE | DOWN | TILTED_TO:
            return end
    return end


def quote_end(words: Sequence[Token], at: int) -> int:
    """Behind the words in quotation marks that begin at `at`; `at` itself where none close."""
    return next((place + 1 for place in range(at + 1, min(at + 9, len(words))) if words[place].key in QUOTES), at)


def closed(words: Sequence[Token], at: int) -> bool:
    return at >= len(words) or words[at].key in CLAUSE_END or words[at].key in (",", "and")


def made(words: Sequence[Token], end: int) -> int:
    """`made of flower petals`, `covered with patches`: to the end of the clause."""
    held = [token.key for token in words[end : end + 2]] in (["set", "with"], ["shaped", "like"], ["used", "as"], ["full", "of"])
    held = held or ([token.key for token in words[end - 1 : end + 2]][1:] == ["filled", "with"] and words[end - 1].key in HOLDS)
    if end + 1 >= len(words) or not (words[end].key in MADE or held):
        return end
    if words[end].key == "reading" and words[end + 1].key in READ_AT:
        return end
    if of_person(words, end) and not any(on_somebody(token.key) for token in words[end + 1 : end + 6]):
        return end  # `[pajamas] tucked in bed`
    at = end + 1 + held
    while at < len(words) and words[at].key not in CLAUSE_END and words[at].key not in (",", "and", "that", "who", "while", "as"):
        following = words[at + 1].key if at + 1 < len(words) else ""
        if words[at].key in ("over", "under", "underneath", "beneath", "atop") and following in gr.ARTICLES:
            break  # `dusted with flour over a blouse`: the next piece
        if words[at].key in gr.VERBS and words[at].key.endswith(("ing", "s")) and at > end + 1:
            break  # `covered in flowers standing in a park`
        at += 1
    of_two = at > end + 2 and words[end + 1].key in ("of", "from") and at + 1 < len(words) and words[at].key == "and"
    if of_two and _stuff(words[at + 1]) and _stuff_closes(words, at + 2):
        return at + 2  # `made of leaves and moss`
    listed = at > end + 1 and at + 1 < len(words) and words[at].key == "and" and closed(words, at + 2)
    return at + 2 if listed and _plain(words[at + 1]) else at  # `covered in pins and patches`


def _stuff(token: Token) -> bool:
    """`moss` is a colour, too."""
    named = gr.garment_kind(token.key) is not None or gr.head_kind(token.key) is not None
    return token.is_word and token.key not in gr.STOPPERS and not named


def _stuff_closes(words: Sequence[Token], at: int) -> bool:
    return closed(words, at) or words[at].key in gr.PREPOSITIONS


def _plain(token: Token) -> bool:
    """A noun that is no piece or look of its own."""
    named = gr.garment_kind(token.key) is not None or gr.head_kind(token.key) is not None
    return token.is_word and token.key not in gr.STOPPERS | gr.MODIFIERS["cloth"] and not named


def on_cord(words: Sequence[Token], end: int) -> int:
    """`[reading glasses] on a chain`, `hanging from a cord`"""
    first = end + (end < len(words) and words[end].key in ("hanging", "dangling"))
    if first + 2 >= len(words) or words[first].key not in ("on", "from", "by") or words[first + 1].key not in gr.ARTICLES:
        return end
    return next((at + 1 for at in range(first + 2, min(first + 5, len(words))) if words[at].key in CORDS), end)


def coloured(words: Sequence[Token], end: int) -> int:
    """`[a dress] that is black on one side and red on the other`: what it is, up to a comma or another verb."""
    if end + 2 >= len(words) or words[end].key not in ("that", "which") or words[end + 1].key not in ("is", "are"):
        return end
    if words[end + 2].key in gr.HOLD | verbs.PERSON_DOING and words[end + 2].key.endswith("ing"):
        return end  # `a chef in [an apron] that is holding a white plate`
    if not any(token.key in gr.MODIFIERS["cloth"] - lx.DEGREE | MADE for token in words[end + 2 : end + 5]):
        return end
    at = end + 2
    while at < len(words) and words[at].is_word and words[at].key not in gr.WEAR | gr.COPULAS | {"while", "as", "who"}:
        if words[at].key == "and" and (at + 1 == len(words) or words[at + 1].key in gr.VERBS | gr.PRONOUNS | gr.POSSESSIVE):
            break
        at += 1
    return at


def whose_part(words: Sequence[Token], end: int) -> int:
    """`[a suit] whose trouser legs are rolled to the shin`: what is said of a part of it, up to a comma."""
    if end + 2 >= len(words) or words[end].key != "whose":
        return end
    part = any(gr.garment_kind(token.key) is not None or token.key in PARTS for token in words[end + 1 : end + 4])
    acts = [at for at in range(end + 2, len(words)) if closed(words, at) or words[at].key in gr.COPULAS | verbs.THIRD]
    done = next((at for n, at in enumerate(acts) if n or closed(words, at)), len(words))
    return done if part and acts and not closed(words, acts[0]) else end


def in_colour(words: Sequence[Token], end: int) -> int:
    """`[a pinafore] in muted sage`, but not `in light rain`"""
    if end >= len(words) or words[end].key != "in":
        return end
    if (print_ := _print(words, end + 1)) is not None:
        return print_
    at = end + 1 + _named_shade(words, end + 1)
    while at < len(words) and words[at].key in lx.COLOUR | lx.CLOTH | lx.DEGREE | {"a"}:
        at += 1
    if at + 1 < len(words) and words[at].key == "and" and words[at + 1].key in lx.COLOUR and words[at - 1].key in lx.COLOUR:
        at = _past(words, at + 1, lx.COLOUR | STUFFS)  # `in dark blue and silver`, `in purple and white wool`
    if at < len(words) and at > end + 1 and words[at].key in ("tones", "hues", "shades"):
        at += 1  # `in brown and moss tones`
    told = at > end + 1 and words[at - 1].key in (lx.COLOUR - UNSURE_COLOUR) | STUFFS | {"tones", "hues", "shades"}
    goes_on = at < len(words) and (words[at].key in gr.STOPPERS - gr.CONJUNCTIONS or words[at].key.endswith("ing"))
    return at if told and (closed(words, at) or goes_on) else end


def _named_shade(words: Sequence[Token], at: int) -> bool:
    """`in [burnt] orange`, `in [bottle] green`: any word before a colour that names one"""
    following = words[at + 1].key if at + 1 < len(words) else "."
    known = lx.COLOUR | lx.CLOTH | lx.DEGREE | gr.STOPPERS
    return following in lx.COLOUR - UNSURE_COLOUR and words[at].is_word and words[at].key not in known


def _print(words: Sequence[Token], at: int) -> int | None:
    """`[a cape in] a faded floral print`"""
    at += at < len(words) and words[at].key in ("a", "an")
    noun = _past(words, at, lx.COLOUR | lx.CLOTH | lx.DEGREE)
    told = at < noun < len(words) and words[noun].key in PRINTS
    return noun + 1 if told else None


def _past(words: Sequence[Token], at: int, known: lx.Words) -> int:
    while at < len(words) and words[at].key in known:
        at += 1
    return at


def too_big(words: Sequence[Token], end: int) -> int:
    """`[a blazer] way too big for him`, `[an apron] that is far too big`"""
    at = end
    if at + 2 < len(words) and words[at].key in ("that", "which") and words[at + 1].key in ("is", "are", "looks"):
        at += 2  # `[an apron] that is far too big`
    while at < len(words) and words[at].key in HOW_MUCH:
        at += 1
    if at + 1 >= len(words) or words[at].key != "too" or words[at + 1].key not in SIZES:
        return end
    told_of = at + 3 < len(words) and words[at + 2].key == "for" and words[at + 3].key in gr.PRONOUNS
    return at + (4 if told_of else 2)
