"""A LoRA back into a file, in diffusers' or kohya's dialect and the file's own number type. Nothing is ever overwritten.

alpha is written beside the matrices rather than folded into them, so that what was not edited comes back bit by bit.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora.container import SIZES, Bytes, Container, Floats, open_container
from fluxdiag.lora.edits import EDITS, noted
from fluxdiag.lora.encoding import encoded, exact, rounded
from fluxdiag.lora.forms import LowRank
from fluxdiag.lora.fuse import Layer, Part, diffusers_layers, fused_groups, kohya_layer
from fluxdiag.lora.header import json_objects
from fluxdiag.lora.model import Lora, LoraModule, Magnitude

Target = Literal["diffusers", "kohya"]

Entries = dict[str, dict[str, Any]]

LARGEST = {"F16": 65504.0, "F8_E4M3": 448.0, "F8_E5M2": 57344.0}
SUFFIXES = {"diffusers": ("lora_A.weight", "lora_B.weight"), "kohya": ("lora_down.weight", "lora_up.weight")}
PIECE = 1 << 24
"""bytes that are copied at once"""
MODEL_HASH, NO_HASH = "sshs_model_hash", "0" * 64


@dataclass(frozen=True, eq=False)
class Tensor:
    """In the type that it is written in: no more of it is held than the file will have."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    content: Bytes


@dataclass(frozen=True)
class Header:
    """What is said of a layer, once its matrices are encoded."""

    name: str
    rank: int
    alpha: float | None
    stacked: bool


@dataclass(frozen=True)
class Written:
    """What became of it. `notes`: what a user should know, each a sentence."""

    path: Path
    tensors: int
    dtype: str
    notes: tuple[str, ...]


def write_lora(lora: Lora, path: Path, target: Target) -> Written:
    """Raises FluxdiagError where a file is there already, and for what the target dialect cannot hold."""
    if path.exists():
        raise FluxdiagError("this file is there already", where=str(path), do="Give another name with --out")
    source = open_container(lora.path)
    dtype = widest(source)
    tensors: list[Tensor] = []
    layers: list[Header] = []
    for group in fused_groups(lora.all_modules()):
        parts = [_part(lora, module, target) for module in group]
        for layer in diffusers_layers(parts) if target == "diffusers" else [kohya_layer(parts)]:
            tensors += _tensors(layer, target, dtype)
            layers.append(Header(layer.name, len(layer.down), layer.alpha, layer.stacked))
    if lora.metadata == source.metadata and {tensor.name for tensor in tensors} == source.entries.keys():
        _publish(path, lambda file: _copy(file, source))
    else:
        metadata = _metadata(lora, layers, target, edited=lora.metadata != source.metadata)
        _publish(path, lambda file: _write(file, tensors, metadata))
    return Written(path, len(tensors), dtype, tuple(_notes(lora, layers, target)))


def widest(source: Container) -> str:
    """The type of the matrices; of several the one that holds all of them."""
    types = {entry.dtype for entry in source.entries.values() if len(entry.shape) > 1 and entry.dtype in SIZES}
    if {"F16", "BF16"} <= types:
        return "F32"
    return max(types, key=lambda dtype: SIZES[dtype], default="F32")


def _part(lora: Lora, module: LoraModule, target: Target) -> Part:
    form = module.form
    if not isinstance(form, LowRank):
        what = f"{module.path} is no plain LoRA but of the form {type(form).__name__}, which is not written as it is"
        do = "Give --rank: the best LoRA of that rank is then written in its place"
        raise FluxdiagError(what, where=str(lora.path), do=do)
    if target == "diffusers" and module.magnitude is not None and module.magnitude.axis == "in":
        what = f"{module.path} is a DoRA with a magnitude for each input, which diffusers cannot load"
        raise FluxdiagError(what, where=str(lora.path), do="Convert to kohya, or train with one for each output")
    return Part(module, form.down, form.up)


# ------------------------------------------------------------------------------------------------ tensors


def _tensors(layer: Layer, target: Target, dtype: str) -> Iterator[Tensor]:
    rank = len(layer.down)
    up, alpha = unfolded(layer.up, rank, layer.alpha, dtype)
    down_name, up_name = SUFFIXES[target]
    yield _tensor(f"{layer.name}.{down_name}", layer.down, dtype)
    yield _tensor(f"{layer.name}.{up_name}", up, dtype)
    if target == "kohya" or alpha not in (None, float(rank)):
        value = np.asarray(rank if alpha is None else alpha, np.float32)
        yield _tensor(f"{layer.name}.alpha", value, dtype if exact(value, dtype) else "F32")
    if layer.magnitude is not None:
        yield _magnitude(layer.name, layer.magnitude, target, dtype)
    if layer.bias is not None and target == "kohya":
        yield _tensor(f"{layer.name}.diff_b", layer.bias, dtype)
    elif layer.bias is not None:
        yield _tensor(f"{layer.name}.lora_B.bias", layer.bias / np.float32(1 if alpha is None else alpha / rank), dtype)


def _magnitude(name: str, magnitude: Magnitude, target: Target, dtype: str) -> Tensor:
    if target == "diffusers":
        return _tensor(f"{name}.lora_magnitude_vector", magnitude.values, dtype)
    shape = (-1, 1) if magnitude.axis == "out" else (1, -1)
    return _tensor(f"{name}.dora_scale", magnitude.values.reshape(shape), dtype)


def _tensor(name: str, array: Floats, dtype: str) -> Tensor:
    largest = float(np.abs(array).max(initial=0))
    if largest > LARGEST.get(dtype, np.inf):
        what = f"{name} reaches {largest:.3g}, more than {dtype} holds"
        raise FluxdiagError(what, do="Use a lower strength, or a file of a wider type")
    return Tensor(name, array.shape, dtype, encoded(array, dtype))


def unfolded(up: Floats, rank: int, alpha: float | None, dtype: str) -> tuple[Floats, float | None]:
    """`up` without its scale, and alpha, where that gives back what is folded; else `up` as it is, and no alpha."""
    scale = np.float32(1 if alpha is None else alpha / rank)
    if alpha is None or scale == 0 or not np.isfinite(scale):
        return up, None
    raw = rounded(up / scale, dtype)
    for neighbour in (np.nextafter(raw, np.float32(-np.inf)), np.nextafter(raw, np.float32(np.inf))) if dtype == "F32" else ():
        raw = np.where((raw * scale != up) & (neighbour * scale == up), neighbour, raw)
    return (raw, alpha) if np.allclose(raw * scale, up, rtol=1e-6, atol=0) else (up, None)


# ------------------------------------------------------------------------------------------------ the header


def _metadata(lora: Lora, layers: Sequence[Header], target: Target, edited: bool) -> dict[str, str]:
    """Carried over; what the file no longer is, is corrected: rank, alpha, digests, peft's config."""
    metadata = dict(lora.metadata)
    if not edited or lora.dialect != target:
        metadata = noted(metadata, {"edit": "convert", "from": lora.dialect, "to": target})
    for stale in ("lora_adapter_metadata", "sshs_legacy_hash"):  # diffusers refuses a file with both the former and alpha
        metadata.pop(stale, None)
    metadata |= {"fluxdiag.source_sha256": lora.sha256, MODEL_HASH: NO_HASH}
    return metadata | (_kohya_keys(metadata, layers) if target == "kohya" or "ss_network_dim" in metadata else {})


def _kohya_keys(metadata: dict[str, str], layers: Sequence[Header]) -> dict[str, str]:
    """As its own resizing writes them: one number, or `Dynamic`, and what was done before the old comment."""
    ranks = {layer.rank for layer in layers}
    alphas = {float(layer.rank) if layer.alpha is None else layer.alpha for layer in layers}
    done = "; ".join(_words(note) for note in json_objects(metadata.get(EDITS)))
    comment = metadata.get("ss_training_comment", "None").rpartition("fluxdiag: ")[0] or metadata.get("ss_training_comment")
    said = "" if comment in {None, "", "None"} else f"; {comment}"
    return {
        "ss_network_module": metadata.get("ss_network_module", "networks.lora_flux"),
        "ss_network_dim": str(ranks.pop()) if len(ranks) == 1 else "Dynamic",
        "ss_network_alpha": f"{alphas.pop():g}" if len(alphas) == 1 else "Dynamic",
        "ss_training_comment": f"fluxdiag: {done}{said}",
    }


def _words(note: dict[str, object]) -> str:
    """`truncate rank=16 kept_energy=0.97`"""
    values = {key: f"{value:.4g}" if isinstance(value, float) else value for key, value in note.items() if key != "edit"}
    return " ".join([str(note.get("edit")), *(f"{key}={value}" for key, value in values.items())])


def _notes(lora: Lora, layers: Sequence[Header], target: Target) -> Iterator[str]:
    if stacked := sum(layer.stacked for layer in layers):
        yield f"{stacked} fused layers hold parts trained apart: their ranks are stacked, so the file is larger and just as exact"
    if target == "diffusers" and any(layer.name.startswith("text_encoder_2.") for layer in layers):
        yield "diffusers drops the layers of T5 (`text_encoder_2`) when it loads the file"
    for problem in lora.problems:
        if "ignored" in problem:
            yield f"not carried over: {problem}"


# ------------------------------------------------------------------------------------------------ the file


def _publish(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Whole or not at all, and never over another file: a link cannot replace what came in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w+b") as file:
            write(file)
        Path(temporary).chmod(0o644)
        path.hardlink_to(temporary)
    except FileExistsError as error:
        raise FluxdiagError("this file is there already", where=str(path), do="Give another name with --out") from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def _copy(file: IO[bytes], source: Container) -> None:
    entries: Entries = {
        name: {"dtype": entry.dtype, "shape": list(entry.shape), "data_offsets": [entry.begin, entry.end]}
        for name, entry in source.entries.items()
    }
    file.write(_header(entries, source.metadata))
    for start in range(0, len(source.data), PIECE):
        file.write(source.data[start : start + PIECE].data)


def _write(file: IO[bytes], tensors: Sequence[Tensor], metadata: dict[str, str]) -> None:
    """Wide types first, so that every tensor is aligned; the digest is known last and has its place in the header."""
    ordered = sorted(tensors, key=lambda tensor: (-SIZES[tensor.dtype], tensor.name))
    entries: Entries = {}
    at = 0
    for tensor in ordered:
        place = [at, at + len(tensor.content)]
        entries[tensor.name] = {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": place}
        at += len(tensor.content)
    file.write(_header(entries, metadata))
    digest = hashlib.sha256()
    for tensor in ordered:
        digest.update(tensor.content.data)
        file.write(tensor.content.data)
    file.seek(0)
    file.write(_header(entries, metadata | {MODEL_HASH: digest.hexdigest()}))


def _header(entries: Entries, metadata: dict[str, str]) -> bytes:
    text = json.dumps({"__metadata__": metadata, **entries} if metadata else entries).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text
