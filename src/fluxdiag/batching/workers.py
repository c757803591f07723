"""One process a card. Each is handed one LoRA at a time, so a slow one holds nobody up, and each loads the base once.

A job is a line of JSON on a worker's stdin, its answer a line on its stdout; what it says meanwhile goes into a file of its own.
A worker that dies takes no more: its LoRA's row says why, and the others do the rest. It is not started again, for what killed it
(a card that fell off the bus) would take one LoRA after the other with it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Lock, Thread
from typing import IO

from pydantic import ValidationError

from fluxdiag.batching.records import Answer, Job
from fluxdiag.errors import FluxdiagError
from fluxdiag.runs import as_json, with_own_names

CPU = "cpu"
PLACE = re.compile(r"\d{1,3}|(GPU|MIG)-[\w/-]{1,80}")
COMMAND = (sys.executable, "-m", "fluxdiag", "batch-worker")
READY = "ready"
PATIENCE = 10.0
"""seconds that a worker has to end in, once told to"""
LAST_WORDS = 120.0
"""seconds in which a worker that ends by itself says why: a busy machine takes long to unload a model"""


def places(given: str) -> tuple[str, ...]:
    """`0,1` -> cards as CUDA_VISIBLE_DEVICES names them; `cpu` is a worker without one. Raises FluxdiagError."""
    named = tuple(part.strip() for part in given.split(","))
    wrong = [part for part in named if part != CPU and not PLACE.fullmatch(part)]
    if wrong:
        do = "Give numbers as CUDA_VISIBLE_DEVICES has them, such as 0,1"
        raise FluxdiagError(f"{wrong[0][:60]!r} is no card", where="--gpus", do=do)
    twice = [part for part in named if part != CPU and named.count(part) > 1]
    if twice:
        raise FluxdiagError(f"card {twice[0]} is there twice", where="--gpus", do="Name each card once: one base fills it")
    return named


@dataclass(frozen=True)
class Ended:
    """A worker is gone. `job` is what it was at, if anything; `why` None where there was simply nothing left."""

    place: str
    job: Job | None
    why: str | None


class Workers:
    """Started as a context, so that none outlives the call, however it ends."""

    def __init__(self, where: Sequence[str], logs: Path, command: Sequence[str] = COMMAND) -> None:
        self.where, self.logs, self.command = where, logs, command
        self._processes: dict[int, subprocess.Popen[str]] = {}
        self._threads: list[Thread] = []
        self._starting, self._over = Lock(), False
        self._said: Queue[tuple[Job, Answer] | Ended] = Queue()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        with self._starting:  # from here on no thread starts another
            self._over = True
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for thread in self._threads:  # each has read the end of its worker's answers by now
            thread.join(PATIENCE)
        for pipe in (pipe for process in self._processes.values() for pipe in (process.stdin, process.stdout) if pipe):
            with suppress(OSError):  # what was still to be said to a dead worker
                pipe.close()

    def drawn(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Answer]]:
        """Each job with its answer, as they come; those that no worker is left for come last."""
        left, deaths = deque(jobs), []
        for at, place in enumerate(self.where[: len(jobs)]):
            self._threads.append(Thread(target=self._serve, args=(at, place, left), daemon=True))
            self._threads[-1].start()
        running = min(len(self.where), len(jobs))
        while running:
            said = self._said.get()
            if not isinstance(said, Ended):
                yield said
                continue
            running -= 1
            if said.why is not None:
                deaths.append(f"{_named(said.place)}: {said.why}")
            if said.job is not None:
                yield said.job, Answer(error=f"its worker ended ({deaths[-1]}). The same command tries it again")
        for job in left:
            yield job, Answer(error=f"no worker is left ({'; '.join(deaths)}). The same command goes on from here")

    def _serve(self, at: int, place: str, left: deque[Job]) -> None:
        """One worker's thread: only it talks to the process. However it goes, its last word is that the worker is gone."""
        job: Job | None = None
        why: str | None = "a bug in fluxdiag; its traceback is on stderr"
        log = self.logs / f"worker-{at}.log"
        try:
            process = self._started(at, place, log)
            assert process.stdin is not None, "a pipe"
            assert process.stdout is not None, "a pipe"
            if process.stdout.readline().strip() != READY:
                raise EOFError
            while (job := _next(left)) is not None:
                self._said.put((job, _asked(process.stdin, process.stdout, job)))
            process.stdin.close()
            why = None
        except (OSError, EOFError, ValueError) as error:
            why = self._why(at, log, error)
        finally:
            self._said.put(Ended(place, job, why))

    def _started(self, at: int, place: str, log: Path) -> subprocess.Popen[str]:
        self.logs.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"CUDA_VISIBLE_DEVICES": "" if place == CPU else place, "PYTHONUNBUFFERED": "1"}
        if place == CPU:
            environment["OMP_NUM_THREADS"] = str(max(1, (os.cpu_count() or 1) // len(self.where)))
        call = [*self.command, *(["--card"] if place != CPU else [])]
        with log.open("w", encoding="utf-8") as said, self._starting:
            if self._over:
                raise EOFError("the call has ended")
            self._processes[at] = process = subprocess.Popen(
                call, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8"
            )
        return process

    def _why(self, at: int, log: Path, error: Exception) -> str:
        """By what it died, and its last words."""
        process = self._processes.get(at)
        if process is None:
            return str(error)
        if isinstance(error, ValidationError):
            return f"it answered nonsense; see {log}"
        try:
            code = process.wait(LAST_WORDS)
        except subprocess.TimeoutExpired:
            return f"it closed its answers; see {log}"
        return ": ".join([_ending(code), *_last_words(log)])


def _ending(code: int) -> str:
    """Real-time signals have numbers only."""
    named = {-one.value: one.name for one in signal.Signals}
    return f"exit code {code}" if code >= 0 else named.get(code, f"signal {-code}")


def _last_words(log: Path) -> list[str]:
    """Nothing where the log was taken away."""
    try:
        said = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [line[:300] for line in said.strip().splitlines()[-1:]]


def _next(left: deque[Job]) -> Job | None:
    """Popping is atomic, asking first would not be."""
    try:
        return left.popleft()
    except IndexError:
        return None


def _asked(stdin: IO[str], stdout: IO[str], job: Job) -> Answer:
    """Raises EOFError where the worker is gone, ValidationError where it says something else."""
    stdin.write(as_json(job, indent=None))
    stdin.flush()
    line = stdout.readline()
    if not line:
        raise EOFError
    return Answer.model_validate_json(line)


def serve(card: bool) -> None:
    """The other end: jobs from stdin until it closes. Raises FluxdiagError where there is no card and one is wanted.

    Model libraries print on stdout, which is for answers alone: what they print goes where stderr goes.
    """
    from fluxdiag.batching.drawing import Drawing
    from fluxdiag.engines.machine import device

    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        if card and device().kind != "cuda":
            what = f"there is no card {os.environ.get('CUDA_VISIBLE_DEVICES')} here that torch can use"
            raise FluxdiagError(what, where="--gpus", do="`fluxdiag doctor` says why")
        print(READY, file=answers, flush=True)
        drawing = Drawing()
        for line in sys.stdin:
            job = Job.model_validate_json(line)
            named = job.model_copy(update={"case": with_own_names(job.case)})
            print(as_json(drawing.answer(named), indent=None), end="", file=answers, flush=True)


def _named(place: str) -> str:
    return "a worker on the processor" if place == CPU else f"card {place}"
