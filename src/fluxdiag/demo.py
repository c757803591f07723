"""The whole thing on the embedded world: the laboratory's two example LoRAs through every stage."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.case import build_case
from fluxdiag.diagnose import diagnose
from fluxdiag.errors import FluxdiagError
from fluxdiag.gather import gather, is_gathered, start
from fluxdiag.measure import measure
from fluxdiag.records import Diagnosis
from fluxdiag.report import render
from fluxdiag.runs import Run
from fluxdiag.suites import load_suite

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress

EXAMPLES = ("healthy", "overcaptioned")


def run_demo(out: Path, progress: Progress | None = None) -> Iterator[tuple[str, Diagnosis, Path]]:
    """(name, diagnosis, report) of each example; the laboratory is the base."""
    laboratory = Path(str(files("fluxlab")))
    for name in EXAMPLES:
        found = sorted((laboratory / "examples" / name).glob("*.safetensors"))
        if not found:
            raise FluxdiagError("the example is not there", where=f"fluxlab/examples/{name}", do="Run `fluxlab make`")
        run = Run(out / name)
        start(run, build_case(found[0], base=str(laboratory / "weights" / "base")))
        if not is_gathered(run, load_suite("quick")[1]):
            gather(run, "quick", progress)
        measure(run)
        yield name, diagnose(run), render(run)
