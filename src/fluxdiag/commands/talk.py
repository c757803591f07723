"""What the commands say while they work, and at their end: on stderr, for stdout is what a program would want to read."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fluxdiag.records import Diagnosis

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress
    from fluxdiag.records import Measurement

LONGEST_LINE = 20_000
"""characters of what is said at once"""
QUIET = 60.0
"""s between two lines of progress in a log"""
WIDE = 160
"""columns of a table that goes to a file, where nothing need be cut"""


def say(text: str) -> None:
    """Names out of files come this way: none of their control characters reaches the terminal."""
    from fluxdiag.reporting.words import text as visible

    print(visible(text, longest=LONGEST_LINE), file=sys.stderr, flush=True)


def summary(diagnosis: Diagnosis) -> None:
    """Verdict, causes, and what to change."""
    say(f"{diagnosis.verdict.upper()}: {diagnosis.sentence}")
    for finding in diagnosis.findings:
        if finding.status == "present":
            direction = f" ({finding.direction})" if finding.direction else ""
            say(f"  {finding.cause}{direction}: {finding.strength} evidence, {finding.severity}")
    for change in diagnosis.prescription:
        say(f"  change {change.setting}: {change.from_ or 'unknown'} -> {change.to}")


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar a stage on stderr, rounds begin it anew; where stderr is no terminal, a line a minute."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _now_and_then()
        return
    with Bars(*columns, console=console, transient=True) as bars:
        stages = {}

        def show(stage: str, done: int, of: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=of)
            bars.update(stages[stage], completed=done + 1, total=of)

        yield show


def _now_and_then() -> Progress:
    """What a log needs to show that the work goes on, and no more."""
    told = time.monotonic()

    def show(stage: str, done: int, of: int) -> None:
        nonlocal told
        if time.monotonic() - told >= QUIET:
            told = time.monotonic()
            say(f"{stage}: {done + 1} of {of}")

    return show


def interval(found: Measurement | None) -> str:
    return "-" if found is None else f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"


def table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """On stderr. What comes from files is made visible; where it goes to no terminal nothing is cut."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    from fluxdiag.reporting.words import text

    table = Table(*(Column(column, no_wrap=True) for column in columns), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(text(cell)) for cell in row))
    terminal = Console(stderr=True, highlight=False)
    console = terminal if terminal.is_terminal else Console(stderr=True, highlight=False, width=WIDE)
    console.print(table)
