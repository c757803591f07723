"""What the heading of a section says about what stands under it: `**Hair:** dark, in two braids`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.sections import Section
from fluxdiag.dataset.finding.tags import heading_kind
from fluxdiag.dataset.finding.tokens import Token
from fluxdiag.records import AppearanceKind

OF_THE_BODY = lx.words("hair eyes face skin body age")
"""kinds of which a value is one phrase; clothes are told piece by piece"""
OF_ORIGIN = lx.words("ethnicity race nationality heritage")
SENTENCE = gr.PRONOUNS | gr.COPULAS | gr.HAVE - {"with"} | gr.WEAR | lx.words("none no not visible hidden unclear partially")
STOPS = frozenset(".;\n")
GENERAL = lx.words("appearance features looks look")
"""headings under which looks of several kinds stand"""
LONGEST = 14
"""words of a value"""
SHE = lx.words("she he her his him")
CLASS = lx.words("woman man girl boy subject person character model")


def under_heading(words: Sequence[Token], headed: Sequence[Section]) -> Iterator[Phrase]:
    """Each value that is no sentence, up to its full stop."""
    for section in headed:
        kind = _kind(section.heading)
        if kind is None or kind not in OF_THE_BODY:
            continue
        for first, stop in _sentences(words, _inside(words, section)):
            if stop - first <= LONGEST and not any(word.key in SENTENCE | lx.MOOD_HEADS for word in words[first:stop]):
                yield Phrase(first, stop, kind)


def confined(words: Sequence[Token], headed: Sequence[Section], found: Iterable[Phrase]) -> Iterator[Phrase]:
    """Phrases end with their section. None is in a heading, nor in a section of the scene that is silent about the character."""
    if not headed:
        yield from found
        return
    silent = [section for section in headed if section.of_scene and not _of_character(words, section)]
    for one in found:
        section = next((each for each in headed if each.start <= words[one.start].start < each.end), None)
        if section is None:
            yield one
        elif section not in silent and words[one.start].start >= section.content:
            end = next((at for at in range(one.start, one.end) if words[at].start >= section.end), one.end)
            end -= end < one.end and words[end - 1].key in STOPS | {","}
            yield replace(one, end=end)


def _kind(heading: str) -> AppearanceKind | None:
    """Of the first of its words that names a look: `hair color`, `eye color`, `age`."""
    for word in heading.split():
        if word == "age" or word in OF_ORIGIN:
            return "age" if word == "age" else "skin"
        if word not in GENERAL and (kind := heading_kind(word)) is not None:
            return kind
    return None


def _inside(words: Sequence[Token], section: Section) -> list[int]:
    return [at for at, word in enumerate(words) if section.content <= word.start < section.end]


def _sentences(words: Sequence[Token], places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Of these tokens, which follow one another, each run between full stops."""
    if not places:
        return
    first, end = places[0], places[-1] + 1
    for at in range(first, end + 1):
        if at == end or words[at].key in STOPS:
            if at > first:
                yield first, at - (words[at - 1].key == "," and at - 1 > first)
            first = at + 1


def _of_character(words: Sequence[Token], section: Section) -> bool:
    """`**Setting:** The woman wears a red dress in a gym`, but not `**Background:** Two dancers and their teacher`"""
    places = _inside(words, section)
    return any(words[at].key in SHE or (words[at].key in CLASS and words[at - 1].key in ("the", "this")) for at in places)
