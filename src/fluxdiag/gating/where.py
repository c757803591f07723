"""What the lines of an `[[assert_for]]` are judged for: a strength of the LoRA, or runs of one suite or base.

Pure: what a policy says. What of it a run has is for `matching.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from fluxdiag.records import Record

AT = " @ "
"""between an id and what its line is judged for: `identity.trigger @ strength 0.5`"""
Times = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0.0001, lt=100)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/][A-Za-z0-9_./+-]*$", max_length=200)]


@dataclass(frozen=True)
class Where:
    """What the lines of an `[[assert_for]]` are judged for, one value each; None: whatever it is."""

    strength: float | None = None
    suite: str | None = None
    base: str | None = None

    @property
    def given(self) -> dict[str, float | str]:
        found = {"strength": self.strength, "suite": self.suite, "base": self.base}
        return {name: value for name, value in found.items() if value is not None}

    @property
    def of_the_run(self) -> tuple[str, ...]:
        """Which of the conditions a run fulfils as a whole or not at all."""
        return tuple(name for name in self.given if name != "strength")

    def __str__(self) -> str:
        return ", ".join(f"{name} {value if isinstance(value, str) else f'{value:g}'}" for name, value in self.given.items())


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


class Match(Record):
    """`match` of an `[[assert_for]]`: a value or a list of them, each of which stands for an entry of its own."""

    strength: Annotated[tuple[Times, ...], BeforeValidator(_listed), Field(min_length=1)] | None = None
    suite: Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(min_length=1)] | None = None
    base: Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(min_length=1)] | None = None

    @property
    def wheres(self) -> tuple[Where, ...]:
        strengths = (None,) if self.strength is None else tuple(as_strength(each) for each in self.strength)
        return tuple(dict.fromkeys(Where(*each) for each in product(strengths, self.suite or (None,), self.base or (None,))))


def as_strength(value: float) -> float:
    """As two of them are compared: half of .3 is .15, whatever the last bit says."""
    return round(value, 4)
