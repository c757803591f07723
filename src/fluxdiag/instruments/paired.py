"""A variant of the adapter beside the whole LoRA: the same prompts and seeds, so that only the edit is between them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from fluxdiag.instruments.likeness import Likeness
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement

PROMPTS = "prompts show a measurable face with the whole LoRA and with the variant"


def gained(person: Likeness, key: str, arm: str, variant: str, why_not: str) -> Measurement | Gap:
    """Likeness of the arm with the variant minus with the whole LoRA, by prompt; a gap with `why_not` where it was not drawn."""
    if person.tables.arm(arm, variant=variant).empty:
        return Gap(key=key, reason=person.tables.gather.gaps.get(variant, why_not))
    change = cosines_like(person, arm, variant, variant) - cosines_like(person, arm, "full", variant)
    return reading(key, person.scale(change), "scale", PROMPTS)


def cosines_like(person: Likeness, arm: str, shown: str, variant: str) -> pd.Series:
    """Cosines of the arm by prompt, over those prompts and seeds that `variant` was drawn with: it may have fewer."""
    drawn = person.tables.arm(arm, variant=variant)
    return Likeness(only(person.tables, drawn), person.references).cosines(arm, shown)


def only(tables: Tables, drawn: pd.DataFrame) -> Tables:
    """The tables of the prompts and seeds of these shots."""
    cells = pd.MultiIndex.from_frame(drawn[["prompt_id", "seed"]])
    return replace(tables, shots=tables.shots[pd.MultiIndex.from_frame(tables.shots[["prompt_id", "seed"]]).isin(cells)])
