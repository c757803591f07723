"""What the tests of retraining do again and again: plan, prepare and launch with a trainer that is made up."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from fluxdiag.retrain import Options, Plan, launch, plan, prepare
from fluxdiag.runs import Run

COMMAND = "import sys; from fluxdiag.__main__ import main; sys.argv[1:1] = ['retrain']; main()"


def planned(run: Run, options: Options) -> Plan:
    found = plan(run, options)
    assert isinstance(found, Plan), found
    return found


def trained(run: Run, options: Options):
    now = planned(run, options)
    prepare(now)
    seen = []
    return launch(now, lambda *_: None, seen.append), seen


def fingerprint(folder: Path) -> dict[str, str]:
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.rglob("*")) if file.is_file()}


def called(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", COMMAND, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False, env=os.environ | environment)
