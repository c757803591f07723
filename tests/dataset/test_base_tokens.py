"""A trigger through the base's own tokenizers: CLIP's as FLUX.1 ships it, fast ones, and what is none."""

import importlib.util
import json
import random
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from fluxdiag.dataset.base_tokens import base_tokens, reasons
from fluxdiag.dataset.trigger_judging import judge_trigger
from fluxdiag.dataset.trigger_score import merges, pieces, split


@pytest.fixture
def base(tmp_path):
    """CLIP by its merges alone, T5 as a tokenizer of whole words."""
    (tmp_path / "tokenizer").mkdir()
    (tmp_path / "tokenizer/merges.txt").write_text("#version: 0.2\no h\nw x</w>\noh wx</w>\n")
    (tmp_path / "tokenizer_2").mkdir()
    words = Tokenizer(WordLevel({"<unk>": 0, "woman": 1}, unk_token="<unk>"))
    words.pre_tokenizer = Whitespace()
    words.save(str(tmp_path / "tokenizer_2/tokenizer.json"))
    return tmp_path


def test_both_encoders_read_the_trigger(base):
    assert base_tokens("ohwx woman", base) == {"CLIP": ("ohwx</w>", "w", "o", "m", "a", "n</w>"), "T5": ("<unk>", "woman")}


def test_the_sentences_say_how_many_and_what_is_unknown(base):
    clip, t5 = reasons(base_tokens("ohwx woman", base))
    assert clip == "CLIP of the base reads it as 6 tokens: ohwx w o m a n"
    assert t5 == "T5 of the base reads it as 2 tokens: <unk> woman, some of its characters unknown to it"
    assert reasons({"T5": ("▁x",)}) == ("T5 of the base reads it as 1 token: x",)


def test_they_are_part_of_the_score(base):
    judged = judge_trigger("ohwx", base)
    assert judged.tokens["CLIP"] == ("ohwx</w>",)
    assert judged.reasons[-2:] == reasons(judged.tokens)
    assert judge_trigger("ohwx").tokens == {}


@pytest.mark.parametrize(
    ("trigger", "parts"),
    [
        ("Elena2", ["elena", "2"]),
        ("john_smith 01", ["john", "_", "smith", "0", "1"]),
        ("e\u0301lodie's", ["\u00e9lodie", "'s"]),
        ("!'s", ["!'", "s"]),
        ("o'neil", ["o", "'", "neil"]),
        ("x\u00b2", ["x", "\u00b2"]),
        ("\u4e2d\u65871", ["\u4e2d\u6587", "1"]),
        (" ", []),
    ],
)
def test_clip_reads_letters_digits_and_signs_apart(trigger, parts):
    assert split(trigger) == parts


def test_bytes_above_ascii_are_merged_as_the_vocabulary_spells_them():
    assert pieces("\u00e9", {}) == ["\u00c3", "\u00a9</w>"]
    assert pieces("\u00e9", {"\u00c3\u00a9</w>": 0}) == ["\u00c3\u00a9</w>"]


def test_the_count_is_that_of_clips_own_tokenizer():
    tokenizer = pytest.importorskip("open_clip.tokenizer").SimpleTokenizer()
    ranks = merges(Path(str(importlib.util.find_spec("open_clip").origin)).parent / "bpe_simple_vocab_16e6.txt.gz")
    rng, signs = (
        random.Random(0),
        "abcxyzELNA0189_-.!'@#$%*+\u00e9\u00df\u00f1\u0142\u4e2d\u6587\u0440\u03bb\u0663\U0001f600",
    )
    made_up = ["".join(rng.choices(signs, k=rng.randint(1, 10))) for _ in range(1000)]
    for trigger in ["elena2", "MYCHAR01", "brad-pitt", "cat's", "ohwx woman", *made_up]:
        assert pieces(trigger, ranks) == [tokenizer.decoder[token] for token in tokenizer.encode(trigger)], trigger


@pytest.mark.parametrize("content", [b"", b"\n", b"#version: 0.2\n", b"<html>", b"\xff\xfe", None])
def test_a_list_of_merges_that_is_none_is_left_out(base, content):
    file = base / "tokenizer/merges.txt"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    assert base_tokens("ohwx", base) == {"T5": ("<unk>",)}


@pytest.mark.parametrize("content", ["", "{", json.dumps({"model": {}}), "[]"])
def test_files_that_are_no_tokenizers_are_left_out(tmp_path, content):
    (tmp_path / "tokenizer_2").mkdir()
    (tmp_path / "tokenizer_2/tokenizer.json").write_text(content)
    assert base_tokens("ohwx", tmp_path) == {}
