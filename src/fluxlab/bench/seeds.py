"""The same questions drawn again: a suite whose seeds are all moved, to see whether a verdict was luck."""

from __future__ import annotations

import re
from pathlib import Path

from fluxdiag.runs import write_text
from fluxdiag.suites import load_suite

SEEDS = re.compile(r"^(seeds = )\[([\d, ]+)\]", re.MULTILINE)


def shifted(name: str, by: int, folder: Path) -> str:
    """The suite's name, or the path of a copy of it in `folder` with `by` added to every seed."""
    if not by:
        return name
    text = load_suite(name)[1].read_text(encoding="utf-8")
    moved = SEEDS.sub(lambda found: f"{found[1]}[{', '.join(str(int(seed) + by) for seed in found[2].split(','))}]", text)
    copy = folder / f"{name}+{by}.toml"
    write_text(copy, moved)
    return str(copy)
