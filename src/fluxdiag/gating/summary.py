"""The gate's answer on the page of a GitHub job. Under 20 KB: GitHub drops a summary whole when it is too large."""

from __future__ import annotations

from collections.abc import Iterable

from fluxdiag.gating.result import GateResult, Result, word_of
from fluxdiag.gating.words import code, plain

LARGEST = 20_000
"""bytes; GitHub allows a step 1 MiB, but this is read at a glance"""
MOST_ROWS = 60
MARKS = {
    "failed": "❌",
    "undetermined": "❔",
    "unmeasured": "❔",
    "warned": "⚠️",
    "waived": "➖",
    "skipped": "➖",
    "tolerated": "➖",
    "passed": "✅",
}


def summary(gate: GateResult) -> str:
    """Sections in order of weight; from the end, those that do not fit are left out and it says so."""
    sections = [_head(gate), _fix(gate), *_lines(gate), _notes(gate)]
    whole = [section for section in sections if section]
    while len("\n\n".join(whole).encode()) > LARGEST - 200:
        whole = [*whole[:-2], "More is in the JSON and the report; it did not fit here."]
    return "\n\n".join(whole) + "\n"


def no_answer(why: str) -> str:
    """Where the gate could not judge (exit code 2)."""
    return f"### {MARKS['failed']} fluxdiag gate: no answer\n\n{code(why)}\n"


def _head(gate: GateResult) -> str:
    counted = ", ".join(f"{count} {word}" for word, count in gate.counts.items())
    return (
        f"### {MARKS[gate.status]} fluxdiag gate: {gate.status}\n\n{code(gate.sentence)}\n\n"
        f"{counted}. Policy {code(gate.policy)}, file {code(gate.lora)}, sha256 {code(gate.lora_sha256)}."
    )


def _fix(gate: GateResult) -> str:
    changes = gate.prescription[:3]
    rows = [f"- {code(c.setting)}: {code(c.from_ or 'unknown')} → {code(c.to)}" for c in changes]
    return "\n".join(["**What to change**", "", *rows]) if rows else ""


def _lines(gate: GateResult) -> Iterable[str]:
    loud, quiet = gate.having("error", "warn", "waived"), gate.having("pass", "off")
    if loud:
        yield table(loud[:MOST_ROWS]) + _rest(loud)
    whys = [f"- {code(result.id)}: {code(result.waived or result.why)}" for result in loud if result.waived or result.why]
    if whys:
        yield "\n".join(whys[:MOST_ROWS])
    if quiet:
        rows = f"{table(quiet[:MOST_ROWS])}{_rest(quiet)}"
        yield f"<details><summary>{len(quiet)} more: passed, tolerated or skipped</summary>\n\n{rows}\n\n</details>"


def _rest(results: list[Result]) -> str:
    return f"\n\nand {len(results) - MOST_ROWS} more." if len(results) > MOST_ROWS else ""


def _notes(gate: GateResult) -> str:
    return "\n".join(f"- {code(note)}" for note in gate.notes[:20])


def table(results: Iterable[Result]) -> str:
    """Ids, numbers and our own words only; other people's text stands in code spans outside tables."""
    rows = [f"| {_mark(result)} | {plain_id(result)} | {plain(result.found)} | {plain(result.needs)} |" for result in results]
    return "\n".join(["| | line | found | needed |", "|---|---|---|---|", *rows])


def _mark(result: Result) -> str:
    word = word_of(result)
    return f"{MARKS[word]} {word}"


def plain_id(result: Result) -> str:
    """Patterns hold asterisks, which are emphasis outside a code span; ids hold nothing else that is markup."""
    change = "change of " if result.kind == "regression" else ""
    return f"{change}`{''.join(c for c in result.id if c not in '`|')}`"
