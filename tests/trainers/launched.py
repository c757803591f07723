"""A trainer started as `retrain --launch` does it: alone in its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fluxdiag.trainers.contract import Command
from fluxdiag.trainers.launching import alone, run


def launch(command: Command, log: Path, heard: Callable[[str], None]) -> None:
    with alone(log.parent) as lock:
        run(command, log, heard, lock)
