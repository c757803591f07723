"""Which models may lie on this machine, asked without a model library: to import those takes longer than the audit of a set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fluxdiag.errors import WeightsMissing

INSIGHTFACE_MODELS = Path(".insightface") / "models"
"""under the home folder: where InsightFace itself keeps packs"""
CLIP_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
"""the names under which open_clip looks for weights on the hub, in its own order; its open_clip_config.json alone is no model"""
ANY_CLIP = "models--*/snapshots/*/open_clip_*model.*"
"""in the hub's cache"""


@dataclass(frozen=True)
class HubClip:
    """Where open_clip has a model from, how large it is there and whose licence it has by its card."""

    repository: str
    size: str
    licence: str


CLIPS = {"ViT-B-32:laion2b_s34b_b79k": HubClip("laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "605 MB", "MIT")}
"""those of the profiles here, as open_clip's own table has them, which takes seconds to import"""


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
    known = CLIPS.get(model)
    told = f" ({known.size}, licence: {known.licence})" if known else ""
    return WeightsMissing("this CLIP is not on this machine", where=model, do=f"`{fetch_clip(model)}` fetches it{told}")


def fetch_clip(model: str) -> str:
    """One line for a shell: exactly the weights that open_clip loads for that name, into the hub's cache."""
    if (known := CLIPS.get(model)) is not None:
        return f"hf download {known.repository} open_clip_model.safetensors"
    name, _, tag = model.partition(":")
    return f'python -c "import open_clip as o; o.download_pretrained(o.get_pretrained_cfg({name!r}, {tag!r}))"'


def refuse_without_clip(model: str) -> None:
    """Raises WeightsMissing where `model` is no folder and not in the hub's cache. Of a model that is not among `CLIPS` only
    open_clip knows the repository, so any CLIP there lets it pass."""
    if not Path(model).is_dir() and not (_in_cache(CLIPS[model]) if model in CLIPS else any(hub().glob(ANY_CLIP))):
        raise no_clip(model)


def _in_cache(clip: HubClip) -> bool:
    return clip_file(clip.repository) is not None


def clip_file(repository: str, files: Sequence[str] = CLIP_FILES) -> Path | None:
    """The first of these files of a repository that lies in the hub's cache, at the revision that would be loaded."""
    kept = in_hub(repository)
    try:
        snapshot = kept / "snapshots" / (kept / "refs" / "main").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return next((file for name in files if (file := snapshot / name).is_file()), None)


def in_hub(repository: str) -> Path:
    """The folder of a repository in the hub's cache; its `refs/main` names the one of its `snapshots` that is loaded."""
    return hub() / f"models--{repository.replace('/', '--')}"


def hub() -> Path:
    """Where huggingface_hub keeps what it fetched; by its own account, for half a dozen variables have a say."""
    from huggingface_hub.constants import HF_HUB_CACHE

    return Path(HF_HUB_CACHE)
