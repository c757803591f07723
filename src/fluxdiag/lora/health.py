"""Numbers that are no numbers, or hardly: NaN, infinity and denormals, counted in the file's own bits, in pieces.

And which layers they spoil, and which are nothing but zeros.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fluxdiag.lora.container import Container, Entry
from fluxdiag.lora.model import LoraModule, Origin

PIECE = 1 << 18
"""numbers that are looked at together: they fit into a core's cache"""
BIASES = ("up_bias", "diff_b")


@dataclass(frozen=True)
class Layout:
    """Of a floating type, as unsigned integers without the sign: below `normal` lie zero and the denormals."""

    code: str
    normal: int
    infinity: int
    """codes beyond are NaN"""


LAYOUTS = {
    "F64": Layout("<u8", 1 << 52, 0x7FF << 52),
    "F32": Layout("<u4", 1 << 23, 0xFF << 23),
    "F16": Layout("<u2", 1 << 10, 0x1F << 10),
    "BF16": Layout("<u2", 1 << 7, 0xFF << 7),
    "F8_E5M2": Layout("u1", 1 << 2, 0x1F << 2),
}
E4M3 = Layout("u1", 1 << 3, 0x7F)
"""float8_e4m3fn has no infinity, and one code for NaN: the one that this layout takes for infinity"""


@dataclass(frozen=True)
class Broken:
    """A tensor with numbers that are none, and how many."""

    name: str
    nan: int
    infinite: int


@dataclass(frozen=True)
class Health:
    """How many numbers there are, and how many of each bad kind."""

    numbers: int = 0
    nan: int = 0
    infinite: int = 0
    denormal: int = 0
    broken: tuple[Broken, ...] = ()

    def __add__(self, other: Health) -> Health:
        return Health(
            self.numbers + other.numbers,
            self.nan + other.nan,
            self.infinite + other.infinite,
            self.denormal + other.denormal,
            self.broken + other.broken,
        )


def nonsense(container: Container, modules: Iterable[LoraModule]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The file's names of the layers with NaN or infinity, and of those whose change is zero: every number is looked at."""
    origins = {module.origin.name: module.origin for module in modules if module.origin is not None}
    seen = {name: _looked_at(container, origin) for name, origin in origins.items()}
    broken = tuple(name for name, (finite, _) in seen.items() if not finite)
    return broken, tuple(name for name, (_, zero) in seen.items() if zero)


def _looked_at(container: Container, origin: Origin) -> tuple[bool, bool]:
    """(all finite, the change is zero): every form is a product, which is zero where one of its factors is.

    A magnitude or a bias changes the layer all the same.
    """
    finite, factor_zero = True, False
    for key in origin.keys.values():
        numbers = container.tensor(key).ravel()
        with np.errstate(over="ignore", invalid="ignore"):
            squares = float(numbers @ numbers)  # one pass for both questions; only its extremes need another
        finite = finite and (np.isfinite(squares) or bool(np.isfinite(numbers).all()))
        factor_zero = factor_zero or (not squares and not numbers.any())
    return finite, factor_zero and not origin.keys.keys() & {"magnitude", *BIASES}


def health(container: Container, names: Iterable[str]) -> Health:
    return sum((_tensor(container, name, container.entries[name]) for name in names), Health())


def _tensor(container: Container, name: str, entry: Entry) -> Health:
    layout = E4M3 if entry.dtype == "F8_E4M3" else LAYOUTS.get(entry.dtype)
    if layout is None:
        return Health()
    width = np.dtype(layout.code).itemsize * PIECE
    starts = range(entry.begin, entry.end, width)
    found = [_piece(container.data[start : min(start + width, entry.end)], layout) for start in starts]
    numbers, denormal, infinite, nan = (sum(counts) for counts in zip(*found, strict=True)) if found else (0, 0, 0, 0)
    if layout is E4M3:
        infinite, nan = 0, infinite
    return Health(numbers, nan, infinite, denormal, (Broken(name, nan, infinite),) if nan or infinite else ())


def _piece(raw: np.ndarray, layout: Layout) -> tuple[int, int, int, int]:
    """(numbers, denormals, infinities, NaNs) of one piece; the costly counts only where the extremes call for them."""
    codes = np.ascontiguousarray(raw).view(layout.code)
    codes = codes & codes.dtype.type(~(1 << (8 * codes.dtype.itemsize - 1)) & ((1 << 8 * codes.dtype.itemsize) - 1))
    infinite = nan = 0
    if codes.max() >= layout.infinity:
        infinite = int(np.count_nonzero(codes == layout.infinity))
        nan = int(np.count_nonzero(codes > layout.infinity))
    codes -= codes.dtype.type(1)  # zero becomes the largest code
    return len(codes), int(np.count_nonzero(codes < layout.normal - 1)), infinite, nan
