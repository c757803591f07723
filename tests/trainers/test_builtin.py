"""The built-in trainer on a random-weight FLUX.1: it learns, resumes to the same bytes, and says what it did."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors import safe_open

from fluxdiag.errors import FluxdiagError, RunMismatch, WeightsMissing
from fluxdiag.trainers.builtin import train, training_photos
from fluxdiag.trainers.setup import TrainingSetup

DIES_AT = """
import os, signal, sys
from fluxdiag.trainers.builtin import train
from fluxdiag.trainers.setup import TrainingSetup

def die(progress):
    if progress.step == 5:
        os.kill(os.getpid(), signal.SIGKILL)

train(TrainingSetup.model_validate_json(sys.stdin.read()), die)
"""


def photos(folder: Path, count: int, captions: bool = True) -> Path:
    folder.mkdir(parents=True)
    for number in range(count):
        ramp = np.linspace(0, 200, 32 * 32 * 3).reshape(32, 32, 3) + 10 * number
        Image.fromarray(ramp.astype(np.uint8)).save(folder / f"{number:02d}.png")
        if captions:
            (folder / f"{number:02d}.txt").write_text(f"ohwx woman, scene {number}, in a park\n")
    return folder


def setup(base: Path, folder: Path, **changes: object) -> TrainingSetup:
    values = {
        "base": str(base),
        "dataset": str(folder / "dataset"),
        "output": str(folder / "mine.safetensors"),
        "trigger": "ohwx woman",
        "class_word": "woman",
        "steps": 8,
        "learning_rate": 1e-3,
        "rank": 2,
        "resolution": (32, 32),
        "guidance": 1.0,
        "max_sequence_length": 48,
        "precision": "float32",
        "file_precision": "float32",
    }
    return TrainingSetup.model_validate(values | changes)


def metadata(path: Path) -> dict[str, str]:
    with safe_open(path, "np") as file:
        return dict(file.metadata())


def keys(path: Path) -> set[str]:
    with safe_open(path, "np") as file:
        return set(file.keys())


def test_one_photo_is_learnt(tiny_base: Path, tmp_path: Path) -> None:
    photos(tmp_path / "dataset", 1)
    losses: list[float] = []
    learning = setup(tiny_base, tmp_path, steps=150, batch_size=4, learning_rate=5e-3, rank=8)
    train(learning, lambda progress: losses.append(progress.loss))
    assert len(losses) == 150
    assert losses[-1] < 0.7 * losses[0]


def test_killed_and_resumed_is_the_same_file(tiny_base: Path, tmp_path: Path) -> None:
    for name in ("whole", "killed"):
        photos(tmp_path / name / "dataset", 3)
        photos(tmp_path / name / "others", 2)
    whole, killed = (
        setup(tiny_base, tmp_path / name, checkpoint_every=2, regularisation=str(tmp_path / name / "others"), warmup_steps=3)
        for name in ("whole", "killed")
    )
    train(whole)
    dying = subprocess.run(
        [sys.executable, "-c", DIES_AT], input=killed.model_dump_json(by_alias=True), text=True, env=os.environ, check=False
    )
    assert dying.returncode == -signal.SIGKILL
    assert not Path(killed.output).exists()
    steps: list[int] = []
    train(killed, lambda progress: steps.append(progress.step))
    assert steps[0] == 5, "it goes on after the checkpoint at 4 and does not start anew"
    assert Path(killed.output).read_bytes() == Path(whole.output).read_bytes()
    left = sorted(path.name for path in (tmp_path / "killed").glob("*.safetensors"))
    assert left == ["mine-000002.safetensors", "mine-000004.safetensors", "mine-000006.safetensors", "mine.safetensors"]


def test_the_header_says_what_happened(tiny_base: Path, tmp_path: Path) -> None:
    photos(tmp_path / "dataset", 3)
    photos(tmp_path / "people", 2, captions=False)
    path = train(setup(tiny_base, tmp_path, regularisation=str(tmp_path / "people"), steps=2, checkpoint_every=1))
    said = metadata(path)
    assert {key: said[key] for key in ("ss_steps", "ss_network_dim", "ss_network_alpha", "ss_learning_rate")} == {
        "ss_steps": "2",
        "ss_network_dim": "2",
        "ss_network_alpha": "2",
        "ss_learning_rate": "0.001",
    }
    assert (said["ss_num_train_images"], said["ss_num_reg_images"]) == ("3", "2")
    assert said["ss_sd_model_name"] == tiny_base.name
    assert said["modelspec.trigger_phrase"] == "ohwx woman"
    tags = json.loads(said["ss_tag_frequency"])
    assert tags["dataset"]["ohwx woman"] == 3
    assert tags["people"] == {"a woman": 2}
    subsets = json.loads(said["ss_datasets"])[0]["subsets"]
    assert [(s["image_dir"], s["img_count"], s["num_repeats"], s["is_reg"]) for s in subsets] == [
        ("dataset", 3, 1, False),
        ("people", 2, 1, True),
    ]
    assert str(tmp_path) not in json.dumps(said), "no path of the user's goes into a file that is shared"
    assert metadata(tmp_path / "mine-000001.safetensors")["ss_steps"] == "1"


def test_only_the_named_blocks_are_adapted(tiny_base: Path, tmp_path: Path) -> None:
    photos(tmp_path / "dataset", 1)
    path = train(setup(tiny_base, tmp_path, steps=1, blocks=r"^transformer\.single_transformer_blocks\.0\."))
    layers = ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp", "proj_out")
    expected = {f"transformer.single_transformer_blocks.0.{layer}.lora_{side}.weight" for layer in layers for side in "AB"}
    assert keys(path) == expected


@pytest.mark.parametrize(("alpha", "scale"), [(None, 1.0), (1.0, 0.5)])
def test_diffusers_loads_all_of_it_at_the_right_scale(tiny_base: Path, tmp_path: Path, alpha: float | None, scale: float) -> None:
    from diffusers import FluxPipeline
    from peft.tuners.tuners_utils import BaseTunerLayer

    photos(tmp_path / "dataset", 1)
    path = train(setup(tiny_base, tmp_path, steps=1, alpha=alpha))
    pipeline = FluxPipeline.from_pretrained(tiny_base)
    pipeline.load_lora_weights(str(path), adapter_name="mine")
    layers = [module for module in pipeline.transformer.modules() if isinstance(module, BaseTunerLayer)]
    assert len(layers) == sum(key.endswith("lora_A.weight") for key in keys(path)) > 0
    assert {float(layer.scaling["mine"]) for layer in layers} == {scale}


def test_bfloat16_and_checkpointing_train_in_batches_of_mixed_shapes(tiny_base: Path, tmp_path: Path) -> None:
    photos(tmp_path / "dataset", 2)
    Image.new("RGB", (64, 16), "red").save(tmp_path / "dataset" / "wide.png")
    small = setup(tiny_base, tmp_path, steps=2, batch_size=2, accumulation=2, precision="bfloat16", gradient_checkpointing=True)
    assert train(small).exists()


def test_finished_training_is_not_repeated_and_nothing_is_overwritten(tiny_base: Path, tmp_path: Path) -> None:
    photos(tmp_path / "dataset", 1)
    done = setup(tiny_base, tmp_path, steps=1)
    before = train(done).read_bytes()
    steps: list[int] = []
    train(done, lambda progress: steps.append(progress.step))
    assert steps == []
    with pytest.raises(RunMismatch, match="another file already"):
        train(setup(tiny_base, tmp_path, steps=2))
    assert Path(done.output).read_bytes() == before


def test_a_state_of_other_photos_is_refused(tiny_base: Path, tmp_path: Path) -> None:
    photos(tmp_path / "dataset", 2)
    running = setup(tiny_base, tmp_path, steps=4, checkpoint_every=1)

    class Stopped(Exception):
        pass

    def stop(progress: object) -> None:
        if progress.step == 3:  # type: ignore[attr-defined]
            raise Stopped

    with pytest.raises(Stopped):
        train(running, stop)
    (tmp_path / "dataset" / "00.txt").write_text("another caption")
    with pytest.raises(RunMismatch, match="other photos"):
        train(running)


def test_captions_fall_back_to_what_is_known(tmp_path: Path) -> None:
    photos(tmp_path / "dataset", 2, captions=False)
    (tmp_path / "dataset" / "00.txt").write_text("ohwx woman\n on a beach ")
    (tmp_path / "dataset" / "01-masklabel.png").write_bytes(b"not a photo")
    photos(tmp_path / "12_a tall woman", 1, captions=False)
    plain = setup(tmp_path, tmp_path, regularisation=str(tmp_path / "12_a tall woman"))
    assert [photo.caption for photo in training_photos(plain)] == ["ohwx woman on a beach", "ohwx woman", "a tall woman"]
    assert [photo.regularisation for photo in training_photos(plain)] == [False, False, True]


@pytest.mark.parametrize(("dataset", "message"), [("empty", "no images"), ("missing", "no such folder")])
def test_a_dataset_without_photos_is_refused(tmp_path: Path, dataset: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FluxdiagError, match=message):
        train(setup(tmp_path, tmp_path, dataset=str(tmp_path / dataset)))


def test_a_base_that_is_not_there_is_named(tmp_path: Path) -> None:
    photos(tmp_path / "dataset", 1)
    (tmp_path / "base").mkdir()
    with pytest.raises(WeightsMissing, match="base"):
        train(setup(tmp_path / "base", tmp_path))
