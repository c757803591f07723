"""Pictures on the way: the same prompts and seeds every so many steps, beside the LoRA that is being made.

NAME-samples/000500-0.png        step, number of the prompt
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from diffusers import FluxPipeline, FluxTransformer2DModel

from fluxdiag.engines.encoders import Text, best_device, decode_image, free_memory, write_png
from fluxdiag.engines.sampling import Sampler
from fluxdiag.profiles import load_profile
from fluxdiag.trainers.setup import TrainingSetup


class Samples:
    """Holds what is left of the pipeline (scheduler, autoencoder) in main memory until it paints."""

    def __init__(self, pipeline: FluxPipeline, setup: TrainingSetup, texts: Sequence[Text]) -> None:
        self.pipeline, self.texts, self.first_seed = pipeline, texts, setup.seed
        like_training = {field: getattr(setup, field) for field in ("resolution", "precision", "max_sequence_length")}
        self.profile = load_profile(setup.base).model_copy(update=like_training)
        output = Path(setup.output)
        self.folder = output.parent / f"{output.stem}-samples"
        self.pipeline.vae.to("cpu")

    def paint(self, transformer: FluxTransformer2DModel, step: int) -> None:
        """One picture a prompt, one after another: memory is the training's. The training is not disturbed by a number."""
        device = best_device()
        sampler = Sampler(self.pipeline, transformer.eval(), self.profile, device)
        for number, text in enumerate(self.texts):
            latent = sampler.draw([text], [self.first_seed + number])[0]
            picture = decode_image(self.pipeline, latent, self.profile.resolution, device)
            write_png(picture, self.folder / f"{step:06d}-{number}.png")
        transformer.train()
        self.pipeline.vae.to("cpu")
        free_memory()
