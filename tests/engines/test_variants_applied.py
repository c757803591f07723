"""Variants in a transformer that is loaded once: each shows what its edited file would, and the way back is exact."""

import dataclasses

import pytest
import torch

from fluxdiag.engines.adapter import Adapter
from fluxdiag.engines.variants import Changing, take_out
from fluxdiag.profiles import load_profile
from fluxdiag.variants import FULL, edited, parsed
from tiny import DOUBLE, LAYERS, SINGLE, WIDTH, lora_of, merged, output

PROFILE = load_profile("flux1-dev")
LORA = lora_of(LAYERS, rank=5)
NAMES = ["strength-0.5", "rank-2", "without-double", "without-single-early", "without-double+rank-2+strength-1.5"]


@pytest.mark.parametrize("name", NAMES)
def test_a_variant_shows_what_its_file_would(transformer, name):
    variant = parsed(name)
    expected = merged(transformer, edited(LORA, variant, PROFILE), 0.8)
    changing = Changing(transformer, LORA, PROFILE)
    changing.on(variant, 0.8)
    assert torch.allclose(output(transformer), expected, atol=1e-4)
    changing.on(FULL, 0.8)
    assert (output(transformer) - expected).abs().max() > 1e-3, "a variant that is the whole LoRA would show nothing"


def test_every_way_back_is_exact(transformer):
    before = output(transformer)
    changing = Changing(transformer, LORA, PROFILE)
    changing.on(FULL, 1.0)
    whole = output(transformer)
    for name in NAMES:
        changing.on(parsed(name), 1.0)
        changing.on(FULL, 1.0)
        assert torch.equal(output(transformer), whole), name
        changing.off()
        assert torch.equal(output(transformer), before), name


@pytest.mark.parametrize(("name", "layers"), [("full", 4), ("rank-2", 4), ("without-double", 2), ("without-double+rank-2", 2)])
def test_what_was_installed_for_a_variant_is_compared_with_its_edit(transformer, name, layers):
    installed = Changing(transformer, LORA, PROFILE).check(parsed(name), 0.7)
    assert (installed.layers, installed.misfits) == (layers, ())
    assert installed.error < 1e-5


def test_a_variant_that_adds_something_else_is_seen(transformer):
    changing = Changing(transformer, LORA, PROFILE)
    changing.on(parsed("rank-2"), 1.0)
    product = changing.adapter.fitting[f"{DOUBLE}.attn.to_q"].product
    product.factor_1 = 0.5 * product.factor_1
    assert "adds something else" in changing.check(parsed("rank-2"), 1.0).misfits[0]


def test_another_lora_takes_the_place_of_the_first(transformer):
    other = dataclasses.replace(lora_of({f"{SINGLE}.attn.to_k": (WIDTH, WIDTH)}), sha256="1" * 64)
    expected = merged(transformer, other, 1.0)
    Adapter(transformer, LORA).on(1.0)
    take_out(transformer)
    Changing(transformer, other, PROFILE).on(FULL, 1.0)
    assert torch.allclose(output(transformer), expected, atol=1e-4)


def test_taking_out_leaves_the_base_to_the_bit(transformer):
    before, names = output(transformer), [name for name, _ in transformer.named_modules()]
    Adapter(transformer, LORA).on(1.0)
    assert not torch.equal(output(transformer), before)
    take_out(transformer)
    assert torch.equal(output(transformer), before)
    assert [name for name, _ in transformer.named_modules()] == names
