"""How large each layer's change is and in how many directions, without ever making the change itself.

For a LoRA, QR of both factors leaves an r x r matrix with the same singular values: B A = Qb (Rb Ra^T) Qa^T. Only the
triangles are needed, and Cholesky of a float64 Gram matrix gives them at a sixth of the time of Householder QR; a
float32's accuracy survives it, since its error is sqrt(2^-52) of the largest singular value.

LoKr is exact too: the singular values of a Kronecker product are all products of its factors' ones. What is neither
small nor a product gets its largest values from a randomised range finder (Halko, Martinsson & Tropp 2011, algorithm 4.4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fluxdiag.lora.dtypes import Floats
from fluxdiag.lora.forms import EXPANDABLE, Dense, Form, Hadamard, Kronecker, LowRank, Rows
from fluxdiag.lora.model import LoraModule

Doubles = NDArray[np.float64]

SMALL = 512
"""up to this side a matrix is decomposed whole"""
LEADING, OVERSAMPLED, PASSES = 64, 16, 2
"""values that the range finder gives; columns beyond them; power iterations, so that a flat spectrum is told as well"""
DEAD = 1e-5
"""of the median norm: a layer below that has not been trained"""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """One layer's change of the weights, every scale folded in; of a DoRA what is added before the length is set."""

    path: str
    shape: tuple[int, int]
    rank: int
    """as trained"""
    alpha: float | None
    """as trained; None: the file has none, so the scale is 1"""
    values: Doubles
    """singular values, the largest first"""
    whole: bool
    """whether `values` are all there are, and not only the largest"""
    squared_norm: float
    """||change||_F^2, exact even where the values are not all there"""

    @property
    def scale(self) -> float:
        return 1.0 if self.alpha is None else self.alpha / self.rank

    @property
    def norm(self) -> float:
        return math.sqrt(self.squared_norm)

    @property
    def rms(self) -> float:
        """Root mean square of the change of one weight."""
        return math.sqrt(self.squared_norm / math.prod(self.shape))

    @cached_property
    def effective_rank(self) -> float | None:
        """exp(entropy of the singular values as shares), Roy & Vetterli 2007; None where it cannot be known."""
        return effective_rank(self.values) if self.whole else None

    @property
    def stable_rank(self) -> float:
        """||change||_F^2 / ||change||_2^2, Rudelson & Vershynin 2007; 0 for a change of nothing."""
        largest = float(self.values[0]) if len(self.values) else 0.0
        return self.squared_norm / largest**2 if largest else 0.0

    def dead(self, median_norm: float) -> bool:
        return self.squared_norm <= (DEAD * median_norm) ** 2


def spectrum(module: LoraModule, form: Form | None = None) -> Spectrum:
    """Reads the layer from the file, once, unless its form is at hand already."""
    form = form or module.form
    values, whole = singular_values(form)
    squared = float(values @ values) if whole else form.squared_norm
    return Spectrum(module.path, form.shape, module.rank, module.alpha, values, whole, squared)


def singular_values(form: Form) -> tuple[Doubles, bool]:
    """The singular values, the largest first, and whether they are all."""
    match form:
        case LowRank():
            return low_rank_values(form.down, form.up), True
        case Kronecker():
            return _kronecker_values(form)
        case Hadamard() if form.first.rank * form.second.rank <= EXPANDABLE:
            return low_rank_values(*form.expanded()), True
        case Hadamard() | Dense() | Rows() if min(form.shape) <= SMALL:
            return _dense_values(form.dense()), True
        case _:
            return leading_values(form), False


def effective_rank(values: Doubles) -> float:
    """Between 1 and the number of values that are not zero; 0 when all are."""
    shares = values[values > 0] / max(float(values.sum()), np.finfo(np.float64).tiny)
    return float(np.exp(-np.sum(shares * np.log(shares)))) if len(shares) else 0.0


def low_rank_values(down: Floats | Doubles, up: Floats | Doubles) -> Doubles:
    """Of `up @ down`: (out, r) @ (r, in) -> at most min(r, out, in) values."""
    core = triangle(up) @ triangle(down.T).T
    return _svdvals(core)[: min(len(up), down.shape[1])]


def triangle(tall: Floats | Doubles) -> Doubles:
    """An r x r matrix R with R^T R = X^T X for X (n, r): the R of X = QR, up to a rotation where columns depend."""
    doubled = tall.astype(np.float64)
    gram: Doubles = doubled.T @ doubled
    try:
        factor: Doubles = np.linalg.cholesky(gram).T.astype(np.float64, copy=False)
    except np.linalg.LinAlgError:
        squares, vectors = np.linalg.eigh(gram)
        factor = np.sqrt(np.maximum(squares, 0))[:, None] * vectors.T
    return factor


def _kronecker_values(form: Kronecker) -> tuple[Doubles, bool]:
    """All products of the two factors' values."""
    left, right = (_factor_values(array) for array in (form.left, form.right))
    products: Doubles = np.outer(left[0], right[0]).ravel()
    products.sort()
    return products[::-1], left[1] and right[1]


def _factor_values(factor: Floats) -> tuple[Doubles, bool]:
    small = min(factor.shape) <= SMALL
    return (_dense_values(factor), True) if small else (leading_values(Dense(factor)), False)


def _dense_values(matrix: Floats) -> Doubles:
    tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    return _svdvals(triangle(tall))


def _svdvals(core: Doubles) -> Doubles:
    values: Doubles = np.linalg.svd(core, compute_uv=False).astype(np.float64, copy=False)
    return values


def leading_values(form: Form, count: int = LEADING) -> Doubles:
    """The largest `count` singular values, from products with thin matrices alone: nothing dense is made."""
    return _svdvals(transposed_applied(form, leading_rows(form, count)))[:count]


def leading_rows(form: Form, count: int) -> Doubles:
    """Orthonormal rows (k, out) in whose span the largest `count` directions of the change lie nearly whole; k is a few more.

    Randomised range finder with power iterations (Halko, Martinsson & Tropp 2011, algorithm 4.4).
    """
    drawn = np.random.default_rng(0).standard_normal((min(count + OVERSAMPLED, *form.shape), form.shape[1]))
    basis = _orthonormal(form.applied(drawn))
    for _ in range(PASSES):
        basis = _orthonormal(form.applied(_orthonormal(transposed_applied(form, basis))))
    return basis


def _orthonormal(rows: Doubles) -> Doubles:
    basis: Doubles = np.linalg.qr(rows.T)[0].T
    return basis


def transposed_applied(form: Form, y: Doubles) -> Doubles:
    """y @ change for y (n, out), as `applied` is x @ change^T."""
    match form:
        case Rows():
            padded = np.zeros((len(y), form.whole.shape[0]))
            padded[:, form.start : form.stop] = y
            return transposed_applied(form.whole, padded)
        case LowRank():
            return _transposed(form).applied(y)
        case Kronecker():
            return Kronecker(form.left.T, form.right.T).applied(y)
        case Hadamard():
            return Hadamard(_transposed(form.first), _transposed(form.second)).applied(y)
        case Dense():
            return Dense(form.weight.T).applied(y)


def _transposed(pair: LowRank) -> LowRank:
    return LowRank(pair.up.T, pair.down.T)
