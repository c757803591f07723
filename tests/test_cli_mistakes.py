"""A mistake in the call or the input: exit code 2, one sentence that says what, where and what to do, nothing half-written."""

import os
import pickle
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import save

from fluxdiag.engines.adapter import load_transformer
from fluxdiag.errors import WeightsMissing
from fluxdiag.records import ExitCode
from reported import judged

FLUX = "transformer.transformer_blocks.0.attn.to_q"
SDXL = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k"


def pair(down: str, up: str, layer: str, rows: int = 8, columns: int = 8) -> dict[str, np.ndarray]:
    return {f"{layer}.{down}.weight": np.ones((2, columns), np.float32), f"{layer}.{up}.weight": np.ones((rows, 2), np.float32)}


GOOD = save(pair("lora_A", "lora_B", FLUX))


@pytest.fixture
def lora(tmp_path) -> Path:
    path = tmp_path / "mine.safetensors"
    path.write_bytes(GOOD)
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Everything below a folder, so that what was left behind can be seen."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


BAD_FILES = {
    "missing": (None, "there is no such file"),
    "empty": (b"", "empty"),
    "truncated": (GOOD[:-20], "cut short"),
    "cut in its header": (GOOD[:40], "only the beginning of one"),
    "random": (np.random.default_rng(0).bytes(4096), "not a safetensors file"),
    "zip": (b"PK\x03\x04" + bytes(200), "this is a zip archive"),
    "pickle": (pickle.dumps({"weights": [1.0] * 50}), "never opened because it can run code"),
    "web page": (b"<!DOCTYPE html><title>401</title>", "a web page, as a failed download leaves"),
    "text": (b"once upon a time, there was a LoRA", "not a safetensors file"),
    "whole model": (save({"double_blocks.0.img_attn.qkv.weight": np.ones((3, 3), np.float32)}), "no LoRA"),
    "NaN": (save({key: value * np.nan for key, value in pair("lora_A", "lora_B", FLUX).items()}), "training diverged"),
    "SDXL": (save(pair("lora_down", "lora_up", SDXL, columns=2048)), "for SDXL, not FLUX.1"),
    "SD 1.5": (save(pair("lora_down", "lora_up", SDXL, columns=768)), "for Stable Diffusion 1.5, not FLUX.1"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_is_no_lora_for_flux_is_named_in_one_sentence_and_nothing_is_written(fluxdiag, tmp_path, kind):
    content, what = BAD_FILES[kind]
    path = tmp_path / "theirs.safetensors"
    if content is not None:
        path.write_bytes(content)
    before = tree(tmp_path)
    done = fluxdiag("report", path, "--out", tmp_path / "run")
    assert (done.code, done.out, done.err.count("\n")) == (ExitCode.USAGE, "", 1)
    assert done.mistake.startswith(f"fluxdiag: {path}: ")
    assert what in done.mistake
    assert tree(tmp_path) == before
    assert not (tmp_path / "run").exists()


BAD_CALLS = {
    "unknown suite": (("--suite", "nothing"), "Known suites: captionless, full, quick"),
    "a suite that is no TOML": (("--suite", __file__), "a probe suite is a .toml file"),
    "no dataset there": (("--dataset", "nowhere"), "Correct --dataset"),
    "no references there": (("--references", "nowhere"), "Correct --references"),
    "strength": (("--strength", "0"), "no usable strength"),
    "option": (("--no-such-option",), "No such option"),
    "severity": (("--fail-on", "grave"), "grave"),
}


@pytest.mark.parametrize("kind", BAD_CALLS)
def test_a_call_that_cannot_be_right_is_refused_before_anything_is_written(fluxdiag, lora, tmp_path, kind):
    options, what = BAD_CALLS[kind]
    before = tree(tmp_path)
    done = fluxdiag("report", lora, "--out", tmp_path / "run", *options)
    assert done.code == ExitCode.USAGE
    assert what in done.mistake
    assert tree(tmp_path) == before


@pytest.mark.parametrize(("place", "said"), [("photo.png", "is a file, and no folder"), ("photos", "there is no such folder")])
def test_a_photo_where_its_folder_was_meant_is_told_from_a_folder_that_is_missing(fluxdiag, lora, tmp_path, place, said):
    (tmp_path / "photo.png").write_bytes(b"x")
    mistake = fluxdiag("report", lora, "--references", place, "--out", tmp_path / "run").mistake
    assert mistake.startswith(f"fluxdiag: {place}: {said}. ")
    assert (f"this file lies in {tmp_path}" in mistake) == (place == "photo.png")
    assert not (tmp_path / "run").exists()


def test_a_suite_is_named_as_it_was_given(fluxdiag, lora):
    assert fluxdiag("report", lora, "--suite", "nope").mistake.startswith(
        "fluxdiag: nope: there is no such probe suite. Known suites: "
    )


PROBE = 'probes = [{name = "x", arms = ["moon"], prompts = [], seeds = []}]'
BAD_SUITES = {
    "no TOML": ("schema = ", "not a probe suite"),
    "no suite": ("schema = 1", "not a probe suite (the key `name` is missing)"),
    "unknown variant": (
        'schema = 1\nname = "x"\nabout = "x"\n'
        'probes = [{name = "x", arms = ["trigger"], prompts = [], seeds = [], variants = ["rank-x"]}]',
        "unknown adapter variants rank-x",
    ),
    "unknown arm": (f'schema = 1\nname = "x"\nabout = "x"\n{PROBE}', "unknown arms moon"),
}


@pytest.mark.parametrize("kind", BAD_SUITES)
def test_a_suite_that_is_none_is_named(fluxdiag, lora, tmp_path, kind):
    text, what = BAD_SUITES[kind]
    (tmp_path / "mine.toml").write_text(text)
    done = fluxdiag("report", lora, "--suite", tmp_path / "mine.toml", "--out", tmp_path / "run")
    assert done.code == ExitCode.USAGE
    assert what in done.mistake
    assert not (tmp_path / "run").exists()


@pytest.fixture
def elsewhere(monkeypatch, tmp_path):
    """A machine with nothing in the hub's cache; a folder for bases."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("FLUXDIAG_BASE", raising=False)
    (tmp_path / "base" / "transformer").mkdir(parents=True)
    return tmp_path / "base"


FORGED = {
    "of another owner": ("nobody/nothing", "nobody/nothing is a FLUX.1 pipeline, accept the licence that it may ask for"),
    "the profile's own": ("black-forest-labs/FLUX.1-dev", "(about 34 GB). Accept the licence at https://huggingface.co/black"),
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_dry_run_says_of_a_base_only_what_is_known_of_it(fluxdiag, lora, elsewhere, tmp_path, kind):
    base, told = FORGED[kind]
    done = fluxdiag("report", lora, "--dry-run", "--base", base, "--out", tmp_path / "run")
    assert done.code == ExitCode.HEALTHY
    assert f"missing: {base} is no folder and is not in the hub's local cache" in done.err
    assert told in done.err
    assert ("34 GB" in done.err, "FLUX.1-dev" in done.err) == (kind == "the profile's own",) * 2


PIPELINE = '{"_class_name": "%s", "transformer": ["diffusers", "FluxTransformer2DModel"]}'
FOLDERS = {
    "no pipeline": (None, 128, "is no pipeline in diffusers' layout: it has no model_index.json"),
    "another model's": ("StableDiffusionXLPipeline", 128, "is a StableDiffusionXLPipeline, not FLUX.1"),
    "of another width": ("FluxPipeline", 128, "the LoRA's layers are 8 wide and this base's are 128"),
    "right": ("FluxPipeline", 8, ""),
}


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_dry_run_looks_at_the_folder_of_a_base(fluxdiag, lora, elsewhere, tmp_path, kind):
    index, width, told = FOLDERS[kind]
    if index is not None:
        (elsewhere / "model_index.json").write_text(PIPELINE % index)
    (elsewhere / "transformer" / "model.safetensors").touch()
    (elsewhere / "transformer" / "config.json").write_text(f'{{"num_attention_heads": 1, "attention_head_dim": {width}}}')
    done = fluxdiag("report", lora, "--dry-run", "--base", elsewhere, "--out", tmp_path / "run")
    about_base = [line for line in done.err.splitlines() if line.startswith((f"missing: {elsewhere}", "wrong base:"))]
    assert (told in done.err, len(about_base)) == (True, 1 if told else 0)


@pytest.mark.parametrize(("width", "told"), [(128, True), (8, False)])
def test_a_wrong_width_is_said_before_anything_is_loaded(fluxdiag, lora, elsewhere, monkeypatch, tmp_path, width, told):
    (elsewhere / "model_index.json").write_text(PIPELINE % "FluxPipeline")
    (elsewhere / "transformer" / "config.json").write_text(f'{{"num_attention_heads": 1, "attention_head_dim": {width}}}')
    monkeypatch.setattr("fluxdiag.commands.report._examine", lambda *_: 1 / 0)
    done = fluxdiag("report", lora, "--base", elsewhere, "--out", tmp_path / "run")
    assert ("wrong base: " in done.err, "ZeroDivisionError" in done.err) == (told, True)


PACKED = '{"quantization_config": {"quant_method": "bitsandbytes"}}'


@pytest.mark.parametrize("part", ["transformer", "text_encoder_2"])
def test_a_base_that_cannot_carry_a_lora_is_refused_before_it_is_loaded(fluxdiag, lora, elsewhere, monkeypatch, tmp_path, part):
    """Its factors would be cast to the packed weights' uint8, all zeros, and a sound LoRA called inert."""
    (elsewhere / "model_index.json").write_text(PIPELINE % "FluxPipeline")
    (elsewhere / part).mkdir(exist_ok=True)
    (elsewhere / part / "config.json").write_text(PACKED)
    monkeypatch.setattr("fluxdiag.engines.encoders.load_encoders", lambda *_: 1 / 0)
    done = fluxdiag("report", lora, "--base", elsewhere, "--out", tmp_path / "run")
    assert f"{elsewhere}: is quantised ({part}), and a LoRA cannot be put into packed weights" in done.mistake
    assert "Give the base in bfloat16" in done.mistake
    assert not (tmp_path / "run").exists()
    with pytest.raises(WeightsMissing, match="is quantised"):
        load_transformer(str(elsewhere), "float32")


def test_a_trainers_folder_is_no_run(fluxdiag, lora, tmp_path):
    done = fluxdiag("report", tmp_path, "--trigger", "ohwx woman")
    assert done.code == ExitCode.USAGE
    assert done.mistake.startswith(f"fluxdiag: {tmp_path}: is no run folder")
    assert f"`fluxdiag report {lora}`" in done.mistake


def test_a_run_folder_that_cannot_be_made_is_named(fluxdiag, lora, tmp_path):
    (tmp_path / "file").write_text("in the way")
    before = tree(tmp_path)
    done = fluxdiag("report", lora, "--out", tmp_path / "file" / "run")
    assert done.code == ExitCode.USAGE
    assert done.mistake.startswith(f"fluxdiag: {tmp_path / 'file' / 'run'}: cannot be written")
    assert "Choose another --out" in done.mistake
    assert tree(tmp_path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(fluxdiag, lora, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o555)
    done = fluxdiag("report", lora, "--out", tmp_path / "locked" / "run")
    assert (done.code, list((tmp_path / "locked").iterdir())) == (ExitCode.USAGE, [])
    assert "cannot be written" in done.mistake


def test_a_run_folder_of_another_lora_is_refused_and_left_as_it_was(fluxdiag, lora, tmp_path):
    judged(tmp_path / "run")
    before = tree(tmp_path)
    done = fluxdiag("report", lora, "--out", tmp_path / "run")
    assert done.code == ExitCode.USAGE
    assert "belongs to another LoRA (x.safetensors)" in done.mistake
    assert tree(tmp_path) == before


def test_a_profile_that_is_none_is_named_by_its_field(fluxdiag, lora, tmp_path):
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "profile.toml").write_text('name = "mine"')
    done = fluxdiag("report", lora, "--base", tmp_path / "base", "--out", tmp_path / "run")
    assert done.code == ExitCode.USAGE
    file = tmp_path / "base" / "profile.toml"
    assert done.mistake.startswith(f"fluxdiag: {file}: not a base profile (the key `about` is missing)")
    assert not (tmp_path / "run").exists()


def test_weights_that_are_not_there_are_named_with_licence_and_place(fluxdiag, lora, tmp_path):
    done = fluxdiag("report", lora, "--out", tmp_path / "run")
    assert done.code == ExitCode.USAGE
    assert "licence" in done.mistake
    assert not (tmp_path / "run").exists()


def test_a_dry_run_says_what_it_takes_and_writes_nothing(fluxdiag, lora, tmp_path):
    before = tree(tmp_path)
    done = fluxdiag("report", lora, "--trigger", "ohwx woman", "--out", tmp_path / "run", "--dry-run")
    assert done.code == ExitCode.HEALTHY
    for unit in (" images", " loss readings", " days", " GB of memory", " MB of disk"):
        assert unit in done.mistake
    assert "note: photos" in done.err
    assert tree(tmp_path) == before


def test_a_dry_run_says_that_nobody_could_be_recognised(fluxdiag, lora, tmp_path):
    absent, there = tmp_path / "absent", tmp_path / "there"
    there.mkdir()
    runs = [fluxdiag("report", lora, "--faces", pack, "--out", tmp_path / "run", "--dry-run") for pack in (absent, there)]
    assert [done.code for done in runs] == [ExitCode.HEALTHY] * 2
    assert [f"missing: {absent}: the face pack is not on this machine" in done.err for done in runs] == [True, False]


def test_a_dry_run_says_that_clip_is_missing(fluxdiag, lora, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    done = fluxdiag("report", lora, "--out", tmp_path / "run", "--dry-run")
    assert "missing: ViT-B-32:laion2b_s34b_b79k: this CLIP is not on this machine" in done.err


@pytest.mark.parametrize(("free", "said"), [(10**12, False), (10**6, True)])
def test_a_disk_that_is_too_small_is_said_before_anything_is_drawn(fluxdiag, lora, tmp_path, monkeypatch, free, said):
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(total=10**13, used=0, free=free))
    done = fluxdiag("report", lora, "--out", tmp_path / "run", "--dry-run")
    assert ("little room: the pictures take about" in done.err) is said
    assert ("little room: the base takes about 3" in done.err) is said


@pytest.mark.parametrize("verb", ["report", "gather", "measure", "diagnose"])
def test_a_folder_that_is_no_run_is_named(fluxdiag, tmp_path, verb):
    (tmp_path / "empty").mkdir()
    done = fluxdiag(verb, tmp_path / "empty")
    assert done.code == ExitCode.USAGE
    assert done.mistake.startswith(f"fluxdiag: {tmp_path / 'empty'}: is no run folder")
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_run_from_another_version_is_refused_by_file_and_field(fluxdiag, tmp_path):
    run = judged(tmp_path / "run")
    run.evidence_file.write_text(run.evidence_file.read_text().replace('"measurements"', '"numbers"', 1))
    done = fluxdiag("diagnose", run.folder)
    assert done.code == ExitCode.USAGE
    assert "evidence.json" in done.mistake
    assert "measurements" in done.mistake


def test_options_that_a_run_folder_cannot_follow_are_refused(fluxdiag, tmp_path):
    run = judged(tmp_path / "run")
    before = tree(tmp_path)
    done = fluxdiag(
        "report",
        run.folder,
        "--trigger",
        "ohwx",
        "--class-word",
        "man",
        "--out",
        tmp_path / "new",
        "--thorough",
        "--suite",
        "nosuch",
    )
    assert done.code == ExitCode.USAGE
    assert "--trigger, --class-word, --suite, --out, --thorough would change nothing" in done.mistake
    assert tree(tmp_path) == before


def test_a_version_before_that_is_no_run_is_refused_before_anything_is_drawn(fluxdiag, lora, tmp_path):
    done = fluxdiag("report", lora, "--against", tmp_path / "nowhere", "--out", tmp_path / "run")
    assert done.code == ExitCode.USAGE
    assert done.mistake.startswith(f"fluxdiag: {tmp_path / 'nowhere'}: there is no such folder")
    assert not (tmp_path / "run").exists()


def test_the_command_that_mends_can_be_pasted(fluxdiag, monkeypatch, tmp_path):
    run = judged(tmp_path / "my runs" / "one")
    run.gather_file.write_text(run.gather_file.read_text() + " ")
    for folder, pasted in (("my runs/one", "'my runs/one'"), (".", ".")):
        done = fluxdiag("diagnose", folder)
        assert done.code == ExitCode.USAGE
        assert done.mistake.endswith(f"Run `fluxdiag measure {pasted}` again")
        monkeypatch.chdir(run.folder)


def test_a_file_where_a_folder_should_be_is_named(fluxdiag, lora, tmp_path):
    done = fluxdiag("convert", lora, "--to", "kohya", "--out", lora / "new.safetensors")
    assert done.code == ExitCode.USAGE
    assert done.mistake.startswith(f"fluxdiag: {lora}: ")
