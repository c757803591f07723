"""The header of a LoRA file: the keys of kohya's sd-scripts, which most tools read, filled with what really happened.

No times of day: the same setup gives the same bytes, whether or not it was killed on the way.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag import __version__
from fluxdiag.profiles import is_schnell
from fluxdiag.runs import sha256_file
from fluxdiag.trainers.setup import GUIDES_D_COEF, TrainingSetup

if TYPE_CHECKING:
    from fluxdiag.engines.training_cache import TrainingPhoto

DIGEST_KEY = "fluxdiag_training_sha256"


def header(setup: TrainingSetup, photos: Sequence[TrainingPhoto], step: int, name: str, digest: str) -> dict[str, str]:
    """Every value as text, numbers as python writes them; nothing of a path but its last part."""
    subject = [photo for photo in photos if not photo.regularisation]
    others = [photo for photo in photos if photo.regularisation]
    values = {
        **_training(setup, step, len(subject), bool(others)),
        "ss_output_name": name,
        "ss_num_train_images": len(subject),
        "ss_num_reg_images": len(others),
        "ss_datasets": json.dumps([_dataset(setup, subject, others)]),
        "ss_tag_frequency": json.dumps(_tags(setup, subject, others)),
        "software": json.dumps({"name": "fluxdiag", "version": __version__}),
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.architecture": f"flux-1-{'schnell' if is_schnell(setup.base) else 'dev'}/lora",
        "modelspec.implementation": "diffusers",
        "modelspec.title": name,
        "modelspec.resolution": "x".join(str(side) for side in setup.resolution),
        DIGEST_KEY: digest,
        "format": "pt",
        **_unusual(setup),
    }
    if setup.trigger is not None:
        values["modelspec.trigger_phrase"] = setup.trigger
    return {key: str(value) for key, value in values.items()}


def _unusual(setup: TrainingSetup) -> dict[str, object]:
    """What kohya's header has no key for, where it is used."""
    said: dict[str, object] = {}
    if setup.regularisation_target != "photos":
        said["fluxdiag_regularisation_target"] = setup.regularisation_target
    if setup.timesteps == "shift":
        said["ss_discrete_flow_shift"] = setup.shift
    if setup.quantised != "no":
        said["fluxdiag_quantised_base"] = setup.quantised
    if setup.start_from is not None:
        said["fluxdiag_started_from_sha256"] = sha256_file(Path(setup.start_from))
    return said


def _optimizer(setup: TrainingSetup) -> str:
    decay = f"weight_decay={setup.weight_decay}"
    return {
        "adamw": f"torch.optim.adamw.AdamW({decay})",
        "adamw8bit": f"bitsandbytes.optim.adamw.AdamW8bit({decay})",
        "prodigy": f"prodigyopt.prodigy.Prodigy({decay},d_coef={GUIDES_D_COEF if setup.d_coef is None else setup.d_coef})",
    }[setup.optimizer]


def _training(setup: TrainingSetup, step: int, images: int, regularised: bool) -> dict[str, object]:
    shown = step * setup.images_per_step / (2 if regularised else 1)
    return {
        "ss_network_module": "networks.lora_flux",
        "ss_network_dim": setup.rank,
        "ss_network_alpha": setup.rank if setup.alpha is None else setup.alpha,
        "ss_network_args": json.dumps({"layers": setup.layers, "blocks": setup.blocks}),
        "ss_learning_rate": setup.learning_rate,
        "ss_unet_lr": setup.learning_rate,
        "ss_text_encoder_lr": None,
        "ss_lr_scheduler": setup.scheduler,
        "ss_lr_warmup_steps": setup.warmup_steps,
        "ss_optimizer": _optimizer(setup),
        "ss_max_grad_norm": setup.max_grad_norm,
        "ss_steps": step,
        "ss_max_train_steps": setup.steps,
        "ss_epoch": math.ceil(shown / images),
        "ss_num_epochs": math.ceil(shown / max(step, 1) * setup.steps / images),
        "ss_batch_size_per_device": setup.batch_size,
        "ss_total_batch_size": setup.batch_size * setup.accumulation,
        "ss_gradient_accumulation_steps": setup.accumulation,
        "ss_gradient_checkpointing": setup.gradient_checkpointing,
        "ss_prior_loss_weight": setup.regularisation_weight,
        "ss_caption_dropout_rate": setup.caption_dropout,
        "ss_mixed_precision": {"bfloat16": "bf16", "float32": "no"}[setup.precision],
        "ss_seed": setup.seed,
        "ss_base_model_version": "flux1",
        "ss_model_type": "flux",
        "ss_sd_model_name": _last_part(setup.base),
        "ss_guidance_scale": setup.guidance,
        "ss_timestep_sampling": setup.timesteps,
        "ss_sigmoid_scale": setup.sigmoid_scale,
        "ss_model_prediction_type": "raw",
    }


def _dataset(setup: TrainingSetup, subject: list[TrainingPhoto], others: list[TrainingPhoto]) -> dict[str, object]:
    subsets = [_subset(setup.dataset, setup.trigger, subject, is_reg=False)]
    if setup.regularisation is not None:
        subsets.append(_subset(setup.regularisation, f"a {setup.class_word}", others, is_reg=True))
    return {
        "is_dreambooth": True,
        "batch_size_per_device": setup.batch_size,
        "num_train_images": len(subject),
        "num_reg_images": len(others),
        "resolution": list(setup.resolution),
        "enable_bucket": True,
        "tag_frequency": _tags(setup, subject, others),
        "subsets": subsets,
    }


def _subset(folder: str, class_tokens: str | None, photos: list[TrainingPhoto], is_reg: bool) -> dict[str, object]:
    return {
        "img_count": len(photos),
        "num_repeats": 1,
        "color_aug": False,
        "flip_aug": False,
        "random_crop": False,
        "shuffle_caption": False,
        "keep_tokens": 0,
        "image_dir": _last_part(folder),
        "class_tokens": class_tokens,
        "is_reg": is_reg,
    }


def _tags(setup: TrainingSetup, subject: list[TrainingPhoto], others: list[TrainingPhoto]) -> dict[str, dict[str, int]]:
    """{folder: {tag: count}}, a tag being what stands between two commas, as kohya counts them."""
    tags = {_last_part(setup.dataset): _count(subject)}
    if setup.regularisation is not None:
        tags[_last_part(setup.regularisation)] = _count(others)
    return tags


def _count(photos: list[TrainingPhoto]) -> dict[str, int]:
    tags = Counter(tag.strip().lower() for photo in photos for tag in photo.caption.split(","))
    return {tag: count for tag, count in tags.most_common() if tag}


def _last_part(place: str) -> str:
    """The name of a folder or the last part of a hub id: never a path of the user's."""
    resolved = str(Path(place).resolve()) if place in {".", ".."} else place
    return re.split(r"[\\/]", resolved.rstrip("\\/"))[-1]
