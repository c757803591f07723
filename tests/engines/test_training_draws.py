"""What training shows when, and what it draws: pure functions of seed and step."""

from __future__ import annotations

import numpy as np
import pytest

from fluxdiag.engines.encoders import fitted_size
from fluxdiag.engines.training_draws import draw_sigma, drops_caption, learning_rate_at, same_shape, shown_at
from fluxdiag.trainers.setup import TrainingSetup

SQUARE, WIDE, TALL = ((6, 6),), ((4, 9),), ((9, 4),)


def setup(**changes: object) -> TrainingSetup:
    values = {
        "base": "base",
        "dataset": "dataset",
        "output": "x.safetensors",
        "steps": 100,
        "learning_rate": 1e-3,
        "rank": 4,
        "resolution": (96, 96),
        "guidance": 1.0,
        "max_sequence_length": 32,
        "precision": "float32",
    }
    return TrainingSetup.model_validate(values | changes)


def test_every_photo_is_shown_once_a_round_and_in_another_order() -> None:
    rounds = [[shown_at(slot, SQUARE * 7, (), seed=3) for slot in range(start, start + 7)] for start in (0, 7)]
    assert all(sorted(index for _, index in one) == list(range(7)) for one in rounds)
    assert rounds[0] != rounds[1]


def test_half_of_what_is_shown_is_regularisation() -> None:
    shown = [shown_at(slot, SQUARE * 5, SQUARE * 8, seed=0) for slot in range(80)]
    others = [index for regularisation, index in shown if regularisation]
    assert len(others) == 40
    assert sorted(others) == sorted(list(range(8)) * 5)


def test_without_other_people_every_image_is_the_subject() -> None:
    assert not any(regularisation for regularisation, _ in (shown_at(slot, SQUARE * 5, (), seed=0) for slot in range(20)))


def test_photos_of_several_shapes_come_in_whole_batches_of_one_shape_and_each_once_a_round() -> None:
    grids = (WIDE + SQUARE + TALL) * 4
    shown = [shown_at(slot, grids, (), seed=5, batch=4)[1] for slot in range(24)]
    assert sorted(shown) == sorted(list(range(12)) * 2)
    assert all(len({grids[index] for index in shown[start : start + 4]}) == 1 for start in range(0, 24, 4))
    assert shown[:12] != shown[12:]


def test_what_does_not_fill_a_batch_is_shown_all_the_same() -> None:
    grids = WIDE * 3 + SQUARE * 5
    assert sorted(shown_at(slot, grids, (), seed=1, batch=4)[1] for slot in range(8)) == list(range(8))


def test_batches_are_of_one_shape_and_no_larger_than_asked() -> None:
    assert list(same_shape([*SQUARE, *WIDE, *SQUARE, *SQUARE], 2)) == [[0, 2], [3], [1]]


def test_a_share_of_the_captions_is_dropped_the_same_at_every_start() -> None:
    some = setup(caption_dropout=0.3)
    dropped = [drops_caption(slot, some) for slot in range(2000)]
    assert sum(dropped) / 2000 == pytest.approx(0.3, abs=0.04)
    assert dropped == [drops_caption(slot, some) for slot in range(2000)]
    assert not any(drops_caption(slot, setup()) for slot in range(100))


def test_rate_warms_up_and_falls_to_nought() -> None:
    cosine = setup(warmup_steps=10)
    rates = [learning_rate_at(step, cosine) for step in range(100)]
    assert rates[0] == pytest.approx(1e-4)
    assert rates[10] == pytest.approx(1e-3)
    assert rates[55] == pytest.approx(5e-4)
    assert rates[99] < 1e-6
    assert learning_rate_at(99, setup(scheduler="constant")) == 1e-3


# At 4096 tokens FLUX shifts by e^1.15 = 3.1582, so the median moves to e^1.15 / (1 + e^1.15).
SHIFTED = float(np.exp(1.15) / (1 + np.exp(1.15)))


@pytest.mark.parametrize(
    ("timesteps", "tokens", "median"),
    [("sigmoid", 256, 0.5), ("uniform", 256, 0.5), ("flux-shift", 4096, SHIFTED), ("shift", 256, SHIFTED)],
)
def test_times_lie_inside_the_path(timesteps: str, tokens: int, median: float) -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([draw_sigma(rng, setup(timesteps=timesteps), tokens) for _ in range(4000)])
    assert drawn.min() > 0
    assert drawn.max() < 1
    assert np.median(drawn) == pytest.approx(median, abs=0.02)


@pytest.mark.parametrize(
    ("photo", "fitted"),
    [
        ((96, 96), (96, 96)),
        ((4000, 4000), (96, 96)),  # scaled to the area
        ((3000, 4000), (80, 112)),  # proportions kept, in steps of 16
        ((10, 4000), (16, 1920)),  # never to nothing
    ],
)
def test_photos_keep_their_proportions(photo: tuple[int, int], fitted: tuple[int, int]) -> None:
    assert fitted_size(photo, (96, 96), 16) == fitted
