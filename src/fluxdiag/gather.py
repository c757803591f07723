"""The one stage that needs a GPU: pictures, faces, CLIP embeddings and losses. Writes shots, arrays and, last, gather.json.

Whatever is there already is not made again, so the same call after a kill goes on where the run was.
"""

from __future__ import annotations

import importlib.metadata
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.base_cache import cache_folder as cache_folder
from fluxdiag.base_cache import cached, from_cache, to_cache
from fluxdiag.errors import FluxdiagError, RunMismatch, WeightsMissing
from fluxdiag.plan import Estimate, Plan, Task, estimate, plan
from fluxdiag.profiles import Profile, beside
from fluxdiag.records import Case, GatherInfo, Photo, Span, Suite
from fluxdiag.runs import Run, sha256_file, write_arrays
from fluxdiag.suites import load_suite

if TYPE_CHECKING:
    from fluxdiag.engines.adapter import Installed
    from fluxdiag.engines.clip import ClipReader
    from fluxdiag.engines.studio import Held, LossRequest, Progress, Work

LIBRARIES = ("torch", "diffusers", "transformers", "peft", "insightface", "onnxruntime", "open_clip_torch")
PICTURE_LIBRARIES = ("torch", "diffusers", "transformers")
"""those whose version can change a picture; the others only read it"""


def refuse_foreign(run: Run, case: Case) -> None:
    """Raises RunMismatch when the folder is another LoRA's, or its faces were read by another pack."""
    if not run.case_file.exists():
        return
    old = run.case()
    if old.lora.sha256 != case.lora.sha256:
        raise RunMismatch(
            f"this run folder belongs to another LoRA ({Path(old.lora.path).name})",
            where=str(run.folder),
            do="Choose another --out",
        )
    if run.gather_file.exists() and old.face_pack != case.face_pack:
        raise RunMismatch("its faces were read by another face pack", where=str(run.folder), do="Choose another --out")


def start(run: Run, case: Case) -> bool:
    """Puts the case into the run folder; whether the folder is new. Raises RunMismatch when it is another LoRA's."""
    refuse_foreign(run, case)
    new = not run.case_file.exists()
    try:
        if not run.case_file.exists() or run.case() != case:
            run.write(run.case_file, case)
    except OSError as error:
        raise FluxdiagError(f"cannot be written ({error.strerror})", where=str(run.folder), do="Choose another --out") from error
    return new


def announce(case: Case, suite: Suite, run: Run) -> Estimate:
    """What gathering will take from here on."""
    from fluxdiag.engines.encoders import best_device

    drawing = planned(case, suite)
    return estimate(drawing, _there(run, drawing), case, suite, best_device().type)


def planned(case: Case, suite: Suite) -> Plan:
    """The pictures that this machine would draw: their ids hang on its device and libraries."""
    from fluxdiag.engines.encoders import best_device
    from fluxdiag.engines.machine import sized_profile

    return plan(case, suite, sized_profile(case.base), _setting(best_device().type))


def is_gathered(run: Run, suite_file: Path) -> bool:
    """Whether all that the suite asks of this case lies in the run folder."""
    return holds(run, sha256_file(suite_file))


def holds(run: Run, suite_sha256: str) -> bool:
    """Whether the run folder was gathered with the suite of this digest, and the case is still the same."""
    try:
        return run.gather_info().suite_sha256 == suite_sha256
    except FluxdiagError:
        return False


def gather(run: Run, suite_name: str = "quick", progress: Progress | None = None) -> GatherInfo:
    """Everything that measuring needs, from the case in the run folder. Raises WeightsMissing."""
    suite, suite_file = load_suite(suite_name)
    return gather_suite(run, suite, sha256_file(suite_file), progress)


def gather_suite(
    run: Run, suite: Suite, suite_sha256: str, progress: Progress | None = None, held: Held | None = None
) -> GatherInfo:
    """The same for a suite that is no file. With `held`, models that earlier calls loaded serve again, and CLIP is left out."""
    case = run.case()
    from fluxdiag.engines.encoders import best_device
    from fluxdiag.engines.faces import FaceReader
    from fluxdiag.engines.machine import sized_profile
    from fluxdiag.engines.scoring import score
    from fluxdiag.engines.studio import Studio, Work
    from fluxdiag.lora import read_lora

    profile = sized_profile(case.base)
    began, report = time.monotonic(), progress or (lambda stage, done, of: None)
    faces = FaceReader(case.face_pack or beside(case.base, profile.face_pack))
    lora = read_lora(Path(case.lora.path))
    if lora.sha256 != case.lora.sha256:
        raise RunMismatch(
            "the file has changed since the case was opened", where=case.lora.path, do="Run `fluxdiag report` again"
        )
    drawing = planned(case, suite)
    shared = from_cache(run, drawing.tasks)
    work = Work(_unfinished(run, drawing), _loss_requests(case, suite), suite.losses, dict(drawing.gaps))
    installed = Studio(run, case, lora, profile, faces, report, held).work(work)
    to_cache(run, drawing.tasks)
    work.gaps |= _why_no_losses(case, work)
    work.gaps |= _what_was_lost(installed)
    clip = None if held else _clip(case, profile, work.gaps)
    scoring = time.monotonic()
    shots = score(run, case, drawing.tasks, suite, faces, clip, shared, report)
    _join_losses(run, work.losses)
    work.seconds |= {"score": time.monotonic() - scoring, "all": time.monotonic() - began}
    info = GatherInfo(
        case_sha256=sha256_file(run.case_file),
        suite=suite.name,
        suite_sha256=suite_sha256,
        shots=len(shots),
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
        face_pack=faces.name,
        face_provider=faces.provider,
        smallest_face=faces.smallest_face,
        clip_model=clip.name if clip else "none",
        reference_faces=len(run.arrays("references").get("embeddings", ())),
        versions=_versions(LIBRARIES),
        seconds={stage: round(value, 2) for stage, value in work.seconds.items()},
        gaps=work.gaps,
    )
    run.write(run.gather_file, info)
    shutil.rmtree(run.latents_folder, ignore_errors=True)
    return info


# ------------------------------------------------------------------------------------------------ what is there


def _what_was_lost(installed: Installed) -> dict[str, str]:
    if not installed.lost:
        return {}
    first, why = next(iter(installed.lost.items()))
    counted = f"{len(installed.lost)} of {installed.expected} layers"
    return {"lora": f"{installed.outcome}: {counted} do not act as the file says, the first is {first}: {why}"}


def _versions(libraries: Iterable[str]) -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in libraries}


def _setting(device: str) -> str:
    return f"{device} {_versions(PICTURE_LIBRARIES)}"


def _there(run: Run, drawing: Plan) -> list[Task]:
    from fluxdiag.engines.studio import image_file

    return [t for t in drawing.tasks if image_file(run, t).exists() or cached(t)]


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
    requests = []
    for photo in _chosen(case.photos, suite.losses.photos):
        captions = {} if photo.caption is None else _captions(photo.caption, photo.appearance)
        requests.append(LossRequest(photo.sha256, Path(photo.path), "training", bare | captions))
    if case.reference_source == "held-out":
        outside = [photo for photo in case.references if photo.path not in case.overlap]
        requests += [LossRequest(p.sha256, Path(p.path), "held-out", bare) for p in _chosen(outside, suite.losses.photos)]
    return requests


def _captions(caption: str, appearance: tuple[Span, ...]) -> dict[str, str]:
    """The caption as trained, and without what it says of the person's looks."""
    from fluxdiag.dataset import without_appearance

    return {"caption": caption, "caption-bare": without_appearance(caption, appearance)}


def _chosen(photos: Iterable[Photo], count: int) -> list[Photo]:
    """At most so many readable ones, in the order of their digests: any other order could follow the day they were taken."""
    readable = {photo.sha256: photo for photo in photos if photo.problem is None}
    return [readable[digest] for digest in sorted(readable)[:count]]


def _why_no_losses(case: Case, work: Work) -> dict[str, str]:
    if work.losses or work.probe is None:
        return {}
    return {"losses": case.gaps.get("trigger", case.gaps.get("photos", "there are no photos to probe"))}


def _join_losses(run: Run, requests: Sequence[LossRequest]) -> None:
    import numpy as np

    from fluxdiag.engines.studio import loss_file

    if not requests:
        return
    parts = []
    for request in requests:
        with np.load(loss_file(run, request), allow_pickle=False) as arrays:
            parts.append(dict(arrays))
    write_arrays(run.arrays_folder / "losses.npz", {name: np.concatenate([p[name] for p in parts]) for name in parts[0]})


# ------------------------------------------------------------------------------------------------ CLIP


def _clip(case: Case, profile: Profile, gaps: dict[str, str]) -> ClipReader | None:
    from fluxdiag.engines.clip import ClipReader

    try:
        return ClipReader(beside(case.base, profile.clip_model))
    except WeightsMissing as missing:
        gaps["clip"] = missing.what
        return None
