"""The commands that need no LoRA of yours: `explain`, `doctor`, `demo`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from fluxdiag.commands.talk import progress, say, summary
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import ExitCode

WIDEST = 120
"""characters of a line that are still read with ease"""


def explain(
    cause: Annotated[str | None, typer.Argument(help="The machine name of a cause; none lists them.", metavar="CAUSE")] = None,
) -> None:
    """What a cause means, why it happens and how it is told."""
    from inspect import cleandoc
    from shutil import get_terminal_size
    from textwrap import fill

    from fluxdiag.registry import rules

    known = {rule.cause: rule for rule in rules()}
    if cause is None:
        for rule in known.values():
            print(f"{rule.cause:26} {rule.severity:9} {rule.title}")
        return
    if cause not in known:
        raise FluxdiagError("there is no such cause", where=cause, do=f"Known causes: {', '.join(known)}")
    width = min(get_terminal_size((WIDEST, 24)).columns, WIDEST)
    told = (f"{known[cause].title} ({cause}, {known[cause].severity})", *cleandoc(known[cause].text).split("\n\n"))
    print("\n\n".join(fill(" ".join(paragraph.split()), width) for paragraph in told))


def doctor(
    base: Annotated[str | None, typer.Option(help="Hub id or folder of the base to look for.")] = None,
    faces: Annotated[str | None, typer.Option(help="Face pack to look for, where it is not the profile's.")] = None,
) -> None:
    """Is this machine ready? What is missing, and how to mend it."""
    from fluxdiag.doctor import examine

    checks = examine(base, faces or os.environ.get("FLUXDIAG_FACES"))
    for check in checks:
        print(f"{'ok  ' if check.ok else 'BAD ' if check.needed else 'note'} {check.what}: {check.found}")
        if check.repair:
            print(f"     repair: {check.repair}")
    raise typer.Exit(ExitCode.USAGE if any(check.needed and not check.ok for check in checks) else ExitCode.HEALTHY)


def demo(out: Annotated[Path, typer.Option(help="Where the two run folders go.")] = Path("runs/demo")) -> None:
    """Diagnose the laboratory's two examples: one healthy, one not."""
    from fluxdiag.demo import run_demo

    with progress() as show:
        for name, diagnosis, page in run_demo(out, show):
            say(f"\n{name}")
            summary(diagnosis)
            print(page)
