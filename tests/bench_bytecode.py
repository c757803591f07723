"""Bytecode of the program, as an installed package has it: without it a second of every measured process is compiling."""

from __future__ import annotations

import compileall
import os
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src"


def as_installed() -> None:
    """Also where this shell forbids bytecode. What stands there already is kept, so the second bench begins at once."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(SOURCES, quiet=2)
