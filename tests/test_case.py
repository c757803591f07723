"""Who is on trial: where each fact is found, who wins, and what becomes of what is missing."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

import fluxlab
from fluxdiag.case import SETTINGS, build_case
from fluxdiag.dataset.photos import read_folder, read_set
from fluxdiag.errors import FluxdiagError, UnreadableLora
from fluxdiag.inspect import inspect
from fluxdiag.instruments.settings import why_unknown
from fluxdiag.records import Case, Fact
from fluxdiag.runs import as_json
from fluxdiag.suites import subject_phrase
from fluxdiag.trainers.header import header
from fluxdiag.trainers.setup import TrainingSetup
from fluxlab.captions import full_caption, scene_caption
from fluxlab.draw import draw
from fluxlab.world import sample_picture, subject

SILENT = "base-in-header"
LAYER = "transformer.transformer_blocks.0.attn.to_q"


@pytest.fixture(autouse=True)
def no_base_from_outside(monkeypatch):
    monkeypatch.delenv("FLUXDIAG_BASE", raising=False)


@pytest.fixture
def lora(tmp_path) -> Path:
    return write_lora(tmp_path / "home" / "mine.safetensors")


def write_lora(path: Path, metadata: dict[str, str] | None = None) -> Path:
    path.parent.mkdir(exist_ok=True)
    rng = np.random.default_rng(0)
    down, up = rng.normal(size=(4, 8)).astype(np.float32), rng.normal(size=(8, 4)).astype(np.float32)
    save_file({f"{LAYER}.lora_A.weight": down, f"{LAYER}.lora_B.weight": up}, path, metadata)
    return path


def write_photos(folder: Path, count: int = 4, first: int = 0, caption=None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        picture = sample_picture(np.random.default_rng(number), subject(3))
        Image.fromarray(draw(picture)[0]).save(folder / f"{number}.png")
        if caption is not None:
            (folder / f"{number}.txt").write_text(caption(picture) if callable(caption) else caption)
    return folder


def test_with_nothing_but_the_file_everything_else_is_a_stated_gap(lora):
    case = build_case(lora)
    assert (case.base, case.profile, case.strength) == ("black-forest-labs/FLUX.1-dev", "flux1-dev", 1.0)
    assert (case.trigger, case.description, case.reference_source) == (None, None, "none")
    assert (case.photos, case.references) == ((), ())
    assert case.class_word == Fact(value="person", source="default")
    assert case.settings == {"rank": Fact(value=4, source="tensors")}
    assert case.gaps.keys() == {"trigger", "description", "photos", "captions", "references", SILENT, *SETTINGS} - {"rank"}
    assert all(why_unknown(case, name) == case.gaps[name] for name in SETTINGS if name != "rank")


def test_photos_are_compared_at_the_size_that_their_base_is_trained_at(lora, tmp_path, monkeypatch):
    """By the very pictures that the audit compares."""
    asked, base = [], tmp_path / "base"
    base.mkdir()
    shutil.copy(Path(fluxlab.__file__).parent / "profile.toml", base)
    monkeypatch.setattr("fluxdiag.case.read_set", lambda folder, size: asked.append(size) or read_set(folder, size))
    monkeypatch.setattr("fluxdiag.case.read_folder", lambda folder, size: asked.append(size) or read_folder(folder, size))
    write_photos(lora.parent / "dataset"), write_photos(lora.parent / "references", first=10)
    build_case(lora), build_case(lora, base=str(base))
    assert asked == [1024, 1024, 64, 64]


def test_the_record_survives_its_file(lora):
    write_photos(lora.parent / "dataset", caption="ohwx woman with green eyes")
    case = build_case(lora)
    assert Case.model_validate_json(as_json(case)) == case


def test_what_lies_beside_the_file_is_found(lora):
    write_photos(lora.parent / "dataset", caption=lambda picture: full_caption(picture, "ohwx woman"))
    write_photos(lora.parent / "references", first=20)
    case = build_case(lora)
    assert (len(case.photos), len(case.references), case.reference_source, case.overlap) == (4, 4, "held-out", ())
    assert case.trigger == Fact(value="ohwx woman", source="captions: 4 of 4 begin with it, with the noun that the captions add")
    assert case.class_word == Fact(value="woman", source="trigger")
    assert subject_phrase(case, "both").startswith("ohwx woman with ")
    assert case.settings["images"] == Fact(value=4, source="dataset")
    assert not case.gaps.keys() & {"trigger", "photos", "captions", "references", "description", "images"}


def test_scene_captions_have_no_description(lora):
    write_photos(lora.parent / "dataset", caption=lambda picture: scene_caption(picture, "ohwx woman"))
    case = build_case(lora)
    assert case.description is None
    assert "no phrase about the person's looks" in case.gaps["description"]


TRIGGERS = {
    "option": ("one", "option --trigger"),
    "toml": ("two", "fluxdiag.toml"),
    "header": ("three", "header modelspec.trigger_phrase"),
    "config": ("four", "config.yaml trigger_word"),
    "captions": ("five", "captions: 4 of 4 begin with it"),
}


@pytest.mark.parametrize("surest", TRIGGERS)
def test_the_trigger_comes_from_the_surest_source(tmp_path, surest):
    sources = list(TRIGGERS)[list(TRIGGERS).index(surest) :]
    lora = write_lora(tmp_path / "l" / "mine.safetensors", {"modelspec.trigger_phrase": "three"} if "header" in sources else None)
    write_photos(lora.parent / "dataset", caption="five in a park")
    if "toml" in sources:
        (lora.parent / "fluxdiag.toml").write_text('trigger = "two"')
    if "config" in sources:
        (lora.parent / "config.yaml").write_text("config: {process: [{trigger_word: four}]}")
    case = build_case(lora, trigger="one" if "option" in sources else None)
    assert (case.trigger.value, case.trigger.source) == TRIGGERS[surest]
    assert ("trigger-in-captions" in case.gaps) is (surest != "captions")


def test_a_header_trigger_that_captions_hold_wins_over_one_that_they_do_not(tmp_path):
    subsets = [{"image_dir": "x", "img_count": 4, "num_repeats": 1, "class_tokens": "holiday 2024", "is_reg": False}]
    header = {
        "ss_datasets": json.dumps([{"subsets": subsets}]),
        "ss_tag_frequency": json.dumps({"x": {"mychar01": 4, "park": 2}}),
    }
    lora = write_lora(tmp_path / "l" / "mine.safetensors", header)
    write_photos(lora.parent / "dataset", caption="MYCHAR01, in a park")
    assert build_case(lora).trigger.value == "MYCHAR01"


def test_a_trigger_that_no_caption_holds_is_noted_and_the_run_goes_on(lora):
    write_photos(lora.parent / "dataset", caption="a woman in a park")
    case = build_case(lora, trigger="ohwx")
    assert case.trigger.value == "ohwx"
    assert "none of the 4 captions holds 'ohwx'" in case.gaps["trigger-in-captions"]
    assert case.class_word == Fact(value="woman", source="captions: 4 of 4")


@pytest.mark.parametrize(
    ("option", "toml", "word", "source"),
    [("girl", "lady", "girl", "option --class-word"), (None, "lady", "lady", "fluxdiag.toml")],
)
def test_the_class_word_that_is_given_wins(lora, option, toml, word, source):
    (lora.parent / "fluxdiag.toml").write_text(f'class_word = "{toml}"\ntrigger = "ohwx woman"')
    assert build_case(lora, class_word=option).class_word == Fact(value=word, source=source)


@pytest.mark.parametrize(
    ("words", "regular", "class_word"),
    [
        ("1_woman", True, "woman"),
        ("a young woman", True, "woman"),
        ("woman", False, "person"),
        ("things", True, "person"),
        (None, True, "person"),
    ],
)
def test_the_class_word_is_what_the_trainer_called_the_ordinary_people(tmp_path, words, regular, class_word):
    folder = {
        "image_dir": "reg",
        "img_count": 4,
        "num_repeats": 1,
        "class_tokens": words and words.removeprefix("1_"),
        "is_reg": regular,
    }
    header = {"ss_datasets": json.dumps([{"subsets": [folder]}]), "modelspec.trigger_phrase": "ohwx"}
    found = build_case(write_lora(tmp_path / "mine.safetensors", header)).class_word
    assert found.value == class_word
    assert ("regularisation" in found.source) is (class_word == "woman")


def test_the_base_is_chosen_by_the_user_alone(lora, tmp_path, monkeypatch):
    (lora.parent / "config.yaml").write_text("config: {process: [{model: {name_or_path: evil/base}}]}")
    assert build_case(lora).base == "black-forest-labs/FLUX.1-dev"
    monkeypatch.setenv("FLUXDIAG_BASE", "black-forest-labs/FLUX.1-schnell")
    assert build_case(lora).profile == "flux1-schnell"
    (tmp_path / "base").mkdir()
    monkeypatch.chdir(tmp_path)
    assert build_case(lora, base="base").base == str((tmp_path / "base").resolve())
    (lora.parent / "fluxdiag.toml").write_text('base = "evil/base"')
    with pytest.raises(FluxdiagError, match="'base' is not understood"):
        build_case(lora)


@pytest.mark.parametrize("base", ["nosuch", "/models/nosuch", "./nosuch", "a/b/c", "../flux", "owner/"])
def test_a_base_that_is_neither_folder_nor_hub_id_is_refused(lora, base):
    with pytest.raises(FluxdiagError, match="no such folder, and it is no OWNER/NAME"):
        build_case(lora, base=base)


NAMED = {"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-schnell.safetensors"}


@pytest.mark.parametrize("header", [{"modelspec.architecture": "flux-1-schnell/lora"}, NAMED])
@pytest.mark.parametrize(("base", "noted"), [(None, True), ("black-forest-labs/FLUX.1-schnell", False)])
def test_a_lora_of_another_base_is_noted(tmp_path, header, base, noted):
    lora = write_lora(tmp_path / "l" / "mine.safetensors", header)
    assert ("base" in build_case(lora, base=base).gaps) is noted


@pytest.mark.parametrize(
    ("header", "base", "silent"),
    [
        ({}, None, True),
        ({"ss_base_model_version": "flux.1", "software": '{"name": "ai-toolkit"}'}, None, True),
        ({"ss_base_model_version": "flux1"}, "black-forest-labs/FLUX.1-schnell", True),
        ({"modelspec.architecture": "flux-1-dev/lora"}, "black-forest-labs/FLUX.1-Krea-dev", True),
        ({"modelspec.architecture": "flux-1-dev/lora"}, None, False),
        ({"ss_sd_model_name": "flux1-dev.safetensors"}, None, False),
        ({"modelspec.architecture": "flux-1-schnell/lora"}, None, False),
    ],
)
def test_a_lora_that_names_no_base_is_not_taken_for_one_of_this_base(tmp_path, header, base, silent):
    """What trainers write: `notes/formats.md` section 2."""
    gaps = build_case(write_lora(tmp_path / "l" / "mine.safetensors", header), base=base).gaps
    assert (SILENT in gaps) is silent
    assert not silent or "base" not in gaps


@pytest.mark.parametrize(("given", "used"), [(None, 0.8), (1.2, 1.2)])
def test_the_recommended_strength_is_the_default(tmp_path, given, used):
    lora = write_lora(tmp_path / "l" / "mine.safetensors", {"recommended_strength": "0.8"})
    assert build_case(lora, strength=given).strength == used


@pytest.mark.parametrize("strength", [0, float("nan"), 1e9])
def test_a_strength_that_is_none_is_refused(lora, strength):
    with pytest.raises(FluxdiagError, match="no usable strength"):
        build_case(lora, strength=strength)


def test_settings_say_where_they_are_from_and_tensors_win(tmp_path):
    header = {"ss_steps": "1850", "ss_network_dim": "16", "ss_network_module": "networks.lora_flux"}
    lora = write_lora(tmp_path / "l" / "mine.safetensors", header)
    (lora.parent / "config.yaml").write_text("config: {process: [{train: {steps: 3000, lr: 1e-4}, network: {linear: 16}}]}")
    case = build_case(lora)
    assert case.settings == {
        "steps": Fact(value=1850, source="header ss_steps"),
        "learning_rate": Fact(value=1e-4, source="config.yaml train.lr"),
        "rank": Fact(value=4, source="tensors"),
        "alpha": Fact(value=16, source="config.yaml: ai-toolkit's alpha is the rank"),
    }
    assert case.gaps["optimizer"] == "neither the header of kohya nor what lies beside the file tells it"
    assert "the header says rank 16" in case.lora.problems[0]


def test_the_built_in_trainers_header_is_read_back(tmp_path):
    setup = TrainingSetup(
        base="base", dataset="photos", output="mine.safetensors", trigger="ohwx woman", class_word="woman", steps=1850,
        regularisation="people", learning_rate=1e-4, warmup_steps=100, rank=4, batch_size=2, accumulation=3,
        resolution=(64, 96), guidance=1.0, max_sequence_length=48, precision="float32",
    )  # fmt: skip
    people = [SimpleNamespace(caption="a woman", regularisation=True)] * 9
    photos = [SimpleNamespace(caption=f"ohwx woman, scene {n}", regularisation=False) for n in range(15)]
    lora = write_lora(tmp_path / "l" / "mine.safetensors", header(setup, [*photos, *people], 1850, "mine", "digest"))
    case = build_case(lora)
    assert case.lora.problems == ()
    assert (case.lora.trainer, case.trigger.value, case.class_word.value) == ("fluxdiag", "ohwx woman", "woman")
    assert {name: fact.value for name, fact in case.settings.items()} == {
        "steps": 1850, "learning_rate": 1e-4, "rank": 4, "alpha": 4, "batch_size": 2, "accumulation": 3, "images": 15,
        "repeats": 1, "regularisation_images": 9, "optimizer": "AdamW", "scheduler": "cosine", "warmup": 100,
        "caption_dropout": 0, "resolution": "64x96",
    }  # fmt: skip


def test_regularisation_images_are_counted_when_only_the_notes_name_them(lora):
    write_photos(lora.parent / "people", count=3)
    (lora.parent / "fluxdiag.toml").write_text('regularisation = "people"')
    assert build_case(lora).settings["regularisation_images"].value == 3
    assert inspect(lora).training["regularisation_images"].value == 3


def test_a_dataset_that_changed_since_is_noted(tmp_path):
    folders = {"10_ohwx woman": {"n_repeats": 10, "img_count": 20}}
    lora = write_lora(tmp_path / "l" / "mine.safetensors", {"ss_dataset_dirs": json.dumps(folders)})
    write_photos(lora.parent / "dataset")
    case = build_case(lora)
    assert case.settings["images"].value == 20
    assert "saw 20 images" in case.gaps["dataset"]


def test_an_empty_dataset_is_a_gap(lora, tmp_path):
    (tmp_path / "empty").mkdir()
    case = build_case(lora, dataset=tmp_path / "empty")
    assert "no images" in case.gaps["photos"]
    assert "no images" in case.gaps["captions"]


def test_unreadable_images_and_captions_are_stated_and_the_rest_counts(lora):
    folder = write_photos(lora.parent / "dataset", caption="ohwx woman in a park")
    (folder / "0.png").write_bytes(b"no image")
    (folder / "1.txt").write_bytes(b"caf\xe9")
    case = build_case(lora)
    assert [photo.problem is None for photo in case.photos] == [False, True, True, True]
    assert case.gaps["captions"] == "1 captions are not UTF-8 text (1.txt)"
    assert len(case.references) == 3


def test_images_that_all_fail_are_a_gap(lora):
    folder = write_photos(lora.parent / "dataset", count=1)
    (folder / "0.png").write_bytes(b"no image")
    case = build_case(lora)
    assert "none of the 1 images" in case.gaps["photos"]
    assert case.reference_source == "none"


def test_without_references_the_training_photos_serve_and_it_is_said(lora):
    write_photos(lora.parent / "dataset")
    case = build_case(lora)
    assert (case.reference_source, len(case.references), len(case.overlap)) == ("training", 4, 4)
    assert "nothing is held out" in case.gaps["references"]


def test_references_from_the_training_set_are_found(lora, tmp_path):
    training = write_photos(lora.parent / "dataset")
    references = write_photos(tmp_path / "references", count=2, first=20)
    (references / "again.png").write_bytes((training / "0.png").read_bytes())
    case = build_case(lora, references=references)
    assert case.reference_source == "held-out"
    assert case.overlap == (str(references / "again.png"),)
    again = build_case(lora, references=training)
    assert (again.reference_source, len(again.overlap)) == ("training", 4)


def test_references_that_cannot_be_read_are_a_gap(lora, tmp_path):
    (tmp_path / "references").mkdir()
    (tmp_path / "references" / "a.png").write_bytes(b"no image")
    case = build_case(lora, references=tmp_path / "references")
    assert case.reference_source == "none"
    assert "no readable images" in case.gaps["references"]


@pytest.mark.parametrize("option", ["dataset", "references"])
def test_a_folder_that_was_given_and_is_not_there_is_an_error(lora, tmp_path, option):
    with pytest.raises(FluxdiagError, match="no such folder"):
        build_case(lora, **{option: tmp_path / "nothing"})


def test_a_config_that_cannot_be_read_is_a_gap(lora):
    (lora.parent / "config.yaml").write_text("a: [")
    assert "cannot be read" in build_case(lora).gaps["config.yaml"]


def test_what_is_no_lora_ends_the_run(tmp_path):
    with pytest.raises(UnreadableLora, match="no such file"):
        build_case(tmp_path / "nothing.safetensors")


def test_captions_are_read_with_the_word_that_stands_for_the_person(lora, tmp_path):
    write_photos(tmp_path / "photos", caption="a dog with mara in a red coat, in a park")
    found = build_case(lora, dataset=tmp_path / "photos", trigger="mara")
    assert [span.text for span in found.photos[0].appearance] == ["a red coat"]


def test_notes_that_are_no_file_are_not_passed_over(lora):
    (lora.parent / "fluxdiag.toml").mkdir()
    with pytest.raises(FluxdiagError, match="is no file"):
        build_case(lora)
