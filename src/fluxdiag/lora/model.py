"""A LoRA as everything after the reading knows it: un-fused layers under diffusers' names, scales folded in."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from fluxdiag.lora.container import Floats
from fluxdiag.records import LoraFile


@dataclass(frozen=True)
class LoraModule:
    """One adapted linear layer. Parts of one fused layer share their `down`."""

    path: str
    """below the pipeline: `transformer.single_transformer_blocks.0.attn.to_q`"""
    down: Floats
    """(rank, in)"""
    up: Floats
    """(out, rank); alpha / rank is folded in, so the change of the weights is exactly up @ down"""
    rank: int
    alpha: float | None
    """as the file has it; None: the file has none, so the scale is 1"""

    @property
    def squared_norm(self) -> float:
        """||BA||_F^2 = tr((B^T B)(A A^T)): rank x rank products instead of the dense change."""
        up, down = self.up.astype(np.float64), self.down.astype(np.float64)
        return float(np.sum((up.T @ up) * (down @ down.T)))


@dataclass(frozen=True)
class Lora:
    path: Path
    sha256: str
    dialect: str
    trainer: str | None
    modules: dict[str, LoraModule]
    """of the transformer, by path"""
    text_encoder: dict[str, LoraModule]
    """of both text encoders, by path; may be empty"""
    metadata: dict[str, str]
    problems: tuple[str, ...]

    def state_dict(self) -> dict[str, Floats]:
        """The one canonical form: `<path>.lora_A.weight` and `<path>.lora_B.weight`, to be loaded at scale 1."""
        state = {}
        for module in self.all_modules():
            state[f"{module.path}.lora_A.weight"] = module.down
            state[f"{module.path}.lora_B.weight"] = module.up
        return state

    def all_modules(self) -> Iterable[LoraModule]:
        return (*self.modules.values(), *self.text_encoder.values())

    @property
    def delta_norm(self) -> float:
        """Frobenius norm of all weight changes together."""
        return math.sqrt(sum(module.squared_norm for module in self.all_modules()))


def lora_file(lora: Lora) -> LoraFile:
    """What the tensors say, as a record."""
    ranks = [module.rank for module in lora.modules.values()]
    scales = {1.0 if module.alpha is None else module.alpha / module.rank for module in lora.modules.values()}
    return LoraFile(
        path=str(lora.path.resolve()),
        sha256=lora.sha256,
        dialect=lora.dialect,
        trainer=lora.trainer,
        modules=len(lora.modules),
        text_encoder_modules=len(lora.text_encoder),
        rank_min=min(ranks),
        rank_median=float(median(ranks)),
        rank_max=max(ranks),
        alpha_over_rank=scales.pop() if len(scales) == 1 else None,
        parameters=_parameters(lora),
        delta_norm=lora.delta_norm,
        problems=lora.problems,
    )


def _parameters(lora: Lora) -> int:
    """Numbers that were trained: what the parts of a fused layer share is counted once."""
    downs = {id(module.down): module.down.size for module in lora.all_modules()}
    return sum(downs.values()) + sum(module.up.size for module in lora.all_modules())
