"""Does the person appear where nothing was captioned? Asked of a LoRA of its own, trained for that question."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("captionless.identity",))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    if tables.captionless is None:
        raise CannotMeasure("no captionless run was made (`fluxdiag retrain RUN --captionless`)")
    yield tables.captionless
