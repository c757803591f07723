"""Tensors and a header into a safetensors file: whole or not at all, and never over another file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora.container import Container
from fluxdiag.lora.dtypes import SIZES, WHOLE, Bytes, Floats, encoded

Entries = dict[str, dict[str, Any]]

LARGEST = {"F16": 65504.0, "F8_E4M3": 448.0, "F8_E5M2": 57344.0}
PIECE = 1 << 24
"""bytes that are copied at once"""
MODEL_HASH, NO_HASH = "sshs_model_hash", "0" * 64
THERE = "this file is there already"


@dataclass(frozen=True, eq=False)
class Tensor:
    """In the type that it is written in: no more of it is held than the file will have."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    content: Bytes


def tensor(name: str, array: Floats, dtype: str) -> Tensor:
    """Raises FluxdiagError for numbers that the type cannot hold."""
    largest = float(np.abs(array).max(initial=0))
    if largest > LARGEST.get(dtype, np.inf):
        what = f"{name} reaches {largest:.3g}, more than {dtype} holds"
        raise FluxdiagError(what, do="Use a lower strength, or a file of a wider type")
    return Tensor(name, array.shape, dtype, encoded(array, dtype))


def refuse_existing(path: Path) -> None:
    if path.is_dir():
        do = f"Give a file's name with --out, such as {path / 'mine.safetensors'}"
        raise FluxdiagError("this is a folder, and one file is written", where=str(path), do=do)
    if path.exists():
        raise FluxdiagError(THERE, where=str(path), do="Give another name with --out")


def write_copy(path: Path, source: Container) -> None:
    """The same tensors in the same places under the same header."""
    _publish(path, lambda file: _copy(file, source))


def write_tensors(path: Path, tensors: Sequence[Tensor], metadata: Mapping[str, str]) -> None:
    """`metadata` takes the digest of the tensors, as kohya's programs write it."""
    _publish(path, lambda file: _write(file, tensors, metadata))


def _publish(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Whole or not at all, and never in place of another file. Raises OSError that names `path`."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with temporary.open("x+b") as file:
            write(file)
        _name(temporary, path)
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        with contextlib.suppress(OSError):  # the reason why it could not be made has been raised
            temporary.unlink()


def _name(temporary: Path, path: Path) -> None:
    """A link cannot replace what came in between. Some disks, such as exFAT, know no links: there the name is taken first."""
    try:
        try:
            path.hardlink_to(temporary)
        except PermissionError:
            path.touch(exist_ok=False)
            temporary.replace(path)
    except FileExistsError as error:
        raise FluxdiagError(THERE, where=str(path), do="Give another name with --out") from error


def _copy(file: IO[bytes], source: Container) -> None:
    entries: Entries = {
        name: {"dtype": entry.dtype, "shape": list(entry.shape), "data_offsets": [entry.begin, entry.end]}
        for name, entry in source.entries.items()
    }
    file.write(_header(entries, source.metadata))
    for start in range(0, len(source.data), PIECE):
        file.write(source.data[start : start + PIECE].data)


def _write(file: IO[bytes], tensors: Sequence[Tensor], metadata: Mapping[str, str]) -> None:
    """Wide types first, so that every tensor is aligned; the digest is known last and has its place in the header."""
    ordered = sorted(tensors, key=lambda tensor: (-(SIZES | WHOLE)[tensor.dtype], tensor.name))
    entries: Entries = {}
    at = 0
    for tensor in ordered:
        place = [at, at + len(tensor.content)]
        entries[tensor.name] = {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": place}
        at += len(tensor.content)
    file.write(_header(entries, {**metadata, MODEL_HASH: NO_HASH}))
    digest = hashlib.sha256()
    for tensor in ordered:
        digest.update(tensor.content.data)
        file.write(tensor.content.data)
    file.seek(0)
    file.write(_header(entries, {**metadata, MODEL_HASH: digest.hexdigest()}))


def _header(entries: Entries, metadata: Mapping[str, str]) -> bytes:
    text = json.dumps({"__metadata__": metadata, **entries} if metadata else entries).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text
