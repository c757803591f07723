"""What is written is what sd-scripts' own code reads, and none of its traps is walked into."""

import functools
import itertools
import json
import math
import tomllib
from pathlib import Path

import pytest
from checkouts import Anything, checkout, kohya_parser, taken
from recipes import recipe, regularised, write

from fluxdiag.errors import FluxdiagError
from fluxdiag.trainers.kohya import COMMAND, DATASET, OUTPUT, Kohya, network_args
from fluxdiag.trainers.places import Installed

APPEARANCE = r"^transformer\.single_transformer_blocks\.(\d|1[0-4])\."
# Read off library/config_util.py: unknown keys are an error there ("extra keys not allowed").
DATASET_KEYS = {"resolution", "batch_size", "enable_bucket", "subsets"}
SUBSET_KEYS = {"image_dir", "is_reg", "num_repeats", "class_tokens", "caption_extension", "caption_dropout_rate"}
# Read off the parsers of train_network.py, library/train_util.py and library/flux_train_utils.py.
OPTIONS = {
    "--pretrained_model_name_or_path", "--ae", "--clip_l", "--t5xxl", "--dataset_config", "--output_dir", "--output_name",
    "--network_module", "--network_dim", "--network_alpha", "--network_train_unet_only", "--network_args", "--optimizer_type",
    "--optimizer_args", "--learning_rate", "--lr_scheduler", "--lr_warmup_steps", "--max_train_steps",
    "--gradient_accumulation_steps", "--seed", "--guidance_scale", "--timestep_sampling", "--model_prediction_type",
    "--mixed_precision", "--fp8_base", "--sdpa", "--gradient_checkpointing", "--cache_latents_to_disk",
    "--cache_text_encoder_outputs", "--cache_text_encoder_outputs_to_disk", "--save_model_as", "--save_precision",
    "--save_every_n_steps", "--save_state", "--save_last_n_steps_state", "--blocks_to_swap", "--resume",
    "--skip_until_initial_step", "--initial_step",
}  # fmt: skip
EVERY_KIND = [
    recipe(),
    regularised(batch_size=2, accumulation=2),
    recipe(optimizer="prodigy", learning_rate=1.0, d_coef=2.0),
    recipe(blocks=APPEARANCE, layers="attention", scheduler="constant", trigger=None, caption_dropout=0.05, alpha=8.0),
]


def installed(folder: Path) -> Installed:
    for name in ("flux1-dev", "ae", "clip_l", "t5xxl_fp16"):
        (folder / f"{name}.safetensors").touch()
    return Installed(home=Path("/opt/sd-scripts"), python=Path("/opt/venv/bin/python"), weights=folder)


def arguments(given, folder: Path, memory_gb: float = 24.0) -> list[str]:
    """What follows the script."""
    whole = Kohya(installed(folder), memory_gb).command(given, folder / "out").arguments
    return list(whole[whole.index("/opt/sd-scripts/flux_train_network.py") + 1 :])


def dataset(given, folder: Path) -> dict:
    write(Kohya(Installed()), given, folder)
    return tomllib.loads((folder / DATASET).read_text())


@pytest.mark.parametrize("given", EVERY_KIND)
def test_only_options_that_its_parser_has_are_given(given, tmp_path):
    assert {word for word in arguments(given, tmp_path, 12) if word.startswith("--")} <= OPTIONS


@pytest.mark.parametrize("given", EVERY_KIND)
def test_only_keys_that_its_schema_has_are_written(given, tmp_path):
    (one,) = dataset(given, tmp_path)["datasets"]
    assert one.keys() <= DATASET_KEYS
    for subset in one["subsets"]:
        assert subset.keys() <= SUBSET_KEYS


@pytest.mark.parametrize("given", EVERY_KIND)
def test_its_own_parser_takes_the_arguments(given, tmp_path):
    parser = kohya_parser(checkout("FLUXDIAG_SD_SCRIPTS"))
    read = parser.parse_args(arguments(given, tmp_path, 12))
    assert (read.max_train_steps, read.network_dim, read.learning_rate) == (given.steps, given.rank, given.learning_rate)
    assert read.network_alpha == (given.alpha or given.rank)
    assert read.optimizer_type == given.optimizer


@pytest.mark.parametrize("given", EVERY_KIND)
def test_its_own_schema_takes_the_dataset(given, tmp_path):
    voluptuous = pytest.importorskip("voluptuous")
    source = checkout("FLUXDIAG_SD_SCRIPTS") / "library" / "config_util.py"
    spaces = {
        name: getattr(voluptuous, name) for name in ("Any", "ExactSequence", "MultipleInvalid", "Object", "Required", "Schema")
    }
    spaces |= {
        "voluptuous": voluptuous,
        "functools": functools,
        "logger": Anything(),
        "Sequence": Anything(),
        "Tuple": Anything(),
    }
    sanitizer = taken(source, {"ConfigSanitizer"}, spaces)["ConfigSanitizer"](True, True, False, True)
    written = dataset(given, tmp_path)
    assert sanitizer.sanitize_user_config(written)["datasets"][0]["resolution"] == tuple(given.resolution)


def test_its_defaults_are_overridden_and_text_encoders_left_alone(tmp_path):
    said = arguments(recipe(), tmp_path)
    pairs = dict(itertools.pairwise(said))
    assert pairs["--guidance_scale"] == "1"
    assert pairs["--timestep_sampling"] == "flux_shift"
    assert pairs["--model_prediction_type"] == "raw"
    assert pairs["--network_alpha"] == "16"
    assert "--network_train_unet_only" in said


def test_blocks_are_numbers_and_no_double_block_is_trained_unasked():
    assert network_args(recipe(blocks=APPEARANCE))[:2] == ["train_double_block_indices=none", "train_single_block_indices=0-14"]
    assert network_args(recipe(layers="modulation")) == []


def test_captions_are_not_cached_where_they_are_dropped(tmp_path):
    assert "--cache_text_encoder_outputs" in arguments(recipe(), tmp_path)
    assert "--cache_text_encoder_outputs" not in arguments(recipe(caption_dropout=0.1), tmp_path)


def test_every_regularisation_picture_is_used(tmp_path):
    """No more of them are taken than photos times repeats."""
    own, ordinary = dataset(regularised(), tmp_path)["datasets"][0]["subsets"]
    assert own["num_repeats"] * 20 >= 100
    assert (ordinary["is_reg"], ordinary["class_tokens"]) == (True, "a woman")


def test_quotes_and_backslashes_in_a_path_stay_what_they_are(tmp_path):
    folder = 'C:\\photos\\"best" of ü'
    (one,) = dataset(recipe(dataset=folder), tmp_path)["datasets"]
    assert one["subsets"][0]["image_dir"] == folder


def test_the_command_for_people_is_one_line_and_quoted(tmp_path):
    write(Kohya(Installed()), recipe(name="my-char"), tmp_path / "a folder")
    text = (tmp_path / "a folder" / COMMAND).read_text()
    assert text.count("\n") == 1
    assert f"'{tmp_path / 'a folder' / DATASET}'" in text


@pytest.mark.parametrize(("memory", "swapped"), [(24, None), (16, "18"), (12, "18"), (10, "22"), (8, "28")])
def test_small_cards_swap_blocks(memory, swapped, tmp_path):
    said = arguments(recipe(), tmp_path, memory)
    assert (said[said.index("--blocks_to_swap") + 1] if "--blocks_to_swap" in said else None) == swapped


def saved(output: Path, step: int, whole: bool = True, name: str = "mychar-2") -> Path:
    """A state as accelerate leaves it, or one that it was killed in."""
    state = output / f"{name}-step{step:08d}-state"
    state.mkdir(parents=True)
    (state / "train_state.json").write_text(json.dumps({"current_epoch": 1, "current_step": step}))
    (state / "random_states_0.pkl").write_bytes(b"PK" if whole else b"")
    return state


def test_it_goes_on_from_the_newest_whole_state(tmp_path):
    out = tmp_path / "out" / OUTPUT
    for step, whole in [(470, True), (235, True), (705, False)]:
        saved(out, step, whole)
    (saved(out, 940) / "random_states_0.pkl").unlink()
    saved(out, 2115, name="another")
    said = arguments(recipe(), tmp_path)
    assert said[said.index("--resume") + 1].endswith("mychar-2-step00000470-state")
    assert said[said.index("--initial_step") + 1] == "470"
    assert "--skip_until_initial_step" in said


def test_a_state_of_the_last_step_leaves_nothing_to_train(tmp_path):
    """sd-scripts asserts that there is something, and would die of it at every start."""
    out = tmp_path / "out" / OUTPUT
    saved(out, 2350)
    assert "--resume" not in arguments(recipe(), tmp_path)
    saved(out, 2115)
    assert dict(itertools.pairwise(arguments(recipe(), tmp_path)))["--initial_step"] == "2115"


def session(said: dict[str, str], length: int, killed_after: int | None = None) -> tuple[int, int | None, float]:
    """Steps that are done, number of the last state, what is left by its bar: train_network.py's lines as arithmetic."""
    most, accumulation, every = (
        int(said[f"--{key}"]) for key in ("max_train_steps", "gradient_accumulation_steps", "save_every_n_steps")
    )
    initial = int(said.get("--initial_step", 0))
    assert most > initial, "max_train_steps should be greater than initial step"
    initial *= accumulation
    first = initial // math.ceil(length / accumulation)
    initial -= first * length
    count, left, done, state = initial, most - initial, 0, None
    for _ in range(first, math.ceil(most / math.ceil(length / accumulation))):
        for step in range(initial, length):
            if (step - initial + 1) % accumulation == 0 or step == length - 1:
                count, done = count + 1, done + 1
                state = count if count % every == 0 else state
            if killed_after == done:
                return done, state, left
            if count >= most:
                break
        initial = 0
    return done, state, left


KILLED = [
    (recipe(steps=1350, images=10), (700, 300)),
    (recipe(steps=1350, images=10), (100, 1349)),
    (recipe(steps=675, images=11, accumulation=2), (345, 200)),
    (recipe(steps=451, images=7, accumulation=4, batch_size=2), (210, 100, 90)),
    (regularised(steps=2700, images=13), (1000, 1000)),
]


@pytest.mark.parametrize(("given", "kills"), KILLED)
def test_however_often_it_is_killed_it_ends_at_the_planned_step(given, kills, tmp_path):
    own, *others = dataset(given, tmp_path)["datasets"][0]["subsets"]
    length = own["num_repeats"] * given.images * (2 if others else 1) // given.batch_size
    true = 0
    for killed_after in (*kills, None):
        said = dict(itertools.pairwise(arguments(given, tmp_path)))
        begun = int(said.get("--initial_step", 0)) * given.accumulation
        assert begun == true
        done, state, left = session(said, length, killed_after)
        assert left == given.steps - begun
        if state is not None and killed_after is not None:
            saved(tmp_path / "out" / OUTPUT, state)
            true = state
    assert true + done == given.steps


def test_emoji_and_rare_characters_are_toml(tmp_path):
    given = recipe(dataset="/home/an\U0001f600a\x7f/ds", trigger="ohwx\U0002070e woman")
    (subset,) = dataset(given, tmp_path)["datasets"][0]["subsets"]
    assert (subset["image_dir"], subset["class_tokens"]) == (given.dataset, given.trigger)


def test_a_path_of_bytes_that_are_no_text_is_a_sentence(tmp_path):
    with pytest.raises(FluxdiagError, match="no UTF-8"):
        dataset(recipe(dataset="/home/\udcff"), tmp_path)


BASES = [
    ("black-forest-labs/FLUX.1-dev", False),
    ("/models/FLUX.1-dev", False),
    ("/cache/models--black-forest-labs--FLUX.1-dev/snapshots/abc", False),
    ("someone/flux-dev-finetune", True),
    ("/models/FLUX.1-dev-turbo", True),
    ("black-forest-labs/FLUX.1-schnell", True),
]


@pytest.mark.parametrize(("base", "told"), BASES)
def test_another_base_than_the_file_of_weights_is_said(base, told, tmp_path):
    said = Kohya(installed(tmp_path)).remarks(recipe(base=base))
    assert any(base in remark and "flux1-dev.safetensors" in remark for remark in said) == told


def test_another_kind_of_base_is_not_started(tmp_path):
    def found(base: str) -> bool:
        return next(check.ok for check in Kohya(installed(tmp_path)).check(recipe(base=base), tmp_path) if check.what == "base")

    assert not found("black-forest-labs/FLUX.1-schnell")
    assert found("black-forest-labs/FLUX.1-dev")


WEIGHTS = [("flux1-dev-kontext_fp8_scaled", False), ("flux1-dev-fp8", True), ("flux1-devil", False), ("flux1-dev_bf16", True)]


@pytest.mark.parametrize(("name", "taken"), WEIGHTS)
def test_models_that_are_named_alike_are_not_taken_for_the_base(name, taken, tmp_path):
    folder = installed(tmp_path).weights
    (folder / "flux1-dev.safetensors").unlink()
    (folder / f"{name}.safetensors").touch()
    said = dict(itertools.pairwise(Kohya(Installed(Path("/a"), Path("/b"), folder)).command(recipe(), tmp_path).arguments))
    assert said["--pretrained_model_name_or_path"] == (str(folder / f"{name}.safetensors") if taken else "flux1-dev.safetensors")


LINES = [
    ("steps:  12%|█▏        | 282/2350 [05:12<38:10,  1.11s/it, avr_loss=0.346]", (282, 2350, 0.346, 2290.0)),
    ("steps:  50%|█████     | 500/1000 [05:12<05:12,  1.11s/it, avr_loss=0.3]", (1850, 2350, 0.3, 312.0)),
    ("caching latents...: 100%|██████████| 20/20 [00:03<00:00]", None),
    ("epoch 3/118", None),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_only_the_bar_of_the_training_is_progress(line, expected):
    at = Kohya(Installed()).progress(line, recipe())
    assert (at and (at.step, at.steps, at.loss, at.eta_seconds)) == expected
