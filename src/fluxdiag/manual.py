"""The pages of the documentation, for messages that send the user to one: who installed a wheel has no checkout to look in."""

from __future__ import annotations

from pathlib import Path


def manual_page(name: str) -> str:
    """Where it lies: inside an installed wheel, or at the top of a checkout."""
    installed = Path(__file__).parent / "_docs"
    return str((installed if installed.is_dir() else Path(__file__).parents[2] / "docs") / name)
