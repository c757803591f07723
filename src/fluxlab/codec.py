"""The autoencoder: diffusers' AutoencoderKL, 16 channels as FLUX.1's, but 4x down: 8x blurred the faces."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch.nn import functional

from fluxlab.draw import SIZE
from fluxlab.training import Clock, load_checkpoint, save_checkpoint

BATCH = 8
PEAK_RATE = 2e-3


def new_codec() -> AutoencoderKL:
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=(16, 32, 64),
        layers_per_block=1,
        latent_channels=16,
        norm_num_groups=8,
        sample_size=SIZE,
        use_quant_conv=False,
        use_post_quant_conv=False,
        mid_block_add_attention=False,
    )


def as_tensor(images: np.ndarray) -> torch.Tensor:
    """(n, h, w, 3) uint8 to (n, 3, h, w) float in [-1, 1]."""
    return torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def _edges(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def codec_loss(codec: AutoencoderKL, batch: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """L1 on pixels and on their differences (sharp eyes), and a small pull of the latents to unit Gaussians."""
    posterior = codec.encode(batch).latent_dist
    latents = posterior.mean + posterior.std * torch.randn(posterior.mean.shape, generator=generator)
    restored = codec.decode(latents).sample
    return restoration_loss(restored, batch) + 3e-7 * posterior.kl().mean()


def restoration_loss(restored: torch.Tensor, batch: torch.Tensor) -> torch.Tensor:
    sharp = sum(functional.l1_loss(a, b) for a, b in zip(_edges(restored), _edges(batch), strict=True))
    return functional.l1_loss(restored, batch) + sharp


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
        with torch.autocast("cpu", dtype=torch.bfloat16):  # convolutions run nearly twice as fast
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
    """(n, 16, 16, 16) float16 posterior means of every image, kept in `build/latents.npy`; sets the codec's scale and shift."""
    file = build / "latents.npy"
    if not file.exists():
        with torch.autocast("cpu", dtype=torch.bfloat16):
            spans = (images[start : start + 200] for start in range(0, len(images), 200))
            parts = [codec.encode(as_tensor(span)).latent_dist.mean.half().numpy() for span in spans]
        temporary = build / "latents.partial.npy"
        np.save(temporary, np.concatenate(parts))
        temporary.rename(file)
    latents = np.load(file)
    sample = latents[::37].astype(np.float32)
    codec.register_to_config(scaling_factor=float(1 / sample.std()), shift_factor=float(sample.mean()))
    return latents


def refine_decoder(codec: AutoencoderKL, images: np.ndarray, latents: np.ndarray, build: Path, minutes: float) -> AutoencoderKL:
    """The decoder alone learns on: `latents` stay what the base was trained on. Goes on from `build/decoder.safetensors`."""
    torch.manual_seed(6)
    optimizer = torch.optim.AdamW(codec.decoder.parameters(), lr=PEAK_RATE, betas=(0.9, 0.99), weight_decay=1e-4)
    checkpoint, parts = build / "decoder.safetensors", {"decoder": codec.decoder}
    notes = load_checkpoint(checkpoint, parts, {"adamw": optimizer})
    clock, step = Clock(minutes * 60, notes.get("spent", 0.0)), int(notes.get("step", 0))
    while clock.done < 1:
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * clock.done)))
        chosen = np.sort(np.random.default_rng([13, step]).integers(len(images), size=BATCH))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            restored = codec.decode(torch.from_numpy(latents[chosen].astype(np.float32))).sample
            loss = restoration_loss(restored, as_tensor(images[chosen]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(codec.decoder.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        if step % 200 == 0:
            print(f"decoder step {step} {clock.done:.0%} loss {loss.item():.4f}", flush=True)
            save_checkpoint(checkpoint, parts, {"adamw": optimizer}, {"spent": clock.elapsed, "step": step})
    save_checkpoint(checkpoint, parts, {"adamw": optimizer}, {"spent": clock.elapsed, "step": step})
    return codec.eval()
