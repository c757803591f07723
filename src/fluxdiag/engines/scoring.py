"""Pictures and photos as numbers: faces with their embeddings, CLIP vectors. All from files, so it can be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fluxdiag.engines.faces import FaceReader, SeenFace
from fluxdiag.engines.remembering import Picture, RememberingClip, RememberingFaces
from fluxdiag.engines.studio import Progress, image_file
from fluxdiag.plan import Task
from fluxdiag.records import Case, Photo, Shot, Suite
from fluxdiag.runs import Run, write_arrays
from fluxdiag.unchanged import content_of

ASPECTS = ("background", "light", "framing", "outfit")
CLIP_ARRAYS = ("clip", "labels")


def score(
    run: Run,
    case: Case,
    tasks: Sequence[Task],
    suite: Suite,
    faces: RememberingFaces,
    clip: RememberingClip | None,
    cached: frozenset[str],
    progress: Progress,
) -> list[Shot]:
    """Faces and embeddings of every picture and every photo, from the files. One picture at a time is in memory.

    Raises RunMismatch for a photo that went away or was edited while pictures were drawn: these stay for the next call.
    """
    shots, embeddings = [], {}
    for done, task in enumerate(tasks):
        progress("scoring", done, len(tasks))
        picture = Picture(image_file(run, task).read_bytes())
        found = faces.of(picture)
        if clip is not None:
            clip.take(picture)
        # Of the very bytes that were read: a file that is swapped later is not the one that the numbers were made from.
        shots.append(_shot(task, case, found, faces, picture.sha256, task.id in cached))
        if found:
            embeddings[task.id] = np.stack([face.embedding for face in found])
    write_arrays(run.arrays_folder / "faces.npz", embeddings)
    write_arrays(run.arrays_folder / "references.npz", {"embeddings": _reference_faces(case, faces)})
    if clip is not None:
        _embed(run, case, suite, clip, {shot.id: shot.sha256 for shot in shots})
    else:
        for name in CLIP_ARRAYS:  # of an earlier gathering
            (run.arrays_folder / f"{name}.npz").unlink(missing_ok=True)
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


def _reference_faces(case: Case, faces: RememberingFaces) -> np.ndarray:
    """(n, dim): the largest face of every reference photo in which it can be measured."""
    seen = [faces.of(_picture(photo)) for photo in case.references if photo.problem is None]
    measurable = [found[0].embedding for found in seen if faces.outcome(found) in ("ok", "several")]
    return np.stack(measurable) if measurable else np.zeros((0, 0), np.float32)


def _picture(photo: Photo) -> Picture:
    return Picture(content_of(photo))


def _embed(run: Run, case: Case, suite: Suite, clip: RememberingClip, shots: Mapping[str, str]) -> None:
    """CLIP of pictures (id -> digest), training photos and the labels that the suite's prompts name."""
    names = dict(shots)
    for photo in case.photos:
        if photo.problem is None:
            taken = _picture(photo)
            clip.take(taken)
            names[f"photo:{photo.sha256}"] = taken.sha256
    write_arrays(run.arrays_folder / "clip.npz", dict(zip(names, clip.of(list(names.values())), strict=True)))
    labels: dict[str, Any] = {}
    for aspect in ASPECTS:
        asked = sorted({getattr(prompt, aspect) for probe in suite.probes for prompt in probe.prompts} - {None})
        if asked:
            labels |= {aspect: asked, f"{aspect}:text": clip.labels(asked)}
    write_arrays(run.arrays_folder / "labels.npz", labels)
