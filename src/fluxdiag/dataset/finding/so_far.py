"""What is known of the people of a caption so far, reading from the left: whom the next noun or pronoun means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import (
    after_preposition,
    determiner,
    drawn,
    is_name,
    is_no_being,
    is_plural,
    lends,
    made_up,
    nearest,
    of_its_kind,
    phrase_start,
)
from fluxdiag.dataset.finding.somebody_else import (
    OPENINGS,
    acted_upon,
    beside_named,
    by_them,
    one_more,
    sex_of,
    while_they_do,
    with_somebody,
)
from fluxdiag.dataset.finding.tokens import Token

Being = Literal["character", "other", "thing"]
CHARACTER_PRONOUNS = frozenset(
    {"she", "he", "they", "her", "his", "him", "their", "them", "whose", "who", "i", "my", "i'm", "i've", "i'd"}
)
FEMALE_WORDS = frozenset({"she", "her", "hers"})
MALE_WORDS = frozenset({"he", "his", "him"})
PICTURED_IN = lx.words("photo photograph picture portrait image")
SIDES = {key: "middle" if key in ("center", "centre") else key for key in ("left", "right", "middle", "center", "centre")}
CHILDREN = lx.words("child kid baby toddler infant newborn boy girl")
YOUNG = CHILDREN | lx.words("son daughter grandson granddaughter grandchild nephew niece schoolboy schoolgirl")
UNNAMED = lx.words("one other others some several most many")
ANYBODY = lx.words("person subject individual")
DOERS = lx.words("""
    rider equestrian player performer singer dancer athlete runner climber hiker surfer swimmer skier skater cyclist musician
    artist warrior fighter model
""")
"""what a person is called for what the picture shows them do"""
NO_TAG = gr.ARTICLES | gr.POSSESSIVE | gr.PRONOUNS | gr.COPULAS | gr.WEAR | gr.HAVE | {"."}
ELSEWHERE = lx.words("behind background beside next distance foreground")


def _elsewhere(words: Sequence[Token], at: int) -> bool:
    """`older man in the background`: in the part that goes on"""
    end = next((place for place in range(at, len(words)) if not words[place].is_word), len(words))
    return any(token.key in ELSEWHERE for token in words[at:end])


def _role_as_tag(words: Sequence[Token], at: int) -> bool:
    """`1boy, silver hair, [knight] in shining armor`"""
    told = at and words[at - 1].key == "," and at + 1 < len(words) and words[at + 1].key in ("in", "with", "wearing")
    return bool(told) and not _elsewhere(words, at)


def _sentence_after_tags(words: Sequence[Token], at: int) -> bool:
    """`sks man, solo, beard, library, [a man is standing]`, `sks man, photo. [A man leans]`: nothing but tags stands before, and
    a verb follows."""
    before = words[: phrase_start(words, at)]
    if not before or any(token.key in NO_TAG for token in before[:-1]):
        return False
    opens = before[-1].key == "." and any(token.key == "," for token in before)
    if not opens and (sum(token.key == "," for token in before) < 2 or before[-1].key in NO_TAG):
        return False
    return any(token.key in gr.COPULAS | verbs.THIRD for token in words[at + 1 : at + 12]) and not _elsewhere(words, at)


class State:
    """What is known of the people so far, reading from the left."""

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

    def being(self, words: Sequence[Token], at: int, names: set[str]) -> Being | None:
        token = words[at]
        key = token.key
        if key in names or made_up(token):
            return self._character(at, named=False)
        if key in ("them", "whom") and at and words[at - 1].key == "of":
            return "other"
        if key in CHARACTER_PRONOUNS:
            return self._pronoun(words, at)
        if key == "me" and not self.known and (at == 0 or words[at - 1].key in ("is", "of")):
            return self._character(at, named=False)
        if key in lx.THING:
            return "thing"
        if (key in lx.ANIMAL or key.removesuffix("s") in lx.ANIMAL) and (of_its_kind(words, at) or drawn(words, at)):
            return None
        if self.known and is_plural(key) and gr.garment_kind(key) is not None:
            return None  # `black joggers`
        if key == "its" or key in lx.ANIMAL or key.removesuffix("s") in lx.ANIMAL:
            return self._someone_else(words, at, key)
        if key in lx.PERSON or (key.endswith("s") and key[:-1] in lx.PERSON):
            return self._person(words, at)
        if self.known and key in UNNAMED and self._unnamed(words, at):
            return self._someone_else(words, at, key)
        return None

    def _unnamed(self, words: Sequence[Token], at: int) -> bool:
        """`the one on the right`, `the other wears`, `[other guests,] some in costume`"""
        following = words[at + 1].key if at + 1 < len(words) else "."
        if at > 1 and words[at - 2].key == "the" and words[at].key == "one":
            return not words[at - 1].key.endswith(("st", "only"))  # `the younger one`
        if at and words[at - 1].key == "the":
            return self._other_side(words, at) if words[at].key == "one" else following in gr.PREPOSITIONS | gr.WEAR | gr.HAVE
        return words[at].key != "one" and self.latest == "other" and following in ("in", "with", "wearing")

    def _person(self, words: Sequence[Token], at: int) -> Being | None:
        key = words[at].key
        following = words[at + 1].key if at + 1 < len(words) else ""
        if is_no_being(words, at, self.known):
            return None
        if key.startswith("1"):
            return self._character(at, key=key)  # `A girl on a swing. 1girl, blonde hair`
        before = self.latest if at > 1 and words[at - 2].key in ("male", "female") else self.previous  # `a female tennis player`
        if at and words[at - 1].key not in gr.STOPPERS and words[at - 1].is_word and before is not None and following != "'s":
            if before == "character":
                self.named_by_class |= not key.startswith("1")
                self.sex = self.sex or sex_of(key)
                self.noun = f"{self.noun} {key}" if self.noun in ("female", "male") else self.noun
            return before  # `ohwx woman`, `a female warrior`
        first = determiner(words, at)
        if self.known and (first in ("some", "another") or one_more(words, at)):
            return self._someone_else(words, at, key)
        if first is None and key in lx.ROLE_OF_SUBJECT and is_name(words[phrase_start(words, at)], self.names):
            return self._character(at, key=key)  # `ohwx dark skinned woman`
        if first is None and beside_named(words, at):
            return self._someone_else(words, at, key)
        if self.in_focus is not None and not self.noun:
            return self._until_in_focus(words, at)
        return self._again(words, at, first) if self.known else self._first_named(words, at, first)

    def _until_in_focus(self, words: Sequence[Token], at: int) -> Being:
        """`a man and a woman dancing. The woman is the main focus`: whoever stands before her is somebody else."""
        key = words[at].key
        if key == self.in_focus:
            return self._character(at, key=key)
        self.known = True
        return self._someone_else(words, at, key)

    def _first_named(self, words: Sequence[Token], at: int, first: str | None) -> Being:
        """The first person of a caption is the character, unless a pronoun or the name that follows says otherwise."""
        key = words[at].key
        if first in ("a", "an", "another") and with_somebody(words, at):
            self.known = True  # whoever plays chess with him
            return self._someone_else(words, at, key)
        if first in ("her", "his", "their") and phrase_start(words, at) > 0:
            self.known = True  # whoever she is, it is not her friend
            return self._someone_else(words, at, key)
        if first == "the":
            self._other_side(words, at)
        return self._someone_else(words, at, key) if self._before_name(words, at) else self._character(at, key=key)

    def _again(self, words: Sequence[Token], at: int, first: str | None) -> Being:
        """A noun for a person after the character was named: another word for the character, or somebody else."""
        key = words[at].key
        if at > 1 and words[at - 1].key == words[0].key and words[1].key == key and words[0].key not in OPENINGS:
            return self._character(at, key=key)  # `ADRN man, a photo of ADRN man`
        if self._apposition(words, at):
            return self._character(at, key=key)
        if self._is_predicate(words, at) or (not self.named_by_class and self._near_the_front(words, at)):
            return self._character(at, key=key)
        start = phrase_start(words, at)
        if first in (None, "a", "an") and start and words[start - 1].key in ("as", "like"):
            if words[start - 1].key == "as" and (is_plural(key) or while_they_do(words, start, at)):
                return self._someone_else(words, at, key)  # `as visitors with badges walk by`
            return "character"  # `ohwx as a waitress`
        tagged = self.noun in ("male", "female") or self.noun.startswith("1") or _sentence_after_tags(words, at)
        opens = first in ("a", "an") or (first is None and _role_as_tag(words, at))
        one_tag = self.noun.startswith("1") and (first is None or _sentence_after_tags(words, at))  # `1girl, inn. A bard plays`
        if not self.noun and not self.named_by_class and not self.somebody_else and words[start].proper:
            one_tag |= _sentence_after_tags(words, at)  # `ohwx, barre, tights, A dancer bends`
        role = key in lx.ROLE_OF_SUBJECT or (one_tag and not is_plural(key))
        if tagged and opens and role and self._same_sex(key):
            return self._character(at, key=key)  # `photo, male, gym. A man with a buzz cut`
        if first == "the":
            return self._the(words, at)
        loose = first is None and start and words[start - 1].key in (",", ".") and not _elsewhere(words, at)
        may_be = self._same_sex(key) or not self.named_by_class
        if loose and may_be and key in ("male", "female", "man", "woman", "boy", "girl"):
            return "character"
        return self._someone_else(words, at, key)

    def _the(self, words: Sequence[Token], at: int) -> Being:
        """`the woman`, `the dancer`: the character by another word; `the other woman`, `the woman on the right` is none."""
        key = words[at].key
        beside = words[at - 1].key in ("other", "second", "third") or (self.child_beside and key in CHILDREN)
        if beside or by_them(words, at) or self._other_side(words, at):
            return self._someone_else(words, at, key)
        same = key in lx.ROLE_OF_SUBJECT | {self.noun, *self.noun.split()} or {key, self.noun} <= CHILDREN or self._by_role(key)
        return self._character(at, key=key) if same and self._same_sex(key) else self._someone_else(words, at, key)

    def _by_role(self, key: str) -> bool:
        """`a woman on a horse. The rider wears`, `ohwx person, the vendor`: what the only person of the caption does"""
        return not self.somebody_else and key not in YOUNG and not is_plural(key) and (key in DOERS or self.noun in ANYBODY)

    def _other_side(self, words: Sequence[Token], at: int) -> bool:
        """`the woman on the left ...; the woman on the right`: the first side that is named is the character's."""
        after = [token.key for token in words[at + 1 : at + 5]]
        side = next((SIDES[key] for key in after if key in SIDES), None) if after[:1] in (["on"], ["to"], ["in"]) else None
        if side is None:
            return False
        self.side = self.side or side
        return side != self.side

    def _character(self, at: int, key: str = "", named: bool = True) -> Being:
        self.known = True
        self.named_by_class |= named and not key.startswith("1")
        self.noun = self.noun or key
        self.sex = self.sex or sex_of(key)
        if self.fresh:
            self.about, self.fresh = "character", False
        return "character"

    def _someone_else(self, words: Sequence[Token], at: int, key: str) -> Being:
        self.several = is_plural(key)
        self.somebody_else |= key in lx.PERSON or is_plural(key)
        self.child_beside |= key in YOUNG and self.noun not in YOUNG | {""}
        self.last_other = sex_of(key) or "?"
        if lends(words, at):
            return "other"  # `Dad's old coat, boots`: worn by the one whom the caption is about
        if self.fresh and key not in gr.POSSESSIVE and not after_preposition(words, at) and not acted_upon(words, at):
            self.about, self.fresh = "other", False
        return "other"

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

    def _before_name(self, words: Sequence[Token], at: int) -> bool:
        """`a woman behind ohwx`: a preposition, or `and`, right before the name of the character that follows."""
        if not self.names_ahead:
            return False
        name = next((place for place in range(at + 1, len(words)) if is_name(words[place], self.names)), None)
        if name is None or any(token.key in (",", ".") for token in words[at:name]):
            return False
        return words[name - 1].key in gr.PREPOSITIONS | gr.CONJUNCTIONS

    def _apposition(self, words: Sequence[Token], at: int) -> bool:
        """`The customer, a man with thick curls`: a noun of the same sex right after the character and a comma."""
        start = phrase_start(words, at)
        if start < 2 or start == at or words[start - 1].key != "," or words[start].key not in ("a", "an"):
            return False
        if words[start - 2].key in CHARACTER_PRONOUNS:
            return False  # `Behind her, a guitarist plays`
        after = {token.key for token in words[at + 1 : at + 12]}
        return self.before_comma == "character" and self._same_sex(words[at].key) and not after & ELSEWHERE

    def _same_sex(self, key: str) -> bool:
        return sex_of(key) is None or self.sex is None or sex_of(key) == self.sex

    def _is_predicate(self, words: Sequence[Token], at: int) -> bool:
        """`The subject is a woman`, `ohwx, a tall woman`."""
        start = phrase_start(words, at)
        before = words[start - 1].key if start else ""
        if before in gr.COPULAS and self.latest == "other" and self.side is not None:
            return False  # `the person on the right is a woman`
        return (before in gr.COPULAS or (before == "of" and nearest(words, start, PICTURED_IN) and not self.named_by_class)) and (
            self.about == "character"
        )

    def _near_the_front(self, words: Sequence[Token], at: int) -> bool:
        """`ohwx, 1girl, a woman with ...` and `a photo of ohwx, a woman`: the noun stands at the start of a part
        near the front."""
        start = phrase_start(words, at)
        if words[at].key not in lx.ROLE_OF_SUBJECT:
            return False
        if start and words[start].key in ("a", "an") and is_name(words[start - 1], self.names):
            return True  # `skuy a woman with blue eyes`
        if start == 0 or words[start - 1].key not in (",", ":", "("):
            return start > 0 and start == at and words[at - 1].key not in gr.PREPOSITIONS | gr.CONJUNCTIONS
        commas = sum(word.key == "," for word in words[:start])
        part = next((place for place in range(at, len(words)) if words[place].key in (",", ".")), len(words))
        placed = {word.key for word in words[at:part]} & ELSEWHERE
        return commas <= 2 or (commas <= 8 and words[start].key in ("a", "an") and not placed)
