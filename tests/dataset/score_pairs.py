"""How many captions come out as a careful editor would leave them, word for word.

    python -m tests.dataset.score_pairs hard|plain [--all]

`pairs/*.tsv` has one caption and its edited form a line, written by somebody who knew the labelling rules and no code.
Many another form is as good; so this counts what needs no reading by eye, and `--all` prints the rest.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

PAIRS = Path(__file__).parent / "pairs"


def pairs(name: str) -> list[tuple[str, str]]:
    lines = (PAIRS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(caption, wanted) for caption, _, wanted in (line.partition("\t") for line in lines)]


def alike(wanted: str, got: str) -> bool:
    """But for spaces, capitals and the last full stop."""
    return _plain(wanted) == _plain(got)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().rstrip(".").lower()


def main() -> None:
    from fluxdiag.dataset.rewriting.rewrite import without_appearance

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", default="hard")
    parser.add_argument("--all", action="store_true", help="print each that differs")
    given = parser.parse_args()
    every = [(caption, wanted, without_appearance(caption)) for caption, wanted in pairs(given.name)]
    others = [one for one in every if not alike(one[1], one[2])]
    print(f"{len(every) - len(others)} of {len(every)} word for word")
    for caption, wanted, got in others if given.all else ():
        print(f"{caption}\n  want {wanted}\n  got  {got}")


if __name__ == "__main__":
    main()
