"""What is written is what ai-toolkit's own code reads, and none of its traps is walked into."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from checkouts import checkout, keys_of
from launched import launch
from PIL import Image
from recipes import recipe, regularised, write
from safetensors.numpy import save_file

import fake_ai_toolkit
from fluxdiag.errors import FluxdiagError
from fluxdiag.trainers.ai_toolkit import CONFIG, OUTPUT, AiToolkit, run_name
from fluxdiag.trainers.places import Installed

APPEARANCE = r"^transformer\.single_transformer_blocks\.(\d|1[0-4])\."
SECTIONS = {
    "save": "SaveConfig",
    "network": "NetworkConfig",
    "train": "TrainConfig",
    "model": "ModelConfig",
    "sample": "SampleConfig",
}
# Read off toolkit/config_modules.py and jobs/process/BaseSDTrainProcess.py at 0.12.26: those of their keys that we may use.
READ = {
    "process": {
        "type", "training_folder", "device", "training_seed", "trigger_word", "network", "save", "datasets", "train", "model",
        "sample",
    },
    "save": {"dtype", "save_every", "max_step_saves_to_keep", "push_to_hub"},
    "network": {"type", "linear", "linear_alpha", "network_kwargs"},
    "network_kwargs": {"only_if_contains", "ignore_if_contains"},
    "datasets": {
        "folder_path", "caption_ext", "caption_dropout_rate", "cache_latents_to_disk", "resolution", "is_reg", "default_caption",
    },
    "train": {
        "batch_size", "steps", "gradient_accumulation", "train_unet", "train_text_encoder", "gradient_checkpointing",
        "noise_scheduler", "timestep_type", "optimizer", "optimizer_params", "lr", "lr_scheduler", "lr_scheduler_params",
        "disable_sampling", "skip_first_sample", "cfg_scale", "dtype",
    },
    "model": {"name_or_path", "is_flux", "quantize", "low_vram"},
    "sample": {"sampler", "sample_every", "prompts"},
}  # fmt: skip
OPTIMIZERS = {"adamw", "adamw8bit", "prodigy"}  # toolkit/optimizer.py
SCHEDULERS = {"cosine", "constant", "constant_with_warmup"}  # toolkit/scheduler.py
EVERY_KIND = [
    recipe(),
    regularised(batch_size=2, accumulation=2),
    recipe(optimizer="prodigy", learning_rate=1.0, d_coef=2.0),
    recipe(blocks=APPEARANCE, layers="attention", scheduler="constant", trigger=None, caption_dropout=0.05),
]


def process_of(given, out: Path, memory_gb: float = 24.0) -> dict:
    write(AiToolkit(Installed(), memory_gb), given, out)
    config = yaml.safe_load((out / CONFIG).read_text())
    (process,) = config["config"]["process"]
    return process


@pytest.mark.parametrize("given", EVERY_KIND)
def test_only_keys_that_its_source_reads_are_written(given, tmp_path):
    process = process_of(given, tmp_path)
    assert process.keys() <= READ["process"]
    for section in SECTIONS:
        assert process[section].keys() <= READ[section]
    assert process["network"].get("network_kwargs", {}).keys() <= READ["network_kwargs"]
    for dataset in process["datasets"]:
        assert dataset.keys() <= READ["datasets"]
    assert process["train"]["optimizer"] in OPTIMIZERS
    assert process["train"]["lr_scheduler"] in SCHEDULERS


@pytest.mark.parametrize("given", EVERY_KIND)
def test_its_own_classes_ask_for_every_key(given, tmp_path):
    source = checkout("FLUXDIAG_AI_TOOLKIT") / "toolkit" / "config_modules.py"
    process = process_of(given, tmp_path)
    for section, name in SECTIONS.items():
        assert process[section].keys() <= keys_of(source, name)
    for dataset in process["datasets"]:
        assert dataset.keys() <= keys_of(source, "DatasetConfig")


def test_a_small_rate_is_written_so_that_every_loader_reads_a_number(tmp_path):
    """PyYAML takes `5e-5` for text."""
    assert process_of(recipe(learning_rate=5e-5), tmp_path)["train"]["lr"] == 5e-5


def test_blocks_are_names_that_fit_no_other_block(tmp_path):
    names = process_of(recipe(blocks=APPEARANCE), tmp_path)["network"]["network_kwargs"]["only_if_contains"]
    every = [f"transformer.single_transformer_blocks.{n}.proj_out" for n in range(38)]
    every += [f"transformer.transformer_blocks.{n}.attn.to_q" for n in range(19)]
    adapted = [path for path in every if any(name in path for name in names)]
    assert adapted == every[:15]


ATTENTION = {"attn.to_q", "attn.to_out.0"}
ALL = ATTENTION | {"ff.net.0.proj", "ff_context.net.2", "proj_mlp", "proj_out"}
MODULATION = ALL | {"norm1.linear", "norm.linear"}


@pytest.mark.parametrize(("layers", "adapted"), [("all", ALL), ("modulation", MODULATION), ("attention", ATTENTION)])
def test_layers_are_left_out_by_parts_of_their_names(layers, adapted, tmp_path):
    ignored = process_of(recipe(layers=layers), tmp_path)["network"].get("network_kwargs", {}).get("ignore_if_contains", [])
    left = {path for path in MODULATION if not any(part in f"transformer.transformer_blocks.3.{path}" for part in ignored)}
    assert left == adapted


def test_another_recipe_has_another_name_for_the_same_name_would_go_on_from_its_checkpoints():
    assert run_name(recipe()) == run_name(recipe(dataset="/elsewhere"))
    assert run_name(recipe()) != run_name(recipe(steps=2360))


def test_a_scale_other_than_one_is_a_remark_and_never_written(tmp_path):
    given = recipe(alpha=8.0)
    assert process_of(given, tmp_path)["network"]["linear_alpha"] == 16
    assert any("the scale of 0.5 cannot be kept: the rate is 5e-05" in said for said in AiToolkit(Installed()).remarks(given))


RATES = [({}, 1e-4), ({"alpha": 1.0}, 6.25e-06), ({"alpha": 32.0}, 2e-4)]
RATES += [({"alpha": 1.0, "optimizer": "prodigy", "learning_rate": 1.0}, 1.0)]  # it measures the distance itself


@pytest.mark.parametrize(("changes", "rate"), RATES)
def test_the_rate_takes_the_factor_that_alpha_was(changes, rate, tmp_path):
    assert process_of(recipe(**changes), tmp_path)["train"]["lr"] == rate


def test_prodigy_has_its_own_rate_and_coefficient(tmp_path):
    train = process_of(recipe(optimizer="prodigy", learning_rate=1.0, d_coef=2.0), tmp_path)["train"]
    assert (train["optimizer"], train["lr"], train["optimizer_params"]) == ("prodigy", 1.0, {"d_coef": 2.0})


def test_regularisation_is_a_dataset_of_its_own_with_the_class_word(tmp_path):
    own, ordinary = process_of(regularised(), tmp_path)["datasets"]
    assert "is_reg" not in own
    assert (ordinary["is_reg"], ordinary["default_caption"]) == (True, "a woman")


def test_a_small_card_quantises_in_pieces(tmp_path):
    assert process_of(recipe(), tmp_path / "a", memory_gb=16)["model"]["low_vram"] is True
    assert process_of(recipe(), tmp_path / "b", memory_gb=24)["model"]["low_vram"] is False


@pytest.mark.parametrize("trigger", ["${HOME}", "[name]", "[trigger] woman"])
def test_words_that_mean_something_else_to_it_are_refused(trigger, tmp_path):
    with pytest.raises(FluxdiagError, match="means something else"):
        write(AiToolkit(Installed()), recipe(trigger=trigger), tmp_path)


def test_the_command_is_a_list_with_the_config_by_its_whole_path(tmp_path):
    place = Installed(home=Path("/opt/ai toolkit"), python=Path("/opt/ai toolkit/venv/bin/python"))
    command = AiToolkit(place).command(recipe(), tmp_path)
    assert command.arguments == (str(place.python), "/opt/ai toolkit/run.py", str(tmp_path / CONFIG))
    assert command.folder == place.home


def test_guidance_is_what_the_recipe_says(tmp_path):
    assert process_of(recipe(guidance=2.5), tmp_path)["train"]["cfg_scale"] == 2.5


def test_captions_of_another_length_than_its_own_are_a_remark():
    assert not any("tokens" in said for said in AiToolkit(Installed()).remarks(recipe()))
    assert any("512 tokens" in said for said in AiToolkit(Installed()).remarks(recipe(max_sequence_length=256)))


def test_no_part_of_the_config_is_a_reference_to_another(tmp_path):
    """YAML's `&id001` is read by every loader and by few people."""
    write(AiToolkit(Installed()), regularised(), tmp_path)
    assert not re.search(r"[&*]id\d", (tmp_path / CONFIG).read_text())


def installed(folder: Path) -> AiToolkit:
    return AiToolkit(Installed(fake_ai_toolkit.checkout(folder / "ai-toolkit"), fake_ai_toolkit.python(folder / "venv")))


def photographed(folder: Path) -> str:
    folder.mkdir()
    Image.new("RGB", (8, 8)).save(folder / "1.png")
    return str(folder)


def test_half_a_checkpoint_does_not_end_every_further_start(tmp_path, monkeypatch):
    """The real one dies of it each time: it goes on from the youngest file of its name."""
    trainer, given, log = installed(tmp_path), recipe(dataset=photographed(tmp_path / "photos")), tmp_path / "train.log"
    write(trainer, given, tmp_path)
    monkeypatch.setenv("FAKE_TRAINER", "torn")
    with pytest.raises(FluxdiagError):
        launch(trainer.command(given, tmp_path), log, lambda _: None)
    torn = tmp_path / OUTPUT / NAME / f"{NAME}_000000705.safetensors"
    assert torn.is_file()
    monkeypatch.delenv("FAKE_TRAINER")
    launch(trainer.command(given, tmp_path), log, lambda _: None)
    assert "Found step 470 in metadata" in log.read_text()
    assert torn.with_name(f"half-{torn.name}").is_file()
    assert trainer.result(given, tmp_path) is not None


def test_whole_checkpoints_and_files_of_other_names_stay(tmp_path):
    trainer, saved = installed(tmp_path), tmp_path / OUTPUT / NAME
    saved.mkdir(parents=True)
    save_file({"a": np.zeros(3, np.float16)}, saved / f"{NAME}_000000235.safetensors")
    (saved / "notes.safetensors").write_text("no LoRA")
    before = sorted(file.name for file in saved.iterdir())
    trainer.command(recipe(), tmp_path)
    assert sorted(file.name for file in saved.iterdir()) == before


NAME = run_name(recipe())
# As version 0.12.26 printed them, with the name and the number of steps of this recipe.
LINES = [
    (f"{NAME}:   0%|          | 0/2350 [00:00<?, ?it/s]", (0, 2350, None, None)),
    (f"{NAME}:   0%|          | 0/2350 [00:09<?, ?it/s, lr: 5.0e-04 loss: 4.690e-01]", (0, 2350, 0.469, None)),
    (f"{NAME}:  12%|█▏        | 282/2350 [05:12<38:10,  1.11s/it, lr: 1.0e-04 loss: 3.456e-01]", (282, 2350, 0.3456, 2290.0)),
    (f"{NAME}:  48%|████▊     | 1128/2350 [04:38<1:03:38,  6.61s/it, lr: 1.1e-03 loss: 1.048e+00]", (1128, 2350, 1.048, 3818.0)),
    (f"{NAME}: 100%|██████████| 2350/2350 [1:02:03<00:00,  1.6s/it, lr: 1.0e-04 loss: nan]", (2350, 2350, "nan", 0.0)),
    ("Loading weights: 100%|██████████| 21/21 [00:00<00:00, 3696.66it/s]", None),
    ("Loading weights: 0it [00:00, ?it/s]", None),
    ("100%|██████████| 17/17 [00:00<00:00, 1152.36it/s]", None),
    ("Caching latents to disk:  53%|█████▎    | 9/17 [00:03<00:02,  3.36it/s]", None),
    ("Found step 48 in metadata, starting from there", None),
    ("Saving at step 235", None),
    ("Saved checkpoint to /somewhere/output/x.safetensors", None),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_only_the_bar_of_the_training_is_progress(line, expected):
    at = AiToolkit(Installed()).progress(line, recipe())
    if expected is None:
        assert at is None
        return
    loss = "nan" if at.loss is not None and at.loss != at.loss else at.loss
    assert (at.step, at.steps, loss, at.eta_seconds) == expected


def test_the_words_of_the_diff_are_those_of_the_config(tmp_path):
    given = regularised(blocks=APPEARANCE)
    process = process_of(given, tmp_path)
    for word in AiToolkit(Installed()).words(given).values():
        place = word.partition(":")[0]
        found = process
        for part in place.split("."):
            found = found[int(part)] if isinstance(found, list) else found[part]
    assert re.search(r"train\.steps: 2350", " ".join(AiToolkit(Installed()).words(given).values()))
