"""The transformer with the LoRA on trial in it, switched on and off instead of loaded twice.

Loaders skip in silence what fits no layer, and drop alpha in some dialects. Here the file's own canonical form goes in,
what fits is decided beforehand, and what was installed is counted and compared with the file.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from diffusers import FluxPipeline, FluxTransformer2DModel
from peft.tuners.lora import LoraLayer

from fluxdiag.engines.encoders import weights_from
from fluxdiag.lora import Lora, LoraModule
from fluxdiag.profiles import Profile

TRIAL = "trial"
ROOMY = 0.85
"""share of the free memory that the transformer may take; above it the blocks stay in main memory and visit the card"""


def load_transformer(base: str, precision: str, profile: Profile | None = None) -> FluxTransformer2DModel:
    """Raises WeightsMissing."""
    with weights_from(base, "transformer", profile):
        return FluxTransformer2DModel.from_pretrained(base, subfolder="transformer", dtype=getattr(torch, precision))


def place(transformer: FluxTransformer2DModel, device: torch.device) -> FluxTransformer2DModel:
    """On the device, whole where it fits, else block by block as each is needed: the pictures are the same."""
    if device.type != "cuda":
        return transformer.to(device)
    size = sum(p.numel() * p.element_size() for p in transformer.parameters())
    if size < ROOMY * torch.cuda.mem_get_info()[0]:
        return transformer.to(device)
    transformer.enable_group_offload(
        onload_device=device, offload_device=torch.device("cpu"), offload_type="block_level", num_blocks_per_group=1
    )
    return transformer


@dataclass(frozen=True)
class Installed:
    """What became of the file: layers adapted, the largest relative error of those compared, and what did not fit and why."""

    layers: int
    error: float
    misfits: tuple[str, ...]


class Adapter:
    """Switches the LoRA on trial. Leaves the transformer as it is when nothing of the file fits it."""

    def __init__(self, transformer: FluxTransformer2DModel, lora: Lora) -> None:
        self.transformer = transformer
        self.misfits = _misfits(transformer, lora)
        self.fitting = {path: module for path, module in lora.modules.items() if path not in self.misfits}
        if self.fitting:
            transformer.load_lora_adapter(_state(self.fitting), prefix="transformer", adapter_name=TRIAL)

    def on(self, strength: float) -> None:
        if self.fitting:
            self.transformer.enable_lora()
            self.transformer.set_adapters([TRIAL], weights=[strength])

    def off(self) -> None:
        if self.fitting:
            self.transformer.disable_lora()

    def check(self, strength: float) -> Installed:
        """Counts the layers that carry the LoRA, and compares three of them with the file; leaves it switched on."""
        self.on(strength)
        layers = [m for m in self.transformer.modules() if isinstance(m, LoraLayer) and TRIAL in m.lora_A]
        paths = list(self.fitting)
        compared = sorted({paths[0], paths[len(paths) // 2], paths[-1]}) if paths else []
        errors = [self._error(self.fitting[path], strength) for path in compared]
        reasons = tuple(f"{path}: {why}" for path, why in self.misfits.items())
        return Installed(len(layers), max(errors, default=0.0), reasons)

    @torch.no_grad()
    def _error(self, module: LoraModule, strength: float) -> float:
        """Relative error of what an active layer adds to random input, against the file's matrices in float64."""
        layer = self.transformer.get_submodule(module.path.removeprefix("transformer."))
        if not isinstance(layer, LoraLayer) or layer.disable_adapters or TRIAL not in layer.active_adapters:
            return 1.0
        x = np.random.default_rng(0).standard_normal((8, module.down.shape[1]))
        expected = strength * (x @ module.down.T.astype(np.float64)) @ module.up.T.astype(np.float64)
        down, up = layer.lora_A[TRIAL], layer.lora_B[TRIAL]
        tensor = torch.from_numpy(x).to(down.weight.device, down.weight.dtype)
        added = (up(down(tensor)) * layer.scaling[TRIAL]).double().cpu().numpy()
        scale = float(np.linalg.norm(expected))
        return float(np.linalg.norm(added - expected)) / scale if scale else float(np.linalg.norm(added) > 0)


def _state(modules: dict[str, LoraModule]) -> dict[str, torch.Tensor]:
    """Alpha is folded into `up` already, so peft's scale is 1."""
    tensors = {}
    for path, module in modules.items():
        tensors[f"{path}.lora_A.weight"] = torch.from_numpy(np.ascontiguousarray(module.down))
        tensors[f"{path}.lora_B.weight"] = torch.from_numpy(np.ascontiguousarray(module.up))
    return tensors


def _misfits(transformer: FluxTransformer2DModel, lora: Lora) -> dict[str, str]:
    """Path -> why this base has no place for it."""
    linear = {f"transformer.{name}": m for name, m in transformer.named_modules() if isinstance(m, torch.nn.Linear)}
    reasons = {}
    for path, module in lora.modules.items():
        layer = linear.get(path)
        wanted = (module.up.shape[0], module.down.shape[1])
        if layer is None:
            reasons[path] = "this base has no such linear layer"
        elif (layer.out_features, layer.in_features) != wanted:
            reasons[path] = f"shape {wanted}, the base's is {(layer.out_features, layer.in_features)}"
    return reasons


def install_text_encoder(pipeline: FluxPipeline, lora: Lora, strength: float) -> str | None:
    """Puts the CLIP part of the file into the pipeline; returns why something of it could not be, or None."""
    clip = {path: module for path, module in lora.text_encoder.items() if path.startswith("text_encoder.")}
    left = len(lora.text_encoder) - len(clip)
    if clip:
        pipeline.load_lora_into_text_encoder(
            _state(clip), None, pipeline.text_encoder, prefix="text_encoder", lora_scale=strength, adapter_name=TRIAL
        )
        pipeline.text_encoder.set_adapter(TRIAL)
    return f"{left} adapted layers of T5 are not applied" if left else None
