"""Noun phrases for the body and its parts: article, adjectives, noun, and what is told of it after the noun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fluxdiag.dataset import grammar as gr
from fluxdiag.dataset import lexicon as lx
from fluxdiag.dataset.tokens import Token
from fluxdiag.records import AppearanceKind

STYLED = lx.words(
    "tied_back falls flows cascades frames reaches hangs tied pulled styled swept worn gathered put slicked braided"
    " parted cascading falling"
    " flowing blowing framing reaching pinned held_back tucked twisted arranged down loose cut dyed hanging combed"
    " flying floating"
    " drifting braided flying tumbling fanned draped spilling swept_back wrapped coming flies flutters blows fluttering"
    " brushed curled shaved cropped trimmed streaked touching covering hanging_down decorated adorned flowing_down everywhere"
)
STYLE_TAIL = STYLED | lx.words(
    "back up down behind into in over to past around at on of off with against across out a an the her his their one"
    " each both long loose low high messy side middle"
    " left right top half ponytail bun buns braid braids pigtails plait plaits curls shoulder shoulders wave waves"
    " wind waist face ear ears"
    " neat tight bangs chin nape neck forehead head eyes back_of layers layered style bob and short choppy sleek elegant"
    " bandana ribbon flowers clip headband updo knot topknot ornamental pins traditional red white black small water breeze"
    " away from hair simple casual soft tightly loosely neatly gently softly green blue pink tails crown just below"
    " shaved sides"
    " through everywhere strands few cornrows french dutch fishtail twin double single straight"
)
DANGLING = lx.words("in into over to past around at on of off with against across out a an the her his their and each"
    " one both from just"
                    " few behind white red black blue green pink small water")  # fmt: skip
"""what a tail never ends with"""
BODY_PART = lx.words(
    "finger fingers cheek cheeks nose lip lips eye eyes eyebrow eyebrows chin face neck arm arms forehead"
    " temple hand hands shoulder"
    " shoulders chest"
    " back body skin forearm forearms wrist leg legs thigh ankle collarbone head ear mouth brow jaw side ribs teeth"
    " bridge knuckles torso"
)
ON_BODY = lx.words("on above over across under below beside near along covering around running down scattered between"
    " up sprinkled dotting"
                   " adorning adorn adorns cover covers dot peeking out from visible crinkle etch adorn dots dot"
                   " dusted of through")  # fmt: skip
BODY_TAIL = (
    ON_BODY
    | BODY_PART
    | lx.words("her his their the one each both left right upper lower of and all entire bridge front sun_worn")
)
GENERIC = lx.words("shape shaped colour color tone toned length style texture")
ENDINGS = ("ed", "y", "ful", "ous", "ish", "en", "like", "ic", "ive", "less")
NOT_BEFORE_PART = lx.words(
    "camera closed both all crossed folded empty more front each their own only other first single own deer"
)
LOOSE = lx.words("her his their with has have and having , features possesses")
EXTRA = {"hair": lx.words("of her his")}
PART_VERBS = lx.words("blue_light")


LOOSE_HAIR = lx.words("waves strands streaks highlights fringe cut mane buns bun curls locks")


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
    following = words[at + 1].key if at + 1 < len(words) else ""
    if kind == "mark" and at > 1 and words[at - 2].key in ("getting", "gets", "get"):
        return None
    if words[at].key == "features" and (at == 0 or words[at - 1].key not in gr.MODIFIERS["face"] | {"facial", "and"}):
        return None
    if following in gr.NOT_WORN_NEXT or (following == "'s" and kind != "face"):
        return None
    if gr.head_kind(following) is not None and following != "cut":
        return None  # `hair bun`, `face tattoo`: the last noun is the head
    start, adjectives = left(words, at, kind)
    end = at + 1
    if kind == "hair":
        end = _hair_end(words, end)
    elif kind in ("mark", "skin") or (kind == "face" and end > at + 1):
        end = _on_body(words, end)
    if (
        words[at].key in LOOSE_HAIR
        and (start == 0 or words[start - 1].key in (".", "!", "?"))
        and words[start].key not in gr.POSSESSIVE
    ):
        return None
    if words[at].key in ("figure", "frame", "silhouette", "form") and not any(word.key in lx.BODY for word in words[start:at]):
        return None
    if words[at].key == "eyes":
        while end < len(words) and words[end].key in lx.COLOUR:
            end += 1
    if needs and not adjectives and end == at + 1:
        return None
    if needs and kind in ("hair", "eyes", "body", "face") and not adjectives and not _owned(words, start):
        return None
    if kind in ("eyes", "face") and _is_mood(words, start, at):
        return Phrase(start, end, "expression")
    return Phrase(start, end, _as_kind(kind))


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
            start, count = start - 1, count + (key not in lx.DEGREE)
        elif (
            start > 1 and start != at and key in (",", "and", "&", "or", "/") and _listed(words[start - 2].key, key, known, kind)
        ):
            start -= 1
        elif key in gr.ARTICLES or key in gr.POSSESSIVE:
            start -= 1
            return _quantity(words, start), count + (key == "no")
        elif kind != "body" and _adjective(key, known) and unknown < 2 and key not in NOT_BEFORE_PART:
            start, unknown, count = start - 1, unknown + 1, count + 1
        elif start == at and words[at].key in lx.HAIR_HEADS and _noun_before(words, start - 1):
            start, unknown = start - 1, unknown + 1
        else:
            break
    if start < at and words[start].key in (",", "and", "&", "or", "/"):
        start += 1
    whole = _quantity(words, start)
    return whole, count + (whole < start)


def _noun_before(words: Sequence[Token], at: int) -> bool:
    """`box braids`, `a bubble ponytail`: an unknown noun between an adjective or article and the head."""
    key, before = words[at].key, words[at - 1].key if at else ","
    return (
        key.isalpha()
        and key not in gr.STOPPERS
        and key not in lx.PERSON
        and (before in lx.HAIR | lx.COLOUR | gr.ARTICLES | gr.POSSESSIVE | {","})
    )


def _listed(key: str, between: str, known: lx.Words, kind: str) -> bool:
    """May the list of adjectives go on to this one? Across a comma only to one that is known: `neon light, brown"
    " hair` is none."""
    return (
        key in known and key not in ("light", "white")
        if between == "," and key != "spread"
        else _adjective(key, known) and kind != "body"
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
    if at and words[at - 1].key == "of" and at > 1 and words[at - 2].key in lx.QUANTITY | GENERIC | {"shade", "shades"}:
        at -= 2
        while at and (words[at - 1].key in gr.ARTICLES or words[at - 1].key in lx.MARK | lx.HAIR | lx.COLOUR):
            at -= 1
    return at


def _owned(words: Sequence[Token], start: int) -> bool:
    return words[start].key in gr.POSSESSIVE or (start > 0 and words[start - 1].key in LOOSE | {"'s"})


def _hair_end(words: Sequence[Token], end: int) -> int:
    """`hair tied back in a ponytail`, `hair that falls over her shoulders`, `hair in a bun`."""
    at = end
    if at < len(words) - 1 and words[at].key in ("that", "which"):
        return _clause(words, at + 1)
    if at < len(words) and words[at].key == "is":
        at += 1
    if at >= len(words):
        return end
    if words[at].key == "in" and [word.key for word in words[at + 1 : at + 3]] in (
        ["her", "hair"],
        ["his", "hair"],
        ["their", "hair"],
    ):
        return at + 3
    if (
        words[at].key in ("blowing", "flying", "cut", "down")
        and at + 1 < len(words)
        and words[at + 1].key not in STYLE_TAIL | {",", "."}
    ):
        return end
    starts = words[at].key in STYLED or (words[at].key in ("in", "with", "up", "over", "on") and _hair_soon(words, at))
    return tail(words, at, STYLE_TAIL) if starts else end


def _clause(words: Sequence[Token], at: int) -> int:
    """To the next comma, full stop, `and` or verb of wearing."""
    while at < len(words) and words[at].is_word and words[at].key not in gr.WEAR | {"and", "while", "as", "who"}:
        at += 1
    return at


def _hair_soon(words: Sequence[Token], at: int) -> bool:
    """A noun for hair within the next words, and nothing else before it: `in a high ponytail`, `with bangs`."""
    for token in words[at + 1 : at + 6]:
        if token.key in lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE | {"clip", "curlers", "rollers"}:
            return token.key != "hair"
        if token.key not in lx.HAIR | lx.COLOUR | gr.ARTICLES | gr.POSSESSIVE and token.key not in ("one", "eye", "side"):
            break
    return words[at].key in ("up", "down") and (
        at + 1 == len(words) or not words[at + 1].is_word or words[at + 1].key in ("in", "and")
    )


def tail(words: Sequence[Token], at: int, allowed: lx.Words) -> int:
    """As far as the allowed words go, less those that cannot end a phrase."""
    end = at
    while end < len(words) and words[end].key in allowed:
        if words[end].key == "and" and (end + 1 == len(words) or not _goes_on(words, end + 1)):
            break
        if words[end].key in ("decorated", "adorned") and end + 2 < len(words) and words[end + 1].key == "with":
            return _clause(words, end + 2)
        end += 1
    while end > at and words[end - 1].key in DANGLING:
        end -= 1
    return end


def _goes_on(words: Sequence[Token], at: int) -> bool:
    return words[at].key in STYLED | BODY_PART or words[at].key in ("on", "around", "over", "in", "chin")


def _on_body(words: Sequence[Token], end: int) -> int:
    """`across her nose and cheeks`, `on his left shoulder`, `cover both of his arms`."""
    if end >= len(words) or words[end].key not in ON_BODY | {"all"}:
        return end
    at = end
    while at < len(words) and words[at].key in BODY_TAIL:
        at += 1
    while at > end and words[at - 1].key not in BODY_PART:
        at -= 1
    return at
