"""One layer of the file -> the layers that diffusers makes of it. A slice of the rows of a change is exact.

kohya's `split_qkv` trains the parts of a fused layer apart and saves them as one LoRA whose `up` is block-diagonal: each
part is given back its own rank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate, pairwise

import numpy as np

from fluxdiag.lora.dtypes import Floats
from fluxdiag.lora.forms import Dense, Form, Hadamard, Kronecker, LowRank
from fluxdiag.lora.model import LoraModule, Magnitude, Origin, when_asked
from fluxdiag.lora.stored import Flaw, Outline, Stored

FUSED = "fused layers that cannot be taken apart"
Range = tuple[int, int]


def row_counts(parts: int, rows: int, width: int) -> tuple[int, ...] | None:
    """Rows by part: query, key and value are as wide as the input, an MLP takes what is left; None where that fails."""
    if parts == 1:
        return (rows,)
    counts = (width,) * 3 if parts == 3 else (width, width, width, rows - 3 * width)
    return counts if sum(counts) == rows and min(counts) > 0 else None


def unfused(layer: Stored, name: str, paths: Sequence[str]) -> tuple[LoraModule, ...] | Flaw:
    """The parts in order; the file calls the whole `name`. They share `down`, so that a change of it stays one change."""
    rows, width = layer.outline.shape
    counts = row_counts(len(paths), rows, width)
    if counts is None:
        return Flaw(FUSED, f"{rows} rows and {width} columns are not {len(paths)} parts of FLUX.1")
    if layer.magnitude is not None and layer.magnitude.axis == "in" and len(paths) > 1:
        return Flaw(FUSED, "DoRA's lengths of the inputs are those of all parts together")
    ranges = tuple(pairwise(accumulate(counts, initial=0)))
    downs = _own_downs(layer, ranges)
    origin = Origin(name, layer.tensors.keys, tuple(paths), layer.outline.rank is not None)
    return tuple(_part(layer, origin, ranges, number, downs) for number in range(len(paths)))


def _part(layer: Stored, origin: Origin, ranges: Sequence[Range], number: int, downs: Sequence[Floats]) -> LoraModule:
    start, stop = ranges[number]
    magnitude = layer.magnitude
    if magnitude is not None and magnitude.axis == "out":
        magnitude = Magnitude(magnitude.values[start:stop], "out")
    bias = None if layer.bias is None else layer.bias[start:stop]
    read: Callable[[], Form] = partial(layer.form, start, stop)
    rank, alpha = layer.rank, layer.alpha
    if downs:
        rank = len(downs[number])
        alpha = None if alpha is None else alpha * rank / layer.rank
        read = partial(_own, layer, (start, stop), downs[number], number * rank)
    numbers = 0 if number else layer.tensors.count
    return LoraModule(origin.paths[number], when_asked(read), rank, alpha, magnitude, bias, numbers, origin)


def _own(layer: Stored, rows: Range, down: Floats, first: int) -> LowRank:
    """What one part of a `split_qkv` LoRA has of the fused matrices: its own columns of `up`."""
    whole = layer.form(*rows)
    assert isinstance(whole, LowRank)
    return LowRank(down, np.ascontiguousarray(whole.up[:, first : first + len(down)]))


def _own_downs(layer: Stored, ranges: Sequence[Range]) -> tuple[Floats, ...]:
    """The rows of `down` by part where `up` is block-diagonal, one block a part; empty for an ordinary fused layer."""
    parts = len(ranges)
    if parts == 1 or "down" not in layer.tensors.keys or layer.rank % parts:
        return ()
    rank = layer.rank // parts
    for number, (start, stop) in enumerate(ranges):
        whole = layer.form(start, stop)
        used = np.any(whole.up, axis=0) if isinstance(whole, LowRank) else np.ones(layer.rank, dtype=bool)
        if not used.any() or used[: number * rank].any() or used[(number + 1) * rank :].any():
            return ()
    down = layer.tensors.whole("down")
    return tuple(down[number * rank : (number + 1) * rank] for number in range(parts))


def halves_swapped(layer: Stored) -> Stored:
    """Shift and scale change places: Black Forest Labs' final layer against diffusers' `norm_out`. Odd rows fit neither."""
    rows = layer.outline.shape[0]
    if rows % 2:
        return layer

    def read(start: int, stop: int, scale: np.float32) -> Form:
        return _rolled(layer.outline.read(0, rows, scale)).rows(start, stop)

    magnitude = layer.magnitude
    if magnitude is not None and magnitude.axis == "out":
        magnitude = Magnitude(_halves(magnitude.values), "out")
    bias = None if layer.bias is None else _halves(layer.bias)
    return replace(layer, outline=Outline(layer.outline.shape, layer.outline.rank, read), magnitude=magnitude, bias=bias)


def _rolled(form: Form) -> Form:
    match form:
        case LowRank():
            return LowRank(form.down, _halves(form.up))
        case Hadamard():
            return Hadamard(LowRank(form.first.down, _halves(form.first.up)), LowRank(form.second.down, _halves(form.second.up)))
        case Kronecker() if len(form.left) % 2 == 0:
            return Kronecker(_halves(form.left), form.right)
        case _:
            return Dense(_halves(form.dense()))


def _halves(rows: Floats) -> Floats:
    return np.roll(rows, len(rows) // 2, axis=0)
