"""The header of a written file: what the old one said, corrected where the file no longer is that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fluxdiag.lora.edits import EDITS, noted
from fluxdiag.lora.header import json_objects
from fluxdiag.lora.lycoris import OTHERWISE
from fluxdiag.lora.model import Lora

Target = Literal["diffusers", "kohya"]


@dataclass(frozen=True)
class Header:
    """What is said of a layer, once its tensors are encoded."""

    name: str
    rank: int
    alpha: float | None
    stacked: bool = False
    expanded: bool = False
    """a LoHa or LoKr that became a LoRA of the same change"""
    lycoris: bool = False
    """written in the form that it had, which is no LoRA"""


def carried(lora: Lora, layers: Sequence[Header], target: Target, edited: bool) -> dict[str, str]:
    """Rank, alpha, digests and peft's config are those of the new file."""
    metadata = dict(lora.metadata)
    if not edited or lora.dialect != target:
        metadata = noted(metadata, {"edit": "convert", "from": lora.dialect, "to": target})
    for stale in ("lora_adapter_metadata", "sshs_legacy_hash"):  # diffusers refuses a file with both the former and alpha
        metadata.pop(stale, None)
    metadata["fluxdiag.source_sha256"] = lora.sha256
    return metadata | (_kohya_keys(metadata, layers) if target == "kohya" or "ss_network_dim" in metadata else {})


def _kohya_keys(metadata: dict[str, str], layers: Sequence[Header]) -> dict[str, str]:
    """As its own resizing writes them: one number, or `Dynamic`, and what was done before the old comment."""
    ranks = {layer.rank for layer in layers}
    alphas = {float(layer.rank) if layer.alpha is None else layer.alpha for layer in layers}
    done = "; ".join(_words(note) for note in json_objects(metadata.get(EDITS)))
    comment = metadata.get("ss_training_comment", "None").rpartition("fluxdiag: ")[0] or metadata.get("ss_training_comment")
    said = "" if comment in {None, "", "None"} else f"; {comment}"
    otherwise = any(layer.lycoris or layer.name.startswith(OTHERWISE) for layer in layers)
    usual = "lycoris.kohya" if otherwise else "networks.lora_flux"
    return {
        "ss_network_module": metadata.get("ss_network_module", usual),
        "ss_network_dim": str(ranks.pop()) if len(ranks) == 1 else "Dynamic",
        "ss_network_alpha": f"{alphas.pop():g}" if len(alphas) == 1 else "Dynamic",
        "ss_training_comment": f"fluxdiag: {done}{said}",
    }


def _words(note: dict[str, object]) -> str:
    """`truncate rank=16 kept_energy=0.97`"""
    values = {key: f"{value:.4g}" if isinstance(value, float) else value for key, value in note.items() if key != "edit"}
    return " ".join([str(note.get("edit")), *(f"{key}={value}" for key, value in values.items())])
