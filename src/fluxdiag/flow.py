"""All stages in order, as `fluxdiag report` runs them; what is gathered already is not gathered again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fluxdiag.diagnose import diagnose
from fluxdiag.errors import WeightsMissing
from fluxdiag.gather import gather, is_gathered, start
from fluxdiag.measure import measure
from fluxdiag.records import Case, Diagnosis
from fluxdiag.report import render
from fluxdiag.runs import Run
from fluxdiag.suites import load_suite

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Held, Progress


def examine(
    case: Case,
    run: Run,
    suite: str = "quick",
    progress: Progress | None = None,
    thorough: bool = True,
    held: Held | None = None,
) -> Diagnosis:
    """From the case to the report in the run folder. Raises RunMismatch for another LoRA's folder, WeightsMissing.

    Unless `thorough` no more is drawn than the verdict needs. `held` is the base, loaded by an earlier call or by this one.
    """
    opened = start(run, case)
    if not is_gathered(run, load_suite(suite)[1], thorough):
        try:
            gather(run, suite, progress, thorough, held=held)
        except WeightsMissing:
            if opened:
                run.withdraw()
            raise
    measure(run)
    diagnosis = diagnose(run)
    render(run)
    return diagnosis
