"""Noun phrases for the body and its parts: article, adjectives, noun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.before_noun import left
from fluxdiag.dataset.finding.hair_tails import hair_end
from fluxdiag.dataset.finding.no_look import no_look, put_on
from fluxdiag.dataset.finding.tails import BODY_PART, of_the_colour, on_body, undergone_end
from fluxdiag.dataset.finding.tokens import Token
from fluxdiag.records import AppearanceKind

HANDLED = lx.words("applying applies removing fixing wrapping wraps changing tying")
"""`wrapping [a bandage] around its leg`"""
LOOSE = lx.words("her his their with has have and having , features possesses")
PLAIN = lx.words("collarbone collarbones cheekbones cheekbone jawline brows eyebrows jowls navel midriff chest physique torso")
WOUNDS = lx.words("a an small fresh deep bloody bleeding stitched healing shallow the several two tiny thin")
LOOSE_HAIR = lx.words("waves strands streaks highlights fringe cut mane buns bun curls locks")
OUTLINES = lx.words(
    "shape line lines curve curves contour contours slope angle angles planes bridge outline arch structure width"
)


OWN_ONLY = lx.words("hair eyes body face")


@dataclass(frozen=True)
class Phrase:
    """Tokens `start` to `end` (exclusive) and what they describe."""

    start: int
    end: int
    kind: AppearanceKind
    whole: bool = False
    """the tokens are a clause of their own: nothing of it should stay"""


def body_phrases(words: Sequence[Token]) -> Iterator[Phrase]:
    """Every phrase with a noun for a part of the body, whoever it belongs to."""
    for at, token in enumerate(words):
        found = gr.head_kind(token.key)
        if found is not None:
            kind, needs = found
            phrase = _phrase(words, at, kind, needs)
            if phrase is not None:
                yield phrase
        elif token.key == "back" and at > 1 and (told := _back(words, at)) is not None:
            yield told
        elif token.key == "parted lips" and (lips := _parted_lips(words, at)) is not None:
            yield lips


def _parted_lips(words: Sequence[Token], at: int) -> Phrase | None:
    """`full, slightly parted lips`: more than what they do at the moment"""
    last = at - 1 - (at > 0 and words[at - 1].key in lx.DEGREE)
    last -= last > 0 and words[last].key == ","
    start = last + 1
    while start and words[start - 1].key in gr.MODIFIERS["face"] - lx.MOODS - lx.DEGREE:
        start -= 1
    tagged = words[last + 1].key == "," and (start == 0 or words[start - 1].key == ",")  # `red, parted lips` between commas
    return Phrase(start, at + 1, "face") if start <= last and not tagged else None


def _phrase(words: Sequence[Token], at: int, kind: str, needs: bool) -> Phrase | None:
    if no_look(words, at, kind):
        return None
    if (wound := _wound(words, at)) is not None:
        return wound
    start, adjectives = left(words, at, kind)
    if at > 1 and not adjectives and words[at - 1].key in ("left", "right") and kind in SIDED:
        start, adjectives = _past_side(words, at, start, kind)
    if _loose(words, start, at) or _other_thing(words, start, at):
        return None
    if words[at].key == "appearance" and not _somebodys(words, start):
        return None
    if words[at].key in ("eyes", "eye"):
        start = _one_and_one(words, start, at)
    if start and (words[start - 1].key in HANDLED or put_on(words, start)):
        return None
    end = _other_eye(words, _told_after(words, at, kind)) if words[at].key == "eye" else _told_after(words, at, kind)
    if (
        needs
        and not adjectives
        and (end == at + 1 or (kind in OWN_ONLY and not _owned(words, start) and not _styled(words, at, end)))
    ):
        return None
    if end == at + 1 and _only_a_place(words, start, at, kind):
        return None
    start = _with_how_much(words, start, kind)
    mood = kind in ("eyes", "face") and _is_mood(words, start, at)
    return Phrase(start, end, "expression" if mood else _as_kind(kind))


SIDED = lx.words("eyes face body")


def _back(words: Sequence[Token], at: int) -> Phrase | None:
    """`[a top that reveals] a strong, sinewy back`: nothing but adjectives of a person before it. Of `his broad back` mostly what
    it does is told."""
    start = at
    while start and (words[start - 1].key in BACKS or (words[start - 1].key in (",", "and") and words[start].key in BACKS)):
        start -= 1
    if start == at or not start or words[start - 1].key != "a":
        return None
    following = words[at + 1].key if at + 1 < len(words) else "."
    closed = following in gr.STOPPERS - {"of"} or not following[0].isalnum()
    return Phrase(start - 1, at + 1, "body") if closed else None


BACKS = lx.BODY - lx.words("short tall compact") | lx.words("broad hairy freckled tattooed scarred tanned sunburnt")


def _past_side(words: Sequence[Token], at: int, start: int, kind: str) -> tuple[int, int]:
    """`a swollen left eye`, `his bruised right cheek`: what is told stands before the side."""
    first, adjectives = left(words, at - 1, kind)
    return (first, adjectives) if adjectives and first < at - 1 else (start, 0)


def _wound(words: Sequence[Token], at: int) -> Phrase | None:
    """`a fresh cut on his cheek`"""
    if words[at].key not in ("cut", "cuts", "patch") or not at or words[at - 1].key not in WOUNDS:
        return None
    end = on_body(words, at + 1)
    return Phrase(left(words, at, "mark")[0], end, "mark") if end > at + 1 else None


def _loose(words: Sequence[Token], start: int, at: int) -> bool:
    """`Waves crash`, `a figure in the fog`: hair or a body only where something tells it."""
    opens = start == 0 or words[start - 1].key in (".", "!", "?")
    if words[at].key in LOOSE_HAIR and opens and words[start].key not in gr.POSSESSIVE:
        return True
    seen = words[at].key in ("figure", "frame", "silhouette", "form")
    if words[at].key == "figure" and words[at - 1].key == "full" and start > 0 and words[start - 1].key in gr.HAVE:
        return at + 1 < len(words) and words[at + 1].key in ("shot", "view", "portrait")  # `has a full figure`
    return seen and not any(word.key in lx.BODY and word.key != "tiny" for word in words[start:at])


BREAKS = lx.words("roll rolls crash crashes break breaks lap laps wash washes surge surges churn churns foam")
PASSES = lx.words("through across into")


def _other_thing(words: Sequence[Token], start: int, at: int) -> bool:
    """`gray waves roll toward the shore`, `a ruined temple`, `freshly cut logs`, `laser light cut through the fog`,
    `graffiti with a yellow face`: no part of a body."""
    key, following = words[at].key, words[at + 1].key if at + 1 < len(words) else "."
    if key in ("temple", "temples"):
        owned = any(token.key in gr.POSSESSIVE | {"'s"} | lx.HAIR_HEADS for token in words[start : at + 1])
        side = {"left", "right"} & {token.key for token in words[start:at]}
        return key == "temple" and not owned and not side
    if key == "waves":
        return following in BREAKS
    if key == "cut":
        return words[at - 1].key == "freshly" or (words[at - 1].key in ("light", "beams") and following in PASSES)
    if key == "posture":
        return any(token.key in lx.MOODS for token in words[start:at])  # `his relaxed posture`
    return key in ("face", "faces") and any(token.key in DRAWINGS for token in words[max(0, start - 8) : start])


DRAWINGS = lx.words("graffiti mural murals sticker stickers emoji")


def _told_after(words: Sequence[Token], at: int, kind: str) -> int:
    """Where what is told after the noun ends."""
    end = of_the_colour(words, at + 1)
    if end > at + 1:
        return end
    if kind == "hair":
        end = hair_end(words, end)
    elif kind in ("mark", "skin") or words[at].key == "blush":
        end = on_body(words, end)
    if words[at].key in ("makeup", "make up") and end < len(words) and words[end].key == "look":
        end += end + 1 == len(words) or not words[end + 1].is_word  # `no makeup look`
    if words[at].key in LIKENED:
        end = _likened(words, end)
    while words[at].key in ("eyes", "eye") and end < len(words) and words[end].key in lx.COLOUR:
        end += 1
    if kind == "eyes":
        end = _with_pupils(words, _each_of_its_own(words, end))
    return max(end, undergone_end(words, end, kind)) if end == at + 1 or kind == "mark" else end


LIKENED = lx.words("lashes eyelashes nose")


def _likened(words: Sequence[Token], end: int) -> int:
    """`[false lashes] like small fans`"""
    if end + 1 >= len(words) or words[end].key != "like":
        return end
    at = end + 1 + (words[end + 1].key in gr.ARTICLES)
    first = at
    while at < len(words) and at - first < 3 and words[at].is_word and words[at].key not in gr.STOPPERS:
        at += 1
    closed = at == len(words) or not words[at].is_word or words[at].key in gr.CONJUNCTIONS
    return at if at > first and closed else end


def _each_of_its_own(words: Sequence[Token], end: int) -> int:
    """`[eyes], one gold and one teal`"""
    at = end + 1
    while at < len(words) and words[at].key in lx.COLOUR | lx.DEGREE | {"one", "and", "the", "other"}:
        at += 1
    both = {"one", "and"} <= {token.key for token in words[end + 1 : at]}
    return at if both and words[end].key == "," else end


IN_EYES = lx.words("flecks specks pupils irises rings highlights sclera sclerae")


def _with_pupils(words: Sequence[Token], end: int) -> int:
    """`[green eyes] with golden flecks`, `with slit pupils`"""
    if end + 1 >= len(words) or words[end].key != "with":
        return end
    for at in range(end + 1, min(end + 5, len(words))):
        if words[at].key in IN_EYES:
            of_what = [token.key for token in words[at + 1 : at + 3]]
            return at + 3 if of_what[:1] == ["of"] and of_what[1:] and of_what[1] in lx.COLOUR else at + 1
        if not words[at].is_word or words[at].key in gr.STOPPERS - gr.ARTICLES:
            break
    return end


def _only_a_place(words: Sequence[Token], start: int, at: int, kind: str) -> bool:
    """`his upper face`; `biting her lip`, `against his collarbone`: a place and no looks"""
    if kind == "face" and {word.key for word in words[start + 1 : at]} in ({"upper"}, {"lower"}):
        return True
    if words[at].key in ("face", "faces") and words[at - 1].key == "visible":
        return True  # `without a single visible face`
    return words[at].key in PLAIN and words[start].key in gr.POSSESSIVE and start == at - 1


def _with_how_much(words: Sequence[Token], start: int, kind: str) -> int:
    """`half his beard`, `is [missing his front teeth]`"""
    if start and kind == "hair" and words[start - 1].key == "half" and words[start].key in gr.POSSESSIVE:
        start -= 1
    return start - (start > 0 and words[start - 1].key == "missing")


def _one_and_one(words: Sequence[Token], start: int, at: int) -> int:
    """`one blue and one brown eye`, but not `[streaked with] gray and brown eyes`"""
    told = start
    while start > 1 and words[start - 1].key in lx.COLOUR | {"one", "and", "other", "the", "eye"}:
        start -= 1
    while start < at and words[start].key in ("and", "the", "other", "eye"):
        start += 1
    return start if any(token.key in ("one", "other") for token in words[max(0, start - 1) : at]) else told


def _other_eye(words: Sequence[Token], end: int) -> int:
    """`one blue eye[ and one brown]`"""
    at = end + (end < len(words) and words[end].key == "and")
    at += at < len(words) and words[at].key == "the"
    told = at + 1 < len(words) and words[at].key in ("one", "other") and words[at + 1].key in lx.COLOUR
    return at + 2 if told else end


def _as_kind(kind: str) -> AppearanceKind:
    return kind  # type: ignore[return-value]


def _is_mood(words: Sequence[Token], start: int, at: int) -> bool:
    """`wide eyes` are looks, `closed eyes` a moment's expression; a `sad face` likewise."""
    told = {word.key for word in words[start:at]}
    if words[at].key == "eyes":
        return bool(told & {"closed", "crossed"})
    return words[at].key == "face" and bool(told & (lx.MOODS - lx.FACE - lx.COLOUR)) and not told & (lx.FACE - lx.MOODS)


def shapes(words: Sequence[Token]) -> Iterator[Phrase]:
    """`the elegant shape of her head`, `the sharp line of his jaw`"""
    for at in range(1, len(words) - 3):
        if words[at].key in OUTLINES and words[at + 1].key == "of" and words[at + 2].key in gr.POSSESSIVE:
            start = at
            while start and words[start - 1].key not in gr.STOPPERS and words[start - 1].is_word:
                start -= 1
            found = gr.head_kind(words[at + 3].key)
            part = words[at + 3].key in BODY_PART or found is not None
            if start < at and part:
                yield Phrase(start, at + 4, _as_kind(found[0] if found and found[0] in ("face", "body") else "face"))


def _styled(words: Sequence[Token], at: int, end: int) -> bool:
    """`Hair in bunches`: what it is worn in says whose it is"""
    named = words[end - 1].key in lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE
    return words[at].key == "hair" and words[at + 1].key in ("in", "up", "tied") and named


def _somebodys(words: Sequence[Token], start: int) -> bool:
    """`[gives him] a neat appearance`, not `[lends the room] a sterile appearance`"""
    while start and words[start - 1].key not in gr.STOPPERS and (words[start - 1].is_word or words[start - 1].key == ","):
        start -= 1
    start -= start > 0 and words[start - 1].key in ("a", "an")
    return words[start].key in gr.POSSESSIVE or (
        start > 0 and words[start - 1].key in gr.PRONOUNS | gr.POSSESSIVE | gr.HAVE | {"'s"}
    )


def _owned(words: Sequence[Token], start: int) -> bool:
    return words[start].key in gr.POSSESSIVE or (start > 0 and words[start - 1].key in LOOSE | {"'s"})
