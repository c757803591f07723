"""A file gone through once from end to end: spectra of its layers, and its numbers' health. Layers are read one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fluxdiag.lora.container import SIZES, Container, open_container
from fluxdiag.lora.elsewhere import diffusers_outcome
from fluxdiag.lora.health import Health, health
from fluxdiag.lora.reader import read_lora
from fluxdiag.lora.settings import contradictions
from fluxdiag.lora.spectrum import Spectrum, spectrum

WORKERS = max(1, min(4, os.cpu_count() or 1))
"""numpy's linear algebra lets other threads run; each holds one layer"""


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
    spectra: tuple[Spectrum, ...]
    """of the transformer's layers, then of the text encoders'"""
    modules: int
    """of the transformer"""
    health: Health
    problems: tuple[str, ...]
    """what the reader met"""
    contradictions: tuple[str, ...]
    """of header and tensors"""
    outcome: str | None
    """what diffusers' own loader makes of the file where it is not the whole of it, so as to follow its name"""


def survey(path: Path) -> Survey:
    """Raises UnreadableLora or WrongFamily as the reader does."""
    lora = read_lora(path)
    container = open_container(path)
    with ThreadPoolExecutor(WORKERS) as pool:
        found = _health(pool, container)
        spectra = tuple(pool.map(spectrum, lora.all_modules()))
        counted = found()
    disagreed = contradictions(lora.metadata, spectra[: len(lora.modules)])
    return Survey(
        path=path,
        sha256=lora.sha256,
        size=path.stat().st_size,
        dtypes=tuple(sorted({entry.dtype for entry in container.entries.values()})),
        dialect=lora.dialect,
        keys=tuple(container.entries),
        metadata=lora.metadata,
        spectra=spectra,
        modules=len(lora.modules),
        health=counted,
        problems=tuple(problem for problem in lora.problems if problem not in disagreed),
        contradictions=disagreed,
        outcome=diffusers_outcome(tuple(container.entries)),
    )


def _health(pool: Executor, container: Container) -> Callable[[], Health]:
    """Started now, summed when it is asked for."""
    names = [name for name, entry in container.entries.items() if entry.dtype in SIZES]
    shares = [pool.submit(health, container, names[start::WORKERS]) for start in range(WORKERS)]
    return lambda: sum((share.result() for share in shares), Health())
