"""A change as the LoRA that it equals: the same to the rounding of float32, of as few directions as it has, or none at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdiag.lora.factors import MOST, exactly
from fluxdiag.lora.forms import Dense, Hadamard, Kronecker, LowRank

small = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def pair(seed, rows, columns, rank):
    return LowRank(normal(seed, rank, columns), normal(seed + 1, rows, rank))


def same(form, found):
    expected = form.dense().astype(np.float64)
    assert found.shape == form.shape
    assert (found.down.dtype, found.up.dtype) == (np.float32, np.float32)
    made = found.up.astype(np.float64) @ found.down.astype(np.float64)
    added = np.abs(found.up).astype(np.float64) @ np.abs(found.down)  # the terms may nearly cancel, their rounding does not
    assert np.linalg.norm(made - expected) <= 1e-6 * np.linalg.norm(added)


def test_a_lora_is_what_it_is():
    form = pair(1, 5, 4, 3)
    assert exactly(form) is form


@given(seeds, small, small, small, small)
def test_a_product_of_two_loras_is_one(seed, rows, columns, first, second):
    form = Hadamard(pair(seed, rows, columns, first), pair(seed + 2, rows, columns, second))
    found = exactly(form)
    same(form, found)
    assert found.rank == first * second


@given(seeds, small, small, small, small, st.booleans())
def test_a_lokr_has_as_many_directions_as_its_factors_ranks_multiply_to(seed, a, b, c, d, thin):
    left = normal(seed, a, 1) @ normal(seed + 2, 1, b) if thin else normal(seed, a, b)
    form = Kronecker(left, normal(seed + 1, c, d))
    found = exactly(form)
    same(form, found)
    assert found.rank == (1 if thin else min(a, b)) * min(c, d)


@given(seeds, st.data())
def test_rows_of_a_lokr_are_rows_of_its_lora(seed, data):
    start = data.draw(st.integers(0, 18))
    form = Kronecker(normal(seed, 4, 3), normal(seed + 1, 5, 4)).rows(start, data.draw(st.integers(start + 1, 20)))
    same(form, exactly(form))


@given(seeds, st.integers(1, 9), st.integers(1, 9))
def test_a_full_difference_comes_bit_by_bit_beside_an_identity(seed, rows, columns):
    form = Dense(normal(seed, rows, columns))
    found = exactly(form)
    assert found.rank == min(rows, columns)
    assert np.array_equal(found.up @ found.down, form.weight)


def lokr(left, right):
    return Kronecker(normal(1, left, left + 1), normal(2, right, right + 2))


@pytest.mark.parametrize(
    ("form", "rank"),
    [
        (lokr(16, 16), MOST),
        (lokr(16, 17), None),
        (lokr(16, 17).rows(5, 270), None),
        (Hadamard(pair(1, 9, 8, 128), pair(3, 9, 8, 2)), MOST),
        (Hadamard(pair(1, 9, 8, 2), pair(3, 9, 8, 129)), None),
        (Hadamard(pair(1, 9, 8, 129), pair(3, 9, 8, 2)), None),
        (Dense(normal(1, MOST, 300)), MOST),
        (Dense(normal(1, 300, MOST)), MOST),
        (Dense(normal(1, MOST + 1, 300)), None),
        (pair(1, 9, 8, MOST + 1), MOST + 1),
    ],
)
def test_a_lora_of_too_many_directions_is_not_written_but_for_one_that_is_there(form, rank):
    found = exactly(form)
    assert (None if found is None else found.rank) == rank
    if found is not None:
        same(form, found)


def test_a_change_of_nothing_is_one():
    form = Kronecker(np.zeros((2, 3), np.float32), normal(1, 4, 5))
    found = exactly(form)
    assert not (found.up @ found.down).any()
