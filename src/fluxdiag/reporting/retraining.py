"""A planned training on a terminal: the diff in the trainer's own words, what it is held to, what stays as it was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from fluxdiag.reporting.words import text as visible

if TYPE_CHECKING:
    from fluxdiag.checks import Check
    from fluxdiag.curing.planning import Plan
    from fluxdiag.curing.showing import Row

LONG = 160
"""characters of a caption or a path"""


def show(planned: Plan, console: Console) -> None:
    """Everything from files is plain text here, never markup."""
    what = "The captionless experiment" if planned.kind == "captionless" else "The changed training"
    _heading(console, f"{what}: {planned.trainer.name}, {len(planned.copies)} photos, {planned.recipe.steps} steps")
    _line(console, f"into {planned.out}; the photos are copies, your own stay as they are")
    for row in (row for row in planned.rows if row.known):
        _row(console, row)
    if assumed := [row.after for row in planned.rows if not row.known]:
        _line(console, f"not known of the first training, so the guide's: {'; '.join(assumed)}", "dim")
    if planned.applied:
        _heading(console, "What the next run is held to")
    for applied in planned.applied:
        _line(console, applied.setting + (": " if applied.predictions else ": moves nothing that was measured as wrong"))
        for prediction in applied.predictions:
            console.print(Padding(Text(prediction.sentence), (0, 0, 0, 4)))
    for unsafe in (applied for applied in planned.applied if not applied.safe):
        _line(console, f"not a safe change, accepted: {unsafe.setting}", "yellow")
    if planned.left:
        _heading(console, "Prescribed, and not carried out")
    for left in planned.left:
        _line(console, f"{left.setting} -> {left.to}: {left.why}", "yellow")
    for remark in planned.remarks:
        _line(console, f"note: {remark}", "dim")


def show_checks(checks: Iterable[Check], console: Console) -> None:
    _heading(console, "Can it run here?")
    for check in checks:
        _line(console, f"{'ok ' if check.ok else 'BAD' if check.needed else '-  '} {check.what}: {check.found}")
        if check.repair and not check.ok:
            _line(console, f"    repair: {check.repair}")


def _row(console: Console, row: Row) -> None:
    before = "(not known)" if row.before is None else row.before
    console.print(Padding(Text(f"- {visible(before, longest=LONG)}", "red"), (0, 0, 0, 2)))
    console.print(Padding(Text(f"+ {visible(row.after, longest=LONG)}", "green"), (0, 0, 0, 2)))
    if row.because:
        console.print(Padding(Text(visible(row.because, longest=LONG * 2), "dim"), (0, 0, 0, 6)))


def _heading(console: Console, said: str) -> None:
    console.print()
    console.print(Text(visible(said, longest=LONG * 2), "bold"))


def _line(console: Console, said: str, style: str = "") -> None:
    console.print(Padding(Text(visible(said, longest=LONG * 4), style), (0, 0, 0, 2)))
