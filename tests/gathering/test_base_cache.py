"""Pictures of the base that all LoRAs share: only what was drawn for the purpose goes in, and nothing hangs on what is there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from fluxdiag.case import build_case
from fluxdiag.engines.studio import image_file, latent_file
from fluxdiag.gather import gather_suite, planned, start
from fluxdiag.gathering.base_cache import cache_folder, cached, from_cache, to_cache
from fluxdiag.runs import Run, write_arrays, write_bytes
from fluxdiag.suites import load_suite

SUITE = """
schema = 1
name = "three"
about = "the base alone, in three batches"
""" + "".join(
    f"""
[[probes]]
name = "{name}"
arms = ["base"]
seeds = [1]
prompts = [{{ id = "{name}", text = "{{subject}} in a {name}, close-up", background = "{name}" }}]
"""
    for name in ("park", "library", "kitchen")
)
LATENT = (64, 64)
"""tokens and channels of the laboratory's"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("FLUXDIAG_CACHE", str(tmp_path / "cache"))
    return cache_folder()


def test_what_lay_in_the_run_folder_is_never_shared_and_what_is_drawn_is(examples: Path, tmp_path: Path) -> None:
    """A folder that somebody else has begun: a picture, and a latent that is still to be decoded. No list vouches for either."""
    (tmp_path / "three.toml").write_text(SUITE)
    suite, _ = load_suite(str(tmp_path / "three.toml"))
    (lora,) = (examples / "healthy").glob("*.safetensors")
    case, run = build_case(lora, base=str(examples.parent / "weights" / "base")), Run(tmp_path / "run")
    start(run, case)
    picture, latent, drawn = planned(case, suite).tasks
    image_file(run, picture).parent.mkdir()
    Image.new("RGB", (64, 64), "red").save(image_file(run, picture))
    write_arrays(latent_file(run, latent), {"latent": np.zeros(LATENT, np.float32)})

    gather_suite(run, suite, "", faces_only=True)

    assert [cached(task) for task in (picture, latent, drawn)] == [False, False, True]
    assert [shot.id for shot in run.shots()] == [picture.id, latent.id, drawn.id]


def test_a_picture_that_cannot_be_read_back_is_none_and_the_others_are_found(tmp_path: Path, own_cache: Path) -> None:
    run, tasks = Run(tmp_path / "run"), [SimpleNamespace(id=name, base_key=name) for name in ("whole", "barred", "away")]
    write_bytes(own_cache / "whole.png", b"picture")
    (own_cache / "barred.png").mkdir()

    assert from_cache(run, [*tasks, SimpleNamespace(id="with-lora", base_key=None)]) == {"whole"}
    assert [file.name for file in run.shots_folder.iterdir()] == ["whole.png"]


def test_what_is_there_is_neither_copied_nor_replaced(tmp_path: Path, own_cache: Path) -> None:
    run, tasks = Run(tmp_path / "run"), [SimpleNamespace(id="one", base_key="one"), SimpleNamespace(id="two", base_key="two")]
    write_bytes(own_cache / "one.png", b"kept")
    write_bytes(run.shots_folder / "one.png", b"own")
    write_bytes(run.shots_folder / "two.png", b"drawn")

    assert from_cache(run, tasks) == frozenset()
    to_cache(run, tasks)
    assert {file.name: file.read_bytes() for file in own_cache.iterdir()} == {"one.png": b"kept", "two.png": b"drawn"}
