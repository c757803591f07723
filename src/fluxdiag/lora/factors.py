"""A change as a LoRA: the best one of a given rank (Eckart & Young 1936), or the one that is the same change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fluxdiag.lora.dtypes import Floats
from fluxdiag.lora.forms import EXPANDABLE, Dense, Form, Hadamard, Kronecker, LowRank, Rows
from fluxdiag.lora.spectrum import SMALL, leading_rows, transposed_applied

Doubles = NDArray[np.float64]
Triple = tuple[Doubles, Doubles, Doubles]
"""left vectors (out, k), values (k,), right vectors (k, in)"""

MOST = 256
"""rank up to which another form is worth writing as the LoRA that it equals: a file of FLUX.1 has 2.7 GB then"""
LOST = 1e-13
"""share of the squared norm that float32 loses anyway"""


def exactly(form: Form) -> LowRank | None:
    """The LoRA that is the same change but for the rounding of float32; None where its rank would be above MOST."""
    match form:
        case LowRank():
            return form
        case Hadamard():
            return _pair(*form.expanded()) if form.first.rank * form.second.rank <= MOST else None
        case Kronecker():
            return _whole(form, *_leading(form, MOST))
        case Rows():
            whole = exactly(form.whole)
            return None if whole is None else whole.rows(form.start, form.stop)
        case Dense():
            return _with_identity(form.weight) if min(form.shape) <= MOST else None


def _whole(form: Form, left: Doubles, values: Doubles, right: Doubles) -> LowRank | None:
    """As few directions as leave nothing out."""
    left_out = form.squared_norm - np.cumsum(values**2)
    enough = np.flatnonzero(left_out <= LOST * form.squared_norm)
    if not len(enough):
        return None
    rank = int(enough[0]) + 1
    root = np.sqrt(values[:rank])
    return _pair(root[:, None] * right[:rank], left[:, :rank] * root)


def _with_identity(weight: Floats) -> LowRank:
    rows, columns = weight.shape
    return (
        LowRank(weight, np.eye(rows, dtype=np.float32)) if rows < columns else LowRank(np.eye(columns, dtype=np.float32), weight)
    )


def _pair(down: Doubles, up: Doubles) -> LowRank:
    return LowRank(np.ascontiguousarray(down, dtype=np.float32), np.ascontiguousarray(up, dtype=np.float32))


def truncated(form: Form, rank: int) -> LowRank:
    """The nearest of all matrices of `rank` in Frobenius norm. Both factors are scaled alike, for the sake of narrow types."""
    left, values, right = _leading(form, rank)
    root = np.sqrt(values[:rank])
    return _pair(root[:, None] * right[:rank], left[:, :rank] * root)


def _leading(form: Form, rank: int) -> Triple:
    """At least `rank` singular triples, or all there are; exact for LoRA, LoKr and what is small."""
    match form:
        case LowRank():
            return of_product(form.down.astype(np.float64), form.up.astype(np.float64))
        case Kronecker():
            return _kronecker(form, rank)
        case Hadamard() if form.first.rank * form.second.rank <= EXPANDABLE:
            return of_product(*form.expanded())
        case _ if min(form.shape) <= SMALL:
            return _svd(form.dense().astype(np.float64))
        case _:
            return _sketched(form, rank)


def of_product(down: Doubles, up: Doubles) -> Triple:
    """SVD of up @ down through QR of both and an r x r SVD."""
    basis_up, core_up = np.linalg.qr(up)
    basis_down, core_down = np.linalg.qr(down.T)
    left, values, right = _svd(core_up @ core_down.T)
    return basis_up @ left, values, right @ basis_down.T


def _kronecker(form: Kronecker, rank: int) -> Triple:
    """Singular vectors of a Kronecker product are the Kronecker products of its factors' ones."""
    first, second = (_leading(Dense(factor), rank) for factor in (form.left, form.right))
    products = np.outer(first[1], second[1])
    order = np.argsort(-products, axis=None, kind="stable")[:rank]
    one, two = np.unravel_index(order, products.shape)
    left = first[0][:, None, one] * second[0][None, :, two]
    right = first[2][one, :, None] * second[2][two, None, :]
    return left.reshape(-1, len(order)), products[one, two], right.reshape(len(order), -1)


def _sketched(form: Form, rank: int) -> Triple:
    basis = leading_rows(form, rank)  # (k, out)
    left, values, right = _svd(transposed_applied(form, basis))  # (k, in)
    return basis.T @ left, values, right


def _svd(matrix: Doubles) -> Triple:
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    return left, values, right
