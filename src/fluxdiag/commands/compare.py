"""The command `compare`: did it help? The table goes to stderr, JSON to stdout, the page to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fluxdiag.commands.talk import say


def compare(
    before: Annotated[Path, typer.Argument(help="The run folder of the LoRA before.", metavar="A")],
    after: Annotated[Path, typer.Argument(help="The run folder of the LoRA after, with the same probes.", metavar="B")],
    json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write a page with the pictures side by side here.")] = None,
) -> None:
    """Two runs of the same probes: exit code 0 better or equal, 1 worse, 2 not comparable, 3 open."""
    from fluxdiag.compare import compare as lay_side_by_side
    from fluxdiag.compare import write_page
    from fluxdiag.comparing.terminal import terminal
    from fluxdiag.records import ExitCode
    from fluxdiag.runs import Run, as_json

    runs = Run(before), Run(after)
    compared = lay_side_by_side(*runs)
    say(terminal(compared))
    if out is not None:
        say(f"page: {write_page(compared, *runs, out)}")
    if json:
        print(as_json(compared), end="")
    raise typer.Exit(ExitCode(compared.exit_code))
