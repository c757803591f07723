"""Parts of a clause about looks: its verbs, what stands between subject and verb, and where it leaves words out."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

SAYS = lx.words("""
    is are was were appears look looks seems features feature consists consist includes include complements reaches fall
    falls flows cascades frames frame hangs hang rests covers cover adorns adorn sparkle sparkles shine shines fans catches
    blows drift drifts floats crinkle etch flies fly made clings stands sticks curls dusts dust glow glows surround
    surrounds gleams peeks cascade tumbles tumble match matches glistens lights has have reach flow blow float cling escapes
    escape spills spill hugs drapes brushes bounce bounces glisten sway sways twist twists dance stick grows sprouts
    shimmers contrast contrasts crowns twinkle twinkles glint glints glitter glitters gleam burn burns whips whip swings
""")  # fmt: skip


def after_apposition(words: Sequence[Token], at: int, phrase: Phrase) -> int:
    """`Her hair, white and impossibly long, drifts`: past what stands between the commas."""
    if at >= len(words) or words[at].key != "," or words[phrase.start].key not in gr.POSSESSIVE:
        return at
    end = next(
        (place for place in range(at + 1, min(at + 9, len(words))) if not words[place].is_word or words[place].key == "while"), at
    )
    told = words[end].key == "," and end > at + 1 and end + 1 < len(words) and words[end + 1].key in SAYS | gr.COPULAS
    return end + 1 if told else at


def past_place(words: Sequence[Token], at: int) -> int:
    """`The skin [around them] is creased`, `A cut [above her left eye] has been taped`: to the verb after the place."""
    if at >= len(words) or words[at].key not in (
        "around",
        "under",
        "beneath",
        "above",
        "below",
        "on",
        "along",
        "between",
        "at",
        "in",
    ):
        return at
    for place in range(at + 2, min(at + 6, len(words))):
        last = words[place - 1].key
        if words[place].key in gr.COPULAS | {"has", "have"} and (last in BODY_PART or last in ("them", "it")):
            return place
    return at


def resumes(words: Sequence[Token], at: int) -> bool:
    """`[Her hair,] a mass of curls, falls`: a verb after the second comma, or the sentence's end."""
    end = next((place for place in range(at, len(words)) if words[place].key in CLAUSE_END | {","}), len(words))
    if end == len(words) or words[end].key != ",":
        return True
    return end + 1 < len(words) and words[end + 1].key in SAYS | gr.COPULAS


PUT_AWAY = lx.words("placed left laid put set hung lost thrown dropped kicked tossed stowed parked")


def put_in_state(words: Sequence[Token], at: int) -> bool:
    """`[His goggles] have been pushed up`, not `[His hat] has been placed on the table`"""
    if at + 2 >= len(words):
        return False
    done = words[at + 2].key
    perfect = words[at].key in ("has", "have", "had") and words[at + 1].key == "been"
    return perfect and done.isalpha() and done not in PUT_AWAY | gr.PREPOSITIONS | gr.ARTICLES


COVERED = lx.words("covered hidden shaded shadowed shielded obscured concealed")


def covered(words: Sequence[Token], at: int) -> bool:
    """`covered in sauce`, `covered by a leather patch`: with something that stays there, not with a hand."""
    if at + 2 >= len(words) or words[at].key not in COVERED:
        return False
    worn = any(gr.garment_kind(token.key) or token.key in lx.MARK_HEADS | {"patch"} for token in words[at + 2 : at + 7])
    return (words[at].key == "covered" and words[at + 1].key in ("in", "with")) or (words[at + 1].key == "by" and worn)


def likened(words: Sequence[Token], at: int) -> bool:
    """`pale as ice`, `as though underwater`"""
    if words[at].key != "as":
        return False
    after = words[at + 1 : at + 3]
    closed = len(after) < 2 or after[1].key in CLAUSE_END | {",", "and"}
    return bool(after) and (after[0].key in ("if", "though", "well") or closed or words[at - 1].key in ("as", "such"))


def ellipsis(words: Sequence[Token], at: int) -> int:
    """`[Her blush is soft] and her eyeliner subtle`: the number of words, 0 for none."""
    after = words[at + 1 : at + 5]
    closed = len(after) == 3 or (len(after) == 4 and not after[3].is_word)
    part = closed and after[0].key in gr.POSSESSIVE and (found := gr.head_kind(after[1].key)) is not None
    return 4 if part and found and after[2].key in gr.MODIFIERS[found[0]] else 0
