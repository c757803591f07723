"""Is what follows a noun said of it? `[a scarf] blowing in the wind`, but not `a boy in [a uniform] swinging a bat`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_details import PUT
from fluxdiag.dataset.finding.garment_states import MADE, PERSON_TOO, THROUGH, TOLD_AFTER, TURNED, WEARS
from fluxdiag.dataset.finding.garment_tails import FASTENED
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

STOPS = CLAUSE_END | frozenset(',—–-…"“”[]')
JOINS = lx.words("and or & with")
ADVERB = lx.DEGREE | lx.words("already still half too now just all almost nearly barely back a_bit slightly hardly way far not")
MEASURE = lx.words("size sizes bit little inch inches number numbers shade shades")
STATE = MADE | TOLD_AFTER | FASTENED | PUT | THROUGH | TURNED | lx.words("""
    full wet damp dirty muddy loose askew crooked heavy bare tight dripping undone buttoned zipped slipped dyed bleached
    faded frayed thrown spread blown drawn grown sewn worn wrinkled creased crumpled scuffed scratched cracked chipped
    patched ruined ripped rumpled matted plastered slicked parted braided shaved singed missing visible long short messy
    shiny dusty sticky bloody sweaty greasy grey gray white tilted untied unlaced unbuckled shut closed low high sideways
    everywhere
""")  # fmt: skip
PARTICLE = lx.words("on up in off down out open back low high over undone loose half askew underneath again too everywhere")
BESIDE = lx.words("next_to next beside near behind around by")
THEM = lx.words("him them me her")
POSTURE = lx.words("sitting standing lying running reading resting coming")
AFTER_THINGS = lx.words("for out into over across toward towards")
"""where an arm reaches: `reaching for a cup`; a skirt reaches to, up to or down to something"""
MOVING = lx.words("floating sliding swinging falling flying tumbling hanging")
HANGING = lx.words("""
    hair braid braids ponytail scarf cape cloak veil ribbon ribbons tie coat skirt train strap straps sash shawl robe
""")  # fmt: skip
"""which may do the same: `[a scarf] flying in the wind`, but `[a bikini] floating in a pool`"""
SHADES = lx.words("covering shading framing hiding obscuring shielding protecting hugging veiling masking magnifying")
MARK_RUNS = lx.words(
    "crossing tracing bisecting cutting slicing splitting marring curving snaking winding peeking dotting encircling circling"
)
"""what a scar or tattoo does on the body: `[a scar] crossing his cheek`, but not `crossing his arms`"""
SEWN = (MADE | TOLD_AFTER) - lx.words("""
    covered splashed stained splattered dusted spattered smeared streaked speckled flecked sprinkled caked splotched smudged
    bearing reading laden topped bristling painted cut open up down back raised lowered folded turned out off gathered
    removed missing showing done dyed bleached adorned decorated made pulled pushed
""") | lx.words("patched faded frayed worn fitted accessorized styled layered paired embroidered")  # fmt: skip
"""participles said of a garment only"""
DONE = lx.words("held bound swept cut put worn drawn done set wound shorn grown")
BELONGS = lx.words("to into by")
ENDS = lx.words("and or but while as who which that")
AT_PLACES = lx.words("hinge hinges neck collar side sides back ends end tips edges hem front top seams seam cuff cuffs")
"""where a garment or hair is fastened or cut"""
CROSSED = lx.words("arms legs fingers hands")
POSED = lx.words("perched balanced propped placed")
"""participles said of a person as well as of a thing"""
ONE_AND_OTHER = lx.COLOUR | lx.words("one and the other")


@dataclass(frozen=True)
class Place:
    """Tokens `start` to `end` of a description that is dropped."""

    start: int
    end: int


def one_and_one(words: Sequence[Token], end: int) -> int:
    """`[her eyes], one blue and one amber`: a piece of nothing but colours."""
    if end + 1 >= len(words) or words[end].key != "," or words[end + 1].key != "one":
        return end
    stop = next((at for at in range(end + 1, len(words)) if words[at].key in STOPS), len(words))
    plain = all(token.key in ONE_AND_OTHER for token in words[end + 1 : stop])
    return stop if plain else end


def told_on(words: Sequence[Token], one: Place) -> int:
    """`[a coat], patched at the elbows, and`: after the comma still how the garment is, and not who wears it."""
    if (end := one_and_one(words, one.end)) > one.end:
        return end
    at = one.end + 1
    while at < len(words) and words[at].key.endswith("ly"):
        at += 1
    worn = any(gr.garment_kind(token.key) == "clothing" for token in words[one.start : one.end])
    if not worn or at >= len(words) or words[one.end].key != "," or words[at].key not in SEWN:
        return one.end
    if words[at + 1 : at + 2] and words[at + 1].key == "to" and words[at + 2 : at + 3] and words[at + 2].key in gr.ARTICLES:
        return one.end  # `[a torn shirt], tied to a chair`
    return next((place for place in range(at, len(words)) if words[place].key in STOPS), len(words))


def unfinished(words: Sequence[Token], one: Place) -> int:
    """`[a beard trimmed] to a point`, `[Her hair is held] by a clip`: the end of a phrase whose last word is a participle and
    that goes on with what belongs to it."""
    last = words[one.end - 1].key
    if one.end - one.start < 2 or not (last.endswith("ed") or last in MADE | DONE) or one.end >= len(words):
        return one.end
    if words[one.end].key not in BELONGS and not (words[one.end].key == "at" and _at_end(words, one.end)):
        return one.end
    return next((at for at in range(one.end + 1, len(words)) if words[at].key in STOPS | ENDS), len(words))


def _at_end(words: Sequence[Token], at: int) -> bool:
    """`cut at chin length`, `taped at the hinge`, but not `at a bar`"""
    after = [token.key for token in words[at + 1 : at + 3]]
    return bool(after) and (
        after[0] not in gr.ARTICLES | {"night"} or (len(after) > 1 and (after[1] in AT_PLACES or after[1] in WEARS))
    )


def by_person(words: Sequence[Token], at: int, one: Place) -> bool:
    """Is the participle at `at` what the person does? Right after a noun it may be what the thing does: `a scarf blowing`, if it
    does it to nothing (`swinging a bat`)."""
    if words[at - 1].key in gr.ARTICLES:
        return False
    if at > one.end:
        return True
    acted = at + 1 < len(words) and words[at + 1].is_word and words[at + 1].key not in gr.PREPOSITIONS | PARTICLE | ADVERB | JOINS
    after_comma = words[one.start].key in gr.POSSESSIVE and one.start > 0 and words[one.start - 1].key == ","
    if (
        acted
        and (words[at].key in SHADES | {"reaching"} or _marks(words, at))
        and _on_wearer(words, at + 1, min(at + 8, len(words)))
    ):
        return False  # `[a hat] shading her face`
    return not after_comma and (acted or words[at].key not in verbs.THING_DOING or _poses(words, at))


def _marks(words: Sequence[Token], at: int) -> bool:
    """`[a scar] crossing his cheek`"""
    known = gr.head_kind(words[at - 1].key) if words[at].key in MARK_RUNS else None
    return known is not None and known[0] == "mark" and not any(token.key in CROSSED for token in words[at + 1 : at + 4])


def _poses(words: Sequence[Token], at: int) -> bool:
    """`sitting on a rock`, but not what lies beside the person: `[a backpack] lying next to him`"""
    if words[at].key == "reaching" and words[at + 1 : at + 2] and words[at + 1].key in AFTER_THINGS:
        return not _on_wearer(words, at + 1, min(at + 8, len(words)))
    place = at + 2 if words[at + 1 : at + 2] and words[at + 1].key in BESIDE else len(words)
    place += place < len(words) and words[place].key == "to"
    goes = at + 1 < len(words) and words[at + 1].key in gr.PREPOSITIONS
    if words[at].key in MOVING and (words[at - 1].key in HANGING or not goes):
        return False
    return words[at].key in POSTURE | MOVING and not (place < len(words) and words[place].key in THEM)


def depends(words: Sequence[Token], at: int, stop: int, opens: bool, owned: bool) -> bool:
    """Is what stands from `at` to `stop` said of the noun before it? Of one that opens its piece and says whose it is, all."""
    while at < stop - 1 and (words[at].key in ADVERB or words[at].key.endswith("ly")):
        at += 1
    key = words[at].key
    if owned:
        return True
    if key in PARTICLE and (at + 1 == stop or words[at + 1].key in PARTICLE):
        return True
    if opens and key in PARTICLE and (words[at - 1].key in STATE or _on_wearer(words, at + 1, stop)):
        return True  # `[hair spread] out around her`, `[goggles] up on her helmet`
    if key in verbs.THING_DOING | SHADES | MARK_RUNS:
        return True
    if key in PERSON_TOO and not opens:
        return _on_wearer(words, at + 1, stop) or any(token.key in TURNED for token in words[at:stop])
    if key in STATE - POSED or (opens and key.endswith("ed")):
        return True
    if any(token.key in MEASURE for token in words[at : at + 2]) and any(token.key == "too" for token in words[at : at + 4]):
        return True
    if opens and key == "in" and (part := gr.head_kind(words[at - 1].key)) is not None and part[0] == "body":
        return True  # `[chubby arms] in the air`
    return opens and (key == "as" or (key in gr.PREPOSITIONS and _on_wearer(words, at + 1, stop)))


def _on_wearer(words: Sequence[Token], at: int, stop: int) -> bool:
    """`over his face`, `on one foot`: a place on the body."""
    return any(token.key in gr.POSSESSIVE | {"each", "both"} for token in words[at : min(stop, at + 5)]) and any(
        token.key in WEARS or gr.garment_kind(token.key) is not None for token in words[at:stop]
    )
