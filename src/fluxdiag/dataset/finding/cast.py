"""Who is named where in a caption: the character, another person, an animal or a thing.

The first person that a caption names, or its trigger, is the character. A person that comes with `a`, `another` or a possessive
later on is someone else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.focus import in_focus
from fluxdiag.dataset.finding.known import Being
from fluxdiag.dataset.finding.naming import is_name, is_plural, joins_looks, may_be_trigger
from fluxdiag.dataset.finding.so_far import State, may_name
from fluxdiag.dataset.finding.somebody_else import acted_upon, with_somebody
from fluxdiag.dataset.finding.tokens import Token

ENDS = frozenset(".!?;")


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
    state = State()
    keys = [token.key for token in words]
    state.names, state.names_ahead = names, not names.isdisjoint(keys) or any(map(may_be_trigger, keys))
    state.in_focus = None if state.names_ahead else in_focus(words)
    for at, key in enumerate(keys):
        if key in ENDS:
            state.end_of_sentence()
        elif key == "," and not joins_looks(words, at):
            state.before_comma = state.previous
        named = state.being(words, at) if may_name(key) or key in names else None
        if named is not None and (key in lx.PERSON or is_name(words[at], names)):
            state.latest = named
        owner[at] = state.previous = named
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
    if with_somebody(words, other):
        return True  # `jhn playing chess with an old man`
    joined = len(words) > 1 and words[1].key in gr.CONJUNCTIONS
    named = words[0].proper and (acted_upon(words, other) or joined)
    return named or any(is_plural(token.key) for token in words[:other])
