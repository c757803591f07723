"""What diffusers' own loader does, as it was tried with 0.42.1 on files of these keys."""

import pytest

from fluxdiag.lora.elsewhere import SILENT, diffusers_outcome, loaded_by

Q = "transformer_blocks.0.attn.to_q"
BFL = "double_blocks.0.img_attn.proj"
AB = ("lora_A.weight", "lora_B.weight")
KOHYA = ("lora_down.weight", "lora_up.weight", "alpha")

WHOLE = [
    ("transformer." + Q, AB),
    ("transformer." + Q, (*AB, "alpha")),
    ("transformer." + Q, (*AB, "lora_magnitude_vector")),
    ("transformer." + Q, ("lora_A.default.weight", "lora_B.default.weight")),
    ("lora_unet_double_blocks_0_img_attn_proj", KOHYA),
    ("lora_transformer_transformer_blocks_0_attn_to_q", KOHYA),
    ("diffusion_model." + BFL, KOHYA),
    ("double_blocks.0.processor.qkv_lora1", ("down.weight", "up.weight")),
]
NOT = [
    ("diffusion_model." + BFL, AB, SILENT),
    (BFL, AB, SILENT),
    (Q, AB, SILENT),
    ("model.diffusion_model." + BFL, AB, SILENT),
    ("unet." + Q, AB, SILENT),
    ("base_model.model." + Q, AB, "KeyError"),
    ("transformer.base_model.model." + Q, AB, "KeyError"),
    ("transformer." + BFL, AB, "fails"),
    ("transformer." + Q, KOHYA, "ignores alpha"),
    ("lora_unet_double_blocks_0_img_attn_proj", (*KOHYA, "dora_scale"), "drops the magnitudes"),
    ("lora_unet_img_in", KOHYA, "layers outside the blocks"),
    ("lora_te3_encoder_block_0_layer_0_SelfAttention_q", KOHYA, "drops T5"),
    ("lora_te2_encoder_block_0_layer_0_SelfAttention_q", KOHYA, "fails"),
    ("lora_transformer_single_transformer_blocks_0_proj_mlp", KOHYA, "fails"),
    ("lora_unet_double_blocks_0_img_attn_proj", ("lokr_w1", "lokr_w2", "alpha"), SILENT),
    ("transformer." + Q, ("lokr_w1", "lokr_w2", "alpha"), "Invalid LoRA checkpoint"),
]


@pytest.mark.parametrize(("layer", "suffixes"), WHOLE)
def test_what_it_loads_whole(layer, suffixes):
    assert diffusers_outcome([f"{layer}.{suffix}" for suffix in suffixes]) is None


@pytest.mark.parametrize(("layer", "suffixes", "outcome"), NOT)
def test_what_it_does_not(layer, suffixes, outcome):
    assert outcome in (diffusers_outcome([f"{layer}.{suffix}" for suffix in suffixes]) or "")


def test_tensors_without_the_prefix_are_ignored_beside_those_with_it():
    keys = [f"{layer}.{suffix}" for layer in (f"transformer.{Q}", Q) for suffix in AB]
    assert diffusers_outcome(keys) == "ignores 2 of its 4 tensors without an error"


BOTH, COMFY = "ComfyUI and Forge", "ComfyUI"
LOADED = [
    ("bfl", ["diffusion_model." + BFL], AB, BOTH),  # ai-toolkit's
    ("bfl", ["diffusion_model." + BFL], ("lokr_w1", "lokr_w2", "alpha"), BOTH),
    ("bfl", ["diffusion_model." + BFL, BFL], AB, None),
    ("bfl", ["model.diffusion_model." + BFL], AB, None),
    ("kohya", ["lora_unet_img_in", "lora_te1_text_model_encoder_layers_0_mlp_fc1"], (*KOHYA, "dora_scale"), BOTH),
    ("kohya", ["lora_unet_transformer_blocks_0_attn_to_q"], KOHYA, None),
    ("diffusers", ["transformer." + Q], ("lokr_w1", "lokr_w2"), BOTH),
    ("diffusers", ["transformer." + Q], ("lora_A.default.weight", "lora_B.default.weight"), None),
    ("diffusers", ["transformer." + Q], (*AB, "lora_magnitude_vector"), None),
    ("diffusers-bare", [Q], AB, None),
    ("onetrainer", ["lora_transformer_transformer_blocks_0_attn_to_q"], (*KOHYA, "dora_scale"), COMFY),
    ("lycoris", ["lycoris_transformer_blocks_0_attn_to_q"], ("lokr_w1", "lokr_w2"), COMFY),
    ("lycoris", ["lycoris_double_blocks_0_img_attn_proj"], ("lokr_w1", "lokr_w2"), None),
    ("peft", ["base_model.model." + BFL], AB, None),
]


@pytest.mark.parametrize(("dialect", "layers", "suffixes", "who"), LOADED)
def test_who_else_loads_it(dialect, layers, suffixes, who):
    assert loaded_by(dialect, [f"{layer}.{suffix}" for layer in layers for suffix in suffixes]) == who
