"""Layers of numbers that are none, and layers that do nothing: the extremes of float32 are neither."""

import numpy as np
import pytest

from fluxdiag.errors import UnreadableLora
from fluxdiag.inspect import inspect
from fluxdiag.lora import read_lora
from fluxdiag.lora.container import open_container
from fluxdiag.lora.health import Health, health, nonsense
from fluxdiag.lora.model import Remark
from fluxdiag.lora.reader import NOTHING, read_layers

SIDE = 8
BLOCK = "transformer.transformer_blocks.0.attn"
Q, K = f"{BLOCK}.to_q", f"{BLOCK}.to_k"


def lora(down=1.0, up=1.0, **more):
    """A LoRA of rank 2 for the query, all of one number; `more` by the ending of its name."""
    tensors = {"lora_A.weight": np.full((2, SIDE), down), "lora_B.weight": np.full((SIDE, 2), up)}
    return {f"{Q}.{name.replace('__', '.')}": array for name, array in (tensors | more).items()}


def one(value, among=0.0):
    """(out, rank), all `among` but for one number."""
    up = np.full((SIDE, 2), among)
    up[3, 1] = value
    return up


def loha(zero):
    shapes = {"hada_w1_a": (SIDE, 2), "hada_w1_b": (2, SIDE), "hada_w2_a": (SIDE, 2), "hada_w2_b": (2, SIDE)}
    return {f"{Q}.{name}": np.full(shape, float(name != zero)) for name, shape in shapes.items()}


def lokr(zero):
    shapes = {"lokr_w1": (2, 4), "lokr_w2_a": (4, 1), "lokr_w2_b": (1, 2)}
    return {f"{Q}.{name}": np.full(shape, float(name != zero)) for name, shape in shapes.items()}


BROKEN, ZERO, NEITHER = ((Q,), ()), ((), (Q,)), ((), ())
CASES = {
    "ordinary": (lora(), NEITHER),
    "one number is trained": (lora(lora_B__weight=one(1e-3)), NEITHER),
    "so small that its square is zero": (lora(up=1e-30), NEITHER),
    "one number so small": (lora(lora_B__weight=one(-1e-30)), NEITHER),
    "so large that its square is infinite": (lora(up=1e30), NEITHER),
    "up is zero": (lora(up=0.0), ZERO),
    "down is zero": (lora(down=0.0), ZERO),
    "minus zero": (lora(up=-0.0), ZERO),
    "alpha is zero": (lora(alpha=np.array(0.0)), ZERO),
    "zero, and a length for each output": (lora(up=0.0, lora_magnitude_vector=np.ones(SIDE)), NEITHER),
    "zero, and a bias": (lora(up=0.0, lora_B__bias=np.ones(SIDE)), NEITHER),
    "a bias of zero": (lora(lora_B__bias=np.zeros(SIDE)), NEITHER),
    "NaN": (lora(up=np.nan), BROKEN),
    "one NaN": (lora(lora_B__weight=one(np.nan, 1.0)), BROKEN),
    "one infinity": (lora(lora_A__weight=one(-np.inf, 1.0).T), BROKEN),
    "infinity among large numbers": (lora(lora_B__weight=one(np.inf, 1e30)), BROKEN),
    "NaN in the alpha": (lora(alpha=np.array(np.nan)), BROKEN),
    "LoHa": (loha(None), NEITHER),
    "LoKr": (lokr(None), NEITHER),
    **{f"LoHa, {name} is zero": (loha(name), ZERO) for name in ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")},
    **{f"LoKr, {name} is zero": (lokr(name), ZERO) for name in ("lokr_w1", "lokr_w2_a", "lokr_w2_b")},
}


@pytest.mark.parametrize("case", CASES)
def test_which_layers_hold_no_numbers_and_which_do_nothing(write, case):
    tensors, expected = CASES[case]
    container = open_container(write(tensors))
    with np.errstate(all="ignore"):
        assert nonsense(container, read_layers(container).all_modules()) == expected


def test_every_layer_is_named_once_by_the_file_s_own_name(write, pair):
    fused = "lora_unet_double_blocks_0_img_attn_qkv"
    tensors = pair(fused, 3 * SIDE, SIDE, names=("lora_down", "lora_up"))
    tensors |= pair("lora_unet_double_blocks_0_img_attn_proj", SIDE, SIDE, names=("lora_down", "lora_up"))
    tensors[f"{fused}.lora_up.weight"] *= 0
    container = open_container(write(tensors))
    assert nonsense(container, read_layers(container).all_modules()) == ((), (fused,))


def test_a_file_is_said_to_do_nothing_only_where_no_layer_does(write, pair):
    tensors = pair(Q, SIDE, SIDE) | pair(K, SIDE, SIDE)
    tensors[f"{Q}.lora_B.weight"] *= 0
    assert read_lora(write(tensors)).problems == ()
    tensors[f"{K}.lora_B.weight"] *= 0
    said = "every change is zero, so this LoRA does nothing: it was saved before its first step"
    assert read_lora(write(tensors)).problems == (Remark(NOTHING, said),)


def test_the_first_broken_layer_is_named_and_how_many_there_are(write, pair):
    tensors = pair(Q, SIDE, SIDE) | pair(K, SIDE, SIDE) | pair(f"{BLOCK}.to_v", SIDE, SIDE)
    for name in (Q, K):
        tensors[f"{name}.lora_B.weight"][0, 0] = np.nan
    with pytest.raises(UnreadableLora, match=rf": 2 of its 3 layers hold NaN or infinity \('{K}' first\)"):
        read_lora(write(tensors))


def test_layers_are_counted_as_inspect_counts_them_where_the_file_has_them_fused(write, pair):
    tensors = pair("double_blocks.0.img_attn.qkv", 3 * SIDE, SIDE) | pair("double_blocks.0.img_attn.proj", SIDE, SIDE)
    tensors["double_blocks.0.img_attn.qkv.lora_A.weight"][0, 0] = np.nan
    path = write(tensors)
    with pytest.raises(UnreadableLora, match=": 3 of its 4 layers hold NaN"):
        read_lora(path)
    assert any(problem.what.startswith("3 of its 4 layers hold NaN") for problem in inspect(path).problems)


def test_integers_and_tensors_of_nothing_have_no_health(write):
    assert health(open_container(write({"a": np.arange(6, dtype="<i4")}, dtype="I32")), ["a"]) == Health()
    assert health(open_container(write({"a": np.zeros((0, 3)), "b": np.ones(2)})), ["a", "b"]) == Health(numbers=2)
    assert health(open_container(write({"a": np.ones(2)})), []) == Health()
