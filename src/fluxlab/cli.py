"""`fluxlab make` trains the models, `fluxlab plant` a LoRA with a known fault, `fluxlab check` says how good the models are."""

from __future__ import annotations

import sys


def main() -> None:
    command, *arguments = sys.argv[1:] or ["help"]
    if command == "make":
        from fluxlab.make import main as run
    elif command == "plant":
        from fluxlab.plant import main as run
    elif command == "check":
        from fluxlab.check import main as run
    else:
        sys.exit(f"{__doc__}\n`fluxlab make --help`, `fluxlab plant --help`")
    run(arguments)
