"""One line of JSON a planted LoRA: what was planted, what was measured in each state, what fluxdiag said at the time.

Lines are committed and accumulate over days. Diagnosing again from a line takes milliseconds, so figures follow the rules
and weights of today; lines made with another world (base, face pack, CLIP, profile) are never mixed in.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import first_problem
from fluxdiag.profiles import beside, load_profile
from fluxdiag.records import Band, Evidence, Measurement, Record
from fluxlab.bench.cells import Cell

ROWS = Path("docs/accuracy/rows.jsonl")
Numbers = tuple[float, float, float, int]
"""value, low, high, n"""


class Judged(Record):
    """What one state of knowledge yields. Of measurements only what differs from the state `all`; of gaps, keys by reason."""

    measurements: dict[str, Numbers] = Field(default={})
    gaps: dict[str, tuple[str, ...]] = Field(default={})
    verdict: str
    findings: tuple[str, ...] = Field(description="causes that are present, as `cause` or `cause:direction`, likeliest first")


class Look(Record):
    """What was known after an early look: the measurements that differ from those of all prompts, and the keys still missing."""

    passes: int
    measurements: dict[str, Numbers]
    missing: tuple[str, ...] = ()


class Row(Record):
    """One planted LoRA under one set of probe seeds."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    planted: str = Field(description="a fault, several joined by `+`, or a decoy")
    severity: float
    subject: int
    seed: int
    probe_seeds: int = Field(default=0, description="added to the suite's seeds: another draw of the same questions")
    setup: dict[str, float] = Field(description="as trained, whatever the header says")
    style: str = Field(description="of the captions")
    header: str = Field(description="what the file tells of its training")
    world: str = Field(description="digest of base, face pack, CLIP and of the profile's settings for training and drawing")
    suite: str
    versions: dict[str, str]
    shots: dict[str, int] = Field(description="pictures by arm, `arm/variant` where not full")
    cached: int = Field(description="of them, taken from other runs' pictures of the base")
    passes: int = Field(description="forward passes in all: pictures times steps, and losses")
    loss_passes: int
    seconds: dict[str, float]
    states: dict[str, Judged]
    looks: dict[str, Look] = Field(default={}, description="the state `all` after the first so many prompts")

    model_config = Record.model_config | {"populate_by_name": True}

    @property
    def cell(self) -> Cell:
        return Cell(self.planted, self.subject, self.seed, self.severity)

    @property
    def key(self) -> tuple[Cell, int, str]:
        return self.cell, self.probe_seeds, self.world

    def evidence(self, state: str, bands: dict[str, Band]) -> Evidence:
        """The evidence as this state of knowledge had it; units and digests are left out."""
        gaps = {key: reason for reason, keys in self.states[state].gaps.items() for key in keys}
        numbers = self.states["all"].measurements | self.states[state].measurements
        found = {key: _measurement(key, told) for key, told in numbers.items() if key not in gaps}
        return Evidence(measurements=found, gaps=gaps, bands=bands)

    def look(self, prompts: str, bands: dict[str, Band]) -> Evidence:
        """The evidence of the state `all` after the first so many prompts."""
        everything, early = self.evidence("all", bands), self.looks[prompts]
        seen = {key: _measurement(key, numbers) for key, numbers in early.measurements.items()}
        known = {key: found for key, found in everything.measurements.items() if key not in early.missing}
        gaps = everything.gaps | dict.fromkeys(early.missing, "too few prompts so far")
        return Evidence(measurements=known | seen, gaps=gaps, bands=bands)


def _measurement(key: str, numbers: Numbers) -> Measurement:
    value, low, high, n = numbers
    return Measurement(key=key, value=value, low=low, high=high, n=n)


def numbers_of(evidence: Evidence) -> dict[str, Numbers]:
    """Five significant digits: more than any interval is worth."""
    found = sorted(evidence.measurements.items())
    return {key: (_short(each.value), _short(each.low), _short(each.high), each.n) for key, each in found}


def _short(number: float) -> float:
    return float(f"{number:.5g}")


def by_reason(gaps: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {reason: tuple(sorted(key for key in gaps if gaps[key] == reason)) for reason in sorted(set(gaps.values()))}


def append(row: Row, file: Path) -> None:
    """One write of one line, so that two benches on one file do not cut into each other."""
    file.parent.mkdir(parents=True, exist_ok=True)
    line = row.model_dump_json(by_alias=True, exclude_defaults=True) + "\n"
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


def read_rows(file: Path, world: str | None = None) -> list[Row]:
    """The rows of one world, or all of them; of rows with the same key the last one counts."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = {row.key: row for number, line in enumerate(lines, start=1) if (row := _row(line, file, number))}
    return [row for row in rows.values() if world in (None, row.world)]


def _row(line: str, file: Path, number: int) -> Row:
    try:
        return Row.model_validate_json(line)
    except ValidationError as error:
        raise FluxdiagError(
            f"line {number} is no row of this version ({first_problem(error)})",
            where=str(file),
            do="Take the line out, or write the rows to another file with --rows",
        ) from error


@lru_cache
def world_of(base: Path) -> str:
    """Digest of everything that makes the same planted LoRA or the same picture come out differently."""
    profile = load_profile(str(base))
    told = profile.model_dump(
        include={"resolution", "steps", "guidance", "loss_guidance", "precision", "batch", "rank", "learning_rate"}
        | {"step_formula", "max_sequence_length", "training"}
    )
    places = (str(base), beside(str(base), profile.face_pack), beside(str(base), profile.clip_model))
    files = {f"{place}/{name}": digest for place, folder in enumerate(places) for name, digest in _digests(Path(folder))}
    return hashlib.sha256(json.dumps([told, files], sort_keys=True).encode()).hexdigest()[:16]


def _digests(folder: Path) -> Iterable[tuple[str, str]]:
    """Of a folder's files by name; notes beside the weights (`profile.toml`, `calibration.json`) are no part of a world."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    notes = {folder / "profile.toml", folder / "calibration.json"}
    return [(f.relative_to(folder).as_posix(), hashlib.sha256(f.read_bytes()).hexdigest()) for f in files if f not in notes]
