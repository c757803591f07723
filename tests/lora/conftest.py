"""LoRA files written byte by byte, so that the reader is not tested with the library that it replaces."""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

Tensors = Mapping[str, np.ndarray]


def content_of(tensors: Tensors, metadata: Mapping[str, str] | None = None, dtype: str = "F32") -> bytes:
    """A safetensors file; with another `dtype` than F32 the arrays must hold its raw codes."""
    header: dict[str, object] = {} if metadata is None else {"__metadata__": dict(metadata)}
    body = b""
    for name, array in tensors.items():
        raw = (array.astype("<f4") if dtype == "F32" else array).tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """write(tensors, metadata) -> the path of the file."""

    def writer(tensors: Tensors, metadata: Mapping[str, str] | None = None, dtype: str = "F32", name: str = "l") -> Path:
        path = tmp_path / f"{name}.safetensors"
        path.write_bytes(content_of(tensors, metadata, dtype))
        return path

    return writer


@pytest.fixture
def pair() -> Callable[..., dict[str, np.ndarray]]:
    """pair(layer, out, in) -> random lora_A and lora_B of that layer, other ones for each layer name."""

    def made(layer: str, rows: int, columns: int, rank: int = 2, names: tuple[str, str] = ("lora_A", "lora_B")) -> dict:
        rng = np.random.default_rng(list(layer.encode()))
        down, up = rng.normal(size=(rank, columns)), rng.normal(size=(rows, rank)) / math.sqrt(rank)
        return {f"{layer}.{names[0]}.weight": down.astype(np.float32), f"{layer}.{names[1]}.weight": up.astype(np.float32)}

    return made
