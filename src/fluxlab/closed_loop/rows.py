"""One line of JSON a LoRA that went through the closed loop, from which the table is made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from fluxdiag.comparing.records import Answer, Held
from fluxdiag.curing import outcome
from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import first_problem
from fluxdiag.records import Evidence, Record, Verdict
from fluxlab.bench.rows import Numbers, numbers_of

ROWS = Path("docs/accuracy/cured.jsonl")
SHOWN = ("identity.trigger", "bleed.class", "trigger.effect")
Photos = Literal["the same", "new"]


class Judgement(Record):
    """What a report said: verdict, what it rests on, first cause as `cause` or `cause:direction`, the table's measurements."""

    verdict: Verdict
    cause: str | None
    symptoms: tuple[str, ...] = Field(default=(), description="keys that the symptoms cite")
    measurements: dict[str, Numbers]


class Kept(Record):
    """A prediction and what became of it."""

    key: str
    setting: str
    held: Held


class CuredRow(Record):
    """One planted LoRA, before and after. `after` is None where nothing was trained, and `why` says why not."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    planted: str
    severity: float
    subject: int
    seed: int
    header: str = Field(description="what the file told of its training")
    lora_sha256: str = Field(description="of the planted file")
    before: Judgement
    changes: dict[str, str] = Field(default={}, description="setting -> what it became")
    left: dict[str, str] = Field(default={}, description="setting -> why it was not carried out")
    photos: Photos = Field(default="the same", description="new: the prescription asked for others, and they were brought")
    after: Judgement | None = None
    why: str | None = None
    captionless: outcome.Answer | None = Field(default=None, description="where the evidence had not told what to change")
    twin: Verdict | None = Field(default=None, description="of the same subject's LoRA without a fault, where the grid has one")
    answer: Answer | None = Field(default=None, description="of `compare`")
    predictions: tuple[Kept, ...] = ()
    seconds: dict[str, float]
    versions: dict[str, str] = Field(default={})

    model_config = Record.model_config | {"populate_by_name": True}

    @property
    def key(self) -> tuple[str, float, int, int, str]:
        return self.planted, self.severity, self.subject, self.seed, self.lora_sha256

    @property
    def ends_healthy(self) -> bool:
        """Retrained to be healthy, or healthy to begin with and left alone."""
        return (self.after or self.before).verdict == "healthy"


def measured(evidence: Evidence) -> dict[str, Numbers]:
    return {key: numbers for key, numbers in numbers_of(evidence).items() if key in SHOWN}


def append(row: CuredRow, file: Path) -> None:
    """One write of one line, so that two loops on one file do not cut into each other."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, (row.model_dump_json(by_alias=True, exclude_defaults=True) + "\n").encode())
    finally:
        os.close(handle)


def read_rows(file: Path) -> list[CuredRow]:
    """Of rows with the same key the last one counts. Raises FluxdiagError for a line that is none."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = {row.key: row for number, line in enumerate(lines, start=1) if (row := _row(line, file, number))}
    return list(rows.values())


def _row(line: str, file: Path, number: int) -> CuredRow:
    try:
        return CuredRow.model_validate_json(line)
    except ValidationError as error:
        what = f"line {number} is no row of this version ({first_problem(error)})"
        raise FluxdiagError(what, where=str(file), do="Take the line out, or write to another file with --rows") from error
