"""Files beside the LoRA: what they may say, and what they may not."""

import json

import pytest

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora.beside import notes, trainer_config
from fluxdiag.records import Fact

AI_TOOLKIT = """
job: extension
config:
  name: mine
  process:
    - type: sd_trainer
      trigger_word: p3r5on
      network: {type: lora, linear: 16, linear_alpha: 1}
      datasets:
        - {folder_path: /home/someone/faces, is_reg: true, num_repeats: 9}
        - {folder_path: /home/someone/photos, num_repeats: 2, caption_dropout_rate: 0.05}
      train: {batch_size: 1, steps: 2000, gradient_accumulation_steps: 4, gradient_accumulation: 2, optimizer: adamw8bit,
              lr: 1e-4, lr_scheduler: .nan}
      model: {name_or_path: evil/base}
"""


def test_notes_are_read(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "fluxdiag.toml").write_text('trigger = " ohwx  woman"\nclass_word = "woman"\ndataset = "photos"\n')
    said = notes(tmp_path)
    assert (said.trigger, said.class_word, said.dataset) == ("ohwx woman", "woman", (tmp_path / "photos").resolve())
    assert said.references is None


def test_no_notes_are_nothing(tmp_path):
    assert notes(tmp_path).trigger is None


BAD_NOTES = {
    'base = "evil/model"': "'base' is not understood",
    "[trainer]\npython = 'x'": "'trainer' is not understood",
    "trigger = 3": "'trigger' must be text",
    'trigger = " "': "'trigger' must be text",
    'dataset = "../elsewhere"': "outside the folder",
    'dataset = "/etc"': "outside the folder",
    'references = "link"': "outside the folder",
    'regularisation = "nothing"': "no folder",
    'dataset = "a\\u0000b"': "no folder",
    f'dataset = "{"x" * 300}"': r"names 'x{100}', which is no folder",
    "trigger = ": "cannot be read",
}


@pytest.mark.parametrize("content", BAD_NOTES)
def test_notes_that_say_too_much_are_refused_by_name(tmp_path, content):
    folder = tmp_path / "lora"
    (tmp_path / "elsewhere").mkdir()
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / "fluxdiag.toml").write_text(content)
    with pytest.raises(FluxdiagError, match=BAD_NOTES[content]) as caught:
        notes(folder)
    assert "fluxdiag.toml" in caught.value.where


def test_ai_toolkits_config_gives_trigger_and_settings_and_no_paths(tmp_path):
    (tmp_path / "config.yaml").write_text(AI_TOOLKIT)
    config = trainer_config(tmp_path)
    assert config.trigger.value == "p3r5on"
    assert {key: fact.value for key, fact in config.settings.items()} == {
        "steps": 2000, "learning_rate": 1e-4, "batch_size": 1, "accumulation": 2, "optimizer": "adamw8bit", "rank": 16,
        "repeats": 2, "caption_dropout": 0.05, "regularisation": True, "alpha": 16,
    }  # fmt: skip
    assert config.settings["steps"].source == "config.yaml train.steps"


@pytest.mark.parametrize(
    "content",
    [
        "a: [", "just text", "config: {process: []}", "!!python/object/apply:os.system [ls]", "\xff", "x: " + "y" * 1_000_001,
        "a: !!bool maybe", "a: !!timestamp now", "a: !!int x",
    ],
)  # fmt: skip
def test_any_other_config_is_a_problem_and_no_crash(tmp_path, content):
    (tmp_path / "config.yaml").write_text(content, encoding="latin-1")
    config = trainer_config(tmp_path)
    assert config.problem
    assert config.settings == {}


@pytest.mark.parametrize("process", ["3", "{train: 5, network: [1], datasets: x, trigger_word: [a]}", "{train: {steps: [1]}}"])
def test_a_config_of_odd_shapes_says_nothing(tmp_path, process):
    (tmp_path / "config.yaml").write_text(f"config: {{process: [{process}]}}")
    config = trainer_config(tmp_path)
    assert (config.trigger, config.settings) == (None, {})


def test_the_alpha_of_ai_toolkits_config_is_the_rank_and_that_is_said(tmp_path):
    (tmp_path / "config.yaml").write_text(AI_TOOLKIT)
    config = trainer_config(tmp_path)
    assert config.settings["alpha"] == Fact(value=16, source="config.yaml: ai-toolkit's alpha is the rank")
    (remark,) = config.remarks
    assert "alpha 1 at rank 16" in remark
    assert (config.trainer, config.base.value) == ("ai-toolkit", "evil/base")


DATASET_TOML = """
[general]
caption_extension = ".txt"
keep_tokens = 1
[[datasets]]
resolution = 512
batch_size = 1
[[datasets.subsets]]
image_dir = "/home/someone/reg"
class_tokens = "woman"
is_reg = true
num_repeats = 1
[[datasets.subsets]]
image_dir = "/home/someone/photos"
class_tokens = "ohwx woman"
num_repeats = 10
caption_dropout_rate = 0.05
"""


@pytest.mark.parametrize(("names", "trainer"), [((), "kohya"), (("train.sh",), "fluxgym")])
def test_a_dataset_config_gives_what_no_header_of_kohya_has(tmp_path, names, trainer):
    (tmp_path / "dataset.toml").write_text(DATASET_TOML)
    for name in names:
        (tmp_path / name).write_text("accelerate launch")
    config = trainer_config(tmp_path)
    assert (config.trainer, config.trigger.value) == (trainer, "ohwx woman")
    assert {key: fact.value for key, fact in config.settings.items()} == {
        "batch_size": 1, "resolution": 512, "repeats": 10, "caption_dropout": 0.05,
    }  # fmt: skip
    assert config.settings["repeats"].source == "dataset.toml num_repeats"


def test_simpletuners_settings_with_or_without_dashes(tmp_path):
    said = {
        "--lora_rank": 16,
        "lora_alpha": 16,
        "--learning_rate": 1e-4,
        "--max_train_steps": 3000,
        "train_batch_size": "x" * 999,
    }
    (tmp_path / "simpletuner_config.json").write_text(json.dumps(said))
    config = trainer_config(tmp_path)
    assert config.trainer == "simpletuner"
    assert config.settings["rank"].value == config.settings["alpha"].value == 16
    assert config.settings["planned_steps"].value == 3000
    assert len(config.settings["batch_size"].value) == 200


def test_replicates_config_is_ai_toolkits_under_its_own_name(tmp_path):
    (tmp_path / "config.yaml").write_text(AI_TOOLKIT.replace("name: mine", "name: flux_train_replicate"))
    assert trainer_config(tmp_path).trainer == "replicate"


@pytest.mark.parametrize(("name", "content"), [("dataset.toml", "a = "), ("simpletuner_config.json", "[" * 99_999)])
def test_a_damaged_settings_file_is_named(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    assert trainer_config(tmp_path).problem.startswith(f"{name} beside the file cannot be read")


@pytest.mark.parametrize(("name", "content"), [("dataset.toml", "datasets = 3"), ("simpletuner_config.json", "[1]")])
def test_settings_files_of_odd_shapes_say_nothing(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    config = trainer_config(tmp_path)
    assert (config.trigger, config.settings, config.problem) == (None, {}, None)


def test_numbers_without_end_are_no_settings(tmp_path):
    huge = "9" * 400
    (tmp_path / "config.yaml").write_text(f"config: {{process: [{{train: {{steps: {huge}, lr: .inf, batch_size: true}}}}]}}")
    assert trainer_config(tmp_path).settings == {}
