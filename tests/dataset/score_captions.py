"""How well the grammar finds appearance: precision, recall and F1 by style and kind, on the labelled captions beside this file.

    python -m tests.dataset.score_captions [dev|held|fresh|fresh2|...] [--errors STYLE] [--rewrites STYLE]

A label file has one caption a line with phrases as `{h|brown hair}`. Token level: content words in labelled and in found phrases;
articles and other small words count nowhere. Span level: a found phrase is right when it shares at least half of the content
words of both with a labelled one that no other found phrase has taken.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

KINDS = {"h": "hair", "e": "eyes", "f": "face", "s": "skin", "b": "body", "a": "age", "m": "mark", "c": "clothing",
         "x": "accessory",          "p": "expression"}  # fmt: skip
MARKED = re.compile(r"\{(\w)\|([^{}]*)\}")
SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "her",
        "his",
        "their",
        "its",
        "my",
        "some",
        "no",
        "and",
        "or",
        "of",
        "in",
        "on",
        "with",
        "at",
        "to",
        "into",
        "over",
        "is",
        "are",
        "was",
        "that",
        "which",
        "by",
        "from",
        "for",
        "as",
        "she",
        "he",
        "they",
        "has",
        "have",
        "had",
        "wears",
        "wearing",
        "dressed",
        "both",
        "one",
        "up",
        "down",
        "around",
        "through",
        "it",
        "who",
        "whose",
        "while",
        "but",
    ]
)
Phrase = tuple[int, int, str]


@dataclass(frozen=True)
class Labelled:
    style: str
    caption: str
    phrases: tuple[Phrase, ...]


def read(folder: Path) -> list[Labelled]:
    return [
        _parse(file.stem, line) for file in sorted(folder.glob("*.txt")) for line in file.read_text("utf-8").splitlines() if line
    ]


def _parse(style: str, line: str) -> Labelled:
    caption, phrases, last = "", [], 0
    for match in MARKED.finditer(line):
        caption += line[last : match.start()]
        phrases.append((len(caption), len(caption) + len(match[2]), KINDS[match[1]]))
        caption += match[2]
        last = match.end()
    return Labelled(style, caption + line[last:], tuple(phrases))


def content(caption: str, phrases: Iterable[Phrase]) -> dict[int, str]:
    """Place of each content word inside the phrases -> the phrase's kind."""
    return {
        start + word.start(): kind
        for start, end, kind in phrases
        for word in re.finditer(r"[\w'’-]+", caption[start:end])
        if word[0].lower() not in SMALL
    }


@dataclass
class Count:
    right: int = 0
    found: int = 0
    true: int = 0

    @property
    def row(self) -> tuple[float, float, float]:
        precision = self.right / self.found if self.found else 1.0
        recall = self.right / self.true if self.true else 1.0
        return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(captions: Sequence[Labelled], find: Callable[[str], Sequence[Phrase]]) -> tuple[dict[str, Count], dict[str, Count]]:
    """(token counts, span counts), each by style, by kind and `all`."""
    by_token: dict[str, Count] = defaultdict(Count)
    by_span: dict[str, Count] = defaultdict(Count)
    for one in captions:
        guess = find(one.caption)
        truth, said = content(one.caption, one.phrases), content(one.caption, guess)
        for key in (one.style, "all"):
            _add(by_token[key], len(truth.keys() & said.keys()), len(said), len(truth))
        for kind in KINDS.values():
            theirs = {at for at, k in truth.items() if k == kind}
            ours = {at for at, k in said.items() if k == kind}
            _add(by_token[kind], len(theirs & said.keys()), 0, len(theirs))
            by_token[f"{kind} found"].found += len(ours)
            by_token[f"{kind} found"].right += len(ours & truth.keys())
        pairs = _matched(one.caption, one.phrases, guess)
        for key in (one.style, "all"):
            _add(by_span[key], len(pairs), len(guess), len(one.phrases))
    return by_token, by_span


def _add(count: Count, right: int, found: int, true: int) -> None:
    count.right, count.found, count.true = count.right + right, count.found + found, count.true + true


def _matched(caption: str, truth: Sequence[Phrase], guess: Sequence[Phrase]) -> list[tuple[Phrase, Phrase]]:
    taken: set[int] = set()
    pairs = []
    for mine in guess:
        words = content(caption, [mine]).keys()
        for number, theirs in enumerate(truth):
            other = content(caption, [theirs]).keys()
            both = len(words & other)
            if number not in taken and both and 2 * both >= len(words) and 2 * both >= len(other):
                taken.add(number)
                pairs.append((mine, theirs))
                break
    return pairs


def lost(caption: str, phrases: Sequence[Phrase], rewritten: str) -> tuple[int, int, list[str]]:
    """(content words outside every labelled phrase, how many of them the rewrite lacks, which)."""
    inside = content(caption, phrases)
    outside = Counter(
        word[0].lower()
        for word in re.finditer(r"[\w'’-]+", caption)
        if word.start() not in inside and word[0].lower() not in SMALL
    )
    left = outside - Counter(re.findall(r"[\w'’-]+", rewritten.lower()))
    return sum(outside.values()), sum(left.values()), sorted(left.elements())


def main() -> None:
    from fluxdiag.dataset.finding.spans import find_spans
    from fluxdiag.dataset.rewriting.rewrite import without_appearance

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", default="dev")
    parser.add_argument("--errors", help="a style whose mistakes to print")
    parser.add_argument("--rewrites", help="a style whose rewrites to print")
    arguments = parser.parse_args()
    captions = read(Path(__file__).parent / "labelled" / arguments.part)

    def find(caption: str) -> list[Phrase]:
        return [(span.start, span.end, str(span.kind)) for span in find_spans(caption)]

    tokens, spans = score(captions, find)
    print(
        f"{len(captions)} captions\n\n"
        "| | precision | recall | F1 | span precision | span recall | span F1 |\n|---|---|---|---|---|---|---|"
    )
    for key in [*sorted({one.style for one in captions}), "all"]:
        print(f"| {key} | " + " | ".join(f"{value:.3f}" for value in (*tokens[key].row, *spans[key].row)) + " |")
    print("\n| kind | precision | recall |\n|---|---|---|")
    for kind in KINDS.values():
        print(f"| {kind} | {tokens[f'{kind} found'].row[0]:.3f} | {tokens[kind].row[1]:.3f} |")
    counts = [lost(one.caption, one.phrases, without_appearance(one.caption)) for one in captions]
    print(f"\nother words lost: {sum(c[1] for c in counts) / sum(c[0] for c in counts):.2%}")
    for one in captions:
        if arguments.errors in (one.style, "all"):
            _show(one, find(one.caption))
        if arguments.rewrites in (one.style, "all"):
            print(f"{one.caption}\n  -> {without_appearance(one.caption)}")


def _show(one: Labelled, guess: Sequence[Phrase]) -> None:
    truth, said = content(one.caption, one.phrases), content(one.caption, guess)
    missed = [(one.caption[s:e], k) for s, e, k in one.phrases if content(one.caption, [(s, e, k)]).keys() - said.keys()]
    extra = [(one.caption[s:e], k) for s, e, k in guess if content(one.caption, [(s, e, k)]).keys() - truth.keys()]
    if missed or extra:
        print(f"{one.caption}\n   missed {missed}\n   extra {extra}")


if __name__ == "__main__":
    main()
