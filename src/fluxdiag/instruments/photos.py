"""What is wrong with the training photos, in numbers? From the audit that gathering made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.readings import exact
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

if TYPE_CHECKING:
    from fluxdiag.dataset.audit.records import Audit
    from fluxdiag.instruments.tables import Tables

FACES = "head-cropped"
"""one of the checks that need faces: where it was not made, none of them was"""


@instrument(gives=("dataset.duplicates", "dataset.faces-cropped", "dataset.other-people", "dataset.shot-types",
                   "dataset.effective-poses"))  # fmt: skip
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    audit = tables.audit
    if audit is None:
        raise CannotMeasure(tables.case.gaps.get("photos", "the run was gathered before photos were audited"))
    if not audit.readable:
        raise CannotMeasure("there are no readable training photos")
    yield exact("dataset.duplicates", 1 - audit.distinct / audit.readable, "share of photos")
    yield from _of_faces(audit)
    yield _poses(audit)


def _of_faces(audit: Audit) -> Iterator[Measurement | Gap]:
    reason = audit.not_assessed.get(FACES)
    if reason is not None:
        yield from (Gap(key=f"dataset.{name}", reason=reason) for name in ("faces-cropped", "other-people", "shot-types"))
        return
    yield exact("dataset.faces-cropped", len(_files(audit, FACES)) / audit.readable, "share of photos")
    yield exact("dataset.other-people", len(_files(audit, "other-person", "several-faces")) / audit.readable, "share of photos")
    yield exact("dataset.shot-types", sum(bool(names) for names in audit.shots.values()), "shot types")


def _poses(audit: Audit) -> Measurement | Gap:
    poses = next((one.effective for one in audit.variety if one.aspect == "pose"), None)
    if poses is None:
        return Gap(key="dataset.effective-poses", reason=audit.not_assessed.get(FACES, "no face turns up often enough"))
    return exact("dataset.effective-poses", poses, "poses")


def _files(audit: Audit, *checks: str) -> set[str]:
    return {name for finding in audit.findings if finding.check in checks for name in finding.files}
