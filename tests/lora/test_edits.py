"""Edits against the change itself: scale, the best approximation of a rank, blocks that stay or go; and the notes they leave."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import read_lora
from fluxdiag.lora.edits import EDITS, dropped, kept, scaled, selection, truncated
from fluxdiag.lora.factors import truncated as nearest
from fluxdiag.lora.forms import Dense, Hadamard, Kronecker, LowRank, Rows

WIDTH = 32
NAMES = ("lora_down", "lora_up")


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def lora_of(seed, rows, columns, rank):
    return LowRank(normal(seed, rank, columns), normal(seed + 1, rows, rank))


FORMS = {
    "LoRA": lora_of(1, 20, 30, 8),
    "LoRA of more directions than rows": lora_of(1, 6, 30, 9),
    "LoKr": Kronecker(normal(1, 4, 5), normal(2, 6, 7)),
    "LoKr of a row": Kronecker(normal(1, 1, 5), normal(2, 6, 7)),
    "LoHa": Hadamard(lora_of(1, 20, 30, 3), lora_of(3, 20, 30, 3)),
    "full difference": Dense(normal(1, 20, 30)),
    "rows of a LoKr": Rows(Kronecker(normal(1, 4, 5), normal(2, 6, 7)), 3, 19),
}


@pytest.mark.parametrize("rank", [1, 3, 5])
@pytest.mark.parametrize("kind", FORMS)
def test_no_matrix_of_that_rank_is_nearer(kind, rank):
    """Eckart and Young: what is lost is what the singular values beyond the rank hold."""
    dense = FORMS[kind].dense().astype(np.float64)
    found = nearest(FORMS[kind], rank)
    lost = np.linalg.norm(dense - found.up.astype(np.float64) @ found.down)
    assert found.rank <= rank
    beyond = np.linalg.svd(dense, compute_uv=False)[rank:]
    assert lost == pytest.approx(np.linalg.norm(beyond), rel=1e-5, abs=1e-6 * np.linalg.norm(dense))


@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(1, 20), st.integers(1, 12), st.integers(1, 12))
def test_lora_of_any_shape_is_cut_to_the_best(seed, rows, columns, rank, smaller):
    form = lora_of(seed, rows, columns, rank)
    dense = form.up.astype(np.float64) @ form.down
    found = nearest(form, smaller)
    beyond = np.linalg.svd(dense, compute_uv=False)[smaller:]
    assert np.linalg.norm(dense - found.up.astype(np.float64) @ found.down) <= np.linalg.norm(beyond) + 1e-5 * np.linalg.norm(
        dense
    )


def test_a_large_full_difference_is_cut_to_nearly_the_best():
    left, right = (np.linalg.qr(normal(seed, side, 60))[0] for seed, side in ((1, 640), (2, 600)))
    sizes = 1 / np.arange(1, 61)
    found = nearest(Dense(((left * sizes) @ right.T).astype(np.float32)), 16)
    lost = np.linalg.norm((left * sizes) @ right.T - found.up.astype(np.float64) @ found.down)
    assert lost <= 1.001 * np.linalg.norm(sizes[16:])


# ------------------------------------------------------------------------------------------------ whole files


@pytest.fixture
def lora(write, pair):
    """kohya's dialect: a fused layer, single blocks on both sides of the 15th, one layer outside the blocks, CLIP."""
    q = "lora_te1_text_model_encoder_layers_0_self_attn_q_proj"
    tensors = {
        **pair("lora_unet_double_blocks_0_img_attn_qkv", 3 * WIDTH, WIDTH, 6, NAMES),
        **pair("lora_unet_single_blocks_3_linear2", WIDTH, 5 * WIDTH, 6, NAMES),
        **pair("lora_unet_single_blocks_20_linear2", WIDTH, 5 * WIDTH, 2, NAMES),
        **pair("lora_unet_txt_in", WIDTH, 48, 6, NAMES),
        **pair(q, 16, 16, 6, NAMES),
        "lora_unet_single_blocks_3_linear2.alpha": np.float32(3.0).reshape(()),
    }
    return read_lora(write(tensors, {"ss_steps": "10"}))


def changes(lora):
    return {module.path: module.form.dense().astype(np.float64) for module in lora.all_modules()}


def notes(lora):
    return json.loads(lora.metadata[EDITS])


@pytest.mark.parametrize("factor", [0.5, 0.7, -1.0, 3.0])
def test_scaled_is_the_change_times_the_factor(lora, factor):
    found = scaled(lora, factor)
    assert changes(found).keys() == changes(lora).keys()
    for path, change in changes(lora).items():
        assert np.allclose(changes(found)[path], factor * change, rtol=0, atol=1e-6 * np.abs(factor * change).max()), path
    assert notes(found) == [{"edit": "scale", "factor": factor}]
    assert {module.alpha for module in found.modules.values()} == {6 * factor, 3 * factor, 2 * factor}


@pytest.mark.parametrize("kind", FORMS)
def test_every_form_can_be_scaled(lora, kind):
    module = replace(next(iter(lora.modules.values())), form=FORMS[kind])
    found = scaled(replace(lora, modules={module.path: module}, text_encoder={}), 0.25).modules[module.path]
    assert np.allclose(found.form.dense(), 0.25 * FORMS[kind].dense(), rtol=0, atol=1e-5)


@pytest.mark.parametrize("factor", [float("nan"), float("inf")])
def test_no_number_is_no_strength(lora, factor):
    with pytest.raises(FluxdiagError, match="no strength"):
        scaled(lora, factor)


def test_truncated_cuts_what_is_higher_and_leaves_the_rest_as_it_is(lora):
    found = truncated(lora, 4)
    path = "transformer.single_transformer_blocks.20.proj_out"
    assert found.modules[path] is lora.modules[path]
    assert {module.rank for module in found.all_modules()} == {4, 2}
    path = "transformer.single_transformer_blocks.3.proj_out"
    left, values, right = np.linalg.svd(changes(lora)[path])
    assert np.allclose(changes(found)[path], (left[:, :4] * values[:4]) @ right[:4], atol=1e-5)
    (note,) = notes(found)
    before, after = (sum(np.sum(change**2) for change in changes(each).values()) for each in (lora, found))
    assert note == {"edit": "truncate", "rank": 4, "kept_energy": pytest.approx(after / before, rel=1e-5)}


def test_parts_of_a_fused_layer_are_cut_together_and_share_one_matrix_afterwards(lora):
    paths = [f"transformer.transformer_blocks.0.attn.to_{part}" for part in "qkv"]
    found = truncated(lora, 4)
    before, after = (np.concatenate([changes(each)[path] for path in paths]) for each in (lora, found))
    left, values, right = np.linalg.svd(before)
    assert np.allclose(after, (left[:, :4] * values[:4]) @ right[:4], atol=1e-5)
    assert len({id(found.modules[path].down) for path in paths}) == 1


def test_what_is_of_that_rank_already_stays_bit_by_bit(lora):
    found = truncated(lora, 6)
    assert [one is other for one, other in zip(found.all_modules(), lora.all_modules(), strict=True)] == [True] * 7
    assert notes(found) == [{"edit": "truncate", "rank": 6, "kept_energy": 1.0}]


def test_parts_that_were_trained_apart_are_cut_each_for_itself(write, pair):
    """As diffusers' own trainer has them: query, key and value have no direction in common."""
    paths = [f"transformer.transformer_blocks.0.attn.to_{part}" for part in "qkv"]
    tensors = {name: array for path in paths for name, array in pair(path, WIDTH, WIDTH, 6).items()}
    before = read_lora(write(tensors))
    after = truncated(before, 2)
    for path in paths:
        left, values, right = np.linalg.svd(changes(before)[path])
        assert np.allclose(changes(after)[path], (left[:, :2] * values[:2]) @ right[:2], atol=1e-5), path
        assert after.modules[path].rank == 2


@pytest.mark.parametrize("kind", FORMS)
def test_what_is_no_lora_is_written_as_one_however_high_the_rank(lora, kind):
    """So that diffusers loads it: a high rank loses nothing."""
    module = replace(next(iter(lora.modules.values())), form=FORMS[kind])
    found = truncated(replace(lora, modules={module.path: module}, text_encoder={}), 99).modules[module.path]
    assert isinstance(found.form, LowRank)
    assert np.allclose(found.form.dense(), FORMS[kind].dense(), rtol=0, atol=1e-5)
    assert found.rank == (module.rank if isinstance(FORMS[kind], LowRank) else found.form.rank)
    assert (found.alpha, found.origin) == ((module.alpha, module.origin) if isinstance(FORMS[kind], LowRank) else (None, None))


def test_one_direction_is_the_least(lora):
    assert {module.rank for module in truncated(lora, 1).all_modules()} == {1}


@pytest.mark.parametrize("rank", [0, -3])
def test_there_is_no_rank_below_one(lora, rank):
    with pytest.raises(FluxdiagError, match="no rank"):
        truncated(lora, rank)


BLOCKS = {
    "double": {"transformer_blocks.0"},
    "double:0": {"transformer_blocks.0"},
    "double:1-18": set(),
    "single": {"single_transformer_blocks.3", "single_transformer_blocks.20"},
    "single:0-14": {"single_transformer_blocks.3"},
    "single:3-20": {"single_transformer_blocks.3", "single_transformer_blocks.20"},
    "single:2": set(),
    "outside": {"context_embedder"},
    "text-encoder": {"text_model"},
    "double, outside": {"transformer_blocks.0", "context_embedder"},
}
EVERY = {"transformer_blocks.0", "single_transformer_blocks.3", "single_transformer_blocks.20", "context_embedder", "text_model"}


def places(lora):
    return {place for place in EVERY for path in (*lora.modules, *lora.text_encoder) if f".{place}." in f"{path}."}


@pytest.mark.parametrize("blocks", BLOCKS)
def test_blocks_are_kept_and_dropped_by_range(lora, blocks):
    expected = BLOCKS[blocks]
    if expected:
        assert places(kept(lora, blocks)) == expected
        assert notes(kept(lora, blocks))[0]["blocks"] == blocks
    else:
        with pytest.raises(FluxdiagError, match="nothing is left"):
            kept(lora, blocks)
    assert places(dropped(lora, blocks)) == EVERY - expected


@pytest.mark.parametrize(
    "blocks",
    [
        "",
        "triple",
        "double,triple",
        "triple,double",
        "double,",
        "single:",
        "single:a",
        "single:3-",
        "single:-3",
        "double;single",
        "single:99999",
        "\x1b[",
    ],
)
def test_ranges_that_are_not_understood_are_refused(blocks):
    with pytest.raises(FluxdiagError, match="not understood"):
        selection(blocks)


def test_edits_are_noted_in_order(lora):
    found = dropped(truncated(scaled(lora, 0.5), 4), "single:20")
    assert [note["edit"] for note in notes(found)] == ["scale", "truncate", "drop"]
    assert notes(found)[2]["layers_removed"] == 1
    assert found.metadata["ss_steps"] == "10"
    assert EDITS not in lora.metadata
