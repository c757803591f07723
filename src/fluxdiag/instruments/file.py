"""What the file itself holds and what of it was really installed into the base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fluxdiag.instruments.readings import exact
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("file.delta-norm", "file.modules", "file.left-out", "file.applied-error", "file.other-base", "strength.used"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    yield exact("file.delta-norm", tables.case.lora.delta_norm, "Frobenius norm")
    yield exact("file.modules", tables.gather.modules_adapted, "layers")
    yield exact("file.left-out", _left_out(tables), "share of layers")
    yield exact("file.applied-error", tables.gather.delta_error, "relative error")
    yield _other_base(tables.case.gaps)
    yield exact("strength.used", tables.case.strength, "strength")


def _other_base(gaps: Mapping[str, str]) -> Measurement | Gap:
    """A file that names no base at all tells nothing, and clears nobody."""
    if "base-in-header" in gaps:
        return Gap(key="file.other-base", reason=gaps["base-in-header"])
    return exact("file.other-base", float("base" in gaps), "1 if its header names another base")


def _left_out(tables: Tables) -> float:
    """Share of the file's layers that could not be read or found no place in the base, at least one where gather says so."""
    read, unread = max(1, tables.case.lora.modules), tables.case.lora.unread
    lost = max(1, read - tables.gather.modules_adapted) if "lora" in tables.gather.gaps else 0
    return min(1.0, (lost + unread) / (read + unread))
