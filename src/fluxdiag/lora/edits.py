"""Changes to a LoRA that need no training: another strength, a lower rank, fewer blocks. Each leaves a note in the metadata.

The notes lie under `fluxdiag.edits` as a JSON list, the oldest first; `write.py` keeps kohya's keys true as well.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from fluxdiag.blocks import block_of
from fluxdiag.errors import FluxdiagError
from fluxdiag.lora.factors import truncated as nearest
from fluxdiag.lora.forms import Dense, Form, Hadamard, Kronecker, LowRank, Rows
from fluxdiag.lora.fuse import fused_groups, share_down
from fluxdiag.lora.header import json_objects
from fluxdiag.lora.model import Lora, LoraModule, when_asked

EDITS = "fluxdiag.edits"
BLOCKS_HELP = "Say such as `double`, `single:0-14`, `double:3,single:20-37`, `outside` or `text-encoder`"
RANGE = re.compile(r"(?P<kind>double|single)(?::(?P<first>\d{1,4})(?:-(?P<last>\d{1,4}))?)?|(?P<rest>outside|text-encoder)")

Selection = Callable[[str], bool]


def scaled(lora: Lora, factor: float) -> Lora:
    """The same LoRA at another strength: loading it at 1 is like loading the old one at `factor`.

    alpha takes the factor, so that the written tensors stay bit by bit as they were.
    """
    if not math.isfinite(factor):
        raise FluxdiagError(f"{factor} is no strength", do="Give a number such as 0.8")
    note = {"edit": "scale", "factor": factor}
    return _each(lora, lambda module: _scaled(module, factor), note)


def _scaled(module: LoraModule, factor: float) -> LoraModule:
    alpha = float(module.rank if module.alpha is None else module.alpha) * factor
    bias = None if module.bias is None else module.bias * np.float32(factor)
    origin = None if module.origin is None else replace(module.origin, factor=module.origin.factor * factor)
    form = when_asked(lambda: _times(module.form, np.float32(factor)))
    return replace(module, form=form, alpha=alpha, bias=bias, origin=origin)


def _times(form: Form, factor: np.float32) -> Form:
    match form:
        case LowRank():
            return LowRank(form.down, form.up * factor)
        case Kronecker():
            return Kronecker(form.left * factor, form.right)
        case Rows():
            return Rows(Kronecker(form.whole.left * factor, form.whole.right), form.start, form.stop)
        case Hadamard():
            return Hadamard(LowRank(form.first.down, form.first.up * factor), form.second)
        case Dense():
            return Dense(form.weight * factor)


def truncated(lora: Lora, rank: int) -> Lora:
    """Every layer at `rank` or below, each the best approximation of its change; layers that are there already stay as they are.

    The parts of a fused layer that share one matrix are cut together and share one afterwards: they are one layer of the file.
    """
    if rank < 1:
        raise FluxdiagError(f"{rank} is no rank", do="Give a whole number from 1 on, such as 16")
    energy: dict[str, tuple[float, float]] = {}
    cut: dict[str, LoraModule] = {}
    for group in fused_groups(lora.all_modules()):
        for module, before, after in _truncated(group, rank):
            cut[module.path] = module
            energy[module.path] = before, after
    total, left = (sum(each) for each in zip(*energy.values(), strict=True))
    note = {"edit": "truncate", "rank": rank, "kept_energy": left / total if total else 1.0}
    return _each(lora, lambda module: cut[module.path], note)


Cut = tuple[LoraModule, float, float]
"""the layer, and its squared norm before and after"""


def _truncated(group: tuple[LoraModule, ...], rank: int) -> Iterator[Cut]:
    forms = [module.form for module in group]
    pairs = [form for form in forms if isinstance(form, LowRank)]
    shared = len(group) > 1 and len(pairs) == len(group) and share_down([pair.down for pair in pairs])
    if not shared:
        cuts = [form if _small(form, rank) else nearest(form, rank) for form in forms]
    elif _small(pairs[0], rank):
        cuts = list(forms)
    else:
        whole = nearest(LowRank(pairs[0].down, np.concatenate([pair.up for pair in pairs])), rank)
        pieces = np.split(whole.up, np.cumsum([len(pair.up) for pair in pairs])[:-1])
        cuts = [LowRank(whole.down, piece) for piece in pieces]
    for module, form, cut in zip(group, forms, cuts, strict=True):
        kept = module if cut is form else _of_rank(module, cut)
        yield kept, form.squared_norm, cut.squared_norm


def _small(form: Form, rank: int) -> bool:
    return isinstance(form, LowRank) and form.rank <= rank


def _of_rank(module: LoraModule, form: Form) -> LoraModule:
    """Without alpha: the scale is in the matrices now."""
    return replace(module, form=form, rank=form.rank, alpha=None, numbers=None, origin=None)


def kept(lora: Lora, blocks: str) -> Lora:
    """Only the named blocks: `double`, `single:0-14`, `outside`, `text-encoder`, several after commas."""
    return _filtered(lora, selection(blocks), {"edit": "keep", "blocks": blocks})


def dropped(lora: Lora, blocks: str) -> Lora:
    """All but the named blocks."""
    chosen = selection(blocks)
    return _filtered(lora, lambda path: not chosen(path), {"edit": "drop", "blocks": blocks})


def selection(blocks: str) -> Selection:
    """Which layers a list of block ranges means. Raises FluxdiagError where it is not understood."""
    found = [RANGE.fullmatch(part.strip()) for part in blocks.split(",")]
    parts = [match for match in found if match is not None and not _backwards(match)]
    if len(parts) < len(found):
        raise FluxdiagError(f"the blocks {blocks[:100]!r} are not understood", do=BLOCKS_HELP)
    return lambda path: any(_within(part, path) for part in parts)


def _backwards(part: re.Match[str]) -> bool:
    """`single:14-0`: no block is in it, so what was meant would neither be kept nor dropped."""
    return part["last"] is not None and int(part["last"]) < int(part["first"])


def _within(part: re.Match[str], path: str) -> bool:
    block = block_of(path)
    if part["rest"] or block is None:
        return block is None and part["rest"] == ("text-encoder" if path.startswith("text_encoder") else "outside")
    first = int(part["first"] or 0)
    last = int(part["last"] or first) if part["first"] else 9999
    return part["kind"] == ("single" if block.single else "double") and first <= block.number <= last


def _filtered(lora: Lora, wanted: Selection, note: dict[str, Any]) -> Lora:
    modules = {path: module for path, module in lora.modules.items() if wanted(path)}
    encoders = {path: module for path, module in lora.text_encoder.items() if wanted(path)}
    if not modules and not encoders:
        raise FluxdiagError(f"nothing is left of it ({note['edit']} {note['blocks']})", where=str(lora.path), do=BLOCKS_HELP)
    gone = len(lora.modules) + len(lora.text_encoder) - len(modules) - len(encoders)
    return replace(lora, modules=modules, text_encoder=encoders, metadata=noted(lora.metadata, note | {"layers_removed": gone}))


def _each(lora: Lora, change: Callable[[LoraModule], LoraModule], note: dict[str, Any]) -> Lora:
    modules, encoders = ({path: change(module) for path, module in part.items()} for part in (lora.modules, lora.text_encoder))
    return replace(lora, modules=modules, text_encoder=encoders, metadata=noted(lora.metadata, note))


def noted(metadata: dict[str, str], note: dict[str, Any]) -> dict[str, str]:
    return metadata | {EDITS: json.dumps([*json_objects(metadata.get(EDITS)), note])}
