"""Nouns for beings that name somebody else than the character, as far as the words around them tell."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import phrase_start
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

BY = lx.words("behind beside near to opposite against beneath above below under with facing by")
PRESENTING = lx.words("showing playing making serving")
OPENINGS = (
    lx.words("""
    a an the this that these there here in on at it photo photograph picture portrait image close_up closeup selfie snapshot shot
    painting drawing digital illustration anime black full wide medium candid professional vintage high low top view arafed
    araffed
""")
    | lx.PERSON
    | gr.STOPPERS
)
"""what a caption opens with that is nobody's name"""

FINITE = gr.COPULAS | verbs.THIRD
GOES_ELSEWHERE = gr.CONJUNCTIONS | lx.words("who that which while as")


def by_them(words: Sequence[Token], at: int) -> bool:
    """`the wrestler beneath him`, `the girl next to her`: not the one who is meant by the pronoun."""
    for place in range(at + 2, min(at + 4, len(words))):
        if words[place].key in ("him", "her", "them") and words[place - 1].key in BY:
            after = words[place + 1].key if place + 1 < len(words) else "."
            return words[place].key != "her" or after in gr.STOPPERS or not after[0].isalnum()
    return False


def acted_upon(words: Sequence[Token], at: int) -> bool:
    """`Oma feeding the chickens`: what somebody does something to is not whom the clause is about."""
    start = phrase_start(words, at)
    if words[at].key in lx.ANIMAL and start > 1 and words[start - 1].key.endswith("ing"):
        return words[start].key in ("a", "an", "the")  # `roping a calf`
    return start > 0 and words[start - 1].key in verbs.PERSON_DOING - PRESENTING


def with_somebody(words: Sequence[Token], at: int) -> bool:
    """`jhn playing chess with an old man`, `jhn, park, dancing with a woman`, `Viktor boxing against a man`: somebody without a
    noun does it, together with another."""
    start = phrase_start(words, at)
    if not start or words[start - 1].key not in ("with", "against") or words[0].key in OPENINGS - {"at"}:
        return False
    for place in range(start - 2, max(-1, start - 8), -1):
        if words[place].key in verbs.PERSON_DOING:
            return place > 0 and (place == 1 or words[place - 1].key == ",")
        if not words[place].is_word:
            return False
    return False


def one_more(words: Sequence[Token], at: int) -> bool:
    """`other workers`, `There are three musicians`: said of somebody who was not named yet."""
    start = phrase_start(words, at)
    if any(token.key == "other" for token in words[start:at]) and words[start].key != "the":
        return True
    there = start > 1 and words[start - 1].key in gr.COPULAS and words[start - 2].key == "there"
    return there and words[at].key not in lx.ROLE_OF_SUBJECT


def while_they_do(words: Sequence[Token], start: int, at: int) -> bool:
    """`She smiles as a man in a hat walks past`, not `dressed as a pirate and holds`: a verb stands on both sides of `as`."""
    first = next((place + 1 for place in range(start - 1, -1, -1) if words[place].key in CLAUSE_END), 0)
    if not any(token.key in FINITE for token in words[first : start - 1]):
        return False
    for token in words[at + 1 : at + 10]:
        if not token.is_word or token.key in GOES_ELSEWHERE:
            return False
        if token.key in FINITE:
            return True
    return False


def beside_named(words: Sequence[Token], at: int) -> bool:
    """`Yusuf, cricket nets. coach in the red cap`: a loose part of its own, in a caption that opens with a name."""
    named = words[0].proper and words[0].key not in OPENINGS and gr.head_kind(words[0].key) is None
    loose = at > 3 and words[at - 1].key in (".", ",", "!", "?") and words[at].key not in lx.ROLE_OF_SUBJECT
    following = words[at + 1].key if at + 1 < len(words) else "."
    return named and loose and (following in ("in", "with", "behind", "wearing", "at") or following.endswith("ing"))


def sex_of(key: str) -> str | None:
    return "f" if key in lx.FEMALE else "m" if key in lx.MALE else None
