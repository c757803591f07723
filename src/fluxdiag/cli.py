"""One short command per verb. Heavy imports stay inside the commands, so that `--help` answers at once.

Progress and summaries go to stderr; what a program would want to read goes to stdout. How commands end is `__main__.py`'s.
"""

from __future__ import annotations

from importlib import metadata
from typing import Annotated

import typer

from fluxdiag.commands.about import demo, doctor, explain
from fluxdiag.commands.batch import batch, batch_worker
from fluxdiag.commands.calibrate import calibrate
from fluxdiag.commands.captions import app as captions
from fluxdiag.commands.compare import compare
from fluxdiag.commands.cure import retrain
from fluxdiag.commands.dataset import app as dataset
from fluxdiag.commands.file import convert, inspect
from fluxdiag.commands.gate import Gate, gate
from fluxdiag.commands.repair import repair, sweep
from fluxdiag.commands.report import report
from fluxdiag.commands.stages import diagnose, gather, measure

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Find out why a FLUX.1 character LoRA failed in silence, and what to change.",
    epilog="Exit codes: 0 healthy, 1 a problem, 2 a mistake in the call or the input, 3 undetermined, 70 a bug in fluxdiag.",
)


def _say_version(asked: bool) -> None:
    if asked:
        print(f"fluxdiag {metadata.version('fluxdiag')}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version it is.")
    ] = False,
) -> None:
    pass


for command in (
    report, batch, inspect, convert, gate, retrain, compare, repair, sweep, calibrate,
    gather, measure, diagnose, explain, doctor, demo,
):  # fmt: skip
    app.command(cls=Gate if command is gate else None)(command)
app.command(hidden=True)(batch_worker)
app.add_typer(captions, name="captions", short_help="Find and remove what captions say of the person's looks.")
app.add_typer(dataset, name="dataset", short_help="What is wrong with the training photos; no GPU.")
