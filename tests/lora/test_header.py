"""Metadata of each trainer: what is a fact, what is a trap, and what is nothing at all."""

import json

import numpy as np
import pytest

from fluxdiag.lora.header import other_base, recommended_strength, trainer_of, trigger_candidates
from fluxdiag.lora.model import LoraModule
from fluxdiag.lora.settings import settings_of


def subset(directory, count, repeats=1, tokens=None, is_reg=False):
    return {"image_dir": directory, "img_count": count, "num_repeats": repeats, "class_tokens": tokens, "is_reg": is_reg}


KOHYA = {
    "ss_network_module": "networks.lora_flux",
    "ss_steps": "1850",
    "ss_max_train_steps": "3000",
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
    "ss_datasets": json.dumps([
        {"resolution": [512, 512], "batch_size_per_device": 2, "subsets": [
            subset("img", 15, 10, "ohwx woman"), subset("reg", 100, 1, "woman", is_reg=True)]},
        {"resolution": [1024, 1024], "batch_size_per_device": 2, "subsets": [subset("img", 15, 10, "ohwx woman")]},
    ]),
}  # fmt: skip


def values(metadata, modules=()):
    return {key: fact.value for key, fact in settings_of(metadata, modules).items()}


def test_kohya_with_a_dataset_config():
    assert values(KOHYA) == {
        "steps": 1850, "learning_rate": 0.0001, "accumulation": 1, "warmup": 100, "caption_dropout": 0, "optimizer": "AdamW8bit",
        "scheduler": "cosine", "batch_size": 2, "resolution": "512x512, 1024x1024", "images": 15, "repeats": 10,
        "regularisation_images": 100,
    }  # fmt: skip
    assert settings_of(KOHYA, ())["steps"].source == "header ss_steps"


def test_kohya_with_folders_of_repeats():
    header = {
        "ss_total_batch_size": "4", "ss_resolution": "(1024, 768)", "ss_num_train_images": "200", "ss_num_reg_images": "0",
        "ss_dataset_dirs": json.dumps({"10_ohwx woman": {"n_repeats": 10, "img_count": 20}}), "ss_reg_dataset_dirs": "{}",
    }  # fmt: skip
    expected = {"batch_size": 4, "resolution": "1024x768", "images": 20, "repeats": 10, "regularisation_images": 0}
    assert values(header) == expected
    assert [fact.value for fact in trigger_candidates(header)] == ["ohwx woman"]


NO_FACTS = [
    {"ss_steps": "None", "ss_learning_rate": "None", "ss_optimizer": "None", "ss_resolution": "None", "ss_lr_scheduler": ""},
    {"ss_num_train_images": "150"},  # with repeats, and nobody says how many
    {"ss_unet_lr": "nan", "ss_steps": "1e999"},
    {"ss_datasets": "not json", "ss_dataset_dirs": "[1, 2]", "training_info": "null", "ot_config": '["x"]'},
    {"ss_datasets": '[{"subsets": null}, 3]', "ss_tag_frequency": '{"a": 3}', "ot_config": '{"optimizer": "ADAMW"}'},
    {"ss_datasets": "[" * 100_000},
]


@pytest.mark.parametrize("metadata", NO_FACTS)
def test_what_says_nothing_is_no_fact(metadata):
    assert values(metadata) == {}
    assert list(trigger_candidates(metadata)) == []


def test_differing_batches_and_repeats_are_no_single_fact():
    datasets = [
        {"batch_size_per_device": 1, "subsets": [subset("a", 5, 2)]},
        {"batch_size_per_device": 4, "subsets": [subset("b", 7, 3)]},
    ]
    assert values({"ss_datasets": json.dumps(datasets)}) == {"images": 12, "regularisation_images": 0}


def test_ai_toolkit_says_little_and_makes_its_tags_up():
    header = {
        "software": '{"name": "ai-toolkit", "version": "0.12"}',
        "training_info": '{"step": 1750, "epoch": 87}',
        "ss_tag_frequency": '{"1_p3r5on": {"p3r5on": 1}}',
    }
    assert values(header) == {"steps": 1750}
    assert [fact.value for fact in trigger_candidates(header)] == ["p3r5on"]


def test_onetrainer_keeps_its_config_when_asked():
    config = {"learning_rate": 3e-4, "batch_size": 4, "optimizer": {"optimizer": "ADAMW"}, "resolution": "768", "lora_rank": 16}
    assert values({"ot_config": json.dumps(config)}) == {
        "learning_rate": 3e-4, "batch_size": 4, "optimizer": "ADAMW", "resolution": "768",
    }  # fmt: skip


def _module(rank, alpha):
    return LoraModule("transformer.x", np.zeros((rank, 2), np.float32), np.zeros((2, rank), np.float32), rank, alpha)


@pytest.mark.parametrize(
    ("header", "modules", "expected"),
    [
        ({"ss_network_dim": "32", "ss_network_alpha": "1"}, [_module(16, 8.0)], {"rank": 16, "alpha": 8}),
        ({"ss_network_dim": "None"}, [_module(4, None), _module(8, None)], {"rank": 6}),
        ({"ss_network_alpha": "1"}, [_module(16, None)], {"rank": 16, "alpha": 1}),
        ({}, [_module(16, 8.0), _module(16, 16.0)], {"rank": 16}),
    ],
)
def test_tensors_win_over_the_header(header, modules, expected):
    assert values(header, modules) == expected


@pytest.mark.parametrize(
    ("header", "trainer"),
    [
        ({"software": '{"name": "fluxdiag"}', "ss_network_module": "networks.lora_flux"}, "fluxdiag"),
        ({"software": '{"name": "ai-toolkit"}'}, "ai-toolkit"),
        ({"ss_network_module": "lycoris.kohya"}, "kohya"),
        ({"ot_branch": "master"}, "onetrainer"),
        ({"global_step": "500"}, "simpletuner"),
        ({"lora_adapter_metadata": "{}"}, "diffusers"),
        ({"software": "garbage"}, None),
        ({"format": "pt"}, None),
    ],
)
def test_the_trainer_is_known_by_its_traces(header, trainer):
    assert trainer_of(header) == trainer


def test_trigger_candidates_come_surest_first():
    tags = {"img": {"woman": 20, "ohwx": 20, "park": 7}, "reg": {"zyx": 99, "a woman": 99}}
    datasets = [{"subsets": [subset("img", 20, tokens="sks"), subset("reg", 9, tokens="woman", is_reg=True)]}]
    header = {
        "modelspec.trigger_phrase": "ohwx woman",
        "ss_datasets": json.dumps(datasets),
        "trained_words": "abc, def",
        "ss_tag_frequency": json.dumps(tags),
    }
    assert [fact.value for fact in trigger_candidates(header)] == ["ohwx woman", "sks", "abc", "ohwx"]


@pytest.mark.parametrize(
    "tags",
    [{"a woman in a park": 20, "photorealistic": 20}, {"ohwx standing": 1, "ohwx sitting": 1}, {"ohwx": 5, "woman": 20}],
)
def test_a_clause_that_few_captions_share_is_no_trigger(tags):
    assert list(trigger_candidates({"ss_tag_frequency": json.dumps({"img": tags})})) == []


@pytest.mark.parametrize(
    ("header", "strength"),
    [
        ({"recommended_strength": "0.8"}, 0.8),
        ({"modelspec.usage_hint": "Best at a weight of 0.7 to 0.9"}, 0.7),
        ({"modelspec.usage_hint": "Strength: 1"}, 1.0),
        ({"recommended_strength": "80"}, None),
        ({"modelspec.usage_hint": "trigger word ohwx"}, None),
        ({}, None),
    ],
)
def test_a_recommended_strength_is_taken_within_reason(header, strength):
    assert recommended_strength(header) == strength


@pytest.mark.parametrize(
    ("header", "base"),
    [
        ({"modelspec.architecture": "flux-1-dev/lora"}, None),
        ({"modelspec.architecture": "flux-1-schnell/lora"}, "flux-1-schnell"),
        ({"ss_base_model_version": "flux1"}, None),
        ({"ss_base_model_version": "flux.1_kontext"}, "flux.1_kontext"),
        ({"ss_base_model_version": "None"}, None),
    ],
)
def test_another_base_is_noticed(header, base):
    assert other_base(header) == base
