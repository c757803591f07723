"""What is said of the character in a clause of its own: `Her eyes are a vivid green`, `She is tall and slender`, adjectives
before the noun for the person, ages, and expressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset import grammar as gr
from fluxdiag.dataset import lexicon as lx
from fluxdiag.dataset.owners import made_up
from fluxdiag.dataset.phrases import Phrase
from fluxdiag.dataset.tokens import CLAUSE_END, Token
from fluxdiag.records import AppearanceKind

SAYS = lx.words("is are was were appears look looks seems features feature consists consist includes include"
    " complements reaches fall falls flows"
                " cascades frames frame hangs hang rests covers cover adorns adorn sparkle sparkles shine shines fans"
                " catches blows drift drifts floats"
                " crinkle etch cover flies fly made clings stands sticks curls dusts dust glow glows surround surrounds gleams"
                " peeks cascade tumbles tumble match matches glistens lights has have"
                " reach flow blow float cling")  # fmt: skip
POSE = lx.words("fixed focused directed looking turned folded raised crossed resting open on visible wide_open lost"
    " closed shut lowered covered tilted"
                " outstretched stretched holding gazing hidden half averted up locked placed clasped extended spread"
                " lit illuminated facing"
                " partially in towards toward at busy placed")  # fmt: skip
COVERS = lx.words("stained painted cropped")
AND_VERB = lx.words("is was has are have she he they wears stands sits holds looks holding sitting standing looking"
    " leans seems appears her his"
                    " their blends moves flutters billows")  # fmt: skip
HAIRED = (
    "haired",
    "eyed",
    "skinned",
    "faced",
    "bearded",
    "cheeked",
    "lipped",
    "legged",
    "shouldered",
    "chested",
    "bodied",
    "complexioned",
)
KIND_OF: dict[str, AppearanceKind] = {
    "haired": "hair", "bearded": "hair", "eyed": "eyes", "skinned": "skin", "complexioned": "skin", "faced": "face",
    "cheeked": "face", "lipped": "face",
    "legged": "body", "shouldered": "body", "chested": "body", "bodied": "body",
}  # fmt: skip
BEFORE_PERSON: tuple[tuple[AppearanceKind, lx.Words], ...] = (
    (
        "hair",
        lx.words("blonde blond brunette redheaded red_headed bald balding bearded clean_shaven ginger mustachioed long_haired"),
    ),
    ("skin", lx.ETHNICITY | lx.words("pale tanned dark_skinned fair_skinned light_skinned sunburnt tan")),
    ("face", lx.BEAUTY),
    ("age", lx.AGE),
    ("mark", lx.words("freckled tattooed scarred wrinkled pierced")),
    ("accessory", lx.words("bespectacled masked hooded helmeted veiled")),
    ("clothing", lx.words("shirtless topless barefoot naked nude well_dressed")),
    ("body", lx.BODY),
    ("expression", lx.words("smiling laughing grinning crying cheerful serious happy sad")),
)
ADJECTIVE: dict[str, AppearanceKind] = {word: kind for kind, group in reversed(BEFORE_PERSON) for word in group}
NOUNS = lx.words("blonde brunette redhead blond")
YEARS = lx.words("year_old years_old yrs_old year years yo yr y/o olds")
DECADES = ("ties", "teens", "0s")
UNSURE = lx.words("early mid late about around")


def adjectives(words: Sequence[Token]) -> Iterator[Phrase]:
    """Each adjective of its own kind before a noun for a person, or told of one: `a [tall], [slim] woman`, `she is"
    " [petite]`."""
    for at, token in enumerate(words):
        if token.key in lx.PERSON or (token.key in NOUNS and _is_noun(words, at)):
            yield from _before(words, at)
            if token.key in NOUNS and at and words[at - 1].key in gr.ARTICLES:
                yield Phrase(at, at + 1, "hair")
        elif token.key in ("is", "are", "was", "appears", "be") and at and words[at - 1].key in (*lx.PERSON, "she", "he", "they"):
            yield from _told(words, at + 1)
        elif token.key in ("of",) and at + 1 < len(words):
            yield from _descent(words, at)


def _is_noun(words: Sequence[Token], at: int) -> bool:
    after = words[at + 1].key if at + 1 < len(words) else ""
    return after in gr.STOPPERS - lx.PERSON or after in (",", ".", "")


def _kind(key: str) -> AppearanceKind | None:
    last = key.rpartition(" ")[2] or key
    if key in ADJECTIVE:
        return ADJECTIVE[key]
    return next((KIND_OF[end] for end in HAIRED if last.endswith(end)), None)


def _before(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    start = at
    while start and at - start < 9:
        token = words[start - 1]
        kind = _kind(token.key)
        if kind is not None:
            first = start - 1
            while (
                kind in ("hair", "eyes", "skin")
                and first
                and " " not in token.key
                and token.key.endswith(HAIRED)
                and (words[first - 1].key in lx.HAIR | lx.COLOUR | lx.EYES)
            ):
                first -= 1
            yield Phrase(first, start, kind)
            start = first
        elif made_up(token) and start == at:
            start -= 1
        elif token.key in YEARS and start > 1 and words[start - 2].key.isdigit():
            yield Phrase(start - 2, start, "age")
            start -= 2
        elif token.key.endswith(("year old", "yo")) and token.key[0].isdigit():
            yield Phrase(start - 1, start, "age")
            start -= 1
        elif (
            token.key in (",", "and") and start > 1 and (_kind(words[start - 2].key) or words[start - 2].key in YEARS)
        ) or token.key in lx.DEGREE:
            start -= 1
        else:
            return


def _told(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    """`She is tall, slender and pale`: none if the adjective goes on to something else."""
    while at < len(words):
        kind = _kind(words[at].key)
        if kind is not None and kind not in ("expression", "clothing") and words[at].key not in ("old_",):
            yield Phrase(at, at + 1, kind)
        elif words[at].key not in lx.DEGREE and words[at].key not in (",", "and"):
            return
        at += 1


def _descent(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    """`of South Asian descent`."""
    end = at + 1
    while end < len(words) and (words[end].key in lx.ETHNICITY or words[end].key in ("south", "east")):
        end += 1
    if end > at + 1 and end < len(words) and words[end].key in ("descent", "heritage", "ethnicity", "origin", "ancestry"):
        yield Phrase(at, end + 1, "skin")


def ages(words: Sequence[Token]) -> Iterator[Phrase]:
    """`25 years old`, `25yo`, `in her late thirties`, `a teenager`."""
    for at, token in enumerate(words):
        key = token.key
        if key in YEARS and at and (words[at - 1].key.isdigit() or words[at - 1].key in NUMBERS):
            end = at + 1
            if end < len(words) and words[end].key in ("old", "olds"):
                end += 1
            if key not in ("year", "years") or end > at + 1:
                first = at - 1 - (at > 1 and words[at - 2].key in UNSURE)
                yield Phrase(first, end, "age")
        elif key[0].isdigit() and key.removesuffix(" old").endswith(("yo", "year", "years")):
            yield Phrase(at, at + 1, "age")
        elif key == "in" and at + 2 < len(words) and words[at + 1].key in gr.POSSESSIVE:
            end = at + 2
            while end < len(words) and words[end].key in UNSURE:
                end += 1
            if end < len(words) and words[end].key.endswith(DECADES) and words[end].key not in ("parties", "cities", "beauties"):
                yield Phrase(at, end + 1, "age")
        elif key in ("early", "mid", "late") and at + 1 < len(words) and words[at + 1].key.endswith("0s"):
            yield Phrase(at, at + 2, "age")
        elif key in ("teenager", "teen") and at and words[at - 1].key in ("a", "is"):
            yield Phrase(at - (words[at - 1].key == "a"), at + 1, "age")


NUMBERS = lx.words("five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty")


def expressions(words: Sequence[Token]) -> Iterator[Phrase]:
    """Smiles and moods; `fix` keeps them unless told otherwise."""
    for at, token in enumerate(words):
        if token.key in lx.MOOD_HEADS:
            start = at
            while start and words[start - 1].key in lx.MOODS | {"and", "hint", "of", ",", "slightly", "very"} | lx.DEGREE:
                start -= 1
            while start < at and words[start].key in ("and", ",", "of"):
                start += 1
            if start and words[start - 1].key not in gr.ARTICLES | gr.POSSESSIVE:
                start = max([start, *(place + 1 for place in range(start, at) if words[place].key == ",")])
            told = start < at
            if start and words[start - 1].key in gr.ARTICLES | gr.POSSESSIVE:
                start -= 1
            end = at + 1
            if (
                token.key in ("expression", "demeanor")
                and end + 1 < len(words)
                and words[end].key in gr.COPULAS
                and words[end + 1].key in lx.MOODS
            ):
                yield Phrase(start, end + 2, "expression")
            elif told or token.key in ("smile", "grin", "frown", "smirk", "expression"):
                yield Phrase(start, end, "expression")
        elif token.key in ("eyes", "mouth", "lips") and at + 1 < len(words):
            end = at + 1 + (words[at + 1].key in gr.COPULAS)
            end += end < len(words) and words[end].key in ("tightly", "gently", "half", "slightly")
            if end < len(words) and words[end].key in ("closed", "shut", "crossed"):
                yield Phrase(at - (at > 0 and words[at - 1].key in gr.POSSESSIVE), end + 1, "expression")
        elif token.key in lx.EXPRESSIONS and token.key not in ("tears", "open_mouth_", "serious", "thoughtful", "melancholic"):
            start = at - (at > 0 and words[at - 1].key in ("a", "the"))
            yield Phrase(start, at + 1, "expression")


def clauses(words: Sequence[Token], found: Sequence[Phrase]) -> Iterator[Phrase]:
    """A phrase that opens its clause with `her` or `the`, and what the clause says of it, to the clause's end."""
    for phrase in found:
        if phrase.kind in ("expression", "age") or phrase.end >= len(words):
            continue
        if not _opens(words, phrase):
            continue
        end = _predicate(words, phrase)
        if end is not None and end > phrase.end:
            yield Phrase(phrase.start, end, phrase.kind, whole=True)


def heads(words: Sequence[Token]) -> Iterator[Phrase]:
    """`her eyes`, `the gown`, `whose hair`: bare subjects of which a clause may say something."""
    for at in range(1, len(words)):
        start = at
        while start and at - start < 5 and words[start - 1].key not in gr.STOPPERS and words[start - 1].is_word:
            start -= 1
        owned = start and words[start - 1].key in gr.POSSESSIVE | {"the"}
        if not start or (not owned and words[at - 1].key != "'s"):
            continue
        found = gr.head_kind(words[at].key)
        kind = found[0] if found else gr.garment_kind(words[at].key)
        if words[at].key in NOT_THE and words[start - 1].key == "the":
            continue
        if words[at].key == "head" and at + 2 < len(words) and words[at + 2].key in ("shaved", "bald", "shaven"):
            kind = "hair"
        if kind is not None and (found or words[start - 1].key != "the" or words[at].key not in lx.AMBIGUOUS):
            yield Phrase(start - 1, at + 1, kind)  # type: ignore[arg-type]


NOT_THE = lx.words(
    "features highlights frame figure waves cut curls locks strands face body chest back top legs arms neck hands"
    " ring belt fringe lines"
)


def _opens(words: Sequence[Token], phrase: Phrase) -> bool:
    first = words[phrase.start].key
    before = words[phrase.start - 1].key if phrase.start else "."
    return (
        first in gr.POSSESSIVE
        or before in (".", "!", "?", "'s", "\n", ";")
        or phrase.start == 0
        or (before in ("and", ",", "with", "while") and first in gr.ARTICLES | gr.POSSESSIVE | {"tattoos"})
    )


def _predicate(words: Sequence[Token], phrase: Phrase) -> int | None:
    """The end of the clause, if what it says describes looks and not a pose."""
    at = phrase.end
    if (
        words[at].key == ","
        and at + 1 < len(words)
        and words[phrase.start].key in gr.POSSESSIVE
        and words[at + 1].key in ("dyed", "which", "a", "cut", "styled", "pulled", "outlined", "tied")
    ):
        at += 1
    verb = words[at].key
    finite = verb in SAYS or (at > phrase.end and verb != ",") or (verb == "rolled" and phrase.kind == "clothing")
    if not finite:
        return None
    told = {word.key for word in words[at : at + 4]}
    adjective = told & (
        gr.MODIFIERS.get(_group(phrase.kind), frozenset()) | COVERS | {"framed", "made", "shaped", "like", "tense", "dripping"}
    )
    if (
        verb in gr.COPULAS
        and words[at + 1 : at + 2]
        and words[at + 1].key in POSE
        and phrase.kind not in ("hair", "clothing", "accessory")
    ):
        return None
    if (
        phrase.kind in ("eyes", "face", "body", "skin")
        and not adjective
        and not (phrase.end - phrase.start > 2 and verb not in gr.COPULAS)
    ):
        return None
    if phrase.kind in ("accessory", "body", "face", "eyes") and verb in (
        "rests",
        "rest",
        "has",
        "have",
        "covers",
        "cover",
        "hang",
        "hangs",
        "stands",
    ):
        return None
    return _clause_end(words, at, phrase)


def _group(kind: str) -> str:
    return "cloth" if kind in ("clothing", "accessory") else kind


def _clause_end(words: Sequence[Token], at: int, phrase: Phrase) -> int:
    """Up to a full stop, or a comma or `and` after which something else is said."""
    while at < len(words) and words[at].key not in CLAUSE_END:
        key = words[at].key
        following = words[at + 1].key if at + 1 < len(words) else ""
        if key == "," and not _list_goes_on(words, at, phrase):
            break
        if key == "and" and (following in AND_VERB or following in lx.PERSON or _finite_soon(words, at)):
            break
        if key in ("while", "as", "which", "whose") and at > phrase.end:
            break
        at += 1
    return at


def _list_goes_on(words: Sequence[Token], at: int, phrase: Phrase) -> bool:
    """`short, choppy style`, `glamorous, with red lipstick`: still about the same thing."""
    allowed = gr.MODIFIERS.get(_group(phrase.kind), frozenset()) | {"with"}
    after = words[at + 1 : at + 3]
    if not after:
        return False
    if after[0].key in ("dyed", "which", "outlined", "styled", "is", "are", "a") and (
        at == phrase.end or after[0].key in gr.COPULAS
    ):
        return True
    if after[0].key == "with":
        return any(
            word.key in lx.FACE_HEADS | lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE | lx.COLOUR
            for word in words[at + 2 : at + 5]
        )
    return after[0].key in allowed and not _finite_soon(words, at)


def _finite_soon(words: Sequence[Token], at: int) -> bool:
    """A new subject and its verb follow: `and her eyes are`, `and snow falls`."""
    for token in words[at + 1 : at + 8]:
        if token.key == "and":
            return False
        if (
            token.key in gr.COPULAS
            or token.key in SAYS
            or token.key in lx.words("wears stands sits holds moves gives complements creates wear")
        ):
            return True
        if token.key in CLAUSE_END or token.key in (",", "with"):
            return False
    return False
