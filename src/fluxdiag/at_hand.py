"""Which models may lie on this machine, asked without a model library: to import those takes longer than the audit of a set."""

from __future__ import annotations

import os
from pathlib import Path

from fluxdiag.errors import WeightsMissing

INSIGHTFACE_MODELS = Path(".insightface") / "models"
"""under the home folder: where InsightFace itself keeps packs"""
CLIP_WEIGHTS = "models--*/snapshots/*/open_clip_*"
"""in the hub's cache, of any open_clip model"""


def face_pack_folder(pack: str) -> Path:
    """Of a folder, or of a name under ~/.insightface/models. Raises WeightsMissing."""
    for place in (Path(pack).expanduser(), Path.home() / INSIGHTFACE_MODELS / pack):
        if place.is_dir():
            return place.resolve()
    raise WeightsMissing(
        "the face pack is not on this machine",
        where=pack,
        do="Get one of those that `fluxdiag doctor` lists with their licences and the commands that fetch them",
    )


def no_clip(model: str) -> WeightsMissing:
    return WeightsMissing(
        "this CLIP is not on this machine", where=model, do="`fluxdiag report` fetches it at its first run, or give --base"
    )


def refuse_without_clip(model: str) -> None:
    """Raises WeightsMissing where `model` is no folder and the hub's cache holds no CLIP at all; which ones, open_clip knows."""
    if not Path(model).is_dir() and not any(hub().glob(CLIP_WEIGHTS)):
        raise no_clip(model)


def hub() -> Path:
    """Where huggingface_hub keeps what it fetched."""
    home = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    return Path(os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE") or home / "hub").expanduser()
