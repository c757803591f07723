"""The whole thing on the embedded world: the laboratory's example LoRAs through every stage."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.case import build_case
from fluxdiag.errors import FluxdiagError
from fluxdiag.flow import examine
from fluxdiag.records import Diagnosis
from fluxdiag.runs import Run

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress


def run_demo(out: Path, progress: Progress | None = None) -> Iterator[tuple[str, Diagnosis, Path]]:
    """(name, diagnosis, report) of each example; the laboratory is the base."""
    laboratory = Path(str(files("fluxlab")))
    found = sorted((laboratory / "examples").glob("*/*.safetensors"))
    if not found:
        raise FluxdiagError("the examples are not there", where="fluxlab/examples", do="Run `fluxlab make`")
    for lora in found:
        name = lora.parent.name
        run = Run(out / name)
        case = build_case(lora, base=str(laboratory / "weights" / "base"))
        yield name, examine(case, run, progress=progress, thorough=False), run.report_file
