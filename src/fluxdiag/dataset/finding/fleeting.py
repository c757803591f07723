"""What eyes, mouth and brows do at the moment, told by a clause: `Her lips are parted`, `His brows are drawn together`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon.moods import DRAWN, FROWNS, OF_JAW, OF_LIDS, OF_MOUTH, OF_TEETH
from fluxdiag.dataset.finding.naming import owner_start
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

DOES = {
    **dict.fromkeys(("eyes", "eye", "eyelids", "lids"), OF_LIDS),
    **dict.fromkeys(("lips", "mouth"), OF_MOUTH),
    "teeth": OF_TEETH,
    "jaw": OF_JAW,
    **dict.fromkeys(("brow", "brows", "eyebrow", "eyebrows", "forehead"), FROWNS),
}
SIDES = lx.words("left right lower upper other one")
TOGETHER = lx.words("together shut tight tightly open closed wide")
WITH_WHAT = lx.words("in with into from by")
LASTING = lx.words("age years lines wrinkles makeup shadow eyeliner kohl lipstick gloss freckles scar scars")
STOPS = CLAUSE_END | lx.words(", and as while but which")


def fleeting(words: Sequence[Token]) -> Iterator[Phrase]:
    """Each such clause from the possessive to its end; a part with an adjective of its own (`her full lips`) is none."""
    for at in range(1, len(words) - 1):
        if words[at].key not in DOES:
            continue
        if words[at + 1].key not in gr.COPULAS and not _absolute(words, at):
            continue
        first = at - (words[at - 1].key in SIDES)
        start = owner_start(words, first) if words[first - 1].key == "'s" else first - 1
        owned = start < first - 1 or words[start].key in gr.POSSESSIVE | {"the"}
        if start >= 0 and owned and (end := _end(words, at, at + 1 + (words[at + 1].key in gr.COPULAS))) is not None:
            yield Phrase(start, end, "expression")


def same_clause(one: Phrase, moments: Sequence[Phrase]) -> bool:
    """Whether what seemed to tell of looks is no more than one of the moments."""
    return any(one.start == moment.start and one.end <= moment.end for moment in moments)


def _absolute(words: Sequence[Token], at: int) -> bool:
    """`[she waits], her brow knitted`: without a verb, told by a possessive after a comma or `and`."""
    if at < 2 or words[at - 1].key not in gr.POSSESSIVE or words[at - 2].key not in (",", "and", "with", ";"):
        return False
    end = _end(words, at, at + 1)
    return end is not None and (end == len(words) or words[end].key in STOPS | WITH_WHAT)


def _end(words: Sequence[Token], part: int, at: int) -> int | None:
    while at < len(words) and (words[at].key.endswith("ly") or words[at].key in ("half", "wide", "almost", "nearly", "just")):
        at += 1
    if at >= len(words) or words[at].key not in DOES[words[part].key]:
        return None
    drawn = words[at].key in DRAWN
    at += 1
    while at < len(words) and words[at].key in TOGETHER:
        at += 1
    what = _with_what(words, at)
    return None if what is None or (drawn and what == at) else what


def _with_what(words: Sequence[Token], at: int) -> int | None:
    """On over `in a shout`, `with effort`; None if that is a look: `wrinkled with age`."""
    if at + 1 >= len(words) or words[at].key not in WITH_WHAT or words[at + 1].key in gr.POSSESSIVE | {"the"}:
        return at  # `in the picture`
    end = at
    while end < len(words) and words[end].key not in STOPS:
        if words[end].key in LASTING or words[end].key in lx.COLOUR or gr.garment_kind(words[end].key) is not None:
            return None
        end += 1
    return end
