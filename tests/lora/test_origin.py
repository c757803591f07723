"""Who trained it, and on which base: known by its own word, by files, by keys, by their number."""

import json

import pytest

from fluxdiag.lora.origin import base, other_than, trainer
from fluxdiag.records import Fact

DIFFUSERS = ["transformer.transformer_blocks.0.attn.to_q.lora_A.weight"]
KOHYA = {"ss_network_module": "networks.lora_flux"}

TRAINERS = [
    ({"software": '{"name": "ai-toolkit"}'}, DIFFUSERS, 494, None, "ai-toolkit", "header"),
    ({"software": '{"name": "ai-toolkit"}', "name": "flux_train_replicate"}, DIFFUSERS, 494, None, "replicate", "header name"),
    (
        {"software": '{"name": "ai-toolkit"}', "ss_output_name": "flux_train_replicate"},
        DIFFUSERS,
        494,
        None,
        "replicate",
        "header",
    ),
    (KOHYA, [], 304, None, "kohya", "header"),
    ({}, DIFFUSERS, 419, None, "simpletuner", "all+ffs"),
    (KOHYA, [], 304, "fluxgym", "fluxgym", "train.sh"),
    ({}, DIFFUSERS, 494, "ai-toolkit", "ai-toolkit", "beside"),
    ({}, DIFFUSERS, 494, None, "ai-toolkit", "494"),
    ({}, DIFFUSERS, 342, None, "diffusers", "342"),
    ({}, DIFFUSERS, 266, None, "simpletuner", "OneTrainer can"),
    ({}, [*DIFFUSERS, "transformer.transformer_blocks.0.attn.to_q.alpha"], 494, None, None, ""),
    ({}, DIFFUSERS, 7, None, None, ""),
    ({}, ["lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight"], 494, None, "kohya", "lora_unet_"),
    ({}, ["lora_transformer_transformer_blocks_0_attn_to_q.lora_down.weight"], 266, None, "onetrainer", "lora_transformer_"),
    ({}, ["transformer.double_blocks.0.img_attn.qkv.0.lora_A.weight"], 3, None, "onetrainer", "parts"),
    ({}, ["double_blocks.0.processor.qkv_lora1.down.weight"], 12, None, "xlabs", "processor"),
    ({}, ["base_model.model.proj_out.lora_A.weight"], 1, None, "peft", "base_model"),
    ({}, ["single_blocks.0.norm.query_norm.scale"], 1, None, "black-forest-labs", "control"),
]


@pytest.mark.parametrize(("header", "keys", "modules", "beside", "name", "why"), TRAINERS)
def test_the_trainer_and_how_it_is_known(header, keys, modules, beside, name, why):
    found = trainer(header, keys, modules, beside)
    assert (found and found.value) == name
    assert found is None or why in found.source


GUIDANCE = "transformer.time_text_embed.guidance_embedder.linear_1"
BASES = [
    ({"modelspec.architecture": "flux-1-dev/lora"}, "flux1-dev"),
    ({"modelspec.architecture": "flux-1-schnell/lora"}, "flux1-schnell"),
    ({"ss_sd_model_name": "flux1-dev.safetensors", "ss_base_model_version": "flux1"}, "flux1-dev"),
    ({"ss_sd_model_name": "/models/dev/flux1-krea-dev.sft"}, "flux1-krea"),
    ({"ss_base_model_version": "flux.1_kontext"}, "flux1-kontext"),
    ({"ot_config": json.dumps({"base_model_name": "black-forest-labs/FLUX.1-dev"})}, "flux1-dev"),
    ({"ss_base_model_version": "flux1"}, None),  # dev and schnell alike
    ({"ss_base_model_version": "flux.1"}, None),
    ({"ss_base_model_version": "chroma"}, "chroma"),
    ({"ss_sd_model_name": "Chroma1-HD.safetensors", "modelspec.architecture": "flex.1/lora"}, "chroma"),
    ({"ss_base_model_version": "flex.1"}, "flex.1"),
    ({"modelspec.architecture": "flux", "ss_base_model_version": "flex.1"}, "flex.1"),
    ({"modelspec.architecture": "flux2-dev/lora"}, "flux2"),
    ({"ss_base_model_version": "flux2"}, "flux2"),
    ({"ss_base_model_version": "flux2_klein_4b"}, "flux2"),
    ({"ot_config": json.dumps({"base_model_name": "black-forest-labs/FLUX.2-dev"})}, "flux2"),
    ({"ss_sd_model_name": "portraits_flux_2.safetensors"}, None),  # somebody's second
    ({"ss_sd_model_name": "flux1-dev-24gb.safetensors"}, "flux1-dev"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "fluxKreaDev_fp8.safetensors"}, "flux1-krea"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-kontext-dev.safetensors"}, "flux1-kontext"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1DevFp8.safetensors"}, "flux1-dev"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux-dev-schnell-merge.safetensors"}, "flux1-dev"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "krea.safetensors"}, "flux1-dev"),
    ({"ss_sd_model_name": "flux-dev-schnell-merge.safetensors"}, None),
    ({"ss_sd_model_name": "None"}, None),
    ({"ss_sd_model_name": "device_under_test.safetensors"}, None),
    ({"ot_config": json.dumps({"base_model_name": ["FLUX.1-dev"]})}, None),
    ({}, None),
]


@pytest.mark.parametrize(("header", "name"), BASES)
def test_the_base_is_known_where_the_header_tells(header, name):
    found, against = base(header, [])
    assert ((found and found.value), against) == (name, ())


def test_a_file_beside_it_may_tell_the_base():
    found, _ = base({}, [], Fact(value="black-forest-labs/FLUX.1-schnell", source="config.yaml model.name_or_path"))
    assert (found.value, found.source) == ("flux1-schnell", "config.yaml model.name_or_path")


def test_the_guidance_embedder_wins_over_the_header_and_the_contradiction_is_told():
    found, against = base({"modelspec.architecture": "flux-1-schnell/lora"}, [GUIDANCE])
    assert found.value == "flux1-dev"
    assert found.source.startswith("tensors")
    assert len(against) == 1
    assert "modelspec.architecture says flux1-schnell" in against[0]


def test_the_name_of_the_checkpoint_wins_over_an_architecture_that_is_always_dev():
    found, against = base({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-schnell.safetensors"}, [])
    assert (found.value, found.source) == ("flux1-schnell", "header ss_sd_model_name")
    assert against == (
        "it was trained on flux1-schnell (header ss_sd_model_name), but header modelspec.architecture says flux1-dev",
    )


def test_an_architecture_of_schnell_was_looked_for_so_it_wins_over_a_name_of_dev():
    found, against = base({"modelspec.architecture": "flux-1-schnell/lora", "ss_sd_model_name": "flux1-dev.safetensors"}, [])
    assert (found.value, len(against)) == ("flux1-schnell", 1)


@pytest.mark.parametrize("header", [{}, {"modelspec.architecture": "flux-1-dev/lora"}, {"ss_base_model_version": "flux1"}])
def test_the_guidance_embedder_does_not_speak_against_a_variety_of_dev(header):
    found, against = base({**header, "ss_sd_model_name": "flux1-krea-dev.safetensors"}, [GUIDANCE])
    assert (found.value, against) == ("flux1-krea", ())


def test_a_file_beside_it_does_not_win_over_the_header():
    found, against = base({"modelspec.architecture": "flux-1-dev/lora"}, [], Fact(value="x/FLUX.1-schnell", source="config.yaml"))
    assert found.value == "flux1-dev"
    assert against == ("it was trained on flux1-dev (header modelspec.architecture), but config.yaml says flux1-schnell",)


DEV, KREA, SCHNELL = "black-forest-labs/FLUX.1-dev", "black-forest-labs/FLUX.1-Krea-dev", "black-forest-labs/FLUX.1-schnell"
JUDGED = [
    ({}, DEV, None),
    ({"modelspec.architecture": "flux-1-dev/lora"}, DEV, None),
    ({"modelspec.architecture": "Flux.1-dev/lora"}, "/models/x", None),
    ({"ss_base_model_version": "flux1"}, SCHNELL, None),  # a name that says no kind
    ({"ss_base_model_version": "None"}, DEV, None),
    ({"modelspec.architecture": "flux-1-schnell/lora"}, DEV, "flux1-schnell"),
    ({"modelspec.architecture": "flux-1-schnell/lora"}, SCHNELL, None),
    ({"modelspec.architecture": "flux-1-schnell/lora"}, "/models/flux-schnell", None),
    ({"modelspec.architecture": "flux-1-dev/lora"}, SCHNELL, "flux1-dev"),
    ({"ss_base_model_version": "flux.1_kontext"}, DEV, "flux1-kontext"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-krea-dev.safetensors"}, KREA, None),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-krea-dev.safetensors"}, DEV, "flux1-krea"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-schnell.safetensors"}, DEV, "flux1-schnell"),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-schnell.safetensors"}, SCHNELL, None),
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux-dev-schnell-merge.safetensors"}, DEV, None),
    ({"modelspec.architecture": "flux-1-dev/lora"}, KREA, None),  # which is all that is ever said of Krea
    ({"modelspec.architecture": "flux-1-dev/lora", "ss_sd_model_name": "flux1-dev.safetensors"}, KREA, "flux1-dev"),
    ({"modelspec.architecture": "flux2-dev/lora"}, DEV, "flux2"),
    ({"modelspec.architecture": "flux2-dev/lora"}, "black-forest-labs/FLUX.2-dev", None),
    ({"ss_base_model_version": "flex.1"}, "ostris/Flex.1-alpha", None),
    ({"modelspec.architecture": "chroma/lora"}, DEV, "chroma"),
    ({"modelspec.architecture": "chroma/lora"}, "lodestones/Chroma1-HD", None),
]


@pytest.mark.parametrize(("header", "judged", "other"), JUDGED)
def test_another_base_than_the_one_it_is_judged_on(header, judged, other):
    family = "flux1-schnell" if judged == SCHNELL else "flux1-dev"
    assert other_than(judged, family, header, ()) == other
