"""What a reader has to know of the run before believing any number of it."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.audit import told_of_references
from fluxdiag.records import Case, GatherInfo
from fluxdiag.reporting.gallery import Gallery
from fluxdiag.reporting.held_out import were_trained_on

LARGEST_ERROR = 0.02
"""relative error of the installed layers against the file, above which the pictures are not this file's (bfloat16: .004)"""
MANY = 0.2
"""share of the people's pictures without a measurable face, above which the numbers rest on few"""


def warnings_of(case: Case, made: GatherInfo, gallery: Gallery) -> list[str]:
    """Gravest first."""
    return [*_pictures_changed(gallery), *_file(case, made), *_strangers(case, made), *_faces(gallery), *_references(case)]


def _file(case: Case, made: GatherInfo) -> Iterator[str]:
    if made.modules_adapted == 0:
        yield "No layer of the file could be installed, so every picture is the base's own."
    elif made.modules_adapted < case.lora.modules:
        yield f"Only {made.modules_adapted} of the file's {case.lora.modules} layers could be installed: see “The file”."
    if made.delta_error > LARGEST_ERROR:
        yield f"The installed weights differ from the file by {made.delta_error:.0%}, so the pictures are not this file's."
    if case.lora.problems:
        yield f"The file has {len(case.lora.problems)} problem(s): see “The file”."


def _strangers(case: Case, made: GatherInfo) -> Iterator[str]:
    told = told_of_references(case, made.strangers)
    if told is not None:
        yield f"{told[0].upper()}{told[1:]}: likeness is held against all of them. Put it right (--references) and run again."


def _pictures_changed(gallery: Gallery) -> Iterator[str]:
    if gallery.swapped:
        yield (
            f"{gallery.swapped} of {len(gallery.tiles)} picture files {_are(gallery.swapped)} no longer what was measured: "
            "swapped or altered since, so not shown."
        )
    if gallery.missing:
        told = f"{gallery.missing} of {len(gallery.tiles)} picture files {_are(gallery.missing)}"
        yield f"{told} missing or broken since the numbers were made."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _faces(gallery: Gallery) -> Iterator[str]:
    people = [tile for tile in gallery.tiles if tile.shot.kind == "person"]
    faceless = [tile for tile in people if tile.shot.outcome in ("no-face", "small", "profile")]
    if people and len(faceless) > MANY * len(people):
        yield f"{len(faceless)} of {len(people)} pictures of a person show no measurable face: likeness rests on the others."


def _references(case: Case) -> Iterator[str]:
    if case.reference_source == "training":
        yield "Likeness is scored on the training photos themselves, for there were no others: it may look too good."
    elif case.reference_source == "none":
        yield "There are no reference photos: nobody can say whether it is the right person, only whether it is always the same."
    elif case.overlap:
        count = len(case.overlap)
        told = f"{count} of {len(case.references)} reference photos {were_trained_on(count)}"
        yield f"{told}: left out of the losses on photos never seen, counted in the likeness."
