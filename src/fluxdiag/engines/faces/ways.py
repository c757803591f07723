"""The ways to a face pack, for `doctor`: whose licence, how much, and the commands that fetch it. Nothing here fetches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fluxdiag.at_hand import INSIGHTFACE_MODELS
from fluxdiag.manual import manual_page

MODELS = f"~/{INSIGHTFACE_MODELS}"
INSIGHTFACE_LICENCE = "non-commercial research only (github.com/deepinsight/insightface)"


@dataclass(frozen=True)
class Way:
    """A pack that `face_pack` can name."""

    name: str
    licence: str
    size: str
    fetch: str
    """one line for a shell"""

    @property
    def found(self) -> str | None:
        """Where its folder lies, or None."""
        folder = Path.home() / INSIGHTFACE_MODELS / self.name
        return str(folder) if any(folder.rglob("*.onnx")) else None


WAYS = (
    Way("buffalo_l", INSIGHTFACE_LICENCE, "326 MB", "insightface-cli model.download buffalo_l"),
    Way("antelopev2", INSIGHTFACE_LICENCE, "407 MB", "insightface-cli model.download antelopev2"),
    Way(
        "auraface",
        "Apache-2.0 by its card; the detector in it is said to be InsightFace's, so read "
        f"{manual_page('faces.md')} before you sell anything",
        "about 300 MB",
        f"hf download fal/AuraFace-v1 --local-dir {MODELS}/auraface",
    ),
    Way(
        "opencv",
        "YuNet MIT, SFace Apache-2.0 (what SFace was trained on is not stated)",
        "39 MB",
        f"hf download opencv/face_detection_yunet face_detection_yunet_2023mar.onnx --local-dir {MODELS}/opencv && "
        f"hf download opencv/face_recognition_sface face_recognition_sface_2021dec.onnx --local-dir {MODELS}/opencv, "
        f"then write {MODELS}/opencv/pack.toml as in {manual_page('faces.md')}",
    ),
)
