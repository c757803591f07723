"""LoHa, LoKr and full differences into kohya's dialect, which has names for them: tensor by tensor as the file has them.

A layer that lies in the file as kohya cuts it keeps its form under kohya's name. Where the parts of a fused layer were trained
apart there is no such layer; LyCORIS' own spelling, `lycoris_` before diffusers' names, has room for each part then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from fluxdiag.lora.container import Container
from fluxdiag.lora.dtypes import Floats, exact
from fluxdiag.lora.fuse import ENCODERS, place_of
from fluxdiag.lora.model import LoraModule, Origin
from fluxdiag.lora.names import swaps_halves
from fluxdiag.lora.storage import Tensor, tensor

OTHERWISE = "lycoris_"
SUFFIXES = {"magnitude": "dora_scale"}
"""of what is not called in the file as it is here"""
SCALED = ("lokr_w1", "diff", "diff_b")
"""what takes a factor that alpha cannot"""


def is_lycoris(module: LoraModule) -> bool:
    """Told by the names of its tensors, without reading them."""
    return module.origin is not None and "down" not in module.origin.keys


def kohya_name(group: Sequence[LoraModule]) -> str | None:
    """What kohya calls the layer of the file that the group is; None where the file has no such layer."""
    origin, path = group[0].origin, group[0].path
    if origin is None or origin.paths != tuple(module.path for module in in_order(group)):
        return None
    if encoder := next((prefix for prefix in ENCODERS if path.startswith(prefix)), None):
        return ENCODERS[encoder] + path.removeprefix(encoder).replace(".", "_")
    place = place_of(path)
    swapped = path.endswith("norm_out.linear") and not swaps_halves(origin.name)
    return None if place is None or place.parts != len(group) or swapped else place.name


def lycoris_name(group: Sequence[LoraModule]) -> str | None:
    """In LyCORIS' own spelling: a layer of diffusers that is one in the file, too."""
    origin, path = group[0].origin, group[0].path
    if origin is None or len(origin.paths) > 1 or swaps_halves(origin.name):
        return None
    return respelt(path) if path.startswith("transformer.") else kohya_name(group)


def respelt(path: str) -> str:
    return OTHERWISE + path.removeprefix("transformer.").replace(".", "_")


def in_order(group: Sequence[LoraModule]) -> list[LoraModule]:
    """As the file has the parts, where they are those of one of its layers."""
    paths = group[0].origin.paths if group[0].origin else ()
    return sorted(group, key=lambda module: paths.index(module.path) if module.path in paths else len(paths))


def as_they_are(source: Container, name: str, module: LoraModule) -> Iterator[Tensor]:
    """The layer's tensors under another name, bit by bit but for what an edit has scaled."""
    origin = module.origin
    assert origin is not None
    for role, key in origin.keys.items():
        entry = source.entries[key]
        if role != "alpha" or origin.factor == 1 or not origin.by_alpha:
            shape = _shape(role, entry.shape)
            content = source.data[entry.begin : entry.end]
            same = Tensor(f"{name}.{SUFFIXES.get(role, role)}", shape, entry.dtype, content)
            yield same if not _takes_factor(origin, role) else _times(same, source.tensor(key), origin.factor)
    if origin.factor != 1 and origin.by_alpha:
        value = np.asarray(module.alpha, np.float32)
        yield tensor(f"{name}.alpha", value, "F32")


def _takes_factor(origin: Origin, role: str) -> bool:
    return origin.factor != 1 and role in SCALED and (role == "diff_b" or not origin.by_alpha)


def _times(old: Tensor, array: Floats, factor: float) -> Tensor:
    """In float32 where the file's own type would round."""
    product = array * np.float32(factor)
    return tensor(old.name, product.reshape(old.shape), old.dtype if exact(product, old.dtype) else "F32")


def _shape(role: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """LyCORIS knows a length for each output by its two sides."""
    return (*shape, 1) if role == "magnitude" and len(shape) == 1 else shape
