"""The gate's answer in a few words: the JSON that a shields.io endpoint badge reads."""

from __future__ import annotations

import json

from fluxdiag.gating.result import GateResult

COLOURS = {"passed": "brightgreen", "failed": "red", "undetermined": "lightgrey"}


def badge(gate: GateResult, likeness: float | None) -> str:
    """Nothing in it comes from a file's text; `likeness` is a number or left out."""
    return _shown(_message(gate, likeness), _colour(gate))


def no_answer() -> str:
    """Where the gate could not judge."""
    return _shown("no answer", COLOURS["undetermined"])


def _shown(message: str, colour: str) -> str:
    return json.dumps({"schemaVersion": 1, "label": "fluxdiag", "message": message, "color": colour}, indent=2) + "\n"


def _message(gate: GateResult, likeness: float | None) -> str:
    counts = gate.counts
    if gate.status == "failed":
        return f"{counts['failed']} failed"
    if gate.status == "undetermined":
        return "undetermined"
    warned = f" · {counts['warned']} warned" if "warned" in counts else ""
    return "passed" + (f" · likeness {likeness:.2f}" if likeness is not None else "") + warned


def _colour(gate: GateResult) -> str:
    return "orange" if gate.status == "passed" and "warned" in gate.counts else COLOURS[gate.status]
