"""The base at work, stage by stage, so that one card holds one large model at a time.

    texts, photos -> encoders -> (let go) -> transformer + LoRA: pictures as latents, losses -> (let go) -> autoencoder: pictures

Every latent and every photo's losses are on disk before the next is begun; a killed run goes on behind the last one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from diffusers import FluxPipeline

from fluxdiag.engines import encoders
from fluxdiag.engines.adapter import Adapter, Installed, install_text_encoder, load_transformer, place
from fluxdiag.engines.encoders import EncodedPhoto, Text, best_device
from fluxdiag.engines.faces import FaceReader
from fluxdiag.engines.loss_probe import LossReader, ProbedPhoto
from fluxdiag.engines.sampling import Sampler
from fluxdiag.lora import Lora
from fluxdiag.plan import Task
from fluxdiag.profiles import Profile
from fluxdiag.records import Case, LossProbe
from fluxdiag.runs import Run, write_arrays

Progress = Callable[[str, int, int], None]
"""stage, done, of"""


@dataclass(frozen=True)
class LossRequest:
    """A photo to probe and the prompts, by name, to probe it under."""

    sha256: str
    path: Path
    split: str
    prompts: dict[str, str]


@dataclass
class Work:
    """What is still to be done, and what came of the doing."""

    batches: Sequence[Sequence[Task]]
    losses: Sequence[LossRequest]
    probe: LossProbe | None
    gaps: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class Studio:
    def __init__(self, run: Run, case: Case, lora: Lora, profile: Profile, faces: FaceReader, progress: Progress) -> None:
        self.run, self.case, self.lora, self.profile = run, case, lora, profile
        self.faces, self.progress, self.device = faces, progress, best_device()

    def work(self, work: Work) -> Installed:
        """Does all of `work`: latents and losses on disk, then pictures. Raises WeightsMissing, MemoryError's kin as they are."""
        began = time.monotonic()
        pipeline = encoders.load_encoders(self.case.base, self.profile.precision, self.profile)
        texts = self._texts(pipeline, work)
        encoders.free_text_encoders(pipeline)
        photos = {request.sha256: self._photo(pipeline, request) for request in work.losses}
        work.seconds["encode"] = time.monotonic() - began
        installed = self._transform(pipeline, texts, photos, work)
        encoders.free_memory()
        began = time.monotonic()
        self._decode(pipeline, [task for batch in work.batches for task in batch])
        work.seconds["decode"] = time.monotonic() - began
        return installed

    def _texts(self, pipeline: FluxPipeline, work: Work) -> dict[tuple[str, bool], Text]:
        """(text, LoRA on?) -> embeddings; the two differ only where the file adapts a text encoder too."""
        asked = {task.text for batch in work.batches for task in batch}
        asked |= {text for request in work.losses for text in request.prompts.values()}
        length = self.profile.max_sequence_length
        off = encoders.encode_texts(pipeline, sorted(asked), length, self.device)
        on = off
        if self.lora.text_encoder:
            left = install_text_encoder(pipeline, self.lora, self.case.strength)
            on = encoders.encode_texts(pipeline, sorted(asked), length, self.device)
            work.gaps |= {"text-encoder": left} if left else {}
        return {(text, False): off[text] for text in asked} | {(text, True): on[text] for text in asked}

    def _photo(self, pipeline: FluxPipeline, request: LossRequest) -> EncodedPhoto:
        return encoders.encode_photo(pipeline, request.path, self.profile.resolution, self.device)

    def _transform(
        self, pipeline: FluxPipeline, texts: dict[tuple[str, bool], Text], photos: dict[str, EncodedPhoto], work: Work
    ) -> Installed:
        transformer = load_transformer(self.case.base, self.profile.precision, self.profile).requires_grad_(False).eval()
        adapter = Adapter(transformer, self.lora)
        place(transformer, self.device)
        installed = adapter.check(self.case.strength)
        began = time.monotonic()
        sampler = Sampler(pipeline, transformer, self.profile, self.device)
        for done, batch in enumerate(work.batches):
            self.progress("drawing", done, len(work.batches))
            self._draw(batch, sampler, adapter, texts)
        work.seconds["draw"] = time.monotonic() - began
        began = time.monotonic()
        for done, request in enumerate(work.losses):
            self.progress("losses", done, len(work.losses))
            self._losses(request, photos[request.sha256], texts, adapter, work)
        work.seconds["losses"] = time.monotonic() - began
        return installed

    def _draw(self, batch: Sequence[Task], sampler: Sampler, adapter: Adapter, texts: dict[tuple[str, bool], Text]) -> None:
        """A whole batch or nothing of it: paired arms have the same batch shape also after a restart."""
        if all(latent_file(self.run, task).exists() or image_file(self.run, task).exists() for task in batch):
            return
        lora = batch[0].arm.lora
        if lora:
            adapter.on(self.case.strength * batch[0].strength)
        else:
            adapter.off()
        latents = sampler.draw([texts[task.text, lora] for task in batch], [task.seed for task in batch])
        for task, latent in zip(batch, latents, strict=True):
            write_arrays(latent_file(self.run, task), {"latent": latent.numpy()})

    def _losses(
        self, request: LossRequest, photo: EncodedPhoto, texts: dict[tuple[str, bool], Text], adapter: Adapter, work: Work
    ) -> None:
        file = loss_file(self.run, request)
        if file.exists():
            return
        assert work.probe is not None
        found = self.faces.read(photo.pixels)
        face = found[0].reading.box if found else None
        named = {name: (texts[text, False], texts[text, True]) for name, text in request.prompts.items()}
        probed = ProbedPhoto(request.sha256, request.split, photo, named, face)
        reader = LossReader(adapter, work.probe, self.profile, self.device)
        write_arrays(file, reader.read(probed, self.case.strength))

    def _decode(self, pipeline: FluxPipeline, tasks: Sequence[Task]) -> None:
        for done, task in enumerate(tasks):
            self.progress("decoding", done, len(tasks))
            latent, image = latent_file(self.run, task), image_file(self.run, task)
            if not latent.exists():
                continue
            with np.load(latent, allow_pickle=False) as arrays:
                tensor = torch.from_numpy(arrays["latent"])
            encoders.write_png(encoders.decode_image(pipeline, tensor, self.profile.resolution, self.device), image)
            latent.unlink()


def image_file(run: Run, task: Task) -> Path:
    return run.shots_folder / f"{task.id}.png"


def latent_file(run: Run, task: Task) -> Path:
    return run.latents_folder / f"{task.id}.npz"


def loss_file(run: Run, request: LossRequest) -> Path:
    return run.latents_folder / f"loss-{request.split}-{request.sha256[:16]}.npz"
