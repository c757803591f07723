"""A tiny transformer of diffusers' own with random weights, and LoRAs for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from fluxdiag.engines.velocity import predict_velocity
from fluxdiag.lora import Lora, LoraModule
from fluxdiag.lora.forms import LowRank

if TYPE_CHECKING:
    from diffusers import FluxTransformer2DModel

WIDTH = 16
DOUBLE, SINGLE = "transformer.transformer_blocks.0", "transformer.single_transformer_blocks.0"
LAYERS = {
    f"{DOUBLE}.attn.to_q": (WIDTH, WIDTH),
    f"{DOUBLE}.ff.net.0.proj": (4 * WIDTH, WIDTH),
    f"{SINGLE}.attn.to_v": (WIDTH, WIDTH),
    f"{SINGLE}.proj_out": (WIDTH, 5 * WIDTH),
}
"""(out, in) of layers of both kinds of blocks"""


def new_transformer() -> FluxTransformer2DModel:
    """One block of each kind; the same random weights every time."""
    from diffusers import FluxTransformer2DModel  # not above: fluxdiag.engines has to mend torchvision first

    torch.manual_seed(0)
    made = FluxTransformer2DModel(
        patch_size=1,
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=12,
        pooled_projection_dim=6,
        guidance_embeds=True,
        axes_dims_rope=(2, 2, 4),
    )
    return made.requires_grad_(False).eval()


def lora_of(layers: dict[str, tuple[int, int]], rank: int = 3, size: float = 0.3) -> Lora:
    """Random matrices for these layers; without alpha, so its scale is 1."""
    rng = np.random.default_rng(0)
    modules = {}
    for path, (rows, columns) in layers.items():
        down, up = rng.normal(size=(rank, columns)), size * rng.normal(size=(rows, rank))
        modules[path] = LoraModule(path, LowRank(down.astype(np.float32), up.astype(np.float32)), rank, None)
    return Lora(Path("x.safetensors"), "0" * 64, "diffusers", None, modules, {}, {}, ())


@torch.inference_mode()
def output(transformer: FluxTransformer2DModel) -> torch.Tensor:
    """Velocity of two fixed noisy latents, 2 x 3 tokens, under a fixed text."""
    generator = torch.Generator().manual_seed(1)
    noisy, prompt, pooled = (torch.randn(shape, generator=generator) for shape in ((2, 6, 16), (2, 4, 12), (2, 6)))
    return predict_velocity(transformer, noisy, torch.tensor([0.3, 0.7]), prompt, pooled, 3.5, (2, 3))


def merged(transformer: FluxTransformer2DModel, lora: Lora, strength: float) -> torch.Tensor:
    """The output with the weights changed by hand; puts them back."""
    kept = {name: tensor.clone() for name, tensor in transformer.state_dict().items()}
    with torch.no_grad():
        for path, module in lora.modules.items():
            change = torch.from_numpy(strength * module.up @ module.down)
            transformer.get_submodule(path.removeprefix("transformer.")).weight += change
    changed = output(transformer)
    transformer.load_state_dict(kept)
    return changed
