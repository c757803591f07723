"""A LoRA back into a file, in diffusers' or kohya's dialect and the file's own number type. Nothing is ever overwritten.

alpha is written beside the matrices rather than folded into them, so that what was not edited comes back bit by bit. LoHa, LoKr
and full differences keep their form in kohya's dialect; diffusers knows none of them and gets the LoRA that is the same change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora.carried import Header, Target, carried
from fluxdiag.lora.container import Container, open_container
from fluxdiag.lora.dtypes import SIZES, Floats, exact, rounded
from fluxdiag.lora.factors import MOST, exactly
from fluxdiag.lora.fuse import Layer, Part, diffusers_layers, fusable, fused_groups, kohya_layer
from fluxdiag.lora.lycoris import as_they_are, in_order, is_lycoris, kohya_name, lycoris_name, respelt
from fluxdiag.lora.model import Lora, LoraModule, Magnitude
from fluxdiag.lora.storage import Tensor, refuse_existing, tensor, write_copy, write_tensors

Group = tuple[LoraModule, ...]

SUFFIXES = {"diffusers": ("lora_A.weight", "lora_B.weight"), "kohya": ("lora_down.weight", "lora_up.weight")}


@dataclass(frozen=True)
class Written:
    """What became of it. `notes`: what a user should know, each a sentence."""

    path: Path
    tensors: int
    dtype: str
    notes: tuple[str, ...]


def write_lora(lora: Lora, path: Path, target: Target) -> Written:
    """Raises FluxdiagError where a file is there already, and for what the target dialect cannot hold."""
    refuse_existing(path)
    source = open_container(lora.path)
    dtype = widest(source)
    tensors: list[Tensor] = []
    layers: list[Header] = []
    for own, header in _layers(lora, source, target, dtype):
        tensors += own
        layers.append(header)
    if lora.metadata == source.metadata and {tensor.name for tensor in tensors} == source.entries.keys():
        write_copy(path, source)
    else:
        write_tensors(path, tensors, carried(lora, layers, target, edited=lora.metadata != source.metadata))
    return Written(path, len(tensors), dtype, tuple(_notes(lora, layers, target)))


def widest(source: Container) -> str:
    """The type of the matrices; of several the one that holds all of them."""
    types = {entry.dtype for entry in source.entries.values() if len(entry.shape) > 1 and entry.dtype in SIZES}
    if {"F16", "BF16"} <= types:
        return "F32"
    if types == {"F8_E4M3", "F8_E5M2"}:
        return "F16"
    return max(types, key=lambda dtype: SIZES[dtype], default="F32")


# ------------------------------------------------------------------------------------------------ layers


def _layers(lora: Lora, source: Container, target: Target, dtype: str) -> Iterator[tuple[list[Tensor], Header]]:
    groups = [tuple(in_order(group)) for group in fused_groups(lora.all_modules())]
    apart = any((is_lycoris(group[0]) and kohya_name(group) is None) or not fusable(group) for group in groups)
    for group in groups:
        if target == "kohya" and apart:
            for module in group:
                yield from _kohya(lora, source, (module,), dtype, apart)
        elif target == "kohya":
            yield from _kohya(lora, source, group, dtype, apart)
        else:
            parts = [_part(lora, module, target) for module in group]
            yield from (_encoded(layer, parts, target, dtype) for layer in diffusers_layers(parts))


def _kohya(lora: Lora, source: Container, group: Group, dtype: str, apart: bool) -> Iterator[tuple[list[Tensor], Header]]:
    """`apart`: no layer is fused, as LyCORIS' own spelling has it."""
    first = group[0]
    name = lycoris_name(group) if apart else kohya_name(group)
    if is_lycoris(first) and name is not None:
        alpha = first.alpha if first.origin and first.origin.by_alpha else None
        yield list(as_they_are(source, name, first)), Header(name, first.rank, alpha, lycoris=True)
        return
    parts = [_part(lora, module, "kohya") for module in group]
    if not apart or not first.path.startswith("transformer."):
        yield _encoded(kohya_layer(parts), parts, "kohya", dtype)
        return
    for layer in diffusers_layers(parts):
        yield _encoded(replace(layer, name=respelt(layer.name)), parts, "kohya", dtype)


def _part(lora: Lora, module: LoraModule, target: Target) -> Part:
    form = exactly(module.form)
    if form is None:
        kind = type(module.form).__name__
        what = f"{module.path} is no plain LoRA but of the form {kind}, {target} has no name for it, and its rank is above {MOST}"
        do = "Give --rank: the best LoRA of that rank is then written in its place"
        other = "" if target == "kohya" else "; --to kohya keeps the form"
        raise FluxdiagError(what, where=str(lora.path), do=do + other)
    if target == "diffusers" and module.magnitude is not None and module.magnitude.axis == "in":
        what = f"{module.path} is a DoRA with a magnitude for each input, which diffusers cannot load"
        do = "Use --to kohya, which ComfyUI loads, or train with one for each output"
        raise FluxdiagError(what, where=str(lora.path), do=do)
    if is_lycoris(module):
        module = replace(module, form=form, rank=form.rank, alpha=None)
    return Part(module, form.down, form.up)


def _encoded(layer: Layer, parts: Sequence[Part], target: Target, dtype: str) -> tuple[list[Tensor], Header]:
    expanded = any(is_lycoris(part.module) for part in parts)
    # products of two numbers have more digits than either, and identity matrices are no trained ones
    own = list(_tensors(layer, target, "F32" if expanded else dtype))
    return own, Header(layer.name, len(layer.down), layer.alpha, layer.stacked, expanded)


# ------------------------------------------------------------------------------------------------ tensors


def _tensors(layer: Layer, target: Target, dtype: str) -> Iterator[Tensor]:
    rank = len(layer.down)
    up, alpha = unfolded(layer.up, rank, layer.alpha, dtype)
    down_name, up_name = SUFFIXES[target]
    yield tensor(f"{layer.name}.{down_name}", layer.down, dtype)
    yield tensor(f"{layer.name}.{up_name}", up, dtype)
    if target == "kohya" or alpha not in (None, float(rank)):
        value = np.asarray(rank if alpha is None else alpha, np.float32)
        yield tensor(f"{layer.name}.alpha", value, dtype if exact(value, dtype) else "F32")
    if layer.magnitude is not None:
        yield _magnitude(layer.name, layer.magnitude, target, dtype)
    if layer.bias is not None and target == "kohya":
        yield tensor(f"{layer.name}.diff_b", layer.bias, dtype)
    elif layer.bias is not None:
        yield tensor(f"{layer.name}.lora_B.bias", layer.bias / np.float32(1 if alpha is None else alpha / rank), dtype)


def _magnitude(name: str, magnitude: Magnitude, target: Target, dtype: str) -> Tensor:
    if target == "diffusers":
        return tensor(f"{name}.lora_magnitude_vector", magnitude.values, dtype)
    shape = (-1, 1) if magnitude.axis == "out" else (1, -1)
    return tensor(f"{name}.dora_scale", magnitude.values.reshape(shape), dtype)


def unfolded(up: Floats, rank: int, alpha: float | None, dtype: str) -> tuple[Floats, float | None]:
    """`up` without its scale, and alpha, where that gives back what is folded; else `up` as it is, and no alpha."""
    scale = np.float32(1 if alpha is None else alpha / rank)
    if alpha is None or scale == 0 or not np.isfinite(scale):
        return up, None
    raw = rounded(up / scale, dtype)
    for neighbour in (np.nextafter(raw, np.float32(-np.inf)), np.nextafter(raw, np.float32(np.inf))) if dtype == "F32" else ():
        raw = np.where((raw * scale != up) & (neighbour * scale == up), neighbour, raw)
    return (raw, alpha) if np.allclose(raw * scale, up, rtol=1e-6, atol=0) else (up, None)


# ------------------------------------------------------------------------------------------------ notes


def _notes(lora: Lora, layers: Sequence[Header], target: Target) -> Iterator[str]:
    if stacked := sum(layer.stacked for layer in layers):
        yield f"{stacked} fused layers hold parts trained apart: their ranks are stacked, so the file is larger and just as exact"
    if expanded := [layer.rank for layer in layers if layer.expanded]:
        what = f"{len(expanded)} layers of LoHa, LoKr or full differences are written as LoRA of rank {max(expanded)} at most"
        yield f"{what}, the same change in float32; the file is larger"
    if kept := sum(layer.lycoris for layer in layers):
        yield f"{kept} layers keep their form (LoHa, LoKr or a full difference): ComfyUI and programs with LyCORIS load them"
    if any(layer.name.startswith("lycoris_") for layer in layers):
        what = "the parts of fused layers cannot be put together: all layers have LyCORIS' names (`lycoris_`)"
        yield f"{what}, which ComfyUI loads and sd-scripts does not load"
    if target == "diffusers" and any(layer.name.startswith("text_encoder_2.") for layer in layers):
        yield "diffusers drops the layers of T5 (`text_encoder_2`) when it loads the file"
    for problem in lora.problems:
        if problem.left_out:
            yield f"not carried over: {problem.text}"
