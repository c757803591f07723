"""What a clause of its own says of looks: `Her eyes are a vivid green`, `Several tattoos are visible on her arms`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.clause_ends import clause_end, group_of
from fluxdiag.dataset.finding.clause_parts import SAYS, after_apposition, covered, past_place, resumes
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import owner_start
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token
from fluxdiag.dataset.finding.upon import ENCIRCLES
from fluxdiag.dataset.finding.wardrobe import names_pieces

POSE = lx.words("pulled fixed focused directed looking turned folded raised crossed resting open on visible wide_open lost"
    " closed shut lowered covered tilted"
                " outstretched stretched holding gazing hidden half averted up locked placed clasped extended spread"
                " lit illuminated facing"
                " partially in towards toward at busy placed"
                " pressed flung puffed propped cupped buried planted thrown bent lifted held raised"
                " reflected mirrored silhouetted clenched gritted furrowed knitted knit pursed bared")  # fmt: skip
LED_BY = lx.words("on over around across at in into through from behind under against onto beneath")
LIGHTING = lx.words("shadow shadows darkness smoke silhouette backlit lit illuminated spotlight spotlights")
COVERS = lx.words(
    "stained painted cropped streaked smeared smudged covered dusted caked flushed marked dotted lined tinged etched"
    " beaded glistening streaming slick flecked speckled ringed rimmed twinkle twinkles defined visible_muscles"
    " spotted splattered spattered splashed sprinkled sunburned sunburnt sun_kissed wind_chapped reddened rosy chapped"
    " tattooed inked manicured lacquered bruised scarred swollen wrinkled lined pitted calloused bandaged wrapped coated"
    " freckled flaked crusted plastered grimy bloody blackened blistered peeling shaped"
)
GLEAMS = lx.words("gleam gleams glint glints glitter glitters sparkle sparkles shine shines swing swings dangle dangles")
SERVES = lx.words("covers cover")
LOOK = lx.words("look looks gaze gazes stare stares peer peers")
STEADY = lx.words("""
    hair nose cheeks cheek chin jaw jawline forehead ears ear eyebrows eyelashes lashes complexion cheekbones beard mustache
    moustache goatee stubble nails skin braid braids ponytail bun bangs curls fringe cut scar tattoo mole sideburns whiskers
    bob afro makeup lipstick eyeshadow eyeliner blush dreadlocks locks
""")
AT_WORK = lx.words("hands hand fingers knees feet palms fists forearms arms")
DIRTIED = lx.words("streaked smudged covered coated caked dusted stained smeared splattered spattered wrapped dirty")
"""of hands and knees: what the moment did to them"""
WHICH_ONE = lx.words("left right other free outstretched extended raised upper lower own two")
NOUNS_TOO = lx.words("features frames curls match bounce twist twists shine crowns")
HIDES = lx.words("hides hide obscures obscure conceals conceal veils veil")
HOW_MUCH = lx.words("partly partially half almost nearly completely slightly")
"""`his hair partly hides his face`"""
ON_IT = lx.words("crease rest rests sit sits hang hangs dangle dangles adorn adorns run runs mark marks line lines"
    " cross crosses cover"
    " encircle encircles cling clings peek peeks spread")  # fmt: skip


def clauses(words: Sequence[Token], found: Sequence[Phrase]) -> Iterator[Phrase]:
    """A phrase that opens its clause with `her` or `the`, and what the clause says of it, to the clause's end."""
    for phrase in found:
        if phrase.kind in ("expression", "age") or phrase.end >= len(words):
            continue
        if not _opens(words, phrase):
            continue
        end = on_body_clause(words, phrase) or _predicate(words, phrase)
        if end is not None and end > phrase.end:
            yield Phrase(owner_start(words, phrase.start), end, phrase.kind, whole=True)


OPENING = gr.ARTICLES | gr.POSSESSIVE | lx.QUANTITY | {"tattoos", "freckles"}


def _opens(words: Sequence[Token], phrase: Phrase) -> bool:
    if (inverted := owner_start(words, phrase.start)) and words[inverted - 1].key in LED_BY:
        return False  # `Perched on his nose are round glasses`
    first = words[phrase.start].key
    before = words[phrase.start - 1].key if phrase.start else "."
    finite = words[phrase.end].key in gr.COPULAS
    closed = phrase.start > 1 and words[phrase.start - 2].key == "," and first in ("the", "both") and finite
    if before in ("and", "with") and words[phrase.end].key in verbs.PERSON_ACTS and _still_with(words, phrase.start):
        return False  # `with chalk on her hands and her hair in a bun stares`
    if before == "and" and first not in gr.POSSESSIVE and not closed and _still_with(words, phrase.start):
        return False
    if "of" in {token.key for token in words[phrase.start + 1 : min(phrase.start + 3, phrase.end - 1)]} and before != "of":
        return before in gr.CONJUNCTIONS | {",", "while", "that"} or before in CLAUSE_END or phrase.start == 0
    return (
        first in gr.POSSESSIVE
        or before in (".", "!", "?", "'s", "\n", ";", ":")
        or phrase.start == 0
        or (before in ("and", ",", "while", "though", "although") and first in OPENING)
        or (before == "with" and first in gr.POSSESSIVE)
    )


def _still_with(words: Sequence[Token], start: int) -> bool:
    """`a model with sharp features and a sleek bob stands`: what stands is the model."""
    for token in reversed(words[:start]):
        if token.key in CLAUSE_END or token.key in SAYS - NOUNS_TOO or token.key in gr.COPULAS:
            return False
        if token.key in ("with", "has", "having", "wearing", "in"):
            return True
    return False


def on_body_clause(words: Sequence[Token], phrase: Phrase) -> int | None:
    """`Several tattoos are visible on her arms`, `A scar runs down her arm`: the end of what is said of it."""
    if phrase.kind not in ("mark", "hair") or words[phrase.start].key in gr.POSSESSIVE:
        return None
    at = phrase.end
    while at < len(words) and at - phrase.end < 9 and words[at].key not in CLAUSE_END | {",", "and", "as", "while"}:
        if words[at].key in gr.POSSESSIVE | {"each", "one"} and at + 1 < len(words) and at > phrase.end:
            part = next((place for place in range(at + 1, min(at + 4, len(words))) if words[place].key in BODY_PART), None)
            return None if part is None or not _finite(words, phrase.end, at) else part + 1
        at += 1
    return None


def _finite(words: Sequence[Token], start: int, end: int) -> bool:
    return any(token.key in SAYS or token.key in ON_IT for token in words[start:end])


def _predicate(words: Sequence[Token], phrase: Phrase) -> int | None:
    """The end of the clause, if what it says describes looks and not a pose."""
    at = phrase.end
    if any(names_pieces(words, place) for place in (at, at + 1, at + 3) if place < len(words)):
        return None  # `Her outfit consists of a coat`: only the coat is the phrase
    if words[phrase.start].key == "whose" and _finite(words, phrase.start, at - 1):
        return None  # `[whose long hair blows in the wind] stands`: its verb is there, the next is the person's
    if phrase.kind == "hair" and words[at - 1].key in SAYS - NOUNS_TOO and words[phrase.start].key in gr.POSSESSIVE:
        at -= 1
    at = after_apposition(words, past_place(words, at), phrase)
    if (
        words[at].key == ","
        and at + 1 < len(words)
        and words[phrase.start].key in gr.POSSESSIVE
        and words[at + 1].key in ("dyed", "which", "a", "cut", "styled", "pulled", "outlined", "tied")
    ):
        at += 1
    at += phrase.kind == "hair" and words[at].key in HOW_MUCH and at + 1 < len(words)
    verb = words[at].key
    if verb in gr.COPULAS and phrase.start and words[phrase.start - 1].key == "with":
        return None  # `a woman with her hair in a towel is at the sink`
    if verb == "a" and not resumes(words, at):
        return None
    if verb in ("look", "looks") and (at + 1 == len(words) or not words[at + 1].is_word):
        return None  # `no makeup look, a mole`
    if verb in ("rest", "rests") and phrase.kind == "face" and not _told_before(words, phrase):
        return None  # `Her chin rests on the violin`
    hides = phrase.kind == "hair" and verb in HIDES
    finite = verb in SAYS or hides or (at > phrase.end and verb != ",") or (verb == "rolled" and phrase.kind == "clothing")
    steady = _steady(words, phrase)
    if not finite and not (steady and _acts(words, at)):
        return None
    if phrase.kind in ("face", "body", "skin", "eyes", "hair") and _keys(words, at, 7, ON_COMMA) & LIGHTING:
        return None
    if phrase.kind == "eyes" and verb in LOOK and _keys(words, at + 1, 2) & gr.PREPOSITIONS:
        return None
    if verb in gr.COPULAS and "not" in _keys(words, at, 3) and phrase.kind not in ("hair", "clothing", "accessory"):
        return None  # `their face is not visible`
    told = _keys(words, at, 5)
    marked = bool(_keys(words, at, 7) & lx.MARK_HEADS - {"cuts", "gap", "rash"})
    adjective = told & (
        gr.MODIFIERS.get(group_of(phrase.kind), frozenset())
        | COVERS
        | {"framed", "made", "shaped", "like", "tense", "dripping", "shade", "colour", "color"}
    )
    if words[phrase.end - 1].key in AT_WORK and not marked and told & DIRTIED:
        return None
    if (
        verb in gr.COPULAS
        and (said := _said(words, at + 1)) < len(words)
        and words[said].key in POSE
        and not covered(words, said)
        and phrase.kind not in ("hair", "clothing", "accessory")
        and not marked
    ):
        return None
    if (
        phrase.kind in ("eyes", "face", "body", "skin")
        and not steady
        and not adjective
        and not marked
        and not (_told_before(words, phrase) and verb not in gr.COPULAS)
    ):
        return None
    if (
        not steady
        and phrase.kind in ("accessory", "body", "face", "eyes")
        and verb
        in (
            "rests",
            "rest",
            "has",
            "have",
            "covers",
            "cover",
            "hang",
            "hangs",
            "stands",
        )
    ):
        return None
    if phrase.kind == "accessory" and verb in GLEAMS | ENCIRCLES:
        return None  # what a ring does is not said of it
    hangs_open = verb in ("hangs", "hang") and "open" in _keys(words, at + 1, 1)
    if phrase.kind == "clothing" and (verb in SERVES or hangs_open):
        return None  # `[A sleeve] covers his arm`, `[His coat] hangs open over [a shirt]`
    return clause_end(words, at, phrase)


def _told_before(words: Sequence[Token], phrase: Phrase) -> bool:
    """`her long fingers`, but not `his right hand`"""
    return any(token.key not in WHICH_ONE for token in words[phrase.start + 1 : phrase.end - 1])


def _said(words: Sequence[Token], at: int) -> int:
    """Past `slightly` and the like, to what is said."""
    while at < len(words) and words[at].key not in POSE and (words[at].key.endswith("ly") or words[at].key == "just"):
        at += 1
    return at


def _steady(words: Sequence[Token], phrase: Phrase) -> bool:
    """A part that takes no pose, so that whatever is said of the character's own tells of looks."""
    return phrase.kind in ("hair", "skin", "mark", "face") and any(
        token.key in STEADY for token in words[phrase.end - 1 : phrase.end]
    )


def _acts(words: Sequence[Token], at: int) -> bool:
    """`sticks up`, `has been taped`: a verb that the lists do not have, told by its ending and by what follows."""
    following = words[at + 1].key if at + 1 < len(words) else "."
    key = words[at].key
    told = key.endswith("s") and len(key) > 3 and gr.head_kind(key) is None and gr.garment_kind(key) is None
    return told and (following in gr.PREPOSITIONS | gr.ARTICLES | gr.POSSESSIVE or following in CLAUSE_END)


ON_COMMA = CLAUSE_END | {","}


def _keys(words: Sequence[Token], at: int, count: int, ends: frozenset[str] = CLAUSE_END) -> set[str]:
    """Of the next words, this sentence's only, or this part's."""
    end = next((place for place in range(at, min(at + count, len(words))) if words[place].key in ends), at + count)
    return {word.key for word in words[at:end]}
