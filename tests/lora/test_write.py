"""Writing: what was not edited comes back bit by bit, fused layers are fused again, nothing is overwritten."""

import errno
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import read_lora
from fluxdiag.lora.container import open_container
from fluxdiag.lora.dtypes import as_float32, encoded, exact, rounded
from fluxdiag.lora.edits import EDITS, dropped, scaled, truncated
from fluxdiag.lora.storage import tensor, write_tensors
from fluxdiag.lora.write import unfolded, widest, write_lora

D = 32
AB, KOHYA = ("lora_A", "lora_B"), ("lora_down", "lora_up")
DTYPES = ("F32", "F16", "BF16", "F8_E4M3", "F8_E5M2")
CODES = {"F32": "<u4", "F16": "<u2", "BF16": "<u2", "F64": "<u8", "F8_E4M3": "u1", "F8_E5M2": "u1"}


@pytest.mark.parametrize("dtype", [*DTYPES, "F64"])
def test_every_code_of_a_type_comes_back(dtype):
    """All 65,536 of the half types; NaN stays NaN."""
    width = np.dtype(CODES[dtype]).itemsize
    if width <= 2:
        codes = np.arange(256**width, dtype=CODES[dtype])
    else:
        codes = np.frombuffer(np.random.default_rng(0).standard_normal(999).astype(f"<f{width}").tobytes(), CODES[dtype])
    values = as_float32(codes.view(np.uint8), dtype)
    again = as_float32(encoded(values, dtype), dtype)
    assert np.array_equal(values, again, equal_nan=True)
    number = np.isfinite(values) & (width <= 4)
    assert np.array_equal(encoded(values, dtype).view(CODES[dtype])[number], codes[number])


def test_bfloat16_rounds_half_to_even():
    values = np.array([0x3F808000, 0x3F818000, 0x3F808001, 0x7F7FFFFF], "<u4").view("<f4")
    assert encoded(values, "BF16").view("<u2").tolist() == [0x3F80, 0x3F82, 0x3F81, 0x7F80]


def test_float8_takes_the_nearest_value():
    values = np.array([0.0, 1.0, 1.06, 1.07, -1.3, 1e-9, 448.0], np.float32)
    assert rounded(values, "F8_E4M3").tolist() == [0.0, 1.0, 1.0, 1.125, -1.25, 0.0, 448.0]


# ------------------------------------------------------------------------------------------------ round trips


def codes_of(rng, dtype, *shape):
    """Numbers around 1 as the codes of a type, so that nothing is lost by writing them."""
    return encoded(rng.standard_normal(shape, dtype=np.float32), dtype).view(CODES[dtype]).reshape(shape)


FUSED = (
    ("lora_unet_double_blocks_0_img_attn_qkv", 3 * D, D),
    ("lora_unet_double_blocks_0_txt_mlp_2", D, 4 * D),
    ("lora_unet_single_blocks_1_linear1", 7 * D, D),
    ("lora_unet_single_blocks_20_linear2", D, 5 * D),
    ("lora_unet_final_layer_adaLN_modulation_1", 2 * D, D),
    ("lora_te1_text_model_encoder_layers_0_self_attn_q_proj", 16, 16),
)
APART = (
    *((f"transformer.transformer_blocks.0.attn.to_{part}", D, D) for part in "qkv"),
    ("transformer.single_transformer_blocks.1.attn.to_q", D, D),
    ("transformer.single_transformer_blocks.1.proj_mlp", 4 * D, D),
    ("transformer.norm_out.linear", 2 * D, D),
    ("text_encoder.text_model.encoder.layers.0.mlp.fc1", 16, 8),
)


def file_of(write, layers, names, dtype, rank=4, alpha=None, metadata=None, name="l"):
    rng = np.random.default_rng(rank)
    tensors = {}
    for layer, rows, columns in layers:
        tensors[f"{layer}.{names[0]}.weight"] = codes_of(rng, dtype, rank, columns)
        tensors[f"{layer}.{names[1]}.weight"] = codes_of(rng, dtype, rows, rank)
        if alpha is not None:
            tensors[f"{layer}.alpha"] = encoded(np.float32(alpha), dtype).view(CODES[dtype]).reshape(())
    as_written = {key: array.view("<f4") if dtype == "F32" else array for key, array in tensors.items()}
    return write(as_written, metadata or {}, dtype, name)


def tensors_of(path):
    container = open_container(path)
    return {
        name: (entry.dtype, entry.shape, container.data[entry.begin : entry.end].tobytes())
        for name, entry in container.entries.items()
    }


def rewritten(path, target, edit=lambda lora: lora):
    out = path.with_name(f"{path.stem}-{target}.safetensors")
    write_lora(edit(read_lora(path)), out, target)
    return out


def changes(path):
    return {module.path: module.form.dense() for module in read_lora(path).all_modules()}


def same_changes(one, other) -> bool:
    """Of the same layers, and bit by bit."""
    ours, theirs = changes(one), changes(other)
    return ours.keys() == theirs.keys() and all(np.array_equal(ours[path], theirs[path]) for path in ours)


@pytest.mark.parametrize(
    ("dtype", "alpha"),
    [*((dtype, alpha) for dtype in ("F16", "BF16") for alpha in (1.0, 3.0, 4.0, 6.0)), ("F32", 1.0), ("F32", 8.0)],
)
def test_kohya_to_diffusers_and_back_is_the_same_bit_by_bit(write, dtype, alpha):
    first = file_of(write, FUSED, KOHYA, dtype, rank=4, alpha=alpha)
    there = rewritten(first, "diffusers")
    again = rewritten(there, "kohya")
    assert tensors_of(again) == tensors_of(first)
    assert same_changes(there, first)


def test_float32_with_an_odd_scale_keeps_the_change_bit_by_bit(write):
    """Several float32 numbers times 3/4 are the same number, so that the matrices themselves cannot be told again."""
    first = file_of(write, FUSED, KOHYA, "F32", rank=4, alpha=3.0)
    again = rewritten(rewritten(first, "diffusers"), "kohya")
    assert tensors_of(again).keys() == tensors_of(first).keys()
    assert same_changes(again, first)


@pytest.mark.parametrize("dtype", DTYPES)
def test_diffusers_to_kohya_and_back_is_the_same_though_the_parts_were_trained_apart(write, dtype):
    first = file_of(write, APART, AB, dtype)
    there = rewritten(first, "kohya")
    again = rewritten(there, "diffusers")
    assert {name: found for name, found in tensors_of(again).items() if not name.endswith(".alpha")} == tensors_of(first)
    assert tensors_of(there)["lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight"][1] == (12, D)
    for path, change in changes(first).items():
        # Not bit by bit: the joined matrices add up three ranks where one had been, in an order that hangs on the processor.
        np.testing.assert_allclose(changes(there)[path], change, rtol=1e-6, atol=1e-6 * float(np.abs(change).max()), err_msg=path)


@pytest.mark.parametrize(("layers", "names", "target"), [(FUSED, KOHYA, "kohya"), (APART, AB, "diffusers")])
def test_a_file_in_the_dialect_already_is_copied_with_its_header(write, layers, names, target):
    path = file_of(write, layers, names, "BF16", alpha=None if target == "diffusers" else 3.0, metadata={"ss_steps": "5"})
    out = rewritten(path, target)
    assert tensors_of(out) == tensors_of(path)
    assert open_container(out).metadata == {"ss_steps": "5"}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rank=st.integers(1, 9), alpha=st.floats(0.0625, 100, width=32), factor=st.floats(0.1, 4))
def test_a_scaled_half_file_keeps_its_matrices_bit_by_bit(write, tmp_path_factory, rank, alpha, factor):
    """Whatever rank and alpha: the strength goes into alpha alone."""
    first = file_of(write, FUSED[:3], KOHYA, "BF16", rank=rank, alpha=alpha)
    out = tmp_path_factory.mktemp("scaled") / "o.safetensors"
    write_lora(scaled(read_lora(first), factor), out, "kohya")
    before, after = tensors_of(first), tensors_of(out)
    assert {name: after[name] for name in before if not name.endswith("alpha")} == {
        name: found for name, found in before.items() if not name.endswith("alpha")
    }
    for path, change in changes(first).items():
        assert np.allclose(changes(out)[path], factor * change, rtol=1e-5, atol=1e-6 * np.abs(change).max())


def test_the_written_file_is_read_by_the_safetensors_library(write):
    out = rewritten(file_of(write, FUSED, KOHYA, "F16", alpha=3.1), "diffusers", lambda lora: scaled(lora, 0.77))
    with safe_open(out, "np") as found:
        assert set(found.keys()) == tensors_of(out).keys()
        assert found.get_tensor("transformer.norm_out.linear.lora_A.weight").shape == (4, D)
        assert found.metadata()[EDITS]


WIDEST = [
    ({"F32"}, "F32"),
    ({"F16", "F32"}, "F32"),
    ({"BF16", "F8_E4M3"}, "BF16"),
    ({"F16", "F8_E5M2"}, "F16"),
    ({"F32", "F64"}, "F64"),
    ({"F16", "BF16"}, "F32"),  # one has the finer steps, the other one the wider range
    ({"F8_E4M3", "F8_E5M2"}, "F16"),  # likewise
    ({"F8_E4M3", "F8_E5M2", "BF16"}, "BF16"),
    ({"I8"}, "F32"),
    (set(), "F32"),
]


@pytest.mark.parametrize(("types", "expected"), WIDEST)
def test_of_several_types_the_one_is_written_that_holds_them_all(tmp_path, types, expected):
    """By the matrices: a scalar alpha is often of another type, and does not count."""
    size = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
    header, end = {}, 0
    for name, dtype, shape in (("alpha", "F64", []), *((dtype, dtype, [2, 3]) for dtype in sorted(types))):
        begin, end = end, end + size.get(dtype, 1) * int(np.prod(shape))
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    path = tmp_path / "l.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(end))
    assert widest(open_container(path)) == expected


@pytest.mark.parametrize("dtype", ["F8_E4M3", "F8_E5M2", "BF16", "F16", "F32"])
@pytest.mark.parametrize("other", ["F8_E4M3", "F8_E5M2", "BF16", "F16", "F32"])
def test_the_type_that_is_written_holds_every_number_of_both(dtype, other):
    """All codes of the narrow types, some of float32."""
    for of in (dtype, other):
        width = np.dtype(CODES[of]).itemsize
        codes = np.arange(256**width, dtype=CODES[of]) if width < 4 else np.float32([1 / 3, 1e30, 1e-30]).view(CODES[of])
        values = as_float32(codes.view(np.uint8), of)
        finite = values[np.isfinite(values)]
        made = SimpleNamespace(entries={each: SimpleNamespace(dtype=each, shape=(2, 3)) for each in (dtype, other)})
        assert np.array_equal(rounded(finite, widest(made)), finite)


# ------------------------------------------------------------------------------------------------ scales


@given(st.integers(0, 2**32 - 1), st.integers(1, 64), st.floats(0.0078125, 200, width=32))
def test_a_matrix_is_told_again_from_what_its_scale_made_of_it(seed, rank, alpha):
    """In float32 too, where several matrices times the scale are the same numbers: any of them will do."""
    raw = np.random.default_rng(seed).standard_normal((9, rank)).astype(np.float32)
    for dtype in ("F32", "F16", "BF16"):
        stored = rounded(raw, dtype)
        up = stored * np.float32(alpha / rank)
        again, kept = unfolded(up, rank, alpha, dtype)
        assert kept == alpha
        assert np.array_equal(again * np.float32(alpha / rank), up)
        assert np.array_equal(rounded(again, dtype), again)


@given(st.integers(1, 64), st.integers(1, 256), st.integers(-20, 20))
@example(1, 41, 0)  # times 10.25: the nearest number to 1 / 10.25 makes less than 1, its neighbour makes 1
def test_at_a_power_of_two_the_neighbour_is_taken_where_it_alone_makes_the_number(rank, quarters, power):
    """Below it the numbers lie twice as close, so that the nearest quotient may be the wrong one."""
    alpha = quarters / 4
    scale, up = np.float32(alpha / rank), np.float32([[2.0**power, -(2.0**power)]])
    nearest = up / scale
    tried = [nearest, *(np.nextafter(nearest, np.float32(end)) for end in (-np.inf, np.inf))]
    solvable = np.any([each * scale == up for each in tried], axis=0)
    again, kept = unfolded(up, rank, alpha, "F32")
    assert kept == alpha
    assert np.array_equal(again * scale == up, solvable)


@pytest.mark.parametrize(
    ("up", "alpha", "dtype"),
    [
        (1.001, 4.0, "BF16"),  # no number of the type is so near
        (1e-9, 2.0, "F16"),  # the type has nothing so small; an absolute measure would call that near
        (1.0, 0.0, "F32"),
        (1.0, 1e-60, "F32"),
        (1.0, float("inf"), "F32"),
        (1.0, None, "F32"),
    ],
)
def test_where_a_scale_cannot_be_taken_out_again_it_stays_in(up, alpha, dtype):
    matrix = np.full((3, 4), up, np.float32)
    found, kept = unfolded(matrix, 4, alpha, dtype)
    assert found is matrix
    assert kept is None


# ------------------------------------------------------------------------------------------------ forms


def test_dora_goes_to_kohya_and_back(write):
    layer = "lora_unet_double_blocks_0_img_attn_qkv"
    first = file_of(write, [(layer, 3 * D, D)], KOHYA, "F32", alpha=4.0)
    tensors = {name: np.frombuffer(raw, "<f4").reshape(shape) for name, (_, shape, raw) in tensors_of(first).items()}
    tensors[f"{layer}.dora_scale"] = np.linspace(1, 2, 3 * D, dtype=np.float32).reshape(-1, 1)
    first = write(tensors, name="dora")
    there = rewritten(first, "diffusers")
    magnitude = tensors_of(there)["transformer.transformer_blocks.0.attn.to_k.lora_magnitude_vector"]
    assert magnitude == ("F32", (D,), tensors[f"{layer}.dora_scale"][D : 2 * D].tobytes())
    assert tensors_of(rewritten(there, "kohya")) == tensors_of(first)


def test_one_part_of_a_fused_layer_alone_is_written_with_zeros_for_the_others(write):
    path = file_of(write, [("transformer.single_transformer_blocks.1.proj_mlp", 4 * D, D)], AB, "BF16")
    there = rewritten(path, "kohya")
    assert tensors_of(there)["lora_unet_single_blocks_1_linear1.lora_up.weight"][1] == (7 * D, 4)
    found = changes(there)
    assert np.array_equal(found["transformer.single_transformer_blocks.1.proj_mlp"], *changes(path).values())
    assert not any(change.any() for name, change in found.items() if ".attn." in name)


def test_stacking_is_said(write):
    path = file_of(write, APART, AB, "BF16")
    written = write_lora(read_lora(path), path.with_name("k.safetensors"), "kohya")
    assert len(written.notes) == 1
    assert written.notes[0].startswith("2 fused layers hold parts trained apart")


T5 = "text_encoder_2.encoder.block.0.layer.0.SelfAttention.q"
FORMS = {
    "lora_unet_double_blocks_0_img_mlp_0": {
        "hada_w1_a": (4 * D, 2),
        "hada_w1_b": (2, D),
        "hada_w2_a": (4 * D, 3),
        "hada_w2_b": (3, D),
    },
    "lora_unet_double_blocks_0_txt_mlp_0": {"lokr_w1": (4, 2), "lokr_w2": (D, D // 2)},
}
DROPPED = "diffusers drops the layers of T5 (`text_encoder_2`) when it loads the file"


@pytest.mark.parametrize(("target", "said"), [("diffusers", (DROPPED,)), ("kohya", ())])
def test_what_diffusers_does_not_load_is_said_where_diffusers_is_meant(write, target, said):
    path = file_of(write, [APART[3], (T5, 16, 16)], AB, "F32")
    assert write_lora(read_lora(path), path.with_name("o.safetensors"), target).notes == said


def test_forms_that_stay_and_forms_that_become_a_lora_are_counted(write):
    made = {f"{layer}.{name}": np.ones(shape) for layer, tensors in FORMS.items() for name, shape in tensors.items()}
    lora = read_lora(write(made))
    kohya, diffusers = (write_lora(lora, lora.path.with_name(target), target).notes for target in ("kohya", "diffusers"))
    assert len(kohya) == len(diffusers) == 1
    assert kohya[0].startswith("2 layers keep their form (LoHa, LoKr or a full difference)")
    # ones times ones is of one direction; a LoHa's six are not looked through
    assert diffusers[0].startswith("2 layers of LoHa, LoKr or full differences are written as LoRA of rank 6 at most")


def test_what_was_left_out_of_reading_is_not_carried_over_and_that_is_said(write):
    path = file_of(write, APART[3:5], AB, "F32")
    tensors = {name: np.frombuffer(raw, "<f4").reshape(shape) for name, (_, shape, raw) in tensors_of(path).items()}
    lora = read_lora(write(tensors | {"emb_params": np.zeros(3)}, name="more"))
    (note,) = write_lora(lora, path.with_name("o.safetensors"), "diffusers").notes
    assert note == "not carried over: trained embeddings are ignored: 1, the first is 'emb_params'"


def test_a_key_of_the_header_is_not_called_lost_for_its_name(write):
    path = file_of(write, APART[3:5], AB, "F32")
    tensors = {name: np.frombuffer(raw, "<f4").reshape(shape) for name, (_, shape, raw) in tensors_of(path).items()}
    lora = read_lora(write(tensors, {"ignored": 3}, name="more"))
    assert "ignored" in lora.problems[0].text
    assert write_lora(lora, path.with_name("o.safetensors"), "diffusers").notes == ()


# ------------------------------------------------------------------------------------------------ the header

HEADER = {
    "ss_network_dim": "4", "ss_network_alpha": "4.0", "ss_training_comment": "mine", "ss_steps": "100", "ünïcode": "ж",
    "sshs_model_hash": "old", "sshs_legacy_hash": "old",
}  # fmt: skip


def test_metadata_is_carried_and_kept_true(write):
    path = file_of(write, FUSED, KOHYA, "BF16", alpha=4.0, metadata=HEADER)
    out = rewritten(path, "kohya", lambda lora: dropped(truncated(lora, 2), "double"))
    metadata = open_container(out).metadata
    assert [note["edit"] for note in json.loads(metadata[EDITS])] == ["truncate", "drop"]
    assert (metadata["ss_network_dim"], metadata["ss_network_alpha"], metadata["ss_steps"]) == ("2", "2", "100")
    assert metadata["ss_training_comment"].startswith("fluxdiag: truncate rank=2 kept_energy=0.")
    assert metadata["ss_training_comment"].endswith("; drop blocks=double layers_removed=4; mine")
    assert metadata["ünïcode"] == "ж"
    assert metadata["fluxdiag.source_sha256"] == read_lora(path).sha256
    assert "sshs_legacy_hash" not in metadata


def test_the_models_hash_is_that_of_its_tensors(write):
    import hashlib

    out = rewritten(file_of(write, FUSED, KOHYA, "BF16", metadata=HEADER), "diffusers")
    container = open_container(out)
    assert container.metadata["sshs_model_hash"] == hashlib.sha256(container.data[:].tobytes()).hexdigest()


def test_peft_config_gives_way_to_alpha_since_diffusers_refuses_both(write):
    config = json.dumps({"transformer.r": 4, "transformer.lora_alpha": 2})
    path = file_of(write, APART[:6], AB, "BF16", metadata={"lora_adapter_metadata": config})
    out = rewritten(path, "diffusers")
    assert "lora_adapter_metadata" not in open_container(out).metadata
    assert same_changes(out, path)
    assert rounded(np.float32(2).reshape(()), "BF16") == 2
    assert exact(np.float32(2).reshape(()), "BF16")


def test_ranks_that_differ_are_called_dynamic_as_kohya_does(write):
    path = file_of(write, APART, AB, "BF16", metadata=HEADER)
    assert open_container(rewritten(path, "kohya")).metadata["ss_network_dim"] == "Dynamic"


# ------------------------------------------------------------------------------------------------ the file


def test_nothing_is_overwritten_and_nothing_is_left_behind(write):
    path = file_of(write, FUSED, KOHYA, "BF16")
    out = path.with_name("there.safetensors")
    out.write_bytes(b"mine")
    before = sorted(path.parent.iterdir())
    with pytest.raises(FluxdiagError, match="there already"):
        write_lora(read_lora(path), out, "diffusers")
    assert out.read_bytes() == b"mine"
    assert sorted(path.parent.iterdir()) == before


def test_a_strength_that_the_type_cannot_hold_is_refused(write):
    path = file_of(write, FUSED[:1], KOHYA, "F8_E4M3", alpha=4.0)
    lora = read_lora(path)
    from dataclasses import replace

    from fluxdiag.lora.forms import LowRank

    huge = {
        name: replace(module, form=LowRank(module.down, module.up * np.float32(1e6)), alpha=None)
        for name, module in lora.modules.items()
    }
    with pytest.raises(FluxdiagError, match="more than F8_E4M3 holds"):
        write_lora(replace(lora, modules=huge), path.with_name("o.safetensors"), "kohya")


def test_a_disk_that_knows_no_links_gets_the_file_and_none_is_overwritten(tmp_path, monkeypatch):
    def refused(path, target):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    write_tensors(tmp_path / "new.safetensors", [tensor("a.weight", np.ones((2, 2)), "F32")], {})
    written = (tmp_path / "new.safetensors").read_bytes()
    with pytest.raises(FluxdiagError, match="there already"):
        write_tensors(tmp_path / "new.safetensors", [tensor("b.weight", np.ones((2, 2)), "F32")], {})
    assert (tmp_path / "new.safetensors").read_bytes() == written
    assert [path.name for path in tmp_path.iterdir()] == ["new.safetensors"]
