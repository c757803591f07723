"""The alpha that peft's config gives to the layers of a file that has none of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fluxdiag.lora.header import finite


def config_alpha(config: Mapping[str, Any], path: str, rank: int) -> float | None:
    """The alpha that a peft config gives this layer, so that its scale is alpha / rank; None without one.

    diffusers puts the component before each key (`transformer.lora_alpha`), peft does not. With rank-stabilised LoRA the
    scale is alpha / sqrt(rank) (Kalajdzievski 2312.03732), which is folded into the alpha given back.
    """
    component, _, layer = path.partition(".")
    own = {key.removeprefix(f"{component}."): value for key, value in config.items() if _of(component, key)}
    patterns = own.get("alpha_pattern")
    by_layer = patterns.items() if isinstance(patterns, dict) else ()
    matching = [value for key, value in by_layer if f".{layer}".endswith(f".{key}")]
    alpha = finite(matching[0] if matching else own.get("lora_alpha"))
    if alpha is None:
        return None
    return alpha * math.sqrt(rank) if own.get("use_rslora") is True else float(alpha)


def _of(component: str, key: str) -> bool:
    """Whether a config key is for this component: it names it, or names none."""
    return key.startswith(f"{component}.") or "." not in key
