"""Whose looks a phrase describes: the character's, another person's, an animal's or a thing's.

The first person that a caption names, or its trigger, is the character. A person that comes with `a`, `another` or a possessive
later on is someone else. `with`, `in` and `wearing` belong to the nearest being on their left, unless a comma, `and she` or the
like leads back to the one that the sentence is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fluxdiag.dataset import grammar as gr
from fluxdiag.dataset import lexicon as lx
from fluxdiag.dataset.tokens import Token

Being = Literal["character", "other", "thing"]
CHARACTER_PRONOUNS = frozenset({"she", "he", "they", "her", "his", "him", "their", "them", "whose", "who", "i", "my"})
FEMALE_WORDS = frozenset({"she", "her", "hers"})
MALE_WORDS = frozenset({"he", "his", "him"})
BACK = lx.words("wearing wears dressed has have is are wore clad and_wears sporting dons standing sitting")
PICTURED_IN = lx.words("photo photograph picture portrait image")
INDEFINITE = lx.words("a an another two three several many some one other")


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
    for at, token in enumerate(words):
        if token.key in (".", "!", "?"):
            state.end_of_sentence()
        owner[at] = state.previous = state.being(words, at, names)
        about.append(state.about)
        sentence.append(state.sentence)
    if owner and "character" not in owner and "other" in owner[: _first_part(words)]:
        about = ["other"] * len(about)  # a picture of a dog
    return Cast(tuple(owner), tuple(about), tuple(sentence))


def _first_part(words: Sequence[Token]) -> int:
    return next((at for at, token in enumerate(words) if token.key in (",", ".")), len(words))


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
        self.noun = ""
        self.previous: Being | None = None
        """the being that the token before names"""

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
            return self._pronoun(key, at)
        if key in lx.THING:
            return "thing"
        if key == "its" or key in lx.ANIMAL or key.removesuffix("s") in lx.ANIMAL:
            return self._someone_else(words, at, key)
        if key in lx.PERSON or (key.endswith("s") and key[:-1] in lx.PERSON):
            return self._person(words, at)
        return None

    def _person(self, words: Sequence[Token], at: int) -> Being | None:
        key = words[at].key
        following = words[at + 1].key if at + 1 < len(words) else ""
        if _is_no_being(words, at, self.known):
            return None
        if at and words[at - 1].key not in gr.STOPPERS and (before := self.previous) is not None and following != "'s":
            return before  # `ohwx woman`, `a female warrior`
        if not self.known:
            return self._character(at, key=key)
        first = _determiner(words, at)
        if self._is_predicate(words, at) or (not self.named_by_class and self._near_the_front(words, at)):
            return self._character(at, key=key)
        if at and words[at - 1].key in gr.PREPOSITIONS and words[at - 1].key in ("as", "like"):
            return "character"
        if first == "the" and (key in lx.ROLE_OF_SUBJECT or key == self.noun) and self._same_sex(key):
            return self._character(at, key=key)
        if first is None and at and words[at - 1].key in (",", ".") and key in ("male", "female", "man", "woman", "boy", "girl"):
            return "character"
        return self._someone_else(words, at, key)

    def _character(self, at: int, key: str = "", named: bool = True) -> Being:
        self.known = True
        self.named_by_class |= named and not key.startswith("1")
        self.noun = self.noun or key
        if key and self.sex is None:
            self.sex = "f" if key in lx.FEMALE else "m" if key in lx.MALE else None
        if self.fresh:
            self.about, self.fresh = "character", False
        return "character"

    def _someone_else(self, words: Sequence[Token], at: int, key: str) -> Being:
        self.last_other = "f" if key in lx.FEMALE else "m" if key in lx.MALE else "?"
        if self.fresh and key not in gr.POSSESSIVE and not _after_preposition(words, at):
            self.about, self.fresh = "other", False
        return "other"

    def _pronoun(self, key: str, at: int) -> Being:
        sex = "f" if key in FEMALE_WORDS else "m" if key in MALE_WORDS else None
        if sex is not None and self.sex is None:
            self.sex = sex
        if sex is not None and sex != self.sex:
            return "other"
        if key in ("who", "whose") or (key in ("his", "her", "their") and self.about == "other"):
            return (
                "other"
                if self.about == "other" and (self.last_other == "?" or sex is None or self.last_other == sex)
                else "character"
            )
        if key in ("she", "he", "they"):
            self.about, self.fresh, self.known = "character", False, True
        return "character"

    def _same_sex(self, key: str) -> bool:
        sex = "f" if key in lx.FEMALE else "m" if key in lx.MALE else None
        return sex is None or self.sex is None or sex == self.sex

    def _is_predicate(self, words: Sequence[Token], at: int) -> bool:
        """`The subject is a woman`, `ohwx, a tall woman`."""
        start = _phrase_start(words, at)
        before = words[start - 1].key if start else ""
        return (
            before in gr.COPULAS or (before == "of" and _nearest(words, start, PICTURED_IN) and not self.named_by_class)
        ) and (self.about == "character")

    def _near_the_front(self, words: Sequence[Token], at: int) -> bool:
        """`ohwx, 1girl, a woman with ...` and `a photo of ohwx, a woman`: the noun stands at the start of a part"
        " near the front."""
        start = _phrase_start(words, at)
        if words[at].key not in lx.ROLE_OF_SUBJECT:
            return False
        if start == 0 or words[start - 1].key not in (",", ":", "("):
            return start > 0 and start == at and words[at - 1].key not in gr.PREPOSITIONS | gr.CONJUNCTIONS
        return sum(word.key == "," for word in words[:start]) <= 2


def _is_no_being(words: Sequence[Token], at: int, known: bool) -> bool:
    """`firefighter uniform`, `artist's studio`, `family portrait`: the noun only says of what kind a thing is."""
    key, following = words[at].key, words[at + 1].key if at + 1 < len(words) else ""
    if gr.garment_kind(following) is not None and key not in lx.ROLE_OF_SUBJECT:
        return True
    if not known and (following == "'s" or key in lx.PLURAL_PERSON):
        return True
    return following in ("portrait", "made", "body", "style") or (key == "model" and not _starts(words, at))


def made_up(token: Token) -> bool:
    """Looks like a trigger: letters and digits mixed, capitals in the middle, or no vowel at all."""
    key = token.key
    if " " in key or len(key) < 3 or not key.isascii() or key in lx.PERSON:
        return False
    digits = any(c.isdigit() for c in key)
    letters = sum(c.isalpha() for c in key)
    return key.startswith("ohwx") or (digits and letters >= 3 and not key[0].isdigit())


def _determiner(words: Sequence[Token], at: int) -> str | None:
    start = _phrase_start(words, at)
    first = words[start].key
    return first if first in gr.ARTICLES or first in gr.POSSESSIVE else None


def _phrase_start(words: Sequence[Token], at: int) -> int:
    """Where the noun phrase that ends at `at` begins, its article included; commas between adjectives are passed."""
    start = at
    while start and at - start < 8:
        key = words[start - 1].key
        if key in gr.ARTICLES or key in gr.POSSESSIVE:
            return start - 1
        if key in gr.STOPPERS or not (words[start - 1].is_word):
            break
        start -= 1
    return start


def _starts(words: Sequence[Token], at: int) -> bool:
    return _phrase_start(words, at) != at or at == 0


def _after_preposition(words: Sequence[Token], at: int) -> bool:
    start = _phrase_start(words, at)
    return start > 0 and words[start - 1].key in gr.PREPOSITIONS


def _nearest(words: Sequence[Token], start: int, group: lx.Words) -> bool:
    return any(word.key in group for word in words[max(0, start - 3) : start])


def belongs_to_character(words: Sequence[Token], cast_: Cast, start: int, kind: str) -> bool:
    """Whether the phrase that begins at the token `start` is the character's."""
    first = words[start].key
    if first in gr.POSSESSIVE and cast_.owner[start] is not None:
        return cast_.owner[start] == "character"
    if start and words[start - 1].key == "'s":
        return cast_.owner[start - 2] != "other" if start > 1 else True
    if first == "its" or (start and words[start - 1].key == "its"):
        return False
    return _governor(words, cast_, start, has_parts=kind in ("body", "eyes", "face", "mark", "skin")) == "character"


def _governor(words: Sequence[Token], cast_: Cast, start: int, has_parts: bool) -> Being:
    """The nearest being on the left within the sentence, or whom the clause is about after a comma and a verb of wearing."""
    for at in range(start - 1, -1, -1):
        if cast_.sentence[at] != cast_.sentence[start]:
            break
        key = words[at].key
        if key in BACK and at and words[at - 1].key in (",", "and") and not _relative(words, at):
            return cast_.about[at]
        if key in (";", ":", "|", "(", "\n"):
            break
        if key == "," and _is_tag_boundary(words, at) and cast_.about[at] == "character":
            return "character"
        being = cast_.owner[at]
        if being == "thing" and not (has_parts and "with" in {word.key for word in words[at + 1 : start]} and start - at < 4):
            continue
        if (
            being is not None
            and not (key in ("him", "them") and being == "character")
            and not (key in gr.POSSESSIVE and being == "character")
        ):
            return being
    return cast_.about[start]


def _relative(words: Sequence[Token], at: int) -> bool:
    """`a man next to him, who has a beard and wears`: still about the man."""
    return any(word.key in ("who", "which", "that") for word in words[max(0, at - 9) : at])


def _is_tag_boundary(words: Sequence[Token], at: int) -> bool:
    """A comma of a list of tags or loose parts: no finite clause goes on across it."""
    after = words[at + 1].key if at + 1 < len(words) else ""
    return after not in gr.CONJUNCTIONS and after not in gr.PREPOSITIONS and after not in gr.WEAR
