"""How many references of somebody else are told, and how many of the person's own are accused, on people of the laboratory.

python -m tests.score_strangers [SUBJECTS]
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

import fluxlab
from fluxdiag.audit import Models, audit
from fluxdiag.dataset.audit.photoset import PhotoSet
from fluxdiag.dataset.audit.references import strangers_among
from fluxdiag.profiles import load_profile
from fluxlab.album import Character, character, reference_pictures, training_pictures, write_photos

FIRST = 6000
"""subjects from here on are planted nowhere"""
BASE = Path(fluxlab.__file__).parent / "weights" / "base"


def read(folder: Path, pictures: list) -> PhotoSet:
    write_photos(folder, pictures)
    return audit(folder, Models.of(load_profile(str(BASE)), str(BASE))).photos


def another(who: Character, number: int) -> Character:
    """Of the same sex."""
    return next(other for at in count(number + 1000, 37) if (other := character(at)).person.sex == who.person.sex)


def score(number: int, folder: Path, told: dict[tuple[str, str], Counter[str]]) -> None:
    who, rng = character(number), np.random.default_rng(number)
    own, foreign = (
        read(folder / name, reference_pictures(one, rng)).photos
        for name, one in (("own", who), ("foreign", another(who, number)))
    )
    foreign = tuple(replace(photo, name=f"foreign {photo.name}") for photo in foreign)
    sets = {"no training photos": PhotoSet(())}
    sets |= {
        f"{how} ones": read(folder / how, training_pictures(who, alike, rng)) for how, alike in (("varied", 0.0), ("alike", 1.0))
    }
    for mixed in (0, 1, 2, 3, 4, len(own)):
        references = PhotoSet((*own[mixed:], *foreign[:mixed]))
        for beside, training in sets.items():
            found = Counter(name.startswith("foreign") for name in strangers_among(references, training))
            told.setdefault((f"{mixed} of {len(own)}", beside), Counter()).update(
                told=found[True], accused=found[False], of=mixed
            )


def main(subjects: int) -> None:
    told: dict[tuple[str, str], Counter[str]] = {}
    for number in range(FIRST, FIRST + subjects):
        with tempfile.TemporaryDirectory() as folder:
            score(number, Path(folder), told)
    print("| somebody else | beside | told | the person's own accused |\n|---|---|---|---|")
    for (mixed, beside), found in told.items():
        print(f"| {mixed} | {beside} | {found['told']} of {found['of']} | {found['accused']} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
