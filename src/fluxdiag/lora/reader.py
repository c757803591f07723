"""read_lora: a file in whatever dialect -> un-fused layers under diffusers' names, with every scale folded in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fluxdiag.errors import UnreadableLora
from fluxdiag.lora.adapters import Layer, group
from fluxdiag.lora.alpha import config_alpha
from fluxdiag.lora.beside import adapter_config
from fluxdiag.lora.container import NOT_TEXT, Container, open_container, shown
from fluxdiag.lora.dialects import Dialect, dialect_of
from fluxdiag.lora.families import refuse_other_families
from fluxdiag.lora.geometry import LONGEST_SIDE, misfit, width_of
from fluxdiag.lora.header import json_object, trainer_of
from fluxdiag.lora.health import nonsense
from fluxdiag.lora.model import Lora, LoraModule, Remark
from fluxdiag.lora.names import swaps_halves, text_encoder
from fluxdiag.lora.settings import contradictions
from fluxdiag.lora.stored import Flaw, Stored, stored
from fluxdiag.lora.unfuse import halves_swapped, row_counts, unfused
from fluxdiag.runs import sha256_file

ANOTHER = "Use another checkpoint of this training"
UNKNOWN = Flaw("layers that FLUX.1 does not have", "no layer has this name")
IN_PARTS = "fused layers were trained in parts (kohya's split_qkv)"
MISSHAPEN = "layers of another shape than FLUX.1's"
NOTHING = "layers that all change nothing"
DISAGREES = "a header that the tensors contradict"


@dataclass(frozen=True)
class _Named:
    """A layer of the file, and what diffusers calls its parts."""

    name: str
    paths: tuple[str, ...]
    layer: Stored


def read_lora(path: Path) -> Lora:
    """Raises UnreadableLora for what is no LoRA in a safetensors file, WrongFamily for one of another model."""
    container = open_container(path)
    lora = read_layers(container)
    return replace(lora, problems=(*_refuse_nonsense(container, lora), *lora.problems))


def read_layers(container: Container) -> Lora:
    """The same for whoever looks at the numbers himself: NaN and infinity are not refused, zeros not mentioned."""
    path = container.path
    refuse_other_families(path, {name: entry.shape for name, entry in container.entries.items()})
    layers, strays = group(path, container.entries)
    dialect = dialect_of(layers)
    if dialect is None:
        raise UnreadableLora(_nothing_known(layers, strays), where=str(path), do="Give a LoRA trained on FLUX.1 [dev]")
    found, flaws = _found(container, dialect, layers)
    modules = _modules(path, found, flaws)
    transformer = {name: module for name, module in modules.items() if name.startswith("transformer.")}
    _refuse_nothing(path, transformer, flaws)
    unread = sum(flaw is not UNKNOWN for flaw in flaws.values())
    flaws |= {key: Flaw(kind, "") for key, kind in strays.items()}
    forbidden = (Remark(NOT_TEXT, container.not_text),) if container.not_text else ()
    said = (*forbidden, *_summary(flaws), *_parts_apart(found, modules))
    disagreed = contradictions(container.metadata, tuple(transformer.values()))
    return Lora(
        path=path,
        sha256=sha256_file(path),
        dialect=dialect.name,
        trainer=trainer_of(container.metadata),
        modules=transformer,
        text_encoder={name: module for name, module in modules.items() if name not in transformer},
        metadata=container.metadata,
        problems=(*said, *(Remark(DISAGREES, text) for text in disagreed)),
        ignored={name: flaw.detail or flaw.kind for name, flaw in flaws.items()},
        unread=unread,
    )


def _found(container: Container, dialect: Dialect, layers: dict[str, Layer]) -> tuple[list[_Named], dict[str, Flaw]]:
    """The layers that are whole and known, and why the others are not."""
    config = _config(container, dialect, layers)
    found, flaws = [], {}
    for name, layer in layers.items():
        encoder = text_encoder(name)
        parts = dialect.layers(name) if encoder is None else None
        paths = (encoder,) if encoder is not None else tuple(f"transformer.{part}" for part in parts or ())
        if not paths:
            flaws[name] = UNKNOWN
            continue
        read = stored(container, layer, lambda rank, path=paths[0]: config_alpha(config, path, rank))  # type: ignore[misc]
        if isinstance(read, Flaw):
            flaws[name] = read
        else:
            found.append(_Named(name, paths, halves_swapped(read) if swaps_halves(name) else read))
    return found, flaws


def _config(container: Container, dialect: Dialect, layers: dict[str, Layer]) -> Mapping[str, Any]:
    """Where diffusers and peft keep alpha: in the header, or in a file beside what peft itself saved."""
    config = json_object(container.metadata.get("lora_adapter_metadata"))
    if not config and dialect.name == "peft":
        config = adapter_config(container.path)
    dora = any(key.rpartition(".")[2] == "use_dora" and value is True for key, value in config.items())
    if dora and not any("magnitude" in layer.keys for layer in layers.values()):
        what = "its adapter config says DoRA, and the magnitudes that belong to it are not in the file"
        raise UnreadableLora(what, where=str(container.path), do="Save it again with the program that made it")
    return config


def _modules(path: Path, found: list[_Named], flaws: dict[str, Flaw]) -> dict[str, LoraModule]:
    """By path, sorted; what does not fit FLUX.1 goes to the flaws. Shapes first: nothing is read of what cannot fit."""
    width = width_of(part for named in found for part in _shapes(named) if part[0].startswith("transformer."))
    modules: dict[str, LoraModule] = {}
    for named in found:
        why = next((why for part in _shapes(named) if (why := _misfit(*part, width))), None)
        parts = Flaw(MISSHAPEN, why) if why else unfused(named.layer, named.name, named.paths)
        if isinstance(parts, Flaw):
            flaws[named.name] = parts
            continue
        for module in parts:
            if module.path in modules:
                raise UnreadableLora(f"it holds {module.path} twice", where=str(path), do=ANOTHER)
            modules[module.path] = module
    return dict(sorted(modules.items()))


def _shapes(named: _Named) -> list[tuple[str, tuple[int, int]]]:
    """By part; none where the parts cannot be told apart."""
    rows, width = named.layer.outline.shape
    counts = row_counts(len(named.paths), rows, width) or ()
    return [(path, (count, width)) for path, count in zip(named.paths, counts, strict=False)]


def _misfit(path: str, shape: tuple[int, int], width: int | None) -> str | None:
    if path.startswith("transformer."):
        return misfit(path, shape, width)
    return f"its shape is {shape[0]} x {shape[1]}, and no text encoder is so wide" if max(shape) > LONGEST_SIDE else None


def _refuse_nothing(path: Path, transformer: dict[str, LoraModule], flaws: dict[str, Flaw]) -> None:
    if not transformer:
        first = next(((name, flaw) for name, flaw in flaws.items() if flaw is not UNKNOWN), None)
        why = f" ({shown(first[0])}: {first[1].detail})" if first else ""
        raise UnreadableLora(f"no layer of FLUX.1's transformer is complete in it{why}", where=str(path), do=ANOTHER)


def _refuse_nonsense(container: Container, lora: Lora) -> tuple[Remark, ...]:
    """What to say of layers that do nothing; raises UnreadableLora for numbers that are none."""
    broken, dead = nonsense(container, lora.all_modules())
    names = [module.origin.name for module in lora.all_modules() if module.origin is not None]
    if broken:
        count = f"{sum(name in broken for name in names)} of its {len(names)}"  # un-fused, as `inspect` counts them
        what = f"{count} layers hold NaN or infinity ({shown(broken[0])} first), so the training diverged"
        do = "Use an earlier checkpoint, or train with a lower learning rate; `fluxdiag inspect` lists the tensors"
        raise UnreadableLora(what, where=str(container.path), do=do)
    said = "every change is zero, so this LoRA does nothing: it was saved before its first step"
    return (Remark(NOTHING, said),) if len(dead) == len(set(names)) else ()


def _summary(flaws: Mapping[str, Flaw]) -> tuple[Remark, ...]:
    """One for each kind of what was left out."""
    counts = Counter(flaw.kind for flaw in flaws.values())
    firsts = {kind: next((name, flaw.detail) for name, flaw in flaws.items() if flaw.kind == kind) for kind in counts}
    said = {kind: f"{shown(name)}{': ' * bool(detail)}{detail}" for kind, (name, detail) in firsts.items()}
    return tuple(
        Remark(kind, f"{kind} are ignored: {count}, the first is {said[kind]}", left_out=True)
        for kind, count in sorted(counts.items())
    )


def _parts_apart(found: Iterable[_Named], modules: Mapping[str, LoraModule]) -> tuple[Remark, ...]:
    """kohya's split_qkv writes the alpha of one part beside the rank of all of them."""
    for named in found:
        part = modules.get(named.paths[0])
        if part is not None and part.rank < named.layer.rank and part.alpha is not None:
            text = (
                f"{IN_PARTS}: programs scale them by alpha / {named.layer.rank}, the "
                f"training did by alpha / {part.rank}, so they are {len(named.paths)} times weaker than they were trained"
            )
            return (Remark(IN_PARTS, text),)
    return ()


def _nothing_known(layers: dict[str, Layer], strays: dict[str, str]) -> str:
    if layers and all(text_encoder(name) is not None for name in layers):
        return f"it changes text encoders alone ({len(layers)} layers, the first is {shown(min(layers))}), nothing that paints"
    if layers:
        return f"none of its {len(layers)} layers is one of FLUX.1's (the first is {shown(min(layers))})"
    if strays:
        first = next(iter(strays))
        return f"it holds no LoRA but {len(strays)} other tensors, as a whole model would (the first is {shown(first)})"
    return "it holds no tensors"
