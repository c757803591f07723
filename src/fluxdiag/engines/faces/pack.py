"""A pack: the folder with a detector and a recogniser, and what its `pack.toml` declares of them.

InsightFace's own folders need no `pack.toml`. Any other pair has to say how its recogniser wants to be fed: nothing in an
ONNX file tells the order of channels or the normalisation, and a wrong one gives numbers that only look right.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from fluxdiag.at_hand import face_pack_folder
from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import why
from fluxdiag.manual import manual_page
from fluxdiag.records import Record

SMALLEST_FACE = 64
"""px of face height below which the large recognisers lose likeness (docs/faces.md); a pack may say otherwise"""
FileName = Annotated[str, Field(pattern=r"^[^/\\]+\.onnx$")]
"""of a file in the pack's own folder"""
Channels = float | tuple[float, float, float]


class Detector(Record):
    """A YuNet, as OpenCV's FaceDetectorYN runs it."""

    file: FileName
    sure: float = Field(default=0.6, gt=0, lt=1, description="score from which a face counts")


class Recogniser(Record):
    """An ArcFace-style network on aligned crops. The network is given (pixel - mean) / std, pixels from 0 to 255."""

    file: FileName
    input: tuple[int, int, int] = Field(default=(3, 112, 112), description="of one crop, channels first or last")
    channels: Literal["RGB", "BGR"]
    mean: Channels
    std: Channels

    @model_validator(mode="after")
    def _usable(self) -> Recogniser:
        if self.input not in {(3, 112, 112), (112, 112, 3)}:
            raise ValueError("input has to be [3, 112, 112] or [112, 112, 3]")
        if 0 in (self.std if isinstance(self.std, tuple) else (self.std,)):
            raise ValueError("std must not be 0")
        return self


class PackFile(Record):
    """`pack.toml`, whole."""

    name: str = ""
    licence: str = ""
    smallest_face: int = Field(default=SMALLEST_FACE, gt=0)
    detector: Detector | None = None
    recogniser: Recogniser | None = None

    @model_validator(mode="after")
    def _a_pair_or_none(self) -> PackFile:
        if (self.detector is None) != (self.recogniser is None):
            raise ValueError("[detector] and [recogniser] are declared together or not at all")
        return self


@dataclass(frozen=True)
class Pack:
    """`folder` is where the ONNX files lie."""

    folder: Path
    said: PackFile

    @property
    def name(self) -> str:
        return self.said.name or self.folder.name


def open_pack(pack: str) -> Pack:
    """`pack` is a folder or a name under ~/.insightface/models. Raises WeightsMissing, FluxdiagError for a bad pack.toml."""
    folder = face_pack_folder(pack)
    return Pack(_nested(folder), _said(folder))


def _nested(folder: Path) -> Path:
    """The archive of antelopev2 unpacks to antelopev2/antelopev2/*.onnx."""
    inner = folder / folder.name
    return inner if not any(folder.glob("*.onnx")) and any(inner.glob("*.onnx")) else folder


def _said(folder: Path) -> PackFile:
    file = folder / "pack.toml"
    if not file.is_file():
        return PackFile()
    try:
        return PackFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        what = f"not a face pack's declaration ({why(error)})"
        raise FluxdiagError(what, where=str(file), do=f"Compare with {manual_page('faces.md')}") from error
