"""Which parts of a suite a measurement is made from, so that nothing need be drawn that no open question reads.

A part is what is drawn together or not at all: an arm (`trigger`), with one variant of the adapter (`trigger/strength-1.5`),
of one kind of prompt where that is not the person (`others:man`), or the losses of photos under one prompt
(`losses:training/trigger`). Arms that are compared are parts of their own and stand side by side in what a key is made from.

Every key needs the arms of its instrument; what it needs beyond them the instrument's file says in `PARTS`: key -> parts,
`*` standing for anything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache

from fluxdiag.registry import Instrument, instruments

LOSSES = "losses:"


def part(arm: str, variant: str = "full", kind: str = "person") -> str:
    """The name of a part with pictures."""
    return arm + ("" if variant == "full" else f"/{variant}") + ("" if kind == "person" else f":{kind}")


def loss_part(split: str, prompt: str) -> str:
    return f"{LOSSES}{split}/{prompt}"


@cache
def made_from() -> Mapping[str, tuple[str, ...]]:
    """Every key that an instrument gives -> the parts that it cannot be measured without."""
    return {key: parts for one in instruments() for key, parts in _made_from(one).items()}


def _made_from(one: Instrument) -> dict[str, tuple[str, ...]]:
    own: Mapping[str, tuple[str, ...]] = getattr(sys.modules[one.measure.__module__], "PARTS", {})
    return {key: (*one.arms, *own.get(key, ())) for key in one.gives}


def parts_for(keys: Iterable[str], available: Iterable[str]) -> frozenset[str]:
    """Those of the available parts that these keys are made from."""
    wanted = {pattern for key in keys for pattern in made_from().get(key, ())}
    return frozenset(one for one in available if any(fnmatchcase(one, pattern) for pattern in wanted))


def left_out(parts: Iterable[str]) -> frozenset[str]:
    """The keys that cannot be measured, or only from less than is meant, while these parts are not drawn."""
    missing = tuple(parts)
    return frozenset(
        key for key, made in made_from().items() if any(fnmatchcase(one, pattern) for one in missing for pattern in made)
    )
