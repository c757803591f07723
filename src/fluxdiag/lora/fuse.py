"""The way back: layers under diffusers' names -> the layers that a file of either dialect has, kohya's fused again.

Parts that share one `down` are put together as they were taken apart. Parts with matrices of their own are stacked: the
ranks add up and each part's rows are zero for the others' directions, which is exact and larger, as kohya's `split_qkv`.
DoRA's lengths of outputs go with their rows, so that they are exact, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fluxdiag.blocks import block_of
from fluxdiag.errors import FluxdiagError
from fluxdiag.lora.dtypes import Floats
from fluxdiag.lora.model import LoraModule, Magnitude
from fluxdiag.lora.names import BLOCKS, DOUBLE, OUTSIDE, SINGLE

TABLES = (
    ("double_blocks", BLOCKS["double_blocks"], DOUBLE),
    ("single_blocks", BLOCKS["single_blocks"], SINGLE),
    ("", "", OUTSIDE),
)
PLACES = {
    (block, part): (kind, layer, at, len(parts))
    for kind, block, table in TABLES
    for layer, parts in sorted(table.items(), key=lambda item: len(item[1]))  # kohya fuses all it can: the longest wins
    for at, part in enumerate(parts)
}
"""(diffusers block, layer) -> (block and layer of Black Forest Labs, which part it is, of how many)"""
MLP_WIDENING = 4
ENCODERS = {"text_encoder.": "lora_te1_", "text_encoder_2.": "lora_te3_"}


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer as it will be written; `up` still has the scale folded in, `alpha` says which."""

    name: str
    down: Floats
    up: Floats
    alpha: float | None
    magnitude: Magnitude | None = None
    bias: Floats | None = None
    stacked: bool = False


@dataclass(frozen=True, eq=False)
class Part:
    """A layer of diffusers whose matrices have been read from the file."""

    module: LoraModule
    down: Floats
    up: Floats

    @property
    def scale(self) -> float:
        return 1.0 if self.module.alpha is None else self.module.alpha / self.module.rank


def fused_groups(modules: Iterable[LoraModule]) -> Iterator[tuple[LoraModule, ...]]:
    """The layers that are one fused layer of Black Forest Labs together, every other one alone."""
    groups: dict[str, list[LoraModule]] = {}
    for module in modules:
        groups.setdefault(fused_name(module.path), []).append(module)
    return (tuple(group) for group in groups.values())


def fused_name(path: str) -> str:
    place = place_of(path)
    return place.name if place is not None and place.parts > 1 else path


@dataclass(frozen=True)
class Place:
    """Where a layer of diffusers lies in kohya's dialect."""

    name: str
    at: int
    parts: int


def place_of(path: str) -> Place | None:
    block = block_of(path)
    found = PLACES.get((block.kind, block.layer) if block else ("", path.removeprefix("transformer.")))
    if found is None:
        return None
    kind, layer, at, parts = found
    dotted = f"{kind}.{block.number}.{layer}" if block else layer
    return Place("lora_unet_" + dotted.replace(".", "_"), at, parts)


def fusable(modules: Sequence[LoraModule]) -> bool:
    """Whether the parts of one fused layer can be one, which is a question only with DoRA.

    Every row needs its length, and a row that was not trained would need the base's. A length for each input is that of a
    column of the part alone.
    """
    lengths, place = [module.magnitude for module in modules], place_of(modules[0].path)
    if place is None or place.parts == 1 or not any(lengths):
        return True
    return len(modules) == place.parts and all(length is not None and length.axis == "out" for length in lengths)


def share_down(downs: Sequence[Floats]) -> bool:
    """Whether they are one matrix, be it read once or several times."""
    return all(down is downs[0] or np.array_equal(down, downs[0]) for down in downs)


def diffusers_layers(parts: Sequence[Part]) -> Iterator[Layer]:
    """The parts of one fused layer, or one layer alone."""
    if len(parts) == 1 or not share_down([part.down for part in parts]):
        return (_layer(part.module.path, part) for part in parts)
    return (_compact(part) for part in parts if _adapted(part) or not any(map(_adapted, parts)))


def _adapted(part: Part) -> bool:
    """A part of zeros stands for a layer that was not trained, since the fused one has room for all of them."""
    bias = part.module.bias
    return part.module.magnitude is not None or bool(part.up.any()) or (bias is not None and bool(bias.any()))


def _compact(part: Part) -> Layer:
    """Without the directions that are only other parts' ones, so that stacking can be undone."""
    used = np.flatnonzero(part.up.any(axis=0))
    if len(used) in (0, len(part.down)):
        return _layer(part.module.path, part)
    up = np.ascontiguousarray(part.up[:, used])
    module = part.module
    return Layer(module.path, part.down[used], up, part.scale * len(used), module.magnitude, module.bias)


def _layer(name: str, part: Part) -> Layer:
    return Layer(name, part.down, part.up, part.module.alpha, part.module.magnitude, part.module.bias)


def kohya_layer(parts: Sequence[Part]) -> Layer:
    """Of parts that are `fusable`. Raises FluxdiagError for a layer that has no name there."""
    path = parts[0].module.path
    if encoder := next((prefix for prefix in ENCODERS if path.startswith(prefix)), None):
        return _layer(ENCODERS[encoder] + path.removeprefix(encoder).replace(".", "_"), parts[0])
    places = [place_of(part.module.path) for part in parts]
    first = places[0]
    if first is None:
        raise FluxdiagError(f"kohya's dialect has no name for {path}", do="Convert to diffusers instead")
    ordered: list[Part | None] = [None] * first.parts
    for place, part in zip(places, parts, strict=True):
        assert place is not None
        ordered[place.at] = part
    return _fused(first.name, ordered)


def _fused(name: str, parts: Sequence[Part | None]) -> Layer:
    present = [part for part in parts if part is not None]
    if len(parts) == 1:
        return _swapped(_layer(name, present[0])) if name.endswith("adaLN_modulation_1") else _layer(name, present[0])
    downs = _different([part.down for part in present])
    scales = {part.scale for part in present}
    rank = sum(len(down) for down in downs)
    alpha = scales.pop() * rank if len(scales) == 1 and {part.module.alpha for part in present} != {None} else None
    rows = [_rows(part, at, present[0], downs) for at, part in enumerate(parts)]
    down, up = np.concatenate(downs), np.concatenate(rows)
    return Layer(name, down, up, alpha, _lengths(present), _bias(parts, rows), stacked=len(downs) > 1)


def _different(downs: Sequence[Floats]) -> list[Floats]:
    """Each matrix once: what was read from separate tensors may still be the same one."""
    found: list[Floats] = []
    for down in downs:
        if not any(down is other or np.array_equal(down, other) for other in found):
            found.append(down)
    return found


def _rows(part: Part | None, at: int, sample: Part, downs: Sequence[Floats]) -> Floats:
    """(rows of this part, all ranks together); all zero where the layer is not adapted."""
    width = sample.down.shape[1]
    if part is None:
        return np.zeros((width if at < 3 else MLP_WIDENING * width, sum(map(len, downs))), np.float32)
    own = [part.up if np.array_equal(down, part.down) else np.zeros((len(part.up), len(down)), np.float32) for down in downs]
    return np.concatenate(own, axis=1)


def _lengths(parts: Sequence[Part]) -> Magnitude | None:
    """Of all rows, or of none: see `fusable`."""
    found = [part.module.magnitude.values for part in parts if part.module.magnitude is not None]
    return Magnitude(np.concatenate(found), "out") if found else None


def _bias(parts: Sequence[Part | None], rows: Sequence[Floats]) -> Floats | None:
    """Zero for a part that has none."""
    biases = [None if part is None else part.module.bias for part in parts]
    if not any(bias is not None for bias in biases):
        return None
    pairs = zip(biases, rows, strict=True)
    return np.concatenate([np.zeros(len(own), np.float32) if bias is None else bias for bias, own in pairs])


def _swapped(layer: Layer) -> Layer:
    """Shift and scale change places between diffusers' `norm_out` and Black Forest Labs' final layer."""

    def swap(rows: Floats) -> Floats:
        return np.concatenate(np.split(rows, 2)[::-1])

    magnitude, bias = layer.magnitude, layer.bias
    if magnitude is not None and magnitude.axis == "out":
        magnitude = Magnitude(swap(magnitude.values), "out")
    return Layer(layer.name, layer.down, swap(layer.up), layer.alpha, magnitude, None if bias is None else swap(bias))
