"""What gathering notes of how it was done, and what it refuses before anything is drawn."""

from __future__ import annotations

from importlib import metadata

import pytest

from fluxdiag.gathering.pictures import LIBRARIES, PICTURE_LIBRARIES, _setting, _versions

WHEELS = {
    "the CPU wheel": {"onnxruntime": "1.22.0"},
    "the GPU wheel alone, as doctor's repair leaves it": {"onnxruntime-gpu": "1.22.1"},
    "both": {"onnxruntime": "1.22.0", "onnxruntime-gpu": "1.22.1"},
    "neither: built from source": {},
}


@pytest.mark.parametrize("kind", WHEELS)
def test_versions_are_noted_of_what_pip_knows_and_nothing_ends_for_want_of_one(monkeypatch, kind):
    others = dict.fromkeys(set(LIBRARIES) - {"onnxruntime", "onnxruntime-gpu"}, "1.0")

    def version(name: str) -> str:
        try:
            return (others | WHEELS[kind])[name]
        except KeyError:
            raise metadata.PackageNotFoundError(name) from None

    monkeypatch.setattr(metadata, "version", version)
    assert _versions(LIBRARIES) == others | WHEELS[kind]
    # Pictures are named by it: a wheel that draws nothing must not rename them.
    assert _setting("cpu") == f"cpu {dict.fromkeys(PICTURE_LIBRARIES, '1.0')}"
