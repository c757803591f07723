"""What a clause says after its noun phrase: looks, or a pose, a light, what a thing does (`His chin rests on the violin`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.clause_ends import clause_end, group_of
from fluxdiag.dataset.finding.clause_parts import SAYS, after_apposition, covered, past_place, put_in_state, resumes
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.put_away import put_away
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token
from fluxdiag.dataset.finding.upon import ENCIRCLES
from fluxdiag.dataset.finding.wardrobe import names_pieces

POSE = lx.words("pulled fixed focused directed looking turned folded raised crossed resting open on visible wide_open lost"
    " closed shut lowered covered tilted"
                " outstretched stretched holding gazing hidden half averted up locked placed clasped extended spread"
                " lit illuminated facing"
                " partially in towards toward at busy"
                " pressed flung puffed propped cupped buried planted thrown bent lifted held"
                " reflected mirrored silhouetted clenched gritted furrowed knitted knit pursed bared")  # fmt: skip
SHORN_TO = lx.words("cropped shaved clipped")
LIGHTING = lx.words("shadow shadows darkness smoke silhouette backlit lit illuminated spotlight spotlights")
COVERS = lx.words(
    "stained painted cropped streaked smeared smudged covered dusted caked flushed marked dotted lined tinged etched"
    " beaded glistening streaming slick flecked speckled ringed rimmed twinkle twinkles defined visible_muscles"
    " spotted splattered spattered splashed sprinkled sunburned sunburnt sun_kissed wind_chapped reddened rosy chapped"
    " tattooed inked manicured lacquered bruised scarred swollen wrinkled pitted calloused bandaged wrapped coated"
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
    " encircle encircles cling clings peek peeks spread lies lie")  # fmt: skip


ASIDE = lx.words("dyed which a cut styled pulled outlined tied")
"""after the comma: `Her hair, dyed blue, falls`"""
RESTS = lx.words("rests rest has have covers cover hang hangs stands")
TELLS_TOO = COVERS | lx.words("creased slits pink red raw framed made shaped like tense dripping shade colour color")


def predicate_end(words: Sequence[Token], phrase: Phrase) -> int | None:
    """The end of the clause, if what it says describes looks and not a pose."""
    at = _verb_place(words, phrase)
    if at is None or not _is_predicate(words, at, phrase):
        return None
    said = _Said(words, at, phrase)
    if said.of_light() or said.of_gaze() or said.of_absence() or said.of_work() or said.of_pose() or said.of_nothing():
        return None
    return None if said.of_rest() or said.of_a_thing() else clause_end(words, at, phrase)


def _verb_place(words: Sequence[Token], phrase: Phrase) -> int | None:
    """Where the clause's verb is, or should be; None where the clause is about something else."""
    at = phrase.end
    if phrase.kind in ("clothing", "accessory") and put_away(words, phrase.end):
        return None
    if any(names_pieces(words, place) for place in (at, at + 1, at + 3) if place < len(words)):
        return None  # `Her outfit consists of a coat`: only the coat is the phrase
    if words[phrase.start].key == "whose" and has_verb(words, phrase.start, at - 1):
        return None  # `[whose long hair blows in the wind] stands`: its verb is there, the next is the person's
    if phrase.kind == "hair" and words[at - 1].key in SAYS - NOUNS_TOO and words[phrase.start].key in gr.POSSESSIVE:
        at -= 1
    at = after_apposition(words, past_place(words, at), phrase)
    said_already = any(token.key in gr.COPULAS for token in words[phrase.start : phrase.end])  # `[Her hair is tied up], a dog`
    own = words[phrase.start].key in gr.POSSESSIVE and not said_already
    if words[at].key == "," and at + 1 < len(words) and own and words[at + 1].key in ASIDE:
        at += 1
    return at + (phrase.kind == "hair" and words[at].key in HOW_MUCH and at + 1 < len(words))


def _is_predicate(words: Sequence[Token], at: int, phrase: Phrase) -> bool:
    """Whether the word there is a verb whose subject the phrase is."""
    verb = words[at].key
    if verb in gr.COPULAS and phrase.start and words[phrase.start - 1].key == "with":
        return False  # `a woman with her hair in a towel is at the sink`
    if verb == "a" and not resumes(words, at):
        return False
    if verb in ("look", "looks") and (at + 1 == len(words) or not words[at + 1].is_word):
        return False  # `no makeup look, a mole`
    if verb in ("rest", "rests") and phrase.kind == "face" and not _told_before(words, phrase):
        return False  # `Her chin rests on the violin`
    hides = (phrase.kind == "hair" and verb in HIDES) or _made_up(words, at, phrase)
    finite = verb in SAYS or hides or (at > phrase.end and verb != ",") or (verb == "rolled" and phrase.kind == "clothing")
    return finite or (_steady(words, phrase) and _acts(words, at))


BEARS = lx.words("carry carries bear bears wear wears show shows")


def _made_up(words: Sequence[Token], at: int, phrase: Phrase) -> bool:
    """`[Her full lips] carry a trace of lipstick`"""
    made = phrase.kind == "face" and words[at].key in BEARS
    return made and bool(_keys(words, at + 1, 6, ON_COMMA) & (lx.FACE_HEADS_ALONE | lx.MARK_HEADS))


@dataclass(frozen=True)
class _Said:
    """What stands from the verb on, and whether it is something else than looks."""

    words: Sequence[Token]
    at: int
    phrase: Phrase

    @property
    def verb(self) -> str:
        return self.words[self.at].key

    @property
    def kind(self) -> str:
        return self.phrase.kind

    @property
    def marked(self) -> bool:
        """It tells of a scar or the like."""
        return bool(_keys(self.words, self.at, 7) & lx.MARK_HEADS - {"gap", "rash"})

    @property
    def steady(self) -> bool:
        return _steady(self.words, self.phrase)

    def of_light(self) -> bool:
        """`Her face is in shadow`"""
        shorn = bool(_keys(self.words, self.at, 4) & SHORN_TO)  # `cropped to a shadow`
        bare = self.kind in ("face", "body", "skin", "eyes", "hair") and not shorn
        return bare and bool(_keys(self.words, self.at, 7, ON_COMMA) & LIGHTING)

    def of_gaze(self) -> bool:
        """`Her eyes look at the sea`"""
        return self.kind == "eyes" and self.verb in LOOK and bool(_keys(self.words, self.at + 1, 2) & gr.PREPOSITIONS)

    def of_absence(self) -> bool:
        """`their face is not visible`"""
        part = self.kind not in ("hair", "clothing", "accessory")
        return part and self.verb in gr.COPULAS and "not" in _keys(self.words, self.at, 3)

    def of_work(self) -> bool:
        """`His hands are covered in flour`"""
        at_work = self.words[self.phrase.end - 1].key in AT_WORK
        return at_work and not self.marked and bool(_keys(self.words, self.at, 5) & DIRTIED)

    def of_pose(self) -> bool:
        """`Her arms are crossed`"""
        if self.verb not in gr.COPULAS or self.kind in ("hair", "clothing", "accessory"):
            return False
        said = _said(self.words, self.at + 1)
        posed = said < len(self.words) and self.words[said].key in POSE and not covered(self.words, said)
        return posed and not self.marked

    def of_nothing(self) -> bool:
        """A part that moves, of which no look is told, neither by the verb nor before the noun."""
        if self.kind not in ("eyes", "face", "body", "skin") or self.steady or self.marked:
            return False
        looks = gr.MODIFIERS.get(group_of(self.phrase.kind), frozenset()) | TELLS_TOO
        if covered(self.words, _said(self.words, self.at + 1)):
            return False  # `His face is shaded by a straw hat`
        before = _told_before(self.words, self.phrase) and self.verb not in gr.COPULAS
        return not before and not _keys(self.words, self.at, 5) & looks

    def of_rest(self) -> bool:
        """`Her hands rest on the table`; `Her goggles have been pushed up` tells their state"""
        if self.kind == "accessory" and put_in_state(self.words, self.at):
            return False
        return not self.steady and self.kind in ("accessory", "body", "face", "eyes") and self.verb in RESTS

    def of_a_thing(self) -> bool:
        """What a ring or a sleeve does is not said of it: `[A ring] gleams`, `[A sleeve] covers his arm`."""
        off = self.verb in gr.COPULAS and "off" in _keys(self.words, self.at + 1, 1)
        if self.kind in ("clothing", "accessory") and off:
            return True  # `The wig is off`
        if self.kind == "accessory":
            return self.verb in GLEAMS | ENCIRCLES | {"frames", "frame"}
        hangs_open = self.verb in ("hangs", "hang") and "open" in _keys(self.words, self.at + 1, 1)
        return self.kind == "clothing" and (self.verb in SERVES or hangs_open)


def has_verb(words: Sequence[Token], start: int, end: int) -> bool:
    return any(token.key in SAYS or token.key in ON_IT for token in words[start:end])


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
