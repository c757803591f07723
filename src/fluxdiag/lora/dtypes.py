"""The number types of a file: bytes -> float32, and float32 -> bytes rounded to the nearest.

What came from a type goes back bit by bit. numpy knows neither bfloat16 nor float8.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

NUMPY = {
    **{"F64": "<f8", "F32": "<f4", "F16": "<f2"},
    **{"U8": "<u1", "I8": "<i1", "U16": "<u2", "I16": "<i2", "U32": "<u4", "I32": "<i4", "U64": "<u8", "I64": "<i8"},
}
SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1}
"""bytes a number, of the types that are read"""
WHOLE = {"U8": 1, "I8": 1, "U16": 2, "I16": 2, "U32": 4, "I32": 4, "U64": 8, "I64": 8}
"""read as an alpha alone: kohya's `flux_extract_lora.py` writes `torch.tensor(rank)`"""
OTHER_SIZES = {
    **dict.fromkeys(("F4", "F6_E2M3", "F6_E3M2"), 0),
    **dict.fromkeys(("BOOL", "F8_E8M0"), 1),
    **WHOLE,
    "C64": 8,
}
"""of the types that the format has but no LoRA is made of; 0 for less than one"""


def as_float32(raw: Bytes, dtype: str) -> Floats:
    """Little-endian bytes of any floating or whole type -> float32, a flat array of its own."""
    raw = np.ascontiguousarray(raw)
    if dtype == "BF16":  # the upper half of a float32
        return (raw.view("<u2").astype(np.uint32) << 16).view(np.float32)
    if dtype == "F8_E5M2":  # the upper half of a float16
        return (raw.astype(np.uint16) << 8).view(np.float16).astype(np.float32)
    if dtype == "F8_E4M3":
        return _E4M3[raw]
    native = raw.view(NUMPY[dtype])
    with np.errstate(over="ignore", invalid="ignore"):  # a float64 beyond float32 becomes infinity, which is reported
        return native.astype(np.float32, copy=False)


def _e4m3() -> Floats:
    """All 256 values of float8_e4m3fn (Micikevicius et al. 2209.05433): bias 7, no infinities, NaN at 0x7f and 0xff."""
    code = np.arange(256)
    sign, exponent, mantissa = 1 - 2 * (code >> 7), (code >> 3) & 15, code & 7
    normal = np.ldexp(1 + mantissa / 8, exponent - 7)
    values = sign * np.where(exponent == 0, np.ldexp(mantissa / 8, -6), normal)
    values[(code & 127) == 127] = np.nan
    return values.astype(np.float32)


_E4M3 = _e4m3()


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
