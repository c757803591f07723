"""How one layer's weights change: the forms that trainers write, each exact and as small as in the file.

Every scale is folded in, so a form is the change itself. LoHa and LoKr: Yeh et al. 2309.14859, equations 6 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fluxdiag.lora.dtypes import Floats

Doubles = NDArray[np.float64]

CHUNK = 256
"""rows of a change that are made at once where the whole would be needlessly large"""
EXPANDABLE = 256
"""LoHa up to this product of its two ranks is cheaper as one pair of matrices than row by row"""


@dataclass(frozen=True, eq=False)
class LowRank:
    """LoRA: up @ down."""

    down: Floats
    """(rank, in)"""
    up: Floats
    """(out, rank)"""

    @property
    def shape(self) -> tuple[int, int]:
        return self.up.shape[0], self.down.shape[1]

    @property
    def rank(self) -> int:
        return len(self.down)

    def dense(self) -> Floats:
        return self.up @ self.down

    @property
    def squared_norm(self) -> float:
        """||BA||_F^2 = tr((B^T B)(A A^T)): rank x rank products instead of the dense change."""
        return _squared_norm(self.down.astype(np.float64), self.up.astype(np.float64))

    def applied(self, x: Doubles) -> Doubles:
        product: Doubles = (x @ self.down.T.astype(np.float64)) @ self.up.T.astype(np.float64)
        return product

    def rows(self, start: int, stop: int) -> LowRank:
        return LowRank(self.down, self.up[start:stop])

    @property
    def arrays(self) -> tuple[Floats, ...]:
        return self.down, self.up


@dataclass(frozen=True, eq=False)
class Kronecker:
    """LoKr: kron(left, right). A factor that was itself a product in the file is multiplied out: both are small."""

    left: Floats
    """(out / p, in / q)"""
    right: Floats
    """(p, q)"""

    @property
    def shape(self) -> tuple[int, int]:
        return self.left.shape[0] * self.right.shape[0], self.left.shape[1] * self.right.shape[1]

    @property
    def rank(self) -> int:
        """The highest that kron(left, right) can have: the factors' ranks multiply."""
        return int(min(self.left.shape) * min(self.right.shape))

    def dense(self) -> Floats:
        return np.kron(self.left, self.right)

    @property
    def squared_norm(self) -> float:
        return _sum_of_squares(self.left) * _sum_of_squares(self.right)

    def applied(self, x: Doubles) -> Doubles:
        """(L (x) R) vec(X) with X as rows of `left` by columns of `right`: L X R^T (Van Loan 2000)."""
        grid = x.reshape(len(x), self.left.shape[1], self.right.shape[1])
        product: Doubles = self.left.astype(np.float64) @ (grid @ self.right.T.astype(np.float64))
        return product.reshape(len(x), -1)

    def rows(self, start: int, stop: int) -> Kronecker | Rows:
        height = len(self.right)
        if start % height == stop % height == 0:
            return Kronecker(self.left[start // height : stop // height], self.right)
        first = start // height
        return Rows(Kronecker(self.left[first : -(-stop // height)], self.right), start - first * height, stop - first * height)

    @property
    def arrays(self) -> tuple[Floats, ...]:
        return self.left, self.right


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows of a LoKr, where a fused layer's parts end inside a block: kept as factors, for dense it would be huge."""

    whole: Kronecker
    start: int
    stop: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.stop - self.start, self.whole.shape[1]

    @property
    def rank(self) -> int:
        return min(*self.shape, self.whole.rank)

    def dense(self) -> Floats:
        return self.whole.dense()[self.start : self.stop]

    @property
    def squared_norm(self) -> float:
        """A row of kron(L, R) is as long as the product of the two rows that it is made of."""
        left, right = ((array.astype(np.float64) ** 2).sum(axis=1) for array in self.whole.arrays)
        return float(np.outer(left, right).ravel()[self.start : self.stop].sum())

    def applied(self, x: Doubles) -> Doubles:
        return self.whole.applied(x)[:, self.start : self.stop]

    def rows(self, start: int, stop: int) -> Kronecker | Rows:
        return self.whole.rows(self.start + start, self.start + stop)

    @property
    def arrays(self) -> tuple[Floats, ...]:
        return self.whole.arrays


@dataclass(frozen=True, eq=False)
class Hadamard:
    """LoHa: (up1 @ down1) * (up2 @ down2), element by element."""

    first: LowRank
    second: LowRank

    @property
    def shape(self) -> tuple[int, int]:
        return self.first.shape

    @property
    def rank(self) -> int:
        """The highest that the product can have: the two ranks multiply."""
        return min(*self.shape, self.first.rank * self.second.rank)

    def dense(self) -> Floats:
        dense = self.first.dense()
        dense *= self.second.dense()
        return dense

    def expanded(self) -> tuple[Doubles, Doubles]:
        """(down, up) of rank first * second whose product is the change: column-wise Kronecker products (Khatri-Rao)."""
        down, up = _paired(self.first.down, self.second.down), _paired(self.first.up.T, self.second.up.T).T
        return down, up

    @property
    def squared_norm(self) -> float:
        if self.first.rank * self.second.rank <= EXPANDABLE:
            return _squared_norm(*self.expanded())
        return sum(_sum_of_squares(chunk) for chunk in self._chunks())

    def applied(self, x: Doubles) -> Doubles:
        return np.concatenate([x @ chunk.T for chunk in self._chunks()], axis=1)

    def rows(self, start: int, stop: int) -> Hadamard:
        return Hadamard(self.first.rows(start, stop), self.second.rows(start, stop))

    def _chunks(self) -> Iterator[Doubles]:
        for start in range(0, self.shape[0], CHUNK):
            halves = [half.rows(start, start + CHUNK) for half in (self.first, self.second)]
            made = [half.up.astype(np.float64) @ half.down.astype(np.float64) for half in halves]
            yield made[0] * made[1]

    @property
    def arrays(self) -> tuple[Floats, ...]:
        return *self.first.arrays, *self.second.arrays


@dataclass(frozen=True, eq=False)
class Dense:
    """A full difference, as `diff` tensors hold it."""

    weight: Floats
    """(out, in)"""

    @property
    def shape(self) -> tuple[int, int]:
        return self.weight.shape[0], self.weight.shape[1]

    @property
    def rank(self) -> int:
        return min(self.shape)

    def dense(self) -> Floats:
        return self.weight

    @property
    def squared_norm(self) -> float:
        return _sum_of_squares(self.weight)

    def applied(self, x: Doubles) -> Doubles:
        parts = [x @ self.weight[start : start + CHUNK].T.astype(np.float64) for start in range(0, len(self.weight), CHUNK)]
        return np.concatenate(parts, axis=1)

    def rows(self, start: int, stop: int) -> Dense:
        return Dense(self.weight[start:stop])

    @property
    def arrays(self) -> tuple[Floats, ...]:
        return (self.weight,)


Form = LowRank | Kronecker | Rows | Hadamard | Dense


def _squared_norm(down: Doubles, up: Doubles) -> float:
    return float(np.sum((up.T @ up) * (down @ down.T)))


def _sum_of_squares(array: Floats | Doubles) -> float:
    """In float64, a chunk at a time: a squared float32 may overflow, and a copy of a full difference is large."""
    return float(sum(np.sum(array[start : start + CHUNK].astype(np.float64) ** 2) for start in range(0, len(array), CHUNK)))


def _paired(first: Floats, second: Floats) -> Doubles:
    """Every row of one times every row of the other, element by element: (r1, n), (r2, n) -> (r1 r2, n)."""
    product: Doubles = first.astype(np.float64)[:, None] * second.astype(np.float64)[None]
    return product.reshape(-1, first.shape[1])
