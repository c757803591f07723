"""Who is named where in a caption: the character, another person, an animal or a thing.

The first person that a caption names, or its trigger, is the character. A person that comes with `a`, `another` or a possessive
later on is someone else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import (
    after_preposition,
    determiner,
    is_name,
    is_no_being,
    is_plural,
    lends,
    made_up,
    nearest,
    of_its_kind,
    phrase_start,
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
BY = lx.words("behind beside near to opposite against beneath above below under with facing by")
UNNAMED = lx.words("one other others some several most many")
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
ELSEWHERE = lx.words("behind background beside next distance foreground")


@dataclass(frozen=True)
class Cast:
    """Who is named where. `owner[i]` is the being at token i, or None; `about[i]` whom the clause there is about."""

    owner: tuple[Being | None, ...]
    about: tuple[Being, ...]
    sentence: tuple[int, ...]


def cast(words: Sequence[Token], trigger: str | None = None) -> Cast:
    """Every being of a caption, and whom each clause is about."""
    names = set() if trigger is None else set(trigger.lower().replace("-", " ").split()) - lx.PERSON
    owner: list[Being | None] = [None] * len(words)
    about: list[Being] = []
    sentence: list[int] = []
    state = _State()
    state.names, state.names_ahead = names, any(is_name(token, names) for token in words)
    for at, token in enumerate(words):
        if token.key in (".", "!", "?", ";"):
            state.end_of_sentence()
        if token.key == ",":
            state.before_comma = state.previous
        owner[at] = state.previous = state.being(words, at, names)
        if owner[at] is not None and (token.key in lx.PERSON or is_name(token, names)):
            state.latest = owner[at]
        about.append(state.about)
        sentence.append(state.sentence)
    if owner and "character" not in owner and "other" in owner[: _first_part(words)] and not _of_people(words, owner):
        about = ["other"] * len(about)  # a picture of a dog
    return Cast(tuple(owner), tuple(about), tuple(sentence))


def _first_part(words: Sequence[Token]) -> int:
    return next((at for at, token in enumerate(words) if token.key in (",", ".")), len(words))


def _of_people(words: Sequence[Token], owner: Sequence[Being | None]) -> bool:
    """`two women in saris next to an elephant`, `Jen walking the dog`, `Lena & the pup`: the picture is of the women, of Jen."""
    other = owner.index("other")
    named = words[0].proper and (_acted_upon(words, other) or words[1].key in gr.CONJUNCTIONS)
    return named or any(is_plural(token.key) for token in words[:other])


def _by_them(words: Sequence[Token], at: int) -> bool:
    """`the wrestler beneath him`, `the girl next to her`: not the one who is meant by the pronoun."""
    for place in range(at + 2, min(at + 4, len(words))):
        if words[place].key in ("him", "her", "them") and words[place - 1].key in BY:
            after = words[place + 1].key if place + 1 < len(words) else "."
            return words[place].key != "her" or after in gr.STOPPERS or not after[0].isalnum()
    return False


def _acted_upon(words: Sequence[Token], at: int) -> bool:
    """`Oma feeding the chickens`: what somebody does something to is not whom the clause is about."""
    start = phrase_start(words, at)
    return start > 0 and words[start - 1].key in verbs.PERSON_DOING - PRESENTING


def _one_more(words: Sequence[Token], at: int) -> bool:
    """`other workers`, `There are three musicians`: said of somebody who was not named yet."""
    start = phrase_start(words, at)
    if any(token.key == "other" for token in words[start:at]) and words[start].key != "the":
        return True
    there = start > 1 and words[start - 1].key in gr.COPULAS and words[start - 2].key == "there"
    return there and words[at].key not in lx.ROLE_OF_SUBJECT


def _beside_named(words: Sequence[Token], at: int) -> bool:
    """`Yusuf, cricket nets. coach in the red cap`: a loose part of its own, in a caption that opens with a name."""
    named = words[0].proper and words[0].key not in OPENINGS and gr.head_kind(words[0].key) is None
    loose = at > 3 and words[at - 1].key in (".", ",", "!", "?") and words[at].key not in lx.ROLE_OF_SUBJECT
    following = words[at + 1].key if at + 1 < len(words) else "."
    return named and loose and (following in ("in", "with", "behind", "wearing", "at") or following.endswith("ing"))


def _sex(key: str) -> str | None:
    return "f" if key in lx.FEMALE else "m" if key in lx.MALE else None


class _State:
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
        if (key in lx.ANIMAL or key.removesuffix("s") in lx.ANIMAL) and of_its_kind(words, at):
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
        if at and words[at - 1].key not in gr.STOPPERS and (before := self.previous) is not None and following != "'s":
            if before == "character":
                self.named_by_class |= not key.startswith("1")
                self.sex = self.sex or _sex(key)
            return before  # `ohwx woman`, `a female warrior`
        first = determiner(words, at)
        if self.known and (first in ("some", "another") or _one_more(words, at)):
            return self._someone_else(words, at, key)
        if first is None and key in lx.ROLE_OF_SUBJECT and is_name(words[phrase_start(words, at)], self.names):
            return self._character(at, key=key)  # `ohwx dark skinned woman`
        if first is None and _beside_named(words, at):
            return self._someone_else(words, at, key)
        if not self.known and first in ("her", "his", "their") and phrase_start(words, at) > 0:
            self.known = True  # whoever she is, it is not her friend
            return self._someone_else(words, at, key)
        if not self.known:
            if first == "the":
                self._other_side(words, at)
            return self._someone_else(words, at, key) if self._before_name(words, at) else self._character(at, key=key)
        if self._apposition(words, at):
            return self._character(at, key=key)
        if self._is_predicate(words, at) or (not self.named_by_class and self._near_the_front(words, at)):
            return self._character(at, key=key)
        if first in (None, "a", "an") and (start := phrase_start(words, at)) and words[start - 1].key in ("as", "like"):
            return "character"  # `ohwx as a waitress`
        tagged = self.noun in ("male", "female") or self.noun.startswith("1")
        if (
            tagged
            and first in ("a", "an")
            and key in lx.ROLE_OF_SUBJECT
            and self._same_sex(key)
            and words[at - 1].key != "another"
        ):
            return self._character(at, key=key)  # `photo, male, gym. A man with a buzz cut`
        if first == "the" and (
            words[at - 1].key in ("other", "second", "third")
            or (self.child_beside and key in CHILDREN)
            or _by_them(words, at)
            or self._other_side(words, at)
        ):
            return self._someone_else(words, at, key)
        if (
            first == "the"
            and (key in lx.ROLE_OF_SUBJECT or key in self.noun.split() or key == self.noun or {key, self.noun} <= CHILDREN)
            and self._same_sex(key)
        ):
            return self._character(at, key=key)
        loose = first is None and at and words[at - 1].key in (",", ".")
        may_be = self._same_sex(key) or not self.named_by_class
        if loose and may_be and key in ("male", "female", "man", "woman", "boy", "girl"):
            return "character"
        return self._someone_else(words, at, key)

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
        self.sex = self.sex or _sex(key)
        if self.fresh:
            self.about, self.fresh = "character", False
        return "character"

    def _someone_else(self, words: Sequence[Token], at: int, key: str) -> Being:
        self.several = is_plural(key)
        self.child_beside |= key in YOUNG and self.noun not in YOUNG | {""}
        self.last_other = _sex(key) or "?"
        if lends(words, at):
            return "other"  # `Dad's old coat, boots`: worn by the one whom the caption is about
        if self.fresh and key not in gr.POSSESSIVE and not after_preposition(words, at) and not _acted_upon(words, at):
            self.about, self.fresh = "other", False
        return "other"

    def _pronoun(self, words: Sequence[Token], at: int) -> Being:
        key = words[at].key
        sex = "f" if key in FEMALE_WORDS else "m" if key in MALE_WORDS else None
        if sex is not None and self.sex is None:
            if key in ("her", "his") and self.latest == "other" and self.last_other == sex:
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
        return _sex(key) is None or self.sex is None or _sex(key) == self.sex

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
