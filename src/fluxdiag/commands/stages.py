"""The stages of a run one by one: `gather`, `measure`, `diagnose`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fluxdiag.commands.talk import progress, say, summary
from fluxdiag.records import Severity
from fluxdiag.runs import Run
from fluxdiag.verdict import exit_code

RunFolder = Annotated[Path, typer.Argument(help="A run folder, as `fluxdiag report` makes it.", metavar="RUN")]
SuiteName = Annotated[str, typer.Option(help="Probe suite: a name (quick) or the path of a TOML file.")]
Decide = Annotated[bool, typer.Option("--decide", help="Make the one measurement that would tell two causes apart.")]
FailOnSeverity = Annotated[Severity, typer.Option(help="The least severity of a cause that makes the exit code 1.")]


def gather(folder: RunFolder, suite: SuiteName = "quick", decide: Decide = False) -> None:
    """Draw and score what is missing: the one stage for a GPU."""
    from fluxdiag.decide import decide as make_decider
    from fluxdiag.gather import gather as gather_run

    run, told = Run(folder), None
    with progress() as show:
        if decide:
            told = make_decider(run, suite, show)
        else:
            gather_run(run, suite, show)
    if told is not None:
        say(told)
        summary(run.diagnosis())
    info = run.gather_info()
    say(f"{info.shots} pictures, {info.modules_adapted} adapted layers, {info.seconds.get('all', 0):.0f} s")


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
