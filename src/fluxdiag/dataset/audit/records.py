"""What an audit holds: facts of one photo, findings of the set. Frozen, JSON values only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, field_validator, model_validator

from fluxdiag.dataset.duplicates import Fingerprint
from fluxdiag.records import Outcome, Record, Severity

ShotType = Literal["full body", "cowboy", "portrait", "close-up"]
Angle = Literal["front", "three-quarter", "profile"]
NAMED = 3
"""files that a sentence names; more are counted"""


def of_length_1(rows: NDArray[np.float32]) -> bool:
    """Whether all embeddings (..., dim) are; one that was cut short is shorter."""
    return bool(np.allclose(np.linalg.norm(rows.astype(np.float64), axis=-1), 1, rtol=0, atol=1e-5))


class PhotoFacts(Record):
    """One image file, seen upright. `problem` says why it cannot be used; nothing else is known then."""

    sha256: str = ""
    problem: str | None = None
    format: str = ""
    """as its first bytes say: JPEG, PNG, ..."""
    mode: str = ""
    """as stored, in PIL's words: RGB, RGBA, CMYK, I;16, ..."""
    width: int = 0
    height: int = 0
    stored: Literal["upright", "mirrored", "upside down", "lying on its side"] = "upright"
    """which way, with a note in EXIF to turn it"""
    frames: int = 1
    transparent: bool = False
    """not merely with an alpha channel: some of it shows through"""
    profile: str | None = None
    """name of a colour profile other than sRGB"""
    jpeg_quality: int | None = None
    """as its quantisation table says, 1 to 100"""
    blur: float | None = None
    blockiness: float | None = None
    bars: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    warmth: float = 0.0
    edges: str = ""
    """hexadecimal map of gradients, to find what is at the same place in every photo"""
    fingerprint: Fingerprint | None = None


class PhotoFace(Record):
    """One face at the training size; lengths are shares of the picture's height, so that they hold at every size."""

    box: tuple[float, float, float, float]
    """left, top, right, bottom, px at the training size"""
    height: float
    """px at the training size"""
    share: float
    """head, skull to chin"""
    headroom: float
    """free space above the skull; below 0 the head is cut"""
    yaw: float
    """nose offset over eye distance, without side"""
    blur: float | None = None
    """of the face at 112 px"""
    embedding: str = ""
    """float32 of length 1, hexadecimal"""

    @field_validator("embedding")
    @classmethod
    def _whole(cls, value: str) -> str:
        """Raises ValueError for what was damaged where it was kept; then the face is looked for again."""
        content = bytes.fromhex(value)
        if content and (len(content) % 4 or not of_length_1(np.frombuffer(content, dtype=np.float32))):
            raise ValueError("not an embedding of length 1")
        return value


class PhotoFaces(Record):
    """The faces of one photo, the largest first, and what it came to as a picture of one person."""

    outcome: Outcome
    faces: tuple[PhotoFace, ...] = ()
    smallest: float = 0.0
    """px of face height below which this pack cannot measure likeness"""


class Finding(Record):
    """One thing that is wrong, with the files that it is about; none for the set as a whole."""

    check: str
    title: str
    severity: Severity
    files: tuple[str, ...] = ()
    says: str


class CheckText(Record):
    """Why a check matters and what to do, for those that found something."""

    title: str
    severity: Severity
    why: str
    do: str


class Variety(Record):
    """The set's worth in one aspect: the effective number of different ones, and the one that most photos share."""

    aspect: str
    effective: float
    most: str
    share: float
    of: int
    how: str


class Overlap(Record):
    """A reference that the LoRA trained on."""

    reference: str
    photo: str
    kind: Literal["the same file", "the same picture", "a twin: same pose, same moment"]


class ReferenceAudit(Record):
    folder: str
    references: int
    overlaps: tuple[Overlap, ...] = ()
    loses: dict[str, str] = Field(default_factory=dict)
    """measurement -> what it is no longer worth"""
    strangers: tuple[str, ...] = ()
    """references that seem to show somebody else; all of them where they and the training photos show two people"""

    @property
    def told(self) -> str | None:
        return told_of_strangers(self.strangers, self.references)


def told_of_strangers(strangers: Sequence[str], references: int) -> str | None:
    """One clause, or None where there is nobody to tell of."""
    if not strangers:
        return None
    if len(strangers) == references:
        return "the reference photos and the training photos seem to show two different people"
    named = ", ".join(strangers[:NAMED]) + (f" and {len(strangers) - NAMED} more" if len(strangers) > NAMED else "")
    show = "seems to show" if len(strangers) == 1 else "seem to show"
    return f"{len(strangers)} of {references} reference photos {show} somebody else ({named})"


class Split(Record):
    """A proposal: `held_out` is for judging the next LoRA and is not trained on."""

    train: tuple[str, ...]
    held_out: tuple[str, ...]
    says: str


class Audit(Record):
    """All that is known of a training set; findings in the order in which they matter for identity."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    dataset: str
    images: int
    readable: int
    distinct: int = Field(description="near-duplicates counted once")
    described: tuple[int, int] = Field(description="captions that describe the person, and captions that could be judged")
    resolution: int = Field(description="px a side that the trainer works at")
    models: dict[str, str] = Field(description="faces, clip -> what read the photos, or why nothing did")
    findings: tuple[Finding, ...]
    checks: dict[str, CheckText]
    not_assessed: dict[str, str] = Field(description="check -> why it could not be made")
    variety: tuple[Variety, ...]
    shots: dict[str, tuple[str, ...]]
    angles: dict[str, tuple[str, ...]]
    shopping_list: tuple[str, ...]
    keep: tuple[str, ...]
    left_out: dict[str, str] = Field(description="photo -> why it is not on the curated list")
    references: ReferenceAudit | None = None
    split: Split | None = None
    case_sha256: str | None = Field(default=None, description="of the run that it is part of; None for an audit on its own")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="after")
    def _every_check_has_its_text(self) -> Audit:
        unknown = {finding.check for finding in self.findings} - self.checks.keys()
        if unknown:
            raise ValueError(f"nothing is said of the check {min(unknown)!r}")
        return self

    @property
    def worst(self) -> Severity | None:
        return self.findings[0].severity if self.findings else None
