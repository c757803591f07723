"""What is written lies outside the set: trainers take every `.txt` below their folder for a caption, and audits complain."""

from __future__ import annotations

from pathlib import Path

from fluxdiag.dataset.configs import CONFIGS
from fluxdiag.dataset.sources import folders
from fluxdiag.errors import FluxdiagError


def refuse_inside(source: Path, out: Path, option: str) -> None:
    """Raises FluxdiagError for an `out` below a folder of the set, links followed; a bundle has none."""
    for folder in _folders(source):
        if out.resolve().is_relative_to(folder.resolve()):
            raise FluxdiagError(f"lies inside the set ({folder})", where=str(out), do=f"Give {option} a place outside it")


def _folders(source: Path) -> list[Path]:
    if source.is_file() and source.suffix.lower() in CONFIGS:
        with folders(source) as found:
            return [root.folder for root in found.roots]
    return [source] if source.is_dir() else []
