"""LoRAs for other models: told apart by their layers' names, and by a width where two families share the names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from fluxdiag.blocks import DOUBLE_BLOCKS, SINGLE_BLOCKS
from fluxdiag.errors import WrongFamily

Shapes = Mapping[str, tuple[int, ...]]

UNET = re.compile(r"(^|[._])(down_blocks|up_blocks|mid_block|input_blocks|output_blocks|middle_block)[._]")
CROSS_ATTENTION = re.compile(r"attn2[._]to_k\.\S*(lora_A|lora_down|lora\.down|\.down|hada_w1_b)\b")
UNET_BY_WIDTH = {768: "Stable Diffusion 1.5", 1024: "Stable Diffusion 2", 1280: "Stable Cascade", 2048: "SDXL"}
"""width of the text embedding that cross-attention reads"""

BY_NAME = (
    (r"joint_blocks[._]\d", "Stable Diffusion 3"),
    (r"to_qkv_mlp_proj|(double|single)_stream_modulation", "FLUX.2"),
    (r"distilled_guidance_layer", "Chroma"),
    (r"transformer_blocks[._]\d+[._](img_mlp[._]net|txt_mlp[._]net|img_mod[._]1|txt_mod[._]1)\b", "Qwen-Image"),
    (r"(double|single)_blocks\.\d+\.(img_attn_qkv|txt_attn_qkv|img_attn_proj)", "HunyuanVideo"),
    (r"(^|\.|lora_unet_)blocks[._]\d+[._](self_attn|cross_attn|adaln_modulation|attn[._]to_out)", "Wan, Anima or Krea"),
    (r"(^|\.|lora_unet_)layers[._]\d+[._](attention|feed_forward)", "Z-Image or Lumina"),
    (r"joint_transformer_blocks|single_transformer_layers", "AuraFlow"),
    (r"transformer_blocks[._]\d+[._](attn1|attn2)[._]", "PixArt, LTX-Video or another text-to-video model"),
    (r"^lora_te2_text_model|^text_encoder_2\.text_model\.", "SDXL"),
)
SD3_WIDTHS = frozenset({1536, 2432})
FLUX2_WIDENING = 9
"""rows of a fused `linear1` per column: FLUX.1 has 3 + 4, FLUX.2 3 + 6 (its gated MLP)"""


FLUX2_WIDTH = 6144
"""of the stream that FLUX.2 [dev]'s attention reads; FLUX.1's is 3072 wide, FLUX.2 [klein]'s 3072 and more"""


def refuse_other_families(path: Path, shapes: Shapes) -> None:
    """Raises WrongFamily, naming the model that the LoRA is for."""
    family = family_of(shapes)
    if family is not None:
        raise WrongFamily(f"this LoRA is for {family}, not FLUX.1", where=str(path), do="Give a LoRA trained on FLUX.1 [dev]")


def family_of(shapes: Shapes) -> str | None:
    """The other model that the layers belong to, or None: FLUX.1, or nothing known."""
    if any(UNET.search(key) for key in shapes):
        return _unet(shapes)
    for pattern, family in BY_NAME:
        if any(re.search(pattern, key) for key in shapes):
            return family
    return _by_shape(shapes)


def _unet(shapes: Shapes) -> str:
    """Only the width of the text embedding parts the Stable Diffusions; the names serve where it was not adapted."""
    widths = {shape[-1] for key, shape in shapes.items() if shape and CROSS_ATTENTION.search(key)}
    for width in sorted(widths & UNET_BY_WIDTH.keys(), reverse=True):
        return UNET_BY_WIDTH[width]
    if any(re.search(r"(input|output)_blocks|lora_te2_|text_encoder_2", key) for key in shapes):
        return "SDXL"
    return "Stable Diffusion"


def _by_shape(shapes: Shapes) -> str | None:
    double, single = (_blocks(shapes, names) for names in (r"(?<!single_)transformer_blocks", r"single_\w*blocks"))
    widths = {shape[-1] for key, shape in shapes.items() if re.search(r"attn[._]to_q\.\S*(lora_A|lora_down)", key) and shape}
    if double and not single and widths & SD3_WIDTHS:
        return "Stable Diffusion 3"
    if double > DOUBLE_BLOCKS and not single:  # Qwen-Image has 60 double ones and no single one, FLUX.2 48 single ones
        return "Qwen-Image or Stable Diffusion 3"
    return "FLUX.2" if single > SINGLE_BLOCKS or _widening(shapes) == FLUX2_WIDENING or _read(shapes) == FLUX2_WIDTH else None


def _read(shapes: Shapes) -> int | None:
    """How wide a stream the first fused `qkv` reads."""
    key = next((key for key in shapes if re.search(r"(img|txt)_attn[._]qkv\.(lora_A|lora_down)", key)), None)
    return None if key is None or not shapes[key] else shapes[key][-1]


def _blocks(shapes: Shapes, names: str) -> int:
    """How many blocks of this kind there must be: the highest number in a key, and one."""
    found = [re.search(rf"{names}[._](\d+)[._]", key) for key in shapes]
    return max((int(number[1]) + 1 for number in found if number), default=0)


def _widening(shapes: Shapes) -> float | None:
    """Rows over columns of the first fused `linear1`."""
    for key, shape in shapes.items():
        if re.search(r"single_blocks[._]\d+[._]linear1\.(lora_A|lora_down)", key):
            up = key.replace("lora_A", "lora_B").replace("lora_down", "lora_up")
            return shapes[up][0] / shape[-1] if len(shapes.get(up, ())) == 2 and shape[-1] else None
    return None
