"""The one loop of every training: a kill costs minutes and changes nothing, and the rate follows the clock."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from fluxlab import training
from fluxlab.training import WARM_UP, Clock, Course, adamw, load_checkpoint, rate_at, save_checkpoint, train


class Killed(Exception):
    pass


class Steps:
    """In place of the clock, so that a budget is a number of steps; `killed` ends the process in front of that step."""

    def __init__(self, budget: float, spent: float = 0.0) -> None:
        self.budget, self.elapsed = budget / 60, spent

    @property
    def done(self) -> float:
        return min(1.0, self.elapsed / self.budget)


def lesson(module: nn.Linear, clock: list[Steps], killed: int | None) -> training.LossAt:
    def loss(step: int, done: float) -> Tensor:
        if step == killed:
            raise Killed
        clock[-1].elapsed += 1
        inputs = torch.randn(8, 3, generator=torch.Generator().manual_seed(step))
        return (module(inputs) - inputs.sum(1, keepdim=True)).square().mean()

    return loss


def trained(build: Path, steps: int, monkeypatch: pytest.MonkeyPatch, killed: int | None = None) -> nn.Linear:
    clocks: list[Steps] = []
    monkeypatch.setattr(training, "Clock", lambda budget, spent: clocks.append(Steps(budget, spent)) or clocks[-1])
    torch.manual_seed(0)
    module = nn.Linear(3, 1)
    train(Course("lesson", build, steps, 0.05), {"module": module}, adamw(module), lesson(module, clocks, killed))
    return module


def test_a_kill_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "SAVE_EVERY", 10)
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()

    whole = trained(tmp_path / "whole", 40, monkeypatch)
    with pytest.raises(Killed):
        trained(tmp_path / "killed", 40, monkeypatch, killed=27)
    resumed = trained(tmp_path / "killed", 40, monkeypatch)

    assert torch.equal(whole.weight, resumed.weight)
    assert torch.equal(whole.bias, resumed.bias)


def test_it_learns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taught = trained(tmp_path, 400, monkeypatch)

    assert taught.weight.detach().flatten().tolist() == pytest.approx([1, 1, 1], abs=0.05)


def test_what_is_finished_is_not_trained_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = trained(tmp_path, 20, monkeypatch)

    assert torch.equal(trained(tmp_path, 20, monkeypatch, killed=20).weight, first.weight)


@pytest.mark.parametrize(
    ("done", "step", "share"),
    [(0.0, 0, 1 / WARM_UP), (0.0, WARM_UP, 1.0), (0.5, WARM_UP, 0.51), (1.0, WARM_UP, 0.02)],
)
def test_the_rate_follows_the_budget(done: float, step: int, share: float) -> None:
    assert rate_at(done, step, 3e-3) == pytest.approx(3e-3 * share)


def test_the_clock_counts_over_restarts() -> None:
    assert Clock(100.0, spent=25.0).done == pytest.approx(0.25, abs=0.01)
    assert Clock(100.0, spent=500.0).done == 1.0


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
