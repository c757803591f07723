"""The commands that need nothing but the file: `inspect` and `convert`. Page, JSON and path go to stdout, remarks to stderr."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from fluxdiag.records import ExitCode

Lora = Annotated[Path, typer.Argument(help="The LoRA (.safetensors), in whatever dialect.", metavar="LORA")]


def inspect(
    lora: Lora,
    dataset: Annotated[
        Path | None, typer.Option(help="Folder of the training photos and captions, or a trainer's config that names it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout in place of the page.")] = False,
) -> None:
    """File, header, spectrum and what lies beside: seconds, no GPU. Ends with 1 for a problem that is high or critical."""
    from fluxdiag.inspect import inspect as look

    found = look(lora, dataset)
    if as_json:
        from fluxdiag.runs import as_json as utf8_json

        print(json.dumps(json.loads(utf8_json(found)), indent=2))  # ASCII: nothing that a terminal obeys
    else:
        from rich.console import Console

        from fluxdiag.reporting.inspection import show

        show(found, Console(highlight=False))
    grave = any(problem.severity in ("critical", "high") for problem in found.problems)
    raise typer.Exit(ExitCode.PROBLEM if grave else ExitCode.HEALTHY)


def convert(
    lora: Lora,
    to: Annotated[Literal["diffusers", "kohya"], typer.Option(help="The dialect to write: ComfyUI and Forge load both.")],
    out: Annotated[Path | None, typer.Option(help="The new file; NAME-DIALECT.safetensors beside the LoRA unless said.")] = None,
    rank: Annotated[int | None, typer.Option(help="Cut every layer to this rank; makes LoHa and LoKr plain LoRA.")] = None,
) -> None:
    """Write the same LoRA in a dialect that your program loads."""
    from fluxdiag.convert import convert as rewrite
    from fluxdiag.reporting.words import text

    written = rewrite(lora, to, out, rank)
    for remark in (*written.notes, f"{written.tensors} tensors, {written.dtype}"):
        print(text(remark), file=sys.stderr)
    print(written.path)
