"""The page of a run that cannot be judged: what is there, what is missing, what to do. It replaces any older page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fluxdiag.errors import FluxdiagError
from fluxdiag.reporting.pictures import Picture, encoded, small_pixels, small_side
from fluxdiag.reporting.words import last_part, reason
from fluxdiag.runs import Run

SHOWN = 12
STAGES = (
    ("case", "who is on trial", "case_file"),
    ("gather", "pictures, faces, losses", "gather_file"),
    ("measure", "numbers with intervals", "evidence_file"),
    ("diagnose", "causes and prescription", "diagnosis_file"),
)


@dataclass(frozen=True)
class Unfinished:
    status: str
    title: str
    what: str
    where: str
    do: str
    """about the first thing that is missing"""
    resume: str
    """the call that does all of the rest; empty where that would not help"""
    stages: tuple[tuple[str, str, bool], ...]
    """(stage, what it makes, whether its file is there)"""
    drawn: int
    pictures: tuple[Picture, ...]


def unfinished_of(run: Run, error: FluxdiagError) -> Unfinished:
    stages = tuple((name, makes, getattr(run, file).is_file()) for name, makes, file in STAGES)
    waiting = not all(there for *_, there in stages)
    files = sorted(run.shots_folder.glob("*.png")) if run.shots_folder.is_dir() else []
    return Unfinished(
        status="NOT FINISHED" if waiting else "CANNOT BE READ",
        title=_title(stages) if waiting else "This run was made by another version, or its files do not belong together.",
        what=reason(error.what),
        where=last_part(error.where) if error.where else "",
        do=reason(error.do),
        resume=_resume(stages) if waiting else "",
        stages=stages,
        drawn=len(files),
        pictures=tuple(picture for file in files[:SHOWN] if (picture := _small(file)).uri is not None),
    )


def _title(stages: tuple[tuple[str, str, bool], ...]) -> str:
    first = next(name for name, _, there in stages if not there)
    return f"This run stopped before “{first}” was done, so nothing can be said yet."


def _resume(stages: tuple[tuple[str, str, bool], ...]) -> str:
    """Whatever is there is not made again, so the call that began the run also ends it."""
    left = ", ".join([*(name for name, _, there in stages if not there), "report"])
    return f"Call `fluxdiag report LORA` again as before: what is there is kept, and what is left is done ({left})."


def _small(file: Path) -> Picture:
    found = small_pixels(file)
    return Picture(None) if found is None else encoded(found, small_side(1))
