"""The base: a FLUX.1 of two million parameters, trained from scratch on drawn pictures and their captions.

Its text encoders can read already (`words.py`). Two stages follow, as FLUX.1 [dev] had them. First flow matching, text
encoders included. Then guidance distillation: the model learns to give in one pass, under the guidance embedding, what
classifier-free guidance gives in two (2210.03142).
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import FluxPipeline, FluxTransformer2DModel
from torch import Tensor, nn

from fluxlab.captions import full_caption, scene_caption, training_caption
from fluxlab.data import training_picture
from fluxlab.muon import Muon
from fluxlab.text import TOKENS, WIDTH, clip_tokenizer, new_clip, new_t5, t5_tokenizer
from fluxlab.training import Course, adamw, train

BATCH = 64
NO_CAPTION = 0.08
PLAIN = 1.0
"""the guidance under which the first stage trains, and LoRAs do: no guidance at all"""
STRONGEST_GUIDANCE = 4.0
GENERAL, GUIDANCE = 3, 4
"""streams of random numbers, one a stage"""
LEAN = 0.5
"""towards the noisy times, in which the text tells the most: there it is decided who will be painted"""
GENERAL_CAPTIONS = 0.6
"""share of pictures of one person that the general grammar captions"""


def new_transformer() -> FluxTransformer2DModel:
    return FluxTransformer2DModel(
        patch_size=1,
        in_channels=64,
        num_layers=2,
        num_single_layers=4,
        attention_head_dim=32,
        num_attention_heads=4,
        joint_attention_dim=WIDTH,
        pooled_projection_dim=WIDTH,
        guidance_embeds=True,
        axes_dims_rope=(4, 14, 14),
    )


@dataclass
class Base:
    """The three networks that train together, and the tokenizers that feed them."""

    transformer: FluxTransformer2DModel
    clip: nn.Module
    t5: nn.Module
    clip_tokenizer: object
    t5_tokenizer: object

    @property
    def modules(self) -> dict[str, nn.Module]:
        return {"transformer": self.transformer, "clip": self.clip, "t5": self.t5}

    def texts(self, captions: list[str]) -> tuple[Tensor, Tensor]:
        """(batch, TOKENS, WIDTH) from T5 and (batch, WIDTH) pooled by CLIP, as FluxPipeline.encode_prompt makes them."""
        words = self.t5_tokenizer(captions, padding="max_length", max_length=TOKENS, truncation=True, return_tensors="pt")
        # CLIP is causal, so padding after the end changes nothing and is left away.
        ends = self.clip_tokenizer(captions, padding=True, max_length=TOKENS, truncation=True, return_tensors="pt")
        return self.t5(words.input_ids)[0], self.clip(ends.input_ids).pooler_output

    def velocity(self, noisy: Tensor, sigma: Tensor, guidance: Tensor, texts: tuple[Tensor, Tensor]) -> Tensor:
        """(batch, 64, 64) packed latents at times `sigma` (batch,) -> the same shape."""
        side = math.isqrt(noisy.shape[1])
        ids = FluxPipeline._prepare_latent_image_ids(1, side, side, noisy.device, noisy.dtype)
        velocity: Tensor = self.transformer(
            hidden_states=noisy,
            encoder_hidden_states=texts[0],
            pooled_projections=texts[1],
            timestep=sigma,
            guidance=guidance,
            img_ids=ids,
            txt_ids=torch.zeros(texts[0].shape[1], 3),
            return_dict=False,
        )[0]
        return velocity


def new_base(build: Path) -> Base:
    torch.manual_seed(2)
    clip_words, t5_words = clip_tokenizer(build / "clip-tokenizer"), t5_tokenizer()
    return Base(new_transformer(), new_clip(clip_words), new_t5(t5_words), clip_words, t5_words)


def optimizers_for(base: Base, rate: float) -> dict[str, torch.optim.Optimizer]:
    """Muon for the matrices inside the transformer's blocks, AdamW for everything else (Jordan et al. 2024)."""
    named = list(base.transformer.named_parameters())
    inside = [p for name, p in named if p.ndim == 2 and "transformer_blocks" in name]
    rest = [p for name, p in named if not (p.ndim == 2 and "transformer_blocks" in name)]
    rest += [*base.clip.parameters(), *base.t5.parameters()]
    return {
        "muon": Muon(inside, lr=rate),
        "adamw": torch.optim.AdamW(rest, lr=rate, betas=(0.9, 0.98), weight_decay=0.01),
    }


@dataclass(frozen=True)
class Batches:
    """What each step of a stage trains on: the step and the stage's stream of random numbers alone decide it."""

    latents: np.ndarray
    """(n, 16, 16, 16), as the autoencoder gave them"""
    scale: float
    shift: float
    stream: int

    def at(self, step: int) -> tuple[Tensor, list[str]]:
        """(BATCH, 64, 64) packed latents and their captions."""
        rng = np.random.default_rng([self.stream, step])
        chosen = np.sort(rng.integers(len(self.latents), size=BATCH))
        captions = ["" if rng.random() < NO_CAPTION else _caption(int(index), rng) for index in chosen]
        latent = (torch.from_numpy(self.latents[chosen].astype(np.float32)) - self.shift) * self.scale
        return FluxPipeline._pack_latents(latent, BATCH, *latent.shape[1:]), captions


def _caption(index: int, rng: np.random.Generator) -> str:
    """By the general grammar, or as somebody captions the photos of a LoRA: the whole person, or the name and the scene."""
    picture, name = training_picture(index)
    if len(picture.figures) != 1 or rng.random() < GENERAL_CAPTIONS:
        return training_caption(picture, name, rng)
    sex = picture.figures[0].person.sex
    return full_caption(picture, f"a {sex}") if name is None else scene_caption(picture, f"{name} {sex}")


def noised(clean: Tensor, step: int) -> tuple[Tensor, Tensor, Tensor]:
    """Noisy latents at logit-normal times (2403.03206) that lean to noise, the times, and the velocity to learn."""
    generator = torch.Generator().manual_seed(step)
    sigma = torch.sigmoid(LEAN + torch.randn(len(clean), generator=generator))
    noise = torch.randn(clean.shape, generator=generator)
    mix = sigma[:, None, None]
    return (1 - mix) * clean + mix * noise, sigma, noise - clean


def train_base(base: Base, latents: np.ndarray, scale: float, shift: float, build: Path, steps: int, peak: float = 2e-3) -> Base:
    """Flow matching, text encoders included, so many steps in all."""
    batches = Batches(latents, scale, shift, GENERAL)

    def loss(step: int, done: float) -> Tensor:
        clean, captions = batches.at(step)
        noisy, sigma, target = noised(clean, step)
        velocity = base.velocity(noisy, sigma, torch.full((BATCH,), PLAIN), base.texts(captions))
        return (velocity - target).square().mean()

    train(Course("base", build, steps, peak), base.modules, optimizers_for(base, peak), loss)
    return base


def distil_guidance(
    base: Base, latents: np.ndarray, scale: float, shift: float, build: Path, steps: int, peak: float = 4e-4
) -> Base:
    """The transformer learns guidance from itself; at guidance 1 it stays what it was."""
    batches, teacher = Batches(latents, scale, shift, GUIDANCE), copy.deepcopy(base)
    for module in (*teacher.modules.values(), base.clip, base.t5):
        module.requires_grad_(False)
    nothing = teacher.texts([""])
    empty, plain = (nothing[0].expand(BATCH, -1, -1), nothing[1].expand(BATCH, -1)), torch.full((BATCH,), PLAIN)

    def loss(step: int, done: float) -> Tensor:
        clean, captions = batches.at(step)
        noisy, sigma, _ = noised(clean, step)
        guidance = 1 + (STRONGEST_GUIDANCE - 1) * torch.rand(BATCH, generator=torch.Generator().manual_seed(step + 1))
        guidance[::4] = PLAIN
        with torch.no_grad():
            texts = base.texts(captions)
            with_text = teacher.velocity(noisy, sigma, plain, texts)
            without = teacher.velocity(noisy, sigma, plain, empty)
            target = without + guidance[:, None, None] * (with_text - without)
        return (base.velocity(noisy, sigma, guidance, texts) - target).square().mean()

    train(Course("distilled", build, steps, peak), base.modules, adamw(base.transformer), loss)
    return base
