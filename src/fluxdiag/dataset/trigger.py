"""Which words stand for the person: what was offered, judged by the captions that were trained."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.records import Fact

PERSON = lx.pattern(lx.CLASS_NOUNS)
CLASS_NOUN = re.compile(rf"\b(?:{PERSON})\b", re.IGNORECASE)
SINGULAR = {"women": "woman", "men": "man", "people": "person", "girls": "girl", "boys": "boy", "ladies": "lady", "guys": "guy"}
MOST, NEARLY_ALL = 0.8, 0.9
NOT_FIRST = re.compile(
    r"(an?|the|photo|photograph|picture|portrait|image|selfie|close-?up|closeup|full|upper|half|medium|wide|headshot|shot|young|old"
    rf"|1girl|1boy|solo|this|there|in|on|at|with|{PERSON})",
    re.IGNORECASE,
)


def holds(caption: str, phrase: str) -> bool:
    """Whether the caption has the phrase as whole words, whatever the case."""
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", caption, re.IGNORECASE) is not None


def chosen(candidates: Iterable[Fact], captions: Sequence[str]) -> Fact | None:
    """The first candidate that captions hold, in the captions' own spelling; without such a one simply the first."""
    offered = list(candidates)
    for fact in offered:
        found = [m[0] for caption in captions if (m := re.search(rf"(?<!\w){re.escape(str(fact.value))}(?!\w)", caption, re.I))]
        if found:
            return Fact(value=Counter(found).most_common(1)[0][0], source=fact.source)
    return offered[0] if offered else None


def opening(captions: Sequence[str]) -> Fact | None:
    """The words that most captions begin with, when the first of them is no ordinary one: `ohwx woman`."""
    first = Counter(caption.split()[0].strip(",.") for caption in captions if caption.split())
    if len(captions) < 3 or not first:
        return None
    word, count = first.most_common(1)[0]
    if count < MOST * len(captions) or NOT_FIRST.fullmatch(word):
        return None
    return Fact(value=word, source=f"captions: {count} of {len(captions)} begin with it")


def with_class(trigger: Fact, captions: Sequence[str]) -> Fact:
    """`ohwx` -> `ohwx woman` where nearly every caption that holds it goes on with that noun."""
    phrase = str(trigger.value)
    following = Counter(
        (m[1] or "").lower()
        for caption in captions
        if (m := re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)(?:\s+({PERSON})\b)?", caption, re.IGNORECASE))
    )
    noun, count = following.most_common(1)[0] if following else ("", 0)
    if not noun or count < NEARLY_ALL * sum(following.values()) or CLASS_NOUN.fullmatch(phrase.split()[-1]):
        return trigger
    return Fact(value=f"{phrase} {noun}", source=f"{trigger.source}, with the noun that the captions add")


def class_noun(phrase: str) -> str | None:
    """The last word of a trigger phrase when it says what the person is: `ohwx woman` -> `woman`."""
    last = phrase.split()[-1].lower() if phrase.split() else ""
    return SINGULAR.get(last, last) if CLASS_NOUN.fullmatch(last) else None


def common_class(captions: Sequence[str]) -> Fact | None:
    """The noun for a person that most captions use first."""
    nouns = [m[0].lower() for caption in captions if (m := CLASS_NOUN.search(caption))]
    if not nouns:
        return None
    noun, count = Counter(SINGULAR.get(noun, noun) for noun in nouns).most_common(1)[0]
    return Fact(value=noun, source=f"captions: {count} of {len(captions)}")
