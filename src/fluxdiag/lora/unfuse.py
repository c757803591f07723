"""One fused layer of the file -> the layers that diffusers makes of it. Slicing the rows of `up` is exact."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fluxdiag.errors import UnreadableLora
from fluxdiag.lora.container import Floats
from fluxdiag.lora.model import LoraModule


def unfused(path: Path, paths: tuple[str, ...], down: Floats, up: Floats, alpha: float | None) -> tuple[LoraModule, ...]:
    """`up` must have its scale folded in already. Raises UnreadableLora when the rows do not divide as FLUX.1's do."""
    rows = row_counts(len(paths), len(up), down.shape[1])
    if rows is None:
        what = f"{paths[0]} and what is fused with it have {len(up)} rows, which FLUX.1's {len(paths)} parts cannot share"
        raise UnreadableLora(what, where=str(path), do="Give a LoRA trained on FLUX.1 [dev]")
    pieces = np.split(up, np.cumsum(rows)[:-1])
    return tuple(LoraModule(name, down, piece, len(down), alpha) for name, piece in zip(paths, pieces, strict=True))


def row_counts(parts: int, rows: int, width: int) -> tuple[int, ...] | None:
    """Rows by part: query, key and value are as wide as the input, an MLP takes what is left; None where that fails."""
    if parts == 1:
        return (rows,)
    counts = (width,) * 3 if parts == 3 else (width, width, width, rows - 3 * width)
    return counts if sum(counts) == rows and min(counts) > 0 else None


def swapped_halves(up: Floats) -> Floats:
    """Shift and scale change places between Black Forest Labs' final layer and diffusers' `norm_out`."""
    return np.concatenate(np.split(up, 2)[::-1]) if len(up) % 2 == 0 else up


def config_alpha(config: Mapping[str, Any], path: str, rank: int) -> float | None:
    """The alpha that a peft config gives this layer, so that its scale is alpha / rank; None without one.

    diffusers puts the component before each key (`transformer.lora_alpha`), peft does not. With rank-stabilised LoRA the
    scale is alpha / sqrt(rank) (Kalajdzievski 2312.03732), which is folded into the alpha given back.
    """
    component, _, layer = path.partition(".")
    own = {key.removeprefix(f"{component}."): value for key, value in config.items() if _of(component, key)}
    patterns = own.get("alpha_pattern")
    matching = [value for key, value in (patterns or {}).items() if f".{layer}".endswith(f".{key}")] if patterns else []
    alpha = matching[0] if matching else own.get("lora_alpha")
    if not isinstance(alpha, int | float):
        return None
    return alpha * math.sqrt(rank) if own.get("use_rslora") is True else float(alpha)


def _of(component: str, key: str) -> bool:
    """Whether a config key is for this component: it names it, or names none."""
    return key.startswith(f"{component}.") or "." not in key
