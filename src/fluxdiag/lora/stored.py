"""One layer of the file: checked by its shapes alone, its numbers read when they are asked for.

The scale is alpha / rank where there is an alpha. A LoKr of two whole factors has none: LyCORIS writes an alpha then that
equals the rank it would have had. A full difference has none either.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fluxdiag.errors import UnreadableLora
from fluxdiag.lora.adapters import Layer
from fluxdiag.lora.container import Container, shown
from fluxdiag.lora.dtypes import SIZES, WHOLE, Floats
from fluxdiag.lora.forms import Dense, Form, Hadamard, Kronecker, LowRank
from fluxdiag.lora.model import Magnitude

Shape = tuple[int, ...]

HALF = "layers that lack a part"
DISAGREE = "layers whose tensors do not fit together"


@dataclass(frozen=True)
class Flaw:
    """Why a layer is not read."""

    kind: str
    detail: str


@dataclass(frozen=True)
class Tensors:
    """A layer's tensors by what they are, without the trailing sides of a 1 x 1 convolution."""

    container: Container
    keys: dict[str, str]

    def shape(self, role: str) -> Shape:
        shape = self.container.entries[self.keys[role]].shape
        return shape[:2] if len(shape) > 2 and set(shape[2:]) == {1} else shape

    def whole(self, role: str) -> Floats:
        return self.container.tensor(self.keys[role]).reshape(self.shape(role))

    def rows(self, role: str, start: int, stop: int) -> Floats:
        return self.container.rows(self.keys[role], start, stop).reshape(stop - start, *self.shape(role)[1:])

    def number(self, role: str) -> float | None:
        """kohya writes a scalar, others a list of one."""
        return float(self.whole(role).ravel()[0]) if role in self.keys else None

    @property
    def count(self) -> int:
        return sum(math.prod(self.container.entries[key].shape) for role, key in self.keys.items() if role != "alpha")


@dataclass(frozen=True)
class Outline:
    """What the shapes of a form tell, and how to read some rows of it at a scale."""

    shape: tuple[int, int]
    rank: int | None
    """by which alpha is divided; None for a form without a scale"""
    read: Callable[[int, int, np.float32], Form]


@dataclass(frozen=True)
class Stored:
    """A layer whose tensors fit together."""

    tensors: Tensors
    outline: Outline
    alpha: float | None
    magnitude: Magnitude | None
    bias: Floats | None

    @property
    def rank(self) -> int:
        return self.outline.rank or min(self.outline.shape)

    @property
    def scale(self) -> np.float32:
        return np.float32(1.0 if self.alpha is None else self.alpha / self.rank)

    def form(self, start: int, stop: int) -> Form:
        return self.outline.read(start, stop, self.scale)


def stored(container: Container, layer: Layer, config_alpha: Callable[[int], float | None]) -> Stored | Flaw:
    """`config_alpha`: rank -> the alpha that a config gives to a layer without its own.

    Raises UnreadableLora for matrices of integers.
    """
    _refuse_other_types(container, layer)
    tensors = Tensors(container, layer.keys)
    outline = _outline(tensors)
    if isinstance(outline, Flaw):
        return outline
    alpha = tensors.number("alpha") if "alpha" in layer.keys else config_alpha(outline.rank or 1)
    alpha = alpha if outline.rank else None
    magnitude = _magnitude(tensors, outline.shape)
    if isinstance(magnitude, Flaw):
        return magnitude
    found = Stored(tensors, outline, alpha, magnitude, None)
    bias = _bias(tensors, outline.shape, found.scale)
    return bias if isinstance(bias, Flaw) else Stored(tensors, outline, alpha, magnitude, bias)


def _refuse_other_types(container: Container, layer: Layer) -> None:
    for role, key in layer.keys.items():
        entry = container.entries[key]
        known = SIZES | WHOLE if role == "alpha" else SIZES
        if entry.dtype not in known or entry.begin == entry.end:
            what = f"{shown(key)} is of type {entry.dtype} and shape {list(entry.shape)}, which is no plain floating-point tensor"
            raise UnreadableLora(what, where=str(container.path), do="Save it in float16, bfloat16 or float32")


def _outline(tensors: Tensors) -> Outline | Flaw:
    """Which form it is, by the kinds of tensors that it has."""
    kinds = {"down": _lora, "up": _lora, "hada": _loha, "lokr": _lokr, "diff": _full}
    forms = {kinds[kind] for role in tensors.keys if (kind := role.split("_")[0]) in kinds and role not in ("up_bias", "diff_b")}
    if len(forms) != 1:
        return Flaw(HALF, f"there is only {' and '.join(sorted(tensors.keys))}" if not forms else "it is of two forms at once")
    return forms.pop()(tensors)


def _lora(tensors: Tensors) -> Outline | Flaw:
    missing = {"down", "up"} - tensors.keys.keys()
    if missing:
        return Flaw(HALF, f"its {missing.pop()} matrix is missing")
    down, up = tensors.shape("down"), tensors.shape("up")
    if not _chains(up, down):
        return Flaw(DISAGREE, f"down is {list(down)}, up is {list(up)}")
    kept = tensors.whole("down")  # of the parts of a fused layer, too: there it is the same object
    return Outline((up[0], down[1]), down[0], lambda start, stop, scale: LowRank(kept, tensors.rows("up", start, stop) * scale))


def _loha(tensors: Tensors) -> Outline | Flaw:
    names = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")
    missing = [name for name in names if name not in tensors.keys]
    if missing:
        return Flaw(HALF, f"{missing[0]} is missing")
    up1, down1, up2, down2 = (tensors.shape(name) for name in names)
    if not (_chains(up1, down1) and _chains(up2, down2) and (up1[0], down1[1]) == (up2[0], down2[1])):
        return Flaw(DISAGREE, f"{list(up1)} x {list(down1)} by {list(up2)} x {list(down2)}")

    def read(start: int, stop: int, scale: np.float32) -> Form:
        first = LowRank(tensors.whole("hada_w1_b"), tensors.rows("hada_w1_a", start, stop) * scale)
        return Hadamard(first, LowRank(tensors.whole("hada_w2_b"), tensors.rows("hada_w2_a", start, stop)))

    return Outline((up1[0], down1[1]), down1[0], read)


def _lokr(tensors: Tensors) -> Outline | Flaw:
    left, right = _factor(tensors, "lokr_w1"), _factor(tensors, "lokr_w2")
    if isinstance(left, Flaw):
        return left
    if isinstance(right, Flaw):
        return right
    (a, b, left_rank), (c, d, right_rank) = left, right

    def read(start: int, stop: int, scale: np.float32) -> Form:
        return Kronecker(_read_factor(tensors, "lokr_w1") * scale, _read_factor(tensors, "lokr_w2")).rows(start, stop)

    return Outline((a * c, b * d), left_rank or right_rank, read)


def _factor(tensors: Tensors, name: str) -> tuple[int, int, int | None] | Flaw:
    """(rows, columns, rank where it is itself a product) of a LoKr's factor."""
    if name in tensors.keys:
        whole = tensors.shape(name)
        return (whole[0], whole[1], None) if len(whole) == 2 else Flaw(DISAGREE, f"{name} is {list(whole)}")
    if not {f"{name}_a", f"{name}_b"} <= tensors.keys.keys():
        return Flaw(HALF, f"{name} is missing")
    left, right = tensors.shape(f"{name}_a"), tensors.shape(f"{name}_b")
    return (left[0], right[1], right[0]) if _chains(left, right) else Flaw(DISAGREE, f"{name} is {list(left)} x {list(right)}")


def _read_factor(tensors: Tensors, name: str) -> Floats:
    if name in tensors.keys:
        return tensors.whole(name)
    product: Floats = tensors.whole(f"{name}_a") @ tensors.whole(f"{name}_b")
    return product


def _full(tensors: Tensors) -> Outline | Flaw:
    shape = tensors.shape("diff")
    if len(shape) != 2:
        return Flaw(DISAGREE, f"diff is {list(shape)}")
    return Outline((shape[0], shape[1]), None, lambda start, stop, _: Dense(tensors.rows("diff", start, stop)))


def _chains(left: Shape, right: Shape) -> bool:
    """Whether left @ right can be formed."""
    return len(left) == len(right) == 2 and left[1] == right[0]


def _magnitude(tensors: Tensors, shape: tuple[int, int]) -> Magnitude | Flaw | None:
    """(out, 1) or a list: a length for each output; (1, in): one for each input."""
    if "magnitude" not in tensors.keys:
        return None
    values = tensors.whole("magnitude")
    if values.shape in ((shape[0], 1), (shape[0],)):
        return Magnitude(values.ravel(), "out")
    if values.shape == (1, shape[1]):
        return Magnitude(values.ravel(), "in")
    return Flaw(DISAGREE, f"the magnitude of DoRA is {list(values.shape)}, the layer {list(shape)}")


def _bias(tensors: Tensors, shape: tuple[int, int], scale: np.float32) -> Floats | Flaw | None:
    """peft's bias of the up matrix takes the scale of what it is added to; LyCORIS' `diff_b` is the change itself."""
    role = next((role for role in ("up_bias", "diff_b") if role in tensors.keys), None)
    if role is None:
        return None
    values = tensors.whole(role).ravel()
    if len(values) != shape[0]:
        return Flaw(DISAGREE, f"the bias has {len(values)} numbers, the layer {shape[0]} outputs")
    return values * scale if role == "up_bias" else values
