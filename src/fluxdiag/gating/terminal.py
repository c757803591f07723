"""The gate's answer for someone at a terminal: what blocks first, then warnings, then how many passed."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.gating.result import GateResult, Result, word_of
from fluxdiag.gating.words import line


def terminal(gate: GateResult) -> str:
    shown = gate.having("error", "warn", "waived", "pass", "off")
    width = max((len(_name(result)) for result in shown), default=0)
    rows = [row for result in shown for row in _rows(result, width)]
    notes = [f"note: {line(note)}" for note in gate.notes]
    return "\n".join([f"gate {line(gate.policy)} on {line(gate.lora)}", *rows, *notes, f"gate {gate.headline}"])


def _rows(result: Result, width: int) -> Iterator[str]:
    """Other people's text never stands first on a line: `::` there is a command to GitHub's runner."""
    needs = f"  (needs {line(result.needs)})" if result.needs else ""
    yield f"  {word_of(result):12} {_name(result):{width}}  {line(result.found or '-')}{needs}"
    answered = result.outcome == "pass" and not result.of
    for said in ("" if answered else result.why, result.waived and f"waived: {result.waived}"):
        if said:
            yield f"  {'':12} {'':{width}}  - {line(said)}"


def _name(result: Result) -> str:
    return f"change of {result.id}" if result.kind == "regression" else result.id
