"""The shapes of FLUX.1's layers, as multiples of its width. A file of another width is checked for being in proportion.

The laboratory and other miniatures have FLUX.1's layers at a smaller width; the base itself decides when it is loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fluxdiag.blocks import block_of
from fluxdiag.lora.names import ATTENTION

Shape = tuple[int, int]

WIDTH = 3072
SIDES = {"latent": 64, "t5": 4096, "clip": 768, "sinusoid": 256}
"""of FLUX.1 [dev]; a miniature has its own"""
LONGEST_SIDE = 32768
"""of any layer, text encoders included"""

_SQUARE = (*ATTENTION, "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj", "attn.to_out.0", "attn.to_add_out")
_EMBEDDERS = {"timestep_embedder": "sinusoid", "guidance_embedder": "sinusoid", "text_embedder": "clip"}

DOUBLE: dict[str, tuple[int | str, int | str]] = {
    **dict.fromkeys(_SQUARE, (1, 1)),
    **dict.fromkeys(("ff.net.0.proj", "ff_context.net.0.proj"), (4, 1)),
    **dict.fromkeys(("ff.net.2", "ff_context.net.2"), (1, 4)),
    **dict.fromkeys(("norm1.linear", "norm1_context.linear"), (6, 1)),
}
SINGLE: dict[str, tuple[int | str, int | str]] = {
    **dict.fromkeys(ATTENTION, (1, 1)),
    "proj_mlp": (4, 1),
    "proj_out": (1, 5),
    "norm.linear": (3, 1),
}
OUTSIDE: dict[str, tuple[int | str, int | str]] = {
    "x_embedder": (1, "latent"),
    "context_embedder": (1, "t5"),
    "proj_out": ("latent", 1),
    "norm_out.linear": (2, 1),
    **{f"time_text_embed.{name}.linear_1": (1, side) for name, side in _EMBEDDERS.items()},
    **{f"time_text_embed.{name}.linear_2": (1, 1) for name in _EMBEDDERS},
}
"""(out, in): multiples of the width, or sizes by name"""


def width_of(layers: Iterable[tuple[str, Shape]]) -> int | None:
    """The width that most layers of the transformer agree on; None where no layer is in proportion."""
    found = Counter(width for path, shape in layers if (width := _width(path, shape)) is not None)
    return min(found, key=lambda width: (-found[width], width)) if found else None


def misfit(path: str, shape: Shape, width: int | None) -> str | None:
    """Why a layer of the transformer cannot be one of FLUX.1 at this width; None where it can."""
    if width is None:
        return f"its shape is {_text(shape)}, which no width of FLUX.1 gives"
    expected = [_side(side, width) for side in _sides(path)]
    if any(side not in (None, own) for side, own in zip(expected, shape, strict=True)):
        return f"its shape is {_text(shape)}, FLUX.1's is {_text(expected)} at width {width}"
    return f"its shape is {_text(shape)}, which is wider than FLUX.1" if width > WIDTH or max(shape) > LONGEST_SIDE else None


def _width(path: str, shape: Shape) -> int | None:
    """The width that this layer's shape means, if both its sides mean the same."""
    multiples = [(length, side) for length, side in zip(shape, _sides(path), strict=True) if isinstance(side, int)]
    widths = {length / side for length, side in multiples}
    only = widths.pop() if len(widths) == 1 else 0
    return int(only) if only >= 1 and only == int(only) else None


def _side(side: int | str, width: int) -> int | None:
    """None: any length will do."""
    if isinstance(side, int):
        return side * width
    return SIDES[side] if width == WIDTH else None


def _sides(path: str) -> tuple[int | str, int | str]:
    """(out, in) of a layer by its path, which must be one that the names know."""
    block = block_of(path)
    if block is None:
        return OUTSIDE[path.removeprefix("transformer.")]
    return (SINGLE if block.single else DOUBLE)[block.layer]


def _text(shape: Iterable[int | None]) -> str:
    return " x ".join("any" if side is None else str(side) for side in shape)
