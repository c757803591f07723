"""An InsightFace pack: buffalo_l, antelopev2, AuraFace, the laboratory's. The library knows how to feed its own models."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from insightface.app import FaceAnalysis

from fluxdiag.engines.faces.contract import Found
from fluxdiag.engines.faces.loading import PROCESSOR, loaded
from fluxdiag.engines.faces.pack import Pack
from fluxdiag.errors import WeightsMissing
from fluxdiag.manual import manual_page

SURE = 0.5
SIDE = 640
"""px of the longer side that the detector works on, unless its file fixes another"""


class InsightFacePack:
    """Raises WeightsMissing when the folder is no complete pack, FluxdiagError when only the card cannot run it."""

    def __init__(self, pack: Pack, providers: Sequence[str]) -> None:
        models = loaded(partial(_models, pack), providers, str(pack.folder), partial(_incomplete, pack))
        if "recognition" not in models:
            raise _incomplete(pack, "it has no recogniser")
        self._detector, self._recogniser = models["detection"], models["recognition"]
        self.provider: str = self._recogniser.session.get_providers()[0]
        self.crop_side: int = self._recogniser.input_size[0]

    def detect(self, image: np.ndarray) -> list[Found]:
        boxes, landmarks = self._detector.detect(np.ascontiguousarray(image[:, :, ::-1]))
        if len(boxes) and landmarks is None:
            raise WeightsMissing("the detector gives boxes without landmarks", where="face pack", do="Use one named `kps`")
        return [Found(box[:4], points, float(box[4])) for box, points in zip(boxes, landmarks, strict=True)] if len(boxes) else []

    def embed(self, crops: Sequence[np.ndarray]) -> np.ndarray:
        # One at a time: some packs fix the batch at 1.
        return np.concatenate([self._recogniser.get_feat(np.ascontiguousarray(crop[:, :, ::-1])) for crop in crops])


def _models(pack: Pack, providers: Sequence[str]) -> dict[str, Any]:
    """By task. The folder exists, so the library does not try to download it."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the library prints every model that it finds
            app = FaceAnalysis(name=str(pack.folder), allowed_modules=["detection", "recognition"], providers=list(providers))
            app.prepare(ctx_id=0 if providers[0] != PROCESSOR else -1, det_thresh=SURE, det_size=(SIDE, SIDE))
            app.det_model.detect(np.zeros((SIDE, SIDE, 3), np.uint8))  # the library takes any file with five outputs for one
    except AssertionError as error:  # how the library says that there is no detector
        raise _incomplete(pack, "it has no detector") from error
    models: dict[str, Any] = app.models
    return models


def _incomplete(pack: Pack, why: str) -> WeightsMissing:
    return WeightsMissing(
        f"not a complete InsightFace pack ({why})",
        where=str(pack.folder),
        do=f"Unpack it again; a detector and recogniser of other origin need a pack.toml ({manual_page('faces.md')})",
    )
