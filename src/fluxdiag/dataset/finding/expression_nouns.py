"""Nouns for an expression with any adjectives, what a mouth or a face shows, feelings that show."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.lexicon.moods import BEAMS, FEELINGS, TRACES
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

ALWAYS = lx.words("expression smile grin frown smirk scowl sneer grimace stare gaze countenance demeanor demeanour half_smile")
"""nouns that any adjective makes an expression; a `look` and a `laugh` need a mood"""
JOINS = lx.words("and but yet though , almost")
LONGEST = 8
ADJECTIVE_ENDS = ("ed", "ful", "ous", "ive", "less", "ish")
GIVES = lx.words("give gives giving gave lend lends lending lent add adds adding has have create creates creating")
SHOWING = lx.words("obvious visible evident apparent clear palpable unmistakable")
CONVEYED = lx.words("intense pure great mild utter genuine undisguised obvious evident sheer barely_concealed mock")
HOW_DEEP = CONVEYED | lx.words("deep quiet clear")
CONVEYS = lx.words("conveying conveys showing shows expressing expresses radiating radiates betraying betrays")
IN_FACE = lx.words("in on about around across to")
MOUTHS = frozenset({"mouth", "lips", "mouth open"})
OPEN = lx.words("open agape ajar parted forming")
HOW_FAR = lx.words("wide slightly half partly gently")
NO_MODIFIER = gr.STOPPERS - lx.words("smiling laughing crying posed just set") | lx.PERSON | lx.ANIMAL | lx.THING


def modified(words: Sequence[Token], at: int) -> int | None:
    """Where `a stern, unblinking expression` begins, its article, if nothing but adjectives stands after that."""
    start = at
    while start and at - start < LONGEST:
        key = words[start - 1].key
        if key in gr.ARTICLES or key in gr.POSSESSIVE:
            mood = words[at].key in ALWAYS or any(word.key in lx.MOODS for word in words[start:at])
            return start - 1 if start < at and mood and key != "the" else None
        if key in JOINS:
            if start == at or (key == "," and start > 1 and not _before_comma(words[start - 2].key)):
                return None
        elif key in NO_MODIFIER or not words[start - 1].is_word or gr.garment_kind(key) or gr.head_kind(key):
            return None
        start -= 1
    return None


def _before_comma(key: str) -> bool:
    """`a [stern], unblinking expression`, but not `a cup, happy smile`"""
    return key in lx.MOODS | lx.FACE or key in JOINS or (len(key) > 5 and key.endswith(ADJECTIVE_ENDS))


def _of_scene(words: Sequence[Token], article: int) -> bool:
    """`The grain gives the photo a dreamy look`, `The room has a warm look`: the look of a thing."""
    for at in range(article - 1, max(-1, article - 7), -1):
        key = words[at].key
        if key in CLAUSE_END or key in lx.PERSON | gr.PRONOUNS or words[at].proper:
            return False
        if key in ("has", "have"):
            return article - at == 1 and not _by_somebody(words, at)
        if key in GIVES:
            return not (at and words[at - 1].key in lx.PERSON | gr.PRONOUNS)
    return False


def _by_somebody(words: Sequence[Token], verb: int) -> bool:
    """`She has`, `the man has`, `ohwx has`: no `the room has`."""
    before = words[verb - 1] if verb else None
    inanimate = before is not None and verb > 1 and words[verb - 2].key == "the" and before.key not in lx.PERSON
    return not inanimate


def of_thing(words: Sequence[Token], at: int) -> bool:
    """`gives the street scene a timeless look`: the noun at `at` tells of no person."""
    article = next((place for place in range(at - 1, max(-1, at - 5), -1) if words[place].key in gr.ARTICLES), None)
    return words[at].key in ("look", "face", "expression") and article is not None and _of_scene(words, article)


def trace(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`a trace of melancholy about her`, `a hint of sadness in his eyes`: a feeling that shows on somebody."""
    if words[at].key not in FEELINGS or at < 2:
        return None
    if words[at - 1].key in SHOWING and words[at - 2].key in gr.ARTICLES | gr.POSSESSIVE:
        return at - 2, at + 1  # `despite the obvious exhaustion`
    if words[at - 1].key in HOW_DEEP and words[at - 2].key in CONVEYS:
        return at - 1, at + 1  # `her face shows deep concentration`
    if words[at - 1].key in CONVEYED and words[at - 2].key == "with":
        return at - 1, at + 1  # `regards him with undisguised disdain`
    if words[at - 1].key != "of" or words[at - 2].key not in TRACES:
        return None
    after = [token.key for token in words[at + 1 : at + 3]]
    shown = len(after) == 2 and after[0] in IN_FACE and after[1] in gr.POSSESSIVE | {"him", "them"}
    return (at - 2 - (at > 2 and words[at - 3].key in gr.ARTICLES), at + 1) if shown else None


def beams(words: Sequence[Token], at: int) -> int | None:
    """`[beams with pride]`: the end"""
    if words[at].key not in BEAMS or at + 2 >= len(words) or words[at + 1].key != "with":
        return None
    return at + 3 if words[at + 2].key in FEELINGS else None


def feeling_face(words: Sequence[Token], at: int) -> int | None:
    """`his face is solemn`, `her face is calm and serene`: the end, where nothing but moods are said"""
    if words[at].key != "face" or words[at + 1].key not in gr.COPULAS:
        return None
    end = at + 2
    while end < len(words) and words[end].key in MOODS_OF_FACE | lx.DEGREE | {"and", "but"}:
        end += 1
    while end > at + 2 and words[end - 1].key not in MOODS_OF_FACE:
        end -= 1
    closed = end == len(words) or not words[end].is_word or words[end].key in ("and", "as", "but", "while")
    return end if end > at + 2 and closed else None


MOODS_OF_FACE = lx.MOODS - lx.FACE - lx.COLOUR - lx.words("slight half blank quiet cold distant")


def mouth(words: Sequence[Token], at: int) -> int | None:
    """`[her mouth wide open] in a laugh`, `[his mouth forming a small, open circle]`: the end"""
    if words[at].key not in MOUTHS or words[at - 1].key not in gr.POSSESSIVE:
        return None
    if words[at].key == "mouth open":
        return at + 1
    end = at + 1
    while end < len(words) and words[end].key in HOW_FAR:
        end += 1
    if end >= len(words) or words[end].key not in OPEN:
        return None
    if words[end].key != "forming":
        return end + 1
    while end < len(words) and (words[end].is_word or _between(words, end)) and words[end].key not in ("and", "as", "while"):
        end += 1
    return end


def _between(words: Sequence[Token], at: int) -> bool:
    """The comma of `a small, open circle`."""
    return words[at].key == "," and words[at - 1].key in lx.FACE | lx.BODY_SIZE and words[at - 2].key in gr.ARTICLES


def last_of_two(words: Sequence[Token], end: int) -> int:
    """`tired [and a bit drunk]`: any adjective that closes the clause after a feeling"""
    if end + 1 >= len(words) or words[end].key not in ("and", "but"):
        return end
    at = end + 1
    while at < len(words) and words[at].key in lx.DEGREE:
        at += 1
    closed = at + 1 == len(words) or (at + 1 < len(words) and not words[at + 1].is_word)
    told = at < len(words) and words[at].key.isalpha() and words[at].key not in gr.STOPPERS | verbs.THIRD
    return at + 1 if closed and told and not words[at].key.endswith("ing") else end
