"""What goes to a worker and comes back, and what a batch says: one row a LoRA."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import ConfigDict, Field, computed_field

from fluxdiag.records import Case, ExitCode, Measurement, Record, Severity, Strength, Verdict

WORST_FIRST = (ExitCode.BUG, ExitCode.USAGE, ExitCode.PROBLEM, ExitCode.UNDETERMINED, ExitCode.HEALTHY)
"""also the order in which one code speaks for many rows"""


class Job(Record):
    """One LoRA for whoever draws it: `report` of this case into this folder."""

    name: str
    case: Case
    folder: str
    suite: str
    thorough: bool


class Answer(Record):
    """What came of it; all else stands in the run folder. `error`: why there is none. `bug`: it was fluxdiag's own."""

    error: str | None = None
    bug: bool = False


class Leading(Record):
    """The first cause that is present. `probability` only with a calibration for this base."""

    cause: str
    title: str
    direction: str | None
    severity: Severity
    strength: Strength | None
    probability: float | None


class Gated(Record):
    """The gate's answer in short; `fluxdiag gate RUN --json` says all of it."""

    policy: str
    status: str
    failed: tuple[str, ...] = Field(description="lines that failed, by id")
    unanswered: tuple[str, ...] = Field(description="lines that block because nothing decides them")


class Row(Record):
    """One LoRA: its verdict, or the `error` that is why there is none."""

    name: str
    file: str
    sha256: str | None = Field(description="of the LoRA; None where it cannot be read")
    trigger: str | None = None
    strength: float | None = None
    verdict: Verdict | None = None
    sentence: str | None = None
    symptoms: tuple[str, ...] = ()
    cause: Leading | None = None
    identity: Measurement | None = Field(default=None, description="identity.trigger")
    trigger_effect: Measurement | None = Field(default=None, description="trigger.effect")
    bleed: Measurement | None = Field(default=None, description="bleed.class")
    gaps: dict[str, str] = Field(default={}, description="of these three, those that were not measured -> why")
    gate: Gated | None = Field(default=None, description="where a policy was given")
    run: str | None = Field(default=None, description="the run folder, seen from where batch.json lies")
    report: str | None = None
    error: str | None = None
    exit_code: int = Field(description="what a batch of this LoRA alone would end with")


class Batch(Record):
    """All rows, in the order of the manifest."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    manifest: str
    suite: str
    thorough: bool
    policy: str | None
    fail_on: Severity
    rows: tuple[Row, ...]
    skipped: dict[str, str] = Field(description="files of a folder that are none of the LoRAs -> why")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def exit_code(self) -> int:
        """The gravest of the rows'."""
        codes = {row.exit_code for row in self.rows}
        return next((int(code) for code in WORST_FIRST if code in codes), int(ExitCode.HEALTHY))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def counts(self) -> dict[str, int]:
        """How many of each verdict; `error` counts those without one."""
        return dict(Counter(row.verdict or "error" for row in self.worst_first))

    @property
    def worst_first(self) -> list[Row]:
        return sorted(self.rows, key=_gravity)


VERDICTS: tuple[Verdict | None, ...] = (None, "broken", "faulty", "undetermined", "healthy")


def _gravity(row: Row) -> tuple[int, int, float, str]:
    """What could not be judged, what is broken, and so on; among alike ones the least likeness first."""
    likeness = row.identity.value if row.identity is not None else -1.0
    return WORST_FIRST.index(ExitCode(row.exit_code)), VERDICTS.index(row.verdict), likeness, row.name
