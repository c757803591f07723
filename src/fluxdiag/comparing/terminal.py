"""The table for people: what shows in the pictures, then what was promised."""

from __future__ import annotations

from fluxdiag.comparing.changes import JUDGED
from fluxdiag.comparing.page import HELD, STATES, TITLES
from fluxdiag.comparing.records import Changed, Compared, Promise
from fluxdiag.records import Measurement
from fluxdiag.reporting.words import interval_of, last_part, number, reason, value_of


def terminal(compared: Compared) -> str:
    """Aligned lines without a control character: names come from other people's files."""
    sides = (("before", compared.before), ("after", compared.after))
    head = [f"{when:7} {last_part(one.lora)}: {one.verdict}. {reason(one.sentence)}" for when, one in sides]
    rows = [_row(changed) for key in JUDGED for changed in compared.changes if changed.key == key]
    promised = [f"promised by {reason(compared.promised_by)}:", *map(_promise, compared.promises)] if compared.promises else []
    remarks = [f"note: {reason(remark)}" for remark in compared.remarks]
    answer = f"{TITLES[compared.answer]}. {reason(compared.sentence)}"
    return "\n".join([*head, "", *_aligned([HEAD, *rows]), "", *promised, *([""] if promised else []), *remarks, answer])


HEAD = ("measurement", "before", "after", "change", "95% interval", "answer")


def _row(changed: Changed) -> tuple[str, ...]:
    sides = _value(changed.before), _value(changed.after)
    if changed.change is None:
        return (changed.key, *sides, "-", "-", reason(changed.why))
    excuse = f", {changed.excuse}" if changed.excuse else ""
    return (changed.key, *sides, value_of(changed.change), interval_of(changed.change), STATES[changed.state] + excuse)


def _value(found: Measurement | None) -> str:
    return "-" if found is None else value_of(found)


def _promise(one: Promise) -> str:
    side = "above" if one.way == "rise" else "below"
    by = f", by {number(one.by)} or more" if one.by > 0 else ""
    return f"  {HELD[one.held]:13} {one.key} to {side} {number(one.line)}{by}: {one.sentence}"


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
