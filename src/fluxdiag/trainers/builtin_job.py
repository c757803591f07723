"""The built-in trainer as a program of its own: `python -m fluxdiag.trainers.builtin_job SETUP.json`.

A process that ends gives all of its memory back, and is logged and stopped in the same way as the other trainers.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.errors import FluxdiagError
from fluxdiag.records import ExitCode

if TYPE_CHECKING:
    from fluxdiag.engines.lora_training import TrainingProgress

EVERY = 10
"""steps between two lines"""


def say(at: TrainingProgress) -> None:
    if at.step % EVERY == 0 or at.step == at.steps:
        print(f"step {at.step}/{at.steps} loss {at.loss:.5f} eta {at.eta_seconds:.0f}", flush=True)


def main() -> None:
    from fluxdiag.trainers.builtin import train
    from fluxdiag.trainers.setup import TrainingSetup

    try:
        print(train(TrainingSetup.model_validate_json(Path(sys.argv[1]).read_text(encoding="utf-8")), say))
    except FluxdiagError as error:
        print(error, flush=True)
        sys.exit(ExitCode.USAGE)
    except OSError as error:  # a full disk, or photos that went away meanwhile
        print(f"{error.strerror or error}: {error.filename or sys.argv[1]}", flush=True)
        sys.exit(ExitCode.USAGE)


if __name__ == "__main__":
    main()
