"""The command `batch`: reports of many LoRAs. The table goes to stderr, JSON or the page's path to stdout."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fluxdiag.commands.beforehand import say_of_another_width, say_of_little_room, say_what_is_missing
from fluxdiag.commands.stages import FailOnSeverity
from fluxdiag.commands.talk import interval, progress, say, table
from fluxdiag.records import ExitCode

if TYPE_CHECKING:
    from fluxdiag.batch import Asked, Opened
    from fluxdiag.batching.records import Batch, Row

TOLD = {"trigger", "references", "captions", "base"}
"""gaps that are said of each LoRA before it is drawn; its report says all"""


def batch(
    manifest: Annotated[
        Path, typer.Argument(help="A CSV with the column `lora`, or a folder of LoRAs.", metavar="MANIFEST", show_default=False)
    ],
    out: Annotated[Path | None, typer.Option(help="Where it goes; runs/NAME-batch unless said. The same call goes on.")] = None,
    base: Annotated[str | None, typer.Option(help="Hub id or folder of the base of those rows that name none.")] = None,
    faces: Annotated[str | None, typer.Option(help="Face pack: a folder or a name; the base's profile says one.")] = None,
    suite: Annotated[str | None, typer.Option(help="Probe suite: a name, quick unless said, or the path of a TOML file.")] = None,
    thorough: Annotated[bool, typer.Option("--thorough", help="Draw the whole suite, also what changes no verdict.")] = False,
    policy: Annotated[str | None, typer.Option(help="Hold each against this gate too: a preset or a TOML file.")] = None,
    gpus: Annotated[
        str | None, typer.Option(help="Cards, one process each: 0,1 as CUDA_VISIBLE_DEVICES has them; `cpu` is one without.")
    ] = None,
    fail_on: FailOnSeverity = "low",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it will take, and stop there.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print batch.json on stdout in place of the page's path.")] = False,
) -> None:
    """Reports of many LoRAs and a page of them all. Exit code 2 where one of them could not be judged."""
    from fluxdiag.batch import Asked, opened, told, written
    from fluxdiag.batching.manifest import read_manifest
    from fluxdiag.batching.workers import places
    from fluxdiag.gating.reading import read_policy
    from fluxdiag.runs import Run, as_json
    from fluxdiag.suites import USUAL

    where = () if gpus is None else places(gpus)
    items = read_manifest(manifest)
    folder = out or Path("runs") / f"{manifest.resolve().stem}-batch"
    asked = Asked(folder, suite or USUAL, thorough, None if policy is None else read_policy(policy), fail_on)
    for name, why in items.skipped.items():
        say(f"not taken: {name}: {why}")
    found = opened(items, asked, base, faces)
    _announce(found, asked, len(where), dry_run)
    if dry_run:
        raise typer.Exit(ExitCode.USAGE if found.rows else ExitCode.HEALTHY)
    folder.mkdir(parents=True, exist_ok=True)
    with Run(folder).alone():
        result = told(items, manifest, asked, _drawn(found, asked, where))
        page = written(result, folder)
    _tell(result)
    print(as_json(result) if json else page, end="" if json else "\n")
    raise typer.Exit(ExitCode(result.exit_code))


def batch_worker(
    card: Annotated[bool, typer.Option("--card", help="End at once where torch finds no card.")] = False,
) -> None:
    """One of `batch --gpus`: LoRAs from stdin, a line of JSON each; answers on stdout."""
    from fluxdiag.batching.workers import serve

    serve(card)


def _announce(found: Opened, asked: Asked, workers: int, dry_run: bool) -> None:
    """What cannot be drawn, what will not fit, and what it all takes. Raises FluxdiagError for a suite that is none."""
    from fluxdiag.batch import cost

    needed = cost(found, asked)
    for row in found.rows:
        say(f"{row.name}: {row.error}")
    for job in found.jobs:
        for gap in sorted(TOLD & job.case.gaps.keys()):
            say(f"note: {job.name}: {gap}: {job.case.gaps[gap]}")
        say_of_another_width(job.case)
    if dry_run:
        for case in {job.case.base: job.case for job in found.jobs}.values():
            say_what_is_missing(case)
    say(needed.sentence(asked.thorough, max(1, workers)))
    if found.jobs:
        say_of_little_room(found.jobs[0].case, asked.out, needed.left.disk_gb)


def _drawn(found: Opened, asked: Asked, where: tuple[str, ...]) -> list[Row]:
    """A line as each is finished; bars where this process itself draws."""
    from fluxdiag.batch import batch as make

    rows, of = [], len(found.jobs) + len(found.rows)
    with nullcontext() if where else progress() as show:
        for row in make(found, asked, where, show):
            rows.append(row)
            verdict = "NOT JUDGED" if row.verdict is None else row.verdict.upper()
            say(f"{len(rows)} of {of}: {row.name}: {verdict}: {row.error or row.sentence}")
    return rows


def _tell(result: Batch) -> None:
    columns = ("LoRA", "verdict", "first cause", "likeness", "trigger effect", "bleed", "gate")
    table(columns, [_line(row) for row in result.worst_first])
    say(", ".join(f"{count} {'not judged' if word == 'error' else word}" for word, count in result.counts.items()))


def _line(row: Row) -> tuple[str, ...]:
    cause = "-" if row.cause is None else row.cause.cause + (f" ({row.cause.direction})" if row.cause.direction else "")
    numbers = map(interval, (row.identity, row.trigger_effect, row.bleed))
    return row.name[:40], row.verdict or "not judged", cause, *numbers, "-" if row.gate is None else row.gate.status
