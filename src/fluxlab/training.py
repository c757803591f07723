"""The loop of every training of the laboratory: checkpoints that survive a kill, and a clock instead of a step count."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

SAVE_EVERY = 200
WARM_UP = 200
"""steps"""

Modules = Mapping[str, nn.Module]
Optimizers = Mapping[str, torch.optim.Optimizer]
LossAt = Callable[[int, float], Tensor]
"""(step, share of the budget that is spent) -> loss. The step alone decides what is in the batch, so a kill changes nothing."""


@dataclass
class Clock:
    """Progress through a budget of seconds, over restarts. `done` runs from 0 to 1; schedules follow it, not the step."""

    budget: float
    spent: float = 0.0
    started: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        return self.spent + time.monotonic() - self.started

    @property
    def done(self) -> float:
        return min(1.0, self.elapsed / self.budget)


@dataclass(frozen=True)
class Course:
    """One training: its checkpoint's name, where that lies, minutes of this machine in all, peak rate, largest gradient."""

    name: str
    build: Path
    minutes: float
    peak: float
    clip: float = 1.0

    @property
    def checkpoint(self) -> Path:
        return self.build / f"{self.name}.safetensors"


def train(course: Course, modules: Modules, optimizers: Optimizers, loss_at: LossAt) -> None:
    """Until the minutes are over; goes on from the checkpoint after a kill."""
    notes = load_checkpoint(course.checkpoint, modules, optimizers)
    clock, step, mean = Clock(course.minutes * 60, notes.get("spent", 0.0)), int(notes.get("step", 0)), float("nan")
    while clock.done < 1:
        loss = loss_at(step, clock.done)
        loss.backward()
        for module in modules.values():
            nn.utils.clip_grad_norm_(module.parameters(), course.clip)
        _pace(optimizers, rate_at(clock.done, step, course.peak))
        step += 1
        mean = loss.item() if math.isnan(mean) else 0.99 * mean + 0.01 * loss.item()
        if step % SAVE_EVERY == 0:
            print(f"{course.name} step {step} {clock.done:.0%} loss {mean:.4f}", flush=True)
            save_checkpoint(course.checkpoint, modules, optimizers, {"spent": clock.elapsed, "step": step})
    save_checkpoint(course.checkpoint, modules, optimizers, {"spent": clock.elapsed, "step": step})


def rate_at(done: float, step: int, peak: float) -> float:
    """Linear warm-up, then half a cosine over the budget down to a fiftieth."""
    return peak * min(1.0, (step + 1) / WARM_UP) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))


def _pace(optimizers: Optimizers, rate: float) -> None:
    """One step of each at this rate."""
    for optimizer in optimizers.values():
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)


def brisk() -> torch.autocast:
    """Convolutions in bfloat16 where the processor computes in it: nearly twice as fast there, ten times slower elsewhere."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported())


def adamw(module: nn.Module, decay: float = 0.01, betas: tuple[float, float] = (0.9, 0.999)) -> dict[str, torch.optim.Optimizer]:
    return {"adamw": torch.optim.AdamW(module.parameters(), betas=betas, weight_decay=decay)}


def save_checkpoint(path: Path, modules: Modules, optimizers: Optimizers, notes: dict[str, float]) -> None:
    """Weights and optimizer moments in one safetensors file, the notes as JSON in its header; whole or not at all."""
    tensors = {
        f"{name}|{key}": value.detach().contiguous().clone()
        for name, module in modules.items()
        for key, value in module.state_dict().items()
    }
    for name, optimizer in optimizers.items():
        for index, state in optimizer.state_dict()["state"].items():
            tensors |= {f"{name}#{index}|{key}": torch.as_tensor(value).clone() for key, value in state.items()}
    temporary = path.with_suffix(".partial")
    save_file(tensors, temporary, metadata={"notes": json.dumps(notes)})
    temporary.rename(path)


def load_checkpoint(path: Path, modules: Modules, optimizers: Optimizers) -> dict[str, float]:
    """Put a checkpoint back into `modules` and `optimizers`; returns its notes, empty when there is no checkpoint."""
    if not path.exists():
        return {}
    with safe_open(path, "pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - safe_open is no mapping
        notes: dict[str, float] = json.loads(file.metadata()["notes"])
    for name, module in modules.items():
        module.load_state_dict(
            {key.removeprefix(f"{name}|"): value for key, value in tensors.items() if key.startswith(f"{name}|")}
        )
    for name, optimizer in optimizers.items():
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in tensors.items():
            owner, _, slot = key.partition("|")
            if owner.startswith(f"{name}#"):
                state.setdefault(int(owner.partition("#")[2]), {})[slot] = value
        optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return notes
