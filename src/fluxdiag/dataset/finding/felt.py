"""Moods that an adjective tells by itself: `, annoyed.`, `looking tired`, `she is sad`, `Pensive and relaxed, she ...`,
`her expression grave`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.naming import is_heading
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tags import parts
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

HOW = lx.DEGREE | lx.words("a_little utterly totally absolutely quietly too kinda kind_of sort_of a_bit properly")
JOINS = lx.words("and but yet or")
LOOKED = lx.FELT | lx.words("""
    calm serious relaxed stern fierce focused intense content peaceful serene tense solemn alert distant playful
    mischievous somber sombre
    grave severe emotional sober vacant blank friendly awake drained troubled conflicted
""")
"""told by `looking`, or beside one that only people are; alone they may be said of a room or a sky, too"""
AT_WHAT = lx.words("at into onto through for")
SHOWS = lx.words("expression gaze demeanor demeanour countenance face features")
STILL = lx.words("big wide slight soft broad small half quiet cold still distant warm bright light closed")
"""of a face said in a list of looks, no mood"""
OF_ANYBODY = lx.words("looks looked appears appeared seems seemed")
"""`a pilot in muddy boots appears worried`; in `makes the room look cheerful` it is no person who looks"""
COPULAS = lx.words("is are was were am be being")
SAYS = COPULAS | OF_ANYBODY | lx.words("look appear seem")
ABOUT = lx.words("by at about of with for from after that")
AFTER = lx.words("as while and but with because after before when")
TELLS_MOOD = SAYS | SHOWS | lx.FELT | {"looking"}


def felt(words: Sequence[Token]) -> Iterator[Phrase]:
    for at, token in enumerate(words):
        if token.key == "looking":
            end = _moods(words, at + 1, LOOKED)
            if end > at + 1 and not (end < len(words) and words[end].key in AT_WHAT and words[at + 1].key not in lx.FELT):
                yield Phrase(at + 1, end, "expression")
        elif token.key in SAYS and at and (token.key in OF_ANYBODY or _somebody(words, at - 1)):
            start = at + 1 + 2 * ([word.key for word in words[at + 1 : at + 3]] == ["to", "be"])
            end = _moods(words, start, lx.FELT)
            if end > start and (_closed(words, end) or token.key not in COPULAS):
                yield Phrase(start, end, "expression")
        elif token.key in SHOWS and at and words[at - 1].key in gr.POSSESSIVE:
            end = _moods(words, at + 1, lx.MOODS - STILL - lx.FACE - lx.COLOUR)
            if end > at + 1 and _closed(words, end):
                yield Phrase(at - 1, end, "expression")
    yield from _alone(words)


def _alone(words: Sequence[Token]) -> Iterator[Phrase]:
    """Between two commas, with nothing behind it but about what; a list may go on with what a scene can be, too: `pensive and
    calm`, `surprised by a wave`."""
    for start, end in parts(words):
        told = _moods(words, start, LOOKED)
        if is_heading(words, end) or not any(token.key in lx.FELT for token in words[start:told]):
            continue
        if (told == end or words[told].key in ABOUT) and not _before_noun(words, start):
            yield Phrase(start, told, "expression")


def _before_noun(words: Sequence[Token], start: int) -> bool:
    """`a nostalgic, [carefree], faded quality`: the list was begun by an article before the comma."""
    adjective = (
        start > 2 and words[start - 1].key == "," and words[start - 2].key.endswith(("ic", "al", "ed", "y", "ful", "ous", "ive"))
    )
    return adjective and words[start - 3].key in ("a", "an")


def _moods(words: Sequence[Token], start: int, known: lx.Words) -> int:
    """The end of `slightly bored`, `tired but happy`; `start` where no mood stands."""
    at = end = start
    while at < len(words) and (words[at].key in known or words[at].key in HOW or (words[at].key in JOINS and at > start)):
        at += 1
        if words[at - 1].key in known:
            end = at
    return end


def _somebody(words: Sequence[Token], at: int) -> bool:
    return words[at].proper or words[at].key in lx.PERSON or words[at].key in gr.PRONOUNS - {"it"}


def _closed(words: Sequence[Token], end: int) -> bool:
    return end == len(words) or words[end].key in CLAUSE_END or words[end].key == "," or words[end].key in AFTER
