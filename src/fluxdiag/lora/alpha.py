"""The alpha that peft's config gives to the layers of a file that has none of its own."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from fluxdiag.lora.header import finite

HARMLESS = re.compile(r"(?:\w|\\\.|\.[*+]?|\\d[*+]?|\[[\w-]+\][*+]?|[(|)](?![*+?{]))+")
"""letters, digits, dots, classes of them, and choices; repeats of one character only, never of a group"""
LONGEST, MOST_REPEATS = 200, 4


def config_alpha(config: Mapping[str, Any], path: str, rank: int) -> float | None:
    """The alpha that a peft config gives this layer, so that its scale is alpha / rank; None without one.

    diffusers puts the component before each key (`transformer.lora_alpha`), peft does not. With rank-stabilised LoRA the
    scale is alpha / sqrt(rank) (Kalajdzievski 2312.03732), which is folded into the alpha given back.
    """
    component, _, layer = path.partition(".")
    own = {key.removeprefix(f"{component}."): value for key, value in config.items() if _of(component, key)}
    patterns = own.get("alpha_pattern")
    by_layer = patterns.items() if isinstance(patterns, dict) else ()
    matching = [value for key, value in by_layer if _names(key, layer)]
    alpha = finite(matching[0] if matching else own.get("lora_alpha"))
    if alpha is None:
        return None
    return alpha * math.sqrt(rank) if own.get("use_rslora") is True else float(alpha)


def _names(pattern: str, layer: str) -> bool:
    """As peft reads a key of its patterns: a regular expression for the end of the name, from a dot on (`get_pattern_key`).

    A foreign expression can take forever; beyond what names layers (`attn\\.to_[qk]` and the like) only whole names are read.
    """
    if f".{layer}".endswith(f".{pattern}"):
        return True
    harmless = len(pattern) <= LONGEST and HARMLESS.fullmatch(pattern) and len(re.findall(r"[*+]", pattern)) <= MOST_REPEATS
    try:
        return bool(harmless) and re.fullmatch(rf"(.*\.)?({pattern})", layer) is not None
    except re.error:  # a bracket without its other half
        return False


def _of(component: str, key: str) -> bool:
    """Whether a config key is for this component: it names it, or names none."""
    return key.startswith(f"{component}.") or "." not in key
