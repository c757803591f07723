"""Noun phrases for the body and its parts: article, adjectives, noun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.hair_tails import hair_end
from fluxdiag.dataset.finding.no_look import no_look, put_on
from fluxdiag.dataset.finding.tails import BODY_PART, on_body, undergone_end
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token
from fluxdiag.records import AppearanceKind

GENERIC = lx.words("shape shaped colour color tone toned length style texture")
TATTOO = lx.words("tattoo tattoos")
NAMED_BY_A_NOUN = lx.HAIR_HEADS | TATTOO | {"haircut", "hairdo"}
ARTIFICIAL = lx.words("metal metallic mechanical robotic bionic prosthetic cybernetic wooden")
HANDLED = lx.words("applying applies removing fixing wrapping wraps changing tying")
"""`wrapping [a bandage] around its leg`"""
LIMBS = lx.words("arm arms leg legs hand hands foot")
BUILD = lx.words("build stature height frame")
ENDINGS = ("ed", "al", "y", "ful", "ous", "ish", "en", "like", "ic", "ive", "less", "ible")
NOT_BEFORE_PART = lx.words(
    "overall general physical"
    " camera closed both all crossed folded empty more front each their own only other first single own deer"
)
LOOSE = lx.words("her his their with has have and having , features possesses")
PLAIN = lx.words("collarbone collarbones cheekbones cheekbone jawline brows eyebrows jowls navel midriff chest physique torso")
WOUNDS = lx.words("a an small fresh deep bloody bleeding stitched healing shallow the several two tiny thin")
LOOSE_HAIR = lx.words("waves strands streaks highlights fringe cut mane buns bun curls locks")
OUTLINES = lx.words(
    "shape line lines curve curves contour contours slope angle angles planes bridge outline arch structure width"
)
PARTS_AS_ADJECTIVES = lx.words(
    "open beach spread light white nose lip ear eyebrow navel belly arm neck chest back face body head hood"
)
"""known before a noun (`back tattoo`), but in a list a tag of their own"""


OPENS_LIST = gr.ARTICLES | gr.POSSESSIVE | lx.words("with has have having and , features")
NO_ADJECTIVE = gr.STOPPERS | gr.HOLD | gr.NOT_WORN_NEXT | lx.PERSON | lx.ANIMAL | lx.THING | NOT_BEFORE_PART | lx.COLOUR
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


def _phrase(words: Sequence[Token], at: int, kind: str, needs: bool) -> Phrase | None:
    if no_look(words, at, kind):
        return None
    if (wound := _wound(words, at)) is not None:
        return wound
    start, adjectives = left(words, at, kind)
    if _loose(words, start, at):
        return None
    if words[at].key == "appearance" and not _somebodys(words, start):
        return None
    if words[at].key in ("eyes", "eye"):
        start = _one_and_one(words, start, at)
    if start and (words[start - 1].key in HANDLED or put_on(words, start)):
        return None
    end = _told_after(words, at, kind)
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
    return seen and not any(word.key in lx.BODY for word in words[start:at])


def _told_after(words: Sequence[Token], at: int, kind: str) -> int:
    """Where what is told after the noun ends."""
    end = at + 1
    if kind == "hair":
        end = hair_end(words, end)
    elif kind in ("mark", "skin"):
        end = on_body(words, end)
    while words[at].key in ("eyes", "eye") and end < len(words) and words[end].key in lx.COLOUR:
        end += 1
    if kind == "eyes":
        end = _each_of_its_own(words, end)
    return max(end, undergone_end(words, end, kind)) if end == at + 1 or kind == "mark" else end


def _each_of_its_own(words: Sequence[Token], end: int) -> int:
    """`[eyes], one gold and one teal`"""
    at = end + 1
    while at < len(words) and words[at].key in lx.COLOUR | lx.DEGREE | {"one", "and", "the", "other"}:
        at += 1
    both = {"one", "and"} <= {token.key for token in words[end + 1 : at]}
    return at if both and words[end].key == "," else end


def _only_a_place(words: Sequence[Token], start: int, at: int, kind: str) -> bool:
    """`his upper face`; `biting her lip`, `against his collarbone`: a place and no looks"""
    if kind == "face" and {word.key for word in words[start + 1 : at]} in ({"upper"}, {"lower"}):
        return True
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


def _as_kind(kind: str) -> AppearanceKind:
    return kind  # type: ignore[return-value]


def _is_mood(words: Sequence[Token], start: int, at: int) -> bool:
    """`wide eyes` are looks, `closed eyes` a moment's expression; a `sad face` likewise."""
    told = {word.key for word in words[start:at]}
    if words[at].key == "eyes":
        return bool(told & {"closed", "teary_", "crossed"})
    return words[at].key == "face" and bool(told & (lx.MOODS - lx.FACE - lx.COLOUR)) and not told & (lx.FACE - lx.MOODS)


def left(words: Sequence[Token], at: int, kind: str) -> tuple[int, int]:
    """Where the phrase with its noun at `at` begins, and how many adjectives it has."""
    known, start, count = gr.MODIFIERS[kind], at, 0
    unknown = 0
    while start:
        key = words[start - 1].key
        if key in known or (count + unknown == 0 and key in lx.QUANTITY and kind != "hair"):
            start, count = (
                start - 1,
                count + (key not in lx.DEGREE or (kind == "body" and (key == "slight" or words[at].key in BUILD))),
            )
        elif (
            start > 1
            and key in (",", "and", "&", "or", "/")
            and (
                start != at
                or (start > 2 and " " in words[at].key and words[start - 3].key in gr.ARTICLES | {"and", "with", "has"})
            )
            and not (key in ("and", ",") and start > 3 and words[start - 3].key == "with" and words[start - 4].key.endswith("ed"))
            and _in_list(words, start, known, kind)
        ):
            start -= 1
        elif key in gr.ARTICLES or key in gr.POSSESSIVE:
            start -= 1
            start -= key == "two" and start > 0 and words[start - 1].key in gr.POSSESSIVE
            return _quantity(words, start), count + (key == "no")
        elif start == at and words[at].key in LIMBS and (key in ARTIFICIAL or key.endswith(" gloved")):
            start, count = start - 1, count + 1  # `a metal arm`, `her white-gloved hand`
        elif kind != "body" and _adjective(key, known) and unknown < 2 and key not in NOT_BEFORE_PART:
            start, unknown, count = start - 1, unknown + 1, count + 1
        elif unknown < 2 and kind != "body" and _adjective_by_place(words, start - 1, start < at, known):
            start, unknown, count = start - 1, unknown + 1, count + 1
        elif start == at and words[at].key in NAMED_BY_A_NOUN and _noun_before(words, start - 1, known):
            start, unknown = start - 1, unknown + 1
        else:
            break
    if start < at and words[start].key in (",", "and", "&", "or", "/"):
        start += 1
    whole = _quantity(words, start)
    return whole, count + (whole < start)


def _adjective_by_place(words: Sequence[Token], at: int, told: bool, known: lx.Words) -> bool:
    """`with [sharp] amber eyes`, `a [drooping] gray mustache`, `long, [drifting] hair`: an unknown word between an article or the like
    and a known adjective; of those on -ing, what hair and eyes do also right before the noun."""
    key, before = words[at].key, words[at - 1].key if at else "."
    if key in NO_ADJECTIVE or not key.isalpha() or before not in OPENS_LIST or gr.garment_kind(key) or gr.head_kind(key):
        return False
    if key.endswith("ing"):
        return key in verbs.THING_DOING or (told and before in gr.ARTICLES and key not in verbs.PERSON_DOING)
    listed = before != "," or (at > 2 and words[at - 2].key in known and words[at - 3].key in OPENS_LIST) or _in_sentence(words, at)
    return told and listed and not key.endswith(("s", "ly"))


def _in_sentence(words: Sequence[Token], at: int) -> bool:
    """`[She has a small nose,] sharp amber eyes`: in a list of a sentence and not among tags."""
    for token in reversed(words[:at]):
        if token.key in CLAUSE_END:
            return False
        if token.key in ("has", "have", "with"):
            return True
    return False


def shapes(words: Sequence[Token]) -> Iterator[Phrase]:
    """`the elegant shape of her head`, `the sharp line of his jaw`"""
    for at in range(1, len(words) - 3):
        if words[at].key in OUTLINES and words[at + 1].key == "of" and words[at + 2].key in gr.POSSESSIVE:
            start = at
            while start and words[start - 1].key not in gr.STOPPERS and words[start - 1].is_word:
                start -= 1
            found = gr.head_kind(words[at + 3].key)
            part = words[at + 3].key in BODY_PART or found is not None
            if start < at and part and (words[at].key != "muscles" or words[at + 3].key in BODY_PART):
                yield Phrase(start, at + 4, _as_kind(found[0] if found and found[0] in ("face", "body") else "face"))


def _noun_before(words: Sequence[Token], at: int, known: lx.Words) -> bool:
    """`box braids`, `a bubble ponytail`, `a small star tattoo`: an unknown noun between an adjective or article and the head."""
    key, before = words[at].key, words[at - 1].key if at else ","
    return (
        key.isalpha()
        and key not in gr.STOPPERS
        and key not in lx.PERSON
        and (before in known | gr.ARTICLES | gr.POSSESSIVE | {","})
    )


def _in_list(words: Sequence[Token], start: int, known: lx.Words, kind: str) -> bool:
    """Whether the adjective before the comma or `and` that stands before `start` belongs to the list."""
    key, between = words[start - 2].key, words[start - 1].key
    if key in PARTS_AS_ADJECTIVES:
        article = start > 2 and words[start - 3].key in ("a", "an") and key in known
        return article if between == "," else words[start].key in PARTS_AS_ADJECTIVES and key in known
    return _listed(key, between, known, kind) or (between == "," and _amid_three(words, start - 2, known))


def _amid_three(words: Sequence[Token], at: int, known: lx.Words) -> bool:
    """`with messy, [sun-streaked], blonde hair`: an unknown adjective between two that are known, and no tag."""
    key = words[at].key
    told = " " in key or key.endswith("ed") or key in verbs.THING_DOING
    opened = at > 2 and words[at - 1].key == "," and words[at - 3].key in OPENS_LIST - {","}
    return told and opened and words[at - 2].key in known


def _listed(key: str, between: str, known: lx.Words, kind: str) -> bool:
    """May the list of adjectives go on to this one? Across a comma only to one that is known: `neon light, brown
    hair` is none."""
    return (
        key in known | (lx.MOODS if kind in ("face", "eyes") else gr.CONJUNCTIONS) and key not in lx.PERSON
        if between == "," and key != "spread"
        else _adjective(key, known) and (kind != "body" or key in lx.BODY | lx.BODY_SIZE)
    )


def _adjective(key: str, known: lx.Words) -> bool:
    """A known one, or an unknown word with an adjective's ending or a hyphen."""
    if key in known:
        return True
    if (
        key in gr.STOPPERS
        or not key[0].isalpha()
        or key in lx.PERSON
        or key in lx.ANIMAL
        or gr.garment_kind(key)
        or gr.head_kind(key)
    ):
        return False
    return (" " in key or key.endswith(ENDINGS)) and key not in gr.TAGS and key not in NOT_BEFORE_PART


def _quantity(words: Sequence[Token], start: int) -> int:
    """`a mop of`, `strands of`: part of the phrase."""
    at = start
    if (
        at
        and words[at - 1].key == "of"
        and at > 1
        and words[at - 2].key in lx.QUANTITY | GENERIC | {"shade", "shades", "sleeve", "sleeves", "halo", "nest", "explosion"}
    ):
        at -= 2
        while at and (words[at - 1].key in gr.ARTICLES or words[at - 1].key in lx.MARK | lx.HAIR | lx.COLOUR | {"full"}):
            at -= 1
    elif at > 2 and words[at - 1].key == "of" and words[at - 2].key in ("days", "weeks", "day", "week"):
        at -= 3  # `several days of stubble`
    elif at > 3 and [token.key for token in words[at - 3 : at]] == ["'", "worth", "of"]:
        at -= 5 if at > 4 and (words[at - 5].key in lx.QUANTITY or words[at - 5].key in gr.ARTICLES) else 4
    elif at > 4 and [token.key for token in words[at - 3 : at]] == ["'s", "worth", "of"] and words[at - 5].key in gr.ARTICLES:
        at -= 5  # `a week's worth of stubble`
    return at


def _styled(words: Sequence[Token], at: int, end: int) -> bool:
    """`Hair in bunches`: what it is worn in says whose it is"""
    named = words[end - 1].key in lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE
    return words[at].key == "hair" and words[at + 1].key in ("in", "up", "tied") and named


def _somebodys(words: Sequence[Token], start: int) -> bool:
    """`[gives him] a neat appearance`, not `[lends the room] a sterile appearance`"""
    while start and words[start - 1].key not in gr.STOPPERS and (words[start - 1].is_word or words[start - 1].key == ","):
        start -= 1
    start -= start > 0 and words[start - 1].key in ("a", "an")
    return words[start].key in gr.POSSESSIVE or (start > 0 and words[start - 1].key in gr.PRONOUNS | gr.POSSESSIVE | gr.HAVE | {"'s"})


def _owned(words: Sequence[Token], start: int) -> bool:
    return words[start].key in gr.POSSESSIVE or (start > 0 and words[start - 1].key in LOOSE | {"'s"})
