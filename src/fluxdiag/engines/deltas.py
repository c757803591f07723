"""The change of one linear layer, whatever its form, as a module inside that layer: it moves with it and adds to its output.

The layer's own weights stay untouched, so that switching off is exact. Nothing dense is kept but what the file holds
densely: a LoHa is multiplied out for the moment that it is used, a LoKr is applied factor by factor.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from fluxdiag.lora import LoraModule
from fluxdiag.lora.dtypes import Floats
from fluxdiag.lora.forms import CHUNK, Dense, Form, Hadamard, LowRank, Rows
from fluxdiag.lora.model import Magnitude

NAME = "lora_on_trial"


class Product(nn.Module):
    """x -> x @ change^T. What is merely multiplied is kept in the layer's own precision, as every program does."""

    def __init__(self, form: Form, dtype: torch.dtype) -> None:
        super().__init__()
        self.form: type[Form] = type(form)
        self.part = slice(form.start, form.stop) if isinstance(form, Rows) else slice(None)
        kept = dtype if isinstance(form, LowRank | Dense) else torch.float32
        for number, array in enumerate(form.arrays):
            self.register_buffer(f"factor_{number}", _tensor(array).to(kept), persistent=False)

    @property
    def factors(self) -> tuple[Tensor, ...]:
        return tuple(self.buffers(recurse=False))

    def __call__(self, x: Tensor) -> Tensor:
        product: Tensor = super().__call__(x)
        return product

    def forward(self, x: Tensor) -> Tensor:
        factors = self.factors
        x = x.to(factors[0].dtype)
        if self.form is LowRank:
            return linear(linear(x, factors[0]), factors[1])
        if self.form is Dense:
            return linear(x, factors[0])
        if self.form is Hadamard:
            down1, up1, down2, up2 = factors
            return linear(x, (up1 @ down1).mul_(up2 @ down2))
        left, right = factors
        grid = linear(x.reshape(*x.shape[:-1], left.shape[1], right.shape[1]), right)  # (..., left's columns, right's rows)
        return (left @ grid).flatten(-2)[..., self.part]


class Lengths(nn.Module):
    """DoRA: how much longer each row or column of the changed weight is to be, less one; known at every strength."""

    gain: Tensor

    def __init__(self, form: Form, magnitude: Magnitude, weight: Tensor) -> None:
        super().__init__()
        self.axis, self.magnitude = magnitude.axis, _tensor(magnitude.values).double()
        self.squares = _squares(form, weight, 1 if magnitude.axis == "out" else 0)
        self.register_buffer("gain", torch.zeros(len(self.magnitude)), persistent=False)

    def at(self, strength: float) -> None:
        base, mixed, change = self.squares
        lengths = (base + 2 * strength * mixed + strength**2 * change).clamp_min(0).sqrt()
        self.gain.copy_((self.magnitude / lengths.clamp_min(torch.finfo(torch.float32).tiny) - 1).float())


class Delta(nn.Module):
    """What a layer with the LoRA gives beyond what it gives without."""

    bias: Tensor | None

    def __init__(self, module: LoraModule, form: Form, layer: nn.Linear) -> None:
        super().__init__()
        self.product = Product(form, layer.weight.dtype)
        self.lengths = None if module.magnitude is None else Lengths(form, module.magnitude, layer.weight)
        self.register_buffer("bias", None if module.bias is None else _tensor(module.bias), persistent=False)
        self.strength, self.active = 0.0, False

    def at(self, strength: float) -> None:
        self.active = True
        if self.lengths is not None:
            self.lengths.at(strength)
        self.strength = strength

    def forward(self, x: Tensor, y: Tensor, layer: nn.Linear) -> Tensor:
        """`y`: what the layer gave for `x`."""
        added = self._added(x, y, layer)
        return added if self.bias is None else added + self.strength * self.bias

    def _added(self, x: Tensor, y: Tensor, layer: nn.Linear) -> Tensor:
        if self.lengths is None:
            product = self.product(x)  # at strength 1 a pass over the whole output is saved, in each of hundreds of layers
            return product if self.strength == 1 else self.strength * product
        gain = self.lengths.gain
        if self.lengths.axis == "out":
            base = y.float() if layer.bias is None else y.float() - layer.bias
            return gain * base + self.strength * (1 + gain) * self.product(x)
        base = linear((x * gain).to(layer.weight.dtype), layer.weight)
        return base + self.strength * self.product(x * (1 + gain))


def install(layer: nn.Linear, module: LoraModule, form: Form) -> Delta:
    """Switched off at first."""
    delta = Delta(module, form, layer).to(layer.weight.device)
    layer.add_module(NAME, delta)
    layer.register_forward_hook(_add)
    return delta


def _add(layer: nn.Module, given: tuple[Tensor, ...], output: Tensor) -> Tensor | None:
    delta = layer.get_submodule(NAME)
    if not isinstance(delta, Delta) or not delta.active:
        return None
    added: Tensor = delta(given[0], output, layer)
    return output + added.to(output.dtype)


def _squares(form: Form, weight: Tensor, axis: int) -> tuple[Tensor, Tensor, Tensor]:
    """||W||^2, W.D and ||D||^2 by row (axis 1) or column (axis 0), in float64 and a few rows at a time."""
    parts = []
    for start in range(0, len(weight), CHUNK):
        base = weight[start : start + CHUNK].detach().cpu().double()
        change = _tensor(form.rows(start, start + len(base)).dense()).double()
        parts.append([(base * base).sum(axis), (base * change).sum(axis), (change * change).sum(axis)])
    join = torch.cat if axis == 1 else lambda column: torch.stack(column).sum(0)
    base, mixed, change = (join(list(column)) for column in zip(*parts, strict=True))
    return base, mixed, change


def _tensor(array: Floats) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))
