"""A LoRA at work: what a case asks of a suite, drawn in one call or in rounds, read by faces and CLIP, and written down."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.bases import sha256_of
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.errors import FluxdiagError, RunMismatch, WeightsMissing
from fluxdiag.gathering.base_cache import from_cache, photo_cache_folder, to_cache
from fluxdiag.installed import installed_version
from fluxdiag.instruments.parts import loss_part
from fluxdiag.plan import Plan, Task, drawn_with, first_prompts, plan
from fluxdiag.profiles import Profile, beside
from fluxdiag.records import Case, GatherInfo, Photo, Span, Stopped, Suite
from fluxdiag.runs import Run, sha256_file, write_arrays
from fluxdiag.swapped import swapped
from fluxdiag.unchanged import refuse_changed

if TYPE_CHECKING:
    from fluxdiag.engines.adapter import Installed
    from fluxdiag.engines.remembering import RememberingClip
    from fluxdiag.engines.studio import Held, LossRequest, Progress
    from fluxdiag.lora import Lora

LIBRARIES = ("torch", "diffusers", "transformers", "peft", "insightface", "onnxruntime", "onnxruntime-gpu", "open_clip_torch")
PICTURE_LIBRARIES = ("torch", "diffusers", "transformers")
"""those whose version can change a picture; the others only read it"""


def planned(case: Case, suite: Suite) -> Plan:
    """The pictures that this machine would draw: their ids hang on its device, its libraries and its revision of the base.

    Of a base that was never fetched the revision is not known (`engines/settling.py`): they can be counted, not found again.
    """
    from fluxdiag.engines.encoders import best_device
    from fluxdiag.engines.machine import sized_profile

    return plan(case, suite, sized_profile(case.base), _setting(best_device().type))


def parts_of_case(case: Case, suite: Suite) -> frozenset[str]:
    """All that this case can be asked of a suite (`instruments/parts.py`)."""
    return _parts(planned(case, suite), _loss_requests(case, suite))


def _parts(drawing: Plan, requests: Iterable[LossRequest]) -> frozenset[str]:
    losses = {loss_part(request.split, name) for request in requests for name in request.prompts}
    return frozenset({task.part for task in drawing.tasks} | losses)


class Gathering:
    """One LoRA and the suite that it is asked, in one call or in rounds: draws, reads what was drawn, and writes it down.

    Raises RunMismatch where the LoRA or a photo is no longer what the case was opened with.
    """

    def __init__(
        self,
        run: Run,
        suite: Suite,
        progress: Progress | None = None,
        held: Held | None = None,
        faces_only: bool = False,
    ) -> None:
        from fluxdiag.engines.machine import sized_profile
        from fluxdiag.engines.remembering import RememberingFaces
        from fluxdiag.engines.settling import settle
        from fluxdiag.engines.studio import Studio, Work
        from fluxdiag.lora import read_lora

        self.began = time.monotonic()
        self.run, self.suite, self.case = run, suite, run.case()
        self.case_sha256 = sha256_file(run.case_file)
        refuse_changed(self.case.references if faces_only else (*self.case.photos, *self.case.references))
        self.progress = progress or (lambda stage, done, of: None)
        self.profile = sized_profile(self.case.base)
        settle(self.case.base, self.profile)
        self.faces = RememberingFaces(self.case.face_pack or beside(self.case.base, self.profile.face_pack))
        self.drawing, self.requests = planned(self.case, suite), _loss_requests(self.case, suite)
        forget_swapped(run, self.drawing.tasks)
        self.work = Work([], [], suite.losses, dict(self.drawing.gaps) | _why_no_losses(self.case, suite, self.requests))
        self.studio = Studio(run, self.case, _unchanged(read_lora, self.case), self.profile, self.faces, self.progress, held)
        self.probed: list[LossRequest] = []
        self.cached: frozenset[str] = frozenset()
        self.clip: RememberingClip | None = None
        self.strangers: tuple[int, ...] | None = None
        self.faces_only = faces_only
        self.without_clip = faces_only or not _fetched_clip(self.case, self.profile, self.work.gaps)
        self.installed: Installed | None = None

    @property
    def parts(self) -> frozenset[str]:
        return _parts(self.drawing, self.requests)

    def passes(self) -> dict[str, int]:
        """Part -> forward passes of all of it."""
        pictures = Counter(task.part for task in self.drawing.tasks)
        photos = Counter(loss_part(request.split, name) for request in self.requests for name in request.prompts)
        probe = self.suite.losses
        each = 0 if probe is None else 2 * len(probe.sigmas) * probe.noises  # with the LoRA off and on
        return {p: n * self.profile.steps for p, n in pictures.items()} | {p: n * each for p, n in photos.items()}

    def rest(self) -> Plan:
        """The whole suite in the batches in which an earlier call drew the beginning of it."""
        from fluxdiag.gathering.stopping import looks_of

        looks = looks_of(self.suite)
        return first_prompts(self.drawing, dict.fromkeys(self.parts, looks[-1]), looks, self.profile.batch)

    def prepare(self) -> None:
        """Load text encoders once for all rounds to come."""
        self.work.batches, self.work.losses = self.drawing.batches, self.requests
        self.studio.prepare(self.work)

    def draw(self, drawing: Plan, requests: Sequence[LossRequest]) -> None:
        """What is not there already. Photos are probed under each prompt once, in whichever round that comes."""
        self.cached |= from_cache(self.run, drawing.tasks)
        self.work.batches, self.work.losses = _unfinished(self.run, drawing), requests
        self.installed = self.studio.work(self.work)
        self.probed += requests
        # What else lies there may be a killed run's or somebody else's: good enough for this LoRA, and for no other.
        to_cache(self.run, [task for task in drawing.tasks if task.id in self.work.drawn])

    def read(self, into: Run, drawing: Plan) -> int:
        """Faces and embeddings of what was drawn, into a run folder; returns how many pictures there are."""
        from fluxdiag.engines.scoring import score

        began = time.monotonic()
        if self.clip is None and not self.without_clip:
            self.clip = _clip(self.case, self.profile, self.work.gaps)
            self.without_clip = self.clip is None
        shots = score(into, self.case, drawing.tasks, self.suite, self.faces, self.clip, self.cached, self.progress)
        _join_losses(self.run, into, self.probed)
        self.work.seconds["score"] = self.work.seconds.get("score", 0.0) + time.monotonic() - began
        return len(shots)

    def finish(
        self,
        drawing: Plan,
        suite_sha256: str,
        stopped: Stopped | None = None,
        decided: tuple[str, ...] = (),
        suite_file: str | None = None,
    ) -> GatherInfo:
        """Everything into the run folder, gather.json last; what was only needed on the way is removed."""
        shots = self.read(self.run, drawing)
        self.audit()
        info = self.info(self.run, shots, suite_sha256, stopped, decided).model_copy(update={"suite_file": suite_file})
        self.run.write(self.run.gather_file, info)
        shutil.rmtree(self.run.work_folder, ignore_errors=True)
        return info

    def audit(self) -> None:
        """What is wrong with the photos, for the evidence and the report; not where only faces are read."""
        self.run.audit_file.unlink(missing_ok=True)  # of an earlier case
        if self.faces_only:
            return
        from fluxdiag.audit import Models, audit_case, strangers_of

        began = time.monotonic()
        models, cache = Models.of(self.profile, self.case.base, self.case.face_pack), Cache(photo_cache_folder())
        self.strangers = strangers_of(self.case, models, cache)
        if self.case.photos:
            found = audit_case(self.case, models, cache, self.progress).audit
            self.run.write(self.run.audit_file, found.model_copy(update={"case_sha256": self.case_sha256}))
        self.work.seconds["audit"] = time.monotonic() - began

    def info(
        self, into: Run, shots: int, suite_sha256: str, stopped: Stopped | None = None, decided: tuple[str, ...] = ()
    ) -> GatherInfo:
        """How it was gathered, up to now; `into` is where its numbers were written."""
        from fluxdiag.engines.encoders import best_device

        assert self.installed is not None, "nothing was drawn"
        profile, installed = self.profile, self.installed
        seconds = self.work.seconds | {"all": time.monotonic() - self.began}
        return GatherInfo(
            case_sha256=self.case_sha256,
            suite=self.suite.name,
            suite_sha256=suite_sha256,
            shots=shots,
            digests=into.digests(),
            modules_adapted=installed.layers,
            delta_error=installed.error,
            outcome=installed.outcome,
            lost=installed.lost,
            device=best_device().type,
            precision=profile.precision,
            resolution=profile.resolution,
            steps=profile.steps,
            guidance=profile.guidance,
            batch=profile.batch,
            face_pack=self.faces.name,
            face_provider=self.faces.provider,
            smallest_face=self.faces.smallest_face,
            clip_model=self.clip.name if self.clip else "none",
            reference_faces=len(into.arrays("references").get("embeddings", ())),
            strangers=self.strangers,
            versions=_versions(LIBRARIES),
            seconds={stage: round(value, 2) for stage, value in seconds.items()},
            gaps=self.work.gaps | _what_was_lost(installed),
            stopped=stopped,
            decided=decided,
            bands=profile.bands,
            step_formula=profile.step_formula,
        )


def _unchanged(read: Callable[[Path], Lora], case: Case) -> Lora:
    lora = read(Path(case.lora.path))
    if lora.sha256 != case.lora.sha256:
        raise RunMismatch(
            "the file has changed since the case was opened", where=case.lora.path, do="Run `fluxdiag report` again"
        )
    return lora


# ------------------------------------------------------------------------------------------------ what is there


def _what_was_lost(installed: Installed) -> dict[str, str]:
    if not installed.lost:
        return {}
    first, why = next(iter(installed.lost.items()))
    counted = f"{len(installed.lost)} of {installed.expected} layers"
    return {"lora": f"{installed.outcome}: {counted} do not act as the file says, the first is {first}: {why}"}


def _versions(libraries: Iterable[str]) -> dict[str, str]:
    """Of those that pip knows of: onnxruntime comes in two wheels, and one of them is enough."""
    return {name: version for name in libraries if (version := installed_version(name)) is not None}


def _setting(device: str) -> str:
    return f"{device} {_versions(PICTURE_LIBRARIES)}"


def forget_swapped(run: Run, tasks: Iterable[Task]) -> None:
    """What is not the file that was scored is drawn again: neither judged anew nor shared with other LoRAs' runs."""
    from fluxdiag.engines.studio import image_file

    try:
        others = swapped(run, run.shots())
    except FluxdiagError:  # nothing was scored yet, or its list cannot be read and is written anew
        return
    for task in tasks:
        if task.id in others:
            image_file(run, task).unlink()


def _unfinished(run: Run, drawing: Plan) -> list[tuple[Task, ...]]:
    from fluxdiag.engines.studio import image_file

    return [batch for batch in drawing.batches if not all(image_file(run, task).exists() for task in batch)]


# ------------------------------------------------------------------------------------------------ losses


def _loss_requests(case: Case, suite: Suite) -> list[LossRequest]:
    """Training photos under trigger, class word and their captions; photos from outside under the first two."""
    if suite.losses is None or case.trigger is None:
        return []
    from fluxdiag.engines.studio import LossRequest

    bare = {"trigger": str(case.trigger.value), "class": f"a {case.class_word.value}"}
    requests, made_by = [], _losses_made_by(case, suite)
    for photo in _chosen(case.photos, suite.losses.photos):
        captions = {} if photo.caption is None else _captions(photo.caption, photo.appearance)
        requests.append(LossRequest(photo.sha256, Path(photo.path), "training", bare | captions, made_by))
    if case.reference_source == "held-out":
        outside = [photo for photo in case.references if photo.path not in case.overlap]
        chosen = _chosen(outside, suite.losses.photos)
        requests += [LossRequest(photo.sha256, Path(photo.path), "held-out", bare, made_by) for photo in chosen]
    return requests


def _losses_made_by(case: Case, suite: Suite) -> str:
    """Digest of what a photo's losses hang on besides the photo and the prompts; the face pack says where the face is."""
    from fluxdiag.engines.encoders import best_device
    from fluxdiag.engines.machine import sized_profile

    assert suite.losses is not None
    base = drawn_with(case, sized_profile(case.base), _setting(best_device().type))
    return sha256_of([base, case.lora.sha256, case.strength, case.face_pack, suite.losses.model_dump(mode="json")])


def _captions(caption: str, appearance: tuple[Span, ...]) -> dict[str, str]:
    """The caption as trained, and without what it says of the person's looks."""
    from fluxdiag.dataset.rewriting.rewrite import without_appearance

    return {"caption": caption, "caption-bare": without_appearance(caption, appearance)}


def _chosen(photos: Iterable[Photo], count: int) -> list[Photo]:
    """At most so many readable ones, in the order of their digests: any other order could follow the day they were taken."""
    readable = {photo.sha256: photo for photo in photos if photo.problem is None}
    return [readable[digest] for digest in sorted(readable)[:count]]


def _why_no_losses(case: Case, suite: Suite, requests: Sequence[LossRequest]) -> dict[str, str]:
    if requests or suite.losses is None:
        return {}
    return {"losses": case.gaps.get("trigger", case.gaps.get("photos", "there are no photos to probe"))}


def _join_losses(run: Run, into: Run, requests: Sequence[LossRequest]) -> None:
    import numpy as np

    from fluxdiag.engines.studio import loss_file

    together = into.arrays_folder / "losses.npz"
    if not requests:
        together.unlink(missing_ok=True)  # of an earlier suite or case
        return
    parts = []
    for request in requests:
        with np.load(loss_file(run, request), allow_pickle=False) as arrays:
            parts.append(dict(arrays))
    write_arrays(together, {name: np.concatenate([p[name] for p in parts]) for name in parts[0]})


# ------------------------------------------------------------------------------------------------ CLIP


def _fetched_clip(case: Case, profile: Profile, gaps: dict[str, str]) -> bool:
    """Whether CLIP is on this machine, before hours go into drawing; why not is a gap, for faces and losses need none."""
    from fluxdiag.engines.clip import fetch

    try:
        fetch(beside(case.base, profile.clip_model))
    except WeightsMissing as missing:
        gaps["clip"] = f"{missing.what}. {missing.do}"
        return False
    return True


def _clip(case: Case, profile: Profile, gaps: dict[str, str]) -> RememberingClip | None:
    from fluxdiag.engines.remembering import RememberingClip

    try:
        return RememberingClip(beside(case.base, profile.clip_model))
    except WeightsMissing as missing:
        gaps["clip"] = f"{missing.what}. {missing.do}"
        return None
