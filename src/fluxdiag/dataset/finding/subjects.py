"""Bare subjects of which a clause may say something: `her eyes`, `her nose and cheeks`, `the sleeves of her shirt`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.clause_parts import put_in_state
from fluxdiag.dataset.finding.garments import somebody_does
from fluxdiag.dataset.finding.lexicon.details import WITH_DETAIL
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

NOT_THE = lx.words(
    "features highlights frame figure waves cut curls locks strands face body chest back top legs arms neck hands"
    " temple temples ring belt fringe lines visor hood"
)
SOME = lx.words("one each every both half most some all none much part")
OF_CLOTH = lx.words("color colors colour colours hue hues folds fabric material cloth silk red blue green white black yellow")
OWNING = gr.POSSESSIVE | {"the"}
LEADS_HEAD = OWNING | {"'s", "both", "one"}
TOLD_ANYHOW = frozenset({"head", "scalp", "leg", "legs"})
"""nouns of which only some clauses tell a look"""
TREATED = lx.words("treatment chemotherapy chemo")
"""`Her head is bare from treatment`"""
TROUSERS = lx.words("trouser trousers pant pants pyjama")
SHORN = lx.words("tonsured shaved bald shaven hairless shorn buzzed")


def heads(words: Sequence[Token]) -> Iterator[Phrase]:
    """`her eyes`, `the gown`, `whose hair`: bare subjects of which a clause may say something."""
    yield from _several_heads(words)
    yield from _parts_of_parts(words)
    yield from _of_what_is_worn(words)
    for at in range(1, len(words)):
        found = gr.head_kind(words[at].key)
        kind = found[0] if found else gr.garment_kind(words[at].key)
        if kind is None and words[at].key not in TOLD_ANYHOW:
            continue
        start = at
        while start and at - start < 5 and words[start - 1].key not in gr.STOPPERS and words[start - 1].is_word:
            start -= 1
        owned = start and words[start - 1].key in OWNING
        if not start or (not owned and words[at - 1].key != "'s") or somebody_does(words, at):
            continue
        if words[at].key in NOT_THE and words[start - 1].key == "the":
            continue
        said = {token.key for token in words[at + 2 : at + 5]}
        if words[at].key in ("head", "scalp") and (SHORN & said or ("bare" in said and said & TREATED)):
            kind = "hair"
        if words[at].key in ("leg", "legs") and words[at - 1].key in TROUSERS:
            kind = "clothing"
        if kind is not None and (found or words[start - 1].key != "the" or words[at].key not in lx.AMBIGUOUS):
            yield Phrase(start - (words[start - 1].key != "'s"), at + 1, kind)  # type: ignore[arg-type]


def _several_heads(words: Sequence[Token]) -> Iterator[Phrase]:
    """`her nose and cheeks`, `his neck, chest and arms`: parts of the body that share what the clause says."""
    for start, token in enumerate(words):
        both = token.key == "both" and start + 2 < len(words) and words[start + 2].key in gr.COPULAS
        if token.key not in gr.POSSESSIVE and not both:
            continue
        at, found = _next_part(words, start + 1), int(both)  # `both forearms are`
        end, kind = start, ""
        while at is not None:
            end, found = at + 1, found + 1
            kind = kind or _part_kind(words[at].key)
            at = _after_and(words, end, start)
            at = None if at is None else _next_part(words, at)
        if found > 1:
            yield Phrase(start, end, kind)  # type: ignore[arg-type]


def _after_and(words: Sequence[Token], at: int, start: int) -> int | None:
    """Past `and`, a comma, or both in a list of three; another possessive begins something else unless a sentence began here."""
    first, keys = at, [token.key for token in words[start : at + 3]]
    while at < len(words) and at - first < 2 and words[at].key in (",", "and"):
        at += 1
    both = at - first == 2 and "," not in keys[: first - start]
    opens = start == 0 or words[start - 1].key in CLAUSE_END
    owned = at < len(words) and words[at].key in gr.POSSESSIVE
    return None if at == first or both or (owned and not opens) else at


def _part_kind(key: str) -> str:
    found = gr.head_kind(key)
    return found[0] if found else "body"


def _next_part(words: Sequence[Token], at: int) -> int | None:
    """The place of the noun for a part of the body that comes next, after at most three adjectives."""
    at += at < len(words) and words[at].key == "both"
    for place in range(at, min(at + 4, len(words))):
        if words[place].key in BODY_PART or (gr.head_kind(words[place].key) or ("",))[0] in ("face", "body", "skin", "eyes"):
            return place
        if not words[place].is_word or words[place].key in gr.STOPPERS - gr.POSSESSIVE:
            return None
    return None


def _parts_of_parts(words: Sequence[Token]) -> Iterator[Phrase]:
    """`the sleeves of her linen shirt`, `the tip of her nose`, `every strand of her hair`, `one of his eyes`"""
    for of in range(1, len(words) - 2):
        if words[of].key != "of" or words[of + 1].key not in gr.POSSESSIVE:
            continue
        start = of - 1 if words[of - 1].key in SOME else of - 2
        start -= start > 0 and words[start].key in gr.MODIFIERS["cloth"] and words[of - 1].key in WITH_DETAIL | OF_CLOTH
        if start < 0 or words[start].key not in SOME | {"the", "a"}:
            continue
        for at in range(of + 2, min(of + 6, len(words))):
            found, garment = gr.head_kind(words[at].key), gr.garment_kind(words[at].key)
            if found is not None or words[at].key in BODY_PART:
                yield Phrase(start, at + 1, _part_kind(words[at].key))  # type: ignore[arg-type]
                break
            if garment is not None and words[of - 1].key in WITH_DETAIL | OF_CLOTH:
                yield Phrase(start, at + 1, "clothing")
                break
            if garment is not None and at + 2 < len(words) and put_in_state(words, at + 1):
                yield Phrase(start, at + 1, garment)  # type: ignore[arg-type]
                break


PIECES = lx.words("sleeve sleeves strap straps hem collar cuff cuffs sock shoe glove button")
GONE = lx.words("come torn slipped ridden")


def _of_what_is_worn(words: Sequence[Token]) -> Iterator[Phrase]:
    """`[She wears a gown;] the hem has come down`, `one sleeve has been slipped off`: a part of what was named before"""
    dressed = False
    for at in range(1, len(words) - 2):
        key = words[at].key
        if dressed and key in PIECES and _has_moved(words, at):
            yield Phrase(at - 1, at + 1, "clothing")
        dressed = dressed or gr.garment_kind(key) is not None


def _has_moved(words: Sequence[Token], at: int) -> bool:
    """`The [hem] has come down`, `and one [sleeve] has been slipped off`"""
    opens = words[at - 1].key in ("the", "one") and (at == 1 or words[at - 2].key in CLAUSE_END | {",", "and", "but"})
    perfect = words[at + 1].key in ("has", "have")
    return opens and perfect and (words[at + 2].key in GONE or put_in_state(words, at + 1))
