"""Pictures and photos as numbers: faces with their embeddings, CLIP vectors. All from files, so it can be repeated."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from fluxdiag.engines.clip import ClipReader
from fluxdiag.engines.faces import FaceReader, SeenFace
from fluxdiag.engines.studio import Progress, image_file
from fluxdiag.plan import Task
from fluxdiag.records import Case, Photo, Shot, Suite
from fluxdiag.runs import Run, write_arrays

ASPECTS = ("background", "light", "framing", "outfit")


def score(
    run: Run,
    case: Case,
    tasks: Sequence[Task],
    suite: Suite,
    faces: FaceReader,
    clip: ClipReader | None,
    cached: frozenset[str],
    progress: Progress,
) -> list[Shot]:
    """Faces and embeddings of every picture and every photo, from the files."""
    images, shots, embeddings = [], [], {}
    for done, task in enumerate(tasks):
        progress("scoring", done, len(tasks))
        content = image_file(run, task).read_bytes()
        with Image.open(io.BytesIO(content)) as opened:
            images.append(opened.convert("RGB"))
        found = faces.read(np.asarray(images[-1]))
        # Of the very bytes that were read: a file that is swapped later is not the one that the numbers were made from.
        digest = hashlib.sha256(content).hexdigest()
        shots.append(_shot(task, case, found, faces, digest, task.id in cached))
        if found:
            embeddings[task.id] = np.stack([face.embedding for face in found])
    write_arrays(run.arrays_folder / "faces.npz", embeddings)
    write_arrays(run.arrays_folder / "references.npz", {"embeddings": _reference_faces(case, faces)})
    if clip is not None:
        _embed(run, case, suite, clip, dict(zip([task.id for task in tasks], images, strict=True)))
    run.write_shots(shots)
    return shots


def _shot(task: Task, case: Case, found: list[SeenFace], faces: FaceReader, digest: str, cached: bool) -> Shot:
    return Shot(
        id=task.id,
        probe=task.probe,
        arm=task.arm.name,
        prompt_id=task.prompt.id,
        prompt=task.text,
        kind=task.prompt.kind,
        seed=task.seed,
        lora=task.arm.lora,
        strength=case.strength * task.strength,
        variant=task.variant,
        file=f"shots/{task.id}.png",
        sha256=digest,
        outcome=faces.outcome(found),
        faces=tuple(face.reading for face in found),
        cached=cached,
    )


def _reference_faces(case: Case, faces: FaceReader) -> np.ndarray:
    """(n, dim): the largest face of every reference photo in which it can be measured."""
    seen = [faces.read(_pixels(photo)) for photo in case.references if photo.problem is None]
    measurable = [found[0].embedding for found in seen if faces.outcome(found) in ("ok", "several")]
    return np.stack(measurable) if measurable else np.zeros((0, 0), np.float32)


def _pixels(photo: Photo) -> np.ndarray:
    with Image.open(photo.path) as opened:
        return np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))


def _embed(run: Run, case: Case, suite: Suite, clip: ClipReader, images: dict[str, Image.Image]) -> None:
    """CLIP of pictures, training photos and the labels that the suite's prompts name."""
    photos = {photo.sha256: photo for photo in case.photos if photo.problem is None}
    names = [*images, *(f"photo:{digest}" for digest in photos)]
    vectors = clip.images([*images.values(), *(Image.fromarray(_pixels(photo)) for photo in photos.values())])
    write_arrays(run.arrays_folder / "clip.npz", dict(zip(names, vectors, strict=True)))
    labels: dict[str, Any] = {}
    for aspect in ASPECTS:
        asked = sorted({getattr(prompt, aspect) for probe in suite.probes for prompt in probe.prompts} - {None})
        if asked:
            labels |= {aspect: asked, f"{aspect}:text": clip.labels(asked)}
    write_arrays(run.arrays_folder / "labels.npz", labels)
