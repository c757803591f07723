"""Captions that chat models write in sections: `**Hair:** long and red. **Background:** a gym`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fluxdiag.dataset.finding import lexicon as lx

BULLET = r"(?:(?:[-*•]|\d+[.)])\s+)?"
NAME = r"[A-Z][\w/&'’-]*(?:\s[\w/&'’-]+){0,3}"
BOLD = re.compile(rf"(?:^|(?<=\s)){BULLET}(?:\*\*|__)({NAME})(?::(?:\*\*|__)|(?:\*\*|__):)\s*")
PLAIN = re.compile(rf"(?:^|(?<=\n)|(?<=[.;!?]\s)|(?<=\s)(?=[-•]\s)){BULLET}({NAME}):[ \t]+(?=\S)")
SCENE = lx.words("""
    background backdrop setting location place scene environment surroundings lighting light mood atmosphere tone style medium
    camera angle composition framing shot perspective color colors colour colours palette quality text watermark objects props
    people others weather time focus technique format genre context
""")
"""what a section is headed by that tells of no looks of the character"""
LOOKS = lx.words("""
    hair hairstyle eyes eye face facial skin clothing clothes outfit attire dress appearance accessories accessory features body
    build makeup jewelry jewellery age looks footwear headwear expression costume uniform physique complexion beard tattoos marks
    gender ethnicity
""")
PERSON = lx.words("subject subjects character person pose posture action activity description main gaze overview")


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
        return bool(words & SCENE) and not words & (LOOKS | PERSON)


def sections(caption: str) -> tuple[Section, ...]:
    """The sections in order, which are the whole caption; none where nothing has a heading. Bold type makes one, without it
    there are two at least that name what captions are about."""
    found = list(BOLD.finditer(caption)) or [one for one in PLAIN.finditer(caption) if _known(one[1])]
    if not found or (len(found) == 1 and "*" not in found[0][0] and "_" not in found[0][0]):
        return ()
    heads = [Section(one.start(), one.end(), len(caption), one[1].lower()) for one in found]
    ends = [one.start for one in heads[1:]] + [len(caption)]
    headed = tuple(Section(one.start, one.content, end, one.heading) for one, end in zip(heads, ends, strict=True))
    return (Section(0, 0, heads[0].start), *headed) if heads[0].start else headed


def _known(name: str) -> bool:
    return not set(name.lower().split()).isdisjoint(SCENE | LOOKS | PERSON)
