"""Do trigger and description add up? What the trigger adds beside the description, minus what it adds alone (LoRA on)."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("trigger.interaction",), arms=("both", "description", "trigger", "class", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    person = likeness(tables)
    beside_less_alone = person.paired(("both", "class"), ("description", "trigger"))
    yield reading(
        "trigger.interaction", person.scale(beside_less_alone), "scale", "prompts show a measurable face in all four arms"
    )
