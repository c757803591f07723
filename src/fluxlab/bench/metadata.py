"""Metadata that lies: the header of a planted file with settings that were never used, as exports and merges leave them."""

from __future__ import annotations

from pathlib import Path

from safetensors import safe_open
from safetensors.numpy import load_file, save

from fluxdiag.runs import write_bytes
from fluxdiag.trainers.builtin import with_sorted_header

TOLD = {
    "ss_steps": "1350",
    "ss_max_train_steps": "1350",
    "ss_learning_rate": "0.0001",
    "ss_unet_lr": "0.0001",
    "ss_num_train_images": "10",
    "ss_num_reg_images": "0",
    "ss_total_batch_size": "1",
    "ss_network_dim": "16",
    "ss_network_alpha": "16",
}
"""the guide's numbers for ten images: what a header looks like that was copied from somebody else's file"""
FALSE = "false"


def falsify(file: Path) -> Path:
    """Tell `TOLD` instead of the truth; whole or not at all, and doing it again changes nothing."""
    with safe_open(file, "np") as opened:
        told = dict(opened.metadata() or {})
    if any(told.get(key) != value for key, value in TOLD.items()):
        told.pop("ss_datasets", None)
        write_bytes(file, with_sorted_header(save(load_file(file), told | TOLD)))
    return file


def header_kind(file: Path) -> str:
    """What a file on disk tells of its training: a key of `headers.STYLES`, or `false`."""
    with safe_open(file, "np") as opened:
        told = opened.metadata() or {}
    if "ss_steps" in told:
        return FALSE if all(told.get(key) == value for key, value in TOLD.items()) else "kohya"
    return "ai-toolkit" if "training_info" in told else "none"
