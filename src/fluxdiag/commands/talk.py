"""What the commands say while they work, and at their end: on stderr, for stdout is what a program would want to read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fluxdiag.records import SEVERITIES, Diagnosis, ExitCode, Severity

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress

LONGEST_LINE = 20_000
"""characters of what is said at once"""


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


def exit_code(diagnosis: Diagnosis, fail_on: Severity) -> ExitCode:
    """A problem is a cause that is present at `fail_on` or above, or pictures that are wrong without a known cause."""
    if diagnosis.verdict == "undetermined":
        return ExitCode.UNDETERMINED
    if diagnosis.verdict == "healthy":
        return ExitCode.HEALTHY
    present = [finding for finding in diagnosis.findings if finding.status == "present"]
    grave = not present or any(SEVERITIES.index(finding.severity) <= SEVERITIES.index(fail_on) for finding in present)
    return ExitCode.PROBLEM if grave else ExitCode.HEALTHY


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar a stage on stderr, rounds begin it anew; nothing of it where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        stages = {}

        def show(stage: str, done: int, of: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=of)
            bars.update(stages[stage], completed=done + 1, total=of)

        yield show
