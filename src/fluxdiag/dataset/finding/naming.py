"""Nouns for beings in their noun phrases, and words that only look like one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import Token

OF_ANIMAL = lx.words(
    "print printed pattern skin fur leather hide mask motif motifs design designs logo emblem patch applique graphic"
    " feather feathers pelt plumes"
)
LIKE_WHAT = lx.words("barrel mountain giant slip bear")
"""`a barrel of a man`"""
SHAPED = gr.MODIFIERS["body"] | gr.MODIFIERS["face"] | lx.words("broad wide long short flat thick narrow")
INKED = lx.words("inked tattooed")
WRITTEN = lx.words("japanese chinese korean kanji cyrillic arabic greek latin runic")
DRAWN = lx.words("cartoon printed embroidered painted stylized stylised")
ON_FRONT = lx.words("chest front back sleeve sleeves pocket breast shoulder")
FOR_BABIES = lx.words("carrier sling stroller monitor bottle seat pram buggy blanket wrap gate bump powder wipes shower")
LOOKS = lx.BODY | lx.AGE | lx.BEAUTY | lx.ETHNICITY | lx.HAIR | lx.SKIN | lx.MOODS


def is_heading(words: Sequence[Token], end: int) -> bool:
    """`Clothing: a coat`, `Subject: a man`: what ends here names what follows the colon. A weight does not: `(red dress:1.2)`."""
    if end + 1 >= len(words) or words[end].key != ":" or words[end + 1].key[0].isdecimal():
        return False
    opens = next((at for at in range(end - 1, max(-1, end - 5), -1) if not words[at].is_word), end - 4 if end > 3 else -1)
    return opens == -1 or words[opens].key in ".:;!?"


def is_no_being(words: Sequence[Token], at: int, known: bool) -> bool:
    """`firefighter uniform`, `artist's studio`, `family portrait`: the noun only says of what kind a thing is."""
    key, following = words[at].key, words[at + 1].key if at + 1 < len(words) else ""
    if is_heading(words, at + 1) or (key == "figure" and at > 0 and words[at - 1].key in lx.BODY | {"full"}):
        return True  # `with a curvy figure`
    if key == "fan" and following == "on" and at + 2 < len(words) and words[at + 2].key in ("a", "an"):
        return True  # `a fan on a wrist cord`
    if key == "characters" and words[at - 1].key in WRITTEN:
        return True
    if following in ('"', "”") and words[at - 1].key != ",":
        return True  # `a "Kiss the Cook" apron`
    if gr.garment_kind(following) is not None and key not in lx.ROLE_OF_SUBJECT:
        return True
    if (
        following == "'s"
        and at + 2 < len(words)
        and gr.garment_kind(words[at + 2].key)
        and _of_a_kind(words, phrase_start(words, at))
    ):
        return True  # `judge's robe`
    if body_of_a_kind(words, at) is not None:
        return True
    if not known and (following == "'s" or is_plural(key)):
        return True
    if key in ("baby", "toddler", "child") and following in FOR_BABIES:
        return True  # `a baby carrier`
    return following in ("portrait", "made", "body", "style") or (key == "model" and not _starts(words, at))


def body_of_a_kind(words: Sequence[Token], person: int) -> int | None:
    """The end of `a swimmer's wide back`, `a boxer's flat nose`: of what kind, and nobody's; `a man's face` is his."""
    if (
        words[person].key in lx.CLASS_NOUNS
        or person < 2
        or person + 3 >= len(words)
        or words[person + 1].key != "'s"
        or words[person - 1].key not in ("a", "an")
    ):
        return None
    if words[person - 2].key not in gr.HAVE | {"and", ","}:
        return None
    at = person + 2
    while at < len(words) and words[at].key in SHAPED:
        at += 1
    return at + 1 if person + 2 < at < len(words) and words[at].key in BODY_PART else None


def built_like(words: Sequence[Token], person: int) -> int | None:
    """Where `a barrel of a` before a noun for a person begins."""
    before = [token.key for token in words[max(0, person - 4) : person]]
    like = len(before) == 4 and before[0] in ("a", "an") and before[1] in LIKE_WHAT and before[2] == "of"
    return person - 4 if like and before[3] in ("a", "an") else None


def likened(words: Sequence[Token], at: int) -> bool:
    """`[a nose] like a hawk`"""
    start = phrase_start(words, at)
    return start > 1 and words[start - 1].key == "like" and gr.head_kind(words[start - 2].key) is not None


def _of_a_kind(words: Sequence[Token], start: int) -> bool:
    """`judge's robe`, `wearing a judge's robe`: whose garment it is does not matter."""
    if words[start].key in ("a", "an"):
        return start > 0 and words[start - 1].key in gr.WEAR | {"in", "and", ","}
    return words[start + 1].key == "'s"


def is_plural(key: str) -> bool:
    """`women`, `wrestlers`"""
    return key in lx.PLURAL_PERSON or (key not in lx.PERSON and key.endswith("s") and key[:-1] in lx.PERSON)


def of_its_kind(words: Sequence[Token], at: int) -> bool:
    """`a leopard print bikini`, `a bear fur coat`: the animal only says of what kind a thing is."""
    following = words[at + 1].key if at + 1 < len(words) else ""
    return following in OF_ANIMAL or any(
        gr.garment_kind(token.key) is not None for token in words[at + 1 : at + 3] if following not in gr.STOPPERS
    )


def drawn(words: Sequence[Token], at: int) -> bool:
    """`[a onesie with] a cartoon whale`, `a dragon on the chest`, `[a bib with] yellow ducks`: an animal on a garment."""
    start = phrase_start(words, at)
    if any(token.key in INKED for token in words[at + 1 : at + 4]):
        return True  # `A koi is tattooed along his arm`
    if words[at - 1].key in DRAWN or (
        [token.key for token in words[at + 1 : at + 3]] in (["on", "the"], ["across", "the"])
        and any(token.key in ON_FRONT for token in words[at + 3 : at + 4])
    ):
        return at > 0
    several = words[at].key.endswith("s") and start < at and words[start].key not in gr.ARTICLES | gr.POSSESSIVE
    return several and start > 1 and words[start - 1].key == "with" and gr.garment_kind(words[start - 2].key) is not None


def made_up(token: Token) -> bool:
    """Looks like a trigger: letters and digits mixed, capitals in the middle, or no vowel at all."""
    return may_be_trigger(token.key)


@cache
def may_be_trigger(key: str) -> bool:
    if " " in key or len(key) < 3 or not key.isascii() or key in lx.PERSON:
        return False
    digits = any(c.isdecimal() for c in key)
    letters = sum(c.isalpha() for c in key)
    return key.startswith("ohwx") or (digits and letters >= 3 and not key[0].isdecimal())


def is_name(token: Token, names: set[str]) -> bool:
    return token.key in names or made_up(token)


def determiner(words: Sequence[Token], at: int) -> str | None:
    start = phrase_start(words, at)
    first = words[start].key
    return first if first in gr.ARTICLES or first in gr.POSSESSIVE else None


def phrase_start(words: Sequence[Token], at: int) -> int:
    """Where the noun phrase that ends at `at` begins, its article included; commas between adjectives are passed."""
    start = at
    while start and at - start < 8:
        key = words[start - 1].key
        if key in gr.ARTICLES or key in gr.POSSESSIVE:
            return start - 1
        joins = start != at and start > 1 and joins_looks(words, start - 1)
        if not joins and (key in gr.STOPPERS or not words[start - 1].is_word):
            break
        start -= 1
    return start


def joins_looks(words: Sequence[Token], at: int) -> bool:
    """`a tall[,] angular woman`"""
    if words[at].key not in ("and", ",") or not 0 < at < len(words) - 1:
        return False
    return _look(words[at - 1].key) and _look(words[at + 1].key)


def _look(key: str) -> bool:
    """`tall`, `broad-chested`"""
    return key in LOOKS or " " in key


def _starts(words: Sequence[Token], at: int) -> bool:
    return phrase_start(words, at) != at or at == 0


def owner_start(words: Sequence[Token], start: int) -> int:
    """Where `the man's` begins before what starts at `start`; `start` itself if no noun for a person owns it."""
    owned = start > 1 and words[start - 1].key == "'s" and (words[start - 2].key in lx.PERSON or made_up(words[start - 2]))
    return phrase_start(words, start - 2) if owned else start


def lends(words: Sequence[Token], at: int) -> bool:
    """`[Granny in the garden.] Dad's old coat, boots`: a relative's garment that opens a sentence and is a part of its own."""
    if at + 2 >= len(words) or words[at + 1].key != "'s" or (at and words[at - 1].key not in (".", "\n", "my")):
        return False
    garment = next((place for place in range(at + 2, min(at + 6, len(words))) if gr.garment_kind(words[place].key)), None)
    return at > 0 and garment is not None and (garment + 1 == len(words) or words[garment + 1].key in (",", "."))


def after_preposition(words: Sequence[Token], at: int) -> bool:
    start = phrase_start(words, at)
    return start > 0 and words[start - 1].key in gr.PREPOSITIONS


def nearest(words: Sequence[Token], start: int, group: lx.Words) -> bool:
    return any(word.key in group for word in words[max(0, start - 3) : start])
