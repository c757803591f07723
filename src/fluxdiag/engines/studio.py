"""The base at work, stage by stage, so that one card holds one large model at a time.

    texts, photos -> encoders -> (let go) -> transformer + LoRA: pictures as latents, losses -> (let go) -> autoencoder: pictures

Every latent and every photo's losses are on disk before the next is begun; a killed run goes on behind the last one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from diffusers import FluxPipeline, FluxTransformer2DModel

from fluxdiag.engines import encoders
from fluxdiag.engines.adapter import Adapter, Installed, load_transformer, place
from fluxdiag.engines.encoders import EncodedPhoto, Text, best_device
from fluxdiag.engines.faces import FaceReader
from fluxdiag.engines.loss_probe import LossReader, ProbedPhoto
from fluxdiag.engines.sampling import Sampler
from fluxdiag.engines.variants import Changing, install_text_encoders, take_out
from fluxdiag.lora import Lora
from fluxdiag.plan import Task
from fluxdiag.profiles import Profile
from fluxdiag.records import Case, LossProbe
from fluxdiag.runs import Run, write_arrays
from fluxdiag.variants import FULL, Variant

Texts = dict[tuple[str, Variant | None], Text]
"""(text, variant of the LoRA that the text encoders carry; None: without it) -> embeddings"""
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


@dataclass
class Held:
    """What stays loaded between many small works on one base, such as the checkpoints of a sweep: minutes each time otherwise.

    The transformer then stays on the card while pictures are decoded.
    """

    pipeline: FluxPipeline | None = None
    """without text encoders: they are loaded again only for texts that were never asked before"""
    transformer: FluxTransformer2DModel | None = None
    texts: dict[str, Text] = field(default_factory=dict)
    """as they are with the LoRA off"""


class Studio:
    def __init__(
        self,
        run: Run,
        case: Case,
        lora: Lora,
        profile: Profile,
        faces: FaceReader,
        progress: Progress,
        held: Held | None = None,
    ) -> None:
        self.run, self.case, self.lora, self.profile = run, case, lora, profile
        self.faces, self.progress, self.device = faces, progress, best_device()
        self.held = held

    def work(self, work: Work) -> Installed:
        """Does all of `work`: latents and losses on disk, then pictures. Raises WeightsMissing, MemoryError's kin as they are."""
        began = time.monotonic()
        pipeline, texts = self._read(work)
        encoders.free_text_encoders(pipeline)
        photos = {request.sha256: self._photo(pipeline, request) for request in work.losses}
        work.seconds["encode"] = time.monotonic() - began
        installed = self._transform(pipeline, texts, photos, work)
        encoders.free_memory()
        began = time.monotonic()
        self._decode(pipeline, [task for batch in work.batches for task in batch])
        work.seconds["decode"] = time.monotonic() - began
        return installed

    def _read(self, work: Work) -> tuple[FluxPipeline, Texts]:
        """The pipeline without its transformer, and every text; what is held and known is not loaded."""
        asked = {task.text for batch in work.batches for task in batch}
        asked |= {text for request in work.losses for text in request.prompts.values()}
        known = self.held.texts if self.held else {}
        pipeline = self.held.pipeline if self.held else None
        if pipeline is None or self.lora.text_encoder or asked - known.keys():
            pipeline = encoders.load_encoders(self.case.base, self.profile.precision, self.profile)
            known |= self._encoded(pipeline, asked - known.keys())
        if self.held:
            self.held.pipeline = pipeline
        texts: Texts = {(text, None): known[text] for text in asked}
        for variant in _shown(work):
            texts |= {(text, variant): words for text, words in self._adapted(pipeline, variant, known, asked, work).items()}
        return pipeline, texts

    def _encoded(self, pipeline: FluxPipeline, texts: Iterable[str]) -> dict[str, Text]:
        return encoders.encode_texts(pipeline, sorted(texts), self.profile.max_sequence_length, self.device)

    def _adapted(
        self, pipeline: FluxPipeline, variant: Variant, off: dict[str, Text], asked: set[str], work: Work
    ) -> dict[str, Text]:
        """The texts as a variant's own text encoders see them; as without the LoRA where the file adapts none."""
        if not self.lora.text_encoder:
            return {text: off[text] for text in asked}
        left = install_text_encoders(pipeline, self.lora, variant, self.case.strength)
        work.gaps |= {"text-encoder": left} if left else {}
        return self._encoded(pipeline, asked)

    def _photo(self, pipeline: FluxPipeline, request: LossRequest) -> EncodedPhoto:
        return encoders.encode_photo(pipeline, request.path, self.profile.resolution, self.device)

    def _transform(self, pipeline: FluxPipeline, texts: Texts, photos: dict[str, EncodedPhoto], work: Work) -> Installed:
        changing = self._changing()
        installed = changing.check(FULL, self.case.strength)
        began = time.monotonic()
        sampler = Sampler(pipeline, changing.transformer, self.profile, self.device)
        checked = {FULL}
        for done, batch in enumerate(work.batches):
            self.progress("drawing", done, len(work.batches))
            if batch[0].arm.lora and batch[0].edit not in checked:
                checked.add(batch[0].edit)
                misfits = changing.check(batch[0].edit, self.case.strength).misfits
                work.gaps |= {batch[0].variant: "; ".join(misfits[:5])} if misfits != installed.misfits else {}
            self._draw(batch, sampler, changing, texts)
        work.seconds["draw"] = time.monotonic() - began
        began = time.monotonic()
        changing.on(FULL, self.case.strength)
        for done, request in enumerate(work.losses):
            self.progress("losses", done, len(work.losses))
            self._losses(request, photos[request.sha256], texts, changing.adapter, work)
        work.seconds["losses"] = time.monotonic() - began
        return installed

    def _changing(self) -> Changing:
        """The transformer with the LoRA in it, loaded unless it is held."""
        held = self.held.transformer if self.held else None
        if held is not None:
            take_out(held)
            return Changing(held, self.lora, self.profile)
        transformer = load_transformer(self.case.base, self.profile.precision, self.profile).requires_grad_(False).eval()
        changing = Changing(transformer, self.lora, self.profile)
        place(transformer, self.device)
        if self.held:
            self.held.transformer = transformer
        return changing

    def _draw(self, batch: Sequence[Task], sampler: Sampler, changing: Changing, texts: Texts) -> None:
        """A whole batch or nothing of it: paired arms have the same batch shape also after a restart."""
        if all(latent_file(self.run, task).exists() or image_file(self.run, task).exists() for task in batch):
            return
        shown = batch[0].edit if batch[0].arm.lora else None
        if shown is not None:
            changing.on(shown, self.case.strength)
        else:
            changing.off()
        latents = sampler.draw([texts[task.text, shown] for task in batch], [task.seed for task in batch])
        for task, latent in zip(batch, latents, strict=True):
            write_arrays(latent_file(self.run, task), {"latent": latent.numpy()})

    def _losses(self, request: LossRequest, photo: EncodedPhoto, texts: Texts, adapter: Adapter, work: Work) -> None:
        file = loss_file(self.run, request)
        if file.exists():
            return
        assert work.probe is not None
        found = self.faces.read(photo.pixels)
        face = found[0].reading.box if found else None
        named = {name: (texts[text, None], texts[text, FULL]) for name, text in request.prompts.items()}
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


def _shown(work: Work) -> list[Variant]:
    """Each variant that is drawn, and the whole LoRA where losses are read."""
    drawn = [task.edit for batch in work.batches for task in batch if task.arm.lora]
    return list(dict.fromkeys([*drawn, *([FULL] if work.losses else [])]))


def image_file(run: Run, task: Task) -> Path:
    return run.shots_folder / f"{task.id}.png"


def latent_file(run: Run, task: Task) -> Path:
    return run.latents_folder / f"{task.id}.npz"


def loss_file(run: Run, request: LossRequest) -> Path:
    return run.latents_folder / f"loss-{request.split}-{request.sha256[:16]}.npz"
