"""The training loop: what it shows when, and what it draws, as pure functions of seed and step."""

from __future__ import annotations

import numpy as np
import pytest

from fluxdiag.engines.encoders import fitted_size
from fluxdiag.engines.lora_training import draw_sigma, learning_rate_at, shown_at
from fluxdiag.trainers.setup import TrainingSetup


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
    rounds = [[shown_at(slot, 7, 0, seed=3) for slot in range(start, start + 7)] for start in (0, 7)]
    assert all(sorted(index for _, index in one) == list(range(7)) for one in rounds)
    assert rounds[0] != rounds[1]


def test_half_of_what_is_shown_is_regularisation() -> None:
    shown = [shown_at(slot, 5, 8, seed=0) for slot in range(80)]
    others = [index for regularisation, index in shown if regularisation]
    assert len(others) == 40
    assert sorted(others) == sorted(list(range(8)) * 5)


def test_without_other_people_every_image_is_the_subject() -> None:
    assert not any(regularisation for regularisation, _ in (shown_at(slot, 5, 0, seed=0) for slot in range(20)))


def test_rate_warms_up_and_falls_to_nought() -> None:
    cosine = setup(warmup_steps=10)
    rates = [learning_rate_at(step, cosine) for step in range(100)]
    assert rates[0] == pytest.approx(1e-4)
    assert rates[10] == pytest.approx(1e-3)
    assert rates[55] == pytest.approx(5e-4)
    assert rates[99] < 1e-6
    assert learning_rate_at(99, setup(scheduler="constant")) == 1e-3


@pytest.mark.parametrize(
    ("timesteps", "tokens", "median"),
    [("sigmoid", 256, 0.5), ("uniform", 256, 0.5), ("flux-shift", 4096, 1.15)],
)
def test_times_lie_inside_the_path(timesteps: str, tokens: int, median: float) -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([draw_sigma(rng, setup(timesteps=timesteps), tokens) for _ in range(4000)])
    # At 4096 tokens FLUX shifts by e^1.15, so the median moves to e^1.15 / (1 + e^1.15).
    expected = np.exp(median) / (1 + np.exp(median)) if timesteps == "flux-shift" else median
    assert drawn.min() > 0
    assert drawn.max() < 1
    assert np.median(drawn) == pytest.approx(expected, abs=0.02)


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
