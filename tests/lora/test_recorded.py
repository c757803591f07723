"""What the case keeps of a file's spectra: of the layer that changed most in each of a few blocks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fluxdiag.lora import Lora, LoraModule, lora_file
from fluxdiag.lora.forms import LowRank
from fluxdiag.lora.model import Origin
from fluxdiag.lora.recorded import BLOCKS, LONGEST

Q, OUT = "attn.to_q", "proj_out"


def layer(path, values, rank=None):
    """A change with these singular values."""
    count = len(values)
    form = LowRank(np.eye(count, 200, dtype=np.float32), np.eye(200, count, dtype=np.float32) * np.array(values, np.float32))
    return LoraModule(path, form, rank or count, None)


def lora(*modules):
    return Lora(Path("x.safetensors"), "", "kohya", None, {module.path: module for module in modules}, {}, {}, ())


def single(block, name=Q):
    return f"transformer.single_transformer_blocks.{block}.{name}"


def test_ranks_are_of_the_layers_that_were_given_one():
    factors = replace(layer(single(0), [1] * 64), origin=Origin("x", {}, (single(0),), by_alpha=False))
    mixed, whole = lora_file(lora(factors, layer(single(1), [1] * 4))), lora_file(lora(factors))
    assert (mixed.rank_median, mixed.rank_max, mixed.ranked) == (4, 4, True)
    assert (whole.rank_median, whole.ranked) == (64, False)


def test_of_each_block_the_layer_that_changed_most_is_kept():
    (found,) = lora_file(lora(layer(single(0), [2, 1]), layer(single(0, OUT), [4, 2, 1, 1]))).spectra
    assert (found.path, found.rank, found.largest, found.values, found.whole) == (
        single(0, OUT),
        4,
        4,
        (1, 0.5, 0.25, 0.25),
        True,
    )
    assert found.effective_rank == pytest.approx(np.exp(-sum(p * np.log(p) for p in (0.5, 0.25, 0.125, 0.125))), rel=1e-3)


def test_of_many_blocks_some_are_kept_the_first_and_the_last_among_them_in_the_models_order():
    double = layer("transformer.transformer_blocks.11.attn.to_q", [1])
    found = lora_file(lora(*(layer(single(block), [1]) for block in range(38)), double)).spectra
    assert len(found) == BLOCKS
    assert (found[0].path, found[-1].path) == (double.path, single(37))


def test_a_layer_of_nothing_and_one_of_no_numbers_are_left_out():
    assert lora_file(lora(layer(single(0), [0, 0]), layer(single(1), [1, np.nan]))).spectra == ()


def test_a_long_spectrum_is_cut_and_says_so():
    (found,) = lora_file(lora(layer(single(0), [1] * 150))).spectra
    assert (len(found.values), found.whole) == (LONGEST, False)


def test_without_a_block_the_layers_outside_are_shown():
    (found,) = lora_file(lora(layer("transformer.proj_out", [1, 1]))).spectra
    assert found.path == "transformer.proj_out"
