"""A trainer as a process of its own: no shell, every line kept in a log, stopped with the command that started it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.runs import locked
from fluxdiag.trainers.contract import Command

PATIENCE = 30.0
"""seconds that a trainer gets to write down where it is"""
TAIL = 5
"""lines of the log that an error quotes"""
LONGEST_LINE = 10_000
"""bytes without an end of line, after which they count as a line all the same"""


def run(command: Command, log: Path, heard: Callable[[str], None], lock: tuple[int, ...]) -> None:
    """Runs it to its end; `heard` gets each line. Raises FluxdiagError when it cannot be started or ends in an error.

    The process leads a group of its own, so that what it started in turn is stopped with it.
    """
    with log.open("ab") as kept, _started(command, lock) as process:
        try:
            assert process.stdout is not None
            for line in lines(process.stdout, kept):
                heard(line)
            code = process.wait()
        except BaseException:
            stop(process)
            raise
    if code != 0:
        said = "; ".join(tail(log))
        raise FluxdiagError(
            f"the trainer ended with {_ending(code)}: {said}",
            where=str(log),
            do="Mend what it says; the same command goes on from its last checkpoint",
        )


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[tuple[int, ...]]:
    """Locks the folder. The trainer gets the handle too: it lives on where this command is killed, and so does the lock.

    Raises RunMismatch where another one is at work there, FluxdiagError on Windows, where no trainer can be stopped with what it
    started in turn.
    """
    if os.name != "posix":
        do = "Start the trainer with the files that lie here, or do it under Linux (WSL) or macOS"
        raise FluxdiagError("trainings are started on POSIX systems only", where=str(folder), do=do)
    lock = _patiently_locked(folder)
    try:
        yield () if lock is None else (lock,)
    finally:
        if lock is not None:
            os.close(lock)


def _patiently_locked(folder: Path) -> int | None:
    """Who prints into a pipe that nobody reads any more soon ends. Raises RunMismatch for one that does not."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return locked(folder)
        except BlockingIOError as error:
            if time.monotonic() > until:
                do = "Wait for it, or end it; the same command goes on from its last checkpoint"
                raise RunMismatch("another trainer is at work in this folder", where=str(folder), do=do) from error
            time.sleep(0.2)


def _started(command: Command, lock: tuple[int, ...]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(command.arguments),
            cwd=command.folder,
            stdin=subprocess.DEVNULL,  # a trainer that asks for a password would wait for ever
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=lock,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        )
    except OSError as error:
        what = f"cannot be started ({error.strerror})"
        raise FluxdiagError(what, where=command.arguments[0], do="Check --trainer-home and --trainer-python") from error


def lines(stream: IO[bytes], kept: IO[bytes]) -> Iterator[str]:
    """What a process prints, line by line; progress bars end theirs with a carriage return."""
    rest = b""
    while piece := os.read(stream.fileno(), 65536):
        kept.write(piece)
        kept.flush()
        rest += piece.replace(b"\r", b"\n")
        *whole, rest = rest.split(b"\n")
        if len(rest) > LONGEST_LINE:
            whole, rest = [*whole, rest], b""
        yield from (line.decode("utf-8", "replace") for line in whole if line.strip())
    if rest.strip():
        yield rest.decode("utf-8", "replace")


def stop(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C would; who does not listen is ended."""
    for kind, seconds in ((signal.SIGINT, PATIENCE), (signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, kind)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def tail(log: Path) -> list[str]:
    """The last lines that say something."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 20_000))
        said = file.read().replace(b"\r", b"\n").decode("utf-8", "replace").splitlines()
    return [line.strip() for line in said if line.strip()][-TAIL:]


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
