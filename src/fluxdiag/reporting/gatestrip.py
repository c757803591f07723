"""The publishing gate's answer for the page: one strip on the first screen, every line further down."""

from __future__ import annotations

from dataclasses import dataclass

from fluxdiag.errors import FluxdiagError
from fluxdiag.gate import gate
from fluxdiag.gating.reading import read_policy
from fluxdiag.gating.result import GateResult, Result, word_of
from fluxdiag.runs import Run

POLICY = "marketplace"
"""the gate command's own default"""
EVERY_EFFECT = ("error", "warn", "waived", "pass", "off")


@dataclass(frozen=True)
class Strip:
    """`result` is None where the gate could not judge; that is never a pass."""

    policy: str
    result: GateResult | None
    why_none: str = ""

    @property
    def state(self) -> str:
        """`yes`, `no` or `unclear`, as the icons have it."""
        status = "undetermined" if self.result is None else self.result.status
        return {"passed": "yes", "failed": "no"}.get(status, "unclear")

    @property
    def lines(self) -> list[tuple[str, Result]]:
        """(word, line of the policy), worst first."""
        found = [] if self.result is None else self.result.having(*EVERY_EFFECT)  # type: ignore[arg-type]
        return [(word_of(result), result) for result in found]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines ended how, worst first."""
        return {} if self.result is None else self.result.counts

    @property
    def failing(self) -> list[str]:
        """The ids that block, for the strip."""
        return [] if self.result is None else [result.id for result in (*self.result.failed, *self.result.unanswered)]

    @property
    def warning(self) -> list[str]:
        """The ids of the lines that only warn: what is wrong and does not block here is not to look like a pass."""
        return [] if self.result is None else [result.id for result in self.result.having("warn")]


def strip_of(run: Run, others: frozenset[str]) -> Strip:
    """`others`: ids of the pictures that are not the ones that were measured, as showing them has found."""
    try:
        return Strip(POLICY, gate(run, read_policy(POLICY), others=others))
    except FluxdiagError as error:
        return Strip(POLICY, None, error.what)
