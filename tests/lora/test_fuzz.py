"""Damaged files: one clear error or a LoRA, never another exception, and no more memory than the file can ask for."""

import json
import os
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import lora_file, read_lora
from fluxdiag.lora.container import LONGEST_HEADER, open_container
from fluxdiag.lora.header import recommended_strength, regularisation_phrase, trigger_candidates, unread
from fluxdiag.lora.origin import base, other_than, trainer
from fluxdiag.lora.settings import settings_of

H = 16
BLOCK = "transformer.transformer_blocks.0.attn"
ALLOWED = 100_000_000
"""bytes that reading a file of a few kilobytes may take at once: hashing and JSON have their own needs"""


def content(tensors, metadata=None):
    header = {} if metadata is None else {"__metadata__": metadata}
    body = b""
    for name, array in tensors.items():
        raw = np.asarray(array, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(np.shape(array)), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    return framed(json.dumps(header).encode(), body)


def framed(header, body=b""):
    return len(header).to_bytes(8, "little") + header + body


RNG = np.random.default_rng(0)
SMALL = content(
    {
        f"{BLOCK}.to_q.lora_A.weight": RNG.normal(size=(2, H)),
        f"{BLOCK}.to_q.lora_B.weight": RNG.normal(size=(H, 2)),
        f"{BLOCK}.to_q.alpha": np.array(1.0),
        f"{BLOCK}.to_k.lokr_w1": RNG.normal(size=(4, 4)),
        f"{BLOCK}.to_k.lokr_w2_a": RNG.normal(size=(4, 2)),
        f"{BLOCK}.to_k.lokr_w2_b": RNG.normal(size=(2, 4)),
        f"{BLOCK}.to_v.hada_w1_a": RNG.normal(size=(H, 2)),
        f"{BLOCK}.to_v.hada_w1_b": RNG.normal(size=(2, H)),
        f"{BLOCK}.to_v.hada_w2_a": RNG.normal(size=(H, 2)),
        f"{BLOCK}.to_v.hada_w2_b": RNG.normal(size=(2, H)),
        f"{BLOCK}.to_v.dora_scale": RNG.normal(size=(H, 1)),
    },
    {"ss_network_dim": "2", "training_info": '{"step": 3}'},
)


def read(path, raw):
    """Reads all that a report needs of the file; a FluxdiagError is as good as a LoRA."""
    path.write_bytes(raw)
    tracemalloc.start()
    try:
        lora = read_lora(path)
        lora_file(lora)
        return lora
    except FluxdiagError:
        return None
    finally:
        assert tracemalloc.get_traced_memory()[1] < ALLOWED
        tracemalloc.stop()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "l.safetensors"


def test_the_undamaged_file_is_a_lora(file):
    assert len(read(file, SMALL).modules) == 3


ROUGH = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@ROUGH
@given(changes=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_changed_bytes(file, changes):
    raw = bytearray(SMALL)
    for place, value in changes:
        raw[place] = value
    read(file, bytes(raw))


@ROUGH
@given(length=st.integers(0, len(SMALL)), more=st.binary(max_size=40))
def test_cut_and_continued(file, length, more):
    read(file, SMALL[:length] + more)


NAMES = st.sampled_from([
    f"{BLOCK}.to_q.lora_A.weight", f"{BLOCK}.to_q.lora_B.weight", f"{BLOCK}.to_q.alpha", f"{BLOCK}.to_q.lokr_w1",
    f"{BLOCK}.to_q.lokr_w2", f"{BLOCK}.to_q.dora_scale", f"{BLOCK}.to_q.diff", f"{BLOCK}.to_q.diff_b",
    "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight", "lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight",
    "final_layer.adaLN_modulation.1.lora_A.weight", "final_layer.adaLN_modulation.1.lora_B.weight", "__metadata__", "",
])  # fmt: skip
NUMBERS = st.one_of(st.integers(-2, 40), st.integers(), st.floats(), st.booleans(), st.none(), st.text(max_size=3))
SHAPES = st.one_of(st.lists(st.integers(0, 8), max_size=4), st.lists(NUMBERS, max_size=5), NUMBERS)
ENTRIES = st.one_of(
    st.fixed_dictionaries({
        "dtype": st.sampled_from(["F32", "BF16", "F8_E4M3", "I8", "F4", "X", 3]),
        "shape": SHAPES,
        "data_offsets": st.one_of(st.tuples(st.integers(0, 64), st.integers(0, 64)), st.lists(NUMBERS, max_size=3), NUMBERS),
    }),
    st.recursive(NUMBERS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)),
)  # fmt: skip


@ROUGH
@given(header=st.dictionaries(NAMES, ENTRIES, max_size=5), body=st.binary(max_size=64))
@example(header={"a": {"dtype": "F32", "shape": [10**30, 0], "data_offsets": [0, 0]}}, body=b"")
@example(header={"a": {"dtype": "F32", "shape": [0] * 100_000, "data_offsets": [0, 0]}}, body=b"")
def test_made_up_headers(file, header, body):
    read(file, framed(json.dumps(header).encode(), body))


def _entry(shape, begin, end, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def _with(header, body=bytes(64)):
    return framed(header if isinstance(header, bytes) else json.dumps(header).encode(), body)


BAD = {
    "overlap": (_with({"a": _entry([8], 0, 32), "b": _entry([12], 16, 64)}), "'a' and 'b' overlap"),
    "the same bytes twice": (_with({"a": _entry([16], 0, 64), "b": _entry([16], 0, 64)}), "overlap"),
    "a hole": (_with({"a": _entry([4], 0, 16), "b": _entry([8], 32, 64)}), "16 of its 64 bytes belong to no tensor"),
    "bytes after the last": (_with({"a": _entry([4], 0, 16)}), "48 of its 64 bytes belong to no tensor"),
    "out of range": (_with({"a": _entry([32], 0, 128)}), "cut short"),
    "backwards": (_with({"a": _entry([0], 16, 0)}), "shape and size disagree"),
    "a name twice": (_with(b'{"a":{"dtype":"F32"},"a":{"dtype":"F32"}}'), "it has 'a' twice"),
    "metadata's name twice": (_with(b'{"__metadata__":{"k":"1","k":"2"}}'), "it has 'k' twice"),
    "unknown type": (_with({"a": _entry([16], 0, 64, "Q4_K")}), "unknown type 'Q4_K'"),
    "metadata is a list": (_with({"__metadata__": ["a"]}), "header is damaged"),
    "metadata is no UTF-8": (_with(b'{"__metadata__":{"a":"\xff\xfe"}}'), "header is damaged"),
    "UTF-16": (_with('{"a":1}'.encode("utf-16-le")), "header is damaged"),
    "half a surrogate pair": (_with(b'{"__metadata__":{"a":"\\ud800"}}'), "header is damaged"),
    "a bool for an offset": (_with({"a": {"dtype": "F32", "shape": [16], "data_offsets": [False, 64]}}), "damaged at 'a'"),
    "half a number": (_with({"a": {"dtype": "F32", "shape": [16.0], "data_offsets": [0, 64]}}), "damaged at 'a'"),
    "a long name": (_with({"a" * 5000: _entry([16], 0, 64)}), "damaged"),
    "nested metadata": (_with(b'{"__metadata__":' + b'{"a":' * 50_000), "header is damaged"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_header_that_is_none_is_named(file, case):
    raw, message = BAD[case]
    file.write_bytes(raw)
    with pytest.raises(FluxdiagError, match=message) as caught:
        open_container(file)
    assert len(str(caught.value)) < 1000, "what a file says is not repeated at length"


def test_a_header_of_100_mb_is_not_parsed(file):
    with file.open("wb") as opened:
        opened.write((100_000_000).to_bytes(8, "little") + b"{")
        opened.truncate(100_000_008)
    tracemalloc.start()
    with pytest.raises(FluxdiagError, match=f"its header is 100 MB long.*longer than {LONGEST_HEADER // 10**6} MB"):
        open_container(file)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_metadata_that_is_no_text_is_a_problem(file):
    file.write_bytes(_with({"__metadata__": {"step": 3, "deep": {"a": [1]}}, "a": _entry([16], 0, 64)}))
    container = open_container(file)
    assert container.metadata == {"step": "3", "deep": '{"a": [1]}'}
    assert container.not_text.startswith("its header holds 2 values that are not text ('step' first)")


@pytest.mark.parametrize("bomb", ["[" * 200_000, '{"a":' * 100_000, "[" + "0," * 300_000 + "0]", "1" * 100_000])
def test_bombs_in_the_metadata_are_not_set_off(file, bomb):
    keys = ("ss_datasets", "ss_tag_frequency", "software", "training_info", "ot_config", "lora_adapter_metadata")
    tensors = {f"{BLOCK}.to_q.lora_A.weight": np.ones((2, H)), f"{BLOCK}.to_q.lora_B.weight": np.ones((H, 2))}
    assert len(read(file, content(tensors, dict.fromkeys(keys, bomb))).modules) == 1


WORDS = st.sampled_from([
    "alpha_pattern", "lora_alpha", "use_rslora", "use_dora", "r", "transformer.lora_alpha", "transformer.alpha_pattern",
    "attn.to_q", "name", "step", "epoch", "subsets", "is_reg", "image_dir", "class_tokens", "img_count", "num_repeats",
    "n_repeats", "batch_size_per_device", "resolution", "learning_rate", "optimizer", "epochs", "lora_rank", "base_model_name",
    "1_ohwx", "ohwx",
])  # fmt: skip
MADE_UP = st.recursive(
    st.one_of(NUMBERS, WORDS, st.just(10**400)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=12,
)
PLACES = st.sampled_from([
    "ss_datasets", "ss_tag_frequency", "ss_dataset_dirs", "ss_reg_dataset_dirs", "ss_network_args", "training_info", "software",
    "ot_config", "lora_adapter_metadata", "ss_steps", "ss_network_dim", "ss_network_alpha", "ss_unet_lr", "ss_optimizer",
    "ss_num_train_images", "ss_resolution", "modelspec.usage_hint", "modelspec.architecture", "trained_words", "global_step",
])  # fmt: skip


@ROUGH
@given(st.dictionaries(PLACES, MADE_UP.map(json.dumps), max_size=6))
@example({"lora_adapter_metadata": '{"transformer.alpha_pattern": [1], "transformer.lora_alpha": 2}'})
@example({"lora_adapter_metadata": '{"lora_alpha": 1' + "0" * 400 + "}"})
def test_made_up_json_where_trainers_write_theirs(file, metadata):
    tensors = {f"{BLOCK}.to_q.lora_A.weight": np.ones((2, H)), f"{BLOCK}.to_q.lora_B.weight": np.ones((H, 2))}
    lora = read(file, content(tensors, metadata))
    if lora is None:
        return
    said = lora.metadata
    settings_of(said, tuple(lora.modules.values()))
    tuple(trigger_candidates(said)), regularisation_phrase(said), recommended_strength(said), unread(said)
    trainer(said, tuple(lora.modules), len(lora.modules)), base(said, tuple(lora.modules))
    other_than("black-forest-labs/FLUX.1-dev", "flux1-dev", said, tuple(lora.modules))


def test_a_small_file_of_a_huge_change_is_not_multiplied_out(file):
    """Two factors of 4 KB whose Kronecker product has 2^40 numbers."""
    tall = np.ones((1024, 1))
    factors = {
        f"{BLOCK}.to_q.lokr_{name}": part for name in ("w1", "w2") for name, part in ((f"{name}_a", tall), (f"{name}_b", tall.T))
    }
    assert read(file, content(factors)) is None
    wide = {f"{BLOCK}.to_q.lora_A.weight": np.ones((1, 1 << 20)), f"{BLOCK}.to_q.lora_B.weight": np.ones((1 << 20, 1))}
    assert read(file, content(wide)) is None


def test_links_pipes_and_what_is_not_there(tmp_path):
    real = tmp_path / "real.safetensors"
    real.write_bytes(SMALL)
    link = tmp_path / "link.safetensors"
    link.symlink_to(real)
    assert len(read_lora(link).modules) == 3, "as in Hugging Face's cache"
    real.unlink()
    with pytest.raises(FluxdiagError, match="a link to a file that is not there"):
        read_lora(link)
    round_and_round = tmp_path / "round.safetensors"
    round_and_round.symlink_to(round_and_round)
    with pytest.raises(FluxdiagError, match="a link"):
        read_lora(round_and_round)
    pipe = tmp_path / "pipe.safetensors"
    os.mkfifo(pipe)
    with pytest.raises(FluxdiagError, match="no regular file"):
        read_lora(pipe)
