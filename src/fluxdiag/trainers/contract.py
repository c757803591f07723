"""What every trainer can be asked: can it run, write its config, how is it started, how far is it, what did it leave.

Recipe -> check: what is missing, before hours are spent
       -> files: its own config files, as text
       -> command: what to start; every line that it prints -> progress
       -> result: the finished LoRA
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fluxdiag.checks import Check
from fluxdiag.trainers.recipe import Recipe


@dataclass(frozen=True)
class TrainingProgress:
    """How far a trainer is. What it does not print is None."""

    step: int
    steps: int
    loss: float | None = None
    eta_seconds: float | None = None


@dataclass(frozen=True)
class Command:
    """A program and its arguments, never a line for a shell; `folder` is where it is started."""

    arguments: tuple[str, ...]
    folder: Path


class Trainer(Protocol):
    """One trainer. `out` is the folder of the retraining; only what lies below it is ever written."""

    name: str
    unread: frozenset[str]
    """those of its files that are for people: it is never started from them"""

    def check(self, recipe: Recipe, out: Path) -> Sequence[Check]:
        """What it needs: program, libraries, base, memory, disk. Nothing is started but its own python."""

    def words(self, recipe: Recipe) -> Mapping[str, str]:
        """The recipe's fields in the trainer's own words: field -> `key: value` as its config has it."""

    def remarks(self, recipe: Recipe) -> Sequence[str]:
        """What it does otherwise than the recipe says, or than a user would expect."""

    def files(self, recipe: Recipe, out: Path) -> Mapping[str, str]:
        """Its config files: name below `out` -> text. Raises FluxdiagError for a recipe that it cannot follow."""

    def command(self, recipe: Recipe, out: Path) -> Command:
        """How to start it, or to go on where it was stopped."""

    def progress(self, line: str, recipe: Recipe) -> TrainingProgress | None:
        """How far it is, by a line that it printed; None for all other lines."""

    def result(self, recipe: Recipe, out: Path) -> Path | None:
        """The finished LoRA, or None where there is none."""
