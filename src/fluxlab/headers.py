"""What a planted file tells of its training: as kohya's scripts write it, as ai-toolkit does, or nothing.

The digest by which the trainer knows its finished file stays in all of them; it says nothing of the settings.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import yaml
from safetensors import safe_open
from safetensors.numpy import load_file, save

from fluxdiag.runs import write_bytes, write_text
from fluxdiag.trainers.builtin import with_sorted_header
from fluxdiag.trainers.header import DIGEST_KEY
from fluxdiag.trainers.setup import TrainingSetup

Metadata = dict[str, str]


def _ai_toolkit(setup: TrainingSetup) -> Metadata:
    """No rate, no images, and a tag frequency that is made up from the trigger (toolkit/metadata.py)."""
    trigger = setup.trigger or ""
    return {
        "name": Path(setup.output).stem,
        "training_info": json.dumps({"step": setup.steps, "epoch": 0}),
        "ss_base_model_version": "flux.1",
        "ss_output_name": Path(setup.output).stem,
        "ss_tag_frequency": json.dumps({f"1_{trigger}": {trigger: 1}}),
        "software": json.dumps({"name": "ai-toolkit", "repo": "https://github.com/ostris/ai-toolkit", "version": "0.12.26"}),
        "format": "pt",
    }


def _config_yaml(setup: TrainingSetup) -> str:
    """The sidecar that ai-toolkit dumps into its training folder."""
    folders = [{"folder_path": "dataset", "resolution": [setup.resolution[0]], "is_reg": False}]
    folders += (
        [{"folder_path": "regularisation", "resolution": [setup.resolution[0]], "is_reg": True}] if setup.regularisation else []
    )
    process = {
        "type": "sd_trainer",
        "trigger_word": setup.trigger,
        "network": {"type": "lora", "linear": setup.rank, "linear_alpha": setup.rank},
        "datasets": folders,
        "train": {
            "batch_size": setup.batch_size,
            "steps": setup.steps,
            "gradient_accumulation_steps": setup.accumulation,
            "optimizer": "adamw",
            "lr": setup.learning_rate,
        },
        "model": {"is_flux": True},
    }
    return yaml.safe_dump(
        {"job": "extension", "config": {"name": Path(setup.output).stem, "process": [process]}}, sort_keys=False
    )


STYLES: dict[str, Callable[[TrainingSetup], Metadata] | None] = {
    "kohya": None,
    "ai-toolkit": _ai_toolkit,
    "none": lambda setup: {"format": "pt"},
}
"""None: the trainer's own header, which is kohya's"""


def restyle(file: Path, setup: TrainingSetup, style: str) -> Path:
    """Put another header on a finished file, whole or not at all; doing it again changes nothing."""
    writer = STYLES[style]
    if writer is None:
        return file
    with safe_open(file, "np") as opened:
        digest = opened.metadata()[DIGEST_KEY]
    write_bytes(file, with_sorted_header(save(load_file(file), writer(setup) | {DIGEST_KEY: digest})))
    if style == "ai-toolkit":
        write_text(file.parent / "config.yaml", _config_yaml(setup))
    return file
