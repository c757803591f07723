"""Pictures that are no longer the files that were scored: their numbers belong to other pictures than those that lie there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fluxdiag.records import Shot
from fluxdiag.runs import Run


def picture_file(run: Run, shot: Shot) -> Path | None:
    """Where a shot's picture lies, or None where its name leads out of the run folder: that may be somebody else's."""
    folder = run.folder.resolve()
    try:
        file = (folder / shot.file).resolve()
    except (OSError, ValueError):  # a loop of links, a NUL in the name
        return None
    return file if file.is_relative_to(folder) else None


def is_there(run: Run, shot: Shot) -> bool:
    """Whether it can be opened; one that may not be read can neither be checked nor shown."""
    file = picture_file(run, shot)
    try:
        if file is None or not file.is_file():
            return False
        file.open("rb").close()
    except OSError:
        return False
    return True


def swapped(run: Run, shots: Iterable[Shot]) -> frozenset[str]:
    """Ids of the shots whose file is there and is another one. A missing file is no swap; without a digest nothing is said.

    200 files are read and compared in the time of reading them: hashing lets other threads run, so all cores share it.
    """
    recorded = [shot for shot in shots if shot.sha256]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        others = pool.map(lambda shot: _is_another(run, shot), recorded)
        return frozenset(shot.id for shot, other in zip(recorded, others, strict=True) if other)


def _is_another(run: Run, shot: Shot) -> bool:
    """One that can be opened and not read through, on a failing disk, is not what was scored either."""
    file = picture_file(run, shot)
    if file is None or not is_there(run, shot):
        return False
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() != shot.sha256
    except OSError:
        return True
