"""The trigger in the place of the noun for the person: `A woman standing in a park` -> `MYCHAR01 standing in a park`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.cast import cast
from fluxdiag.dataset.finding.tokens import Token, tokens
from fluxdiag.dataset.trigger import NOT_FIRST
from fluxdiag.dataset.trigger_spelling import exact, once, spelled, variants

NOUN = lx.pattern(lx.CLASS_NOUNS)


def with_trigger(caption: str, trigger: str) -> str:
    """The caption with the trigger as its subject, once, as it is spelt; unchanged where it has it already."""
    if not caption:
        return trigger
    caption = spelled(caption, variants(caption, trigger))
    caption = caption if exact(caption, trigger) else _inserted(caption, trigger)
    return once(_without_noun(caption, trigger), trigger)


def _inserted(caption: str, trigger: str) -> str:
    """In the place of the trigger's own word without its noun, of the noun for the person, or in front."""
    if (short := _without_its_noun(caption, trigger)) is not None:
        return caption[: short.start()] + trigger + caption[short.end() :]
    words = tokens(caption)
    place = _subject(words, trigger)
    if place is None:
        return f"{trigger}, {caption}"
    start, end = words[place[0]].start, words[place[1] - 1].end
    return caption[:start] + trigger + caption[end:]


def _without_its_noun(caption: str, trigger: str) -> re.Match[str] | None:
    """`ohwx` alone or `ohwx girl`, where the trigger is `ohwx woman`."""
    head, _, noun = trigger.rpartition(" ")
    if not head or noun.lower() not in lx.PERSON or NOT_FIRST.fullmatch(head):
        return None
    return re.search(rf"(?<!\w){re.escape(head)}(?!\w)(?:\s+(?i:{NOUN})(?!\w))?", caption)


def _subject(words: Sequence[Token], trigger: str) -> tuple[int, int] | None:
    """The tokens of the first noun phrase, or pronoun, for the character."""
    owners = cast(words, trigger).owner
    for at, token in enumerate(words):
        if owners[at] != "character":
            continue
        if token.key in ("she", "he", "they"):
            return at, at + 1
        if token.key in lx.PERSON:
            end = at + 1
            while end < len(words) and words[end].key in lx.PERSON and owners[end] == "character":
                end += 1
            return _start(words, at), end
    return None


def _start(words: Sequence[Token], at: int) -> int:
    """With its article and up to three adjectives; without an article the noun alone."""
    for start in range(at - 1, max(-1, at - 5), -1):
        key = words[start].key
        if key in gr.ARTICLES or key in gr.POSSESSIVE:
            return start
        if key in gr.STOPPERS or not words[start].is_word:
            break
    return at


def _without_noun(caption: str, trigger: str) -> str:
    """`ohwx, a woman at a concert` -> `ohwx at a concert`: the noun beside the trigger says nothing more."""
    noun = rf"(?:1girl|1boy|(?:an?|the)\s+(?:{NOUN}))(?=[\s,.]|$)"
    beside = rf"((?<!\w){re.escape(trigger)})(?:,\s+{noun})+(?:,(?=\s+(?:\w+ing|with|in|on|at)\b))?"
    return re.sub(beside, r"\1", caption, count=1, flags=re.IGNORECASE)
