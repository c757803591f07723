"""One forward pass of a FLUX.1 transformer, as training and the loss probe need it: without the sampler around it."""

from __future__ import annotations

from functools import lru_cache

import torch
from diffusers import FluxPipeline, FluxTransformer2DModel
from torch import Tensor


def predict_velocity(
    transformer: FluxTransformer2DModel,
    noisy: Tensor,
    sigma: Tensor,
    prompt: Tensor,
    pooled: Tensor,
    guidance: float,
    grid: tuple[int, int],
) -> Tensor:
    """Velocity (noise minus image) of packed latents.

    `noisy` (batch, rows x columns, channels), `sigma` (batch,) in (0, 1), `prompt` (batch, text, channels) and `pooled`
    (batch, channels), all on the transformer's device and in its precision but `sigma`, which stays float32.
    """
    guided = transformer.config.guidance_embeds
    velocity: Tensor = transformer(
        hidden_states=noisy,
        encoder_hidden_states=prompt,
        pooled_projections=pooled,
        timestep=sigma,
        guidance=torch.full_like(sigma, guidance) if guided else None,
        img_ids=_image_ids(grid, noisy.device),
        txt_ids=torch.zeros(prompt.shape[1], 3, device=noisy.device),
        return_dict=False,
    )[0]
    return velocity


@lru_cache(maxsize=16)
def _image_ids(grid: tuple[int, int], device: torch.device) -> Tensor:
    ids: Tensor = FluxPipeline._prepare_latent_image_ids(1, *grid, device, torch.float32)
    return ids
