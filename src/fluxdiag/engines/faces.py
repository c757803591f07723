"""Faces: an InsightFace pack finds and embeds them. A pack folder may say its own smallest measurable face in `pack.toml`.

Packs are never downloaded: buffalo_l and antelopev2 have licences that the user has to accept.
"""

from __future__ import annotations

import contextlib
import io
import tomllib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from insightface.app import FaceAnalysis
from insightface.app.common import Face

from fluxdiag.errors import WeightsMissing
from fluxdiag.records import FaceReading, Outcome

SMALLEST_FACE = 64
"""px of face height below which the large recognisers lose likeness (notes: science, 1); a pack may say otherwise"""
PROFILE = 0.35
"""nose offset over eye distance; beyond it cosines fall to half (notes: science, 1)"""
SURE = 0.5
PADDING = 0.4
"""share of the picture added on every side when no face was found: detectors miss faces that fill the frame"""


@dataclass(frozen=True)
class SeenFace:
    reading: FaceReading
    embedding: np.ndarray
    """(dim,) of length 1"""


class FaceReader:
    """One pack on one provider. Raises WeightsMissing when the pack is not there."""

    def __init__(self, pack: str) -> None:
        folder = _folder(pack)
        wanted = [p for p in ("CUDAExecutionProvider", "CPUExecutionProvider") if p in onnxruntime.get_available_providers()]
        with contextlib.redirect_stdout(io.StringIO()):  # the library prints every model that it finds
            self._app = FaceAnalysis(name=str(folder), allowed_modules=["detection", "recognition"], providers=wanted)
            self._app.prepare(ctx_id=0 if wanted[0] != "CPUExecutionProvider" else -1, det_thresh=SURE, det_size=(640, 640))
        if "recognition" not in self._app.models:
            raise WeightsMissing("the face pack has no recogniser", where=str(folder), do="Give a complete InsightFace pack")
        self.name = folder.name
        self.provider: str = self._app.models["recognition"].session.get_providers()[0]
        self.smallest_face = _smallest(folder)

    def read(self, image: np.ndarray) -> list[SeenFace]:
        """Faces of an RGB picture (height, width, 3) uint8, the largest first."""
        found = [_seen(face, 0) for face in self._find(image)] or self._second_look(image)
        return sorted(found, key=lambda face: -face.reading.height)

    def _find(self, image: np.ndarray) -> list[Face]:
        faces: list[Face] = self._app.get(np.ascontiguousarray(image[:, :, ::-1]))
        return faces

    def _second_look(self, image: np.ndarray) -> list[SeenFace]:
        pad = round(PADDING * max(image.shape[:2]))
        padded = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
        return [_seen(face, pad) for face in self._find(padded)]

    def outcome(self, faces: list[SeenFace]) -> Outcome:
        """What a picture of one person came to; the largest face is taken for the person."""
        if not faces:
            return "no-face"
        if faces[0].reading.height < self.smallest_face:
            return "small"
        if faces[0].reading.yaw > PROFILE:
            return "profile"
        return "several" if len(faces) > 1 else "ok"


def _folder(pack: str) -> Path:
    for place in (Path(pack).expanduser(), Path.home() / ".insightface" / "models" / pack):
        if place.is_dir():
            return place.resolve()
    raise WeightsMissing(
        "the face pack is not on this machine",
        where=pack,
        do=f"Accept the licence of {pack} at github.com/deepinsight/insightface (about 300 MB, non-commercial research only) "
        f"and unpack it to ~/.insightface/models/{pack}",
    )


def _smallest(folder: Path) -> int:
    file = folder / "pack.toml"
    return int(tomllib.loads(file.read_text(encoding="utf-8"))["smallest_face"]) if file.is_file() else SMALLEST_FACE


def _seen(face: Face, pad: int) -> SeenFace:
    x0, y0, x1, y1 = (float(edge) - pad for edge in face.bbox)
    left, right, nose = face.kps[0], face.kps[1], face.kps[2]
    apart = float(np.linalg.norm(right - left)) or 1.0
    reading = FaceReading(
        box=(round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)),
        score=round(float(face.det_score), 4),
        height=round(y1 - y0, 2),
        yaw=round(abs(float(nose[0] - (left[0] + right[0]) / 2)) / apart, 4),
    )
    return SeenFace(reading, (face.embedding / np.linalg.norm(face.embedding)).astype(np.float32))
