"""Layers whose tensors do not fit together are left out, each with its reason; convolutions of one pixel and ranks are read."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from fluxdiag.errors import UnreadableLora
from fluxdiag.lora import lora_file, read_lora
from fluxdiag.lora.container import NOT_TEXT, open_container
from fluxdiag.lora.geometry import LONGEST_SIDE
from fluxdiag.lora.model import Remark
from fluxdiag.lora.reader import MISSHAPEN, UNKNOWN
from fluxdiag.lora.stored import HALF
from fluxdiag.lora.write import write_lora

SIDE = 8
BLOCK = "transformer.transformer_blocks.0.attn"
Q, K = f"{BLOCK}.to_q", f"{BLOCK}.to_k"
CLIP = "text_encoder.text_model.encoder.layers.0.mlp.fc1"


def query(**shapes):
    """Tensors of ones for the query by the ending of their names (`__` for a dot)."""
    return {f"{Q}.{name.replace('__', '.')}": np.ones(shape) for name, shape in shapes.items()}


def loha(up1=(8, 2), down1=(2, 8), up2=(8, 3), down2=(3, 8)):
    return query(hada_w1_a=up1, hada_w1_b=down1, hada_w2_a=up2, hada_w2_b=down2)


PLAIN = {"lora_A__weight": (2, 8), "lora_B__weight": (8, 2)}
UNFIT = {
    "a matrix of one side": (query(lora_A__weight=(16,), lora_B__weight=(8, 2)), "down is [16], up is [8, 2]"),
    "a convolution of nine pixels": (
        query(lora_A__weight=(2, 8, 3, 3), lora_B__weight=(8, 2, 1, 1)),
        "down is [2, 8, 3, 3], up is [8, 2]",
    ),
    "one pixel high and three wide": (
        query(lora_A__weight=(2, 8, 1, 3), lora_B__weight=(8, 2, 1, 1)),
        "down is [2, 8, 1, 3], up is [8, 2]",
    ),
    "LoHa, the first product": (loha(down1=(3, 8)), "[8, 2] x [3, 8] by [8, 3] x [3, 8]"),
    "LoHa, the second product": (loha(down2=(2, 8)), "[8, 2] x [2, 8] by [8, 3] x [2, 8]"),
    "LoHa, outputs": (loha(up2=(9, 3)), "[8, 2] x [2, 8] by [9, 3] x [3, 8]"),
    "LoHa, inputs": (loha(down2=(3, 9)), "[8, 2] x [2, 8] by [8, 3] x [3, 9]"),
    "LoKr of three sides": (query(lokr_w1=(2, 2, 2), lokr_w2=(4, 4)), "lokr_w1 is [2, 2, 2]"),
    "LoKr, the second of three sides": (query(lokr_w1=(2, 2), lokr_w2=(4, 2, 2)), "lokr_w2 is [4, 2, 2]"),
    "LoKr, half of a factor": (query(lokr_w1=(2, 2), lokr_w2_a=(4, 1)), "lokr_w2 is missing"),
    "LoKr, the other half": (query(lokr_w1_b=(1, 2), lokr_w2=(4, 4)), "lokr_w1 is missing"),
    "LoKr, a factor's product": (query(lokr_w1=(2, 2), lokr_w2_a=(4, 1), lokr_w2_b=(2, 4)), "lokr_w2 is [4, 1] x [2, 4]"),
    "a full difference of nine pixels": (query(diff=(8, 8, 3, 3)), "diff is [8, 8, 3, 3]"),
    "DoRA of other outputs": (query(**PLAIN, dora_scale=(9, 1)), "the magnitude of DoRA is [9, 1], the layer [8, 8]"),
    "DoRA of other inputs": (query(**PLAIN, dora_scale=(1, 9)), "the magnitude of DoRA is [1, 9], the layer [8, 8]"),
    "a bias of other outputs": (query(**PLAIN, lora_B__bias=(9,)), "the bias has 9 numbers, the layer 8 outputs"),
    "a difference of another bias": (query(diff=(8, 8), diff_b=(7,)), "the bias has 7 numbers, the layer 8 outputs"),
    "alpha alone": (query(alpha=()), "there is only alpha"),
    "a bias alone": (query(lora_B__bias=(8,), alpha=()), "there is only alpha and up_bias"),
    "down alone": (query(lora_A__weight=(2, 8)), "its up matrix is missing"),
    "up alone": (query(lora_B__weight=(8, 2)), "its down matrix is missing"),
    "two forms": (query(diff=(8, 8), lokr_w1=(2, 2), lokr_w2=(4, 4)), "it is of two forms at once"),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_a_layer_that_does_not_fit_together_is_left_out_and_says_why(write, pair, kind):
    tensors, why = UNFIT[kind]
    lora = read_lora(write(tensors | pair(K, SIDE, SIDE)))
    assert list(lora.modules) == [K]
    assert lora.ignored == {Q: why}
    (problem,) = lora.problems
    assert problem.text.endswith(f"are ignored: 1, the first is '{Q}': {why}")


def test_a_convolution_of_one_pixel_is_a_matrix(write, pair):
    flat = pair(Q, SIDE, SIDE)
    square = {name: array[..., None, None] for name, array in flat.items()}
    one, other = (read_lora(write(tensors, name=name)) for name, tensors in (("flat", flat), ("square", square)))
    assert np.array_equal(one.modules[Q].form.dense(), other.modules[Q].form.dense())
    assert other.ignored == {}


RANKS = [
    (query(**PLAIN), 2),
    (loha(), 2),  # LyCORIS divides alpha by the first
    (query(lokr_w1=(2, 2), lokr_w2_a=(4, 3), lokr_w2_b=(3, 4)), 3),
    (query(lokr_w1_a=(2, 1), lokr_w1_b=(1, 2), lokr_w2=(4, 4)), 1),
    (query(lokr_w1=(2, 4), lokr_w2=(4, 2)), 8),
    (query(diff=(8, 8)), 8),
]


@pytest.mark.parametrize(("tensors", "rank"), RANKS)
def test_alpha_is_divided_by_the_rank_that_was_trained_and_where_there_was_none_it_means_nothing(write, tensors, rank):
    whole = rank == SIDE
    plain, scaled = (read_lora(write(tensors | more, name=f"{len(more)}")) for more in ({}, {f"{Q}.alpha": np.array(0.5)}))
    assert plain.modules[Q].rank == scaled.modules[Q].rank == rank
    assert scaled.modules[Q].alpha == (None if whole else 0.5)
    expected = plain.modules[Q].form.dense() * (1 if whole else 0.5 / rank)
    np.testing.assert_allclose(scaled.modules[Q].form.dense(), expected, rtol=1e-6)


WIDE = "transformer.transformer_blocks.0.ff.net.2"
"""(out, in) is (8, 32), so its sides can be told apart"""


@pytest.mark.parametrize(("shape", "axis"), [((8,), "out"), ((8, 1), "out"), ((1, 32), "in")])
def test_a_magnitude_is_of_each_output_or_of_each_input_by_its_shape(write, pair, shape, axis):
    lengths = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    module = read_lora(write(pair(WIDE, 8, 32) | {f"{WIDE}.dora_scale": lengths})).modules[WIDE]
    assert (module.magnitude.axis, module.magnitude.values.tolist()) == (axis, lengths.ravel().tolist())


@pytest.mark.parametrize("shape", [(32,), (32, 1), (1, 8)])
def test_a_magnitude_that_lies_the_wrong_way_fits_no_layer(write, pair, shape):
    lora = read_lora(write(pair(WIDE, 8, 32) | {f"{WIDE}.dora_scale": np.ones(shape)} | pair(Q, SIDE, SIDE)))
    assert lora.ignored == {WIDE: f"the magnitude of DoRA is {list(shape)}, the layer [8, 32]"}


def test_peft_s_bias_has_the_scale_of_its_matrices_and_lycoris_s_is_the_change_itself(write):
    bias = np.arange(1.0, 9.0)
    peft = query(**PLAIN) | {f"{Q}.lora_B.bias": bias, f"{Q}.alpha": np.array(0.5)}
    assert read_lora(write(peft, name="peft")).modules[Q].bias.tolist() == (bias * 0.25).tolist()
    lycoris = query(hada_w1_a=(8, 2), hada_w1_b=(2, 8), hada_w2_a=(8, 2), hada_w2_b=(2, 8))
    lycoris |= {f"{Q}.diff_b": bias, f"{Q}.alpha": np.array(0.5)}
    assert read_lora(write(lycoris, name="lycoris")).modules[Q].bias.tolist() == bias.tolist()


def test_alpha_is_no_number_that_was_trained(write):
    counts = [lora_file(read_lora(write(query(**PLAIN) | more))).parameters for more in ({}, {f"{Q}.alpha": np.array(1.0)})]
    assert counts == [32, 32]


# ------------------------------------------------------------------------------------------------ what is said of them


def test_each_kind_of_what_is_left_out_names_its_own_first(write, pair):
    tensors = pair(K, SIDE, SIDE) | pair(f"{BLOCK}.to_nowhere", SIDE, SIDE) | query(lora_A__weight=(2, 8))
    lora = read_lora(write(tensors | {"emb_params": np.zeros(3), f"{BLOCK}.to_v.lora_B.weight": np.ones((8, 2))}))
    assert tuple(problem.text for problem in lora.problems) == (
        f"layers that FLUX.1 does not have are ignored: 1, the first is '{BLOCK}.to_nowhere': no layer has this name",
        f"layers that lack a part are ignored: 2, the first is '{Q}': its up matrix is missing",
        "trained embeddings are ignored: 1, the first is 'emb_params'",
    )
    assert all(problem.left_out for problem in lora.problems)
    assert lora.ignored["emb_params"] == "trained embeddings"


def test_what_the_format_forbids_is_a_problem_of_the_lora_too(write, pair):
    path = write(pair(Q, SIDE, SIDE), {"steps": 3})
    forbidden = open_container(path).not_text
    assert "steps" in forbidden
    assert read_lora(path).problems == (Remark(NOT_TEXT, forbidden),)


@pytest.mark.parametrize("words", [HALF, MISSHAPEN, "ignored", NOT_TEXT])
def test_what_a_file_calls_its_layers_and_keys_does_not_decide_what_is_wrong_with_them(write, pair, words):
    """Names are other people's: ours quotes them, and goes by its own kinds."""
    lora = read_lora(write(pair(K, SIDE, SIDE) | pair(f"{BLOCK}.{words}", SIDE, SIDE), {words: 3}))
    assert [(problem.kind, problem.left_out) for problem in lora.problems] == [(NOT_TEXT, False), (UNKNOWN.kind, True)]
    assert all(words in problem.text for problem in lora.problems)


@pytest.mark.parametrize("over", [0, 1])
def test_a_text_encoder_s_layer_is_of_any_shape_but_not_endless(write, pair, over):
    for rows, columns in ((LONGEST_SIDE + over, 4), (4, LONGEST_SIDE + over)):
        lora = read_lora(write(pair(Q, SIDE, SIDE) | pair(CLIP, rows, columns, rank=1)))
        why = f"its shape is {rows} x {columns}, and no text encoder is so wide"
        assert lora.ignored == ({CLIP: why} if over else {})
        assert (CLIP in lora.text_encoder) != over


def test_the_header_s_config_counts_before_the_one_beside_the_file(write, pair, tmp_path):
    (tmp_path / "adapter_config.json").write_text(json.dumps({"lora_alpha": 8}))
    tensors = pair("base_model.model.transformer_blocks.0.attn.to_q", SIDE, SIDE)
    assert read_lora(write(tensors)).modules[Q].alpha == 8
    assert read_lora(write(tensors, {"lora_adapter_metadata": '{"lora_alpha": 4}'})).modules[Q].alpha == 4
    assert read_lora(write(tensors, {"lora_adapter_metadata": "{}"})).modules[Q].alpha == 8


@pytest.mark.parametrize(
    ("config", "magnitudes", "refused"),
    [(True, 0, True), (True, 1, False), (True, 2, False), (False, 0, False), ("yes", 0, False)],
)
def test_dora_in_the_config_alone_is_refused_and_some_layers_may_do_without(write, pair, config, magnitudes, refused):
    tensors = pair(Q, SIDE, SIDE) | pair(K, SIDE, SIDE)
    tensors |= {f"{name}.lora_magnitude_vector": np.ones(SIDE) for name in (Q, K)[:magnitudes]}
    path = write(tensors, {"lora_adapter_metadata": json.dumps({"transformer.use_dora": config})})
    if refused:
        with pytest.raises(UnreadableLora, match="magnitudes that belong to it are not in the file"):
            read_lora(path)
    else:
        found = read_lora(path).modules
        assert [found[name].magnitude is not None for name in (Q, K)] == [number < magnitudes for number in range(2)]


@pytest.mark.parametrize(("alpha", "said"), [(None, False), (3.0, True)])
def test_parts_trained_apart_are_weaker_only_where_an_alpha_is_divided_by_all_their_ranks(write, alpha, said):
    up = np.kron(np.eye(3), np.ones((SIDE, 1)))
    layer = "lora_unet_double_blocks_0_img_attn_qkv"
    tensors = {f"{layer}.lora_down.weight": np.arange(24.0).reshape(3, SIDE), f"{layer}.lora_up.weight": up}
    lora = read_lora(write(tensors | ({} if alpha is None else {f"{layer}.alpha": np.array(alpha)})))
    assert {module.rank for module in lora.modules.values()} == {1}
    assert any("3 times weaker" in problem.text for problem in lora.problems) == said


def test_a_tensor_of_no_numbers_is_refused(write):
    with pytest.raises(UnreadableLora, match=r"of type F32 and shape \[0, 8\], which is no plain floating-point tensor"):
        read_lora(write(query(lora_A__weight=(0, 8), lora_B__weight=(8, 0))))


@pytest.mark.parametrize("dtype", ["int64", "int32", "int8", "uint8"])
def test_an_alpha_may_be_a_whole_number_and_a_matrix_may_not(tmp_path, dtype):
    """kohya's `flux_extract_lora.py` writes the alpha as `torch.tensor(rank)`."""
    numbers = {"lora_down.weight": np.ones((4, SIDE), np.float32), "lora_up.weight": np.ones((SIDE, 4), np.float32)}
    layer = {f"lora_unet_double_blocks_0_img_attn_proj.{name}": value for name, value in numbers.items()}
    alpha = {"lora_unet_double_blocks_0_img_attn_proj.alpha": np.array(2, dtype)}
    save_file(layer | alpha, tmp_path / "extracted.safetensors")
    lora = read_lora(tmp_path / "extracted.safetensors")
    assert [(module.rank, module.alpha) for module in lora.modules.values()] == [(4, 2.0)]
    write_lora(lora, tmp_path / "written.safetensors", "kohya")
    assert lora_file(read_lora(tmp_path / "written.safetensors")).alpha_over_rank == 0.5
    save_file({name: value.astype(dtype) for name, value in layer.items()}, tmp_path / "whole.safetensors")
    with pytest.raises(UnreadableLora, match="which is no plain floating-point tensor"):
        read_lora(tmp_path / "whole.safetensors")
