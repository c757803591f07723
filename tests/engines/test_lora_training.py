"""The training loop on a random-weight FLUX.1: batches, targets and beginnings that must come to the same thing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from fluxdiag.engines.adapter import load_transformer
from fluxdiag.engines.lora_training import Batch, LoraTraining
from fluxdiag.engines.training_cache import Encoded
from fluxdiag.engines.velocity import predict_velocity
from fluxdiag.trainers.setup import TrainingSetup

GRID = (2, 2)


def training(base: Path, encoded: Encoded, **changes: object) -> LoraTraining:
    values = {
        "base": str(base),
        "dataset": "dataset",
        "output": "x.safetensors",
        "steps": 3,
        "batch_size": 4,
        "learning_rate": 1e-2,
        "rank": 2,
        "resolution": (32, 32),
        "guidance": 1.0,
        "max_sequence_length": 5,
        "precision": "float32",
    }
    return LoraTraining(TrainingSetup.model_validate(values | changes), encoded, base / "no-state", "digest")


def learnt(trained: LoraTraining) -> torch.Tensor:
    """Every product of up and down after the run: what the pictures see of it."""
    matrices = trained.run(lambda step, state: None)
    names = [name.removesuffix(".lora_A.weight") for name in matrices if name.endswith(".lora_A.weight")]
    products = [(matrices[f"{name}.lora_B.weight"].float() @ matrices[f"{name}.lora_A.weight"].float()) for name in names]
    return torch.cat([product.flatten() for product in products])


def close(first: torch.Tensor, second: torch.Tensor) -> bool:
    return float((first - second).norm() / second.norm()) < 1e-3


@pytest.mark.parametrize(
    "changes",
    [
        {"batch_size": 1, "accumulation": 4},
        {"batch_size": 2, "accumulation": 2},
        {"gradient_checkpointing": True},
        {"batch_size": 2, "accumulation": 2, "gradient_checkpointing": True},
    ],
)
def test_memory_is_saved_without_learning_anything_else(tiny_base: Path, encoded: Encoded, changes: dict[str, object]) -> None:
    whole = learnt(training(tiny_base, encoded))
    assert float(whole.norm()) > 0
    assert close(learnt(training(tiny_base, encoded, **changes)), whole)


@pytest.mark.parametrize("changes", [{"seed": 1}, {"regularisation_target": "base"}, {"caption_dropout": 0.9}])
def test_what_should_matter_does(tiny_base: Path, encoded: Encoded, changes: dict[str, object]) -> None:
    assert not close(learnt(training(tiny_base, encoded, **changes)), learnt(training(tiny_base, encoded)))


def batch_of(encoded: Encoded) -> Batch:
    examples = list(encoded.examples[:4])
    noise = torch.randn(4, *examples[0].latent.shape, generator=torch.Generator().manual_seed(1))
    return Batch(examples, torch.tensor([0.2, 0.4, 0.6, 0.8]), noise, 1.0)


def test_other_people_pull_to_what_the_base_predicts_to_the_last_bit(tiny_base: Path, encoded: Encoded) -> None:
    trained = training(tiny_base, encoded, regularisation_target="base", steps=4)
    trained.run(lambda step, state: None)
    batch = batch_of(encoded)
    photos = torch.full_like(batch.noise, 7.0)
    target = trained._target(photos, batch.noise, batch)

    base = load_transformer(str(tiny_base), "float32")
    others = [example for example in batch.examples if example.regularisation]
    prompt, pooled = torch.stack([e.prompt for e in others]), torch.stack([e.pooled for e in others])
    with torch.no_grad():
        expected = predict_velocity(base, batch.noise[1::2], batch.sigma[1::2], prompt, pooled, 1.0, GRID)
    assert torch.equal(target[1::2], expected)
    assert torch.equal(target[0::2], photos[0::2])


def test_after_the_base_was_asked_the_lora_is_on_and_learns(tiny_base: Path, encoded: Encoded) -> None:
    trained = training(tiny_base, encoded, regularisation_target="base", steps=4)
    trained.run(lambda step, state: None)
    batch = batch_of(encoded)
    before = trained._predict(batch.noise, batch.sigma, batch.examples)
    target = trained._target(batch.noise, batch.noise, batch)
    after = trained._predict(batch.noise, batch.sigma, batch.examples)
    assert torch.equal(before, after)
    assert not torch.allclose(after[1::2], target[1::2])
    assert after.requires_grad
    assert all(parameter.requires_grad for parameter in trained.parameters.values())


def test_a_loss_that_is_no_number_ends_the_training(tiny_base: Path, encoded: Encoded) -> None:
    from fluxdiag.errors import FluxdiagError

    trained = training(tiny_base, encoded, learning_rate=1e30, steps=5)
    with pytest.raises(FluxdiagError, match="learning rate"):
        trained.run(lambda step, state: None)
