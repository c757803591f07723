"""What a grid is made of: one cell a LoRA, by what is planted, in whom, with which training seed and how gravely."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fluxlab.bench.decoys import DECOYS
from fluxlab.plant import FAULTS

PAIRS = (
    "overcaptioned+low-diversity",
    "overcaptioned+under",
    "overcaptioned+over",
    "low-diversity+over",
    "low-diversity+no-regularisation",
    "under+rank-low",
    "over+rank-high",
    "no-regularisation+over",
)
"""two faults at once, each pair one that users report together or that could hide one another"""
JUDGING = 5000
"""subjects from here on are for reporting: nothing is ever fitted to them"""
NAME = re.compile(r"(?P<planted>[a-z0-9+-]+?)(?:@(?P<severity>[0-9.]+))?-(?P<subject>\d+)-(?P<seed>\d+)")


@dataclass(frozen=True, order=True)
class Cell:
    """One LoRA of the grid."""

    fault: str
    """a fault, several joined by `+`, or a decoy"""
    subject: int
    seed: int
    severity: float = 1.0

    @property
    def planted(self) -> str:
        return self.fault if self.severity == 1 else f"{self.fault} at {self.severity:g}"

    @property
    def name(self) -> str:
        return f"{self.planted.replace(' at ', '@')}-{self.subject}-{self.seed}"

    @property
    def header(self) -> str:
        """What becomes of the file's metadata: of a third of the grid it is stripped or falsified."""
        kinds = ("kohya", "none", "kohya", "kohya", "false", "kohya")
        return kinds[(self.subject + _place(self.fault)) % len(kinds)]

    def folder(self, out: Path) -> Path:
        return out / self.name


def _place(fault: str) -> int:
    known = (*FAULTS, *DECOYS, *PAIRS)
    return known.index(fault) if fault in known else 0


def cell_of(name: str) -> Cell | None:
    """The cell that a folder of a grid is named after, or None for any other folder."""
    found = NAME.fullmatch(name)
    if found is None or not _known(found["planted"]):
        return None
    return Cell(found["planted"], int(found["subject"]), int(found["seed"]), float(found["severity"] or 1))


def _known(planted: str) -> bool:
    return planted in DECOYS or all(part in FAULTS for part in planted.split("+"))


def cells_in(out: Path) -> list[Cell]:
    """The cells whose folders lie in a grid, whoever planted them."""
    folders = sorted(folder.name for folder in out.iterdir() if folder.is_dir()) if out.is_dir() else []
    return [cell for name in folders if (cell := cell_of(name)) is not None]


def grid(faults: Iterable[str], subjects: Iterable[int], seeds: Iterable[int], severities: Iterable[float]) -> list[Cell]:
    """Subject by subject, so that a grid cut short still holds every fault; only faults come in several severities."""
    asked = itertools.product(subjects, seeds, faults, severities)
    cells = [Cell(fault, subject, seed, _severity(fault, severity)) for subject, seed, fault, severity in asked]
    return list(dict.fromkeys(cells))


def _severity(fault: str, severity: float) -> float:
    return 1.0 if fault == "healthy" or fault in DECOYS else severity
