"""What the gate says: one Result a line of the policy, and the exit code beside the sentence that explains it."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import ConfigDict, Field, computed_field

from fluxdiag.gating.policy import Level
from fluxdiag.records import Change, ExitCode, Measurement, Record, Verdict

Outcome = Literal["pass", "fail", "undetermined", "unmeasured", "skipped"]
Effect = Literal["error", "warn", "pass", "off", "waived"]
STATUS = {
    ExitCode.HEALTHY: "passed",
    ExitCode.PROBLEM: "failed",
    ExitCode.UNDETERMINED: "undetermined",
}
WORST_FIRST: dict[str, int] = {"error": 0, "warn": 1, "waived": 2, "pass": 3, "off": 4}
OUTCOMES: tuple[Outcome, ...] = ("fail", "undetermined", "unmeasured", "pass", "skipped")
"""worst first"""


class Result(Record):
    """One line of the policy against the run. `effect` is what the outcome counts as: only `error` blocks."""

    id: str
    kind: Literal["assert", "regression", "warnings"] = "assert"
    match: dict[str, float | str] = Field(default={}, description="what a line of `[[assert_for]]` is judged for")
    level: Level
    needs: str
    outcome: Outcome
    effect: Effect
    found: str = ""
    measurement: Measurement | None = None
    margin: float | None = Field(default=None, description="of the estimate to the nearer limit; below 0 it lies beyond")
    why: str = ""
    of: tuple[str, ...] = Field(default=(), description="the ids that a pattern matched, the deciding one first")
    waived: str | None = None


class GateResult(Record):
    """The gate's answer for one run; `--json` prints it."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    policy: str
    lora: str = Field(description="the file's name, without its folder")
    lora_sha256: str
    lora_checked: bool = Field(description="the file was there, and its digest is the one that was measured")
    digests: dict[str, str] = Field(description="sha256 of what the answer rests on")
    verdict: Verdict
    sentence: str
    prescription: tuple[Change, ...] = ()
    against: str | None = None
    results: tuple[Result, ...]
    notes: tuple[str, ...] = ()

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def failed(self) -> list[Result]:
        return [result for result in self.results if result.effect == "error" and result.outcome == "fail"]

    @property
    def unanswered(self) -> list[Result]:
        return [result for result in self.results if result.effect == "error" and result.outcome != "fail"]

    def having(self, *effects: Effect) -> list[Result]:
        """Results by what they count as, worst first, in the policy's order within each."""
        return sorted((result for result in self.results if result.effect in effects), key=gravity)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def exit_code(self) -> int:
        """A failure outweighs an open question."""
        if self.failed:
            return ExitCode.PROBLEM
        return ExitCode.UNDETERMINED if self.unanswered else ExitCode.HEALTHY

    @computed_field  # type: ignore[prop-decorator]
    @property
    def status(self) -> str:
        return STATUS[ExitCode(self.exit_code)]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def counts(self) -> dict[str, int]:
        """How many lines ended how, worst first; they add up to the number of results."""
        return dict(Counter(word_of(result) for result in sorted(self.results, key=gravity)))

    @property
    def headline(self) -> str:
        """`failed: 2 failed, 1 warned, 9 passed`."""
        return f"{self.status}: " + ", ".join(f"{count} {word}" for word, count in self.counts.items())


def gravity(result: Result) -> tuple[int, int]:
    return WORST_FIRST[result.effect], OUTCOMES.index(result.outcome)


def word_of(result: Result) -> str:
    """The one word that a table shows for a result; what has no answer never reads as a pass."""
    if result.effect == "error":
        return "failed" if result.outcome == "fail" else result.outcome
    if result.effect == "pass" and result.outcome != "pass":
        return "tolerated"
    return {"warn": "warned", "pass": "passed", "off": "skipped", "waived": "waived"}[result.effect]
