"""Suffixes: which tensors belong to one adapted layer, and what each is. What is not read is refused or listed by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fluxdiag.errors import UnreadableLora
from fluxdiag.lora.container import shown

DOWN = r"lora_A|lora_down|lora\.down|lora_linear_layer\.down"
UP = r"lora_B|lora_up|lora\.up|lora_linear_layer\.up"
# peft may put the adapter's name before `weight`: `.lora_A.default.weight`.
ADAPTER = r"(?:\.(?P<adapter>(?!weight$|bias$)[^.]+))?"

ROLES = tuple(
    (re.compile(pattern), role)
    for pattern, role in (
        (rf"(?P<layer>.+)\.(?:{DOWN}){ADAPTER}\.weight", "down"),
        (rf"(?P<layer>.+)\.(?:{UP}){ADAPTER}\.weight", "up"),
        (rf"(?P<layer>.+)\.(?:{UP}){ADAPTER}\.bias", "up_bias"),
        (r"(?P<layer>.+\.processor\.\w+_lora\d?)\.(?P<role>down|up)\.weight", ""),  # XLabs
        (r"(?P<layer>.+)\.alpha", "alpha"),
        (rf"(?P<layer>.+)\.(?:dora_scale|magnitude|lora_magnitude_vector{ADAPTER}(?:\.weight)?)", "magnitude"),
        (r"(?P<layer>.+)\.(?P<role>hada_w[12]_[ab]|lokr_w[12](?:_[ab])?|diff|diff_b)", ""),
    )
)
"""key -> layer and what the tensor is to it; an empty role is the one that the pattern finds"""

BESIDE_MATRICES = ((r"(query|key)_norm\.scale$", "a control LoRA of Black Forest Labs"),)
"""told by tensors that a whole model has, too: only where there are a LoRA's matrices beside them"""
OTHER_FORMS = (
    (r"\.(oft_|boft_)\w+", "OFT or BOFT"),
    (r"\.(lora_mid\.weight|hada_t[12]|lokr_t2)$", "LyCORIS with Tucker decomposition, which only convolutions have"),
    (r"\.(a1|a2|b1|b2|bm)\.weight$", "GLoRA"),
    (r"\.(on_input|ia3_l)$", "IA3"),
    (r"\.vera_lambda_[bd]$", "VeRA"),
)
NO_LAYERS = (
    (r"^bundle_emb\.|(^|\.)(emb_params|string_to_param.*)$", "trained embeddings"),
    # but for the linear layer behind each: `norm1_linear` is one of FLUX.1's that are adapted
    (r"\.(w_norm|b_norm)$|norm(?!\w*_linear)\w*(\.(scale|weight))?\.(diff|diff_b)$", "changes of normalisation layers"),
)


@dataclass
class Layer:
    """The names of one layer's tensors by what they are; the dialects have not looked at it yet."""

    keys: dict[str, str] = field(default_factory=dict)
    adapters: set[str] = field(default_factory=set)


def group(path: Path, keys: Iterable[str]) -> tuple[dict[str, Layer], dict[str, str]]:
    """{layer as the file calls it: its tensors}, and {key that belongs to no layer: what it is}.

    Raises UnreadableLora for forms that are not read.
    """
    keys = sorted(keys)
    _refuse_other_forms(path, keys)
    layers: dict[str, Layer] = {}
    strays = {}
    for key in keys:
        kind = next((name for pattern, name in NO_LAYERS if re.search(pattern, key)), None)
        if kind is not None or not _add(path, layers, key):
            strays[key] = kind or "tensors that belong to no adapted layer"
    _refuse_several(path, layers)
    return layers, strays


def _add(path: Path, layers: dict[str, Layer], key: str) -> bool:
    """Whether the key is one of a layer's tensors; it is its layer's then."""
    for pattern, role in ROLES:
        if found := pattern.fullmatch(key):
            layer = layers.setdefault(found["layer"], Layer())
            adapter = found.groupdict().get("adapter")
            if role in ("down", "up"):
                layer.adapters.add(adapter or "")
            _refuse_twice(path, layer, role or found["role"], key, adapter)
            return True
    return False


def _refuse_twice(path: Path, layer: Layer, role: str, key: str, adapter: str | None) -> None:
    """One tensor of a kind a layer; of several adapters the first is kept until they are refused together."""
    before = layer.keys.setdefault(role, key)
    if before != key and len(layer.adapters) < 2:
        what = f"it holds the same matrix of a layer twice: {shown(before)} and {shown(key)}"
        raise UnreadableLora(what, where=str(path), do="Convert it with the program that made it")


def _refuse_other_forms(path: Path, keys: list[str]) -> None:
    adapted = any(re.search(rf"\.({DOWN}|{UP})\b", key) for key in keys)
    for pattern, name in (*(BESIDE_MATRICES if adapted else ()), *OTHER_FORMS):
        found = next((key for key in keys if re.search(pattern, key)), None)
        if found is not None:
            what = f"this is {name} (it holds {shown(found)}), which fluxdiag does not read"
            raise UnreadableLora(what, where=str(path), do="Convert it to a plain LoRA with the program that made it")


def _refuse_several(path: Path, layers: dict[str, Layer]) -> None:
    names = sorted({name or "unnamed" for layer in layers.values() for name in layer.adapters})
    if len(names) > 1:
        what = f"it holds {len(names)} adapters ({', '.join(name[:40] for name in names[:5])})"
        raise UnreadableLora(what, where=str(path), do="Save the one to be diagnosed into a file of its own")
