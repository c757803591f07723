"""Where a model works: whole on the card where it fits, else piece by piece, with the same numbers."""

from __future__ import annotations

from itertools import chain

import psutil
import torch
from diffusers import FluxTransformer2DModel
from diffusers.hooks import apply_group_offloading
from diffusers.hooks.group_offloading import _is_group_offload_enabled, _maybe_remove_and_reapply_group_offloading

ROOMY = 0.85
"""share of the free memory that a model may take; above it its blocks stay in main memory and visit the card"""
PINNED = 1.2
"""times the transformer's size that main memory must have to hold it page-locked: each block is then fetched while the one before
works, and nothing is copied back"""


def place(transformer: FluxTransformer2DModel, device: torch.device) -> FluxTransformer2DModel:
    """On the device, whole where it fits, else block by block as each is needed: the pictures are the same."""
    if device.type != "cuda" or fits(transformer):
        return transformer.to(device)
    ahead = PINNED * size_of(transformer) < psutil.virtual_memory().available
    transformer.enable_group_offload(
        onload_device=device,
        offload_device=torch.device("cpu"),
        offload_type="block_level",
        num_blocks_per_group=1,
        use_stream=ahead,
        record_stream=ahead,
    )
    return transformer


def place_text_encoder(encoder: torch.nn.Module, device: torch.device) -> None:
    """T5-XXL is 9.5 GB: on a smaller card its blocks visit in turn. It is placed once; what is installed later goes with it.

    Blocks, not single layers: a layer's own visit ends before the change that hangs on it (`deltas.py`) is added.
    """
    if device.type != "cuda":
        encoder.to(device)
    elif not _is_placed(encoder, device):
        encoder.to(device) if fits(encoder) else _visiting(encoder, device)


def _is_placed(encoder: torch.nn.Module, device: torch.device) -> bool:
    """Where it is on the card, it is itself what leaves no room there."""
    return _is_group_offload_enabled(encoder) or next(encoder.parameters()).device.type == device.type


def _visiting(encoder: torch.nn.Module, device: torch.device) -> None:
    apply_group_offloading(
        encoder,
        onload_device=device,
        offload_device=torch.device("cpu"),
        offload_type="block_level",
        num_blocks_per_group=1,
        block_modules=["text_model", "encoder"],
    )


def fits(module: torch.nn.Module) -> bool:
    """Whether the card has room for all of it, and for some work beside it."""
    return size_of(module) < ROOMY * torch.cuda.mem_get_info()[0]


def placed_anew(transformer: FluxTransformer2DModel) -> None:
    """After another LoRA was installed: blocks that visit the card are told of its tensors. Elsewhere nothing happens."""
    _maybe_remove_and_reapply_group_offloading(transformer)


def size_of(module: torch.nn.Module) -> int:
    """Bytes of all that moves with it: weights, and what the LoRA has put into its layers."""
    return sum(tensor.numel() * tensor.element_size() for tensor in chain(module.parameters(), module.buffers()))
