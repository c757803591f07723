"""The safetensors format without its library: every float type, and everything that is not such a file."""

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fluxdiag.errors import UnreadableLora
from fluxdiag.lora.container import open_container
from fluxdiag.lora.dtypes import as_float32

VALUES = np.array([0, 1, -1, 0.5, 3.140625, -240, 2**-9, 1e-3], dtype=np.float32)


@pytest.mark.parametrize("dtype", ["F64", "F32", "F16"])
def test_numpy_types_are_read_as_numpy_reads_them(dtype):
    native = VALUES.astype({"F64": "<f8", "F32": "<f4", "F16": "<f2"}[dtype])
    assert (as_float32(np.frombuffer(native.tobytes(), np.uint8), dtype) == native.astype(np.float32)).all()


@pytest.mark.parametrize(("dtype", "name"), [("BF16", "bfloat16"), ("F8_E5M2", "float8_e5m2"), ("F8_E4M3", "float8_e4m3fn")])
def test_types_that_numpy_lacks_agree_with_ml_dtypes_for_every_code(dtype, name):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    codes = np.arange(2**16, dtype="<u2") if dtype == "BF16" else np.arange(2**8, dtype=np.uint8)
    expected = codes.view(getattr(ml_dtypes, name)).astype(np.float32)
    np.testing.assert_array_equal(as_float32(codes.view(np.uint8), dtype), expected)


def test_metadata_and_tensors_come_back(write):
    path = write({"a": np.arange(6).reshape(2, 3), "b": np.array(2.0)}, {"ss_steps": "7"})
    container = open_container(path)
    assert container.metadata == {"ss_steps": "7"}
    assert container.tensor("a").tolist() == [[0, 1, 2], [3, 4, 5]]
    assert container.tensor("b").shape == ()


def _zip(name: str = "archive/data.pkl") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, pickle.dumps({"a": 1}))
    return buffer.getvalue()


def _header(text: bytes) -> bytes:
    return len(text).to_bytes(8, "little") + text


BAD = {
    "empty": (b"", "the file is empty"),
    "torch's zip": (_zip(), "a pickle in a zip"),
    "torch's zip under a long name": (_zip(f"{'long' * 50}/data.pkl"), "a pickle in a zip"),
    "another zip": (_zip("a.txt"), "this is a zip archive. Unpack it, and give the .safetensors file inside it"),
    "bare pickle": (pickle.dumps({"a": [1] * 40}), "a pickle, which is never opened"),
    "a server's answer": (b'{"error":"Unauthorized","message":"log in"}', "JSON, as a failed download leaves"),
    "JSON of one's own": (b'{"lora_alpha": 16, "r": 16}', "this is JSON text"),
    "web page": (b"<!DOCTYPE html><html>Sign in</html>", "a web page"),
    "git lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS pointer"),
    "gguf": (b"GGUF\x03\0\0\0" + bytes(64), "holds a whole quantised model. Give a LoRA"),
    "noise": (bytes(range(64, 128)), "not a safetensors file"),
    "four bytes": (b"\x10\0\0\0", "not a safetensors file"),
    "header longer than the file": (b"\xff\xff\0\0\0\0\0\0{}", "only the beginning of one"),
    "header is no JSON": (_header(b"{not json"), "header is damaged"),
    "header is no UTF-8": (_header(b'{"\xff":1}'), "header is damaged"),
    "entry without offsets": (_header(b'{"a":{"dtype":"F32","shape":[1]}}'), "damaged at 'a'"),
    "entry is no object": (_header(b'{"a":3}'), "damaged at 'a'"),
    "cut short": (_header(b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}') + bytes(12), "cut short: 12 bytes"),
    "shape against size": (_header(b'{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}') + bytes(16), "disagree"),
    "negative offsets": (_header(b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}'), "damaged at 'a'"),
    "deep nesting": (_header(b'{"a":' + b"[" * 100_000), "header is damaged"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_safetensors_file_is_named(tmp_path, case):
    content, message = BAD[case]
    path = tmp_path / "mine.safetensors"
    path.write_bytes(content)
    with pytest.raises(UnreadableLora, match=message) as caught:
        open_container(path)
    assert str(path) in str(caught.value)
    assert caught.value.do


def test_a_folder_and_a_missing_file_are_named(tmp_path):
    with pytest.raises(UnreadableLora, match=r"a folder, not a LoRA\. Give a file; none is in it"):
        open_container(tmp_path)
    with pytest.raises(UnreadableLora, match="no such file"):
        open_container(tmp_path / "nothing.safetensors")


def test_an_empty_name_is_the_folder_one_is_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadableLora, match=r"\.: this is the folder that you are in"):
        open_container(Path())


@pytest.mark.parametrize(
    ("given", "says", "do"),
    [
        ("https://civitai.com/models/12", "an address, not a file", "Download it"),
        ("someone/mychar-lora", "no such file", "hf download someone/mychar-lora"),
        ("someone/mychar.safetensors", "no such file", "Check the path"),  # a file that was meant, and is missing
        ("C:/loras/mychar", "no such file", "Check the path"),
    ],
)
def test_what_is_no_path_is_told_how_to_become_one(given, says, do, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadableLora, match=says) as caught:
        open_container(Path(given))
    assert do in (caught.value.do or "")


def test_a_missing_file_in_a_folder_that_is_there_is_no_name_on_a_hub(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loras").mkdir()
    with pytest.raises(UnreadableLora) as caught:
        open_container(Path("loras/mychar"))
    assert caught.value.do == "Check the path"


@pytest.mark.parametrize(
    ("names", "do"),
    [
        ((), "Give a file; none is in it"),
        (("a",), "Give the .safetensors file inside it (a.safetensors)"),
        (("a", "b"), "Give one of the 2 .safetensors files inside it (a.safetensors, b.safetensors)"),
        (("a", "run/b"), "Give the .safetensors file inside it (a.safetensors)"),
        (("checkpoint-500/a",), "Give the .safetensors file inside it (checkpoint-500/a.safetensors)"),
        (("run/checkpoint-500/a",), "Give a file; none is in it"),  # no whole disk is searched
        (tuple("abcd"), "Give one of the 4 .safetensors files inside it (a.safetensors, b.safetensors, c.safetensors, ...)"),
    ],
)
def test_of_a_folder_the_files_in_it_are_named(tmp_path, names, do):
    for name in names:
        file = tmp_path / f"{name}.safetensors"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    with pytest.raises(UnreadableLora) as refused:
        open_container(tmp_path)
    assert refused.value.do == do
