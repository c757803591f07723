"""The base at work, stage by stage, so that one card holds one large model at a time.

    texts, photos -> encoders -> (let go) -> transformer + LoRA: pictures as latents, losses -> (let go) -> autoencoder: pictures

Every latent and every photo's losses are on disk before the next is begun; a killed run goes on behind the last one.

In rounds (`Studio.prepare`) texts and photos of the whole suite are encoded once and the transformer stays loaded, for a 12B
model takes a minute to read. What is then in memory while pictures are decoded between two rounds, FLUX.1 in bfloat16 at
1024 px: the transformer 23.8 GB, the autoencoder and its work 5, faces and CLIP 2. On a card with less than DECODE_GB free
the transformer waits in main memory (24 GB) meanwhile; on a card where it never was as a whole (24 GB: its blocks visit one
by one, `placing.place`) there is room already.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from diffusers import FluxPipeline, FluxTransformer2DModel

from fluxdiag.carried import png_with_view
from fluxdiag.engines import encoders
from fluxdiag.engines.adapter import Adapter, Installed, load_transformer
from fluxdiag.engines.encoders import EncodedPhoto, Text, best_device
from fluxdiag.engines.faces import FaceReader
from fluxdiag.engines.loss_probe import LossReader, ProbedPhoto
from fluxdiag.engines.placing import place
from fluxdiag.engines.sampling import Sampler
from fluxdiag.engines.variants import Changing, install_text_encoders, take_out
from fluxdiag.lora import Lora
from fluxdiag.plan import Task
from fluxdiag.profiles import Profile
from fluxdiag.records import Case, LossProbe
from fluxdiag.runs import Run, sha256_text, write_arrays, write_bytes
from fluxdiag.variants import FULL, Variant

DECODE_GB = 6.0
"""what decoding a picture of 1024 px takes in float32, with some to spare"""
Texts = dict[tuple[str, Variant | None], Text]
"""(text, variant of the LoRA that the text encoders carry; None: without it) -> embeddings"""
Progress = Callable[[str, int, int], None]
"""stage, done, of"""


@dataclass(frozen=True)
class LossRequest:
    """A photo to probe and the prompts, by name, to probe it under; `made_by` is a digest of all else that its losses hang on."""

    sha256: str
    path: Path
    split: str
    prompts: dict[str, str]
    made_by: str

    def under(self, names: Iterable[str]) -> LossRequest:
        """The same photo under some of the prompts."""
        return replace(self, prompts={name: self.prompts[name] for name in names})


@dataclass
class Work:
    """What is still to be done, and what came of the doing."""

    batches: Sequence[Sequence[Task]]
    losses: Sequence[LossRequest]
    probe: LossProbe | None
    gaps: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    """ids of the pictures that were drawn for it, not found in the run folder"""


@dataclass
class Held:
    """What stays loaded between many small works on one base, such as the checkpoints of a sweep: minutes each time otherwise.

    The transformer then stays on the card while pictures are decoded, where it has room for both.
    """

    pipeline: FluxPipeline | None = None
    """without text encoders: they are loaded again only for texts that were never asked before"""
    transformer: FluxTransformer2DModel | None = None
    texts: dict[str, Text] = field(default_factory=dict)
    """as they are with the LoRA off"""
    waiting: bool = False
    """the transformer is in main memory until it draws again; on the card it had its place as a whole"""


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
        self.held, self._kept = held, held or Held()
        self._prepared: tuple[FluxPipeline, Texts, dict[str, EncodedPhoto]] | None = None
        self._ready: tuple[Changing, Installed] | None = None
        self._checked = {FULL}

    def prepare(self, whole: Work) -> None:
        """Encode all that the works to come may ask; from then on they come in rounds, and the transformer stays loaded."""
        self._prepared = self._encode(whole)

    def work(self, work: Work) -> Installed:
        """Does all of `work`: latents and losses on disk, then pictures. Raises WeightsMissing, MemoryError's kin as they are."""
        pipeline, texts, photos = self._prepared or self._encode(work)
        installed = self._transform(pipeline, texts, photos, work)
        self._make_room()
        with _timed(work, "decode"):
            self._decode(pipeline, [task for batch in work.batches for task in batch])
        return installed

    def _encode(self, work: Work) -> tuple[FluxPipeline, Texts, dict[str, EncodedPhoto]]:
        """The pipeline without transformer and text encoders, every text, every photo."""
        with _timed(work, "encode"):
            pipeline, texts = self._read(work)
            encoders.free_text_encoders(pipeline)
            photos = {request.sha256: self._photo(pipeline, request) for request in work.losses}
        return pipeline, texts, photos

    def _make_room(self) -> None:
        """For the autoencoder, beside a transformer that stays loaded for the next round."""
        encoders.free_memory()
        transformer = self._ready[0].transformer if self._ready else None
        if transformer is not None and transformer.device.type == "cuda" and _short_of(DECODE_GB):
            transformer.to("cpu")
            self._kept.waiting = True
            encoders.free_memory()

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
        self._bring_back()
        changing, installed = self._ready or self._loaded()
        with _timed(work, "draw"):
            sampler = Sampler(pipeline, changing.transformer, self.profile, self.device)
            for done, batch in enumerate(work.batches):
                self.progress("drawing", done, len(work.batches))
                if batch[0].arm.lora and batch[0].edit not in self._checked:
                    self._checked.add(batch[0].edit)
                    misfits = changing.check(batch[0].edit, self.case.strength).misfits
                    work.gaps |= {batch[0].variant: "; ".join(misfits[:5])} if misfits != installed.misfits else {}
                self._draw(batch, sampler, changing, texts, work)
        with _timed(work, "losses"):
            changing.on(FULL, self.case.strength)
            for done, request in enumerate(work.losses):
                self.progress("losses", done, len(work.losses))
                self._losses(request, photos[request.sha256], texts, changing.adapter, work)
        return installed

    def _bring_back(self) -> None:
        """The transformer that made room, be it for an earlier round or for another LoRA's pictures."""
        transformer = self._ready[0].transformer if self._ready else self._kept.transformer
        if self._kept.waiting and transformer is not None:
            transformer.to(self.device)
            self._kept.waiting = False

    def _loaded(self) -> tuple[Changing, Installed]:
        """The transformer with the LoRA in it and what became of the file; kept where works come in rounds."""
        changing = self._changing()
        ready = changing, changing.check(FULL, self.case.strength)
        if self._prepared:
            self._ready = ready
        return ready

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

    def _draw(self, batch: Sequence[Task], sampler: Sampler, changing: Changing, texts: Texts, work: Work) -> None:
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
            work.drawn.add(task.id)

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
            decoded = encoders.decode_image(pipeline, tensor, self.profile.resolution, self.device)
            write_bytes(image, png_with_view(decoded))
            latent.unlink()


@contextmanager
def _timed(work: Work, stage: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    work.seconds[stage] = work.seconds.get(stage, 0.0) + time.monotonic() - began


def _short_of(gigabytes: float) -> bool:
    """Whether the card has less than that to give."""
    return torch.cuda.is_available() and torch.cuda.mem_get_info()[0] < gigabytes * 1e9


def _shown(work: Work) -> list[Variant]:
    """Each variant that is drawn, and the whole LoRA where losses are read."""
    drawn = [task.edit for batch in work.batches for task in batch if task.arm.lora]
    return list(dict.fromkeys([*drawn, *([FULL] if work.losses else [])]))


def image_file(run: Run, task: Task) -> Path:
    return run.shots_folder / f"{task.id}.png"


def latent_file(run: Run, task: Task) -> Path:
    return run.work_folder / f"{task.id}.npz"


def loss_file(run: Run, request: LossRequest) -> Path:
    """Named by its prompts too: others may be asked in a later round, or after a kill with another trigger."""
    asked = sha256_text(json.dumps([request.prompts, request.made_by]))
    return run.work_folder / f"loss-{request.split}-{request.sha256[:16]}-{asked[:16]}.npz"
