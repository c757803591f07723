"""A variant of the adapter beside the whole LoRA: the same prompts and seeds, so that only the edit is between them."""

from __future__ import annotations

from fluxdiag.instruments.likeness import Likeness
from fluxdiag.instruments.readings import reading
from fluxdiag.records import Gap, Measurement

PROMPTS = "prompts show a measurable face with the whole LoRA and with the variant"


def gained(person: Likeness, key: str, arm: str, variant: str, why_not: str) -> Measurement | Gap:
    """Likeness of the arm with the variant minus with the whole LoRA, by prompt; a gap with `why_not` where it was not drawn.

    Over the seeds that show a face with both. The variant may have fewer; and where more of the LoRA burns away the faces that
    are least like the person, the mean of those left would call it too little.
    """
    if person.tables.arm(arm, variant=variant).empty:
        return Gap(key=key, reason=person.tables.gather.gaps.get(variant, why_not))
    return reading(key, person.scale(person.paired((arm,), (arm,), variant)), "scale", PROMPTS)
