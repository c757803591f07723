"""What every training of the laboratory shares: checkpoints that survive a kill, and a clock instead of a step count."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file


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


def save_checkpoint(
    path: Path, modules: dict[str, torch.nn.Module], optimizers: dict[str, torch.optim.Optimizer], notes: dict[str, float]
) -> None:
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


def load_checkpoint(
    path: Path, modules: dict[str, torch.nn.Module], optimizers: dict[str, torch.optim.Optimizer]
) -> dict[str, float]:
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
        state: dict[int, dict[str, torch.Tensor]] = {}
        for key, value in tensors.items():
            owner, _, slot = key.partition("|")
            if owner.startswith(f"{name}#"):
                state.setdefault(int(owner.partition("#")[2]), {})[slot] = value
        optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return notes
