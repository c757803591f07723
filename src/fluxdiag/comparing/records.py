"""What `compare` finds, as records: one JSON object, one page, one table."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from fluxdiag.instruments.better import Way
from fluxdiag.records import Measurement, Record, Verdict

State = Literal["better", "worse", "same", "unclear", "moved"]
"""better and worse of what has a better side, moved of what has none; unclear: the interval holds too much"""
Held = Literal["held", "failed", "open"]
Answer = Literal["better", "equal", "worse", "mixed", "undecided"]


class Changed(Record):
    """One measurement before and after; `change` is after minus before, or `why` there is none."""

    key: str
    unit: str
    way: Way | None = Field(description="which way is better, where one is")
    before: Measurement | None
    after: Measurement | None
    change: Measurement | None
    paired: bool = Field(description="whether prompts (or photos) were compared with themselves")
    state: State
    excuse: str | None = Field(default=None, description="why a clear change decides nothing")
    why: str | None = None

    @property
    def matters(self) -> bool:
        return self.state in ("better", "worse") and self.excuse is None


class Promise(Record):
    """A prediction of the prescription and what became of it."""

    key: str
    way: Way
    by: float
    line: float
    unit: str
    setting: str
    held: Held
    sentence: str


class Side(Record):
    """One of the two runs."""

    folder: str
    lora: str
    sha256: str
    verdict: Verdict
    sentence: str


class Compared(Record):
    schema_: Literal[1] = Field(default=1, alias="schema")
    answer: Answer
    exit_code: int
    sentence: str
    before: Side
    after: Side
    changes: tuple[Changed, ...]
    promises: tuple[Promise, ...] = ()
    promised_by: str = Field(description="where the predictions were read, or why there are none")
    remarks: tuple[str, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
