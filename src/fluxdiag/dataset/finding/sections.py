"""Captions that chat models write in sections: `**Hair:** long and red. **Background:** a gym`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

BULLET = r"(?:(?:[-*•]|\d+[.)])\s+)?"
NAME = r"[A-Z][\w/&'’-]*(?:[ ][\w/&'’-]+){0,3}(?:[ ]\([^()\n]{1,20}\))?"
BOLD = re.compile(
    rf"(?:^|(?<=\s)){BULLET}(?:"
    rf"(?:\*\*|__)({NAME})(?::(?:\*\*|__)|(?:\*\*|__)(?::|\s[-–—](?=\s)))|\*({NAME}):\*"  # `**Hair:**`, `**Hair** -`, `*Hair:*`
    rf"|\#{{1,6}}\s({NAME})(?:\s?:|(?=\n)|,(?=\s))"  # `### Hair` on a line of its own
    r")\s*"
)
PLAIN = re.compile(
    rf"(?:^|(?<=\n)|(?<=[.,;!?]\s)|(?<=\s)(?=[-•]\s)){BULLET}({NAME})(?::[ \t]+|\s[-–—]\s)(?=\S)",
)
SCENE = lx.words("""
    background backdrop setting location place scene environment surroundings lighting light mood atmosphere tone medium
    color colors colour colours palette quality text watermark objects props people others weather time focus technique format
    genre context
""")
"""what a section is headed by that tells of no looks of the character"""
LOOKS = lx.words("""
    hair hairstyle eyes eye face facial skin clothing clothes outfit attire dress appearance accessories accessory features body
    build makeup jewelry jewellery age looks footwear headwear expression costume uniform physique complexion beard tattoos marks
    gender ethnicity
""")
OTHER = lx.words("""
    subject subjects character person pose posture action activity description main gaze overview
    style camera angle composition framing shot perspective
""")
"""the person, or the picture of them"""


@dataclass(frozen=True)
class Section:
    """Characters `start` to `end` of a caption; what it says begins at `content`, behind its heading. Before the first heading
    `heading` is empty."""

    start: int
    content: int
    end: int
    heading: str = ""

    @property
    def of_scene(self) -> bool:
        words = set(self.heading.split())
        return bool(words & SCENE) and not words & (LOOKS | OTHER)


@lru_cache(maxsize=16)
def sections(caption: str) -> tuple[Section, ...]:
    """The sections in order, which are the whole caption; none where nothing has a heading. Bold type makes one, without it
    there are two at least that name what captions are about."""
    bold = list(BOLD.finditer(caption))
    plain = [one for one in PLAIN.finditer(caption) if _known(one[1])]
    if not bold and len(plain) < 2:
        return ()
    found = _apart(sorted([*bold, *plain], key=lambda one: one.start()))
    heads = [Section(one.start(), one.end(), len(caption), _name(one)) for one in found]
    ends = [one.start for one in heads[1:]] + [len(caption)]
    headed = tuple(Section(one.start, one.content, end, one.heading) for one, end in zip(heads, ends, strict=True))
    return (Section(0, 0, heads[0].start), *headed) if heads[0].start else headed


def _apart(found: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """Without those that begin in the one before: `Setting - **Hair:**` has one heading, a bullet in it or not."""
    kept: list[re.Match[str]] = []
    for one in found:
        if not kept or one.start() >= kept[-1].end():
            kept.append(one)
    return kept


def _name(found: re.Match[str]) -> str:
    return next(name for name in found.groups() if name).lower()


def _known(name: str) -> bool:
    return not set(name.lower().replace("(", " ").split()).isdisjoint(SCENE | LOOKS | OTHER)


def parted(words: Sequence[Token], headed: Sequence[Section]) -> tuple[Token, ...]:
    """The same words with a full stop before each section, and a colon behind each heading, where there is none."""
    found = list(words)
    for section in headed:
        _mark(found, section.start, ".")
        if section.heading:
            _mark(found, section.content, ":")
    return tuple(found)


def _mark(words: list[Token], place: int, key: str) -> None:
    at = next((at for at, word in enumerate(words) if word.start >= place), len(words))
    if not at or words[at - 1].key in CLAUSE_END:
        return
    mark = Token(words[at - 1].end, words[at - 1].end, key)
    if words[at - 1].key == ",":
        words[at - 1] = mark
    else:
        words.insert(at, mark)
