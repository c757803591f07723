"""How many captions come out as a careful editor would leave them, word for word, and which words are lost beside the editor's.

    python -m tests.dataset.score_pairs hard|plain|plain2|... [--all]

`pairs/*.tsv` has one caption and its edited form a line, written by somebody who knew the labelling rules and no code.
Many another form is as good; so this counts what needs no reading by eye, and `--all` prints the rest.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from tests.dataset.score_captions import SMALL

PAIRS = Path(__file__).parent / "pairs"


def pairs(name: str) -> list[tuple[str, str]]:
    lines = (PAIRS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(caption, wanted) for caption, _, wanted in (line.partition("\t") for line in lines)]


def alike(wanted: str, got: str) -> bool:
    """But for spaces, capitals and the last full stop."""
    return _plain(wanted) == _plain(got)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().rstrip(".").lower()


def content_words(text: str) -> Counter[str]:
    """As `score_captions.lost` counts them: articles, pronouns and prepositions say nothing of what was lost."""
    return Counter(word for word in re.findall(r"[\w'’-]+", text.lower()) if word not in SMALL)


def lost(every: list[tuple[str, str, str]]) -> float:
    """Share of the content words which the editor left that the rewrite lacks, of (caption, wanted, got)."""
    wanted = [content_words(one[1]) for one in every]
    lacking = [words - content_words(one[2]) for words, one in zip(wanted, every, strict=True)]
    return sum(map(Counter.total, lacking)) / sum(map(Counter.total, wanted))


def main() -> None:
    from fluxdiag.dataset.rewriting.rewrite import without_appearance

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", default="hard")
    parser.add_argument("--all", action="store_true", help="print each that differs")
    given = parser.parse_args()
    every = [(caption, wanted, without_appearance(caption)) for caption, wanted in pairs(given.name)]
    others = [one for one in every if not alike(one[1], one[2])]
    print(f"{len(every) - len(others)} of {len(every)} word for word; lost {lost(every):.2%} of the words that the editor left")
    for caption, wanted, got in others if given.all else ():
        print(f"{caption}\n  want {wanted}\n  got  {got}")


if __name__ == "__main__":
    main()
