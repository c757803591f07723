"""Spectra against numpy's own SVD of the change itself, in float64; groups, dead layers, and numbers that are none."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdiag.blocks import appearance_blocks, group_of
from fluxdiag.lora.container import open_container
from fluxdiag.lora.energy import by_group, dead, single_blocks
from fluxdiag.lora.forms import Dense, Hadamard, Kronecker, LowRank, Rows
from fluxdiag.lora.health import Broken, Health, health
from fluxdiag.lora.model import LoraModule, when_asked
from fluxdiag.lora.spectrum import LEADING, effective_rank, leading_values, singular_values, spectrum

CLOSE = 1e-6
"""of the largest singular value: float32's own accuracy"""
sides = st.integers(1, 24)
seeds = st.integers(0, 2**32 - 1)


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def pair(seed, rows, columns, rank):
    return LowRank(normal(seed, rank, columns), normal(seed + 1, rows, rank))


def dense_values(form):
    halves = [form.first, form.second] if isinstance(form, Hadamard) else [form]
    if isinstance(form, LowRank | Hadamard):
        made = [half.up.astype(np.float64) @ half.down.astype(np.float64) for half in halves]
        return np.linalg.svd(np.prod(made, axis=0), compute_uv=False)
    return np.linalg.svd(form.dense().astype(np.float64), compute_uv=False)


def agrees(form):
    found, whole = singular_values(form)
    expected = dense_values(form)
    missing = expected[len(found) :]
    assert whole
    assert np.all(np.diff(found) <= 0)
    assert np.allclose(found, expected[: len(found)], rtol=0, atol=CLOSE * expected[0])
    assert np.all(missing <= CLOSE * expected[0])
    assert float(found @ found) == pytest.approx(form.squared_norm, rel=1e-5)


@given(seeds, sides, sides, st.integers(1, 30))
def test_a_lora_of_any_shape_and_rank(seed, rows, columns, rank):
    agrees(pair(seed, rows, columns, rank))


@given(seeds, sides, st.integers(1, 6), st.integers(1, 6))
def test_dependent_directions_have_no_size(seed, side, rank, copies):
    """As in a fused layer whose parts were stacked: Cholesky cannot, the other way must."""
    half = pair(seed, side, side, rank)
    agrees(LowRank(np.concatenate([half.down] * copies), np.concatenate([half.up] * copies, axis=1)))
    agrees(LowRank(half.down, half.up * np.float32(0)) if copies == 1 else half)


@given(seeds, st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
def test_lokr_is_exact(seed, a, b, c, d):
    agrees(Kronecker(normal(seed, a, b), normal(seed + 1, c, d)))


@given(seeds, st.data())
def test_rows_of_a_lokr(seed, data):
    whole = Kronecker(normal(seed, 4, 3), normal(seed + 1, 5, 4))
    start = data.draw(st.integers(0, 18))
    agrees(Rows(whole, start, data.draw(st.integers(start + 1, 20))))


@given(seeds, sides, sides, st.integers(1, 5))
def test_loha_is_exact(seed, rows, columns, rank):
    agrees(Hadamard(pair(seed, rows, columns, rank), pair(seed + 2, rows, columns, rank)))


@given(seeds, sides, sides)
def test_a_full_difference(seed, rows, columns):
    agrees(Dense(normal(seed, rows, columns)))


def decaying(rows, columns):
    """A matrix whose singular values are 1, 1/2, 1/3, ..."""
    left, right = (np.linalg.qr(normal(seed, side, 100))[0] for seed, side in ((1, rows), (2, columns)))
    return Dense(((left / np.arange(1, 101)) @ right.T).astype(np.float32))


LARGE = {
    "full difference": decaying(700, 600),
    "LoHa of high ranks": Hadamard(pair(1, 620, 610, 24), pair(3, 620, 610, 24)),
    "rows of a LoKr": Rows(Kronecker(normal(1, 30, 25), normal(2, 24, 24)), 7, 700),
}


@pytest.mark.parametrize("kind", LARGE)
def test_what_is_large_has_its_largest_values_and_its_norm(kind):
    form = LARGE[kind]
    found = spectrum(LoraModule("transformer.x", form, 8, None))
    expected = dense_values(form)
    assert not found.whole
    assert found.effective_rank is None
    assert len(found.values) == LEADING
    assert found.values[0] == pytest.approx(expected[0], rel=0.01)
    assert np.all(found.values <= expected[:LEADING] * (1 + 1e-6)), "a projection never has larger ones"
    assert found.norm == pytest.approx(np.linalg.norm(expected), rel=1e-5)
    assert found.stable_rank == pytest.approx(np.sum(expected**2) / expected[0] ** 2, rel=0.02)


def loha(first, second, side=520):
    return Hadamard(pair(1, side, side + 1, first), pair(3, side, side + 1, second))


@pytest.mark.parametrize(
    ("form", "all_known"),
    [
        (loha(16, 16), True),
        (loha(128, 2), True),
        (loha(2, 128), True),
        (loha(1, 200), True),
        (loha(17, 16), False),
        (loha(3, 100), False),
        (loha(100, 3), False),
        (Dense(normal(1, 512, 700)), True),
        (Dense(normal(1, 700, 512)), True),
        (Dense(normal(1, 513, 514)), False),
        (Kronecker(normal(1, 700, 512), normal(2, 1, 2)), True),
        (Kronecker(normal(1, 513, 514), normal(2, 1, 2)), False),
        (Kronecker(normal(1, 2, 1), normal(2, 513, 514)), False),
        (LowRank(normal(1, 3, 600), normal(2, 600, 3)), True),
    ],
    ids=lambda given: f"{type(given).__name__}" if not isinstance(given, bool) else str(given),
)
def test_whether_all_values_are_known_hangs_on_what_they_cost(form, all_known):
    """And where they are said to be all, they are: their squares add up to the norm."""
    found, whole = singular_values(form)
    assert whole == all_known
    assert np.all(np.diff(found) <= 0)
    total = float(found @ found)
    assert total == pytest.approx(form.squared_norm, rel=1e-5) if whole else total < 0.99 * form.squared_norm


def test_a_form_that_is_at_hand_is_not_read_from_the_file_again():
    def read():
        raise AssertionError("read again")

    form = pair(1, 6, 5, 2)
    module = LoraModule("transformer.x", when_asked(read), 2, None)
    assert np.array_equal(spectrum(module, form).values, singular_values(form)[0])


def test_the_range_finder_is_exact_where_the_rank_is_low():
    form = pair(1, 80, 90, 5)
    assert np.allclose(leading_values(form)[:5], dense_values(form)[:5], rtol=1e-8)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0], 1),
        ([2.0, 2.0, 2.0, 2.0], 4),
        ([5.0, 0.0], 1),
        ([0.0, 0.0], 0),
        ([], 0),
        ([3.0, 1.0], math.exp(0.5623351446188083)),
    ],
)
def test_effective_rank_is_the_entropy_of_the_values(values, expected):
    assert effective_rank(np.array(values)) == pytest.approx(expected)


def test_figures_of_a_known_change():
    up, down = np.zeros((6, 2), np.float32), np.zeros((2, 4), np.float32)
    up[0, 0] = up[1, 1] = 1
    down[0, 0], down[1, 1] = 4, 3
    found = spectrum(LoraModule("transformer.x", LowRank(down, up), 2, 8.0))
    assert found.values.tolist() == pytest.approx([4, 3])
    assert (found.norm, found.scale) == (pytest.approx(5), 4.0)
    assert found.rms == pytest.approx(5 / math.sqrt(24))
    assert found.stable_rank == pytest.approx(25 / 16)


def test_values_keep_float32s_accuracy_over_six_decades():
    left, right = (np.linalg.qr(normal(seed, 40, 12))[0] for seed in (1, 2))
    sizes = np.logspace(0, -6, 12)
    found, _ = singular_values(LowRank(right.T.astype(np.float32), (left * sizes).astype(np.float32)))
    assert np.allclose(found, sizes, rtol=0, atol=1e-7)


# ------------------------------------------------------------------------------------------------ all layers


def layer(path, size=1.0, shape=(8, 8)):
    form = Dense(np.full(shape, size / math.sqrt(math.prod(shape)), np.float32))
    return spectrum(LoraModule(f"transformer.{path}", form, 1, None))


@pytest.mark.parametrize(
    ("path", "blocks", "group"),
    [
        ("transformer.transformer_blocks.18.attn.to_q", 38, "double"),
        ("transformer.single_transformer_blocks.14.proj_out", 38, "single-early"),
        ("transformer.single_transformer_blocks.15.proj_out", 38, "single-late"),
        ("transformer.single_transformer_blocks.1.proj_out", 4, "single-early"),  # 15/38 of 4 are two
        ("transformer.single_transformer_blocks.2.proj_out", 4, "single-late"),
        ("transformer.proj_out", 38, "outside"),
        ("text_encoder.text_model.encoder.layers.0.mlp.fc1", 38, "text-encoder"),
        ("text_encoder_2.encoder.block.0.layer.0.SelfAttention.q", 38, "text-encoder"),
    ],
)
def test_layers_are_grouped_by_where_they_lie(path, blocks, group):
    assert group_of(path, appearance_blocks(blocks)) == group


def test_flux1s_depth_is_known_by_its_width_and_anothers_by_its_layers():
    assert single_blocks([layer("single_transformer_blocks.3.proj_out"), layer("transformer_blocks.9.attn.to_q")]) == 4
    assert single_blocks([layer("single_transformer_blocks.3.attn.to_q", shape=(2, 3072))]) == 38
    assert single_blocks([layer("proj_out", shape=(64, 3072))]) == 0
    assert single_blocks([layer(f"single_transformer_blocks.{number}.proj_out") for number in (0, 3, 1)]) == 4


def test_energy_by_block():
    found = by_group([
        layer("transformer_blocks.0.attn.to_q", 3.0),
        layer("single_transformer_blocks.0.attn.to_q", 4.0),
        layer("single_transformer_blocks.3.attn.to_q", 0.0),
    ])  # fmt: skip
    assert [(group.group, group.modules) for group in found] == [("double", 1), ("single-early", 1), ("single-late", 1)]
    assert [group.energy for group in found] == pytest.approx([9 / 25, 16 / 25, 0], rel=1e-6)
    assert [group.rms for group in found] == pytest.approx([3 / 8, 4 / 8, 0], rel=1e-6)


def test_groups_come_in_the_order_in_which_the_model_runs():
    paths = (
        "text_encoder.text_model.encoder.layers.0.mlp.fc1",
        "transformer.proj_out",
        "transformer.single_transformer_blocks.9.proj_out",
        "transformer.single_transformer_blocks.0.proj_out",
        "transformer.transformer_blocks.0.attn.to_q",
    )
    spectra = [spectrum(LoraModule(path, Dense(np.ones((2, 2), np.float32)), 1, None)) for path in paths]
    assert [group.group for group in by_group(spectra)] == ["double", "single-early", "single-late", "outside", "text-encoder"]


def test_a_groups_figures_are_of_all_its_layers():
    """The energy is of their sum, the change of one weight is spread over all their weights, ranks are medians."""
    ones, twos = Dense(np.ones((4, 4), np.float32)), Dense(2 * np.eye(4, dtype=np.float32))
    three, unknown = Dense(np.diag([3.0, 3.0, 0.0]).astype(np.float32)), LARGE["full difference"]
    forms = {"a": ones, "b": twos, "c": three, "d": unknown}
    spectra = [spectrum(LoraModule(f"transformer.{name}", form, 1, None)) for name, form in forms.items()]
    (found,) = by_group(spectra[:3])
    assert (found.group, found.modules, found.energy) == ("outside", 3, pytest.approx(1))
    assert found.rms == pytest.approx(math.sqrt((16 + 16 + 18) / (16 + 16 + 9)))
    assert (found.stable_rank, found.effective_rank) == (pytest.approx(2), pytest.approx(2))  # of 1, 4 and 2
    assert by_group(spectra)[0].effective_rank == pytest.approx(2), "where the rank of one cannot be known, of the others"
    assert by_group(spectra[3:])[0].effective_rank is None
    nothing = [spectrum(LoraModule("transformer.a", Dense(np.zeros((2, 2), np.float32)), 1, None))]
    assert by_group(nothing)[0].energy == 0


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e4])
def test_a_layer_is_dead_beside_the_others_whatever_the_strength_of_all(scale):
    sizes = {"a": 1.0, "b": 2.0, "c": 1.5e-5, "d": 0.5e-5, "e": 1.0}
    assert dead([layer(name, size * scale) for name, size in sizes.items()]) == ("transformer.d",)


def test_without_an_alpha_the_scale_is_one():
    assert spectrum(LoraModule("transformer.x", pair(1, 4, 4, 2), 2, None)).scale == 1
    assert spectrum(LoraModule("transformer.x", pair(1, 4, 4, 2), 2, 1.0)).scale == 0.5


def test_dead_layers_are_named_and_small_ones_are_not():
    spectra = [layer("a", 1.0), layer("b", 0.0), layer("c", 1e-3), layer("d", 1e-7), layer("e", 2.0)]
    assert dead(spectra) == ("transformer.b", "transformer.d")
    assert dead([layer("a", 0.0)]) == ("transformer.a",)
    assert dead([layer("a", 0.9e-5), layer("b", 1.1e-5), *(layer(name, 1.0) for name in "cde")]) == ("transformer.a",)
    # The line is drawn at the middle of those that were trained at all: many zeros do not draw it down.
    assert len(dead([*(layer(f"{n}", 0.0) for n in range(9)), layer("x", 1.0), layer("y", 1e-9), layer("z", 1.0)])) == 10


# ------------------------------------------------------------------------------------------------ numbers

KINDS = {
    "F32": np.array([0x00000001, 0x007FFFFF, 0x00800000, 0x7F800000, 0xFF800001, 0x80000000, 0x3F800000], "<u4").view("<f4"),
    "F16": np.array([0x0001, 0x03FF, 0x0400, 0x7C00, 0xFC01, 0x8000, 0x3C00], "<u2"),
    "BF16": np.array([0x0001, 0x007F, 0x0080, 0x7F80, 0xFF81, 0x8000, 0x3F80], "<u2"),
    "F8_E5M2": np.array([0x01, 0x03, 0x04, 0x7C, 0xFD, 0x80, 0x3C], "u1"),
    "F64": np.array([1, (1 << 52) - 1, 1 << 52, 0x7FF << 52, (0xFFF << 52) + 1, 1 << 63, 0x3FF << 52], "<u8"),
}


@pytest.mark.parametrize("dtype", KINDS)
def test_numbers_that_are_none_are_counted_in_the_files_own_bits(write, dtype):
    container = open_container(write({"a": KINDS[dtype], "b": KINDS[dtype][5:]}, dtype=dtype))
    assert health(container, ["a", "b"]) == Health(numbers=9, nan=1, infinite=1, denormal=2, broken=(Broken("a", 1, 1),))


def test_float8_e4m3_has_no_infinity(write):
    container = open_container(write({"a": np.array([0x7F, 0xFF, 0x01, 0x07, 0x08, 0x00, 0x7E], "u1")}, dtype="F8_E4M3"))
    assert health(container, ["a"]) == Health(numbers=7, nan=2, infinite=0, denormal=2, broken=(Broken("a", 2, 0),))


def test_large_tensors_are_counted_piece_by_piece(write):
    codes = np.full(300_000, 0x3F80, "<u2")
    codes[[5, 299_999]] = 0x7F81, 0x0001
    container = open_container(write({"a": codes}, dtype="BF16"))
    assert health(container, ["a"]) == Health(300_000, 1, 0, 1, (Broken("a", 1, 0),))
