"""Ordinary people, drawn by the base itself: what it takes the class word to mean is what training should leave alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from diffusers import FluxPipeline
from torch import Tensor

from fluxdiag.engines import encoders
from fluxdiag.engines.adapter import load_transformer
from fluxdiag.engines.encoders import best_device
from fluxdiag.engines.placing import place
from fluxdiag.engines.sampling import Sampler
from fluxdiag.profiles import Profile

Progress = Callable[[str, int, int], None]
"""stage, done, of"""


@dataclass(frozen=True)
class Sitter:
    """One picture to draw: its prompt, its seed, and the PNG that it becomes."""

    prompt: str
    seed: int
    file: Path


def draw(base: str, profile: Profile, sitters: Sequence[Sitter], progress: Progress) -> None:
    """Every picture that is not there yet, batch by batch; a killed run goes on behind the last batch. Raises WeightsMissing."""
    missing = [sitter for sitter in sitters if not sitter.file.exists()]
    if not missing:
        return
    device = best_device()
    pipeline = encoders.load_encoders(base, profile.precision, profile)
    texts = encoders.encode_texts(pipeline, [sitter.prompt for sitter in missing], profile.max_sequence_length, device)
    encoders.free_text_encoders(pipeline)
    transformer = place(load_transformer(base, profile.precision, profile).requires_grad_(False).eval(), device)
    sampler = Sampler(pipeline, transformer, profile, device)
    for start in range(0, len(missing), profile.batch):
        progress("ordinary people", start, len(missing))
        batch = missing[start : start + profile.batch]
        latents = sampler.draw([texts[sitter.prompt] for sitter in batch], [sitter.seed for sitter in batch])
        for done, (sitter, latent) in enumerate(zip(batch, latents, strict=True), start):
            progress("ordinary people", done, len(missing))
            _develop(pipeline, latent, sitter.file, profile)


def _develop(pipeline: FluxPipeline, latent: Tensor, file: Path, profile: Profile) -> None:
    """At once, though the transformer is still there: the autoencoder is small, and a latent on disk would be one more state."""
    encoders.write_png(encoders.decode_image(pipeline, latent, profile.resolution, best_device()), file)
