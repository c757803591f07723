"""A file gone through once from end to end: spectra of its layers, and its numbers' health. Layers are read one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from fluxdiag.lora.container import Container, open_container
from fluxdiag.lora.dtypes import SIZES
from fluxdiag.lora.elsewhere import diffusers_outcome, loaded_by
from fluxdiag.lora.factors import exactly
from fluxdiag.lora.health import Health, health
from fluxdiag.lora.model import Lora, LoraModule, Remark
from fluxdiag.lora.reader import DISAGREES, read_layers
from fluxdiag.lora.spectrum import Spectrum, spectrum

Beyond = Literal["rank", "magnitude"]
"""a form that no LoRA of a rank worth writing equals; a DoRA with a length for each input"""
WORKERS = max(1, min(4, os.cpu_count() or 1))
"""numpy's linear algebra lets other threads run; each holds one layer"""


@dataclass(frozen=True)
class Layer:
    """What the shapes tell of one layer, whatever its numbers are."""

    path: str
    rank: int
    alpha: float | None
    kind: str = "LoRA"
    ranked: bool = True
    """whether it was trained at that rank (LoraModule.ranked)"""


@dataclass(frozen=True)
class Survey:
    """What the file alone tells."""

    path: Path
    sha256: str
    size: int
    """bytes"""
    dtypes: tuple[str, ...]
    dialect: str
    keys: tuple[str, ...]
    metadata: dict[str, str]
    layers: tuple[Layer, ...]
    """of the transformer, then of the text encoders"""
    modules: int
    """of the transformer"""
    spectra: tuple[Spectrum, ...]
    """of those layers whose numbers are numbers"""
    health: Health
    hit: dict[str, tuple[str, ...]]
    """tensor with NaN or infinity -> the layers that it is part of; none where it is left out"""
    ignored: dict[str, str]
    """what is left out, as the file calls it -> why"""
    problems: tuple[Remark, ...]
    """what the reader met"""
    contradictions: tuple[str, ...]
    """of header and tensors"""
    outcome: str | None
    """what diffusers' own loader makes of the file where it is not the whole of it, so as to follow its name"""
    elsewhere: str | None = None
    """which programs load it as it is; None where that is not known"""
    beyond: Beyond | None = None
    """why diffusers' dialect has no place for it"""


def survey(path: Path) -> Survey:
    """Raises UnreadableLora or WrongFamily as the reader does, but not for NaN and infinity, which it counts."""
    container = open_container(path)
    lora = read_layers(container)
    with ThreadPoolExecutor(WORKERS) as pool:
        found = _health(pool, container)
        spectra = tuple(spectrum for spectrum in pool.map(_spectrum, lora.all_modules()) if spectrum is not None)
        counted = found()
    return Survey(
        path=path,
        sha256=lora.sha256,
        size=path.stat().st_size,
        dtypes=tuple(sorted({entry.dtype for entry in container.entries.values()})),
        dialect=lora.dialect,
        keys=tuple(container.entries),
        metadata=lora.metadata,
        layers=tuple(Layer(module.path, module.rank, module.alpha, module.kind, module.ranked) for module in lora.all_modules()),
        modules=len(lora.modules),
        spectra=spectra,
        health=counted,
        hit=_hit(lora, counted),
        ignored=lora.ignored,
        problems=tuple(problem for problem in lora.problems if problem.kind != DISAGREES),
        contradictions=tuple(problem.text for problem in lora.problems if problem.kind == DISAGREES),
        outcome=diffusers_outcome(tuple(container.entries)),
        elsewhere=loaded_by(lora.dialect, tuple(container.entries)),
        beyond=_beyond(lora.all_modules()) if len(spectra) == len(lora.all_modules()) else None,
    )


def _beyond(modules: Iterable[LoraModule]) -> Beyond | None:
    """By what the writer would refuse; only forms that are no LoRA are read for it."""
    found: Beyond | None = None
    for module in modules:
        if module.magnitude is not None and module.magnitude.axis == "in":
            return "magnitude"
        if found is None and module.kind.split()[0] not in ("LoRA", "DoRA") and exactly(module.form) is None:
            found = "rank"
    return found


def _spectrum(module: LoraModule) -> Spectrum | None:
    """None where a number is none: nothing can be worked out with it."""
    form = module.form
    finite = all(np.isfinite(array).all() for array in form.arrays)
    return spectrum(module, form) if finite else None


def _hit(lora: Lora, health: Health) -> dict[str, tuple[str, ...]]:
    users: dict[str, list[str]] = {broken.name: [] for broken in health.broken}
    for module in lora.all_modules():
        for key in module.origin.keys.values() if module.origin else ():
            if key in users:
                users[key].append(module.path)
    return {name: tuple(paths) for name, paths in users.items()}


def _health(pool: Executor, container: Container) -> Callable[[], Health]:
    """Started now, summed when it is asked for."""
    names = [name for name, entry in container.entries.items() if entry.dtype in SIZES]
    shares = [pool.submit(health, container, names[start::WORKERS]) for start in range(WORKERS)]

    def summed() -> Health:
        found = sum((share.result() for share in shares), Health())
        return replace(found, broken=tuple(sorted(found.broken, key=lambda broken: broken.name)))

    return summed
