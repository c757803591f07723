"""A LoRA as the case keeps it: what the tensors say, and how far a handful of its layers fill the rank that they were given."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median_low

import numpy as np

from fluxdiag.blocks import block_of
from fluxdiag.lora.dtypes import Floats
from fluxdiag.lora.forms import Form
from fluxdiag.lora.model import Lora, LoraModule
from fluxdiag.lora.spectrum import spectrum
from fluxdiag.records import LayerSpectrum, LoraFile

BLOCKS = 8
"""of which spectra are kept, spread evenly from the first to the last"""
LONGEST = 128
"""singular values of one layer that are kept"""


def lora_file(lora: Lora) -> LoraFile:
    """What the tensors say, as a record."""
    trained = [module.rank for module in lora.modules.values() if module.ranked]
    ranks = trained or [module.rank for module in lora.modules.values()]
    scales = {1.0 if module.alpha is None else module.alpha / module.rank for module in lora.modules.values()}
    return LoraFile(
        path=str(lora.path.resolve()),
        sha256=lora.sha256,
        dialect=lora.dialect,
        trainer=lora.trainer,
        modules=len(lora.modules),
        text_encoder_modules=len(lora.text_encoder),
        unread=lora.unread,
        rank_min=min(ranks),
        rank_median=float(median_low(ranks)),
        rank_max=max(ranks),
        ranked=any(module.ranked for module in lora.modules.values()),
        alpha_over_rank=scales.pop() if len(scales) == 1 else None,
        parameters=_parameters(lora),
        delta_norm=lora.delta_norm,
        problems=tuple(problem.text for problem in lora.problems),
        spectra=tuple(_spectrum(module, form) for module, form in _largest_of_some_blocks(lora)),
    )


def _largest_of_some_blocks(lora: Lora) -> list[tuple[LoraModule, Form]]:
    """Of each of these blocks the layer that changed most, for what the training did it did there."""
    blocks: dict[str, list[LoraModule]] = {}
    for module in sorted(lora.modules.values(), key=_place):
        found = block_of(module.path)
        blocks.setdefault(f"{found.kind}.{found.number}" if found else "", []).append(module)
    named = [block for block in blocks if block] or list(blocks)
    some = dict.fromkeys(named[round(at)] for at in np.linspace(0, len(named) - 1, min(BLOCKS, len(named))))
    largest = (max(_forms(blocks[block]), key=lambda one: one[1].squared_norm, default=None) for block in some)
    return [one for one in largest if one is not None and one[1].squared_norm > 0]


def _place(module: LoraModule) -> tuple[bool, int, str]:
    """As the model runs: double blocks, then single ones, each by its number."""
    block = block_of(module.path)
    return block is not None and block.single, block.number if block else -1, module.path


def _forms(modules: Iterable[LoraModule]) -> list[tuple[LoraModule, Form]]:
    """Those whose numbers are numbers; each is read from the file once."""
    read = ((module, module.form) for module in modules)
    return [(module, form) for module, form in read if all(np.isfinite(array).all() for array in form.arrays)]


def _spectrum(module: LoraModule, form: Form) -> LayerSpectrum:
    found = spectrum(module, form)
    largest = float(found.values[0])
    effective = found.effective_rank
    return LayerSpectrum(
        path=module.path,
        rank=module.rank,
        largest=float(f"{largest:.4g}"),
        values=tuple(round(float(value) / largest, 4) for value in found.values[:LONGEST]),
        whole=found.whole and len(found.values) <= LONGEST,
        effective_rank=None if effective is None else float(f"{effective:.4g}"),
    )


def _parameters(lora: Lora) -> int:
    """Numbers that were trained: what the parts of a fused layer share is counted once."""
    counted = sum(module.numbers or 0 for module in lora.all_modules())
    arrays = [array for module in lora.all_modules() if module.numbers is None for array in _arrays(module)]
    return counted + sum(array.size for array in {id(array): array for array in arrays}.values())


def _arrays(module: LoraModule) -> tuple[Floats, ...]:
    extra = (None if module.magnitude is None else module.magnitude.values, module.bias)
    return *module.form.arrays, *(array for array in extra if array is not None)
