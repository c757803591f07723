"""What the captionless run answered: from its evidence into the record that lies beside the run that asked."""

from __future__ import annotations

from fluxdiag.curing.record import Retraining
from fluxdiag.records import Answer, Captionless, Evidence, Measurement
from fluxdiag.rules import lines


def read_outcome(done: Retraining, evidence: Evidence, folder: str) -> Captionless:
    """From the small run's evidence. Without references the person cannot be recognised, and the answer stays open."""
    found = evidence.get("identity.trigger")
    return Captionless(
        lora_sha256=done.lora_sha256,
        folder=folder,
        photos=done.recipe.images,
        steps=done.recipe.steps,
        answer=_answer(found),
        identity=None if found is None else found.model_copy(update={"key": "captionless.identity"}),
        reason=evidence.gaps.get("identity.trigger", "likeness was not measured") if found is None else None,
    )


def _answer(found: Measurement | None) -> Answer:
    if found is None:
        return "undecided"
    if found.clearly_above(lines.PERSON_THERE):
        return "appears"
    return "missing" if found.clearly_below(lines.PERSON_THERE) else "undecided"
