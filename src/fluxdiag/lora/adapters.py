"""Suffixes: which tensors belong to one adapted layer. What is no plain LoRA is refused by name, never half-read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fluxdiag.errors import UnreadableLora

DOWN = r"lora_A|lora_down|lora\.down|lora_linear_layer\.down"
UP = r"lora_B|lora_up|lora\.up|lora_linear_layer\.up"
# peft may put the adapter's name before `weight`: `.lora_A.default.weight`.
PAIR = re.compile(rf"(?P<layer>.+)\.(?:(?P<down>{DOWN})|(?P<up>{UP}))(?:\.(?P<adapter>[^.]+))?\.weight")
ALPHA = re.compile(r"(?P<layer>.+)\.alpha")

OTHER_FORMS = (
    (r"\.lokr_", "LoKr"),
    (r"\.hada_", "LoHa"),
    (r"\.(dora_scale|lora_magnitude_vector(\.weight)?|magnitude)$", "DoRA"),
    (r"(query|key)_norm\.scale$|\.lora_B\.bias$", "a control LoRA of Black Forest Labs"),
    (r"\.processor\.\w+_lora\d?\.", "an XLabs LoRA"),
    (r"\.(oft_blocks|oft_diag|oft_R)\b", "OFT or BOFT"),
    (r"\.lora_mid\.", "LoCon with Tucker decomposition"),
    (r"\.(diff|diff_b|w_norm|b_norm)$", "full weight differences"),
    (r"\.(a1|a2|b1|b2|bm)\.weight$", "GLoRA"),
)


@dataclass
class Layer:
    """The names of one layer's tensors; the dialects have not looked at it yet."""

    down: str | None = None
    up: str | None = None
    alpha: str | None = None
    adapters: set[str] = field(default_factory=set)


def group(path: Path, keys: Iterable[str]) -> tuple[dict[str, Layer], tuple[str, ...]]:
    """{layer as the file calls it: its tensors}, and the keys that belong to no layer. Raises UnreadableLora for other forms."""
    keys = sorted(keys)
    _refuse_other_forms(path, keys)
    layers: dict[str, Layer] = {}
    strays = []
    for key in keys:
        if found := PAIR.fullmatch(key):
            layer = layers.setdefault(found["layer"], Layer())
            layer.adapters.add(found["adapter"] or "")
            layer.down, layer.up = (key, layer.up) if found["down"] else (layer.down, key)
        elif found := ALPHA.fullmatch(key):
            layers.setdefault(found["layer"], Layer()).alpha = key
        else:
            strays.append(key)
    _refuse_several(path, layers)
    return layers, tuple(strays)


def _refuse_other_forms(path: Path, keys: list[str]) -> None:
    for pattern, name in OTHER_FORMS:
        found = next((key for key in keys if re.search(pattern, key)), None)
        if found is not None:
            what = f"this is {name} (it holds {found!r}), which fluxdiag does not read yet"
            raise UnreadableLora(what, where=str(path), do="Convert it to a plain LoRA with the program that made it")


def _refuse_several(path: Path, layers: dict[str, Layer]) -> None:
    names = {name for layer in layers.values() for name in layer.adapters}
    if len(names) > 1:
        what = f"it holds several adapters ({', '.join(sorted(name or 'unnamed' for name in names))})"
        raise UnreadableLora(what, where=str(path), do="Save the one to be diagnosed into a file of its own")
