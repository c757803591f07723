"""Whose words learnt the person? The description's effect less the trigger's; class word and base are in both and cancel."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.likeness import likeness, no_references
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("description.advantage",), arms=("description", "trigger", "description-base", "trigger-base", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    person = likeness(tables)
    if not person.by_references:  # whoever the trigger brings is the person then, and nothing can come nearer
        raise CannotMeasure(f"{no_references(tables)}: nobody but the trigger's own person could be compared with")
    described_less_called = person.paired(("description", "trigger-base"), ("description-base", "trigger"))
    yield reading(
        "description.advantage", person.scale(described_less_called), "scale", "prompts show a measurable face in all four arms"
    )
