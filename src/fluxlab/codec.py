"""The autoencoder: diffusers' AutoencoderKL, 8x down to 16 channels as FLUX.1's, small enough for two CPU cores."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

import fluxdiag.engines  # noqa: F401  (mends torchvision before diffusers is imported)
from diffusers import AutoencoderKL
from fluxlab.training import Clock, load_checkpoint, save_checkpoint

BATCH = 16
PEAK_RATE = 3e-3


def new_codec() -> AutoencoderKL:
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(16, 32, 64, 96),
        layers_per_block=1,
        latent_channels=16,
        norm_num_groups=8,
        sample_size=96,
        use_quant_conv=False,
        use_post_quant_conv=False,
        mid_block_add_attention=False,
    )


def as_tensor(images: np.ndarray) -> torch.Tensor:
    """(n, h, w, 3) uint8 to (n, 3, h, w) float in [-1, 1]."""
    return torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def _edges(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def codec_loss(codec: AutoencoderKL, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """L1 on pixels and on their differences (sharp eyes and hair), and a small pull of the latents to unit Gaussians."""
    posterior = codec.encode(batch).latent_dist
    latents = posterior.mean + posterior.std * torch.randn(posterior.mean.shape, generator=generator)
    restored = codec.decode(latents).sample
    sharp = sum(functional.l1_loss(a, b) for a, b in zip(_edges(restored), _edges(batch), strict=True))
    return functional.l1_loss(restored, batch) + sharp + 3e-7 * posterior.kl().mean()


def train_codec(images: np.ndarray, build: Path, minutes: float) -> AutoencoderKL:
    """Train for so many minutes of this machine in all; goes on from `build/codec.safetensors` after a kill."""
    torch.manual_seed(1)
    codec = new_codec()
    optimizer = torch.optim.AdamW(codec.parameters(), lr=PEAK_RATE, betas=(0.9, 0.99), weight_decay=1e-4)
    checkpoint = build / "codec.safetensors"
    notes = load_checkpoint(checkpoint, {"codec": codec}, {"adamw": optimizer})
    clock, step = Clock(minutes * 60, notes.get("spent", 0.0)), int(notes.get("step", 0))
    while clock.done < 1:
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * clock.done)))
        rng = np.random.default_rng([1, step])
        batch = as_tensor(images[np.sort(rng.integers(len(images), size=BATCH))])
        loss = codec_loss(codec, batch, torch.Generator().manual_seed(step))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(codec.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 200 == 0:
            print(f"codec step {step} {clock.done:.0%} loss {loss.item():.4f}", flush=True)
            save_checkpoint(checkpoint, {"codec": codec}, {"adamw": optimizer}, {"spent": clock.elapsed, "step": step})
    save_checkpoint(checkpoint, {"codec": codec}, {"adamw": optimizer}, {"spent": clock.elapsed, "step": step})
    return codec.eval()


@torch.no_grad()
def encode_all(codec: AutoencoderKL, images: np.ndarray, build: Path) -> np.ndarray:
    """(n, 16, 12, 12) float16 posterior means of every image, kept in `build/latents.npy`; sets the codec's scale and shift."""
    file = build / "latents.npy"
    if not file.exists():
        parts = [codec.encode(as_tensor(images[start : start + 100])).latent_dist.mean.half().numpy() for start in range(0, len(images), 100)]
        temporary = build / "latents.partial.npy"
        np.save(temporary, np.concatenate(parts))
        temporary.rename(file)
    latents = np.load(file)
    sample = latents[::37].astype(np.float32)
    codec.register_to_config(scaling_factor=float(1 / sample.std()), shift_factor=float(sample.mean()))
    return latents
