"""Networks that do not load: said of the files only where it is their fault."""

from __future__ import annotations

import errno
from types import SimpleNamespace

import pytest

from fluxdiag.engines.faces import insightface_pack, opencv_pair
from fluxdiag.engines.faces.insightface_pack import InsightFacePack
from fluxdiag.engines.faces.loading import PROCESSOR, loaded
from fluxdiag.engines.faces.pack import Recogniser
from fluxdiag.errors import FluxdiagError, WeightsMissing

CARD = ("CUDAExecutionProvider", PROCESSOR)
FULL = RuntimeError("CUDA failure 2: out of memory ; GPU=0\nexpr=cudaMalloc")


def unfit(why: str) -> WeightsMissing:
    return WeightsMissing(f"no pack ({why})", where="pack")


def load_that_raises(error: Exception, on_processor: bool = False):
    def load(providers):
        if providers[0] != PROCESSOR or on_processor:
            raise error
        return "networks"

    return load


def test_what_the_card_cannot_run_and_the_processor_can_is_no_broken_pack():
    with pytest.raises(FluxdiagError, match=r"not on the card \(RuntimeError: CUDA failure 2: out of memory ; GPU=0\)") as told:
        loaded(load_that_raises(FULL), CARD, "pack", unfit)
    assert not isinstance(told.value, WeightsMissing)
    assert "Close what else uses the card" in told.value.do


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("Protobuf parsing failed.\nsecond line"), r"no pack \(RuntimeError: Protobuf parsing failed.\)"),
        (RuntimeError(""), r"no pack \(RuntimeError\)"),
        (IndexError("\n"), r"no pack \(IndexError\)"),
        (FileNotFoundError(errno.ENOENT, "No such file", "manifest"), "no pack"),  # a part of the pack
    ],
)
@pytest.mark.parametrize("providers", [CARD, (PROCESSOR,)])
def test_what_nothing_can_run_is_a_broken_pack(error, said, providers):
    with pytest.raises(WeightsMissing, match=said):
        loaded(load_that_raises(error, on_processor=True), providers, "pack", unfit)


@pytest.mark.parametrize(
    "error", [OSError(errno.EIO, "Input/output error", "x.onnx"), ImportError("libcudnn.so.9"), MemoryError(), unfit("told")]
)
def test_what_the_machine_says_is_passed_on(error):
    with pytest.raises(type(error)) as told:
        loaded(load_that_raises(error, on_processor=True), CARD, "pack", unfit)
    assert told.value is error


def test_what_loads_is_loaded_once_on_the_first_provider():
    asked = []
    assert loaded(lambda on: asked.append(on) or "networks", CARD, "pack", unfit) == "networks"
    assert asked == [CARD]


@pytest.mark.parametrize(("error", "kind"), [(OSError(errno.EIO, "Input/output error"), OSError), (Exception(), WeightsMissing)])
def test_both_kinds_of_pack_are_asked_this_way(tmp_path, monkeypatch, error, kind):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(insightface_pack, "FaceAnalysis", fails)
    with pytest.raises(kind):
        InsightFacePack(SimpleNamespace(folder=tmp_path), (PROCESSOR,))
    monkeypatch.setattr(opencv_pair.onnxruntime, "InferenceSession", fails)
    (tmp_path / "r.onnx").touch()
    said = Recogniser(file="r.onnx", channels="RGB", mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    with pytest.raises(kind):
        opencv_pair._session(SimpleNamespace(folder=tmp_path), said, (PROCESSOR,))
