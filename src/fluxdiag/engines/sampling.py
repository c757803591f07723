"""Latents from prompts: the base's own pipeline, noise drawn image by image on the CPU."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from diffusers import FluxPipeline, FluxTransformer2DModel
from torch import Tensor

from fluxdiag.engines.encoders import Text
from fluxdiag.profiles import Profile


class Sampler:
    """Draws batches. Noise follows from an image's seed alone, so neither batch nor device moves it."""

    def __init__(
        self, encoders: FluxPipeline, transformer: FluxTransformer2DModel, profile: Profile, device: torch.device
    ) -> None:
        self.profile, self.device = profile, device
        self.pipeline = FluxPipeline(
            scheduler=encoders.scheduler,
            vae=encoders.vae.to(device),
            text_encoder=None,
            tokenizer=None,
            text_encoder_2=None,
            tokenizer_2=None,
            transformer=transformer,
        )
        self.pipeline.set_progress_bar_config(disable=True)

    @torch.inference_mode()
    def draw(self, texts: Sequence[Text], seeds: Sequence[int]) -> Tensor:
        """(n, tokens, channels) packed latents, float32, in main memory."""
        dtype = getattr(torch, self.profile.precision)
        height, width = self.profile.resolution
        latents: Tensor = self.pipeline(
            prompt_embeds=torch.stack([prompt for prompt, _ in texts]).to(self.device, dtype),
            pooled_prompt_embeds=torch.stack([pooled for _, pooled in texts]).to(self.device, dtype),
            latents=torch.stack([self._noise(seed) for seed in seeds]).to(self.device, dtype),
            height=height,
            width=width,
            num_inference_steps=self.profile.steps,
            guidance_scale=self.profile.guidance,
            max_sequence_length=self.profile.max_sequence_length,
            output_type="latent",
        ).images
        return latents.float().cpu()

    def _noise(self, seed: int) -> Tensor:
        channels = self.pipeline.transformer.config.in_channels // 4
        height, width = (2 * (side // (2 * self.pipeline.vae_scale_factor)) for side in self.profile.resolution)
        noise = torch.randn((1, channels, height, width), generator=torch.Generator("cpu").manual_seed(seed))
        packed: Tensor = FluxPipeline._pack_latents(noise, 1, channels, height, width)[0]
        return packed
