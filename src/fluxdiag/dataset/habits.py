"""What a whole set of captions shows: copies, phrases that most of them repeat, what wrote them, and how the trigger
is used."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Sequence

REPEATED = 0.8
"""share of captions from which on a phrase is bound to the trigger like a part of it"""
LEAST = 5
NAMED, SHOWN = 3, 60
"""files that a line names, and characters of a caption that it repeats"""
CAPTIONERS = (
    (
        "WD14 or another booru tagger",
        re.compile(r"\b(?:1girl|1boy|2girls|looking at viewer|looking_at_viewer|solo|simple background)\b"),
    ),
    ("BLIP", re.compile(r"\barafed\b|^there (?:is|are) (?:a|an|two)\b|\bthat is (?:sitting|standing|holding)\b")),
    ("Florence-2", re.compile(r"^(?:The image (?:shows|is)|In (?:this|the) image we can see)\b")),
    ("JoyCaption", re.compile(r"^(?:Photograph|This is a (?:[\w-]+ )?photograph|A (?:[\w-]+ )*photograph)\b", re.I)),
    (
        "a chat model",
        re.compile(
            r"\b(?:captivating|striking|showcas\w+|exud\w+|adorn\w+|backdrop|conveys a sense|In this (?:image|portrait))\b"
        ),
    ),
)


def trigger_problems(caption: str, trigger: str) -> list[str]:
    """Missing, repeated, inflected or split; or there is no caption to hold it."""
    if not caption.strip():
        return ["empty caption"]
    exact = re.findall(rf"(?<!\w){re.escape(trigger)}(?!\w)", caption)
    loose = re.findall(rf"(?<!\w){re.escape(trigger)}(?!\w)", caption, re.IGNORECASE)
    problems = []
    if len(loose) > 1:
        problems.append(f"trigger {len(loose)} times")
    if loose and len(exact) < len(loose):
        problems.append("trigger in other letter case")
    if re.search(rf"(?<!\w){re.escape(trigger)}(?:['’]s|s)(?!\w)", caption, re.IGNORECASE):
        problems.append("trigger inflected")
    if not loose:
        problems.append("trigger split" if _split(caption, trigger) else "trigger missing")
    return problems


def _split(caption: str, trigger: str) -> bool:
    """`MY CHAR 01`, `my-char01`: the same letters with something between."""
    letters = [c for c in trigger if c.isalnum()]
    if len(letters) < 3:
        return False
    return re.search(r"(?<!\w)" + r"[\W_]{0,2}".join(map(re.escape, letters)) + r"(?!\w)", caption, re.IGNORECASE) is not None


def set_problems(captions: Sequence[str], trigger: str, names: Sequence[str]) -> list[str]:
    """Identical captions, and phrases that over 80% of them carry. `names`: of the captions' files."""
    copies = [(text, count) for text, count in Counter(captions).most_common() if count > 1 and text]
    problems = []
    for text, count in copies[:5]:
        files = [name for name, caption in zip(names, captions, strict=True) if caption == text]
        named = ", ".join(files[:NAMED]) + (", ..." if count > NAMED else "")
        problems.append(f"{count} captions are identical ({named}): {textwrap.shorten(text, SHOWN, placeholder=' ...')}")
    if len(captions) >= LEAST:
        problems += [f"{share:.0%} of the captions carry '{phrase}'" for phrase, share in repeated(captions, trigger)]
    return problems


def repeated(captions: Sequence[str], trigger: str) -> list[tuple[str, float]]:
    """Parts between commas and runs of three words that over 80% share, the longest only."""
    counts = Counter(phrase for caption in captions for phrase in sorted(_phrases(caption, trigger)))
    often = {phrase: count / len(captions) for phrase, count in counts.items() if count > REPEATED * len(captions)}
    return [(phrase, share) for phrase, share in often.items() if not any(phrase != other and phrase in other for other in often)]


def _phrases(caption: str, trigger: str) -> set[str]:
    text = caption.lower().replace(trigger.lower(), " ")
    parts = {" ".join(part.split()) for part in re.split(r"[,.;]", text)}
    words = re.findall(r"[\w'-]+", text)
    runs = {" ".join(words[at : at + 3]) for at in range(len(words) - 2)}
    return {phrase for phrase in parts | runs if len(phrase) > 3}


def captioner(captions: Sequence[str]) -> str | None:
    """What probably wrote them: the one whose marks most captions bear; None if under a third do."""
    counts = Counter(name for caption in captions for name, marks in CAPTIONERS if marks.search(caption))
    name, count = counts.most_common(1)[0] if counts else ("", 0)
    return f"{name} ({count} of {len(captions)} captions bear its marks)" if 3 * count >= len(captions) and count else None
