"""What the heading of a section says about what stands under it: `**Hair:** dark, in two braids`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.sections import Section
from fluxdiag.dataset.finding.tags import heading_kind
from fluxdiag.dataset.finding.tokens import Token

OF_THE_BODY = lx.words("hair eyes face skin body")
"""kinds of which a value is one phrase; clothes are told piece by piece"""
SENTENCE = gr.PRONOUNS | gr.COPULAS | gr.HAVE - {"with"} | gr.WEAR | lx.words("none no not visible hidden unclear partially")
LONGEST = 14
"""words of a value"""


def under_heading(words: Sequence[Token], headed: Sequence[Section]) -> Iterator[Phrase]:
    """Each value that is no sentence, up to its full stop."""
    for section in headed:
        kind = heading_kind(section.heading.rpartition(" ")[2]) if section.heading else None
        value = [at for at, word in enumerate(words) if section.content <= word.start < section.end]
        stop = next((at for at in value if words[at].key in ".;\n"), value[-1] + 1 if value else 0)
        if kind is None or kind not in OF_THE_BODY or not value or not 0 < stop - value[0] <= LONGEST:
            continue
        if not any(word.key in SENTENCE for word in words[value[0] : stop]):
            yield Phrase(value[0], stop, kind)


def told_of_scene(words: Sequence[Token], headed: Sequence[Section], phrase: Phrase) -> bool:
    """Whether it stands in a section of the scene or of others that does not speak of the character at all."""
    at = words[phrase.start].start
    section = next((one for one in headed if one.start <= at < one.end), None)
    if section is None or not section.of_scene:
        return False
    return not any(
        word.key in gr.POSSESSIVE | gr.PRONOUNS - {"it", "who", "they", "them"}
        for word in words
        if section.content <= word.start < section.end
    )
