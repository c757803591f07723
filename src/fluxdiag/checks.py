"""One thing looked for before work begins: by `doctor`, and by a trainer before it is started."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """`needed`: without it the main job cannot be done. `repair` is a command or a sentence; empty when there is none to give."""

    what: str
    ok: bool
    needed: bool
    found: str
    repair: str = ""
