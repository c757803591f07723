"""Photos to latents and captions to embeddings, once; then the encoders and the autoencoder are let go.

What remains is small (FLUX.1-dev: 4 MB a caption, 0.5 MB a photo, in bfloat16) and stays in main memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import FluxPipeline
from PIL import Image, ImageOps
from torch import Tensor

from fluxdiag.errors import WeightsMissing
from fluxdiag.trainers.setup import TrainingSetup


@dataclass(frozen=True)
class TrainingPhoto:
    """An image on disk, the words that go with it, and its digest; `regularisation` marks other people's."""

    path: Path
    sha256: str
    caption: str
    regularisation: bool = False


@dataclass(frozen=True)
class Example:
    """One photo as the transformer sees it. `grid` is (rows, columns) of image tokens."""

    latent: Tensor  # (rows x columns, channels), packed 2x2
    grid: tuple[int, int]
    prompt: Tensor  # (text tokens, channels)
    pooled: Tensor  # (channels,)
    regularisation: bool


def training_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def encode(photos: Sequence[TrainingPhoto], setup: TrainingSetup) -> tuple[Example, ...]:
    """Every photo and caption encoded; nothing of the pipeline is kept. Raises WeightsMissing."""
    pipeline = _encoders(setup)
    device = training_device()
    with torch.no_grad():
        pipeline.text_encoder.to(device)
        pipeline.text_encoder_2.to(device)
        texts = {caption: _embed(pipeline, caption, setup, device) for caption in sorted({p.caption for p in photos})}
        pipeline.text_encoder, pipeline.text_encoder_2 = None, None
        pipeline.vae.to(device).float()
        return tuple(_example(pipeline, photo, setup, texts[photo.caption], device) for photo in photos)


def _encoders(setup: TrainingSetup) -> FluxPipeline:
    try:
        return FluxPipeline.from_pretrained(setup.base, transformer=None, torch_dtype=getattr(torch, setup.precision))
    except (OSError, ValueError) as error:
        raise WeightsMissing(
            f"the text encoders and the autoencoder cannot be loaded ({error})",
            where=setup.base,
            do="Give a folder or hub id of a diffusers FLUX.1 pipeline that is complete on this machine",
        ) from error


def _embed(pipeline: FluxPipeline, caption: str, setup: TrainingSetup, device: torch.device) -> tuple[Tensor, Tensor]:
    prompt, pooled, _ = pipeline.encode_prompt(caption, None, device=device, max_sequence_length=setup.max_sequence_length)
    return prompt[0].cpu().clone(), pooled[0].cpu().clone()


def _example(
    pipeline: FluxPipeline, photo: TrainingPhoto, setup: TrainingSetup, text: tuple[Tensor, Tensor], device: torch.device
) -> Example:
    pixels = load_pixels(photo.path, setup.resolution, 2 * pipeline.vae_scale_factor).to(device)
    vae = pipeline.vae
    # The mode, not a draw: FLUX's posterior is narrow, and a cached photo must be the same after every start.
    latent = (vae.encode(pixels).latent_dist.mode() - (vae.config.shift_factor or 0.0)) * vae.config.scaling_factor
    _, channels, height, width = latent.shape
    packed = FluxPipeline._pack_latents(latent, 1, channels, height, width)[0]
    return Example(packed.cpu().clone(), (height // 2, width // 2), *text, photo.regularisation)


def load_pixels(path: Path, resolution: tuple[int, int], multiple: int) -> Tensor:
    """(1, 3, height, width) in [-1, 1], at the area of `resolution` with the photo's own proportions.

    Sides are multiples of `multiple`; what does not fit is cropped evenly from both ends.
    """
    with Image.open(path) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    size = fitted_size(image.size, resolution, multiple)
    fitted = image if image.size == size else ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    array = np.asarray(fitted, dtype=np.float32) / 127.5 - 1.0
    return torch.from_numpy(array).permute(2, 0, 1)[None]


def fitted_size(size: tuple[int, int], resolution: tuple[int, int], multiple: int) -> tuple[int, int]:
    """(width, height) nearest to the photo's proportions at the area of `resolution`, in steps of `multiple` px."""
    side = (resolution[0] * resolution[1]) ** 0.5
    ratio = (size[0] / size[1]) ** 0.5
    width, height = (max(1, round(side * factor / multiple)) * multiple for factor in (ratio, 1 / ratio))
    return width, height
