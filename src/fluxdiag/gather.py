"""The one stage that needs a GPU: pictures, faces, CLIP embeddings and losses. Writes shots, arrays and, last, gather.json.

Whatever is there already is not made again, so the same call after a kill goes on where the run was.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.errors import FluxdiagError, RunMismatch, WeightsMissing
from fluxdiag.plan import Estimate, Plan, Task, estimate, plan
from fluxdiag.profiles import Profile, beside
from fluxdiag.records import Case, GatherInfo, Photo, Span, Suite
from fluxdiag.runs import Run, sha256_file, write_arrays, write_bytes
from fluxdiag.suites import load_suite

if TYPE_CHECKING:
    from fluxdiag.engines.clip import ClipReader
    from fluxdiag.engines.studio import LossRequest, Progress, Work

LIBRARIES = ("torch", "diffusers", "transformers", "peft", "insightface", "onnxruntime", "open_clip_torch")
PICTURE_LIBRARIES = ("torch", "diffusers", "transformers")
"""those whose version can change a picture; the others only read it"""


def refuse_foreign(run: Run, case: Case) -> None:
    """Raises RunMismatch when the folder is another LoRA's."""
    if run.case_file.exists() and (old := run.case()).lora.sha256 != case.lora.sha256:
        raise RunMismatch(
            f"this run folder belongs to another LoRA ({Path(old.lora.path).name})",
            where=str(run.folder),
            do="Choose another --out",
        )


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
    from fluxdiag.engines.machine import sized_profile

    device = best_device().type
    drawing = plan(case, suite, sized_profile(case.base), _setting(device))
    return estimate(drawing, _there(run, drawing), case, suite, device)


def is_gathered(run: Run, suite_file: Path) -> bool:
    """Whether all that the suite asks of this case lies in the run folder."""
    try:
        info = run.gather_info()
    except FluxdiagError:
        return False
    return info.suite_sha256 == sha256_file(suite_file)


def gather(run: Run, suite_name: str = "quick", progress: Progress | None = None) -> GatherInfo:
    """Everything that measuring needs, from the case in the run folder. Raises WeightsMissing."""
    suite, suite_file = load_suite(suite_name)
    case = run.case()
    from fluxdiag.engines.encoders import best_device
    from fluxdiag.engines.faces import FaceReader
    from fluxdiag.engines.machine import sized_profile
    from fluxdiag.engines.scoring import score
    from fluxdiag.engines.studio import Studio, Work
    from fluxdiag.lora import read_lora

    profile = sized_profile(case.base)
    began, report = time.monotonic(), progress or (lambda stage, done, of: None)
    faces = FaceReader(beside(case.base, profile.face_pack))
    lora = read_lora(Path(case.lora.path))
    if lora.sha256 != case.lora.sha256:
        raise RunMismatch(
            "the file has changed since the case was opened", where=case.lora.path, do="Run `fluxdiag report` again"
        )
    drawing = plan(case, suite, profile, _setting(best_device().type))
    cached = _from_cache(run, drawing)
    work = Work(_unfinished(run, drawing), _loss_requests(case, suite), suite.losses, dict(drawing.gaps))
    installed = Studio(run, case, lora, profile, faces, report).work(work)
    _to_cache(run, drawing)
    work.gaps |= _why_no_losses(case, work)
    work.gaps |= {"lora": "; ".join(installed.misfits[:5])} if installed.misfits else {}
    clip = _clip(case, profile, work.gaps)
    scoring = time.monotonic()
    shots = score(run, case, drawing.tasks, suite, faces, clip, cached, report)
    _join_losses(run, work.losses)
    work.seconds |= {"score": time.monotonic() - scoring, "all": time.monotonic() - began}
    info = GatherInfo(
        case_sha256=sha256_file(run.case_file),
        suite=suite.name,
        suite_sha256=sha256_file(suite_file),
        shots=len(shots),
        modules_adapted=installed.layers,
        delta_error=installed.error,
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


def _versions(libraries: Iterable[str]) -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in libraries}


def _setting(device: str) -> str:
    return f"{device} {_versions(PICTURE_LIBRARIES)}"


def cache_folder() -> Path:
    """Pictures of the base alone, shared by all LoRAs; never needed, so it may be deleted at any time."""
    folder = os.environ.get("FLUXDIAG_CACHE")
    return (Path(folder) if folder else Path.home() / ".cache" / "fluxdiag") / "base"


def _cache_file(key: str) -> Path:
    return cache_folder() / f"{key}.png"


def _there(run: Run, drawing: Plan) -> list[Task]:
    from fluxdiag.engines.studio import image_file

    return [t for t in drawing.tasks if image_file(run, t).exists() or (t.base_key and _cache_file(t.base_key).exists())]


def _from_cache(run: Run, drawing: Plan) -> frozenset[str]:
    """Copies what other runs have drawn with the LoRA off; returns the ids of those shots."""
    from fluxdiag.engines.studio import image_file

    found = set()
    for task in drawing.tasks:
        if task.base_key and not image_file(run, task).exists() and (kept := _cache_file(task.base_key)).exists():
            write_bytes(image_file(run, task), kept.read_bytes())
            found.add(task.id)
    return frozenset(found)


def _to_cache(run: Run, drawing: Plan) -> None:
    from fluxdiag.engines.studio import image_file

    for task in drawing.tasks:
        if task.base_key and not (kept := _cache_file(task.base_key)).exists():
            try:
                write_bytes(kept, image_file(run, task).read_bytes())
            except OSError:  # a full or read-only home only costs time
                return


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
