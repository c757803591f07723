"""float32 -> the bytes of another floating type, rounded to the nearest; what came from that type goes back bit by bit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fluxdiag.lora.container import Bytes, Floats, as_float32

NUMPY = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}


def encoded(array: Floats, dtype: str) -> Bytes:
    """A flat array of bytes."""
    flat = np.ascontiguousarray(array, dtype=np.float32).ravel()
    if dtype == "BF16":
        return _upper_half(flat).view(np.uint8)
    if dtype.startswith("F8"):
        return _nearest_code(flat, dtype)
    with np.errstate(over="ignore"):  # what is too large becomes infinity, and `rounded` shows it
        return flat.astype(NUMPY[dtype]).view(np.uint8)


def rounded(array: Floats, dtype: str) -> Floats:
    """What a reader of the written file will get."""
    return as_float32(encoded(array, dtype), dtype).reshape(array.shape)


def exact(array: Floats, dtype: str) -> bool:
    return bool(np.array_equal(rounded(array, dtype), array, equal_nan=True))


def _upper_half(flat: Floats) -> NDArray[np.uint16]:
    """Half to even, as PyTorch rounds; NaN stays NaN."""
    bits = flat.view(np.uint32)
    halves = ((bits + ((bits >> 16) & 1) + np.uint32(0x7FFF)) >> 16).astype("<u2")
    return np.where(np.isnan(flat), (bits >> 16).astype("<u2") | np.uint16(0x40), halves).astype("<u2")


def _nearest_code(flat: Floats, dtype: str) -> Bytes:
    """Eight bits have 256 values: the one that is nearest, the largest for all beyond."""
    values = as_float32(np.arange(128, dtype=np.uint8), dtype)
    order = np.flatnonzero(np.isfinite(values))  # codes without sign rise with their values
    middles = (values[order][1:].astype(np.float64) + values[order][:-1]) / 2
    codes = np.searchsorted(middles, np.abs(flat)).astype(np.uint8)
    if dtype == "F8_E5M2":
        codes[np.isinf(flat)] = 0x7C
    signed: Bytes = np.where(np.isnan(flat), np.uint8(0x7F), codes) | (np.signbit(flat).astype(np.uint8) << 7)
    return signed
