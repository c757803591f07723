"""What is known of the people of a caption so far, reading from the left: whom the next noun or pronoun means."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.another_word import (
    CHARACTER_PRONOUNS,
    before_name,
    by_role,
    elsewhere,
    is_apposition,
    is_predicate,
    near_the_front,
    role_as_tag,
    same_after_tags,
    sentence_after_tags,
)
from fluxdiag.dataset.finding.known import CHILDREN, Being, Known
from fluxdiag.dataset.finding.naming import (
    determiner,
    drawn,
    is_name,
    is_no_being,
    is_plural,
    likened,
    may_be_trigger,
    of_its_kind,
    phrase_start,
)
from fluxdiag.dataset.finding.somebody_else import (
    OPENINGS,
    beside_named,
    by_them,
    one_more,
    sex_of,
    while_they_do,
    with_somebody,
)
from fluxdiag.dataset.finding.tokens import Token

FEMALE_WORDS = frozenset({"she", "her", "hers"})
MALE_WORDS = frozenset({"he", "his", "him"})
UNNAMED = lx.words("one other others some several most many")


BEINGS = lx.PERSON | lx.ANIMAL | lx.THING | CHARACTER_PRONOUNS | UNNAMED | {"whom", "me", "its"}


@lru_cache(maxsize=4096)
def may_name(key: str) -> bool:
    """Whether the word can stand for a being at all: `woman`, `women`, `dogs`, `her`, a trigger."""
    return key in BEINGS or may_be_trigger(key) or (key.endswith("s") and key[:-1] in BEINGS)


class State(Known):
    """Reads on from word to word."""

    def being(self, words: Sequence[Token], at: int) -> Being | None:
        key = words[at].key
        if is_name(words[at], self.names):
            return self.name_character(at, named=False)
        if key in ("them", "whom") and at and words[at - 1].key == "of":
            return "other"
        if key in CHARACTER_PRONOUNS:
            return self._pronoun(words, at)
        if key == "me" and not self.known and (at == 0 or words[at - 1].key in ("is", "of")):
            return self.name_character(at, named=False)
        if key in lx.THING:
            return "thing"
        if (key in lx.ANIMAL or key.removesuffix("s") in lx.ANIMAL) and (
            of_its_kind(words, at) or drawn(words, at) or likened(words, at)
        ):
            return None
        if self.known and is_plural(key) and gr.garment_kind(key) is not None:
            return None  # `black joggers`
        if key == "its" or key in lx.ANIMAL or key.removesuffix("s") in lx.ANIMAL:
            return self.name_other(words, at, key)
        if key in lx.PERSON or (key.endswith("s") and key[:-1] in lx.PERSON):
            return self._person(words, at)
        if self.known and key in UNNAMED and self._unnamed(words, at):
            return self.name_other(words, at, key)
        return None

    def _unnamed(self, words: Sequence[Token], at: int) -> bool:
        """`the one on the right`, `the other wears`, `[other guests,] some in costume`"""
        following = words[at + 1].key if at + 1 < len(words) else "."
        if at > 1 and words[at - 2].key == "the" and words[at].key == "one":
            return not words[at - 1].key.endswith(("st", "only"))  # `the younger one`
        if at and words[at - 1].key == "the":
            return self.other_side(words, at) if words[at].key == "one" else following in gr.PREPOSITIONS | gr.WEAR | gr.HAVE
        return words[at].key != "one" and self.latest == "other" and following in ("in", "with", "wearing")

    def _person(self, words: Sequence[Token], at: int) -> Being | None:
        key = words[at].key
        following = words[at + 1].key if at + 1 < len(words) else ""
        if is_no_being(words, at, self.known):
            return None
        if key.startswith("1"):
            return self.name_character(at, key=key)  # `A girl on a swing. 1girl, blonde hair`
        before = self.latest if at > 1 and words[at - 2].key in ("male", "female") else self.previous  # `a female tennis player`
        if at and words[at - 1].key not in gr.STOPPERS and words[at - 1].is_word and before is not None and following != "'s":
            if before == "character":
                self.named_by_class |= not key.startswith("1")
                self.sex = self.sex or sex_of(key)
                self.noun = f"{self.noun} {key}" if self.noun in ("female", "male") else self.noun
            return before  # `ohwx woman`, `a female warrior`
        first = determiner(words, at)
        if self.known and (first in ("some", "another") or one_more(words, at)):
            return self.name_other(words, at, key)
        if first is None and key in lx.ROLE_OF_SUBJECT and is_name(words[phrase_start(words, at)], self.names):
            return self.name_character(at, key=key)  # `ohwx dark skinned woman`
        if first is None and beside_named(words, at):
            return self.name_other(words, at, key)
        if self.in_focus is not None and not self.noun:
            return self._until_in_focus(words, at)
        return self._again(words, at, first) if self.known else self._first_named(words, at, first)

    def _until_in_focus(self, words: Sequence[Token], at: int) -> Being:
        """`a man and a woman dancing. The woman is the main focus`: whoever stands before her is somebody else."""
        key = words[at].key
        if key == self.in_focus:
            return self.name_character(at, key=key)
        self.known = True
        return self.name_other(words, at, key)

    def _first_named(self, words: Sequence[Token], at: int, first: str | None) -> Being:
        """The first person of a caption is the character, unless a pronoun or the name that follows says otherwise."""
        key = words[at].key
        if first in ("a", "an", "another") and with_somebody(words, at):
            self.known = True  # whoever plays chess with him
            return self.name_other(words, at, key)
        if first in ("her", "his", "their") and phrase_start(words, at) > 0:
            self.known = True  # whoever she is, it is not her friend
            return self.name_other(words, at, key)
        if first == "the":
            self.other_side(words, at)
        return self.name_other(words, at, key) if before_name(self, words, at) else self.name_character(at, key=key)

    def _again(self, words: Sequence[Token], at: int, first: str | None) -> Being:
        """A noun for a person after the character was named: another word for the character, or somebody else."""
        key = words[at].key
        if at > 1 and words[at - 1].key == words[0].key and words[1].key == key and words[0].key not in OPENINGS:
            return self.name_character(at, key=key)  # `ADRN man, a photo of ADRN man`
        if is_apposition(self, words, at):
            return self.name_character(at, key=key)
        if is_predicate(self, words, at) or (not self.named_by_class and near_the_front(self, words, at)):
            return self.name_character(at, key=key)
        if same_after_tags(self, words, at):
            return self.name_character(at, key=key)
        start = phrase_start(words, at)
        if first in (None, "a", "an") and start and words[start - 1].key in ("as", "like"):
            if words[start - 1].key == "as" and (is_plural(key) or while_they_do(words, start, at)):
                return self.name_other(words, at, key)  # `as visitors with badges walk by`
            return "character"  # `ohwx as a waitress`
        tagged = self.noun in ("male", "female") or self.noun.startswith("1") or sentence_after_tags(words, at)
        opens = first in ("a", "an") or (first is None and role_as_tag(words, at))
        one_tag = self.noun.startswith("1") and (first is None or sentence_after_tags(words, at))  # `1girl, inn. A bard plays`
        if not self.noun and not self.named_by_class and not self.somebody_else and words[start].proper:
            one_tag |= sentence_after_tags(words, at)  # `ohwx, barre, tights, A dancer bends`
        role = key in lx.ROLE_OF_SUBJECT or (one_tag and not is_plural(key))
        if tagged and opens and role and self.same_sex(key):
            return self.name_character(at, key=key)  # `photo, male, gym. A man with a buzz cut`
        if first == "the":
            return self._the(words, at)
        loose = first is None and start and words[start - 1].key in (",", ".") and not elsewhere(words, at)
        may_be = self.same_sex(key) or not self.named_by_class
        if loose and may_be and key in ("male", "female", "man", "woman", "boy", "girl"):
            return "character"
        return self.name_other(words, at, key)

    def _the(self, words: Sequence[Token], at: int) -> Being:
        """`the woman`, `the dancer`: the character by another word; `the other woman`, `the woman on the right` is none."""
        key = words[at].key
        beside = words[at - 1].key in ("other", "second", "third") or (self.child_beside and key in CHILDREN)
        if beside or by_them(words, at) or self.other_side(words, at):
            return self.name_other(words, at, key)
        same = key in lx.ROLE_OF_SUBJECT | {self.noun, *self.noun.split()} or {key, self.noun} <= CHILDREN or by_role(self, key)
        return self.name_character(at, key=key) if same and self.same_sex(key) else self.name_other(words, at, key)

    def _pronoun(self, words: Sequence[Token], at: int) -> Being:
        key = words[at].key
        sex = "f" if key in FEMALE_WORDS else "m" if key in MALE_WORDS else None
        if sex is not None and self.sex is None:
            own = at + 1 < len(words) and words[at + 1].key == "own"  # `Viktor plays against a man in a hat. His own coat`
            if key in ("her", "his") and self.latest == "other" and self.last_other == sex and not own:
                return "other"  # `Ben next to grandma in her apron`
            self.sex = sex
        if sex is not None and sex != self.sex:
            if key in ("she", "he"):
                self.about, self.fresh = "other", False
            return "other"
        if key == "their" and self.latest == "other" and self.several:
            return "other"
        if key in ("who", "whose") and self.latest is not None:
            return self.latest
        if key in ("who", "whose") or (key in ("his", "her", "their") and self.about == "other"):
            return (
                "other"
                if self.about == "other" and (self.last_other == "?" or sex is None or self.last_other == sex)
                else "character"
            )
        if key in ("she", "he", "they"):
            self.about, self.fresh, self.known = "character", False, True
        return "character"
