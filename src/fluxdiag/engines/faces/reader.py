"""Pictures in, measured faces out, whichever pack is behind it."""

from __future__ import annotations

import numpy as np
import onnxruntime

from fluxdiag.engines.faces.contract import Eyes, Found, Pose, SeenFace
from fluxdiag.engines.faces.geometry import aligned, pose
from fluxdiag.engines.faces.insightface_pack import InsightFacePack
from fluxdiag.engines.faces.looks import look
from fluxdiag.engines.faces.opencv_pair import OpenCvPair
from fluxdiag.engines.faces.pack import Pack, open_pack
from fluxdiag.engines.faces.trial import refuse_unfit
from fluxdiag.records import FaceReading, Outcome

PROFILE = 0.35
"""nose offset over eye distance; beyond it cosines fall to half (docs/faces.md)"""


class FaceReader:
    """One pack on one provider. Raises WeightsMissing when the pack is not there, FluxdiagError when it is not as declared."""

    def __init__(self, pack: str) -> None:
        opened = open_pack(pack)
        self._eyes = _eyes(opened)
        self.name, self.licence = opened.name, opened.said.licence
        self.provider, self.smallest_face = self._eyes.provider, opened.said.smallest_face

    def read(self, image: np.ndarray) -> list[SeenFace]:
        """Faces of an RGB picture (height, width, 3) uint8, the largest first."""
        name, found = look(self._eyes, image)
        return sorted(_seen(self._eyes, image, found, name), key=lambda face: -face.reading.height) if found else []

    def outcome(self, faces: list[SeenFace]) -> Outcome:
        """What a picture of one person came to; the largest face is taken for the person."""
        if not faces:
            return "no-face"
        if faces[0].reading.height < self.smallest_face:
            return "small"
        if faces[0].reading.yaw > PROFILE:
            return "profile"
        return "several" if len(faces) > 1 else "ok"


def _eyes(pack: Pack) -> Eyes:
    offered = onnxruntime.get_available_providers()
    wanted = [provider for provider in ("CUDAExecutionProvider", "CPUExecutionProvider") if provider in offered]
    if pack.said.detector is None or pack.said.recogniser is None:
        return InsightFacePack(pack, wanted)
    pair = OpenCvPair(pack, pack.said.detector, pack.said.recogniser, wanted)
    refuse_unfit(pair, str(pack.folder))
    return pair


def _seen(eyes: Eyes, image: np.ndarray, found: list[Found], name: str) -> list[SeenFace]:
    crops, qualities = zip(*(aligned(image, face.landmarks, eyes.crop_side) for face in found), strict=True)
    vectors = [vector / np.linalg.norm(vector) for vector in eyes.embed(crops)]
    poses = [pose(face.landmarks) for face in found]
    return [
        SeenFace(_reading(face, turned), vector.astype(np.float32), face.landmarks, turned, quality, name)
        for face, vector, turned, quality in zip(found, vectors, poses, qualities, strict=True)
    ]


def _reading(face: Found, turned: Pose) -> FaceReading:
    x0, y0, x1, y1 = (float(edge) for edge in face.box)
    return FaceReading(
        box=(round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)),
        score=round(face.score, 4),
        height=round(y1 - y0, 2),
        yaw=abs(turned.yaw),  # along the eyes: across the picture, a head that is tilted would seem turned
    )
