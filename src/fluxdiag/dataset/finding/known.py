"""What is known of the people of a caption at some place in it: who was named, of what sex, whom the clause is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.naming import after_preposition, is_plural, lends
from fluxdiag.dataset.finding.somebody_else import acted_upon, sex_of
from fluxdiag.dataset.finding.tokens import Token

Being = Literal["character", "other", "thing"]
SIDES = {key: "middle" if key in ("center", "centre") else key for key in ("left", "right", "middle", "center", "centre")}
CHILDREN = lx.words("child kid baby toddler infant newborn boy girl")
YOUNG = CHILDREN | lx.words("son daughter grandson granddaughter grandchild nephew niece schoolboy schoolgirl")


class Known:
    """What is known so far, and what a noun for the character or for another person adds to it."""

    def __init__(self) -> None:
        self.known = False  # the character was named
        self.named_by_class = False  # by a noun such as `woman`, not by the trigger alone
        self.sex: str | None = None
        self.sentence = 0
        self.about: Being = "character"
        self.fresh = True  # nothing named in this sentence yet
        self.last_other: str | None = None
        self.several = False  # the other that was named last are more than one
        self.noun = ""
        self.somebody_else = False
        """whether another person was named"""
        self.child_beside = False  # beside a grown-up character
        self.previous: Being | None = None
        """the being that the token before names"""
        self.latest: Being | None = None
        """the person that was named last by a noun"""
        self.before_comma: Being | None = None
        """the being named right before the last comma"""
        self.side: str | None = None
        self.names: set[str] = set()
        self.names_ahead = False
        """whether the caption has the name of the character somewhere"""
        self.in_focus: str | None = None
        """the noun of whom the caption says it is about, if it is not the person named first"""

    def end_of_sentence(self) -> None:
        self.sentence += 1
        self.about, self.fresh = "character", True

    def name_character(self, at: int, key: str = "", named: bool = True) -> Being:
        self.known = True
        self.named_by_class |= named and not key.startswith("1")
        self.noun = self.noun or key
        self.sex = self.sex or sex_of(key)
        if self.fresh:
            self.about, self.fresh = "character", False
        return "character"

    def name_other(self, words: Sequence[Token], at: int, key: str) -> Being:
        self.several = is_plural(key)
        self.somebody_else |= key in lx.PERSON or is_plural(key)
        self.child_beside |= key in YOUNG and self.noun not in YOUNG | {""}
        self.last_other = sex_of(key) or "?"
        if lends(words, at):
            return "other"  # `Dad's old coat, boots`: worn by the one whom the caption is about
        if self.fresh and key not in gr.POSSESSIVE and not after_preposition(words, at) and not acted_upon(words, at):
            self.about, self.fresh = "other", False
        return "other"

    def same_sex(self, key: str) -> bool:
        return sex_of(key) is None or self.sex is None or sex_of(key) == self.sex

    def other_side(self, words: Sequence[Token], at: int) -> bool:
        """`the woman on the left ...; the woman on the right`: the first side that is named is the character's."""
        after = [token.key for token in words[at + 1 : at + 5]]
        side = next((SIDES[key] for key in after if key in SIDES), None) if after[:1] in (["on"], ["to"], ["in"]) else None
        if side is None:
            return False
        self.side = self.side or side
        return side != self.side
