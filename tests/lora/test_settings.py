"""The settings in the header of each trainer, as it writes them, and its traps."""

import json
from types import SimpleNamespace

import pytest

from fluxdiag.lora.settings import ALPHA_IS_RANK, contradictions, settings_of, without_alpha, written_scale
from fluxdiag.records import Fact


def subset(directory, count, repeats=1, tokens=None, is_reg=False):
    return {"image_dir": directory, "img_count": count, "num_repeats": repeats, "class_tokens": tokens, "is_reg": is_reg}


KOHYA = {
    "ss_network_module": "networks.lora_flux",
    "ss_steps": "1850",
    "ss_max_train_steps": "3000",
    "ss_epoch": "12",
    "ss_learning_rate": "2e-06",
    "ss_unet_lr": "0.0001",
    "ss_text_encoder_lr": "[5e-05]",
    "ss_num_train_images": "150",
    "ss_num_reg_images": "300",
    "ss_gradient_accumulation_steps": "1",
    "ss_lr_scheduler": "cosine",
    "ss_lr_warmup_steps": "100",
    "ss_optimizer": "bitsandbytes.optim.adamw.AdamW8bit(weight_decay=0.01)",
    "ss_caption_dropout_rate": "0.0",
    "ss_network_alpha": "16",
    "ss_network_dropout": "None",
    "ss_mixed_precision": "bf16",
    "ss_guidance_scale": "1.0",
    "ss_timestep_sampling": "flux_shift",
    "ss_seed": "42",
    "ss_datasets": json.dumps([
        {"resolution": [512, 512], "batch_size_per_device": 2, "subsets": [
            subset("img", 15, 10, "ohwx woman"), subset("reg", 100, 1, "woman", is_reg=True)]},
        {"resolution": [1024, 1024], "batch_size_per_device": 2, "subsets": [subset("img", 15, 10, "ohwx woman")]},
    ]),
}  # fmt: skip
FOLDERS = {
    "ss_total_batch_size": "4", "ss_resolution": "(1024, 768)", "ss_num_train_images": "200", "ss_num_reg_images": "0",
    "ss_dataset_dirs": json.dumps({"10_ohwx woman": {"n_repeats": 10, "img_count": 20}}), "ss_reg_dataset_dirs": "{}",
    "ss_caption_dropout_rate": "0.1", "ss_network_module": "networks.lora_flux",
}  # fmt: skip
ONETRAINER = {
    "learning_rate": 3e-4, "batch_size": 4, "optimizer": {"optimizer": "ADAMW"}, "resolution": "768", "lora_rank": 16,
    "lora_alpha": 1.0, "epochs": 100, "learning_rate_scheduler": "CONSTANT", "learning_rate_warmup_steps": 200.0,
}  # fmt: skip
REPLICATE = {
    "name": "flux_train_replicate", "training_info": '{"step": 1000, "epoch": 49}', "ss_base_model_version": "flux.1",
    "software": '{"name": "ai-toolkit", "repo": "x", "version": "0.1.0"}', "format": "pt",
}  # fmt: skip

HEADERS = {
    # the dropout of the command line is in the header, the one of the folders is not: 0 is no fact
    "kohya, dataset config": (KOHYA, {
        "steps": 1850, "planned_steps": 3000, "epochs": 12, "learning_rate": 0.0001, "accumulation": 1, "warmup": 100,
        "optimizer": "AdamW8bit", "scheduler": "cosine", "batch_size": 2, "resolution": "512x512, 1024x1024", "images": 15,
        "repeats": 10, "regularisation_images": 100, "network": "networks.lora_flux", "precision": "bf16", "guidance": 1,
        "timesteps": "flux_shift", "seed": 42,
    }),
    # ss_num_train_images counts repeats: 200 are 20 photos, ten times each
    "kohya, folders of repeats": (FOLDERS, {
        "batch_size": 4, "resolution": "1024x768", "images": 20, "repeats": 10, "regularisation_images": 0,
        "caption_dropout": 0.1, "network": "networks.lora_flux",
    }),
    # the total counts accumulation, which the reader of the batch multiplies by again, and cards
    "kohya, accumulation": (
        {"ss_batch_size_per_device": "1", "ss_total_batch_size": "4", "ss_gradient_accumulation_steps": "4"},
        {"batch_size": 1, "accumulation": 4},
    ),
    "kohya, two cards": (
        {"ss_batch_size_per_device": "2", "ss_total_batch_size": "12", "ss_gradient_accumulation_steps": "3"},
        {"batch_size": 4, "accumulation": 3},
    ),
    "kohya, a total that does not divide": (
        {"ss_batch_size_per_device": "2", "ss_total_batch_size": "7", "ss_gradient_accumulation_steps": "0"},
        {"batch_size": 2, "accumulation": 0},
    ),
    "kohya, --no_metadata": ({"ss_network_dim": "None", "ss_network_alpha": "1", "ss_v2": "False"}, {}),
    "kohya, only images with repeats": ({"ss_num_train_images": "150"}, {}),
    "ai-toolkit": ({"software": '{"name": "ai-toolkit"}', "training_info": '{"step": 1750, "epoch": 87}'},
                   {"steps": 1750, "epochs": 87}),
    "replicate": (REPLICATE, {"steps": 1000, "epochs": 49}),
    "simpletuner": ({"global_step": "1200", "trained_words": "ohwx"}, {"steps": 1200}),
    "onetrainer": ({"ot_branch": "master", "ot_config": json.dumps(ONETRAINER)}, {
        "learning_rate": 3e-4, "batch_size": 4, "optimizer": "ADAMW", "resolution": "768", "epochs": 100,
        "scheduler": "CONSTANT", "warmup": 200,
    }),
    "onetrainer, without config": ({"ot_branch": "master", "ot_revision": "x"}, {}),
    "diffusers": ({"format": "pt", "lora_adapter_metadata": '{"transformer.r": 16, "transformer.lora_alpha": 16}'}, {}),
    "kohya, counts beyond reason": (
        {"ss_dataset_dirs": '{"10_a": {"img_count": 1e308, "n_repeats": "x"}}'}, {"regularisation_images": 0},
    ),
    "differing batches and repeats": (
        {"ss_datasets": json.dumps([
            {"batch_size_per_device": 1, "subsets": [subset("a", 5, 2)]},
            {"batch_size_per_device": 4, "subsets": [subset("b", 7, 3)]},
        ])},
        {"images": 12, "regularisation_images": 0},
    ),
}  # fmt: skip


def values(metadata, modules=()):
    return {key: fact.value for key, fact in settings_of(metadata, modules).items()}


@pytest.mark.parametrize("kind", HEADERS)
def test_the_settings_of_each_trainer(kind):
    header, expected = HEADERS[kind]
    assert values(header) == expected


def test_every_fact_says_where_it_was_read():
    sources = {name: fact.source for name, fact in settings_of(KOHYA, ()).items()}
    assert sources["steps"] == "header ss_steps"
    assert sources["learning_rate"] == "header ss_unet_lr"
    assert sources["images"] == "header img_count"
    assert sources["batch_size"] == sources["resolution"] == "header ss_datasets"


NO_FACTS = [
    {"ss_steps": "None", "ss_learning_rate": "None", "ss_optimizer": "None", "ss_resolution": "None", "ss_lr_scheduler": ""},
    {"ss_unet_lr": "nan", "ss_steps": "1e999", "ss_seed": "9" * 400, "ss_epoch": "-inf"},
    {"ss_datasets": "not json", "ss_dataset_dirs": "[1, 2]", "training_info": "null", "ot_config": '["x"]'},
    {"ss_datasets": '[{"subsets": null}, 3]', "ot_config": '{"optimizer": "ADAMW", "batch_size": true, "epochs": [1]}'},
    {"ss_datasets": '[{"subsets": {"a": 1}, "resolution": {"b": 2}, "batch_size_per_device": "x"}]'},
    {"ss_datasets": "[" * 100_000, "training_info": '{"step": true}'},
    {"training_info": '{"step": ' + "9" * 300 + "}"},
]


@pytest.mark.parametrize("metadata", NO_FACTS)
def test_what_says_nothing_is_no_fact(metadata):
    assert values(metadata) == {}


def layers(*pairs):
    return [SimpleNamespace(rank=rank, alpha=alpha, ranked=True) for rank, alpha in pairs]


WHOLE_FACTORS = SimpleNamespace(rank=3072, alpha=None, ranked=False)


@pytest.mark.parametrize(
    ("header", "modules", "expected"),
    [
        ({"ss_network_dim": "32", "ss_network_alpha": "1"}, layers((16, 8.0)), {"rank": 16, "alpha": 8}),
        ({"ss_network_dim": "None"}, layers((4, None), (8, None)), {"rank": 4}),  # one that a layer has
        ({"ss_network_alpha": "1"}, layers((16, None)), {"rank": 16, "alpha": 1}),
        ({}, layers((16, 8.0), (16, 16.0)), {"rank": 16}),
        ({"ss_network_dim": "32"}, [WHOLE_FACTORS], {}),
        ({}, [WHOLE_FACTORS, *layers((16, None))], {"rank": 16}),
    ],
)
def test_tensors_win_over_the_header(header, modules, expected):
    assert values(header, modules) == expected


PEFT = json.dumps({"transformer.r": 32, "transformer.lora_alpha": 4})


@pytest.mark.parametrize(
    ("header", "modules", "told"),
    [
        ({"ss_network_dim": "32", "ss_network_alpha": "16"}, layers((32, 16.0), (32, 16.0)), []),
        ({"ss_network_dim": "64"}, layers((16, 16.0)), ["rank 64 (ss_network_dim), the tensors say 16"]),  # resized
        ({"ss_network_dim": "64"}, layers((4, None), (16, None)), ["the tensors say 4 to 16"]),
        ({"ss_network_dim": "16"}, layers((4, None), (16, None)), []),  # kohya trains some layers at ranks of their own
        ({"ss_network_alpha": "1"}, layers((16, 8.0)), ["alpha 1 (ss_network_alpha), the tensors say 8"]),
        ({"ss_network_alpha": "1"}, layers((16, None)), []),  # converted: alpha is folded in, nothing to disagree with
        ({"ot_config": json.dumps({"lora_rank": 8, "lora_alpha": 1.0})}, layers((16, None)), ["rank 8 (ot_config)"]),
        ({"lora_adapter_metadata": PEFT}, layers((16, 4.0)), ["rank 32 (lora_adapter_metadata)"]),
        ({"lora_adapter_metadata": PEFT}, layers((32, 4 * 32**0.5)), []),  # rank-stabilised: alpha is not as written
        ({"ss_network_dim": "Dynamic"}, layers((16, None)), []),
        ({"ss_network_dim": "32"}, [], []),
    ],
)
def test_where_header_and_tensors_disagree_the_tensors_count(header, modules, told):
    found = contradictions(header, modules)
    assert len(found) == len(told)
    assert all(expected in sentence for expected, sentence in zip(told, found, strict=True))


ONE_SIXTEENTH = json.dumps({"lora_rank": 16, "lora_alpha": 1.0})


@pytest.mark.parametrize(
    ("header", "modules", "scale"),
    [
        ({"ot_config": ONE_SIXTEENTH}, layers((16, None)), 1 / 16),  # OneTrainer has multiplied lora_B by it
        ({"ot_config": ONE_SIXTEENTH}, layers((4, None)), 1 / 16),  # cut down since: the header's own rank counts
        ({"ss_network_dim": "32", "ss_network_alpha": "16"}, layers((32, None)), 0.5),
        ({"ss_network_dim": "None", "ss_network_alpha": "2"}, layers((8, None)), 0.25),
        ({"ss_network_dim": "32"}, layers((32, None)), None),
        ({"ss_network_alpha": "0"}, layers((32, None)), None),
        ({}, layers((16, None)), None),
        ({"ss_network_dim": "32", "ss_network_alpha": "1"}, [WHOLE_FACTORS], None),
    ],
)
def test_the_scale_of_a_file_without_alpha_is_the_written_one(header, modules, scale):
    found = written_scale(header, modules, settings_of(header, modules))
    assert (None if found is None else found.value) == scale


def test_one_layer_with_an_alpha_is_enough_for_the_tensors_to_tell():
    assert without_alpha(layers((16, None), (16, None)))
    assert not without_alpha(layers((16, None), (16, 16.0)))


def concept(kind, **more):
    return {"name": "x", "path": "/photos", "type": kind, "enabled": True} | more


@pytest.mark.parametrize(
    ("concepts", "told"),
    [
        ([concept("STANDARD"), concept("PRIOR_PREDICTION")], {"regularisation": True}),
        ([concept("STANDARD"), concept("PRIOR_PREDICTION", enabled=False)], {"regularisation_images": 0}),
        ([concept("STANDARD"), concept("VALIDATION")], {"regularisation_images": 0}),
        ([concept("VALIDATION")], {}),
        ([{"name": "x"}, 3, concept(["PRIOR_PREDICTION"])], {}),
        (None, {}),  # the settings alone: the concepts lie in a file of their own
        ("concepts.json", {}),
    ],
)
def test_onetrainers_concepts_tell_of_ordinary_people(concepts, told):
    assert values({"ot_branch": "master", "ot_config": json.dumps({"concepts": concepts})}) == told


def test_what_ai_toolkit_trained_at_its_own_rank_stays_so_when_the_file_is_cut_down():
    training = {"alpha": Fact(value=16, source=ALPHA_IS_RANK), "rank": Fact(value=4, source="tensors")}

    assert written_scale({}, layers((4, None)), training) == Fact(value=1.0, source=ALPHA_IS_RANK)
