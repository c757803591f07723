"""Each form against the dense change that it stands for: all that is worked out without it must agree."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdiag.lora import Lora, LoraModule, dora, lora_file
from fluxdiag.lora.forms import EXPANDABLE, Dense, Hadamard, Kronecker, LowRank, Rows
from fluxdiag.lora.model import Magnitude, when_asked


def _random(seed, *shape):
    return np.random.default_rng([seed, *shape]).normal(size=shape).astype(np.float32)


def low_rank(out=12, into=8, rank=3, seed=0):
    return LowRank(_random(seed, rank, into), _random(seed + 1, out, rank))


WIDE = 20  # a LoHa of these ranks is too large to be expanded
FORMS = {
    "low rank": low_rank(),
    "Kronecker": Kronecker(_random(0, 3, 2), _random(1, 4, 4)),
    "rows of a Kronecker product": Kronecker(_random(0, 4, 2), _random(1, 5, 4)).rows(3, 15),
    "Hadamard": Hadamard(low_rank(), low_rank(seed=7)),
    "Hadamard of unlike ranks": Hadamard(low_rank(rank=1), low_rank(rank=4, seed=7)),
    "wide Hadamard": Hadamard(low_rank(rank=WIDE), low_rank(rank=WIDE, seed=7)),
    "dense": Dense(_random(0, 12, 8)),
}


@pytest.fixture(params=FORMS)
def form(request):
    return FORMS[request.param]


def test_the_shape_is_that_of_the_dense_change(form):
    assert form.shape == form.dense().shape == (12, 8)
    assert form.dense().dtype == np.float32
    assert np.linalg.matrix_rank(form.dense().astype(np.float64), rtol=1e-5) == form.rank, "random factors have all directions"


def test_the_norm_is_that_of_the_dense_change(form):
    assert form.squared_norm == pytest.approx(np.sum(form.dense().astype(np.float64) ** 2), rel=1e-6)


def test_applied_is_the_product_with_the_dense_change(form):
    x = np.random.default_rng(3).normal(size=(5, 8))
    np.testing.assert_allclose(form.applied(x), x @ form.dense().T.astype(np.float64), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("start", "stop"), [(0, 12), (4, 8), (3, 5), (1, 11), (11, 12)])
def test_rows_are_those_of_the_dense_change(form, start, stop):
    part, whole = form.rows(start, stop), form.dense()
    rounding = 1e-6 * float(np.abs(whole).max())  # in which order a BLAS adds up hangs on the processor and the shape
    np.testing.assert_allclose(part.dense(), whole[start:stop], rtol=1e-6, atol=rounding)
    np.testing.assert_allclose(part.rows(0, 1).dense(), whole[start : start + 1], rtol=1e-6, atol=rounding)
    assert part.squared_norm == pytest.approx(np.sum(form.dense()[start:stop].astype(np.float64) ** 2), rel=1e-6)


def test_rows_that_fall_on_blocks_stay_a_kronecker_product():
    whole = Kronecker(_random(0, 4, 2), _random(1, 5, 4))
    assert isinstance(whole.rows(5, 15), Kronecker)
    cut = whole.rows(6, 14)
    assert isinstance(cut, Rows)
    assert cut.whole.shape == (10, 8), "blocks that no row is in are left out"


def test_only_a_small_hadamard_product_is_expanded():
    assert FORMS["wide Hadamard"].first.rank ** 2 > EXPANDABLE
    down, up = FORMS["Hadamard"].expanded()
    np.testing.assert_allclose(up @ down, FORMS["Hadamard"].dense(), rtol=1e-5, atol=1e-6)


@given(strength=st.floats(-2, 2), seed=st.integers(0, 50), axis=st.sampled_from(["out", "in"]))
def test_dora_gives_the_weight_the_lengths_that_were_learnt(strength, seed, axis):
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(12, 8))
    lengths = (0.5 + rng.random(12 if axis == "out" else 8)).astype(np.float32)
    module = LoraModule("transformer.x", low_rank(seed=seed), 3, None, Magnitude(lengths, axis))
    changed = base + dora.delta(module, base, strength)
    assert np.linalg.norm(changed, axis=1 if axis == "out" else 0) == pytest.approx(lengths, rel=1e-6)
    moved = base + strength * module.form.dense().astype(np.float64)
    ratio = changed / moved  # the directions are those of the changed weight
    assert np.allclose(ratio, ratio[:, :1] if axis == "out" else ratio[:1])


def test_without_a_magnitude_the_change_is_scaled():
    module = LoraModule("transformer.x", low_rank(), 3, None)
    np.testing.assert_array_equal(dora.delta(module, np.ones((12, 8)), 0.5), 0.5 * module.form.dense().astype(np.float64))


def test_a_form_may_be_read_when_it_is_asked_for():
    asked = []
    module = LoraModule("transformer.x", when_asked(lambda: asked.append(1) or low_rank()), 3, None)
    assert not asked
    assert module.form.shape == (12, 8)
    assert len(asked) == 1


def test_what_is_no_low_rank_says_so_when_its_matrices_are_asked_for():
    module = LoraModule("transformer.x", FORMS["dense"], 8, None)
    with pytest.raises(TypeError, match="x is a Dense"):
        _ = module.down
    assert not module.plain


PARAMETERS = {
    LowRank(np.ones((2, 5)), np.ones((7, 2))): 2 * (5 + 7),
    Kronecker(np.ones((2, 3)), np.ones((4, 5))): 2 * 3 + 4 * 5,
    Rows(Kronecker(np.ones((2, 3)), np.ones((4, 5))), 1, 3): 2 * 3 + 4 * 5,
    Hadamard(LowRank(np.ones((2, 5)), np.ones((7, 2))), LowRank(np.ones((3, 5)), np.ones((7, 3)))): (2 + 3) * (5 + 7),
    Dense(np.ones((7, 5))): 7 * 5,
}


@pytest.mark.parametrize("form", PARAMETERS, ids=lambda form: type(form).__name__)
def test_what_a_form_holds_is_counted(form):
    lora = Lora(Path("x"), "0" * 64, "bfl", None, {"x": LoraModule("x", form, 2, None)}, {}, {}, ())
    assert lora_file(lora).parameters == PARAMETERS[form]


def test_shared_arrays_are_counted_once():
    whole = low_rank()
    parts = {name: LoraModule(name, whole.rows(start, start + 4), 3, None) for name, start in (("a", 0), ("b", 4), ("c", 8))}
    lora = Lora(Path("x"), "0" * 64, "bfl", None, parts, {}, {}, ())
    assert lora_file(lora).parameters == whole.down.size + whole.up.size
    assert lora.delta_norm == pytest.approx(np.linalg.norm(whole.dense()), rel=1e-6)
