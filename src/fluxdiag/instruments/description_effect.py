"""Did the description take the person? The trigger effect's twin."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("description.effect",), arms=("description", "class", "description-base", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    added = likeness(tables).added("description")
    yield reading("description.effect", added, "scale", "prompts show a measurable face in all four arms")
