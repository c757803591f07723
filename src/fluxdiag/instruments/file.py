"""What the file itself holds and what of it was really installed into the base."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.readings import exact
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("file.delta-norm", "file.modules", "file.applied-error", "strength.used"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    yield exact("file.delta-norm", tables.case.lora.delta_norm, "Frobenius norm")
    yield exact("file.modules", tables.gather.modules_adapted, "layers")
    yield exact("file.applied-error", tables.gather.delta_error, "relative error")
    yield exact("strength.used", tables.case.strength, "strength")
