"""The laboratory's commands.

fluxlab make     trains the models
fluxlab check    says how good the models are
fluxlab plant    trains a LoRA with a known fault
fluxlab marks    says what each fault does to a LoRA
fluxlab bench    says how often fluxdiag is right
fluxlab cure     says how often what it prescribes makes a LoRA healthy
"""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = {
    "make": "make",
    "check": "check",
    "plant": "plant",
    "marks": "marks",
    "bench": "bench.command",
    "cure": "closed_loop.command",
    "sheet": "sheets",
}
"""command -> the module whose `main` it is"""


def main() -> None:
    command, *arguments = sys.argv[1:] or ["help"]
    if command not in COMMANDS:
        sys.exit(f"{__doc__}\n`fluxlab plant --help` and so on say more")
    import_module(f"fluxlab.{COMMANDS[command]}").main(arguments)
