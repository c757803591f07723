"""The checks: one file per family, one function per check; adding one is adding a function.

A check's name is its function's, its docstring says why it matters and where its line comes from.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from inspect import cleandoc

from fluxdiag.dataset.audit.photoset import Check, Found, PhotoSet
from fluxdiag.dataset.audit.records import CheckText, Finding
from fluxdiag.records import SEVERITIES, Severity

_checks: dict[str, Check] = {}


def check(
    *, title: str, severity: Severity, do: str, needs: str | None = None, drops: bool = False
) -> Callable[[Callable[[PhotoSet], Found]], Callable[[PhotoSet], Found]]:
    """Register a function that finds one kind of fault."""

    def register(find: Callable[[PhotoSet], Found]) -> Callable[[PhotoSet], Found]:
        name = find.__name__.replace("_", "-")
        _checks[name] = Check(name, title, severity, cleandoc(find.__doc__ or ""), do, needs, drops, find)
        return find

    return register


def checks() -> tuple[Check, ...]:
    """All of them, the gravest first."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    return tuple(sorted(_checks.values(), key=lambda one: (SEVERITIES.index(one.severity), one.name)))


def findings(photos: PhotoSet) -> tuple[Finding, ...]:
    """What every check that could be made has found, in the order of `checks`."""
    return tuple(
        Finding(check=one.name, title=one.title, severity=one.severity, files=files, says=says)
        for one in checks()
        if one.needs not in photos.unread
        for files, says in one.find(photos)
    )


def not_assessed(photos: PhotoSet) -> dict[str, str]:
    """check -> why it was not made."""
    return {one.name: photos.unread[one.needs] for one in checks() if one.needs is not None and one.needs in photos.unread}


def texts(found: tuple[Finding, ...]) -> dict[str, CheckText]:
    named = {one.check for one in found}
    return {
        one.name: CheckText(title=one.title, severity=one.severity, why=one.why, do=one.do)
        for one in checks()
        if one.name in named
    }
