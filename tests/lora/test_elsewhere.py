"""What diffusers' own loader does, as it was tried with 0.42.1 on files of these keys."""

import pytest

from fluxdiag.lora.elsewhere import SILENT, diffusers_outcome

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
