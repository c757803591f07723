"""Smiles and moods, which `fix` keeps unless told otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.expression_nouns import (
    MOUTHS,
    beams,
    feeling_face,
    last_of_two,
    modified,
    mouth,
    of_thing,
    trace,
)
from fluxdiag.dataset.finding.lexicon.moods import BEAMS
from fluxdiag.dataset.finding.lexicon.moods import FEELINGS as SHOWN
from fluxdiag.dataset.finding.naming import is_heading
from fluxdiag.dataset.finding.no_look import names_colour
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import Token

HOW = lx.words("confidently proudly softly gently warmly broadly brightly slightly widely faintly shyly playfully happily openly")


BEFORE_MOOD = lx.MOODS | lx.DEGREE | {"and", "hint", "of", ",", "slightly", "very"}
STATES = lx.words("expression demeanor demeanour countenance gaze stare look smile grin")
KNIT_PARTS = lx.words("brow brows eyebrows forehead jaw teeth")
KNIT = lx.words(
    "furrowed knitted knit creased drawn raised wrinkled pinched clenched gritted bared set pursed parted agape curled curved"
)


MOVED = lx.words("lit lit_up contorted twisted scrunched alight aglow lights screwed")
INTENSELY = lx.words("proper well dead so totally absolutely properly pretty really")
SEEMS = lx.words("looks look appears seems")
FEELINGS = (
    lx.MOODS - lx.COLOUR - lx.words("big wide slight soft broad faint subtle small cold warm blank half pure wild delicate quiet")
)
SHUT = lx.words("closed shut crossed half_closed half_shut half_open")
IN_WHAT = lx.words("roar scream laugh yawn shout grimace concentration pain effort delight awe surprise joy laughter song anger")


def _alone(words: Sequence[Token], at: int) -> bool:
    """`concentrating` as a tag; `concentrating on the board` says what is done"""
    opens = at == 0 or words[at - 1].key in (",", ".")
    return opens and (at + 1 == len(words) or words[at + 1].key in (",", "."))


HABIT = lx.words("often easily sometimes rarely seldom frequently")


def _by_habit(words: Sequence[Token], at: int) -> bool:
    """`someone who laughs often`: not at the moment"""
    return at > 0 and words[at - 1].key == "who" and at + 1 < len(words) and words[at + 1].key in HABIT


def _in_what(words: Sequence[Token], at: int) -> int:
    """`[his mouth is open] in a roar`, `[his eyes are squeezed shut] in concentration`, `[crying] happy tears`"""
    after = [token.key for token in words[at : at + 4]]
    if words[at - 1].key == "crying" and "tears" in after[:2]:
        return at + after.index("tears") + 1
    mouth = [token.key for token in words[at : at + 5]]
    if mouth[:1] == ["with"] and mouth[1:2] and mouth[1] in gr.POSSESSIVE and mouth[2:3] == ["mouth"] and "open" in mouth[3:]:
        return at + mouth.index("open") + 1  # `laughing with her mouth wide open`
    if after[:1] not in (["in"], ["with"]):
        return at
    article = after[1:2] == ["a"]
    what = next((n for n, key in enumerate(after[1 : 2 + 2 * article], 1) if key in IN_WHAT), 0)
    return at + what + 1 if what else at


def _told(words: Sequence[Token], at: int) -> bool:
    """`a gentle, [toothless] smile`: any adjective by its ending, after an article or another adjective."""
    key = words[at].key
    adjective = key.endswith(("less", "ful", "ous", "ive")) and key not in gr.STOPPERS | lx.PERSON
    return adjective and at > 0 and words[at - 1].key in gr.ARTICLES | gr.POSSESSIVE | BEFORE_MOOD


def _says_mood(words: Sequence[Token], key: str, end: int) -> bool:
    """`Her expression is ...` always; `Her gaze is ...` where a mood follows and no direction does."""
    if end + 1 >= len(words) or words[end].key not in gr.COPULAS | {"suggests", "conveys", "reads"}:
        return False
    return key.startswith(("expression", "demean", "counten")) or any(word.key in lx.MOODS for word in words[end + 1 : end + 3])


def _stated(words: Sequence[Token], at: int) -> int:
    """`[her expression is] one of quiet joy`, `calm, thoughtful yet proud`: to the clause's end."""
    while at < len(words) and words[at].is_word and words[at].key not in ("as", "while", "who"):
        following = words[at + 1].key if at + 1 < len(words) else "."
        next_ = at + 2 + (at + 2 < len(words) and words[at + 2].key in lx.DEGREE)  # `confident and slightly aloof`
        listed = following in (",", "and", "yet", "but") and next_ < len(words) and _mood_by_place(words, next_)
        if following in ("and", "but") and not listed:
            return at + 1
        at = next_ if listed else at + 1
    return at


def _mood_by_place(words: Sequence[Token], at: int) -> bool:
    """`calm and [absorbed]`: a mood, or any adjective by its ending with which the list closes."""
    if words[at].key in lx.MOODS:
        return True
    closed = at + 1 == len(words) or not words[at + 1].is_word or words[at + 1].key in ("as", "while")
    return closed and words[at].key.endswith(("ed", "ful", "ive", "ous"))


def _knit(words: Sequence[Token], at: int) -> bool:
    """`her brow is furrowed`"""
    return (
        words[at].key in KNIT_PARTS
        and words[at + 1].key in gr.COPULAS
        and bool(KNIT & {word.key for word in words[at + 2 : at + 4]})
    )


def _moved(words: Sequence[Token], at: int) -> bool:
    """`his face is contorted with effort`, `her face lights up with joy`"""
    keys = [token.key for token in words[at + 1 : at + 5]]
    with_feeling = "with" in keys or "in" in keys or "into" in keys
    return words[at].key == "face" and with_feeling and bool(MOVED & set(keys[:2]))


def _seems(words: Sequence[Token], at: int) -> tuple[int, int] | None:
    """`and [looks exhausted]`, `he appears to be [focused and determined]`: feelings of somebody, from the verb `looks` on."""
    if words[at].key not in SEEMS:
        return None
    before = words[at - 1].key if at else ""
    somebody = before in lx.PERSON | gr.PRONOUNS - {"it"} | {"and", ","} or (at > 0 and words[at - 1].proper)
    if not somebody:
        return None
    start = at + 1 + 2 * ([token.key for token in words[at + 1 : at + 3]] == ["to", "be"])
    end = start
    while end < len(words) and words[end].key in FEELINGS | lx.DEGREE | {"and", "but", "so", "really", "a bit"}:
        end += 1
    while end > start and words[end - 1].key not in FEELINGS:
        end -= 1
    end = last_of_two(words, end) if end > start else end
    if end == start or (end < len(words) and words[end].key in ("on", "in", "at")):
        return None
    return at if words[at].key.startswith("look") and before in ("and", ",") else start, end  # `drinks and [looks exhausted]`


def expressions(words: Sequence[Token]) -> Iterator[Phrase]:
    """Smiles and moods; `fix` keeps them unless told otherwise."""
    for at, token in enumerate(words):
        if token.key not in TELLING or is_heading(words, at + 1):
            continue
        for start, end in (*_told_around(words, at), *_told_by(words, at)):
            yield Phrase(start, end, "expression")


Places = Iterator[tuple[int, int]]
"""(start, end) of phrases"""


def _told_around(words: Sequence[Token], at: int) -> Places:
    """What needs no noun or adjective of a mood of its own: `looks sad`, `a trace of a smile`, `her mouth slightly open`."""
    if (seems := _seems(words, at)) is not None:
        yield seems
    opens = at == 0 or not words[at - 1].is_word
    if words[at].key in INTENSELY and opens and at + 1 < len(words) and words[at + 1].key in FEELINGS:
        yield at, at + 2  # `proper chuffed`
    if (felt := trace(words, at)) is not None:
        yield felt
    if (beaming := beams(words, at)) is not None:
        yield at, beaming
    if at and (ajar_end := mouth(words, at)) is not None:
        yield at - 1, _in_what(words, ajar_end)
    if _owned(words, at) and (faced := feeling_face(words, at)) is not None:
        yield at - 1, faced


def _told_by(words: Sequence[Token], at: int) -> Places:
    """What the word itself begins or closes; of several readings the first."""
    key = words[at].key
    if key in lx.MOOD_HEADS:
        if not of_thing(words, at):
            yield from _by_noun(words, at)
    elif _owned(words, at) and (_knit(words, at) or _moved(words, at)):
        yield at - 1, _stated(words, at + 2)
    elif key in ("eyes", "mouth", "lips") and at + 1 < len(words):
        yield from _by_part(words, at)
    elif key == "concentrating" and _alone(words, at):
        yield at, at + 1
    elif key in BY_THEMSELVES and not (key == "blush" and names_colour(words, at)) and not _by_habit(words, at):
        start = at - (at > 0 and words[at - 1].key in ("a", "the", "not"))
        how = at + 1 < len(words) and words[at + 1].key in HOW
        yield start, _in_what(words, at + 1 + how)


BY_THEMSELVES = lx.EXPRESSIONS - lx.words("tears serious thoughtful melancholic")
SMILES = lx.words("smile half_smile grin frown smirk expression")
"""nouns that tell an expression without an adjective"""
TELLING = (
    SEEMS | INTENSELY | FEELINGS | SHOWN | BEAMS | lx.MOOD_HEADS | KNIT_PARTS | MOUTHS | BY_THEMSELVES
    | {"face", "eyes", "concentrating"}
)  # fmt: skip
"""the words of which any rule here begins or closes an expression"""


def _owned(words: Sequence[Token], at: int) -> bool:
    return 0 < at < len(words) - 2 and words[at - 1].key in gr.POSSESSIVE


def _by_noun(words: Sequence[Token], at: int) -> Places:
    """`a warm, gentle smile`, `his expression is stern`"""
    if (first := modified(words, at)) is not None:
        yield first, at + 1
    start = _adjectives_start(words, at)
    told = start < at
    if start and words[start - 1].key in gr.ARTICLES | gr.POSSESSIVE:
        start -= 1
    if words[at].key in STATES and _says_mood(words, words[at].key, at + 1):
        yield start, _stated(words, at + 2)
    elif told or words[at].key in SMILES:
        yield start, at + 1


def _adjectives_start(words: Sequence[Token], at: int) -> int:
    """Where the adjectives before a mood's noun begin; without an article only those after the last comma."""
    start = at
    while start and (words[start - 1].key in BEFORE_MOOD or _told(words, start - 1)):
        start -= 1
    while start < at and words[start].key in ("and", ",", "of"):
        start += 1
    if start and words[start - 1].key not in gr.ARTICLES | gr.POSSESSIVE:
        start = max([start, *(place + 1 for place in range(start, at) if words[place].key == ",")])
    return start


def _by_part(words: Sequence[Token], at: int) -> Places:
    """`her eyes are closed`, `lips slightly parted`"""
    said = words[at + 1].key in gr.COPULAS
    end = at + 1 + said
    end += end < len(words) and words[end].key in ("tightly", "gently", "half", "slightly", "squeezed", "screwed")
    if end >= len(words):
        return
    ajar = words[at].key != "eyes" and end > at + 1 and words[end].key in ("open", "parted", "pursed")
    if ajar or words[end].key in SHUT:
        yield at - (at > 0 and words[at - 1].key in gr.POSSESSIVE), _in_what(words, end + 1) if said else end + 1
