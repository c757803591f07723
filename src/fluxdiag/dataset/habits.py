"""What a whole set of captions shows: copies, phrases that most of them repeat, what wrote them, and how the trigger
is used."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.trigger import CLASS_NOUN, NOT_FIRST, holds, opening, with_class
from fluxdiag.dataset.trigger_spelling import exact, once, spelled, variants
from fluxdiag.records import Fact

REPEATED = 0.8
"""share of captions from which on a phrase is bound to the trigger like a part of it"""
LEAST = 5
RUN, SHORTEST = 3, 3
"""words of a run, and characters that are no phrase yet"""
CLAUSE_END, WORD = re.compile(r"[,.;:!?()\n]"), re.compile(r"[\w'-]+")
SHARED, ALIKE = 0.5, 0.6
"""share of captions whose word may be the trigger that was meant, and how like it that is spelt: `owhx` and `ohwx` have .75"""
NAMED, SHOWN = 3, 60
"""files that a line names, and characters of a caption that it repeats"""
MISSING = "trigger missing"
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
    """Missing, spelt otherwise, or said twice where once says it; or there is no caption to hold it."""
    if not caption.strip():
        return ["empty caption"]
    found = variants(caption, trigger)
    mended = spelled(caption, found)
    right = len(exact(mended, trigger))
    problems = [] if right else [MISSING]
    if once(mended, trigger) != mended:
        problems.append(f"trigger {right} times")
    return problems + [f"trigger {fault}" for fault in dict.fromkeys(fault for one in found for fault in one.faults)]


def nowhere(captions: Sequence[str], trigger: str) -> str:
    """Of captions that all lack the trigger: so, and the phrase that most of them have and that may be meant."""
    said = f"the trigger '{trigger}' is in none of the {len(captions)} captions"
    word = _like_it(captions, trigger) or _first_of_most(captions)
    if word is None:
        return said
    phrase = str(with_class(Fact(value=word, source=""), captions).value)
    held = sum(holds(caption, phrase) for caption in captions)
    return f"{said}; '{phrase}' is in {held} of {len(captions)}: did you mean that?"


def _like_it(captions: Sequence[str], trigger: str) -> str | None:
    """The word of most captions that is spelt most like one of the trigger's, as it is spelt there."""
    tried = [word for word in WORD.findall(trigger.lower()) if not CLASS_NOUN.fullmatch(word)]
    spelt: list[dict[str, str]] = [{word.lower(): word for word in WORD.findall(caption)} for caption in captions]
    counts = Counter(word for words in spelt for word in words if not NOT_FIRST.fullmatch(word))
    likeness = {
        word: max((SequenceMatcher(None, word, one).ratio() for one in tried), default=0.0)
        for word, count in counts.items()
        if count >= SHARED * len(captions)
    }
    best = max(likeness, key=lambda word: likeness[word], default="")
    if not best or likeness[best] < ALIKE:
        return None
    return Counter(words[best] for words in spelt if best in words).most_common(1)[0][0]


def _first_of_most(captions: Sequence[str]) -> str | None:
    found = opening(captions)
    word = None if found is None else str(found.value)
    return None if word is None or any(marks.search(word) for _, marks in CAPTIONERS) else word


def set_problems(captions: Sequence[str], trigger: str, names: Sequence[str]) -> list[str]:
    """Identical captions, and phrases that over 80% of them carry. `names`: of the captions' files."""
    copies = [(text, count) for text, count in Counter(captions).most_common() if count > 1 and text]
    problems = []
    for text, count in copies[:5]:
        files = [name for name, caption in zip(names, captions, strict=True) if caption == text]
        named = ", ".join(files[:NAMED]) + (", ..." if count > NAMED else "")
        problems.append(f"{count} captions are identical ({named}): {textwrap.shorten(text, SHOWN, placeholder=' ...')}")
    often = repeated(captions, trigger) if len(captions) >= LEAST else []
    if often:
        told = ", ".join(f"'{textwrap.shorten(phrase, SHOWN, placeholder=' ...')}' ({share:.0%})" for phrase, share in often)
        problems.append(f"nearly every caption says {told}: learnt as part of the trigger, so vary it")
    return problems


def repeated(captions: Sequence[str], trigger: str) -> list[tuple[str, float]]:
    """Phrases that over 80% share, the longest only: whole clauses, and runs of three words and more within a clause.

    What is said of the person's looks is told on its own and goes with `captions fix`, so it is none of them.
    """
    sets = [_clauses(caption, trigger) for caption in captions]
    common = _often([{run for clause in clauses for run in _runs(clause)} for clauses in sets])
    joined = [{" ".join(words) for clause in clauses for words in (clause, *_joined(clause, common))} for clauses in sets]
    often = _often([{phrase for phrase in phrases if len(phrase) > SHORTEST} for phrases in joined])
    often |= {run: share for run, share in common.items() if not any(run in phrase for phrase in often)}
    longest = {phrase: share for phrase, share in often.items() if not any(phrase != one and phrase in one for one in often)}
    return [(left, share) for phrase, share in longest.items() for left in _beside_looks(phrase, captions, trigger)]


def _often(sets: Sequence[set[str]]) -> dict[str, float]:
    counts = Counter(phrase for phrases in sets for phrase in sorted(phrases))
    return {phrase: count / len(sets) for phrase, count in counts.items() if count > REPEATED * len(sets)}


def _clauses(caption: str, trigger: str) -> list[list[str]]:
    """The words between marks; the trigger parts what stands around it, as a comma does."""
    text = caption.lower().replace(trigger.lower(), ",")
    return [words for clause in CLAUSE_END.split(text) if (words := WORD.findall(clause))]


def _runs(words: Sequence[str]) -> list[str]:
    return [" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]


def _joined(words: Sequence[str], common: Container[str]) -> Iterator[Sequence[str]]:
    """Common runs that overlap, as one: `standing in the` and `in the park` are `standing in the park`."""
    starts = [at for at, run in enumerate(_runs(words)) if run in common]
    for _, together in groupby(enumerate(starts), key=lambda found: found[1] - found[0]):
        places = [at for _, at in together]
        yield words[places[0] : places[-1] + RUN]


def _beside_looks(phrase: str, captions: Sequence[str], trigger: str) -> list[str]:
    """What is left of it once what describes the person is gone, by the first caption that has it: to ask all would take long."""
    words = re.compile(r"\W+".join(map(re.escape, phrase.split())), re.IGNORECASE)
    found = next((match for caption in captions if (match := words.search(caption))), None)
    if found is None:  # its lower case is spelt otherwise: `İ`
        return [phrase]
    ends = [found.start()]
    for span in find_spans(found.string, trigger):
        if span.kind != "expression" and span.start < found.end() and found.start() < span.end:
            ends += [span.start, span.end]
    ends.append(found.end())
    left = [found.string[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]
    return [phrase] if len(left) == 1 else [part for piece in left for part in _habits_in(piece.lower())]


def _habits_in(piece: str) -> list[str]:
    return [" ".join(words) for words in map(WORD.findall, CLAUSE_END.split(piece)) if len(words) >= RUN]


def captioner(captions: Sequence[str]) -> str | None:
    """What probably wrote them: the one whose marks most captions bear; None if under a third do."""
    counts = Counter(name for caption in captions for name, marks in CAPTIONERS if marks.search(caption))
    name, count = counts.most_common(1)[0] if counts else ("", 0)
    return f"{name} ({count} of {len(captions)} captions bear its marks)" if 3 * count >= len(captions) and count else None
