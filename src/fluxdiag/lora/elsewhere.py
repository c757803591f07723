"""What diffusers' own loader makes of a file, by its keys alone: why a LoRA that is fine may do nothing in another program.

Read off FluxLoraLoaderMixin.lora_state_dict and tried with diffusers 0.42.1; its order of questions is kept here. Who else
loads it is read off `model_lora_keys_unet` of ComfyUI and of Forge, which has a copy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SILENT = "ignores it without an error: no layer is adapted"
FAILS = "fails on it"
OUTER = r"lora_unet_(img_in|txt_in|time_in|vector_in|guidance_in|final_layer)"
LOADERS = (
    ("ComfyUI and Forge", "bfl", r"diffusion_model\."),
    ("ComfyUI and Forge", "kohya", r"lora_unet_(?!(single_)?transformer_blocks_)|lora_te1_"),
    ("ComfyUI and Forge", "diffusers", r"transformer\.|text_encoder\."),
    ("ComfyUI", "onetrainer", r"lora_transformer_|lora_te1_"),
    ("ComfyUI", "lycoris", r"lycoris_(single_)?transformer_blocks_"),
)
"""programs, a dialect, and how each of its keys then begins (docs/dialects.md, read off their loaders)"""
OWN_ALONE = r"\.(magnitude|lora_magnitude_vector\S*|lora_B\.bias|lora_[AB]\.\w+\.weight)$"
"""what peft alone writes: nothing is said of other programs then"""
UNFUSABLE = r"lora_transformer_\w*(_ff_|_ff_context_|_norm|_proj_mlp|_blocks_\d+_proj_out)|lora_te2_encoder"


def diffusers_outcome(keys: Sequence[str]) -> str | None:
    """As what follows `diffusers' own loader`; None where all is loaded as it is meant."""
    if not _any(keys, "lora"):
        return f"{FAILS} (`Invalid LoRA checkpoint`)"
    if _any(keys, r"\.dora_scale$"):
        return "drops the magnitudes of this DoRA, and what is left of it looks different"
    if _any(keys, r"\.lora_down\.weight$"):
        return _kohya(keys)
    if _any(keys, r"\.processor\.") or _any(keys, r"query_norm\.scale$"):
        return None
    if _any(keys, "base_model"):
        whole = _any(keys, r"final_layer\.linear") and _any(keys, r"single_blocks\.37\.modulation")
        return None if whole else f"{FAILS} (KeyError)"
    if _any(keys, r"^transformer\.(double|single)_blocks\."):
        return FAILS
    return _prefixed(keys)


def loaded_by(dialect: str, keys: Sequence[str]) -> str | None:
    """Which programs load all of it as it is; None where that is not known."""
    if _any(keys, OWN_ALONE):
        return None
    known = ((who, begins) for who, name, begins in LOADERS if name == dialect)
    return next((who for who, begins in known if all(re.match(begins, key) for key in keys)), None)


def _kohya(keys: Sequence[str]) -> str | None:
    if _any(keys, UNFUSABLE):
        return FAILS
    if _any(keys, r"^transformer\..*\.alpha$"):
        return "ignores alpha in it, so that its strength is wrong"
    dropped = [name for name, pattern in (("T5", r"^lora_te3_"), ("the layers outside the blocks", OUTER)) if _any(keys, pattern)]
    return f"drops {' and '.join(dropped)} of it without an error" if dropped else None


def _prefixed(keys: Sequence[str]) -> str | None:
    lost = [key for key in keys if not key.startswith(("transformer.", "text_encoder."))]
    if len(lost) == len(keys):
        return SILENT
    return f"ignores {len(lost)} of its {len(keys)} tensors without an error" if lost else None


def _any(keys: Sequence[str], pattern: str) -> bool:
    return any(re.search(pattern, key) for key in keys)
