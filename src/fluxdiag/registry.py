"""How instruments and rules are found: adding one is adding one file to `instruments/` or `rules/`.

Each such file holds one function under `@instrument` or `@rule`; importing the package registers it. Nothing keeps a
list of them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from fluxdiag.records import Change, Evidence, Gap, Match, Measurement, Severity

if TYPE_CHECKING:
    from fluxdiag.instruments.tables import Tables

Measure = Callable[["Tables"], Iterable[Measurement | Gap]]
Judge = Callable[[Evidence], Match]


@dataclass(frozen=True)
class Instrument:
    """A measuring function, the keys it gives and the arms it needs; `arms` missing from a run are a gap, not a crash."""

    name: str
    gives: tuple[str, ...]
    arms: tuple[str, ...]
    losses: bool
    measure: Measure


def _no_alibi(evidence: Evidence, direction: str | None) -> tuple[str, str] | None:
    return None


@dataclass(frozen=True)
class Account:
    """What a rule has to say where fitted weights, and not its own thresholds, decide; all by direction, None for none."""

    leads: Mapping[str | None, str]
    """direction -> the sentence for a stranger when the cause is present"""
    changes: Callable[[Evidence, str | None], tuple[Change, ...]]
    alibi: Callable[[Evidence, str | None], tuple[str, str] | None] = _no_alibi
    """a fact that rules the cause out whatever the pictures look like: its sentence and its key"""


@dataclass(frozen=True)
class Rule:
    """A cause: its machine name, its title for people, how grave it is, and the function that judges the evidence."""

    cause: str
    title: str
    severity: Severity
    root: bool
    text: str
    judge: Judge
    account: Account | None = None
    """None: the cause is never weighed, its thresholds decide"""


_instruments: dict[str, Instrument] = {}
_rules: dict[str, Rule] = {}


def instrument(*, gives: tuple[str, ...], arms: tuple[str, ...] = (), losses: bool = False) -> Callable[[Measure], Measure]:
    """Register a function that turns tables into the measurements named in `gives`."""

    def register(measure: Measure) -> Measure:
        name = measure.__module__.rpartition(".")[2]
        _instruments[name] = Instrument(name, gives, arms, losses, measure)
        return measure

    return register


def rule(
    *, cause: str, title: str, severity: Severity, root: bool = False, account: Account | None = None
) -> Callable[[Judge], Judge]:
    """Register a function that judges one cause. Its docstring is the text that the report and `explain` show."""

    def register(judge: Judge) -> Judge:
        _rules[cause] = Rule(cause, title, severity, root, judge.__doc__ or "", judge, account)
        return judge

    return register


@cache
def _import_all(package_name: str) -> None:
    """Once a process: looking through the folder costs more than all rules together."""
    package = importlib.import_module(package_name)
    for module in pkgutil.iter_modules(package.__path__, f"{package_name}."):
        importlib.import_module(module.name)


def instruments() -> tuple[Instrument, ...]:
    """Every instrument, by name."""
    _import_all("fluxdiag.instruments")
    return tuple(_instruments[name] for name in sorted(_instruments))


def rules() -> tuple[Rule, ...]:
    """Every rule: the four root causes first, then by name."""
    _import_all("fluxdiag.rules")
    return tuple(sorted(_rules.values(), key=lambda rule: (not rule.root, rule.cause)))
