"""A LoRA on a tiny random transformer of diffusers' own: what is installed is what the file says, and off is really off."""

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from fluxdiag.engines.adapter import Adapter
from fluxdiag.engines.placing import place, size_of
from fluxdiag.lora import read_lora
from tiny import DOUBLE, LAYERS, SINGLE, WIDTH, lora_of, merged, output


@pytest.mark.parametrize("strength", [1.0, 0.5, -0.7])
def test_what_is_installed_is_what_the_file_says(transformer, strength):
    lora = lora_of(LAYERS)
    before, expected = output(transformer), merged(transformer, lora, strength)
    assert torch.equal(output(transformer), before)
    installed = Adapter(transformer, lora).check(strength)
    assert (installed.layers, installed.misfits) == (len(LAYERS), ())
    assert installed.error < 1e-5
    assert torch.allclose(output(transformer), expected, atol=1e-4)
    assert (expected - before).abs().max() > 0.01, "a LoRA that moves nothing would show nothing"


def test_off_is_the_base_to_the_bit_and_on_again_is_the_same_lora(transformer):
    before = output(transformer)
    adapter = Adapter(transformer, lora_of(LAYERS))
    adapter.on(1.0)
    on = output(transformer)
    adapter.off()
    assert torch.equal(output(transformer), before)
    adapter.on(1.0)
    assert torch.equal(output(transformer), on)
    assert not torch.equal(on, before)


@pytest.mark.filterwarnings("ignore:While injecting the PEFT adapters")
def test_the_strength_scales_what_a_layer_adds(transformer):
    """The last linear layer is the one place where the output itself is linear in the strength."""
    before = output(transformer)
    adapter = Adapter(transformer, lora_of({"transformer.proj_out": (16, WIDTH)}))
    assert adapter.check(1.0).layers == 1, "not the layer of that name in the single block"
    added = {}
    for strength in (0.5, 1.0, 2.0, -1.0):
        adapter.on(strength)
        added[strength] = output(transformer) - before
    for strength, difference in added.items():
        assert torch.allclose(difference, strength * added[1.0], atol=1e-5)
    adapter.on(0.0)
    assert torch.allclose(output(transformer), before, atol=1e-7)


def test_what_fits_nowhere_is_named_with_the_reason_and_the_rest_is_installed(transformer):
    misfits = {"transformer.transformer_blocks.7.attn.to_q": (WIDTH, WIDTH), f"{SINGLE}.attn.to_k": (WIDTH, 2 * WIDTH)}
    adapter = Adapter(transformer, lora_of(LAYERS | misfits))
    installed = adapter.check(1.0)
    assert (installed.layers, installed.error < 1e-5) == (len(LAYERS), True)
    assert installed.misfits == (
        "transformer.transformer_blocks.7.attn.to_q: this base has no such linear layer",
        f"{SINGLE}.attn.to_k: shape (16, 32), the base's is (16, 16)",
    )


@pytest.mark.parametrize("layers", [{}, {"transformer.nowhere": (4, 4)}])
def test_a_file_of_which_nothing_fits_leaves_the_base_as_it_is(transformer, layers):
    before = output(transformer)
    adapter = Adapter(transformer, lora_of(layers))
    installed = adapter.check(1.0)
    assert (installed.layers, installed.error, len(installed.misfits)) == (0, 0.0, len(layers))
    adapter.on(1.0)
    assert torch.equal(output(transformer), before)
    adapter.off()
    assert torch.equal(output(transformer), before)


def test_a_layer_that_is_not_what_the_file_says_is_seen(transformer):
    adapter = Adapter(transformer, lora_of(LAYERS))
    path = next(iter(LAYERS))
    product = adapter.fitting[path].product
    product.factor_1 = 0.5 * product.factor_1
    installed = adapter.check(1.0)
    assert installed.error == pytest.approx(0.5, abs=0.01)
    assert installed.misfits == (f"{path}: it adds something else than the file says, by 50.0%",)


def test_a_layer_whose_hook_is_gone_is_inert(transformer):
    adapter = Adapter(transformer, lora_of(LAYERS))
    path = next(iter(LAYERS))
    transformer.get_submodule(path.removeprefix("transformer."))._forward_hooks.clear()
    installed = adapter.check(1.0)
    assert (installed.error, len(installed.misfits)) == (1.0, 1)
    assert installed.misfits[0].startswith(path)


def test_weights_that_are_nought_add_nought(transformer):
    installed = Adapter(transformer, lora_of(LAYERS, size=0.0)).check(1.0)
    assert (installed.layers, installed.error) == (len(LAYERS), 0.0)


@pytest.mark.parametrize("alpha", [None, 1.0, 6.0])
def test_alpha_of_a_file_is_folded_in(transformer, tmp_path, alpha):
    """Kohya's scale is alpha over rank; a loader that drops it paints a LoRA that is too strong or too weak."""
    rank, path = 3, f"{DOUBLE}.attn.to_q"
    module = lora_of({path: (WIDTH, WIDTH)}, rank).modules[path]
    # kohya's names: the fused layer of the original code, of which to_q is the first third
    name = "lora_unet_double_blocks_0_img_attn_qkv"
    up = np.concatenate([module.up, np.zeros((2 * WIDTH, rank), np.float32)])
    tensors = {f"{name}.lora_down.weight": module.down, f"{name}.lora_up.weight": up}
    if alpha is not None:
        tensors[f"{name}.alpha"] = np.array(alpha, np.float32)
    save_file(tensors, tmp_path / "kohya.safetensors")
    expected = merged(transformer, lora_of({path: (WIDTH, WIDTH)}, rank), 1.0 if alpha is None else alpha / rank)
    installed = Adapter(transformer, read_lora(tmp_path / "kohya.safetensors")).check(1.0)
    assert (installed.layers, installed.misfits) == (3, ())
    assert installed.error < 1e-5
    assert torch.allclose(output(transformer), expected, atol=1e-4)


def test_without_a_card_the_transformer_stays_where_it_is(transformer):
    before = output(transformer)
    assert place(transformer, torch.device("cpu")) is transformer
    assert torch.equal(output(transformer), before)


def test_the_outcome_names_what_was_lost(transformer):
    strangers = {"transformer.transformer_blocks.7.attn.to_q": (WIDTH, WIDTH)}
    assert Adapter(transformer, lora_of(LAYERS)).check(1.0).outcome == "loaded"
    half = Adapter(transformer, lora_of(LAYERS | strangers)).check(1.0)
    assert (half.outcome, half.expected, list(half.lost)) == ("half-loaded", len(LAYERS) + 1, list(strangers))
    assert Adapter(transformer, lora_of(strangers)).check(1.0).outcome == "inert"


def test_layers_that_are_there_and_add_nothing_are_inert(transformer):
    adapter = Adapter(transformer, lora_of(LAYERS))
    for path in LAYERS:
        transformer.get_submodule(path.removeprefix("transformer."))._forward_hooks.clear()
    assert adapter.check(1.0).outcome == "inert"


def test_what_the_lora_adds_counts_when_room_is_looked_for(transformer):
    before = size_of(transformer)
    Adapter(transformer, lora_of(LAYERS, rank=4))
    assert size_of(transformer) - before == sum(4 * 4 * (rows + columns) for rows, columns in LAYERS.values()), "float32"
