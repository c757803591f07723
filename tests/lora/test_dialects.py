"""Names: every dialect's spelling of the same layers, and real key listings where they are at hand."""

import json
from pathlib import Path

import pytest

from fluxdiag.errors import UnreadableLora, WrongFamily
from fluxdiag.lora import names, read_lora
from fluxdiag.lora.dialects import DIALECTS
from fluxdiag.lora.families import family_of
from listings import sparse_file

LISTINGS = sorted((Path(__file__).parents[3] / "shared" / "data" / "lora_keys").glob("*/*.json"))

QKV = tuple(f"transformer_blocks.3.attn.to_{part}" for part in "qkv")
SPELLINGS = {
    ("diffusers", "transformer.transformer_blocks.3.attn.to_q"): QKV[:1],
    ("kohya", "lora_unet_double_blocks_3_img_attn_qkv"): QKV,
    ("kohya", "lora_unet_single_blocks_37_linear2"): ("single_transformer_blocks.37.proj_out",),
    ("kohya", "lora_unet_double_blocks_18_txt_mlp_2"): ("transformer_blocks.18.ff_context.net.2",),
    ("kohya", "lora_unet_time_in_out_layer"): ("time_text_embed.timestep_embedder.linear_2",),
    ("kohya", "lora_unet_final_layer_adaLN_modulation_1"): ("norm_out.linear",),
    ("bfl", "diffusion_model.double_blocks.3.img_attn.qkv"): QKV,
    ("bfl", "model.diffusion_model.double_blocks.3.img_attn.qkv"): QKV,
    ("bfl", "double_blocks.3.img_attn.qkv"): QKV,
    ("bfl", "final_layer.linear"): ("proj_out",),
    ("peft", "base_model.model.transformer_blocks.3.attn.to_q"): QKV[:1],
    ("peft", "base_model.model.transformer.transformer_blocks.3.attn.to_q"): QKV[:1],
    ("peft", "transformer.base_model.model.transformer_blocks.3.attn.to_q"): QKV[:1],
    ("peft", "base_model.model.double_blocks.3.img_attn.qkv"): QKV,
    ("diffusers-bare", "single_transformer_blocks.0.norm.linear"): ("single_transformer_blocks.0.norm.linear",),
    ("onetrainer", "lora_transformer_single_transformer_blocks_0_attn_to_k"): ("single_transformer_blocks.0.attn.to_k",),
    ("onetrainer", "lora_transformer_transformer_blocks_0_ff_net_0_proj"): ("transformer_blocks.0.ff.net.0.proj",),
    # close, but no layer of FLUX.1
    ("diffusers", "transformer.transformer_blocks.3.attn.to_z"): None,
    ("diffusers", "transformer.single_transformer_blocks.3.attn.to_out.0"): None,
    ("kohya", "lora_unet_double_blocks_3_linear1"): None,
    ("bfl", "double_blocks.x.img_attn.qkv"): None,
}


@pytest.mark.parametrize(("dialect", "name"), SPELLINGS)
def test_a_layer_is_found_under_its_spelling(dialect, name):
    found = next(known for known in DIALECTS if known.name == dialect)
    assert found.layers(name) == SPELLINGS[dialect, name]


ENCODERS = {
    "lora_te1_text_model_encoder_layers_11_self_attn_q_proj": "text_encoder.text_model.encoder.layers.11.self_attn.q_proj",
    "lora_te_text_model_encoder_layers_0_mlp_fc2": "text_encoder.text_model.encoder.layers.0.mlp.fc2",
    "lora_te3_encoder_block_2_layer_0_SelfAttention_o": "text_encoder_2.encoder.block.2.layer.0.SelfAttention.o",
    "lora_te2_encoder_block_2_layer_1_DenseReluDense_wi_0": "text_encoder_2.encoder.block.2.layer.1.DenseReluDense.wi_0",
    "text_encoder.text_model.encoder.layers.0.mlp.fc1": "text_encoder.text_model.encoder.layers.0.mlp.fc1",
    "text_encoders.clip_l.transformer.text_model.encoder.layers.0.mlp.fc1": "text_encoder.text_model.encoder.layers.0.mlp.fc1",
    "lora_unet_double_blocks_0_img_mlp_0": None,
    "lora_te1_encoder_layers_3_self_attn_q_proj": "text_encoder.text_model.encoder.layers.3.self_attn.q_proj",  # transformers 5
    "lora_te2_encoder_layers_3_self_attn_q_proj": None,
    "lora_te1_text_model_final_layer_norm": None,
}


@pytest.mark.parametrize("name", ENCODERS)
def test_text_encoders_are_kept_apart(name):
    assert names.text_encoder(name) == ENCODERS[name]


def _keys(*layers, width=320, down="lora_down"):
    return {f"{layer}.{down}.weight": (4, width) for layer in layers}


SDXL = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k"
FAMILIES = {
    "Stable Diffusion 1.5": _keys("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k", width=768),
    "Stable Diffusion 2": _keys("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k", width=1024, down="lora_A"),
    "SDXL": _keys(SDXL, width=2048),
    "Stable Diffusion": _keys("unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q"),
    "Stable Diffusion 3": _keys("lora_unet_joint_blocks_0_x_block_attn_qkv"),
    "Qwen-Image": _keys("transformer.transformer_blocks.0.img_mlp.net.0.proj"),
    "Qwen-Image or Stable Diffusion 3": _keys("transformer.transformer_blocks.59.attn.to_q", width=3072),
    "Wan, Anima or Krea": _keys("diffusion_model.blocks.0.self_attn.q"),
    "HunyuanVideo": _keys("transformer.double_blocks.0.img_attn_qkv"),
    "Z-Image or Lumina": _keys("diffusion_model.layers.0.attention.to_q"),
    "Chroma": _keys("diffusion_model.distilled_guidance_layer.layers.0.in_layer"),
    "FLUX.2": {"single_blocks.0.linear1.lora_A.weight": (4, 64), "single_blocks.0.linear1.lora_B.weight": (576, 4)},
}


def test_flux_2_is_told_by_the_width_that_its_attention_reads():
    assert family_of(_keys("diffusion_model.double_blocks.0.img_attn.qkv", width=6144, down="lora_A")) == "FLUX.2"
    assert family_of(_keys("diffusion_model.double_blocks.0.img_attn.qkv", width=3072, down="lora_A")) is None


@pytest.mark.parametrize("family", FAMILIES)
def test_other_families_are_named(family):
    assert family_of(FAMILIES[family]) == family


@pytest.mark.parametrize(
    "name",
    [
        "transformer.transformer_blocks.0.attn.to_out.0",  # ends like Wan's `blocks.0.attn.to_out`
        "lora_unet_double_blocks_0_img_attn_qkv",  # flat, like HunyuanVideo's dotted name
        "lora_te1_text_model_encoder_layers_0_self_attn_q_proj",
        "transformer.transformer_blocks.18.attn.to_q",
        "transformer.single_transformer_blocks.37.proj_out",
    ],
)
def test_flux_is_no_other_family(name):
    assert family_of(_keys(name)) is None


def test_the_family_reaches_the_user(write, pair):
    with pytest.raises(WrongFamily, match="this LoRA is for SDXL, not FLUX"):
        read_lora(write(pair(SDXL, 64, 2048, names=("lora_down", "lora_up"))))


# listing -> dialect, layers of the transformer after un-fusing, layers of the text encoders
MODULES = {
    "flux_lora_diffusers": ("diffusers", 494, 0), "flux_lora_diffusers_no_proj_mlp": ("diffusers", 342, 0),
    "flux_lora_kohya": ("kohya", 494, 0), "flux_lora_aitoolkit": ("bfl", 418, 0), "flux_lora_xlabs": ("xlabs", 24, 0),
    "fal_kontext_full": ("peft", 495, 0), "fal_kontext_partial": ("peft", 419, 0),
    "comfy_diffusion_model_lora_down_alpha": ("bfl", 418, 0), "unprefixed_bfl_lora_A": ("bfl", 418, 0),
    "model_diffusion_model_prefix": ("bfl", 1, 0), "kohya_single_only": ("kohya", 6, 0),
    "kohya_with_in_out_layers": ("kohya", 504, 0), "kohya_dora": ("kohya", 494, 0),
    "kohya_lycoris_lokr": ("kohya", 2, 0), "lycoris_prefixed_lokr": ("lycoris", 2, 0), "aitk_new_lokr": ("diffusers", 2, 0),
    "onetrainer_transformer_only": ("onetrainer", 266, 0), "onetrainer_transformer_te1": ("onetrainer", 266, 72),
    "onetrainer_with_mlp_and_norm": ("onetrainer", 276, 0), "diffusers_plus_te": ("diffusers", 2, 2),
    "bare_diffusers_no_prefix": ("diffusers-bare", 494, 0), "diffsynth_default_infix_bare": ("diffusers-bare", 2, 0),
    "transformer_base_model_model_infix": ("peft", 2, 0), "peft_adapter_model_transformer_prefix": ("peft", 2, 0),
    "peft_dora_magnitude": ("diffusers", 494, 0), "transformer_lora_A_plus_alpha": ("diffusers", 494, 0),
}  # fmt: skip
REFUSED = {
    "flux_control_lora": "a control LoRA of Black Forest Labs",
    "flux_lokr_bfl": "1024 x 3072, which no width of FLUX.1 gives",  # its shapes are made up
}


@pytest.mark.skipif(not LISTINGS, reason="the key listings are not part of the repository")
@pytest.mark.parametrize("listing", LISTINGS, ids=lambda path: path.stem)
def test_real_listings_are_read_whole_or_refused_by_name(listing, tmp_path):
    ((name, keys),) = json.loads(listing.read_text()).items()
    path = sparse_file(tmp_path / "l.safetensors", keys)
    if name in REFUSED:
        with pytest.raises(UnreadableLora, match=REFUSED[name]):
            read_lora(path)
        return
    lora = read_lora(path)
    assert lora.ignored == {}
    assert (lora.dialect, len(lora.modules), len(lora.text_encoder)) == MODULES[name]
