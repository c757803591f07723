"""Processor seconds for 10,000 captions, spans and rewrite, one after another: tags and long paragraphs of the labelled sets.

python -m tests.dataset.time_captions
"""

from __future__ import annotations

import time
from pathlib import Path

from tests.dataset.score_captions import read

from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.rewriting.rewrite import without_appearance

SETS = ("fresh3", "fresh4", "fresh12")
ROUNDS = 7


def main() -> None:
    every = [one for name in SETS for one in read(Path(__file__).parent / "labelled" / name)]
    for style in ("wd14", "chat"):
        captions = [one.caption for one in every if one.style == style]
        words = sum(len(caption.split()) for caption in captions) / len(captions)
        for caption in captions:  # the rules of the rewrite are compiled when first tried
            without_appearance(caption)
        began = time.process_time()
        for number in range(1, ROUNDS + 1):
            for caption in captions:
                longer = caption + " " * number  # none is remembered from the round before
                without_appearance(longer, find_spans(longer))
        spent = (time.process_time() - began) / ROUNDS / len(captions)
        print(f"{style}: {words:.0f} words a caption, {10_000 * spent:.1f} s for 10,000")


if __name__ == "__main__":
    main()
