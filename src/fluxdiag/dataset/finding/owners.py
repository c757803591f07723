"""Whose looks a phrase describes.

`with`, `in` and `wearing` belong to the nearest being on their left, unless a comma, `and she` or the like leads back to the one
that the sentence is about.
"""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.cast import Cast
from fluxdiag.dataset.finding.known import Being
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import lends, phrase_start
from fluxdiag.dataset.finding.somebody_else import OPENINGS
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

BACK = lx.words("wearing wears dressed has have is are wore clad and_wears sporting dons standing sitting")
PLACED = lx.words("along through across down up over past around into onto to at in on near by towards toward")
NEAR = lx.words("behind beside near to by with opposite against past toward towards between above below facing")


def belongs_to_character(words: Sequence[Token], cast_: Cast, start: int, kind: str) -> bool:
    """Whether the phrase that begins at the token `start` is the character's."""
    first = words[start].key
    if first == "whose" and _of_another(words, cast_, start - 1):
        return False
    announced = kind in ("clothing", "accessory") and start > 2 and words[start - 1].key in ("in", "wearing")
    if announced and _of_newcomer(words, cast_, start - 2):
        return False
    if first in gr.POSSESSIVE and cast_.owner[start] is not None:
        return cast_.owner[start] == "character"
    if start > 1 and words[start - 1].key == "'s":
        if kind == "clothing" and (owner := phrase_start(words, start - 2)) and words[owner - 1].key in gr.WEAR | {"in"}:
            return belongs_to_character(words, cast_, owner - 1, kind)  # `my wife in her gran's dress`
        return cast_.owner[start - 2] != "other" or lends(words, start - 2)
    if first == "its" or (start and words[start - 1].key == "its"):
        return False
    return _governor(words, cast_, start, kind) == "character"


def _of_another(words: Sequence[Token], cast_: Cast, noun: int) -> bool:
    """`her dog[, whose coat is matted]`, `the leash of a white borzoi [whose coat is brushed]`: of a being right before it that
    is not the character, or of an unknown one with `a` that comes later."""
    if noun > 0 and words[noun].key == ",":
        return cast_.owner[noun - 1] == "other"
    if noun < 1 or words[noun].key in lx.PERSON:
        return False
    if cast_.owner[noun] is not None:
        return cast_.owner[noun] != "character"
    first = phrase_start(words, noun)
    return words[first].key in ("a", "an") and "character" in cast_.owner[:first] and not gr.garment_kind(words[noun].key)


def _of_newcomer(words: Sequence[Token], cast_: Cast, noun: int) -> bool:
    """`. A dummy [in a dinner jacket] stands behind him`, `, and an official [in a cream blazer]`: an unknown noun with `a` that
    opens a clause after the character was named."""
    key, first = words[noun].key, phrase_start(words, noun)
    if cast_.owner[noun] is not None or words[first].key not in ("a", "an") or first < 2:
        return False
    opens = words[first - 1].key in CLAUSE_END or (words[first - 1].key in ("and", "while") and words[first - 2].key == ",")
    looks = gr.garment_kind(key) is not None or gr.head_kind(key) is not None or key in BODY_PART | OPENINGS
    return opens and not looks and "character" in cast_.owner[:first]


def _governor(words: Sequence[Token], cast_: Cast, start: int, kind: str) -> Being:
    """The nearest being on the left within the sentence, or whom the clause is about after a comma and a verb of wearing."""
    for at in range(start - 1, -1, -1):
        if cast_.sentence[at] != cast_.sentence[start]:
            break
        key = words[at].key
        if key in BACK and at and words[at - 1].key in (",", "and") and not _relative(words, at):
            return "other" if words[at - 1].key == "," and _other_subject(words, cast_, at - 2) else cast_.about[at]
        if key in (";", ":", "|", "(", "\n"):
            break
        if key == "," and at + 1 < len(words) and words[at + 1].key in ("a", "an") and _other_subject(words, cast_, at - 1):
            return "other"  # `while her friend, a brunette in a leather jacket, scrolls`
        if key == "," and _is_tag_boundary(words, at) and cast_.about[at] == "character":
            return "character"
        being = cast_.owner[at]
        if being == "character" and _beside_own(words, at, start):
            return "character"
        if being is not None and kind == "expression" and _looked_at(words, at):
            continue
        if being is not None and (_only_near(words, at, start) or _led_elsewhere(words, at, start)):
            continue
        if being == "thing" and not (
            kind == "body" and "with" in {word.key for word in words[at + 1 : start]} and start - at < 4
        ):
            continue
        if (
            being is not None
            and not (key in ("him", "them") and being == "character")
            and not (key in gr.POSSESSIVE and being == "character")
        ):
            return being
    return cast_.about[start]


def _looked_at(words: Sequence[Token], at: int) -> bool:
    """`glances at him with [a wary expression]`: not his"""
    return words[at].key in ("him", "her", "them") and words[at - 1].key in ("at", "to", "toward") and words[at + 1].key == "with"


def _beside_own(words: Sequence[Token], at: int, start: int) -> bool:
    """`with a baby in her arms and [a bag on her shoulder]`, but not `the man to her right has a beard and [a hat]`"""
    own = words[at].key in gr.POSSESSIVE and words[start - 1].key == "and"
    return own and not any(token.key in gr.COPULAS | gr.VERBS | gr.WEAR | gr.HAVE for token in words[at:start])


def _only_near(words: Sequence[Token], at: int, start: int) -> bool:
    """`a woman behind ohwx wears a coat`: who wears it is the woman."""
    first = phrase_start(words, at)
    placed = first > 1 and words[first - 1].key in NEAR
    between = {word.key for word in words[at + 1 : start]}
    return (
        placed
        and bool(between & {"wears", "has", "wore", "had", "dons", "sports"})
        and not between & {"who", "and", "that", ",", "'s"}
    )


def _other_subject(words: Sequence[Token], cast_: Cast, at: int) -> bool:
    """`, while her granddaughter[, wearing an apron, cuts out stars]`: another person that opens a clause of their own."""
    if at < 1 or cast_.owner[at] != "other" or words[at].key not in lx.PERSON:
        return False
    start = phrase_start(words, at)
    return start > 0 and words[start - 1].key in ("while", "as", "and", "but", "whereas", ";", ".")


def _led_elsewhere(words: Sequence[Token], at: int, start: int) -> bool:
    """`walks her dog along the beach wearing a coat`: a place stands between what somebody leads and what they wear."""
    first = phrase_start(words, at)
    led = words[at].key in lx.ANIMAL and first > 0 and words[first - 1].key in verbs.PERSON_DOING | verbs.THIRD
    return led and at + 2 < start and words[at + 1].key in PLACED


def _relative(words: Sequence[Token], at: int) -> bool:
    """`a man next to him, who has a beard and wears`: still about the man."""
    return any(word.key in ("who", "which", "that") for word in words[max(0, at - 9) : at])


def _is_tag_boundary(words: Sequence[Token], at: int) -> bool:
    """A comma of a list of tags or loose parts: no finite clause goes on across it."""
    after = words[at + 1].key if at + 1 < len(words) else ""
    return after not in gr.CONJUNCTIONS and after not in gr.PREPOSITIONS and after not in gr.WEAR
