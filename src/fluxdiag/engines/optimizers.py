"""What turns gradients into steps, by name, and its whole state as tensors and numbers that a file can hold.

Prodigy and the 8-bit AdamW are the libraries that the field's trainers use (prodigyopt, bitsandbytes), so that a rate found in
one trainer means the same in this one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from typing import Any

import torch
from torch import Tensor

from fluxdiag.errors import FluxdiagError
from fluxdiag.trainers.setup import GUIDES_D_COEF, TrainingSetup

LIBRARIES = {"adamw8bit": "bitsandbytes", "prodigy": "prodigyopt"}


def optimizer_lacks(setup: TrainingSetup) -> str | None:
    """What is missing for this optimizer, or None. Asked before anything is loaded."""
    library = LIBRARIES.get(setup.optimizer)
    if library is None or find_spec(library) is not None:
        return None
    return f"the optimizer {setup.optimizer} needs the library {library}, which is not installed"


def make_optimizer(setup: TrainingSetup, parameters: Sequence[torch.nn.Parameter]) -> torch.optim.Optimizer:
    """Raises FluxdiagError where its library is missing or does not run on this machine."""
    missing = optimizer_lacks(setup)
    if missing is not None:
        raise FluxdiagError(missing, where="optimizer", do=f"Install {LIBRARIES[setup.optimizer]}, or choose adamw")
    shared: dict[str, Any] = {"lr": setup.learning_rate, "weight_decay": setup.weight_decay}
    if setup.optimizer == "prodigy":
        return _prodigy(parameters, setup, shared)
    if setup.optimizer == "adamw8bit":
        return _adamw8bit(parameters, shared)
    return torch.optim.AdamW(parameters, fused=True, **shared)


def _prodigy(parameters: Sequence[torch.nn.Parameter], setup: TrainingSetup, shared: dict[str, Any]) -> torch.optim.Optimizer:
    """As the paper's authors advise for diffusion models; during a warm-up it must not take the small steps for a sign."""
    from prodigyopt import Prodigy

    with redirect_stdout(StringIO()):  # it says so when it decays weights
        made: torch.optim.Optimizer = Prodigy(
            parameters,
            d_coef=GUIDES_D_COEF if setup.d_coef is None else setup.d_coef,
            use_bias_correction=True,
            safeguard_warmup=setup.warmup_steps > 0,
            **shared,
        )
    return made


def _adamw8bit(parameters: Sequence[torch.nn.Parameter], shared: dict[str, Any]) -> torch.optim.Optimizer:
    try:
        from bitsandbytes.optim import AdamW8bit

        made: torch.optim.Optimizer = AdamW8bit(parameters, **shared)
    except (ImportError, OSError, RuntimeError) as error:
        raise FluxdiagError(f"bitsandbytes does not run here ({error})", where="optimizer", do="Choose adamw") from error
    return made


def optimizer_state(optimizer: torch.optim.Optimizer, names: Sequence[str]) -> tuple[dict[str, Tensor], str]:
    """Tensors named `<part>:<parameter>`, and all numbers as JSON; `names` are the parameters' in the optimizer's order."""
    whole = optimizer.state_dict()
    tensors: dict[str, Tensor] = {}
    numbers: dict[str, dict[str, Any]] = {}
    for index, state in whole["state"].items():
        for part, value in _flat(state).items():
            if isinstance(value, Tensor):
                tensors[f"{part}:{names[index]}"] = value.detach().to("cpu", copy=True).contiguous()  # some are shared
            else:
                numbers.setdefault(names[index], {})[part] = value
    return tensors, json.dumps({"numbers": numbers, "groups": whole["param_groups"]})


def restore_optimizer(optimizer: torch.optim.Optimizer, names: Sequence[str], tensors: dict[str, Tensor], said: str) -> None:
    """Puts back what `optimizer_state` gave: the next step is then the one that would have followed."""
    parsed = json.loads(said)
    flat: dict[str, dict[str, Any]] = {name: dict(parsed["numbers"].get(name, {})) for name in names}
    for key, tensor in tensors.items():
        part, _, name = key.partition(":")
        flat[name][part] = tensor
    state = {index: _nested(flat[name]) for index, name in enumerate(names)}
    optimizer.load_state_dict({"state": state, "param_groups": parsed["groups"]})


def _flat(state: dict[str, Any]) -> dict[str, Any]:
    """bitsandbytes puts what it has quantised one level deeper."""
    flat = {part: value for part, value in state.items() if not isinstance(value, dict)}
    deeper = {part: value for part, value in state.items() if isinstance(value, dict)}
    return flat | {f"{part}/{inner}": value for part, parts in deeper.items() for inner, value in parts.items()}


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in flat.items():
        part, deeper, inner = key.partition("/")
        if deeper:
            nested.setdefault(part, {})[inner] = value
        else:
            nested[part] = value
    return nested
