"""Does the trigger bring the person? What it adds to the class word with the LoRA on, minus what it adds with the LoRA off."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("trigger.effect",), arms=("trigger", "class", "trigger-base", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    added = likeness(tables).added("trigger")
    yield reading("trigger.effect", added, "scale", "prompts show a measurable face in all four arms")
