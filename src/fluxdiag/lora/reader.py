"""read_lora: a file in whatever dialect -> un-fused layers under diffusers' names, with alpha / rank folded in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fluxdiag.errors import UnreadableLora
from fluxdiag.lora.adapters import Layer, group
from fluxdiag.lora.beside import adapter_config
from fluxdiag.lora.container import SIZES, Container, Floats, open_container
from fluxdiag.lora.dialects import Dialect, dialect_of
from fluxdiag.lora.families import refuse_other_families
from fluxdiag.lora.header import json_object, trainer_of
from fluxdiag.lora.model import Lora, LoraModule
from fluxdiag.lora.names import swaps_halves, text_encoder
from fluxdiag.lora.settings import contradictions
from fluxdiag.lora.unfuse import config_alpha, swapped_halves, unfused
from fluxdiag.runs import sha256_file

ANOTHER = "Use another checkpoint of this training"


def read_lora(path: Path) -> Lora:
    """Raises UnreadableLora for what is no plain LoRA in a safetensors file, WrongFamily for one of another model."""
    container = open_container(path)
    refuse_other_families(path, {name: entry.shape for name, entry in container.entries.items()})
    layers, strays = group(path, container.entries)
    dialect = dialect_of(layers)
    if dialect is None:
        raise UnreadableLora(_nothing_known(layers, strays), where=str(path), do="Give a LoRA trained on FLUX.1 [dev]")
    whole = {name: layer for name, layer in layers.items() if _whole(container, layer)}
    modules, unknown = _modules(container, dialect, whole)
    transformer = {name: module for name, module in modules.items() if name.startswith("transformer.")}
    _refuse_nothing_and_nonsense(path, transformer, modules)
    ignored = (
        _ignored("tensors that belong to no adapted layer", strays),
        _ignored("layers that lack a half or are misshapen", sorted(layers.keys() - whole.keys())),
        _ignored("layers that FLUX.1 does not have", unknown),
    )
    return Lora(
        path=path,
        sha256=sha256_file(path),
        dialect=dialect.name,
        trainer=trainer_of(container.metadata),
        modules=transformer,
        text_encoder={name: module for name, module in modules.items() if name not in transformer},
        metadata=container.metadata,
        problems=(*filter(None, ignored), *contradictions(container.metadata, tuple(transformer.values()))),
    )


def _whole(container: Container, layer: Layer) -> bool:
    """Whether both matrices are there, are matrices, and share a rank."""
    if layer.down is None or layer.up is None:
        return False
    down, up = container.entries[layer.down], container.entries[layer.up]
    return len(down.shape) == len(up.shape) == 2 and down.shape[0] == up.shape[1] > 0


def _modules(container: Container, dialect: Dialect, layers: dict[str, Layer]) -> tuple[dict[str, LoraModule], list[str]]:
    """The layers by diffusers' paths, sorted, and the names of those that neither dialect nor text encoders know."""
    config = _config(container, dialect)
    modules: dict[str, LoraModule] = {}
    unknown = []
    for name, layer in layers.items():
        encoder = text_encoder(name)
        parts = dialect.layers(name) if encoder is None else None
        paths = (encoder,) if encoder is not None else tuple(f"transformer.{part}" for part in parts or ())
        if not paths:
            unknown.append(name)
            continue
        for module in _read(container, name, layer, paths, config):
            if module.path in modules:
                raise UnreadableLora(f"it holds {module.path} twice", where=str(container.path), do=ANOTHER)
            modules[module.path] = module
    return dict(sorted(modules.items())), unknown


def _read(
    container: Container, name: str, layer: Layer, paths: tuple[str, ...], config: Mapping[str, Any]
) -> tuple[LoraModule, ...]:
    down, up = _tensor(container, layer.down), _tensor(container, layer.up)
    alpha = config_alpha(config, paths[0], len(down))
    if layer.alpha is not None:
        alpha = float(_tensor(container, layer.alpha).ravel()[0])  # kohya writes a scalar, others a list of one
    if alpha is not None:
        up *= np.float32(alpha / len(down))
    return unfused(container.path, paths, down, swapped_halves(up) if swaps_halves(name) else up, alpha)


def _tensor(container: Container, key: str | None) -> Floats:
    assert key is not None, "only whole layers are read"
    entry = container.entries[key]
    if entry.dtype not in SIZES or entry.begin == entry.end:
        what = f"{key!r} is of type {entry.dtype} and shape {list(entry.shape)}, which is no plain floating-point tensor"
        raise UnreadableLora(what, where=str(container.path), do="Save it in float16, bfloat16 or float32")
    return container.tensor(key)


def _config(container: Container, dialect: Dialect) -> Mapping[str, Any]:
    """Where diffusers and peft keep alpha: in the header, or in a file beside what peft itself saved."""
    config = json_object(container.metadata.get("lora_adapter_metadata"))
    if not config and dialect.name == "peft":
        config = adapter_config(container.path)
    if any(key.rpartition(".")[2] == "use_dora" and value is True for key, value in config.items()):
        raise UnreadableLora(
            "its adapter config says DoRA, which fluxdiag does not read yet",
            where=str(container.path),
            do="Convert it to a plain LoRA with the program that made it",
        )
    return config


def _refuse_nothing_and_nonsense(path: Path, transformer: dict[str, LoraModule], modules: dict[str, LoraModule]) -> None:
    if not transformer:
        raise UnreadableLora("no layer of FLUX.1's transformer is complete in it", where=str(path), do=ANOTHER)
    broken = [m.path for m in modules.values() if not (np.isfinite(m.down).all() and np.isfinite(m.up).all())]
    if broken:
        what = f"{len(broken)} of its {len(modules)} layers hold NaN or infinity ({broken[0]} first), so the training diverged"
        raise UnreadableLora(what, where=str(path), do="Use an earlier checkpoint, or train with a lower learning rate")


def _nothing_known(layers: dict[str, Layer], strays: tuple[str, ...]) -> str:
    if layers:
        return f"none of its {len(layers)} layers is one of FLUX.1's (the first is {min(layers)!r})"
    if strays:
        return f"it holds no LoRA but {len(strays)} other tensors, as a whole model would (the first is {strays[0]!r})"
    return "it holds no tensors"


def _ignored(what: str, names: list[str] | tuple[str, ...]) -> str:
    """One sentence for the report; empty when nothing was ignored."""
    return f"{what} are ignored: {len(names)}, the first is {names[0]!r}" if names else ""
