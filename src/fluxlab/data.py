"""The training set of the laboratory: pictures drawn once and kept as one array in the build folder.

A third of the pictures with one person show somebody of a pool of named people, each in about nine pictures, so that
the base learns what an unknown word before a class word is for: a handle on one person.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from fluxlab.draw import draw
from fluxlab.world import Person, Picture, nonsense_name, sample_person, sample_picture

COUNT = 48_000
NAMED_EVERY = 4  # every fourth picture shows a named person
PICTURES_EACH = 9
SEED = 20_26


def named_person(number: int) -> tuple[Person, str]:
    """Person `number` of the pool and their name. Never a subject: those have another seed."""
    rng = np.random.default_rng([SEED, 1, number])
    return sample_person(rng), nonsense_name(rng)


def training_picture(index: int) -> tuple[Picture, str | None]:
    """Picture `index` of the training set and the name of its person, if it is a named one."""
    rng = np.random.default_rng([SEED, 2, index])
    if index % NAMED_EVERY:
        return sample_picture(rng), None
    person, name = named_person(index // NAMED_EVERY // PICTURES_EACH)
    return sample_picture(rng, person), name


def _drawn(span: range) -> np.ndarray:
    return np.stack([draw(training_picture(index)[0])[0] for index in span])


def training_images(build: Path, count: int = COUNT) -> np.ndarray:
    """(count, 64, 64, 3) uint8, drawn on two processes and kept in `build/images.npy`; read by memory map."""
    file = build / "images.npy"
    if not file.exists():
        build.mkdir(parents=True, exist_ok=True)
        spans = [range(start, min(start + 1000, count)) for start in range(0, count, 1000)]
        with ProcessPoolExecutor(2) as pool:
            images = np.concatenate(list(pool.map(_drawn, spans)))
        temporary = build / "images.partial.npy"
        np.save(temporary, images)
        temporary.rename(file)
    return np.load(file, mmap_mode="r")
