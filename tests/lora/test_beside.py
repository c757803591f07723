"""Files beside the LoRA: what they may say, and what they may not."""

import pytest

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora.beside import notes, trainer_config

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
      train: {batch_size: 1, steps: 2000, gradient_accumulation_steps: 1, optimizer: adamw8bit, lr: 1e-4, lr_scheduler: .nan}
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
        "steps": 2000, "learning_rate": 1e-4, "batch_size": 1, "accumulation": 1, "optimizer": "adamw8bit", "rank": 16,
        "repeats": 2, "caption_dropout": 0.05,
    }  # fmt: skip
    assert config.settings["steps"].source == "config.yaml train.steps"


@pytest.mark.parametrize(
    "content",
    ["a: [", "just text", "config: {process: []}", "!!python/object/apply:os.system [ls]", "\xff", "x: " + "y" * 1_000_001],
)
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
