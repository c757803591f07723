"""LoRAs one after the other in this process. What stops one of them is said of that one; the base stays loaded for the next."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.batching.records import Answer, Job
from fluxdiag.errors import FluxdiagError, of_the_machine
from fluxdiag.flow import examine
from fluxdiag.runs import Run

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Held, Progress

A_BUG = "a bug in fluxdiag"


class Drawing:
    """One base at a time: two of FLUX.1's size fit no card."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.progress = progress
        self._base: str | None = None
        self._held: Held | None = None

    def drawn(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Answer]]:
        for job in jobs:
            yield job, self.answer(job)

    def answer(self, job: Job) -> Answer:
        """A runner, so it catches: a night's work must not end with the third LoRA."""
        try:
            examine(job.case, Run(Path(job.folder)), job.suite, self.progress, job.thorough, self._of(job.case.base))
        except FluxdiagError as mistake:
            return Answer(error=str(mistake))
        except Exception as error:
            self._base, self._held = None, None  # whatever state the model was left in goes with it
            told = of_the_machine(error)
            if told is None:
                traceback.print_exc()
            return Answer(error=told or f"{A_BUG}: {type(error).__name__}: {error}", bug=told is None)
        return Answer()

    def _of(self, base: str) -> Held:
        """Texts of the LoRA before hold its trigger, so nobody will ask for them again: 4 MB each with FLUX.1."""
        from fluxdiag.engines.studio import Held

        if self._held is None or base != self._base:
            self._held = None  # let go before the next is loaded
            self._base, self._held = base, Held()
        self._held.texts.clear()
        return self._held
