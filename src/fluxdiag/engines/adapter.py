"""The transformer with the LoRA on trial in it, switched on and off instead of loaded twice.

Loaders skip in silence what fits no layer, drop alpha in some dialects and know few forms. Here every form goes in as the
file has it, what fits is decided beforehand, and what was installed is counted and compared with the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch
from diffusers import FluxPipeline, FluxTransformer2DModel

from fluxdiag.bases import refuse_unfit, revision_of
from fluxdiag.engines.deltas import Delta, install
from fluxdiag.engines.encoders import weights_from
from fluxdiag.lora import Lora, LoraModule, dora
from fluxdiag.lora.forms import Doubles, Form
from fluxdiag.profiles import Profile

PROBES = 8
"""rows of random input that every adapted layer is probed with"""
COMPARED = 12
"""layers with DoRA that are compared with the file, evenly chosen: a whole weight in float64 takes a second each"""
TOLERANCE = {torch.float32: 1e-4, torch.float16: 5e-3}
COARSE = 3e-2
"""relative error up to which a layer adds what the file says: a few roundings of its precision; bfloat16 has 8 bits"""


def load_transformer(base: str, precision: str, profile: Profile | None = None) -> FluxTransformer2DModel:
    """Raises WeightsMissing."""
    refuse_unfit(base)
    with weights_from(base, "transformer", profile):
        exactly = {"subfolder": "transformer", "revision": revision_of(base) or "main"}
        return FluxTransformer2DModel.from_pretrained(base, dtype=getattr(torch, precision), **exactly)


Outcome = Literal["loaded", "half-loaded", "inert"]


@dataclass(frozen=True)
class Installed:
    """What became of the file: layers adapted, the largest relative error of what they add, and what does not fit and why."""

    layers: int
    error: float
    misfits: tuple[str, ...]
    """layers that this base has no place for, and those that add something else than the file says"""
    lost: dict[str, str] = field(default_factory=dict)
    """the same by path -> why"""
    expected: int = 0
    """layers of the transformer that the file has"""

    @property
    def outcome(self) -> Outcome:
        """`inert`: no layer adds what the file says; `half-loaded`: some do not."""
        if len(self.lost) == self.expected:
            return "inert"
        return "half-loaded" if self.lost else "loaded"


class Adapter:
    """Switches the LoRA on trial. Leaves the transformer as it is when nothing of the file fits it."""

    def __init__(self, transformer: FluxTransformer2DModel, lora: Lora) -> None:
        self.transformer = transformer
        self.modules = lora.modules
        self.fitting, self.misfits = _installed(transformer, lora.modules)

    def on(self, strength: float) -> None:
        for delta in self.fitting.values():
            delta.at(strength)

    def off(self) -> None:
        for delta in self.fitting.values():
            delta.active = False

    def check(self, strength: float) -> Installed:
        """Counts the layers that carry the LoRA, and compares what they add with the file; leaves it switched on."""
        self.on(strength)
        errors = {path: self._error(self.modules[path], strength) for path in self._compared()}
        wrong = {path: f"it adds something else than the file says, by {error:.1%}" for path, error in errors.items()}
        wrong = {path: why for path, why in wrong.items() if errors[path] > self._tolerance(path)}
        lost = self.misfits | wrong
        reasons = tuple(f"{path}: {why}" for path, why in lost.items())
        layers = sum(isinstance(module, Delta) for module in self.transformer.modules())
        return Installed(layers, max(errors.values(), default=0.0), reasons, lost, len(self.modules))

    def _compared(self) -> list[str]:
        """Every layer; of those with DoRA some."""
        dora = [path for path in self.fitting if self.modules[path].magnitude is not None]
        chosen = {dora[number] for number in np.linspace(0, len(dora) - 1, COMPARED).round().astype(int)} if dora else set()
        return [path for path in self.fitting if path in chosen or self.modules[path].magnitude is None]

    @torch.no_grad()
    def _error(self, module: LoraModule, strength: float) -> float:
        """Relative error of what a layer adds in one forward pass of random input, against the file in float64."""
        layer = self._layer(module.path)
        x = np.random.default_rng(0).standard_normal((PROBES, layer.in_features))
        tensor = torch.from_numpy(x).to(layer.weight.device, layer.weight.dtype)
        added = _added(layer, self.fitting[module.path], tensor)
        if added is None:
            return 1.0
        expected = _expected(module, layer.weight, strength, tensor.double().cpu().numpy())
        scale = float(np.linalg.norm(expected))
        return float(np.linalg.norm(added - expected)) / scale if scale else float(np.linalg.norm(added) > 0)

    def _tolerance(self, path: str) -> float:
        return TOLERANCE.get(self._layer(path).weight.dtype, COARSE)

    def _layer(self, path: str) -> torch.nn.Linear:
        layer: torch.nn.Linear = self.transformer.get_submodule(path.removeprefix("transformer."))
        return layer


def _added(layer: torch.nn.Linear, delta: Delta, x: torch.Tensor) -> Doubles | None:
    """What is added when the layer itself is called; None when nothing is."""
    caught: list[torch.Tensor] = []
    handle = delta.register_forward_hook(lambda _, given, added: caught.append(added))
    layer(x)
    handle.remove()
    return caught[0].double().cpu().numpy() if caught else None


def _expected(module: LoraModule, weight: torch.Tensor, strength: float, x: Doubles) -> Doubles:
    """x @ (W' - W)^T and the bias, from the file alone."""
    if module.magnitude is None:
        product = strength * module.form.applied(x)
    else:
        product = x @ dora.delta(module, weight.float().cpu().numpy(), strength).T
    return product if module.bias is None else product + strength * module.bias


def _installed(
    model: torch.nn.Module, modules: Mapping[str, LoraModule], without: str = ""
) -> tuple[dict[str, Delta], dict[str, str]]:
    """Path -> what is installed there, and path -> why this base has no place for it. One form is in memory at a time.

    `without`: a part of the paths that this version of the model may leave out.
    """
    linear = {name: layer for name, layer in model.named_modules() if isinstance(layer, torch.nn.Linear)}
    deltas, misfits = {}, {}
    for path, module in modules.items():
        name = path.partition(".")[2]
        layer = linear.get(name) or linear.get(name.removeprefix(without))
        form = module.form
        why = _misfit(layer, form)
        if layer is None or why is not None:
            misfits[path] = why or ""
        else:
            deltas[path] = install(layer, module, form)
    return deltas, misfits


def _misfit(layer: torch.nn.Linear | None, form: Form) -> str | None:
    if layer is None:
        return "this base has no such linear layer"
    own = (layer.out_features, layer.in_features)
    return None if own == form.shape else f"shape {form.shape}, the base's is {own}"


def install_text_encoder(pipeline: FluxPipeline, lora: Lora, strength: float) -> str | None:
    """Puts the file's layers of CLIP and T5 into the pipeline; returns why some of them could not be, or None."""
    left: dict[str, str] = {}
    for component, encoder in (("text_encoder", pipeline.text_encoder), ("text_encoder_2", pipeline.text_encoder_2)):
        modules = {path: module for path, module in lora.text_encoder.items() if path.startswith(f"{component}.")}
        deltas, misfits = _installed(encoder, modules, without="text_model.")
        for delta in deltas.values():
            delta.at(strength)
        left |= misfits
    if not left:
        return None
    path, why = next(iter(left.items()))
    return f"{len(left)} adapted layers of the text encoders are not applied: {path}: {why}"
