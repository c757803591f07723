"""The safetensors format, read with numpy alone: 8 bytes of length, a JSON header, then the tensors' bytes.

https://github.com/huggingface/safetensors#format. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fluxdiag.errors import UnreadableLora

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

LONGEST_HEADER = 100_000_000
"""bytes; the limit of the safetensors library itself"""

NOT_SAFETENSORS = (
    (b"PK\x03\x04", "a pickle in a zip (torch.save), which is never opened because it can run code"),
    (b"\x80", "a pickle, which is never opened because it can run code"),
    (b"GGUF", "a GGUF file, which holds a whole quantised model"),
    (b"version https://git-lfs", "a Git LFS pointer: the place of the file, not the file"),
    (b"<", "a web page, as a failed download leaves"),
    (b"{", "JSON text"),
)
CONVERT = "Save the LoRA as .safetensors with the program that made it"
FETCH = "Download or copy the file again"

SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1}


@dataclass(frozen=True)
class Entry:
    """One tensor of the header; `begin` and `end` count from the end of the header."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Container:
    """An open safetensors file: its tensors are read one by one, so that the whole is never twice in memory."""

    path: Path
    metadata: dict[str, str]
    entries: dict[str, Entry]
    data: Bytes

    def tensor(self, name: str) -> Floats:
        """A copy as float32, whatever the file holds."""
        entry = self.entries[name]
        return as_float32(self.data[entry.begin : entry.end], entry.dtype).reshape(entry.shape)


def open_container(path: Path) -> Container:
    """Raises UnreadableLora for whatever is no whole safetensors file, and says what it is instead."""
    content = _bytes(path)
    _refuse_others(path, content)
    size = int.from_bytes(content[:8].tobytes(), "little")
    if size > len(content) - 8:
        what = f"not a safetensors file, or only the beginning of one (its header claims {size} bytes)"
        raise UnreadableLora(what, where=str(path), do=FETCH)
    header = _header(path, content[8 : 8 + size].tobytes())
    metadata = header.pop("__metadata__", None) or {}
    data = content[8 + size :]
    entries = {name: _entry(path, name, entry, len(data)) for name, entry in header.items()}
    return Container(path, {str(key): str(value) for key, value in metadata.items()}, entries, data)


def _bytes(path: Path) -> Bytes:
    if path.is_dir():
        raise UnreadableLora("this is a folder, not a LoRA", where=str(path), do="Give the .safetensors file inside it")
    if not path.exists():
        raise UnreadableLora("there is no such file", where=str(path), do="Check the path")
    try:
        if path.stat().st_size == 0:
            raise UnreadableLora("the file is empty", where=str(path), do=FETCH)
        return np.memmap(path, dtype=np.uint8, mode="r")
    except OSError as error:
        raise UnreadableLora(f"cannot be read ({error.strerror})", where=str(path), do="Check its permissions") from error


def _refuse_others(path: Path, content: Bytes) -> None:
    head = content[:64].tobytes()
    # A header's length may begin with any of these bytes; byte 8 of a safetensors file is always the brace of its JSON.
    if head[8:9] == b"{":
        return
    for magic, what in NOT_SAFETENSORS:
        if head.startswith(magic):
            raise UnreadableLora(f"this is {what}", where=str(path), do=CONVERT if "pickle" in what else FETCH)
    raise UnreadableLora("not a safetensors file, or a damaged one", where=str(path), do=FETCH)


def _header(path: Path, text: bytes) -> dict[str, Any]:
    try:
        if len(text) > LONGEST_HEADER:
            raise ValueError("longer than 100 MB")
        header = json.loads(text)
        if not isinstance(header, dict) or not isinstance(header.get("__metadata__") or {}, dict):
            raise ValueError("no JSON object")
    except (ValueError, RecursionError) as error:
        raise UnreadableLora(f"its safetensors header is damaged ({error})", where=str(path), do=FETCH) from error
    return header


def _entry(path: Path, name: str, entry: Any, available: int) -> Entry:
    try:
        begin, end = (int(offset) for offset in entry["data_offsets"])
        found = Entry(str(entry["dtype"]), tuple(int(side) for side in entry["shape"]), begin, end)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableLora(f"its header is damaged at {name!r}", where=str(path), do=FETCH) from error
    if end > available:
        what = f"the file is cut short: {available} bytes of tensors are there, {name!r} ends at byte {end}"
        raise UnreadableLora(what, where=str(path), do=FETCH)
    width = SIZES.get(found.dtype)
    if begin < 0 or min(found.shape, default=0) < 0 or (width and math.prod(found.shape) * width != end - begin):
        raise UnreadableLora(f"its header is damaged at {name!r}: shape and size disagree", where=str(path), do=FETCH)
    return found


def as_float32(raw: Bytes, dtype: str) -> Floats:
    """Little-endian bytes of any floating type -> float32, a flat array of its own."""
    raw = np.ascontiguousarray(raw)
    if dtype == "BF16":  # the upper half of a float32
        return (raw.view("<u2").astype(np.uint32) << 16).view(np.float32)
    if dtype == "F8_E5M2":  # the upper half of a float16
        return (raw.astype(np.uint16) << 8).view(np.float16).astype(np.float32)
    if dtype == "F8_E4M3":
        return _E4M3[raw]
    return raw.view({"F64": "<f8", "F32": "<f4", "F16": "<f2"}[dtype]).astype(np.float32)


def _e4m3() -> Floats:
    """All 256 values of float8_e4m3fn (Micikevicius et al. 2209.05433): bias 7, no infinities, NaN at 0x7f and 0xff."""
    code = np.arange(256)
    sign, exponent, mantissa = 1 - 2 * (code >> 7), (code >> 3) & 15, code & 7
    normal = np.ldexp(1 + mantissa / 8, exponent - 7)
    values = sign * np.where(exponent == 0, np.ldexp(mantissa / 8, -6), normal)
    values[(code & 127) == 127] = np.nan
    return values.astype(np.float32)


_E4M3 = _e4m3()
