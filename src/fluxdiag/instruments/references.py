"""Do all reference photos show the same person? As gathering found it from their faces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.readings import exact
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

if TYPE_CHECKING:
    from fluxdiag.instruments.tables import Tables


@instrument(gives=("references.other-people",))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    if tables.case.reference_source != "held-out":
        raise CannotMeasure("there are no reference photos beside the training photos")
    if tables.gather.strangers is None:
        raise CannotMeasure("too few faces could be read to tell one person from another")
    yield exact("references.other-people", len(tables.gather.strangers) / len(tables.case.references), "share of photos")
