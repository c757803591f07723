"""All that is random in a training and all that follows from the number of the step: pure functions of the seed.

That is why a run that was killed goes on to the very file that it would have written undisturbed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from fluxdiag.trainers.setup import TrainingSetup

# Streams of random numbers; a new use takes a new number, so that old runs keep theirs.
ORDER, ORDER_REGULARISATION, DRAWS, DROPOUT = 0, 1, 2, 3
Grid = tuple[int, int]
"""(rows, columns) of image tokens: images of one grid fit into one batch"""


def learning_rate_at(step: int, setup: TrainingSetup) -> float:
    """Linear warm-up, then half a cosine down to nought (or constant)."""
    if step < setup.warmup_steps:
        return setup.learning_rate * (step + 1) / setup.warmup_steps
    if setup.scheduler == "constant":
        return setup.learning_rate
    done = (step - setup.warmup_steps) / max(1, setup.steps - setup.warmup_steps)
    return setup.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


def draw_sigma(rng: np.random.Generator, setup: TrainingSetup, tokens: int) -> float:
    """A time in (0, 1), 1 being pure noise, for an image of so many tokens."""
    if setup.timesteps == "uniform":
        return float(rng.uniform(0.001, 0.999))
    sigma = 1 / (1 + math.exp(-setup.sigmoid_scale * rng.standard_normal()))
    if setup.timesteps == "sigmoid":
        return sigma
    # FLUX's own shift: mu runs from 0.5 at 256 image tokens to 1.15 at 4096 (diffusers calculate_shift).
    own = math.exp(0.5 + (1.15 - 0.5) * (tokens - 256) / (4096 - 256))
    shift = own if setup.timesteps == "flux-shift" else setup.shift
    return shift * sigma / (1 + (shift - 1) * sigma)


def drops_caption(slot: int, setup: TrainingSetup) -> bool:
    """Whether the image number `slot` of the run is shown without its caption."""
    if setup.caption_dropout == 0:
        return False
    return bool(np.random.default_rng([setup.seed, DROPOUT, slot]).random() < setup.caption_dropout)


def shown_at(slot: int, subject: Sequence[Grid], others: Sequence[Grid], seed: int, batch: int = 1) -> tuple[bool, int]:
    """(of other people?, which one) for the image number `slot` of the run; every second is of other people if there are any.

    Batches of `batch` images are of one grid as far as the photos allow.
    """
    if not others:
        return False, in_turn(slot, tuple(subject), seed, ORDER, batch)
    turn, regularisation = divmod(slot, 2)
    half = max(1, batch // 2)
    if regularisation:
        return True, in_turn(turn, tuple(others), seed, ORDER_REGULARISATION, half)
    return False, in_turn(turn, tuple(subject), seed, ORDER, half)


def in_turn(turn: int, grids: tuple[Grid, ...], seed: int, stream: int, batch: int) -> int:
    """Which photo comes at this turn: every one once in each round, every round in another order."""
    count = len(grids)
    return _order(turn // count, grids, seed, stream, batch)[turn % count]


@lru_cache(maxsize=8)
def _order(round_: int, grids: tuple[Grid, ...], seed: int, stream: int, batch: int) -> tuple[int, ...]:
    """A permutation; where photos differ in shape, whole batches of one shape come first, in any order, and the rest after."""
    rng = np.random.default_rng([seed, stream, round_])
    order = [int(index) for index in rng.permutation(len(grids))]
    if batch == 1 or len(set(grids)) == 1:
        return tuple(order)
    runs = list(same_shape([grids[index] for index in order], batch))
    full = [run for run in runs if len(run) == batch]
    full = [full[index] for index in rng.permutation(len(full))]
    return tuple(order[place] for run in [*full, *(run for run in runs if len(run) < batch)] for place in run)


def same_shape(grids: Sequence[Grid], at_most: int) -> Iterator[list[int]]:
    """Indices in batches of at most so many images of one grid."""
    by_grid: dict[Grid, list[int]] = {}
    for index, grid in enumerate(grids):
        by_grid.setdefault(grid, []).append(index)
    for indices in by_grid.values():
        for start in range(0, len(indices), at_most):
            yield indices[start : start + at_most]
