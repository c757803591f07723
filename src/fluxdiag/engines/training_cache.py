"""Photos to latents and captions to embeddings, once; then the encoders and the autoencoder are let go.

What remains is small (FLUX.1-dev: 4 MB a caption, 0.5 MB a photo, in bfloat16) and stays in main memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor

from fluxdiag.engines.encoders import Text, best_device, encode_photo, encode_texts, free_text_encoders, load_encoders
from fluxdiag.engines.training_samples import Samples
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

    def captioned(self, text: Text) -> Example:
        """The same photo under other words."""
        prompt, pooled = text
        return replace(self, prompt=prompt, pooled=pooled)


@dataclass(frozen=True)
class Encoded:
    """All that training needs of the encoders. `empty` is the caption of who is shown without one."""

    examples: tuple[Example, ...]
    empty: Text
    samples: Samples | None = None


def encode(photos: Sequence[TrainingPhoto], setup: TrainingSetup) -> Encoded:
    """Every photo and caption encoded; only what decodes samples is kept of the pipeline. Raises WeightsMissing."""
    pipeline, device = load_encoders(setup.base, setup.precision), best_device()
    words = {"", *setup.samples, *(photo.caption for photo in photos)}
    texts = encode_texts(pipeline, sorted(words), setup.max_sequence_length, device)
    free_text_encoders(pipeline)
    encoded = [encode_photo(pipeline, photo.path, setup.resolution, device) for photo in photos]
    samples = None
    if setup.samples and setup.sample_every:
        samples = Samples(pipeline, setup, [texts[prompt] for prompt in setup.samples])
    examples = tuple(
        Example(seen.latent, seen.grid, *texts[photo.caption], photo.regularisation)
        for photo, seen in zip(photos, encoded, strict=True)
    )
    return Encoded(examples, texts[""], samples)
