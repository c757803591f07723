"""The stages of a run one by one: `gather`, `measure`, `diagnose`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fluxdiag.commands.talk import progress, say, summary
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import Severity
from fluxdiag.runs import Run
from fluxdiag.verdict import exit_code

RunFolder = Annotated[Path, typer.Argument(help="A run folder, as `fluxdiag report` makes it.", metavar="RUN")]
OwnSuite = Annotated[str | None, typer.Option(help="Probe suite: a name or the path of a TOML file; the run's own unless said.")]
Thorough = Annotated[bool, typer.Option("--thorough", help="Draw the whole suite, also what changes no verdict.")]
Decide = Annotated[bool, typer.Option("--decide", help="Make the measurement that would decide between causes.")]
FailOnSeverity = Annotated[Severity, typer.Option(help="The least severity of a cause that makes the exit code 1.")]


def gather(folder: RunFolder, suite: OwnSuite = None, thorough: Thorough = False, decide: Decide = False) -> None:
    """Draw and score what is missing: the one stage for a GPU."""
    run = Run(folder)
    if decide:
        _decide(run, suite, thorough)
    else:
        _gather(run, suite, thorough)
    info = run.gather_info()
    say(f"{info.shots} pictures, {info.modules_adapted} adapted layers, {info.seconds.get('all', 0):.0f} s")


def _gather(run: Run, suite: str | None, thorough: bool) -> None:
    """As much as `report` would draw of the suite: all of it only where that is asked for, or was drawn before."""
    from fluxdiag.commands.beforehand import say_cost
    from fluxdiag.gather import asked_of, gather, last_gathering, own_suite

    case, asked, last = run.case(), suite or own_suite(run), last_gathering(run)
    whole = thorough or (last is not None and last.stopped is None)
    say(f"suite {asked}" + ("" if suite or last else ", the usual one: no finished gathering tells another"))
    say_cost(case, run, asked_of(run, asked), whole)
    with progress() as show:
        info = gather(run, asked, show, whole)
    if info.stopped is not None:
        say(info.stopped.sentence)


def _decide(run: Run, suite: str | None, thorough: bool) -> None:
    """Raises FluxdiagError for `--thorough`, which draws more than what decides."""
    from fluxdiag.decide import decide

    if thorough:
        what = "--decide draws what decides and nothing else, so --thorough would be passed over"
        raise FluxdiagError(what, where=str(run.folder), do="Leave one of them out")
    with progress() as show:
        told = decide(run, suite, show, say)
    say(told)
    summary(run.diagnosis())


def measure(folder: RunFolder) -> None:
    """Turn pictures into numbers with intervals: evidence.json."""
    from fluxdiag.measure import measure as measure_run

    evidence = measure_run(Run(folder))
    say(f"{len(evidence.measurements)} measurements, {len(evidence.gaps)} gaps")


def diagnose(folder: RunFolder, fail_on: FailOnSeverity = "low") -> None:
    """Judge the numbers: diagnosis.json. Milliseconds, so rules can be changed and tried."""
    from fluxdiag.diagnose import diagnose as judge_run

    diagnosis = judge_run(Run(folder))
    _note_missing_weights(Run(folder))
    summary(diagnosis)
    raise typer.Exit(exit_code(diagnosis, fail_on))


def _note_missing_weights(run: Run) -> None:
    """Weights of evidence lie in the base's folder: without it thresholds judge, and may judge otherwise."""
    from fluxdiag.profiles import load_profile
    from fluxdiag.weighing.calibration import calibration_file

    case = run.case()
    if calibration_file(case.base) is None and load_profile(case.base).name != case.profile:
        say(f"note: {case.base} is not here, so weights of evidence that it may have are not used: cited thresholds judge")
