"""A YuNet and any 112x112 ArcFace-style ONNX, for people who may not use InsightFace's weights.

OpenCV runs the detector as its own class decodes it; onnxruntime runs the recogniser, fed as the pack declares.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import onnxruntime

from fluxdiag.engines.faces.contract import Found
from fluxdiag.engines.faces.loading import loaded
from fluxdiag.engines.faces.pack import Detector, Pack, Recogniser
from fluxdiag.errors import FluxdiagError, WeightsMissing

SIDE = 640
"""px of the square that the detector works on, as InsightFace's: YuNet sees faces of about 10 to 300 px in it"""
SUPPRESS, CANDIDATES = 0.3, 5000
"""overlap above which two boxes are one face, and how many boxes are looked at: OpenCV's defaults"""


class OpenCvPair:
    """Raises WeightsMissing for a file that is not there or not read, FluxdiagError where it differs from what is declared."""

    def __init__(self, pack: Pack, detector: Detector, recogniser: Recogniser, providers: Sequence[str]) -> None:
        self._where, self._said = str(pack.folder), recogniser
        self._session = _session(pack, recogniser, providers)
        self._detector = _yunet(pack, detector)
        self.provider: str = self._session.get_providers()[0]
        self.crop_side = 112

    def detect(self, image: np.ndarray) -> list[Found]:
        canvas, scale = _on_canvas(np.ascontiguousarray(image[:, :, ::-1]))
        _, rows = self._detector.detect(canvas)
        # A row: left, top, width, height, five points from the person's right eye on, score.
        return [] if rows is None else [_found(row, scale) for row in rows]

    def embed(self, crops: Sequence[np.ndarray]) -> np.ndarray:
        name = self._session.get_inputs()[0].name
        # One at a time: most of these files fix the batch at 1.
        return np.concatenate([self._session.run(None, {name: fed(crop, self._said)[None]})[0] for crop in crops])


def fed(crop: np.ndarray, said: Recogniser) -> np.ndarray:
    """The network's input for one crop (112, 112, 3) uint8 RGB: channels, normalisation and layout as declared."""
    ordered = crop if said.channels == "RGB" else crop[:, :, ::-1]
    values = (ordered.astype(np.float32) - np.asarray(said.mean, np.float32)) / np.asarray(said.std, np.float32)
    return np.ascontiguousarray(values.transpose(2, 0, 1) if said.input[0] == 3 else values)


def _on_canvas(image: np.ndarray) -> tuple[np.ndarray, float]:
    """The picture in the corner of a black square of SIDE px: OpenCV builds the network anew for every other size."""
    height, width = image.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    canvas = np.zeros((SIDE, SIDE, 3), np.uint8)
    canvas[: size[1], : size[0]] = cv2.resize(image, size)
    return canvas, scale


def _found(row: np.ndarray, scale: float) -> Found:
    left, top, width, height = row[:4] / scale
    return Found(np.array([left, top, left + width, top + height], np.float32), row[4:14].reshape(5, 2) / scale, float(row[14]))


def _yunet(pack: Pack, said: Detector) -> cv2.FaceDetectorYN:
    file = pack.folder / said.file
    if not file.is_file():
        raise WeightsMissing("the pack's detector is not there", where=str(file), do="Put the file there, or correct pack.toml")
    try:
        with _quiet():
            detector = cv2.FaceDetectorYN.create(str(file), "", (SIDE, SIDE), said.sure, SUPPRESS, CANDIDATES)
            detector.detect(np.zeros((SIDE, SIDE, 3), np.uint8))
    except cv2.error as error:
        raise WeightsMissing("OpenCV cannot run this as a YuNet", where=str(file), do="Use one of 2023 or later") from error
    return detector


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """OpenCV 5 warns of a target that nobody has chosen."""
    before = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(before)


def _session(pack: Pack, said: Recogniser, providers: Sequence[str]) -> onnxruntime.InferenceSession:
    file = pack.folder / said.file
    if not file.is_file():
        raise WeightsMissing("the pack's recogniser is not there", where=str(file), do="Put the file there, or correct pack.toml")

    def load(on: Sequence[str]) -> onnxruntime.InferenceSession:
        return onnxruntime.InferenceSession(str(file), providers=list(on))

    def unfit(why: str) -> WeightsMissing:
        return WeightsMissing(f"onnxruntime cannot load it ({why})", where=str(file), do="Download it again")

    session = loaded(load, providers, str(file), unfit)
    _refuse_other_shape(session, said, str(file))
    return session


def _refuse_other_shape(session: onnxruntime.InferenceSession, said: Recogniser, where: str) -> None:
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or not _fits(inputs[0].shape, said.input):
        told = "; ".join(str(list(entry.shape)) for entry in inputs)
        raise FluxdiagError(
            f"the network takes {told}, and pack.toml declares [n, {', '.join(map(str, said.input))}]",
            where=where,
            do="Correct `input` under [recogniser]; only 112x112 crops can be made",
        )
    if len(outputs) != 1:
        raise FluxdiagError(f"the network has {len(outputs)} outputs", where=where, do="Give a recogniser with one embedding")


def _fits(shape: Sequence[int | str | None], declared: Sequence[int]) -> bool:
    """Sizes that the network leaves open, by a name or nothing, fit every declaration."""
    return len(shape) == 4 and all(
        real == told or not isinstance(real, int) for real, told in zip(shape[1:], declared, strict=True)
    )
