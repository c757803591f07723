"""The autoencoder: diffusers' AutoencoderKL, 16 channels as FLUX.1's, but 4x down: 8x blurred the faces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch.nn import functional

from fluxlab.draw import SIZE
from fluxlab.training import Course, adamw, brisk, train

BATCH = 8
PEAK_RATE, DECAY, BETAS = 2e-3, 1e-4, (0.9, 0.99)


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


def train_codec(images: np.ndarray, build: Path, steps: int) -> AutoencoderKL:
    torch.manual_seed(1)
    codec = new_codec()

    def loss(step: int, done: float) -> torch.Tensor:
        rng = np.random.default_rng([1, step])
        batch = as_tensor(images[np.sort(rng.integers(len(images), size=BATCH))])
        with brisk():
            return codec_loss(codec, batch, torch.Generator().manual_seed(step))

    train(Course("codec", build, steps, PEAK_RATE), {"codec": codec}, adamw(codec, DECAY, BETAS), loss)
    return codec.eval()


@torch.no_grad()
def encode_all(codec: AutoencoderKL, images: np.ndarray, build: Path) -> np.ndarray:
    """(n, 16, 16, 16) float16 posterior means of every image, kept in `build/latents.npy`; sets the codec's scale and shift."""
    file = build / "latents.npy"
    if not file.exists():
        with brisk():
            spans = (images[start : start + 200] for start in range(0, len(images), 200))
            parts = [codec.encode(as_tensor(span)).latent_dist.mean.half().numpy() for span in spans]
        temporary = build / "latents.partial.npy"
        np.save(temporary, np.concatenate(parts))
        temporary.rename(file)
    latents = np.load(file)
    sample = latents[::37].astype(np.float32)
    codec.register_to_config(scaling_factor=float(1 / sample.std()), shift_factor=float(sample.mean()))
    return latents


def refine_decoder(codec: AutoencoderKL, images: np.ndarray, latents: np.ndarray, build: Path, steps: int) -> AutoencoderKL:
    """The decoder alone learns on: `latents` stay what the base was trained on."""
    torch.manual_seed(6)
    codec.requires_grad_(False).decoder.requires_grad_(True)

    def loss(step: int, done: float) -> torch.Tensor:
        chosen = np.sort(np.random.default_rng([13, step]).integers(len(images), size=BATCH))
        with brisk():
            restored = codec.decode(torch.from_numpy(latents[chosen].astype(np.float32))).sample
            return restoration_loss(restored, as_tensor(images[chosen]))

    decoder = {"decoder": codec.decoder}
    train(Course("decoder", build, steps, PEAK_RATE), decoder, adamw(codec.decoder, DECAY, BETAS), loss)
    return codec.eval()
