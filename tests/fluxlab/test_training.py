"""The one loop of every training: a kill costs minutes and changes nothing, and the rate follows the course."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from fluxlab import training
from fluxlab.training import WARM_UP, Course, adamw, load_checkpoint, rate_at, save_checkpoint, train


class Killed(Exception):
    pass


def lesson(module: nn.Linear, killed: int | None) -> training.LossAt:
    def loss(step: int, done: float) -> Tensor:
        if step == killed:
            raise Killed
        inputs = torch.randn(8, 3, generator=torch.Generator().manual_seed(step))
        return (module(inputs) - inputs.sum(1, keepdim=True)).square().mean()

    return loss


def trained(build: Path, steps: int, killed: int | None = None) -> nn.Linear:
    """`killed` ends the process in front of that step."""
    torch.manual_seed(0)
    module = nn.Linear(3, 1)
    train(Course("lesson", build, steps, 0.05), {"module": module}, adamw(module), lesson(module, killed))
    return module


def test_a_kill_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "SAVE_EVERY", 10)
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()

    whole = trained(tmp_path / "whole", 40)
    with pytest.raises(Killed):
        trained(tmp_path / "killed", 40, killed=27)
    resumed = trained(tmp_path / "killed", 40)

    assert torch.equal(whole.weight, resumed.weight)
    assert torch.equal(whole.bias, resumed.bias)


def test_it_learns(tmp_path: Path) -> None:
    taught = trained(tmp_path, 400)

    assert taught.weight.detach().flatten().tolist() == pytest.approx([1, 1, 1], abs=0.05)


def test_what_is_finished_is_not_trained_on(tmp_path: Path) -> None:
    first = trained(tmp_path, 20)

    assert torch.equal(trained(tmp_path, 20, killed=20).weight, first.weight)


@pytest.mark.parametrize(
    ("done", "step", "share"),
    [(0.0, 0, 1 / WARM_UP), (0.0, WARM_UP, 1.0), (0.5, WARM_UP, 0.51), (1.0, WARM_UP, 0.02)],
)
def test_the_rate_follows_the_course(done: float, step: int, share: float) -> None:
    assert rate_at(done, step, 3e-3) == pytest.approx(3e-3 * share)


def test_a_checkpoint_brings_back_moments_and_notes(tmp_path: Path) -> None:
    module = nn.Linear(2, 2)
    optimizers = adamw(module)
    module(torch.ones(1, 2)).sum().backward()
    optimizers["adamw"].step()
    save_checkpoint(tmp_path / "a.safetensors", {"m": module}, optimizers, {"step": 1})

    other = nn.Linear(2, 2)
    into = adamw(other)
    assert load_checkpoint(tmp_path / "a.safetensors", {"m": other}, into) == {"step": 1}
    assert torch.equal(other.weight, module.weight)
    assert torch.equal(into["adamw"].state[other.weight]["exp_avg"], optimizers["adamw"].state[module.weight]["exp_avg"])
