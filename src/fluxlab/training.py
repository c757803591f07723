"""The loop of every training of the laboratory: so many steps, and checkpoints that survive a kill."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
"""(step, share of the course that is over) -> loss. The step alone decides what is in the batch, so a kill changes nothing."""


@dataclass(frozen=True)
class Course:
    """One training: its checkpoint's name, where that lies, steps, peak rate, largest gradient.

    Steps and not minutes: the same weights come out on a machine that is busy, and in less time on one that is faster.
    """

    name: str
    build: Path
    steps: int
    peak: float
    clip: float = 1.0

    @property
    def checkpoint(self) -> Path:
        return self.build / f"{self.name}.safetensors"


def train(course: Course, modules: Modules, optimizers: Optimizers, loss_at: LossAt) -> None:
    """To the last step; goes on from the checkpoint after a kill."""
    step, mean = int(load_checkpoint(course.checkpoint, modules, optimizers).get("step", 0)), float("nan")
    while step < course.steps:
        done = step / course.steps
        loss = loss_at(step, done)
        loss.backward()
        for module in modules.values():
            nn.utils.clip_grad_norm_(module.parameters(), course.clip)
        _pace(optimizers, rate_at(done, step, course.peak))
        step += 1
        mean = loss.item() if math.isnan(mean) else 0.99 * mean + 0.01 * loss.item()
        if step % SAVE_EVERY == 0 or step == course.steps:
            print(f"{course.name} step {step} of {course.steps} loss {mean:.4f}", flush=True)
            save_checkpoint(course.checkpoint, modules, optimizers, {"step": step})


def rate_at(done: float, step: int, peak: float) -> float:
    """Linear warm-up, then half a cosine over the course down to a fiftieth."""
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
