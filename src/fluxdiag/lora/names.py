"""What a layer is called. Black Forest Labs' names -> diffusers', where one fused layer may be several.

Read off diffusers' own converter (loaders/lora_conversion_utils.py); FLUX.1's geometry checks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

ATTENTION = ("attn.to_q", "attn.to_k", "attn.to_v")

DOUBLE: dict[str, tuple[str, ...]] = {
    "img_attn.qkv": ATTENTION,
    "img_attn.proj": ("attn.to_out.0",),
    "txt_attn.qkv": ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
    "txt_attn.proj": ("attn.to_add_out",),
    "img_mlp.0": ("ff.net.0.proj",),
    "img_mlp.2": ("ff.net.2",),
    "txt_mlp.0": ("ff_context.net.0.proj",),
    "txt_mlp.2": ("ff_context.net.2",),
    "img_mod.lin": ("norm1.linear",),
    "txt_mod.lin": ("norm1_context.linear",),
}
SINGLE: dict[str, tuple[str, ...]] = {
    "linear1": (*ATTENTION, "proj_mlp"),
    "linear1_qkv": ATTENTION,  # ComfyUI's name for the first rows
    "linear2": ("proj_out",),
    "modulation.lin": ("norm.linear",),
}
OUTSIDE: dict[str, tuple[str, ...]] = {
    "img_in": ("x_embedder",),
    "txt_in": ("context_embedder",),
    "time_in.in_layer": ("time_text_embed.timestep_embedder.linear_1",),
    "time_in.out_layer": ("time_text_embed.timestep_embedder.linear_2",),
    "vector_in.in_layer": ("time_text_embed.text_embedder.linear_1",),
    "vector_in.out_layer": ("time_text_embed.text_embedder.linear_2",),
    "guidance_in.in_layer": ("time_text_embed.guidance_embedder.linear_1",),
    "guidance_in.out_layer": ("time_text_embed.guidance_embedder.linear_2",),
    "final_layer.linear": ("proj_out",),
    "final_layer.adaLN_modulation.1": ("norm_out.linear",),
}
XLABS = {
    "qkv_lora1": "img_attn.qkv",
    "qkv_lora2": "txt_attn.qkv",
    "proj_lora1": "img_attn.proj",
    "proj_lora2": "txt_attn.proj",
    "single.qkv_lora": "linear1_qkv",
    "single.proj_lora": "linear2",
}
BLOCKS = {"double_blocks": "transformer_blocks", "single_blocks": "single_transformer_blocks"}

Namespace = Callable[[str], tuple[str, ...] | None]
"""A layer's name in the file, without its prefix -> the diffusers layers that it is, or None where it is unknown."""


def bfl(name: str) -> tuple[str, ...] | None:
    """`double_blocks.3.img_attn.qkv` -> the three layers that diffusers makes of it."""
    if name in OUTSIDE:
        return OUTSIDE[name]
    found = re.fullmatch(r"(double_blocks|single_blocks)\.(\d+)\.(.+)", name)
    if found is None:
        return None
    parts = (DOUBLE if found[1] == "double_blocks" else SINGLE).get(found[3])
    return None if parts is None else tuple(f"{BLOCKS[found[1]]}.{found[2]}.{part}" for part in parts)


def bfl_parts(name: str) -> tuple[str, ...] | None:
    """OneTrainer's spelling, where the parts of a fused layer are numbered: `double_blocks.3.img_attn.qkv.0`."""
    found = re.fullmatch(r"(.+\.(?:qkv|linear1))\.(\d)", name)
    parts = bfl(found[1] if found else name)
    if found is None or parts is None:
        return parts
    return parts[int(found[2]) :][:1] or None


def xlabs(name: str) -> tuple[str, ...] | None:
    """`double_blocks.3.processor.qkv_lora1`: 1 is the image's stream, 2 the text's; single blocks have one."""
    found = re.fullmatch(r"((?:double|single)_blocks\.\d+)\.processor\.(\w+)", name)
    layer = XLABS.get(found[2] if "double" in name else f"single.{found[2]}") if found else None
    return bfl(f"{found[1]}.{layer}") if found and layer else None


def diffusers(name: str) -> tuple[str, ...] | None:
    """diffusers' own names, if FLUX.1 has such a layer."""
    if name in _OUTSIDE_LAYERS:
        return (name,)
    found = re.fullmatch(r"(transformer_blocks|single_transformer_blocks)\.(\d+)\.(.+)", name)
    if found is None:
        return None
    return (name,) if found[3] in (_DOUBLE_LAYERS if found[1] == "transformer_blocks" else _SINGLE_LAYERS) else None


def dotted(name: str) -> tuple[str, ...] | None:
    return diffusers(name) or bfl(name)


def flat_bfl(name: str) -> tuple[str, ...] | None:
    """kohya's spelling: `double_blocks_3_img_attn_qkv`."""
    return bfl(_with_dots(name, "double_blocks|single_blocks", _FLAT_BFL))


def flat(name: str) -> tuple[str, ...] | None:
    return flat_bfl(name) or flat_diffusers(name)


def flat_diffusers(name: str) -> tuple[str, ...] | None:
    """OneTrainer's spelling: `single_transformer_blocks_3_attn_to_k`."""
    return diffusers(_with_dots(name, "single_transformer_blocks|transformer_blocks", _FLAT_DIFFUSERS))


def text_encoder(name: str) -> str | None:
    """The full path of a text-encoder layer, `text_encoder...` (CLIP) or `text_encoder_2...` (T5); None for any other layer."""
    for prefix, component in DOTTED_ENCODERS.items():
        if name.startswith(prefix):
            layer = name.removeprefix(prefix)
            # transformers 5 leaves `text_model.` out
            return f"{component}{'text_model.' if layer.startswith('encoder.layers.') else ''}{layer}"
    if found := re.fullmatch(rf"lora_te1?_(?:text_model_)?encoder_layers_(\d+)_({'|'.join(_FLAT_CLIP)})", name):
        return f"text_encoder.text_model.encoder.layers.{found[1]}.{_FLAT_CLIP[found[2]]}"
    if found := re.fullmatch(rf"lora_te[23]_encoder_block_(\d+)_layer_(\d)_({'|'.join(_FLAT_T5)})", name):
        return f"text_encoder_2.encoder.block.{found[1]}.layer.{found[2]}.{_FLAT_T5[found[3]]}"
    return None


def swaps_halves(name: str) -> bool:
    """Whether shift and scale lie the other way round than in diffusers: Black Forest Labs' final layer, dotted or flat."""
    return re.search(r"final_layer[._]adaLN_modulation[._]1$", name) is not None


def _with_dots(name: str, blocks: str, layers: dict[str, str]) -> str:
    found = re.fullmatch(rf"({blocks})_(\d+)_(.+)", name)
    if found is None:
        return layers.get(name, name)
    return f"{found[1]}.{found[2]}.{layers.get(found[3], found[3])}"


def _flat(names: frozenset[str] | set[str] | tuple[str, ...]) -> dict[str, str]:
    return {name.replace(".", "_"): name for name in sorted(names)}


_DOUBLE_LAYERS, _SINGLE_LAYERS, _OUTSIDE_LAYERS = (
    frozenset(part for parts in table.values() for part in parts) for table in (DOUBLE, SINGLE, OUTSIDE)
)
_FLAT_BFL = _flat({*DOUBLE, *SINGLE, *OUTSIDE})
_FLAT_DIFFUSERS = _flat(_DOUBLE_LAYERS | _SINGLE_LAYERS | _OUTSIDE_LAYERS)
_FLAT_CLIP = _flat(("mlp.fc1", "mlp.fc2", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"))
_FLAT_T5 = _flat(
    (
        *(f"SelfAttention.{part}" for part in "qkvo"),
        "DenseReluDense.wi_0",
        "DenseReluDense.wi_1",
        "DenseReluDense.wo",
    )
)
DOTTED_ENCODERS = {  # the longer prefix first
    "text_encoders.clip_l.transformer.": "text_encoder.",
    "text_encoders.t5xxl.transformer.": "text_encoder_2.",
    "base_model.model.text_encoder.": "text_encoder.",
    "base_model.model.text_encoder_2.": "text_encoder_2.",
    "text_encoder.": "text_encoder.",
    "text_encoder_2.": "text_encoder_2.",
}
