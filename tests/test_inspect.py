"""`fluxdiag inspect`: the JSON that others read, the page, what it finds wrong, and files that mean ill."""

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from fluxdiag.inspect import inspect
from fluxdiag.records import ExitCode

WIDTH = 16
Q = "transformer.transformer_blocks.0.attn.to_q"
LATER = "transformer.single_transformer_blocks.3.attn.to_q"
FIRST = "transformer.single_transformer_blocks.0.attn.to_q"


def arrays(*layers, rank=4, size=1.0, dtype=np.float32, names=("lora_A", "lora_B")):
    found = {}
    for number, layer in enumerate(layers):
        rng = np.random.default_rng(number)
        found[f"{layer}.{names[0]}.weight"] = rng.standard_normal((rank, WIDTH)).astype(dtype)
        found[f"{layer}.{names[1]}.weight"] = (size * rng.standard_normal((WIDTH, rank))).astype(dtype)
    return found


KOHYA = {
    "ss_network_module": "networks.lora_flux", "ss_steps": "1500", "ss_unet_lr": "0.0001", "ss_network_dim": "4",
    "modelspec.architecture": "flux-1-dev/lora", "ss_num_train_images": "20",
    "ss_datasets": json.dumps([{"subsets": [{"image_dir": "p", "img_count": 2, "class_tokens": "ohwx woman"}]}]),
}  # fmt: skip


@pytest.fixture
def lora(tmp_path):
    path = tmp_path / "mine.safetensors"
    save_file(arrays(Q, FIRST, LATER), path, KOHYA)
    return path


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, caption in enumerate(("ohwx woman with long red hair in a park", "ohwx woman on a beach")):
        Image.new("RGB", (32, 32), (80 * number, 9, 9)).save(folder / f"{number}.png")
        (folder / f"{number}.txt").write_text(caption)
    return folder


def whats(found):
    return [(problem.severity, problem.what) for problem in found.problems]


# ------------------------------------------------------------------------------------------------ what is printed


def test_json_has_what_others_rely_on(fluxdiag, lora):
    done = fluxdiag("inspect", lora, "--json")
    found = json.loads(done.out)
    assert (done.code, done.err, found["schema"]) == (ExitCode.HEALTHY, "", 1)
    assert set(found) >= {"schema", "dialect", "trainer", "modules", "rank", "alpha", "base", "trigger", "training", "problems"}
    assert (found["dialect"], found["modules"], found["rank"]["median"]) == ("diffusers", 3, 4)
    assert found["trainer"] == {"value": "kohya", "source": "header"}
    assert found["base"] == {"value": "flux1-dev", "source": "header modelspec.architecture"}
    assert found["trigger"] == {"value": "ohwx woman", "source": "header class_tokens"}
    assert found["training"]["steps"] == {"value": 1500, "source": "header ss_steps"}
    assert found["training"]["images"]["value"] == 2
    assert found["problems"] == []


def test_the_spectrum_is_that_of_the_change(lora):
    found = inspect(lora).spectrum
    tensors = arrays(Q, FIRST, LATER)
    change = tensors[f"{Q}.lora_B.weight"].astype(np.float64) @ tensors[f"{Q}.lora_A.weight"]
    (layer,) = [layer for layer in found.layers if layer.path == Q]
    assert layer.singular_values == pytest.approx(np.linalg.svd(change, compute_uv=False)[:4], rel=1e-5)
    assert layer.norm == pytest.approx(np.linalg.norm(change), rel=1e-5)
    assert [group.group for group in found.groups] == ["double", "single-early", "single-late"]
    assert sum(group.energy for group in found.groups) == pytest.approx(1)


def test_the_page_shows_the_same(fluxdiag, lora, photos, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    done = fluxdiag("inspect", lora, "--dataset", photos)
    assert (done.code, done.err) == (ExitCode.PROBLEM, "")  # a caption describes the person
    for words in (
        "mine.safetensors",
        "kohya",
        "flux1-dev",
        "ohwx woman",
        "1,500",
        "double blocks",
        "Problems",
        "2 images, 2 captions",
    ):
        assert words in done.out
    assert "describe what the person looks like" in " ".join(done.out.split())


def test_the_dataset_is_looked_at_when_given_or_beside_the_file(lora, photos):
    assert inspect(lora).dataset is None
    found = inspect(lora, photos).dataset
    assert (found.images, found.readable, found.captions, found.captions_with_appearance) == (2, 2, 2, 1)
    photos.rename(lora.parent / "dataset")
    assert inspect(lora).dataset == found


# ------------------------------------------------------------------------------------------------ problems


def test_a_file_of_zeros_does_nothing(tmp_path):
    path = tmp_path / "l.safetensors"
    save_file(arrays(Q, LATER, size=0.0), path)
    found = inspect(path)
    assert whats(found) == [("critical", "the change of every layer is zero: this file does nothing")]
    assert found.spectrum.norm == 0


OTHERS = [
    ({"ss_base_model_version": "chroma", "modelspec.architecture": "chroma/lora"}, "chroma (header modelspec.architecture)"),
    ({"ss_base_model_version": "flux2_klein_4b"}, "flux2 (header ss_base_model_version)"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-kontext-dev.sft"}, "flux1-kontext (header ss_sd_"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-dev-fp8.safetensors"}, None),
    ({"ss_base_model_version": "flux1"}, None),
]


@pytest.mark.parametrize(("header", "other"), OTHERS)
def test_a_lora_of_another_base_is_said_to_be_one(tmp_path, header, other):
    path = tmp_path / "l.safetensors"
    save_file(arrays(Q, LATER), path, header)
    severe = [what for severity, what in whats(inspect(path)) if severity == "high"]
    assert len(severe) == (other is not None)
    assert other is None or severe[0].startswith(f"it was trained on {other}")


def test_problems_come_with_the_gravest_first_and_what_to_do(tmp_path, photos):
    path = tmp_path / "l.safetensors"
    tensors = arrays(Q, LATER) | arrays(FIRST, size=0.0)
    header = KOHYA | {"ss_network_dim": "64", "modelspec.architecture": "flux-1-schnell/lora", "ss_max_train_steps": "3000",
                      "ot_config": "{", "ss_datasets": "[" * 99_999}  # fmt: skip
    save_file(tensors, path, header)
    (photos / "2.png").write_bytes(b"no image")
    (tmp_path / "config.yaml").write_text("a: [")
    found = inspect(path, photos)
    severities = [severity for severity, _ in whats(found)]
    assert severities == sorted(severities, key=("critical", "high", "medium", "low").index)
    assert all(problem.do for problem in found.problems)
    text = "\n".join(what for _, what in whats(found))
    for words in (
        "1 of its 3 layers change nothing", "trained on flux1-schnell", "rank 64 (ss_network_dim), the tensors say 4",
        "step 1500 of 3000", "ot_config", "ss_datasets", "config.yaml", "1 of 3 images cannot", "1 of 2 captions describe",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize("name", ["to_nowhere", "layers that lack a part", "fused layers that cannot be taken apart"])
def test_how_grave_a_problem_is_does_not_hang_on_a_name_in_the_file(tmp_path, name):
    path = tmp_path / "l.safetensors"
    save_file(arrays(Q, LATER, f"transformer.transformer_blocks.0.attn.{name}"), path)
    (problem,) = inspect(path).problems
    assert (problem.severity, name in problem.what) == ("low", True)


def test_what_other_programs_ignore_in_silence_is_said(tmp_path):
    path = tmp_path / "l.safetensors"
    save_file(arrays("double_blocks.0.img_attn.proj"), path)
    (problem,) = whats(inspect(path))
    assert problem == ("high", "diffusers' own loader ignores it without an error: no layer is adapted")


def test_a_lora_that_most_programs_load_is_no_grave_problem_and_told_once(fluxdiag, tmp_path):
    """ai-toolkit's spelling."""
    path = tmp_path / "l.safetensors"
    save_file(arrays("diffusion_model.double_blocks.0.img_attn.proj"), path)
    done = fluxdiag("inspect", path)
    page = " ".join(done.out.split())
    assert done.code == ExitCode.HEALTHY
    assert page.count("ignores it without an error: no layer is adapted") == 1
    assert "ComfyUI and Forge can load it as it is" in page
    assert "Left out" not in page


def made(layer, **shapes):
    rng = np.random.default_rng(0)
    return {f"{layer}.{name}": rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


PROJ, FLAT_Q, W = "lora_unet_double_blocks_0_img_attn_proj", "lora_transformer_transformer_blocks_0_attn_to_q", 320
PAIR = {"lora_down.weight": (2, W), "lora_up.weight": (W, 2)}
WHOLE_FACTORS = {"lokr_w1": (4, 4), "lokr_w2": (80, 80)}
HIGH_LOHA = {"hada_w1_a": (W, 20), "hada_w1_b": (20, W), "hada_w2_a": (W, 20), "hada_w2_b": (20, W)}
FORMS = {
    "plain": (arrays("double_blocks.0.img_attn.proj"), {"LoRA": 1}, True, ["--to diffusers"]),
    "LoKr of low rank": (made(PROJ, lokr_w1=(4, 4), lokr_w2_a=(80, 2), lokr_w2_b=(2, 80)), {"LoKr": 1}, True, ["--to diffusers"]),
    "LoKr of whole factors": (made(PROJ, **WHOLE_FACTORS), {"LoKr": 1}, False, ["--to diffusers --rank 64"]),
    "the same under diffusers' names": (
        made(Q, **WHOLE_FACTORS), {"LoKr": 1}, False, ["--to diffusers --rank 64", "--to kohya"],
    ),
    "the same under LyCORIS' names": (
        made("lycoris_transformer_blocks_0_attn_to_q", **WHOLE_FACTORS), {"LoKr": 1}, False,
        ["--to diffusers --rank 64", "--to kohya"],
    ),
    "the same, fused": (
        made("diffusion_model.double_blocks.0.img_attn.qkv", lokr_w1=(12, 4), lokr_w2=(80, 80)), {"LoKr": 3}, False,
        ["--to diffusers --rank 64", "--to kohya"],
    ),
    "LoHa": (made(PROJ, **{name: tuple(min(side, 3) if side == 20 else side for side in shape)
                           for name, shape in HIGH_LOHA.items()}), {"LoHa": 1}, True, ["--to diffusers"]),
    "LoHa of high rank": (made(PROJ, **HIGH_LOHA), {"LoHa": 1}, True, ["--to diffusers --rank 64"]),
    "full difference": (made(PROJ, diff=(W, W)), {"full difference": 1}, False, ["--to diffusers --rank 64"]),
    "DoRA": (made(PROJ, **PAIR, dora_scale=(W, 1)), {"DoRA": 1}, True, ["--to diffusers"]),
    "DoRA of the inputs": (made(FLAT_Q, **PAIR, dora_scale=(1, W)), {"DoRA": 1}, True, ["--to kohya"]),
    "DoRA of the inputs, kohya's names": (made(PROJ, **PAIR, dora_scale=(1, W)), {"DoRA": 1}, True, []),
    "LoKr with DoRA": (
        made(PROJ, **WHOLE_FACTORS, dora_scale=(W, 1)), {"LoKr with DoRA": 1}, False, ["--to diffusers --rank 64"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_named_and_the_command_for_it_works(fluxdiag, tmp_path, form):
    tensors, kinds, ranked, commands = FORMS[form]
    path = tmp_path / "l.safetensors"
    save_file(tensors, path)
    found = inspect(path)
    assert (found.kinds, found.rank.trained, "rank" in found.training) == (kinds, ranked, ranked)
    assert next(iter(kinds)) in fluxdiag("inspect", path).out
    (told,) = [problem.do for problem in found.problems if problem.what.startswith("diffusers' own loader")]
    assert re.findall(r"`fluxdiag convert FILE (.+?)`", told) == commands
    for command in commands:
        done = fluxdiag("convert", path, *command.split())
        assert (done.code, done.err.count("fluxdiag:")) == (ExitCode.HEALTHY, 0), command
        assert "kohya" in command or inspect(Path(done.out.strip())).diffusers is None


RANKS = [((4, 32), 4, "4 to 32, median 4"), ((4, 4, 32), 4, "4 to 32, median 4"), ((8, 8), 8, "rank 8 (")]


@pytest.mark.parametrize(("ranks", "median", "shown"), RANKS)
def test_the_rank_that_is_told_is_one_that_a_layer_has(fluxdiag, tmp_path, ranks, median, shown):
    path = tmp_path / "l.safetensors"
    layers = zip((Q, FIRST, LATER), ranks, strict=False)
    save_file({name: array for layer, rank in layers for name, array in arrays(layer, rank=rank).items()}, path)
    found = inspect(path)
    assert (found.rank.median, found.training["rank"].value) == (median, median)
    assert shown in " ".join(fluxdiag("inspect", path).out.split())


def test_whole_factors_do_not_show_their_sides_as_a_rank(fluxdiag, tmp_path):
    path = tmp_path / "l.safetensors"
    save_file(made(PROJ, **WHOLE_FACTORS), path, {"ss_network_dim": "100000", "ss_network_alpha": "1"})
    done = fluxdiag("inspect", path)
    assert "rank none was set: whole matrices, 320 at most" in " ".join(done.out.split())
    assert [problem.what for problem in inspect(path).problems if "rank" in problem.what] == []


def test_half_a_layer_is_said(tmp_path):
    path = tmp_path / "l.safetensors"
    tensors = arrays(Q, LATER)
    del tensors[f"{LATER}.lora_B.weight"]
    save_file(tensors, path)
    ((severity, what),) = whats(inspect(path))
    assert severity == "high"
    assert "lack a part" in what


def test_numbers_too_small_for_their_type_are_said(tmp_path):
    path = tmp_path / "l.safetensors"
    save_file(arrays(Q, size=1e-5, dtype=np.float16), path)
    found = inspect(path)
    assert found.file.denormal > 0
    assert found.file.dtypes == ("F16",)
    assert [severity for severity, _ in whats(found)] == ["medium"]


def broken(*layers):
    """NaN in one matrix, infinity in another, in the layers named; NaN in a tensor that no layer has."""
    tensors = arrays(Q, FIRST, LATER) | {"emb_params": np.full(5, np.nan, np.float32)}
    for layer in layers:
        tensors[f"{layer}.lora_A.weight"][0, :3] = np.nan
        tensors[f"{layer}.lora_B.weight"][2, 1] = np.inf
    return tensors


def test_numbers_that_are_none_are_named_and_counted_and_the_rest_is_measured(tmp_path):
    path = tmp_path / "l.safetensors"
    save_file(broken(Q), path, KOHYA)
    found = inspect(path)
    assert [(tensor.name, tensor.nan, tensor.infinite, tensor.layers) for tensor in found.file.broken] == [
        ("emb_params", 5, 0, ()),
        (f"{Q}.lora_A.weight", 3, 0, (Q,)),
        (f"{Q}.lora_B.weight", 0, 1, (Q,)),
    ]
    assert (found.modules, found.rank.median, [layer.path for layer in found.spectrum.layers]) == (3, 4, [FIRST, LATER])
    (severity, what), *_ = whats(found)
    assert severity == "critical"
    assert what == (
        f"1 of its 3 layers hold NaN or infinity: the training diverged ({Q}.lora_A.weight: 3 NaN; {Q}.lora_B.weight: 1 infinite)"
    )
    assert any("1 tensors that are left out hold numbers that are none (emb_params: 5 NaN)" in what for _, what in whats(found))


def test_json_is_utf8_where_the_name_is_not(fluxdiag, tmp_path):
    path = tmp_path / os.fsdecode(b"bad\xff.safetensors")
    save_file(arrays(Q, FIRST), path, KOHYA)
    done = fluxdiag("inspect", path, "--json")
    assert "bad[U+DCFF].safetensors" in done.out
    assert "\\udcff" not in done.out


def test_no_conversion_is_offered_of_numbers_that_are_none(tmp_path):
    path = tmp_path / "l.safetensors"
    save_file({name.removeprefix("transformer."): array for name, array in broken(Q).items()}, path)
    told = next(problem for problem in inspect(path).problems if "own loader" in problem.what)
    assert "fluxdiag convert" not in told.do


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_file_of_which_no_layer_is_left_is_still_shown(fluxdiag, tmp_path, options):
    path = tmp_path / "l.safetensors"
    save_file(broken(Q, FIRST, LATER), path, KOHYA)
    done = fluxdiag("inspect", path, *options)
    assert (done.code, done.err) == (ExitCode.PROBLEM, "")
    assert "critical" in done.out
    if options:
        found = json.loads(done.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
        assert (found["rank"]["stable"], len(found["file"]["broken"])) == (None, 7)


def test_an_alpha_that_is_none_is_a_broken_tensor_of_its_layer(tmp_path):
    path = tmp_path / "l.safetensors"
    save_file(arrays(Q, FIRST) | {f"{Q}.alpha": np.array(np.nan, np.float32)}, path, KOHYA)
    found = inspect(path)
    assert [(tensor.name, tensor.layers) for tensor in found.file.broken] == [(f"{Q}.alpha", (Q,))]
    assert [layer.path for layer in found.spectrum.layers] == [FIRST]


def test_what_is_left_out_is_listed_with_the_reason(fluxdiag, tmp_path):
    path = tmp_path / "l.safetensors"
    tensors = arrays(Q, LATER, "transformer.transformer_blocks.0.attn.to_z") | {"emb_params": np.ones(5, np.float32)}
    del tensors[f"{LATER}.lora_B.weight"]
    save_file(tensors, path)
    assert {layer.name: layer.why for layer in inspect(path).ignored} == {
        LATER: "its up matrix is missing",
        "emb_params": "trained embeddings",
        "transformer.transformer_blocks.0.attn.to_z": "no layer has this name",
    }
    page = fluxdiag("inspect", path).out
    for words in ("Left out", "its up matrix is missing", "trained embeddings", "no layer has this name"):
        assert words in page


def test_alpha_far_from_rank_is_said(tmp_path):
    path = tmp_path / "l.safetensors"
    save_file(arrays(Q) | {f"{Q}.alpha": np.array(0.5, np.float32)}, path)
    found = inspect(path)
    assert (found.alpha.value, found.alpha.source) == (0.5, "tensors")
    assert [what for _, what in whats(found)] == [
        "alpha / rank is 0.125, so that the learning rate acted 0.125 times as strongly"
    ]


def test_a_trigger_that_no_caption_holds_is_said(lora, photos):
    for caption in photos.glob("*.txt"):
        caption.write_text("a picture")
    assert ("medium", "no caption holds the trigger 'ohwx woman' (header class_tokens)") in whats(inspect(lora, photos))


# ------------------------------------------------------------------------------------------------ bad input

BAD = {
    "missing": (None, "there is no such file"),
    "empty": (b"", "empty"),
    "pickle": (b"\x80\x04" + bytes(100), "never opened because it can run code"),
    "cut": (b"\x10\x00\x00\x00\x00\x00\x00\x00{", "only the beginning of one"),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_is_no_lora_is_one_sentence_and_code_2(fluxdiag, tmp_path, kind, options):
    content, what = BAD[kind]
    path = tmp_path / "theirs.safetensors"
    if content is not None:
        path.write_bytes(content)
    done = fluxdiag("inspect", path, *options)
    assert (done.code, done.out, done.err.count("\n")) == (ExitCode.USAGE, "", 1)
    assert what in done.mistake


def test_a_dataset_that_is_not_there_is_one_sentence(fluxdiag, lora):
    done = fluxdiag("inspect", lora, "--dataset", "nowhere")
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert done.mistake == "fluxdiag: nowhere: there is no such folder. Correct --dataset, or leave it out"


EVIL = "\x1b]0;pwned\x07\x1b[2J\u202egnp.exe\u2066\x9b31m\r\nfluxdiag: all is well"
EVIL_HEADER = {
    "modelspec.trigger_phrase": EVIL, "software": json.dumps({"name": EVIL}), "ss_lr_scheduler": EVIL, "ss_optimizer": EVIL,
    "modelspec.architecture": f"flux-dev{EVIL}", "ss_network_module": EVIL, EVIL: EVIL, "ss_resolution": EVIL,
    "ss_tag_frequency": json.dumps({EVIL: {EVIL: 3}}), "ss_steps": "9" * 300, "ss_seed": "1e999",
}  # fmt: skip


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_control_characters_never_reach_the_terminal(fluxdiag, tmp_path, options):
    path = tmp_path / "l.safetensors"
    save_file(arrays(Q) | {f"stray{EVIL}": np.ones(3, np.float32)}, path, EVIL_HEADER)
    (tmp_path / "config.yaml").write_text('config: {process: [{trigger_word: "\\e[2J", train: {optimizer: "\\u202e"}}]}')
    done = fluxdiag("inspect", path, *options)
    assert done.code == ExitCode.PROBLEM
    assert set(done.out + done.err) & set("\x1b\x07\x9b\r\u202e\u2066") == set()
    assert not any(line.startswith("fluxdiag: all is well") for line in (done.out + done.err).splitlines())


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_name_with_control_characters_is_shown_harmless_in_errors(fluxdiag, tmp_path, options):
    done = fluxdiag("inspect", tmp_path / "a\x1b[2J\u202e.safetensors", *options)
    assert done.code == ExitCode.USAGE
    assert set(done.err) & set("\x1b\u202e") == set()
