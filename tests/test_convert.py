"""`fluxdiag convert` as a caller sees it, and the figures of one that is loaded again."""

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from fluxdiag.convert import convert
from fluxdiag.lora import read_lora
from fluxdiag.records import ExitCode

Q = "double_blocks.0.img_attn.proj"
WIDTH = 16


def arrays(layer, down="lora_A", up="lora_B", rank=4):
    rng = np.random.default_rng(0)
    return {
        f"{layer}.{down}.weight": rng.standard_normal((rank, WIDTH)).astype(np.float16),
        f"{layer}.{up}.weight": rng.standard_normal((WIDTH, rank)).astype(np.float16),
    }


@pytest.fixture
def comfy(tmp_path):
    """A file that diffusers ignores in silence."""
    path = tmp_path / "mine.safetensors"
    save_file(arrays(f"diffusion_model.{Q}"), path, {"ss_steps": "7"})
    return path


def test_it_writes_beside_the_file_and_prints_where(fluxdiag, comfy):
    before = comfy.read_bytes()
    done = fluxdiag("convert", comfy, "--to", "diffusers")
    out = comfy.with_name("mine-diffusers.safetensors")
    assert (done.code, done.out) == (ExitCode.HEALTHY, f"{out}\n")
    assert done.err == "2 tensors, F16\n"
    assert comfy.read_bytes() == before
    written, given = load_file(out), load_file(comfy)
    name = "transformer.transformer_blocks.0.attn.to_out.0.lora_A.weight"
    assert np.array_equal(written[name], given[f"diffusion_model.{Q}.lora_A.weight"])


def test_it_writes_where_it_is_told_and_kohya_has_alpha(fluxdiag, comfy, tmp_path):
    out = tmp_path / "new" / "k.safetensors"
    assert fluxdiag("convert", comfy, "--to", "kohya", "--out", out).code == ExitCode.HEALTHY
    found = load_file(out)
    assert sorted(found) == [
        f"lora_unet_double_blocks_0_img_attn_proj.{key}" for key in ("alpha", "lora_down.weight", "lora_up.weight")
    ]
    assert float(found["lora_unet_double_blocks_0_img_attn_proj.alpha"]) == 4


def test_a_rank_cuts_every_layer(comfy):
    written = convert(comfy, "diffusers", rank=2)
    (module,) = read_lora(written.path).modules.values()
    (whole,) = read_lora(comfy).modules.values()
    left, values, right = np.linalg.svd(whole.form.dense())
    assert module.rank == 2
    assert np.allclose(module.form.dense(), (left[:, :2] * values[:2]) @ right[:2], atol=0.02), "float16 has three digits"


MISTAKES = {
    "no such file": (("gone.safetensors", "--to", "kohya"), "there is no such file"),
    "unknown dialect": (("mine.safetensors", "--to", "webui"), "webui"),
    "no dialect": (("mine.safetensors",), "--to"),
    "rank": (("mine.safetensors", "--to", "kohya", "--rank", "0"), "no rank"),
    "a folder": (("mine.safetensors", "--to", "kohya", "--out", "."), "this is a folder, and one file is written"),
    "there already": (("mine.safetensors", "--to", "kohya", "--out", "mine.safetensors"), "there already"),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_mistakes_are_one_sentence_and_leave_nothing_behind(fluxdiag, comfy, kind):
    arguments, what = MISTAKES[kind]
    before = {path: path.read_bytes() for path in comfy.parent.iterdir() if path.is_file()}
    done = fluxdiag("convert", *arguments)
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert what in done.mistake or what in done.err
    assert {path: path.read_bytes() for path in comfy.parent.iterdir() if path.is_file()} == before


def test_loha_becomes_the_lora_that_it_equals_and_the_remark_says_so(fluxdiag, tmp_path):
    rng = np.random.default_rng(0)
    parts = {"hada_w1_a": (WIDTH, 2), "hada_w1_b": (2, WIDTH), "hada_w2_a": (WIDTH, 2), "hada_w2_b": (2, WIDTH)}
    layer = "lora_unet_double_blocks_0_img_attn_proj"
    path = tmp_path / "loha.safetensors"
    save_file({f"{layer}.{name}": rng.standard_normal(shape).astype(np.float32) for name, shape in parts.items()}, path)
    done = fluxdiag("convert", path, "--to", "diffusers")
    assert done.code == ExitCode.HEALTHY
    assert "1 layers of LoHa, LoKr or full differences are written as LoRA of rank 4 at most" in done.err
    dense = [
        next(iter(read_lora(each).modules.values())).form.dense() for each in (path, tmp_path / "loha-diffusers.safetensors")
    ]
    assert np.allclose(*dense, rtol=1e-5, atol=1e-6)


def test_a_lokr_of_full_rank_is_refused_for_diffusers_with_both_ways_out(fluxdiag, tmp_path):
    rng = np.random.default_rng(0)
    layer = "lora_unet_double_blocks_0_img_attn_proj"
    path = tmp_path / "lokr.safetensors"
    factors = {"lokr_w1": (4, 4), "lokr_w2": (80, 80)}
    save_file({f"{layer}.{name}": rng.standard_normal(shape).astype(np.float32) for name, shape in factors.items()}, path)
    done = fluxdiag("convert", path, "--to", "diffusers")
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    for words in ("Kronecker", "rank is above 256", "--rank", "--to kohya"):
        assert words in done.mistake
    assert not (tmp_path / "lokr-diffusers.safetensors").exists()
    assert fluxdiag("convert", path, "--to", "kohya").code == ExitCode.HEALTHY
    assert load_file(tmp_path / "lokr-kohya.safetensors").keys() == load_file(path).keys()
    written = convert(path, "diffusers", rank=8)
    (module,) = read_lora(written.path).modules.values()
    assert module.rank == 8
