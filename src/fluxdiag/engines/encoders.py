"""The parts of a FLUX.1 base that run before and after the transformer: text encoders and autoencoder.

Each is loaded, used and let go; T5-XXL alone is 9.5 GB, so it never shares the card with the transformer.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import FluxPipeline
from diffusers.utils import logging as diffusers_logging
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError
from PIL import Image, ImageOps
from torch import Tensor
from transformers import CLIPTextModel, PreTrainedModel, T5EncoderModel
from transformers.utils import logging as transformers_logging

from fluxdiag.bases import revision_of
from fluxdiag.engines.placing import place_text_encoder
from fluxdiag.errors import WeightsMissing, of_the_machine
from fluxdiag.profiles import Profile
from fluxdiag.runs import write_bytes

# Their bars would run through ours; what goes wrong is said by exceptions.
diffusers_logging.disable_progress_bar()
transformers_logging.disable_progress_bar()

TEXT_ENCODERS: dict[str, type[PreTrainedModel]] = {"text_encoder": CLIPTextModel, "text_encoder_2": T5EncoderModel}
"""their folders in a FLUX.1 pipeline"""
Text = tuple[Tensor, Tensor]
"""(text tokens, channels) from T5 and (channels,) pooled by CLIP, in main memory"""


@dataclass(frozen=True)
class EncodedPhoto:
    """A photo as the transformer sees it: `latent` (rows x columns, channels), packed 2x2; `grid` is (rows, columns)."""

    latent: Tensor
    grid: tuple[int, int]
    pixels: np.ndarray
    """(height, width, 3) uint8, as it was encoded"""


def best_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@contextmanager
def weights_from(base: str, what: str, profile: Profile | None = None) -> Any:
    """Turns the many ways in which weights can be missing into one sentence. Raises WeightsMissing.

    A disk that is full or may not be written is none of them, and raised as it is: another base would not fit on it either.
    """
    try:
        yield
    except (OSError, ValueError, HfHubHTTPError) as error:
        chain = _chain(error)
        if (disk := next((link for link in chain if of_the_machine(link) is not None), None)) is not None:
            raise disk from None
        if any(isinstance(link, GatedRepoError) for link in chain):
            do = "Accept its licence there, then log in with `hf auth login`"
        else:
            do = "Give the folder or hub id of a diffusers FLUX.1 pipeline that is complete on this machine"
        if profile is not None:
            do += f" (licence: {profile.licence_url}; size: about {profile.cost.download_gb:.0f} GB)"
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise WeightsMissing(f"the {what} cannot be loaded ({reason})", where=base, do=do) from error


def _chain(error: BaseException) -> list[Exception]:
    """An error and those that it was made from: libraries pass on their own, the hub's or the disk's below it."""
    chain: list[Exception] = []
    link: BaseException | None = error
    while isinstance(link, Exception) and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    return chain


def load_encoders(base: str, precision: str, profile: Profile | None = None) -> FluxPipeline:
    """The pipeline without its transformer. Raises WeightsMissing."""
    dtype = getattr(torch, precision)
    with weights_from(base, "text encoders and autoencoder", profile):
        texts = {name: _whole(kind, base, name, dtype) for name, kind in TEXT_ENCODERS.items()}
        return FluxPipeline.from_pretrained(base, revision=revision_of(base) or "main", transformer=None, dtype=dtype, **texts)


def _whole(kind: type[PreTrainedModel], base: str, subfolder: str, dtype: torch.dtype) -> PreTrainedModel:
    """Raises WeightsMissing where the files lack a layer: transformers fills it with random numbers and only warns.

    So it was with a CLIP whose names one of its versions did not know: every prompt was read by noise, and nothing failed.
    """
    exactly = {"subfolder": subfolder, "revision": revision_of(base) or "main"}
    model, found = kind.from_pretrained(base, dtype=dtype, output_loading_info=True, **exactly)
    if missing := sorted(found["missing_keys"]):
        raise WeightsMissing(
            f"{len(missing)} layers of the {subfolder} are not in its files, the first is {missing[0]}",
            where=base,
            do="Fetch the base again, or install the versions in constraints.txt: others may know its layers by other names",
        )
    return model


@torch.no_grad()
def encode_texts(pipeline: FluxPipeline, texts: Iterable[str], max_length: int, device: torch.device) -> dict[str, Text]:
    """Every different text once."""
    for encoder in (pipeline.text_encoder, pipeline.text_encoder_2):
        place_text_encoder(encoder, device)
    encoded: dict[str, Text] = {}
    for text in dict.fromkeys(texts):
        prompt, pooled, _ = pipeline.encode_prompt(text, None, device=device, max_sequence_length=max_length)
        encoded[text] = (prompt[0].cpu().clone(), pooled[0].cpu().clone())
    return encoded


def free_text_encoders(pipeline: FluxPipeline) -> None:
    pipeline.text_encoder, pipeline.text_encoder_2 = None, None
    free_memory()


def free_memory() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


@torch.no_grad()
def encode_photo(pipeline: FluxPipeline, path: Path, resolution: tuple[int, int], device: torch.device) -> EncodedPhoto:
    """The mode of the autoencoder's posterior, not a draw: a photo must be the same after every start."""
    pixels = load_pixels(path, resolution, 2 * pipeline.vae_scale_factor)
    tensor = torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1.0).permute(2, 0, 1)[None]
    vae = pipeline.vae.to(device).float()
    latent = (vae.encode(tensor.to(device)).latent_dist.mode() - (vae.config.shift_factor or 0.0)) * vae.config.scaling_factor
    _, channels, height, width = latent.shape
    packed = FluxPipeline._pack_latents(latent, 1, channels, height, width)[0]
    return EncodedPhoto(packed.cpu().clone(), (height // 2, width // 2), pixels)


@torch.no_grad()
def decode_image(pipeline: FluxPipeline, latent: Tensor, resolution: tuple[int, int], device: torch.device) -> Image.Image:
    """One packed latent (tokens, channels) to an RGB image, in float32: the autoencoder overflows in float16."""
    vae = pipeline.vae.to(device).float()
    unpacked = FluxPipeline._unpack_latents(latent[None].float().to(device), *resolution, pipeline.vae_scale_factor)
    decoded = vae.decode(unpacked / vae.config.scaling_factor + (vae.config.shift_factor or 0.0), return_dict=False)[0]
    image: Image.Image = pipeline.image_processor.postprocess(decoded, output_type="pil")[0]
    return image


def write_png(image: Image.Image, file: Path) -> None:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    write_bytes(file, buffer.getvalue())


def load_pixels(path: Path, resolution: tuple[int, int], multiple: int) -> np.ndarray:
    """(height, width, 3) uint8, at the area of `resolution` with the photo's own proportions.

    Sides are multiples of `multiple`; what does not fit is cropped evenly from both ends.
    """
    with Image.open(path) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    size = fitted_size(image.size, resolution, multiple)
    fitted = image if image.size == size else ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    return np.asarray(fitted)


def fitted_size(size: tuple[int, int], resolution: tuple[int, int], multiple: int) -> tuple[int, int]:
    """(width, height) nearest to the photo's proportions at the area of `resolution`, in steps of `multiple` px."""
    side = (resolution[0] * resolution[1]) ** 0.5
    ratio = (size[0] / size[1]) ** 0.5
    width, height = (max(1, round(side * factor / multiple)) * multiple for factor in (ratio, 1 / ratio))
    return width, height
