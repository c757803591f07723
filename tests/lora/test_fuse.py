"""Fused again: lengths and biases go with their rows, T5 has a name of its own, and what cannot be one layer is refused."""

from __future__ import annotations

import numpy as np
import pytest

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import read_lora
from fluxdiag.lora.container import open_container
from fluxdiag.lora.write import write_lora

D = 8
ATTENTION = "transformer.transformer_blocks.0.attn"
QKV = tuple(f"{ATTENTION}.to_{part}" for part in "qkv")
FINAL = "transformer.norm_out.linear"
T5 = "text_encoder_2.encoder.block.0.layer.0.SelfAttention.q"
FUSED, LAST = "lora_unet_double_blocks_0_img_attn_qkv", "lora_unet_final_layer_adaLN_modulation_1"


def normal(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def layers(paths, rows, *, seed=1, shared=True, bias=False, lengths=False, alpha=None):
    """Of the same input; with one `lora_A` where it is `shared`."""
    tensors = {}
    for number, path in enumerate(paths):
        tensors[f"{path}.lora_A.weight"] = normal(seed if shared else seed + number, 2, D)
        tensors[f"{path}.lora_B.weight"] = normal(seed + 10 + number, rows, 2)
        if bias:
            tensors[f"{path}.lora_B.bias"] = normal(seed + 20 + number, rows)
        if lengths:
            tensors[f"{path}.lora_magnitude_vector"] = np.abs(normal(seed + 30 + number, rows)) + 1
        if alpha is not None:
            tensors[f"{path}.alpha"] = np.array(alpha)
    return tensors


def converted(path, target):
    out = path.with_name(f"{path.stem}-{target}.safetensors")
    write_lora(read_lora(path), out, target)
    return out


def values(path):
    container = open_container(path)
    return {name: container.tensor(name).reshape(entry.shape) for name, entry in container.entries.items()}


def same(one, other):
    """The same layers, and to the bit the same changes, lengths and biases."""
    ours, theirs = ({module.path: module for module in read_lora(path).all_modules()} for path in (one, other))
    assert ours.keys() == theirs.keys()
    for path, module in ours.items():
        again = theirs[path]
        assert np.array_equal(again.form.dense(), module.form.dense()), path
        for kind in ("magnitude", "bias"):
            assert (getattr(again, kind) is None) == (getattr(module, kind) is None), (path, kind)
        if module.magnitude is not None:
            assert again.magnitude.axis == module.magnitude.axis
            assert np.array_equal(again.magnitude.values, module.magnitude.values), path
        if module.bias is not None:
            np.testing.assert_allclose(again.bias, module.bias, rtol=1e-6, err_msg=path)


@pytest.mark.parametrize("alpha", [None, 1.0, 2.0])
@pytest.mark.parametrize(("bias", "lengths"), [(False, False), (True, False), (False, True), (True, True)])
def test_lengths_and_biases_of_a_fused_layer_are_those_of_its_parts_in_order(write, bias, lengths, alpha):
    first = write(layers(QKV, D, bias=bias, lengths=lengths, alpha=alpha))
    fused = converted(first, "kohya")
    same(first, fused)
    same(first, converted(fused, "diffusers"))
    found, before = values(fused), values(first)
    endings = (
        {"lora_down.weight", "lora_up.weight", "alpha"} | ({"diff_b"} if bias else set()) | ({"dora_scale"} if lengths else set())
    )
    assert found.keys() == {f"{FUSED}.{ending}" for ending in endings}
    if lengths:
        expected = np.concatenate([before[f"{path}.lora_magnitude_vector"] for path in QKV])
        assert np.array_equal(found[f"{FUSED}.dora_scale"], expected[:, None])
    if bias:
        scale = 1 if alpha is None else alpha / 2
        expected = scale * np.concatenate([before[f"{path}.lora_B.bias"] for path in QKV])
        np.testing.assert_allclose(found[f"{FUSED}.diff_b"], expected, rtol=1e-6)


@pytest.mark.parametrize(("bias", "lengths"), [(True, False), (False, True), (True, True)])
def test_lengths_and_biases_change_places_with_the_final_layer_s_halves(write, bias, lengths):
    first = write(layers([FINAL], 2 * D, bias=bias, lengths=lengths))
    last = converted(first, "kohya")
    same(first, last)
    same(first, converted(last, "diffusers"))
    found, before = values(last), values(first)
    for ours, theirs in (("diff_b", "lora_B.bias"), ("dora_scale", "lora_magnitude_vector"), ("lora_up.weight", "lora_B.weight")):
        assert (f"{LAST}.{ours}" in found) == (f"{FINAL}.{theirs}" in before)
        if f"{LAST}.{ours}" in found:
            halves = np.split(before[f"{FINAL}.{theirs}"], 2)
            assert np.array_equal(found[f"{LAST}.{ours}"].squeeze(), np.concatenate(halves[::-1]).squeeze())


def test_a_length_for_each_input_is_one_list_for_the_final_layer_too(write):
    first = write({**layers([FINAL], 2 * D), f"{FINAL}.dora_scale": np.abs(normal(5, 1, D)) + 1})
    last = converted(first, "kohya")
    same(first, last)
    assert np.array_equal(values(last)[f"{LAST}.dora_scale"], values(first)[f"{FINAL}.dora_scale"])


def test_diffusers_has_no_length_for_each_input(write):
    first = write({**layers([FINAL], 2 * D), f"{FINAL}.dora_scale": np.abs(normal(5, 1, D)) + 1})
    with pytest.raises(
        FluxdiagError, match=r"norm_out\.linear is a DoRA with a magnitude for each input, which diffusers cannot load"
    ):
        converted(first, "diffusers")


def test_t5_has_a_name_in_either_dialect(write):
    first = write(layers(QKV[:1], D) | layers([T5], D, seed=3))
    there = converted(first, "kohya")
    assert "lora_te3_encoder_block_0_layer_0_SelfAttention_q.lora_up.weight" in values(there)
    same_as_before = values(converted(there, "diffusers"))
    assert np.array_equal(same_as_before[f"{T5}.lora_B.weight"], values(first)[f"{T5}.lora_B.weight"])


def twins(one, other):
    """As `same`, but a bias of zeros is none, and a part of zeros is not there."""
    ours, theirs = ({module.path: module for module in read_lora(path).all_modules()} for path in (one, other))
    for path in ours.keys() | theirs.keys():
        for module in (ours.get(path), theirs.get(path)):
            if module is None or module.bias is None:
                continue
            bias = ours[path].bias if path in ours else None
            np.testing.assert_allclose(module.bias, np.zeros_like(module.bias) if bias is None else bias, rtol=1e-6, err_msg=path)
        if path in ours:
            assert np.array_equal(ours[path].form.dense(), theirs[path].form.dense()), path
        else:
            assert not theirs[path].form.dense().any(), path


TOGETHER = {
    "trained apart": layers(QKV, D, lengths=True, shared=False),
    "trained apart, with biases": layers(QKV, D, bias=True, shared=False),
    "trained apart, with both": layers(QKV, D, bias=True, lengths=True, shared=False),
    "a part is missing, and there are biases": layers(QKV[1:], D, bias=True),
    "one has a bias": layers(QKV[:1], D, bias=True) | layers(QKV[1:], D),
    "another strength": layers(QKV[:1], D, lengths=True, alpha=1.0) | layers(QKV[1:], D, lengths=True, alpha=2.0),
}


@pytest.mark.parametrize("kind", TOGETHER)
def test_parts_with_lengths_or_biases_are_stacked_as_others_are(write, kind):
    first = write(TOGETHER[kind])
    fused = converted(first, "kohya")
    assert {name.partition(".")[0] for name in values(fused)} == {FUSED}
    twins(first, fused)
    twins(first, converted(fused, "diffusers"))
    lengths = [module.magnitude for module in read_lora(first).modules.values()]
    again = [module.magnitude for module in read_lora(fused).modules.values()]
    assert all(length is None for length in again) or [list(length.values) for length in again] == [
        list(length.values) for length in lengths
    ]


def per_input(paths, *, shared=False):
    """OneTrainer's: a length for each input, each part of a fused layer with its own."""
    plain = layers(paths, D, shared=shared)
    return plain | {f"{path}.dora_scale": np.abs(normal(50 + number, 1, D)) + 1 for number, path in enumerate(paths)}


APART = {
    "a length for each input": per_input(QKV),
    "a length for each input, on one matrix": per_input(QKV, shared=True),
    "a part is missing": layers(QKV[:2], D, lengths=True),
    "one has lengths": layers(QKV[:1], D, lengths=True) | layers(QKV[1:], D),
}


@pytest.mark.parametrize("kind", APART)
def test_lengths_that_no_fused_layer_can_have_keep_their_parts(write, kind):
    """LyCORIS' spelling has a name for each part, and ComfyUI reads it."""
    first = write(APART[kind] | layers([FINAL], 2 * D, seed=9))
    out = first.with_name("k.safetensors")
    written = write_lora(read_lora(first), out, "kohya")
    assert all(name.startswith("lycoris_transformer_blocks_0_attn_to_") or "norm_out" in name for name in values(out))
    assert any("LyCORIS' names" in note and "sd-scripts does not" in note for note in written.notes)
    assert open_container(out).metadata["ss_network_module"] == "lycoris.kohya"
    same(first, out)


def test_one_length_for_each_input_alone_has_kohya_s_name(write):
    first = write(per_input([f"{ATTENTION}.to_out.0"]))
    there = converted(first, "kohya")
    assert {name.partition(".")[0] for name in values(there)} == {"lora_unet_double_blocks_0_img_attn_proj"}
    same(first, there)


def test_what_diffusers_cannot_load_may_go_where_it_is_sent(write):
    """The advice of either refusal is one that can be taken."""
    first = write(per_input(QKV))
    with pytest.raises(FluxdiagError, match="which diffusers cannot load") as refusal:
        converted(first, "diffusers")
    assert "--to kohya" in refusal.value.do
    same(first, converted(first, "kohya"))
