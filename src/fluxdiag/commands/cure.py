"""The command `retrain`. The diff and the checks go to stderr, paths to stdout."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fluxdiag.commands.talk import say
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import ExitCode
from fluxdiag.runs import Run

if TYPE_CHECKING:
    from rich.console import Console

    from fluxdiag.retrain import Plan, Prepared, Report
    from fluxdiag.trainers.contract import TrainingProgress

TrainerName = Literal["builtin", "ai-toolkit", "kohya"]
RunFolder = Annotated[Path, typer.Argument(help="A run folder, as `fluxdiag report` makes it.", metavar="RUN")]
Folder = Path | None


def retrain(
    run: RunFolder,
    trainer: Annotated[TrainerName | None, typer.Option(help="Who trains; the base's usual one unless said.")] = None,
    out: Annotated[Folder, typer.Option(help="Folder of the new training; RUN-retrained unless said. Resumes.")] = None,
    launch: Annotated[bool, typer.Option("--launch", help="Train now; without it only the folder is written.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Make also the changes that are marked as not safe.")] = False,
    captionless: Annotated[
        bool, typer.Option("--captionless", help="The quick experiment instead: few photos, no captions.")
    ] = False,
    dataset: Annotated[Folder, typer.Option(help="Train on the photos of this folder instead of the run's.")] = None,
    regularisation: Annotated[Folder, typer.Option(help="Pictures of ordinary people; else the base draws them.")] = None,
    trainer_home: Annotated[Folder, typer.Option(help="The checkout of ai-toolkit or sd-scripts.")] = None,
    trainer_python: Annotated[Folder, typer.Option(help="The python of its environment.")] = None,
) -> None:
    """The prescription as a new training: the diff, the config, the run."""
    from fluxdiag.curing.captionless import plan as plan_captionless
    from fluxdiag.retrain import Nothing, Options, plan

    if captionless:
        _refuse_idle(accept, regularisation)
    options = Options(
        trainer=trainer,
        out=out,
        accept=accept,
        regularisation=regularisation,
        dataset=dataset,
        home=trainer_home,
        python=trainer_python,
    )
    planned = (plan_captionless if captionless else plan)(Run(run), options)
    if isinstance(planned, Nothing):
        say(planned.sentence)
        raise typer.Exit(ExitCode.UNDETERMINED if planned.undetermined else ExitCode.HEALTHY)
    _show(planned)
    _refuse_without_change(planned)
    if launch:
        _launch(planned)
    else:
        _prepare(planned)


def _refuse_idle(accept: bool, regularisation: Folder) -> None:
    """The experiment carries nothing out of the prescription, and shows nobody else. Raises FluxdiagError."""
    given = {"--accept": accept, "--regularisation": regularisation is not None}
    idle = " and ".join(option for option, said in given.items() if said)
    if idle:
        what = f"the captionless run would pass {idle} over: it asks only whether the person appears without captions"
        raise FluxdiagError(what, where="--captionless", do="Leave it out, or retrain without --captionless")


def _refuse_without_change(planned: Plan) -> None:
    """The same training again would end the same. Raises FluxdiagError that says what only the user can bring or allow."""
    if planned.applied or planned.kind == "captionless":
        return
    wanted = [left for left in planned.left if left.needs_user]
    what = "; ".join(left.why for left in wanted or planned.left)
    raise FluxdiagError(f"nothing of this can be trained yet: {what}", where=planned.run.folder.name)


def _show(planned: Plan) -> None:
    from fluxdiag.reporting.retraining import show

    show(planned, _console())


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _prepare(planned: Plan) -> None:
    from fluxdiag.reporting.retraining import show_checks
    from fluxdiag.retrain import check, prepare

    prepared = prepare(planned)
    _say_edited(prepared)
    show_checks(check(planned), _console())
    if planned.to_draw:
        say(f"{planned.to_draw} pictures of ordinary people are drawn by the base at --launch")
    say("nothing was started; the same command with --launch trains")
    for file in prepared.files:
        print(file)


def _say_edited(prepared: Prepared) -> None:
    for name in prepared.edited:
        say(f"{name} was edited, so it is not written again")


def _launch(planned: Plan) -> None:
    from fluxdiag.retrain import launch, prepare

    _say_edited(prepare(planned))
    with _bars() as (report, progress):
        done = launch(planned, report, progress)
    assert done.result is not None
    for problem in done.result.problems:
        say(f"note: {problem}")
    print(planned.out / done.result.file)
    if planned.kind == "captionless":
        _probe(planned)
    else:
        say(f"next: {shlex.join(_next(planned, planned.out / done.result.file))}")


def _next(planned: Plan, file: Path) -> tuple[str, ...]:
    """The call that asks the new LoRA what the first was asked, so that the two can be compared."""
    case = planned.run.case()
    faces = () if case.face_pack is None else ("--faces", case.face_pack)
    strength = () if case.strength == 1 else ("--strength", f"{case.strength:g}")
    return ("fluxdiag", "report", str(file), "--base", planned.recipe.base, *faces, *strength, *_suite(planned.run))


def _suite(run: Run) -> tuple[str, ...]:
    """The suite of the first pictures; in capitals, and with the reason, where it is no longer to be had."""
    from fluxdiag.gather import own_suite
    from fluxdiag.suites import USUAL

    try:
        name = own_suite(run)
    except FluxdiagError as error:
        say(f"note: {error}")
        name = "SUITE"
    return () if name == USUAL else ("--suite", name)


def _probe(planned: Plan) -> None:
    """What the experiment says, into the run that asked for it."""
    from fluxdiag.retrain import probe

    with _bars() as (report, _):
        outcome = probe(planned, report)
    say(outcome.sentence)
    print(planned.run.captionless_file)


@contextmanager
def _bars() -> Iterator[tuple[Report, Callable[[TrainingProgress], None]]]:
    """A bar a stage on stderr; where stderr is no terminal, a line at every tenth of the training."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:18}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_console(), transient=True, disable=not sys.stderr.isatty()) as bars:
        stages = {}
        told = -1

        def show(stage: str, done: int, of: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=of)
            bars.update(stages[stage], completed=done, total=of)

        def report(stage: str, done: int, of: int) -> None:
            show(stage, done + 1, of)  # told as one is begun, the last one as `of - 1`; trainers tell of steps that are done

        def progress(at: TrainingProgress) -> None:
            nonlocal told
            loss = "" if at.loss is None else f", loss {at.loss:.4g}"
            show("training", at.step, at.steps)
            bars.update(stages["training"], description=f"training{loss}")
            tenth = 10 * at.step // max(1, at.steps)
            if not sys.stderr.isatty() and tenth > told:
                told = tenth
                left = "" if at.eta_seconds is None else f", {at.eta_seconds:.0f} s left"
                say(f"step {at.step} of {at.steps}{loss}{left}")

        yield report, progress
