"""Is the machine ready: every answer names what was found, and what would mend it."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from fluxdiag import doctor
from fluxdiag.at_hand import CLIP_FILES, CLIPS, fetch_clip, refuse_without_clip
from fluxdiag.bases import missing_parts
from fluxdiag.checks import Check
from fluxdiag.doctor import examine, library, runtime
from fluxdiag.errors import WeightsMissing
from fluxdiag.profiles import load_profile
from fluxdiag.trainers import ai_toolkit
from fluxdiag.trainers.checks import base_check as trainers_check

CPU, GPU = {"onnxruntime": "1.22.0"}, {"onnxruntime-gpu": "1.22.0"}
OFFERS_CPU, OFFERS_CUDA = ("CPUExecutionProvider",), ("CUDAExecutionProvider", "CPUExecutionProvider")

RUNTIMES = [
    (CPU, OFFERS_CPU, False, True, "offers CPUExecutionProvider"),
    (GPU, OFFERS_CUDA, True, True, "onnxruntime-gpu 1.22.0; offers CUDAExecutionProvider"),
    (CPU | GPU, OFFERS_CUDA, True, True, "onnxruntime 1.22.0 and onnxruntime-gpu 1.22.0"),  # the GPU wheel has won
    (CPU | GPU, OFFERS_CPU, True, False, "the CPU wheel has won"),
    (CPU | GPU, OFFERS_CPU, False, False, "the CPU wheel has won"),
    (CPU, OFFERS_CPU, True, False, "though there is a card"),
    (GPU, OFFERS_CPU, True, False, "the CUDA provider is missing"),
]


@pytest.mark.parametrize(("wheels", "offered", "card", "ok", "found"), RUNTIMES)
def test_what_onnxruntime_offers_decides_which_wheel_has_won(wheels, offered, card, ok, found):
    check = runtime(wheels, offered, card)
    assert (check.ok, check.needed and not check.ok) == (ok, False)
    assert found in check.found
    assert ("pip uninstall -y onnxruntime onnxruntime-gpu" in check.repair) is not ok


LIBRARIES = [
    ("numpy>=1.0", True, ""),
    ("numpy>=999", False, "pip install 'numpy>=999'"),
    ("no-such-library-anywhere>=1", False, "pip install 'no-such-library-anywhere>=1'"),
]


@pytest.mark.parametrize(("requirement", "ok", "repair"), LIBRARIES)
def test_a_library_that_is_missing_or_too_old_is_named_with_its_repair(requirement, ok, repair):
    check = library(Requirement(requirement))
    assert (check.ok, check.repair, check.needed) == (ok, repair, True)


@pytest.fixture
def base(tmp_path) -> Path:
    """A pipeline's folder as diffusers lays it out, with empty files; the transformer's weights are in two pieces."""
    folder = tmp_path / "flux"
    index = {
        "_class_name": "FluxPipeline",
        "image_encoder": [None, None],
        "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "transformer": ["diffusers", "FluxTransformer2DModel"],
        "vae": ["diffusers", "AutoencoderKL"],
    }
    pieces = {"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}
    files = {
        "model_index.json": json.dumps(index),
        "scheduler/scheduler_config.json": "{}",
        "tokenizer/vocab.json": "{}",
        "transformer/config.json": "{}",
        "transformer/diffusion_pytorch_model.safetensors.index.json": json.dumps(pieces),
        "transformer/one.safetensors": "",
        "transformer/two.safetensors": "",
        "vae/config.json": "{}",
        "vae/diffusion_pytorch_model.safetensors": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


MISSING = [
    ([], []),
    (["transformer/two.safetensors"], ["transformer"]),  # one piece of two
    (["vae/diffusion_pytorch_model.safetensors", "scheduler/scheduler_config.json"], ["scheduler", "vae"]),
    (["tokenizer/vocab.json"], ["tokenizer"]),
    (["model_index.json"], ["model_index.json"]),
]


@pytest.mark.parametrize(("removed", "named"), MISSING)
def test_what_a_base_lacks_is_named(base, removed, named):
    for name in removed:
        (base / name).unlink()
    assert missing_parts(base) == named


def test_an_index_that_is_no_json_is_missing(base):
    (base / "model_index.json").write_text("{")
    assert missing_parts(base) == ["model_index.json"]


def by_name(checks: tuple[Check, ...]) -> dict[str, Check]:
    return {check.what: check for check in checks}


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """No network, no face packs, no models in any cache."""

    def refuse(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("FLUXDIAG_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("FLUXDIAG_BASE", raising=False)


def test_a_machine_without_models_hears_what_to_fetch_and_nothing_is_fetched(offline):
    checks = by_name(examine("someone/flux-that-is-nowhere"))
    assert len(checks) == len(examine("someone/flux-that-is-nowhere"))
    assert checks["torch"].ok
    assert checks["onnxruntime"].ok or checks["onnxruntime"].repair
    assert not checks["base"].ok
    assert "not in the hub's local cache" in checks["base"].found
    for word in ("https://huggingface.co/someone/flux-that-is-nowhere", "hf auth login"):
        assert word in checks["base"].repair
    assert "GB" not in checks["base"].found
    assert not checks["face pack"].ok
    assert "buffalo_l" in checks["face pack"].found
    assert checks["face pack"].repair == "Get one of those below"
    assert not checks["CLIP"].needed
    assert checks["cache of base pictures"].ok


WAYS = [
    ("buffalo_l", "non-commercial", "insightface-cli model.download buffalo_l"),
    ("antelopev2", "non-commercial", "insightface-cli model.download antelopev2"),
    ("auraface", "Apache-2.0", "hf download fal/AuraFace-v1"),
    ("opencv", "YuNet MIT", "pack.toml"),
]


@pytest.mark.parametrize(("name", "licence", "command"), WAYS)
def test_who_has_no_face_pack_hears_every_way_to_one_with_its_licence(offline, name, licence, command):
    check = by_name(examine("someone/flux-that-is-nowhere"))[f"face pack {name}"]
    assert (check.ok, check.needed) == (False, False)
    assert licence in check.found
    assert command in check.repair


def test_a_pack_that_is_there_but_not_chosen_is_told_without_a_command(offline, tmp_path):
    nested = tmp_path / ".insightface" / "models" / "antelopev2" / "antelopev2"
    nested.mkdir(parents=True)
    (nested / "glintr100.onnx").write_bytes(b"")
    check = by_name(examine("someone/flux-that-is-nowhere"))["face pack antelopev2"]
    assert (check.ok, check.repair) == (True, "")


def test_a_folder_that_is_whole_is_ready_and_one_that_is_not_says_what_it_lacks(offline, base):
    assert by_name(examine(str(base)))["base"].ok
    (base / "vae" / "config.json").unlink()
    broken = by_name(examine(str(base)))["base"]
    assert not broken.ok
    assert "missing: vae" in broken.found


def settings(base: Path, kind: str, transformer: str, part: str, **said: object) -> None:
    """The base as another pipeline, and what the settings of one of its parts say."""
    index = json.loads((base / "model_index.json").read_text())
    changed = {"_class_name": kind, "transformer": ["diffusers", transformer] if transformer else [None, None]}
    (base / "model_index.json").write_text(json.dumps(index | changed))
    (base / "vae" / "config.json").write_text('{"latent_channels": 16}')
    (base / part / "config.json").write_text(json.dumps(json.loads((base / part / "config.json").read_text()) | said))


OURS, PACKED = "FluxTransformer2DModel", {"quant_method": "bitsandbytes", "load_in_4bit": True}
KINDS = [
    (("FluxPipeline", OURS, "transformer"), {"in_channels": 64}, ""),
    (("FluxPipeline", OURS, "transformer"), {}, ""),  # nothing is said of channels
    (("FluxImg2ImgPipeline", OURS, "transformer"), {"in_channels": 64}, ""),  # the same parts
    (("Flux2Pipeline", "Flux2Transformer2DModel", "transformer"), {"in_channels": 128}, "transformer is Flux2Transformer2DModel"),
    (("FluxPriorReduxPipeline", "", "vae"), {}, "not FLUX.1: its transformer is missing"),
    (("FluxFillPipeline", OURS, "transformer"), {"in_channels": 384}, "takes 384 channels where a picture has 64"),
    (("FluxControlPipeline", OURS, "transformer"), {"in_channels": 128}, "takes 128 channels where a picture has 64"),
    (("ChromaPipeline", "ChromaTransformer2DModel", "transformer"), {}, "is a ChromaPipeline, not FLUX.1"),
    (("FluxPipeline", OURS, "transformer"), {"in_channels": 64, "quantization_config": PACKED}, "is quantised (transformer)"),
    (("FluxPipeline", OURS, "vae"), {"quantization_config": PACKED}, "is quantised (vae)"),
]


@pytest.mark.parametrize(("kind", "said", "refused"), KINDS)
def test_only_what_draws_from_words_alone_is_flux_1(offline, base, kind, said, refused):
    settings(base, *kind, **said)
    checks = [by_name(examine(str(base)))["base"], trainers_check(str(base), load_profile(str(base)))]
    assert [check.ok for check in checks] == [not refused] * 2
    assert all(refused in check.found for check in checks)


def test_a_base_for_editing_is_ready_and_said_to_be_another(offline, base):
    settings(base, "FluxKontextPipeline", OURS, "transformer", in_channels=64)
    check = by_name(examine(str(base)))["base"]
    assert (check.ok, "made for editing pictures" in check.found) == (True, True)


ABSENT = [
    ("black-forest-labs/FLUX.1-dev", "Accept the licence at https://huggingface.co/black-forest-labs/FLUX.1-dev"),
    ("someone/my-flux.v2", "See that https://huggingface.co/someone/my-flux.v2 is a FLUX.1 pipeline"),
    ("/models/flux", "Give the folder of the base, or its hub id, such as black-forest-labs/FLUX.1-dev"),
    ("flux", "Give the folder of the base"),
]


@pytest.mark.parametrize(("name", "repair"), ABSENT)
def test_a_base_that_is_not_there_gets_the_repair_of_its_own(offline, name, repair):
    check = by_name(examine(name))["base"]
    assert not check.ok
    assert check.repair.startswith(repair)


def test_a_base_with_a_damaged_index_of_its_pieces_is_no_crash(offline, base):
    (base / "transformer" / "diffusion_pytorch_model.safetensors.index.json").write_text("{}")
    check = by_name(examine(str(base)))["base"]
    assert (check.ok, check.needed) == (False, True)
    assert check.found.endswith("is not complete; missing: transformer")


NOT_READY = {
    "another base": ("someone/my-flux.v2", (), False, "See that https://huggingface.co/someone/my-flux.v2 is a FLUX.1 pipeline"),
    "one that may be fetched": ("someone/my-flux.v2", (), True, ""),
    "a folder that is not there": ("/models/flux", (), True, "Give the folder of the base, or its hub id"),
    "half a folder": (None, ("vae/config.json",), True, "Copy the folder again, whole"),
    "no index": (None, ("model_index.json",), True, "Give the folder of a FLUX.1 pipeline"),
}


@pytest.mark.parametrize("kind", NOT_READY)
def test_a_trainer_says_of_a_base_what_the_doctor_says_but_that_it_fetches_what_it_may(offline, monkeypatch, base, kind):
    name, removed, token, repair = NOT_READY[kind]
    monkeypatch.setattr("huggingface_hub.get_token", lambda: "hf_x" if token else None)
    for file in removed:
        (base / file).unlink()
    where = name or str(base)
    doctor, trainer = by_name(examine(where))["base"], trainers_check(where, load_profile(where))
    assert trainer.repair.startswith(repair)
    assert (trainer == doctor) is bool(repair)
    assert (trainer.ok, "the trainer fetches it" in trainer.found) == (not repair,) * 2


NO_PIECES = ["{}", "{", "[]", '{"weight_map": []}', '{"weight_map": {}}', '{"weight_map": {"x": 3}}', "\0"]


@pytest.mark.parametrize("content", NO_PIECES)
def test_a_damaged_index_of_pieces_is_a_part_that_is_missing(base, content):
    (base / "transformer" / "diffusion_pytorch_model.safetensors.index.json").write_text(content)
    assert missing_parts(base) == ["transformer"]


def in_hub_cache(hub: Path, repository: str) -> Path:
    """The snapshot folder of a repository in the hub's cache, empty."""
    cached = hub / f"models--{repository.replace('/', '--')}"
    snapshot = cached / "snapshots" / "0123abcd"
    snapshot.mkdir(parents=True)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(snapshot.name)
    return snapshot


def test_models_in_the_hub_cache_are_found_there(offline, base, tmp_path):
    shutil.copytree(base, in_hub_cache(tmp_path / "hub", "someone/flux"), dirs_exist_ok=True)
    clip = in_hub_cache(tmp_path / "hub", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K")
    (clip / "open_clip_model.safetensors").write_bytes(b"")
    checks = by_name(examine("someone/flux"))
    assert checks["base"].ok
    assert checks["CLIP"].ok


def test_a_clip_that_is_missing_is_named_with_the_command_that_fetches_it(offline):
    check = by_name(examine(None))["CLIP"]
    assert check.repair == "hf download laion/CLIP-ViT-B-32-laion2B-s34B-b79K open_clip_model.safetensors"
    assert "605 MB; licence: MIT" in check.found


def test_every_known_clip_is_where_open_clip_has_it_from():
    import fluxdiag.engines.machine  # noqa: F401 -- first: it mends the torchvision that open_clip imports

    import open_clip  # isort: skip

    for model, known in CLIPS.items():
        name, _, tag = model.partition(":")
        assert open_clip.get_pretrained_cfg(name, tag)["hf_hub"] == f"{known.repository}/"
        assert fetch_clip(model).split()[-1] == CLIP_FILES[0]  # the one that open_clip tries first
    assert {load_profile(f"black-forest-labs/FLUX.1-{base}").clip_model for base in ("dev", "schnell")} <= CLIPS.keys()


@pytest.mark.parametrize(
    ("repository", "file", "passes"),
    [
        ("laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "open_clip_model.safetensors", True),
        ("laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "open_clip_pytorch_model.bin", True),
        ("laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "open_clip_config.json", False),
        ("laion/CLIP-ViT-H-14-laion2B-s32B-b79K", "open_clip_model.safetensors", False),
    ],
)
def test_another_clip_in_the_hubs_cache_is_not_the_one(monkeypatch, tmp_path, repository, file, passes):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    (in_hub_cache(tmp_path / "hub", repository) / file).write_bytes(b"")
    with contextlib.nullcontext() if passes else pytest.raises(WeightsMissing, match="hf download laion/CLIP-ViT-B-32"):
        refuse_without_clip("ViT-B-32:laion2b_s34b_b79k")


def test_weights_of_another_revision_than_would_be_loaded_are_none(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    there = in_hub_cache(tmp_path / "hub", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K")
    (there / "open_clip_model.safetensors").write_bytes(b"")
    refuse_without_clip("ViT-B-32:laion2b_s34b_b79k")
    (there.parents[1] / "refs" / "main").write_text("4567cdef")
    with pytest.raises(WeightsMissing):
        refuse_without_clip("ViT-B-32:laion2b_s34b_b79k")


@pytest.mark.parametrize(
    "said",
    [
        {"XDG_CACHE_HOME": "{0}/xdg"},
        {"HF_HOME": "{0}/hf"},
        {"HF_HOME": "$PLACE/hf", "PLACE": "{0}"},
        {"HUGGINGFACE_HUB_CACHE": "{0}/old"},
        {"HF_HUB_CACHE": "~/hub"},
        {},
    ],
)
def test_the_hubs_cache_is_where_huggingface_hub_has_it(tmp_path, said):
    others = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGINGFACE_", "XDG_"))}
    there = others | {"HOME": str(tmp_path)} | {name: value.format(tmp_path) for name, value in said.items()}
    ask = "from fluxdiag.at_hand import hub; from huggingface_hub.constants import HF_HUB_CACHE as own; print(hub(), own)"
    ours, own = subprocess.run([sys.executable, "-c", ask], env=there, capture_output=True, text=True, check=True).stdout.split()
    assert ours == own
    assert ours.startswith(str(tmp_path))


def test_a_clip_of_the_users_own_is_fetched_by_open_clip_itself(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(WeightsMissing, match=r"get_pretrained_cfg\('ViT-L-14', 'openai'\)"):
        refuse_without_clip("ViT-L-14:openai")


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ("", "where its checkout lies is not known"),
        ('[ai-toolkit]\nhome = "HOME"\n', "the trainer's python: not known"),
        ('[ai-toolkit]\nhome = "HOME/nothing"\n', "is no checkout of it"),
        ("[ai-toolkit]\nhom = 1\n", "cannot be read"),
    ],
)
def test_trainers_of_others_are_notes(offline, monkeypatch, tmp_path, config, found):
    for name in ai_toolkit.FILES:
        (tmp_path / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "checkout" / name).touch()
    (tmp_path / "fluxdiag").mkdir()
    (tmp_path / "fluxdiag" / "trainers.toml").write_text(config.replace("HOME", str(tmp_path / "checkout")))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    check = by_name(examine("someone/flux-that-is-nowhere"))["trainer ai-toolkit"]

    assert (check.ok, check.needed) == (False, False)
    assert found in check.found


def test_of_a_base_that_no_other_trainer_knows_none_is_looked_for(laboratory, offline):
    assert not [check for check in examine(str(laboratory / "weights" / "base")) if check.what.startswith("trainer")]


def test_a_path_that_does_not_exist_is_no_hub_id(offline, tmp_path):
    assert "is no folder" in by_name(examine(str(tmp_path / "no" / "such" / "folder")))["base"].found


def test_a_cache_that_cannot_be_written_costs_time_only(offline, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FLUXDIAG_CACHE", str(tmp_path / "file"))
    check = by_name(examine(None))["cache of base pictures"]
    assert (check.ok, check.needed) == (False, False)
    assert "FLUXDIAG_CACHE" in check.repair


def test_a_library_that_does_not_import_is_found_and_the_other_checks_go_on(offline, monkeypatch):
    def broken():
        raise ImportError("libcudnn.so.9: cannot open shared object file")

    monkeypatch.setattr("fluxdiag.engines.machine.providers", broken)
    checks = by_name(examine(None))
    assert "libcudnn.so.9" in checks["onnxruntime"].found
    assert checks["onnxruntime"].needed
    assert checks["onnxruntime"].repair == doctor.CPU_WHEEL
    assert checks["device"].found


def test_the_laboratory_is_ready(laboratory, offline):
    checks = by_name(examine(str(laboratory / "weights" / "base")))
    assert [name for name, check in checks.items() if check.needed and not check.ok] == []
    assert "runs on" in checks["face pack"].found
    assert not any(name.startswith("face pack ") for name in checks)  # no other way is advertised
    assert checks["CLIP"].ok
    assert checks["device"].ok


def test_looking_for_faces_leaves_no_device_id_and_sends_nothing_home(tmp_path):
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", "import fluxdiag.engines.faces"], check=True, env=environment)
    assert [path.name for path in tmp_path.rglob("*") if "onnxruntime" in str(path)] == []
