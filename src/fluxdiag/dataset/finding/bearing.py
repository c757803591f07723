"""Clauses about a thing on the character: `An old burn puckers the skin beneath his jaw`, `Pearl drops dangle from her ears`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.naming import made_up, phrase_start
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.strapped import THINGS
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token
from fluxdiag.dataset.finding.upon import (
    HANGS,
    LEFT_BY_WORK,
    LIES_ON,
    ON,
    OWNED,
    PARTS,
    clause_reach,
    is_look,
    kind_of,
    own_part,
    round_neck,
)
from fluxdiag.records import AppearanceKind

FIRM = lx.words("""
    cheek cheeks nose lip lips eyebrow eyebrows chin face neck forehead temple temples ears ear brow jaw throat scalp hair
    ankle ankles wrist wrists earlobe earlobes collarbone collarbones eyelid eyelids skin nostril nostrils eyelashes lashes
    head chest cheekbones beard hips eyes
""")
FOREIGN = lx.words("""
    light lights rain glow shadow shadows sun sunlight moonlight firelight daylight candlelight beam beams
    ray rays reflection
    reflections wind breeze smoke steam mist fog darkness flame flames spotlight lamp lantern camera focus composition
    lighting background attention frame framing viewer image photo photograph picture portrait angle shot contrast colour
    colours color colors palette tones scene mood atmosphere depth emphasis perspective view crop lens effect hand hands
    finger fingers arm arms palm fist thumb thumbs phone book cup mug glass microphone brush hairdryer mirror razor gun
    sword knife pillow blanket bottle cigarette pipe gaze smile expression look text caption title illumination
    highlights exposure style seatbelt other others one artist eye head sky foreground window screen ball sunset backlight
    silhouette flash bubbles bubble powder everything nothing something half rest pose posture gesture waves sea line
""")
DOES = lx.words("""
    about hit hits strike strikes touches touch kisses kiss slaps pats strokes knocks approaches lands land flies fly hovers hover
    buzzes flutters floats float swings bounces throws thrown aims aimed points pointed held holds aside apart overhead
    see sees seen seeing recognise recognize make supports support
    match matches mirror mirrors echo echoes keep keeps splash splashes near beside past by
""")
"""what happens to the character, or near by"""
NO_SUBJECT = (
    gr.PRONOUNS
    | gr.POSSESSIVE
    | gr.PREPOSITIONS
    | gr.WEAR
    | gr.HAVE
    | lx.words("you we i can't cannot couldn't there this here these those what how it its not only as if when another someone")
    | {",", "and", "or"}
)


def bears(words: Sequence[Token]) -> Iterator[Phrase]:
    """`An old burn puckers the skin beneath his jaw`, `Pearl drops dangle from her ears`: a clause whose subject is a thing and
    that leads to the character's own face or the like. Light, wind, hands and the picture itself say nothing of looks."""
    for start, end in clauses_of(words):
        if _named(words, start):
            continue
        if words[start].key in NO_SUBJECT:
            continue
        for at in range(start + 2, end - 1):
            if words[at - 1].key in SHELTERS:
                break
            if words[at - 1].key in HANGS and round_neck(words, at):
                break  # `A tape measure dangles round his neck`: what it does is not said of it
            if words[at].key in OWNED and (part := _firm_part(words, at + 1, end, start)) is not None:
                worn = any(gr.garment_kind(token.key) is not None for token in words[start:at])
                said = words[start : at - (words[at - 1].key in ("colors", "colours", "frames"))]
                last = max((place + 1 for place in range(start, at) if words[place].key == ","), default=start)
                if last > start and not _has_verb(words, last, at):
                    break  # `Lien rinses rice at the basin, her face lined`
                if not worn and not _foreign(said) and not _by_work(words, start, at) and _has_verb(words, start, at):
                    yield Phrase(start, clause_reach(words, part + 1), _kind_of_subject(words, start, at), whole=True)
                break


SHELTERS = lx.words("shades shade shields shield")
"""`A checked gamcha shields his head`: what it does is not said of it"""
HELD_UP = lx.words("umbrella parasol newspaper book canopy awning roof tree palm branch leaves")


def sheltering(words: Sequence[Token]) -> Iterator[Phrase]:
    """`[A checked gamcha] shields his head`: a cloth of any name, told by a pattern or colour and by what it does."""
    for verb in range(2, len(words) - 2):
        if words[verb].key not in SHELTERS or words[verb + 1].key not in gr.POSSESSIVE:
            continue
        start = phrase_start(words, verb - 1)
        told = any(token.key in gr.MODIFIERS["cloth"] - lx.DEGREE for token in words[start : verb - 1])
        opens = start == 0 or words[start - 1].key in CLAUSE_END | {",", "and", "while"}
        known = gr.garment_kind(words[verb - 1].key) is not None or words[verb - 1].key in HELD_UP
        if opens and told and not known and words[start].key in ("a", "an") and not _foreign(words[start:verb]):
            yield Phrase(start, verb, "accessory")


MARS = lx.words("marks mark mars mar mottles mottle puckers pucker pits pit scores")
SHOWS_INK = lx.words("faded blurred tattooed inked")
SPREADS = lx.words("stretches stretch spreads spread coils coil winds wind curls curl climbs climb runs run")
RISES = lx.words("sweep sweeps jut juts curve curves protrude protrudes")
TELLS_MARK = MARS | SPREADS | RISES
DRAWN = lx.words("lines line stripes stripe tusks tusk horns horn spikes spines streaks")


def between_commas(words: Sequence[Token]) -> Iterator[Phrase]:
    """`a razor nick marks his chin`, `A faded mermaid stretches along his forearm`, `two tusks jut from his lower jaw`: where
    a clause may begin, told by a verb that only marks have, by ink that has aged, or by what may rise from a face."""
    for verb in range(1, len(words) - 2):
        key = words[verb].key
        if key not in TELLS_MARK:
            continue
        start = phrase_start(words, verb - 1)
        opens = start == 0 or words[start - 1].key in CLAUSE_END | {",", "and", "while", "as"}
        subject = words[start:verb]
        if not opens or len(subject) < 2 or words[start].key in gr.POSSESSIVE | gr.PRONOUNS:
            continue
        inked = key in SPREADS and words[start + 1].key in SHOWS_INK and words[verb - 1].key not in THINGS  # a mermaid, too
        told = inked or (not _foreign(subject[-1:]) and (key in MARS or words[verb - 1].key in DRAWN))
        worn = any(gr.garment_kind(token.key) is not None for token in subject)
        if told and not worn and (part := own_part(words, verb + 1)) is not None:
            yield Phrase(start, clause_reach(words, part + 1), _kind_of_subject(words, start, verb), whole=True)


def _by_work(words: Sequence[Token], start: int, end: int) -> bool:
    """`White foam swirls around his ankles`"""
    return any(words[at].key in LEFT_BY_WORK for at in range(start, min(start + 4, end)))


def _named(words: Sequence[Token], start: int) -> bool:
    """`Anna has her hair up`: what has it is somebody."""
    return words[start + 1].key in ("has", "had") and words[start + 2].key in gr.POSSESSIVE


def _kind_of_subject(words: Sequence[Token], start: int, end: int) -> AppearanceKind:
    if any(words[at].key in ("tears", "blush") for at in range(start, min(start + 3, end))):
        return "expression"
    return next((kind_of(words, at, "smeared") for at in range(start, end) if is_look(words[at].key)), "mark")


def clauses_of(words: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Start and end of the clauses of each sentence: cut at marks, at `, and` and the like, and at `and her`."""
    start = 0
    for at in range(len(words) + 1):
        closed = at == len(words) or words[at].key in CLAUSE_END
        if not closed and not _joins(words, at):
            continue
        if at - start > 3:
            yield start, at
        start = at + 1


def _joins(words: Sequence[Token], at: int) -> bool:
    if words[at].key in ("while", "whereas"):
        return True
    if words[at].key not in ("and", "but", "so", "yet", "as") or at == 0:
        return False
    return words[at - 1].key == "," or (at + 1 < len(words) and words[at + 1].key in gr.POSSESSIVE | {"she", "he", "they"})


def _firm_part(words: Sequence[Token], at: int, end: int, start: int) -> int | None:
    """A part of the body on which no thing is merely laid; on arms and shoulders only what is a look of itself."""
    look = any((gr.head_kind(token.key) or ("",))[0] == "mark" for token in words[start : start + 4])
    for place in range(at, min(at + 5, end)):
        last = words[place].key.rpartition(" ")[2]
        if last == "head" and words[at - 2].key != "on":
            return None  # `balloons above his head`
        if last in FIRM or (look and last in PARTS):
            return place
        if words[place].key in gr.STOPPERS - gr.POSSESSIVE - {"of"}:
            return None
    return None


def _foreign(subject: Sequence[Token]) -> bool:
    return any(
        token.key in FOREIGN | DOES | lx.PERSON | lx.ANIMAL | lx.THING | gr.WEAR
        or token.key.removesuffix("s") in lx.ANIMAL
        or token.key
        in ("she", "he", "they", "it", "who", "that", "which", "front", "toward", "towards", "away", "close", "inches")
        or made_up(token)
        for token in subject
    )


def _has_verb(words: Sequence[Token], start: int, end: int) -> bool:
    """A known verb, a word on `s` with an object or a place after it, or one that stands right before its object."""
    for at in range(start + 1, end):
        key, following = words[at].key, words[at + 1].key
        if key in gr.COPULAS | LIES_ON | {"has", "have", "can"} or (
            key.endswith("s") and following in gr.ARTICLES | gr.POSSESSIVE
        ):
            return True
        if key.endswith(("s", "e", "d")) and following in ON and at > start:
            return True
    return words[end - 1].is_word and words[end - 1].key not in gr.PREPOSITIONS | gr.CONJUNCTIONS
