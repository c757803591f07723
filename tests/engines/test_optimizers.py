"""Every optimizer that runs here goes on from its saved state as if it had never stopped."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
import torch
from safetensors.torch import load, save

from fluxdiag.engines import optimizers
from fluxdiag.engines.optimizers import make_optimizer, optimizer_lacks, optimizer_state, restore_optimizer
from fluxdiag.errors import FluxdiagError
from fluxdiag.trainers.setup import Optimizer, TrainingSetup

NAMES = ["down", "up"]
# bitsandbytes keeps small parameters in full precision, so these are large enough to be kept in 8 bits.
SHAPES = [(4, 2048), (2048, 4)]


def setup(optimizer: Optimizer) -> TrainingSetup:
    return TrainingSetup(
        base="base", dataset="d", output="x.safetensors", steps=9, rank=4, resolution=(96, 96), guidance=1.0,
        max_sequence_length=32, precision="float32", optimizer=optimizer, warmup_steps=2, weight_decay=0.01,
        learning_rate=1.0 if optimizer == "prodigy" else 1e-2,
    )  # fmt: skip


def fresh() -> list[torch.nn.Parameter]:
    """As a LoRA begins: random down, nought up."""
    down = torch.randn(SHAPES[0], generator=torch.Generator().manual_seed(0))
    return [torch.nn.Parameter(down), torch.nn.Parameter(torch.zeros(SHAPES[1]))]


def steps(optimizer: torch.optim.Optimizer, parameters: list[torch.nn.Parameter], numbers: range) -> None:
    for number in numbers:
        random = torch.Generator().manual_seed(number)
        for parameter in parameters:
            parameter.grad = torch.randn(parameter.shape, generator=random) + 0.3
        optimizer.step()


@pytest.mark.parametrize("name", ["adamw", "prodigy", "adamw8bit"])
def test_saved_and_restored_is_undisturbed(name: Optimizer) -> None:
    if optimizer_lacks(setup(name)):
        pytest.skip(f"{name} is not installed")
    whole, first = fresh(), fresh()
    steps(make_optimizer(setup(name), whole), whole, range(8))
    stopped = make_optimizer(setup(name), first)
    steps(stopped, first, range(4))
    tensors, numbers = optimizer_state(stopped, NAMES)

    second = [torch.nn.Parameter(parameter.detach().clone()) for parameter in first]
    resumed = make_optimizer(setup(name), second)
    restore_optimizer(resumed, NAMES, load(save(tensors)), numbers)
    steps(resumed, second, range(4, 8))

    assert all(torch.equal(a, b) for a, b in zip(second, whole, strict=True))
    assert not torch.equal(first[1], whole[1])


def test_prodigy_finds_a_rate_of_its_own() -> None:
    parameters = fresh()
    optimizer = make_optimizer(setup("prodigy"), parameters)
    for _ in range(60):  # always the same way, so that larger steps are clearly right
        for parameter in parameters:
            parameter.grad = torch.full_like(parameter, 0.3)
        optimizer.step()
    assert optimizer.param_groups[0]["d"] > 1000 * optimizer.param_groups[0]["d0"]
    assert optimizer.param_groups[0]["d_coef"] == 2.0


def test_a_library_that_is_missing_is_named_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(optimizers.LIBRARIES, "adamw8bit", "a_library_that_nobody_has")
    assert "a_library_that_nobody_has" in str(optimizer_lacks(setup("adamw8bit")))
    with pytest.raises(FluxdiagError, match=r"a_library_that_nobody_has.*choose adamw"):
        make_optimizer(setup("adamw8bit"), fresh())


@pytest.mark.skipif(find_spec("prodigyopt") is None, reason="prodigyopt is not installed")
def test_nothing_is_missing_for_what_is_installed() -> None:
    assert optimizer_lacks(setup("prodigy")) is None
    assert optimizer_lacks(setup("adamw")) is None
