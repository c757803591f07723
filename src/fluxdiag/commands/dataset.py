"""`fluxdiag dataset audit`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fluxdiag.commands.talk import progress
from fluxdiag.records import ExitCode

if TYPE_CHECKING:
    from fluxdiag.dataset.audit.records import Audit

MOST_LINES = 50
"""of one check in a terminal"""

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="The photos of a training set, judged before anything is trained."
)


@app.callback()
def dataset() -> None:
    """The photos of a training set, judged before anything is trained."""


@app.command()
def audit(
    source: Annotated[Path, typer.Argument(help="Folder, zip bundle, or a trainer's config that names folders.", metavar="D")],
    references: Annotated[
        Path | None, typer.Option(help="Folder of photos that are to judge the LoRA: which were trained on?")
    ] = None,
    trigger: Annotated[str | None, typer.Option(help="The phrase that the captions use, such as `ohwx woman`.")] = None,
    base: Annotated[str | None, typer.Option(help="Hub id or folder of the base: its size, face pack and CLIP.")] = None,
    faces: Annotated[str | None, typer.Option(help="Face pack: a folder or a name; the base's profile says one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    html: Annotated[Path | None, typer.Option(help="Where the page with pictures goes.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="A new folder for keep.txt, the shopping list, the split and the page.")
    ] = None,
) -> None:
    """What is wrong with the photos, which to keep, which to take more of. Exit code 1 from severity high on."""
    from fluxdiag.audit import Models, as_line
    from fluxdiag.audit import audit as audit_set
    from fluxdiag.audit_page import refuse_to_overwrite, write
    from fluxdiag.dataset.audit.cache import Cache
    from fluxdiag.dataset.outside import refuse_inside
    from fluxdiag.gathering.base_cache import photo_cache_folder
    from fluxdiag.profiles import chosen_base, load_profile

    where = chosen_base(base)
    models = Models.of(load_profile(where), where, faces or os.environ.get("FLUXDIAG_FACES"))
    cache = Cache(photo_cache_folder())
    refuse_to_overwrite(html, out)
    for option, place in (("--html", html), ("--out", out)):
        if place is not None:
            refuse_inside(source, place, option)
    with progress() as show:
        result = audit_set(source, models, references=references, trigger=trigger, cache=cache, progress=show)
        if html is not None or out is not None:
            write(result, html, out)
    print(as_line(result.audit)) if as_json else _show(result.audit)
    for written in filter(None, (html, out)):
        typer.echo(f"written: {written}", err=True)
    raise typer.Exit(ExitCode.PROBLEM if result.audit.worst in ("critical", "high") else ExitCode.HEALTHY)


def _show(result: Audit) -> None:
    """The terminal page: what the set is worth, then check by check a line for each file."""
    from itertools import groupby

    from rich.console import Console
    from rich.text import Text

    from fluxdiag.audit_page import summary
    from fluxdiag.printable import printable

    colours = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}
    console = Console(soft_wrap=True, highlight=False)
    for line in summary(result):
        console.print(Text(printable(line)))
    for name, found in groupby(result.findings, key=lambda one: one.check):
        text = result.checks[name]
        console.print(Text(f"\n{text.severity.upper():8} {text.title}", style=colours[text.severity]))
        lines = list(found)
        for one in lines[:MOST_LINES]:
            files = ", ".join(printable(file) for file in one.files[:8]) + (
                f" and {len(one.files) - 8} more" if len(one.files) > 8 else ""
            )
            console.print(Text(f"    {files}: {printable(one.says)}" if files else f"    {printable(one.says)}"))
        if len(lines) > MOST_LINES:
            console.print(Text(f"    and {len(lines) - MOST_LINES:,} more, all in --json"))
        console.print(Text(f"    -> {text.do}", style="bold"))
    if result.shopping_list:
        console.print(Text("\nShopping list", style="bold"))
        for line in result.shopping_list:
            console.print(Text(f"    {printable(line)}"))
