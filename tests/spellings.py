"""Every dialect of a LoRA for the tiny transformer of `tiny.py`, with the change that it means worked out beside it.

Nothing of fluxdiag is used here: names, shapes and formulas are written down a second time, in float64.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

H, RANK = 16, 2
Tensors = dict[str, np.ndarray]
Parts = list[tuple[str, int]]


def _parts(block: str, *names: str) -> Parts:
    return [(f"{block}.{name}", H) for name in names]


D, S = "transformer_blocks.0", "single_transformer_blocks.0"
# name by Black Forest Labs -> (columns, diffusers' parts with their rows)
BLOCKS: dict[str, tuple[int, Parts]] = {
    "double_blocks.0.img_attn.qkv": (H, _parts(D, "attn.to_q", "attn.to_k", "attn.to_v")),
    "double_blocks.0.img_attn.proj": (H, _parts(D, "attn.to_out.0")),
    "double_blocks.0.txt_attn.qkv": (H, _parts(D, "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj")),
    "double_blocks.0.txt_attn.proj": (H, _parts(D, "attn.to_add_out")),
    "double_blocks.0.img_mlp.0": (H, [(f"{D}.ff.net.0.proj", 4 * H)]),
    "double_blocks.0.img_mlp.2": (4 * H, [(f"{D}.ff.net.2", H)]),
    "double_blocks.0.txt_mlp.0": (H, [(f"{D}.ff_context.net.0.proj", 4 * H)]),
    "double_blocks.0.txt_mlp.2": (4 * H, [(f"{D}.ff_context.net.2", H)]),
    "double_blocks.0.img_mod.lin": (H, [(f"{D}.norm1.linear", 6 * H)]),
    "double_blocks.0.txt_mod.lin": (H, [(f"{D}.norm1_context.linear", 6 * H)]),
    "single_blocks.0.linear1": (H, [*_parts(S, "attn.to_q", "attn.to_k", "attn.to_v"), (f"{S}.proj_mlp", 4 * H)]),
    "single_blocks.0.linear2": (5 * H, [(f"{S}.proj_out", H)]),
    "single_blocks.0.modulation.lin": (H, [(f"{S}.norm.linear", 3 * H)]),
}
EMBEDDED = "time_text_embed"
OUTSIDE: dict[str, tuple[int, Parts]] = {
    "img_in": (16, [("x_embedder", H)]),
    "txt_in": (12, [("context_embedder", H)]),
    "time_in.in_layer": (256, [(f"{EMBEDDED}.timestep_embedder.linear_1", H)]),
    "time_in.out_layer": (H, [(f"{EMBEDDED}.timestep_embedder.linear_2", H)]),
    "vector_in.in_layer": (6, [(f"{EMBEDDED}.text_embedder.linear_1", H)]),
    "vector_in.out_layer": (H, [(f"{EMBEDDED}.text_embedder.linear_2", H)]),
    "guidance_in.in_layer": (256, [(f"{EMBEDDED}.guidance_embedder.linear_1", H)]),
    "guidance_in.out_layer": (H, [(f"{EMBEDDED}.guidance_embedder.linear_2", H)]),
    "final_layer.linear": (H, [("proj_out", 16)]),
    "final_layer.adaLN_modulation.1": (H, [("norm_out.linear", 2 * H)]),
}


@dataclass
class Change:
    """Of one layer: what is added to the weights, DoRA's lengths, what is added to the bias."""

    weight: np.ndarray
    magnitude: np.ndarray | None = None
    """(out, 1) or (1, in)"""
    bias: np.ndarray | None = None

    def of(self, base: np.ndarray, strength: float) -> np.ndarray:
        """W' - W."""
        changed = base + strength * self.weight
        if self.magnitude is None:
            return strength * self.weight
        lengths = np.sqrt((changed**2).sum(axis=1 if self.magnitude.shape[1] == 1 else 0, keepdims=True))
        return self.magnitude * changed / lengths - base


@dataclass
class Written:
    """What a file holds, and what it means by diffusers' path."""

    tensors: Tensors = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)


Form = Callable[[np.random.Generator, int, int], tuple[Tensors, Change]]


def _random(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return (0.4 * rng.standard_normal(shape)).astype(np.float32)


def _product(*factors: np.ndarray) -> np.ndarray:
    return np.linalg.multi_dot([np.asarray(factor, np.float64) for factor in factors])


def lora(down: str = "lora_A.weight", up: str = "lora_B.weight", alpha: float | None = None, square: bool = False) -> Form:
    def made(rng: np.random.Generator, rows: int, columns: int) -> tuple[Tensors, Change]:
        a, b = _random(rng, RANK, columns), _random(rng, rows, RANK)
        tensors = {down: a[..., None, None] if square else a, up: b[..., None, None] if square else b}
        scale = 1.0 if alpha is None else alpha / RANK
        return tensors | ({} if alpha is None else {"alpha": np.array(alpha, np.float32)}), Change(scale * _product(b, a))

    return made


KOHYA = lora("lora_down.weight", "lora_up.weight", alpha=1.5)


def loha(rng: np.random.Generator, rows: int, columns: int) -> tuple[Tensors, Change]:
    names = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")
    shapes = ((rows, RANK), (RANK, columns)) * 2
    a, b, c, d = arrays = [_random(rng, *shape) for shape in shapes]
    change = 0.5 * _product(a, b) * _product(c, d)
    return dict(zip(names, arrays, strict=True)) | {"alpha": np.array(1.0, np.float32)}, Change(change)


def lokr(left_factored: bool, right_factored: bool, height: int = 2) -> Form:
    def made(rng: np.random.Generator, rows: int, columns: int) -> tuple[Tensors, Change]:
        tensors: Tensors = {"alpha": np.array(1.0, np.float32)}
        factors = []
        wide = 2 if columns % 2 == 0 else 1
        sides = (("lokr_w1", height, wide, left_factored), ("lokr_w2", rows // height, columns // wide, right_factored))
        for name, out, into, factored in sides:
            if factored:
                pair = {f"{name}_a": _random(rng, out, RANK), f"{name}_b": _random(rng, RANK, into)}
                tensors |= pair
                factors.append(_product(*pair.values()))
            else:
                tensors[name] = _random(rng, out, into)
                factors.append(tensors[name].astype(np.float64))
        scale = 1.0 / RANK if left_factored or right_factored else 1.0
        return tensors, Change(scale * np.kron(*factors))

    return made


def full(rng: np.random.Generator, rows: int, columns: int) -> tuple[Tensors, Change]:
    weight, bias = _random(rng, rows, columns), _random(rng, rows)
    return {"diff": weight, "diff_b": bias}, Change(weight.astype(np.float64), bias=bias.astype(np.float64))


def biased(rng: np.random.Generator, rows: int, columns: int) -> tuple[Tensors, Change]:
    """peft's lora_bias: the scale is that of the matrices."""
    tensors, change = lora(alpha=1.0)(rng, rows, columns)
    bias = _random(rng, rows)
    return tensors | {"lora_B.bias": bias}, Change(change.weight, bias=0.5 * bias.astype(np.float64))


def dora(form: Form, name: str, axis: str, flat: bool = False) -> Form:
    def made(rng: np.random.Generator, rows: int, columns: int) -> tuple[Tensors, Change]:
        tensors, change = form(rng, rows, columns)
        shape = (rows, 1) if axis == "out" else (1, columns)
        lengths = (1 + rng.random(shape)).astype(np.float32)
        change = Change(change.weight, lengths.astype(np.float64))
        return tensors | {name: lengths.ravel() if flat else lengths}, change

    return made


def fused(prefix: str, form: Form, layers: dict[str, tuple[int, Parts]], spelt: Callable[[str], str] = str) -> Written:
    """Black Forest Labs' layers."""
    written = Written()
    for number, (name, (columns, parts)) in enumerate(layers.items()):
        tensors, change = form(np.random.default_rng(number), sum(rows for _, rows in parts), columns)
        _add(written, f"{prefix}{spelt(name)}", tensors)
        if name == "final_layer.adaLN_modulation.1":
            change = _rolled(change)
        start = 0
        for path, rows in parts:
            written.changes[path] = _cut(change, start, start + rows)
            start += rows
    return written


def single(prefix: str, form: Form, layers: dict[str, tuple[int, Parts]], spelt: Callable[[str], str] = str) -> Written:
    """diffusers' layers."""
    apart = {path: (columns, [(path, rows)]) for columns, parts in layers.values() for path, rows in parts}
    return fused(prefix, form, apart, spelt)


def _add(written: Written, layer: str, tensors: Tensors) -> None:
    written.tensors |= {f"{layer}.{suffix}": array for suffix, array in tensors.items()}


def _cut(change: Change, start: int, stop: int) -> Change:
    out = change.magnitude is not None and change.magnitude.shape[1] == 1
    lengths = change.magnitude[start:stop] if out else change.magnitude
    return Change(change.weight[start:stop], lengths, None if change.bias is None else change.bias[start:stop])


def _rolled(change: Change) -> Change:
    """Shift and scale the other way round."""
    moved = [None if array is None else np.concatenate([array[H:], array[:H]]) for array in (change.weight, change.bias)]
    assert change.magnitude is None or change.magnitude.shape[1] == 1
    lengths = None if change.magnitude is None else np.concatenate([change.magnitude[H:], change.magnitude[:H]])
    return Change(moved[0], lengths, moved[1])


def _flat(name: str) -> str:
    return name.replace(".", "_")


def _numbered(number: int, parts: int, name: str) -> str:
    return f"{name}.{number}" if parts > 1 else name


def split_bfl() -> Written:
    """OneTrainer: the parts of a fused layer are layers with a number."""
    written = Written()
    for name, (columns, parts) in BLOCKS.items():
        for number, (path, rows) in enumerate(parts):
            tensors, change = lora(alpha=1.0)(np.random.default_rng([number, len(name)]), rows, columns)
            _add(written, f"transformer.{_numbered(number, len(parts), name)}", tensors)
            written.changes[path] = change
    return written


def split_qkv() -> Written:
    """kohya: each part trained alone, saved as one block-diagonal LoRA with the alpha of one part."""
    written = Written()
    for name in ("double_blocks.0.img_attn.qkv", "single_blocks.0.linear1"):
        columns, parts = BLOCKS[name]
        rng = np.random.default_rng(len(name))
        down = _random(rng, RANK * len(parts), columns)
        up = np.zeros((sum(rows for _, rows in parts), len(down)), np.float32)
        start = 0
        for number, (path, rows) in enumerate(parts):
            own = slice(number * RANK, (number + 1) * RANK)
            up[start : start + rows, own] = _random(rng, rows, RANK)
            written.changes[path] = Change(1.5 / len(down) * _product(up[start : start + rows], down))
            start += rows
        tensors = {"lora_down.weight": down, "lora_up.weight": up, "alpha": np.array(1.5, np.float32)}
        _add(written, f"lora_unet_{_flat(name)}", tensors)
    return written


XLABS = {
    "double_blocks.0.processor.qkv_lora1": BLOCKS["double_blocks.0.img_attn.qkv"],
    "double_blocks.0.processor.qkv_lora2": BLOCKS["double_blocks.0.txt_attn.qkv"],
    "double_blocks.0.processor.proj_lora1": BLOCKS["double_blocks.0.img_attn.proj"],
    "double_blocks.0.processor.proj_lora2": BLOCKS["double_blocks.0.txt_attn.proj"],
    "single_blocks.0.processor.qkv_lora": (H, _parts(S, "attn.to_q", "attn.to_k", "attn.to_v")),
    "single_blocks.0.processor.proj_lora": BLOCKS["single_blocks.0.linear2"],
}
ALL = BLOCKS | OUTSIDE
DEFAULT = lora("lora_A.default.weight", "lora_B.default.weight")
PARTIAL = {name: layer for name, layer in ALL.items() if "mod" not in name}

DIALECTS: dict[str, Callable[[], Written]] = {
    "diffusers": lambda: single("transformer.", lora(), ALL),
    "diffusers, adapter's name": lambda: single("transformer.", DEFAULT, ALL),
    "diffusers with alpha": lambda: single("transformer.", lora(alpha=1.0), BLOCKS),
    "diffusers, lora_down with alpha": lambda: single("transformer.", KOHYA, BLOCKS),
    "diffusers, lora.down": lambda: single("transformer.", lora("lora.down.weight", "lora.up.weight"), BLOCKS),
    "diffusers, lora_linear_layer": lambda: single(
        "transformer.", lora("lora_linear_layer.down.weight", "lora_linear_layer.up.weight"), BLOCKS
    ),
    "diffusers with biases": lambda: single("transformer.", biased, ALL),
    "kohya": lambda: fused("lora_unet_", KOHYA, BLOCKS, _flat),
    "kohya with in and out layers": lambda: fused("lora_unet_", KOHYA, ALL, _flat),
    "kohya, split_qkv": split_qkv,
    "kohya, LoCon": lambda: fused("lora_unet_", lora("lora_down.weight", "lora_up.weight", 1.0, square=True), BLOCKS, _flat),
    "ComfyUI": lambda: fused("diffusion_model.", lora(), ALL),
    "ComfyUI with alpha": lambda: fused("diffusion_model.", KOHYA, BLOCKS),
    "ComfyUI, linear1_qkv": lambda: fused(
        "diffusion_model.", KOHYA, {"single_blocks.0.linear1_qkv": XLABS["single_blocks.0.processor.qkv_lora"]}
    ),
    "model.diffusion_model": lambda: fused("model.diffusion_model.", lora(), BLOCKS),
    "Black Forest Labs, bare": lambda: fused("", lora(), ALL),
    "unet, diffusers' names": lambda: single("unet.", lora(), BLOCKS),
    "XLabs": lambda: fused("", lora("down.weight", "up.weight"), XLABS),
    "OneTrainer, legacy": lambda: single("lora_transformer_", KOHYA, ALL, _flat),
    "OneTrainer, original": lambda: fused("", lora(alpha=1.0), ALL),
    "OneTrainer, ComfyUI": lambda: fused("diffusion_model.", lora(alpha=1.0), ALL),
    "OneTrainer, parts of fused layers": split_bfl,
    "Fal Kontext": lambda: fused("base_model.model.", lora(), ALL),
    "Fal Kontext, partial": lambda: fused("base_model.model.", lora(), PARTIAL),
    "peft": lambda: single("base_model.model.", lora(), BLOCKS),
    "peft of a pipeline": lambda: single("base_model.model.transformer.", lora(), BLOCKS),
    "peft inside": lambda: single("transformer.base_model.model.", lora(), BLOCKS),
    "DiffSynth": lambda: single("", DEFAULT, ALL),
    "LyCORIS, LoKr of whole factors": lambda: single("lycoris_", lokr(False, False), ALL, _flat),
    "kohya, LoKr, right factored": lambda: fused("lora_unet_", lokr(False, True), ALL, _flat),
    # the parts of qkv end inside a block of the Kronecker product
    "kohya, LoKr, both factored": lambda: fused("lora_unet_", lokr(True, True), BLOCKS, _flat),
    "ai-toolkit, LoKr": lambda: single("transformer.", lokr(False, False), BLOCKS),
    "Black Forest Labs, LoKr": lambda: fused("diffusion_model.", lokr(True, False), ALL),
    "kohya, LoHa": lambda: fused("lora_unet_", loha, ALL, _flat),
    "LyCORIS, LoHa": lambda: single("lycoris_", loha, BLOCKS, _flat),
    "full differences": lambda: fused("diffusion_model.", full, ALL),
    "kohya, DoRA": lambda: fused("lora_unet_", dora(KOHYA, "dora_scale", "out"), ALL, _flat),
    "kohya, DoRA of LoHa": lambda: fused("lora_unet_", dora(loha, "dora_scale", "out"), BLOCKS, _flat),
    "LyCORIS, DoRA of LoKr": lambda: single("lycoris_", dora(lokr(False, True), "dora_scale", "out"), BLOCKS, _flat),
    "OneTrainer, DoRA of the inputs": lambda: single("lora_transformer_", dora(KOHYA, "dora_scale", "in"), ALL, _flat),
    "peft, DoRA": lambda: single("transformer.", dora(lora(), "lora_magnitude_vector", "out", flat=True), ALL),
    "peft, DoRA, adapter's name": lambda: single(
        "base_model.model.", dora(DEFAULT, "lora_magnitude_vector.default.weight", "out", flat=True), BLOCKS
    ),
    "ai-toolkit, DoRA": lambda: single("transformer.", dora(lora(), "magnitude", "out", flat=True), BLOCKS),
}
