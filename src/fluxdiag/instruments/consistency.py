"""Is it always the same person? How alike the trigger's faces are across prompts, against how alike the base's are."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.likeness import consistency
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("consistency.trigger",), arms=("trigger", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    yield reading("consistency.trigger", consistency(tables), "scale", "prompts show a measurable face with and without the LoRA")
