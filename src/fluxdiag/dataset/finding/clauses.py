"""What a clause of its own says of looks: `Her eyes are a vivid green`, `Several tattoos are visible on her arms`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.clause_parts import SAYS
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import owner_start
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.predicates import NOUNS_TOO, has_verb, predicate_end
from fluxdiag.dataset.finding.subjects import GONE
from fluxdiag.dataset.finding.tails import BODY_PART
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

LED_BY = lx.words("on over around across at in into through from behind under against onto beneath")


def clauses(words: Sequence[Token], found: Sequence[Phrase]) -> Iterator[Phrase]:
    """A phrase that opens its clause with `her` or `the`, and what the clause says of it, to the clause's end."""
    for phrase in found:
        if phrase.kind in ("expression", "age") or phrase.end >= len(words):
            continue
        if not _opens(words, phrase):
            continue
        end = on_body_clause(words, phrase) or predicate_end(words, phrase)
        if end is not None and end > phrase.end:
            yield Phrase(owner_start(words, phrase.start), end, phrase.kind, whole=True)


BREAKS = (SAYS - NOUNS_TOO) | gr.COPULAS | CLAUSE_END
OPENING = gr.ARTICLES | gr.POSSESSIVE | lx.QUANTITY | {"tattoos", "freckles"}


def _opens(words: Sequence[Token], phrase: Phrase) -> bool:
    if (inverted := owner_start(words, phrase.start)) and words[inverted - 1].key in LED_BY:
        return False  # `Perched on his nose are round glasses`
    first = words[phrase.start].key
    before = words[phrase.start - 1].key if phrase.start else "."
    perfect = words[phrase.end].key in ("has", "have") and words[min(phrase.end + 1, len(words) - 1)].key in GONE | {"been"}
    finite = words[phrase.end].key in gr.COPULAS or perfect
    closed = phrase.start > 1 and words[phrase.start - 2].key == "," and first in ("the", "both") and finite
    acts = words[phrase.end].key in verbs.PERSON_ACTS and not perfect
    if before in ("and", "with") and acts and _still_with(words, phrase.start):
        return False  # `with chalk on her hands and her hair in a bun stares`
    if before == "and" and first not in gr.POSSESSIVE and not closed and _still_with(words, phrase.start):
        return False
    if "of" in {token.key for token in words[phrase.start + 1 : min(phrase.start + 3, phrase.end - 1)]} and before != "of":
        return before in gr.CONJUNCTIONS | {",", "while", "that"} or before in CLAUSE_END or phrase.start == 0
    return (
        first in gr.POSSESSIVE
        or before in (".", "!", "?", "'s", "\n", ";", ":")
        or phrase.start == 0
        or (before in ("and", ",", "while", "though", "although") and first in OPENING)
        or (before == "with" and first in gr.POSSESSIVE)
    )


def _still_with(words: Sequence[Token], start: int) -> bool:
    """`a model with sharp features and a sleek bob stands`: what stands is the model."""
    for token in reversed(words[:start]):
        if token.key in BREAKS:
            return False
        if token.key in ("with", "has", "having", "wearing", "in"):
            return True
    return False


def on_body_clause(words: Sequence[Token], phrase: Phrase) -> int | None:
    """`Several tattoos are visible on her arms`, `A scar runs down her arm`: the end of what is said of it."""
    if phrase.kind not in ("mark", "hair") or words[phrase.start].key in gr.POSSESSIVE:
        return None
    at = phrase.end
    while at < len(words) and at - phrase.end < 9 and words[at].key not in CLAUSE_END | {",", "and", "as", "while"}:
        if words[at].key in gr.POSSESSIVE | {"each", "one"} and at + 1 < len(words) and at > phrase.end:
            part = next((place for place in range(at + 1, min(at + 4, len(words))) if words[place].key in BODY_PART), None)
            return None if part is None or not has_verb(words, phrase.end, at) else part + 1
        at += 1
    return None
