"""read_lora end to end: the change of the weights is the same whatever the dialect, and every shortfall is said."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxdiag.errors import UnreadableLora
from fluxdiag.lora import LoraModule, lora_file, read_lora
from fluxdiag.lora.alpha import config_alpha
from fluxdiag.lora.forms import LowRank
from fluxdiag.lora.model import Remark
from fluxdiag.lora.reader import DISAGREES
from fluxdiag.lora.unfuse import row_counts

HIDDEN = 8
BLOCK = "transformer.transformer_blocks.0"
SINGLE = "transformer.single_transformer_blocks.0"


def file_of(tensors):
    body, header = b"", {}
    for name, array in tensors.items():
        begin, body = len(body), body + array.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [begin, len(body)]}
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def dense(module: LoraModule) -> np.ndarray:
    return module.up.astype(np.float64) @ module.down.astype(np.float64)


@pytest.mark.parametrize("names", [("lora_A", "lora_B"), ("lora_down", "lora_up"), ("lora_A.default", "lora_B.default")])
def test_suffixes_mean_the_same(write, pair, names):
    lora = read_lora(write(pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN, names=names)))
    plain = pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN, names=names)
    down, up = plain.values()
    np.testing.assert_array_equal(lora.modules[f"{BLOCK}.attn.to_q"].down, down)
    np.testing.assert_array_equal(lora.state_dict()[f"{BLOCK}.attn.to_q.lora_B.weight"], up)


@pytest.mark.parametrize("alpha", [np.array(1.0), np.array([1.0])])
def test_alpha_is_folded_in(write, pair, alpha):
    tensors = pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN, rank=4)
    lora = read_lora(write(tensors | {f"{BLOCK}.attn.to_q.alpha": alpha}))
    down, up = tensors.values()
    module = lora.modules[f"{BLOCK}.attn.to_q"]
    np.testing.assert_allclose(dense(module), 0.25 * up.astype(float) @ down, rtol=1e-6)
    assert (module.rank, module.alpha, lora_file(lora).alpha_over_rank) == (4, 1.0, 0.25)


PEFT = {"r": 4, "lora_alpha": 8, "alpha_pattern": {"attn.to_k": 2}}


def test_without_alpha_the_adapter_config_of_the_header_counts(write, pair):
    tensors = pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN, rank=4) | pair(f"{BLOCK}.attn.to_k", HIDDEN, HIDDEN, rank=4)
    config = {f"transformer.{key}": value for key, value in PEFT.items()}
    lora = read_lora(write(tensors, {"lora_adapter_metadata": json.dumps(config)}))
    assert [module.alpha for module in lora.modules.values()] == [2.0, 8.0]
    assert lora_file(lora).alpha_over_rank is None


ALPHAS = [
    ({"transformer.lora_alpha": 8, "text_encoder.lora_alpha": 2}, 8.0),
    ({"text_encoder.lora_alpha": 2}, None),  # another component's
    ({"lora_alpha": 8}, 8.0),
    ({"transformer.lora_alpha": 8, "transformer.alpha_pattern": {"to_q": 2, "attn.to_k": 3}}, 2.0),
    ({"transformer.lora_alpha": 8, "transformer.alpha_pattern": {"o_q": 2}}, 8.0),  # whole names only
    ({"transformer.lora_alpha": 8, "transformer.alpha_pattern": {r"transformer_blocks\.\d+\.attn\.to_q": 2}}, 2.0),
    ({"transformer.lora_alpha": 8, "transformer.alpha_pattern": {r"blocks.*to_[qk]": 2}}, 8.0),  # from a dot on
    ({"transformer.lora_alpha": 8, "transformer.alpha_pattern": {r".*blocks.*to_[qk]": 2}}, 2.0),
    ({"transformer.lora_alpha": 8, "transformer.alpha_pattern": {r"attn\.to_(k|q)": 2, "to_q": 3}}, 2.0),  # the first
    ({"transformer.lora_alpha": 8, "transformer.alpha_pattern": {r"(.*)*x": 2, "(to_q": 3, "a" * 999: 4}}, 8.0),
    ({"transformer.lora_alpha": 8, "transformer.use_rslora": True}, 16.0),  # alpha over the root of 4
    ({"transformer.lora_alpha": 8, "transformer.use_rslora": False}, 8.0),
    ({"transformer.lora_alpha": "8"}, None),
    ({"transformer.r": 4}, None),
]


@pytest.mark.parametrize(("config", "alpha"), ALPHAS)
def test_an_adapter_config_gives_each_layer_its_alpha(config, alpha):
    assert config_alpha(config, f"{BLOCK}.attn.to_q", 4) == alpha


def test_peft_keeps_its_config_beside_the_file(write, pair, tmp_path):
    (tmp_path / "adapter_config.json").write_text(json.dumps(PEFT | {"use_rslora": True}))
    lora = read_lora(write(pair("base_model.model.transformer_blocks.0.attn.to_q", HIDDEN, HIDDEN, rank=4)))
    module = lora.modules[f"{BLOCK}.attn.to_q"]
    assert module.alpha / module.rank == pytest.approx(8 / math.sqrt(4))


def test_a_config_beside_another_dialect_is_not_its_own(write, pair, tmp_path):
    (tmp_path / "adapter_config.json").write_text(json.dumps(PEFT))
    assert read_lora(write(pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN))).modules[f"{BLOCK}.attn.to_q"].alpha is None


@settings(max_examples=25, deadline=None)
@given(
    hidden=st.integers(2, 9),
    rank=st.integers(1, 7),
    parts=st.sampled_from([3, 4]),
    seed=st.integers(0, 99),
)
def test_unfusing_is_exact(tmp_path_factory, hidden, rank, parts, seed):
    rng = np.random.default_rng(seed)
    rows = 3 * hidden if parts == 3 else 7 * hidden
    down, up = rng.normal(size=(rank, hidden)).astype(np.float32), rng.normal(size=(rows, rank)).astype(np.float32)
    layer = "double_blocks.0.img_attn.qkv" if parts == 3 else "single_blocks.0.linear1"
    path = tmp_path_factory.mktemp("fused") / "l.safetensors"
    path.write_bytes(file_of({f"{layer}.lora_A.weight": down, f"{layer}.lora_B.weight": up}))
    found = read_lora(path).modules
    order = [name for name in ("to_q", "to_k", "to_v", "proj_mlp") for path in found if path.endswith(name)]
    modules = [next(module for path, module in found.items() if path.endswith(name)) for name in order]
    np.testing.assert_array_equal(np.concatenate([module.up for module in modules]), up)
    assert len({id(module.down) for module in modules}) == 1, "the parts share what they had in common"
    assert [len(module.up) for module in modules] == [hidden, hidden, hidden, 4 * hidden][:parts]


@pytest.mark.parametrize(("parts", "rows", "width"), [(3, 25, 8), (4, 24, 8), (4, 20, 8), (3, 0, 0)])
def test_rows_that_do_not_divide_are_refused(parts, rows, width):
    assert row_counts(parts, rows, width) is None


def test_kohya_and_bfl_give_the_same_layers(write, pair):
    tensors = pair("x", 7 * HIDDEN, HIDDEN, names=("lora_down", "lora_up"))
    found = {}
    for name, layer in (("kohya", "lora_unet_single_blocks_0_linear1"), ("bfl", "diffusion_model.single_blocks.0.linear1")):
        lora = read_lora(write({key.replace("x", layer, 1): value for key, value in tensors.items()}, name=name))
        assert lora.dialect == name
        found[name] = {path: dense(module) for path, module in lora.modules.items()}
    parts = [f"{SINGLE}.attn.to_q", f"{SINGLE}.attn.to_k", f"{SINGLE}.attn.to_v", f"{SINGLE}.proj_mlp"]
    assert sorted(found["kohya"]) == sorted(parts)
    for path in parts:
        np.testing.assert_array_equal(found["kohya"][path], found["bfl"][path])
    down, up = tensors.values()
    np.testing.assert_allclose(np.concatenate([found["bfl"][path] for path in parts]), up @ down, rtol=1e-5, atol=1e-6)


def test_the_final_layers_halves_change_places(write, pair):
    tensors = pair("final_layer.adaLN_modulation.1", 2 * HIDDEN, HIDDEN)
    module = read_lora(write(tensors)).modules["transformer.norm_out.linear"]
    _, up = tensors.values()
    np.testing.assert_array_equal(module.up, np.concatenate([up[HIDDEN:], up[:HIDDEN]]))


@settings(max_examples=25, deadline=None)
@given(rank=st.integers(1, 6), rows=st.integers(1, 12), columns=st.integers(1, 12), seed=st.integers(0, 999))
def test_the_norm_is_that_of_the_dense_change(rank, rows, columns, seed):
    rng = np.random.default_rng(seed)
    down, up = rng.normal(size=(rank, columns)).astype(np.float32), rng.normal(size=(rows, rank)).astype(np.float32)
    module = LoraModule("transformer.x", LowRank(down, up), rank, None)
    assert math.sqrt(max(module.squared_norm, 0)) == pytest.approx(np.linalg.norm(dense(module)), rel=1e-6, abs=1e-9)


def test_the_record_sums_up_the_file(write, pair):
    tensors = pair("lora_unet_double_blocks_0_img_attn_qkv", 3 * HIDDEN, HIDDEN, rank=2, names=("lora_down", "lora_up"))
    tensors |= pair("lora_unet_double_blocks_0_img_attn_proj", HIDDEN, HIDDEN, rank=4, names=("lora_down", "lora_up"))
    clip = "lora_te1_text_model_encoder_layers_0_mlp_fc1"
    lora = read_lora(
        write(tensors | pair(clip, 6, 6, names=("lora_down", "lora_up")), {"ss_network_module": "networks.lora_flux"})
    )
    file = lora_file(lora)
    assert (file.dialect, file.trainer, file.modules, file.text_encoder_modules) == ("kohya", "kohya", 4, 1)
    assert (file.rank_min, file.rank_median, file.rank_max) == (2, 2.0, 4)
    assert file.parameters == sum(array.size for array in tensors.values()) + 24
    everything = math.sqrt(sum(np.sum(dense(module) ** 2) for module in lora.all_modules()))
    assert file.delta_norm == pytest.approx(everything)


def test_an_untrained_lora_has_norm_zero(write, pair):
    tensors = pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN)
    tensors[f"{BLOCK}.attn.to_q.lora_B.weight"] *= 0
    assert lora_file(read_lora(write(tensors))).delta_norm == 0


def test_half_precision_halves_are_read(write):
    codes = np.full((2, HIDDEN), 0x3F80, dtype="<u2")  # 1.0 in bfloat16
    tensors = {f"{BLOCK}.attn.to_q.lora_A.weight": codes, f"{BLOCK}.attn.to_q.lora_B.weight": codes.T.copy()}
    module = read_lora(write(tensors, dtype="BF16")).modules[f"{BLOCK}.attn.to_q"]
    assert (dense(module) == 2).all()


def test_what_is_left_out_is_a_problem(write, pair):
    tensors = pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN) | pair(f"{BLOCK}.attn.to_nowhere", HIDDEN, HIDDEN)
    half = pair(f"{BLOCK}.attn.to_k", HIDDEN, HIDDEN)
    half.pop(f"{BLOCK}.attn.to_k.lora_B.weight")
    lora = read_lora(write(tensors | half | {"emb_params": np.zeros(3)}))
    assert list(lora.modules) == [f"{BLOCK}.attn.to_q"]
    assert [problem.text.split(", ")[0] for problem in lora.problems] == [
        "layers that FLUX.1 does not have are ignored: 1",
        "layers that lack a part are ignored: 1",
        "trained embeddings are ignored: 1",
    ]
    assert lora.ignored[f"{BLOCK}.attn.to_k"] == "its up matrix is missing"
    assert lora_file(lora).unread == 1


def test_a_header_that_outlived_a_resize_is_a_problem(write, pair):
    header = {"ss_network_dim": "32", "ss_network_alpha": "None"}
    lora = read_lora(write(pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN, rank=4), header))
    said = "the header says rank 32 (ss_network_dim), the tensors say 4; the tensors count"
    assert lora.problems == (Remark(DISAGREES, said),)


def test_one_layer_of_another_shape_is_named_and_the_others_stay(write, pair):
    tensors = pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN) | pair(f"{BLOCK}.attn.to_k", HIDDEN, HIDDEN)
    lora = read_lora(write(tensors | pair(f"{BLOCK}.ff.net.2", HIDDEN, HIDDEN)))
    assert len(lora.modules) == 2
    assert lora.ignored == {f"{BLOCK}.ff.net.2": "its shape is 8 x 8, FLUX.1's is 8 x 32 at width 8"}


def test_a_file_of_flux1s_width_is_checked_against_flux1(write, pair):
    """At FLUX.1's own width the sides that are no multiples of it are known, too."""
    tensors = pair("img_in", 3072, 128, rank=1) | pair("txt_in", 3072, 4096, rank=1)
    lora = read_lora(write(tensors))
    assert lora.ignored == {"img_in": "its shape is 3072 x 128, FLUX.1's is 3072 x 64 at width 3072"}


def test_all_zeros_is_said(write, pair):
    tensors = pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN)
    tensors[f"{BLOCK}.attn.to_q.lora_B.weight"] *= 0
    assert read_lora(write(tensors)).problems[0].text.startswith("every change is zero")


def test_parts_that_were_trained_apart_get_their_own_rank_back(write):
    rng = np.random.default_rng(0)
    up = np.zeros((3 * HIDDEN, 6), np.float32)
    for part in range(3):
        up[part * HIDDEN : (part + 1) * HIDDEN, 2 * part : 2 * part + 2] = rng.normal(size=(HIDDEN, 2))
    down = rng.normal(size=(6, HIDDEN)).astype(np.float32)
    layer = "lora_unet_double_blocks_0_img_attn_qkv"
    tensors = {f"{layer}.lora_down.weight": down, f"{layer}.lora_up.weight": up, f"{layer}.alpha": np.array(3.0)}
    lora = read_lora(write(tensors))
    assert [(module.rank, module.alpha) for module in lora.modules.values()] == [(2, 1.0)] * 3
    assert "they are 3 times weaker than they were trained" in lora.problems[0].text
    stacked = np.concatenate([dense(lora.modules[f"{BLOCK}.attn.to_{part}"]) for part in "qkv"])
    np.testing.assert_allclose(stacked, 0.5 * up @ down, rtol=1e-5, atol=1e-6)


FULL = {
    "lycoris_single_transformer_blocks_0_norm_linear": ("transformer.single_transformer_blocks.0.norm.linear", 3 * HIDDEN),
    "lycoris_transformer_blocks_0_norm1_linear": (f"{BLOCK}.norm1.linear", 6 * HIDDEN),
    "lycoris_transformer_blocks_0_norm1_context_linear": (f"{BLOCK}.norm1_context.linear", 6 * HIDDEN),
    "lycoris_norm_out_linear": ("transformer.norm_out.linear", 2 * HIDDEN),
}


@pytest.mark.parametrize("name", FULL)
def test_the_linear_layer_behind_a_norm_is_a_layer_and_the_norm_is_none(write, name):
    path, rows = FULL[name]
    norms = ("lycoris_transformer_blocks_0_attn_norm_q.diff", "lycoris_transformer_blocks_0_attn_norm_added_k.w_norm")
    lora = read_lora(
        write({f"{name}.diff": np.ones((rows, HIDDEN)), f"{name}.diff_b": np.ones(rows)} | dict.fromkeys(norms, np.ones(8)))
    )
    assert (*lora.modules,) == (path,)
    assert lora.modules[path].bias is not None
    assert lora.ignored == dict.fromkeys(norms, "changes of normalisation layers")


def _broken(pair, **changes):
    return pair(f"{BLOCK}.attn.to_q", HIDDEN, HIDDEN) | changes


BAD = {
    "no tensors": (lambda pair: {}, "it holds no tensors"),
    "a whole model": (lambda pair: {"double_blocks.0.img_attn.qkv.weight": np.ones((3, 3))}, "it holds no LoRA but 1 other"),
    "unknown names": (lambda pair: pair("transformer.h.0.attn", 4, 4), "none of its 1 layers is one of FLUX.1's"),
    "text encoder only": (lambda pair: pair("text_encoder.text_model.encoder.layers.0.mlp.fc1", 4, 4), "text encoders alone"),
    "an encoder and a stranger": (
        lambda pair: pair("text_encoder.text_model.encoder.layers.0.mlp.fc1", 4, 4) | pair("transformer.h.0.attn", 4, 4),
        "none of its 2 layers is one of FLUX.1's",
    ),
    "NaN": (lambda pair: _broken(pair, **{f"{BLOCK}.attn.to_q.lora_B.weight": np.full((8, 2), np.nan)}), "training diverged"),
    "qkv of odd rows": (lambda pair: pair("double_blocks.0.img_attn.qkv", 25, 8), "25 rows"),
    "ranks differ": (lambda pair: _broken(pair, **{f"{BLOCK}.attn.to_q.lora_B.weight": np.ones((8, 3))}), r"up is \[8, 3\]"),
    "out of proportion": (lambda pair: pair(f"{BLOCK}.ff.net.2", 8, 8), "8 x 8, which no width of FLUX.1 gives"),
    "wider than FLUX.1": (lambda pair: pair(f"{BLOCK}.attn.to_q", 4096, 4096), "wider than FLUX.1"),
    "a matrix twice": (lambda pair: _broken(pair, **{f"{BLOCK}.attn.to_q.lora_up.weight": np.ones((8, 2))}), "twice"),
    "two forms at once": (lambda pair: _broken(pair, **{f"{BLOCK}.attn.to_q.diff": np.ones((8, 8))}), "two forms"),
    "two adapters": (
        lambda pair: pair(f"{BLOCK}.attn.to_q", 8, 8) | pair(f"{BLOCK}.attn.to_q", 8, 8, names=("lora_A.x", "lora_B.x")),
        "2 adapters",
    ),
    "half a LoKr": (lambda pair: {f"{BLOCK}.attn.to_q.lokr_w1": np.ones((2, 2))}, "lokr_w2 is missing"),
    "half a LoHa": (lambda pair: {"lora_unet_double_blocks_0_img_mlp_0.hada_w1_a": np.ones((2, 2))}, "hada_w1_b is missing"),
    "DoRA of another layer": (lambda pair: _broken(pair, **{f"{BLOCK}.attn.to_q.dora_scale": np.ones((9, 1))}), "magnitude"),
    "DoRA of the inputs, fused": (
        lambda pair: pair("double_blocks.0.img_attn.qkv", 24, 8) | {"double_blocks.0.img_attn.qkv.dora_scale": np.ones((1, 8))},
        "all parts together",
    ),
    "BFL control": (lambda pair: _broken(pair, **{"double_blocks.0.img_attn.norm.query_norm.scale": np.ones(8)}), "control LoRA"),
    "OFT": (lambda pair: {"lora_unet_double_blocks_0_img_mlp_0.oft_blocks": np.ones((2, 2, 2))}, "OFT or BOFT"),
    "GLoRA": (lambda pair: {"lora_unet_double_blocks_0_img_mlp_0.a1.weight": np.ones((2, 2))}, "GLoRA"),
    "IA3": (lambda pair: {"lora_unet_double_blocks_0_img_mlp_0.on_input": np.ones(1)}, "IA3"),
    "Tucker": (lambda pair: _broken(pair, **{f"{BLOCK}.attn.to_q.lora_mid.weight": np.ones((2, 2))}), "Tucker"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_lora_for_flux_is_named(write, pair, case):
    make, message = BAD[case]
    with pytest.raises(UnreadableLora, match=message) as caught:
        read_lora(write(make(pair)))
    assert caught.value.where
    assert caught.value.do


CHECKPOINT = {
    "double_blocks.0.img_attn.qkv.weight": np.ones((24, 8)),
    "double_blocks.0.img_attn.norm.key_norm.scale": np.ones(8),
    "single_blocks.0.norm.query_norm.scale": np.ones(8),
}


@pytest.mark.parametrize("prefix", ["", "model.diffusion_model."])
def test_a_whole_model_is_told_from_a_control_lora_by_its_matrices(write, pair, prefix):
    """Both have scales of query and key norms under Black Forest Labs' names."""
    whole = {f"{prefix}{key}": array for key, array in CHECKPOINT.items()}
    with pytest.raises(UnreadableLora, match="it holds no LoRA but 3 other tensors, as a whole model would"):
        read_lora(write(whole))
    with pytest.raises(UnreadableLora, match="control LoRA of Black Forest Labs"):
        read_lora(write(whole | pair(f"{prefix}double_blocks.0.img_attn.proj", HIDDEN, HIDDEN)))


def test_integer_tensors_are_refused(write):
    tensors = {
        f"{BLOCK}.attn.to_q.lora_A.weight": np.ones((2, 8), np.int8),
        f"{BLOCK}.attn.to_q.lora_B.weight": np.ones((8, 2), np.int8),
    }
    with pytest.raises(UnreadableLora, match="of type I8"):
        read_lora(write(tensors, dtype="I8"))


def test_dora_said_in_the_config_alone_is_refused(write, pair):
    with pytest.raises(UnreadableLora, match="magnitudes that belong to it are not in the file"):
        read_lora(write(pair(f"{BLOCK}.attn.to_q", 8, 8), {"lora_adapter_metadata": '{"transformer.use_dora": true}'}))
