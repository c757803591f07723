"""The layers' spectra taken together: where in the model the change lies. Blocks are grouped as the appearance of FLUX.1 is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from fluxdiag.blocks import GROUPS, SINGLE_BLOCKS, Group, appearance_blocks, block_of, group_of
from fluxdiag.lora.geometry import WIDTH
from fluxdiag.lora.spectrum import Spectrum


@dataclass(frozen=True)
class GroupEnergy:
    """Figures of one group of layers."""

    group: Group
    modules: int
    energy: float
    """share of the whole ||change||_F^2"""
    rms: float
    """of the change of one weight"""
    stable_rank: float
    """median of the layers, as the next"""
    effective_rank: float | None


def by_group(spectra: Sequence[Spectrum]) -> tuple[GroupEnergy, ...]:
    """One entry for each group that has layers, in the order in which the model runs."""
    appearance = appearance_blocks(single_blocks(spectra))
    total = sum(spectrum.squared_norm for spectrum in spectra)
    groups: dict[Group, list[Spectrum]] = {}
    for spectrum in spectra:
        groups.setdefault(group_of(spectrum.path, appearance), []).append(spectrum)
    return tuple(_group(name, groups[name], total) for name in GROUPS if name in groups)


def _group(name: Group, own: list[Spectrum], total: float) -> GroupEnergy:
    energy = sum(spectrum.squared_norm for spectrum in own)
    ranks = [spectrum.effective_rank for spectrum in own if spectrum.effective_rank is not None]
    return GroupEnergy(
        group=name,
        modules=len(own),
        energy=energy / total if total else 0.0,
        rms=math.sqrt(energy / sum(math.prod(spectrum.shape) for spectrum in own)),
        stable_rank=median(spectrum.stable_rank for spectrum in own),
        effective_rank=median(ranks) if ranks else None,
    )


def single_blocks(spectra: Iterable[Spectrum]) -> int:
    """Of the base: 38 where a block is as wide as FLUX.1's, else the highest number seen and one."""
    numbers = {0}
    for spectrum in spectra:
        if block := block_of(spectrum.path):
            if WIDTH in spectrum.shape:
                return SINGLE_BLOCKS
            numbers |= {block.number + 1} if block.single else set()
    return max(numbers)


def dead(spectra: Sequence[Spectrum]) -> tuple[str, ...]:
    """Layers whose change is nothing, or next to nothing beside the others'."""
    norms = [spectrum.norm for spectrum in spectra]
    alive = [norm for norm in norms if norm > 0]
    middle = median(alive) if alive else 0.0
    return tuple(spectrum.path for spectrum in spectra if spectrum.dead(middle))
