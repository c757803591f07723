"""What this machine offers to the model libraries, as `doctor` asks for it. Nothing is fetched, no base is loaded.

Each library is imported inside the function that asks it: one that is broken must not silence the others.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import torch

from fluxdiag.at_hand import CLIP_FILES, CLIPS, clip_file
from fluxdiag.engines import torchvision_mend
from fluxdiag.errors import WeightsMissing
from fluxdiag.profiles import Profile, load_profile

USABLE = 0.9
"""share of a card's memory that drawing may count on: the rest is the driver's and fragmentation"""
VISITING_GB = 2.0
"""what the blocks on the card take where the transformer does not fit as a whole: the one at work and the next"""


@dataclass(frozen=True)
class Device:
    """`kind` is cuda or cpu; `memory_gb` is the card's, 0 without one. `cuda_build`: torch could use a card if there were one."""

    kind: str
    name: str
    memory_gb: float
    cuda_build: bool


def device() -> Device:
    """The first card, or the CPU: the same choice as the engines make."""
    if torch.cuda.is_available():
        card = torch.cuda.get_device_properties(0)
        return Device("cuda", card.name, card.total_memory / 1e9, True)
    return Device("cpu", f"{os.cpu_count()} cores", 0.0, torch.version.cuda is not None)


def sized_profile(base: str) -> Profile:
    """The base's profile with a batch that this machine's card holds."""
    profile = load_profile(base)
    return profile.model_copy(update={"batch": batch_on(device(), profile)})


def batch_on(card: Device, profile: Profile) -> int:
    """Images drawn at once: the profile's number, or as many as fit beside the transformer, at least one.

    Reckoned from the whole of the card's memory and not from what is free at the moment: paired arms must have the same batch
    shape, also when a killed run goes on beside another program.
    """
    if card.kind != "cuda":
        return profile.batch
    resident = profile.cost.vram_gb if card.memory_gb >= whole_gb(profile) else VISITING_GB
    return max(1, min(profile.batch, int((USABLE * card.memory_gb - resident) / profile.cost.vram_gb_per_image)))


def whole_gb(profile: Profile) -> float:
    """Memory of a card that holds the transformer as a whole and draws one image; on a smaller one its blocks visit."""
    return (profile.cost.vram_gb + profile.cost.vram_gb_per_image) / USABLE


def providers() -> tuple[str, ...]:
    """What onnxruntime really offers, whichever wheel's files lie in its folder."""
    import onnxruntime

    return tuple(onnxruntime.get_available_providers())


def torchvision_state() -> str:
    """`whole` or `mended`; raises ImportError when its import fails all the same."""
    import torchvision  # noqa: F401

    return "mended" if torchvision_mend.is_mended() else "whole"


def clip_in_cache(model: str) -> Path | None:
    """The weights of an open_clip `name:tag` in the hub's local cache, or None. Raises WeightsMissing for an unknown name."""
    if model in CLIPS:
        return clip_file(CLIPS[model].repository)
    import open_clip

    name, _, tag = model.partition(":")
    repository, _, file = str(open_clip.get_pretrained_cfg(name, tag).get("hf_hub", "")).rpartition("/")
    if not repository:
        raise WeightsMissing("open_clip knows no such model on the hub", where=model, do="Check the profile's `clip_model`")
    return clip_file(repository, (file,) if file else CLIP_FILES)
