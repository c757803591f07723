"""`captionless.json`: what the captionless run answered, beside the run that asked."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from fluxdiag.curing.record import Retraining
from fluxdiag.records import Evidence, Measurement, Record
from fluxdiag.rules import lines

FILE = "captionless.json"
Answer = Literal["appears", "missing", "undecided"]
ANSWERS: dict[Answer, str] = {
    "appears": "The person appears without captions: the captions were the fault.",
    "missing": "The person is missing even without captions: the photos are too much alike, or the steps are wrong.",
    "undecided": "The captionless run does not decide whether the captions were the fault.",
}


class Captionless(Record):
    """`identity` is the likeness with the trigger in a park, on the scale of `identity.trigger`; `reason` why there is none."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    lora_sha256: str = Field(description="of the LoRA on trial")
    folder: str = Field(description="of the experiment, by name")
    photos: int
    steps: int
    answer: Answer
    identity: Measurement | None
    reason: str | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def sentence(self) -> str:
        told = "" if self.identity is None else f" Likeness {self.identity.value:.2f}"
        interval = "" if self.identity is None else f" ({self.identity.low:.2f} to {self.identity.high:.2f})"
        return f"{ANSWERS[self.answer]}{told}{interval}{f' ({self.reason})' if self.reason else ''}"


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
