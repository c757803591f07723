"""The same gathered run with less known: what the file alone, with the dataset, or with outside photos would have told.

No picture is drawn again. The case is built anew from a folder that holds the LoRA alone, so trigger, settings and
description are what this state really knows; only whether the person is a woman or a man is told, as a user who has seen
pictures would with `--class-word`. Where the trigger would have been another phrase than in the full case, those pictures were
never drawn, and their measurements are gaps.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image, ImageOps

from fluxdiag.case import build_case
from fluxdiag.engines.faces import FaceReader
from fluxdiag.instruments.statistics import Floats
from fluxdiag.instruments.tables import MEASURABLE, Tables, load_tables
from fluxdiag.measure import measured
from fluxdiag.profiles import beside, load_profile
from fluxdiag.records import Case, Evidence
from fluxdiag.runs import Run
from fluxdiag.suites import ARMS, subject_phrase

STATES: dict[str, tuple[str, ...]] = {
    "all": ("dataset", "references"),
    "file+dataset": ("dataset",),
    "file+references": ("references",),
    "file": (),
}
"""state -> the folders beside the LoRA that it knows"""


def evidence_by_state(run: Run, lora: Path) -> dict[str, Evidence]:
    """What each state would have measured from this run's pictures; `all` is the run's own evidence."""
    full = load_tables(run)
    found = {"all": measured(full)}
    for state, folders in STATES.items():
        if state != "all":
            case = case_with(lora, full.case, folders)
            found[state] = measured(masked(full, case, references_of(full, case)))
    return found


def case_with(lora: Path, full: Case, folders: tuple[str, ...]) -> Case:
    """The case of a user who has the file and only these of the folders that lie beside it."""
    with tempfile.TemporaryDirectory() as alone:
        file = Path(alone) / lora.name
        try:
            os.link(lora, file)
        except OSError:  # another disk
            shutil.copyfile(lora, file)
        given: dict[str, Any] = {name: lora.parent / name for name in folders}
        word = str(full.class_word.value)
        return build_case(file, class_word=word, base=full.base, **given)


def masked(full: Tables, case: Case, references: Floats) -> Tables:
    """The tables without what this case would not have asked for, seen or known."""
    gaps = {name: _why_not(full.case, case, name) for name in ARMS if not _same(full.case, case, name)}
    photos = {f"photo:{photo.sha256}" for photo in case.photos}
    calls = {name for name, arm in ARMS.items() if arm.subject == "trigger" and name in gaps}
    losses = None if calls else _losses(full, case)
    if losses is None:
        gaps["losses"] = case.gaps.get("trigger", case.gaps.get("photos", "the losses were read with another trigger"))
    return replace(
        full,
        case=case,
        gather=full.gather.model_copy(update={"gaps": full.gather.gaps | gaps}),
        shots=full.shots[~full.shots["arm"].isin(gaps)],
        references=references,
        clip={key: vector for key, vector in full.clip.items() if not key.startswith("photo:") or key in photos},
        losses=losses,
    )


def _same(full: Case, case: Case, arm: str) -> bool:
    return subject_phrase(full, ARMS[arm].subject) == subject_phrase(case, ARMS[arm].subject)


def _why_not(full: Case, case: Case, arm: str) -> str:
    """Why this state has no pictures of the arm: it cannot ask for them, or would have asked in other words."""
    kind = ARMS[arm].subject
    if subject_phrase(case, kind) is None:
        wanted = ("description", "trigger") if kind == "both" else (kind,)
        return next((case.gaps[key] for key in wanted if key in case.gaps), f"the {kind} is not known")
    return f"asked for {subject_phrase(case, kind)!r} here, and drawn as {subject_phrase(full, kind)!r}"


def _losses(full: Tables, case: Case) -> pd.DataFrame | None:
    """The readings of the photos that this state has: training photos with a dataset, held-out ones with references."""
    if full.losses is None:
        return None
    known = {"training": bool(case.photos), "held-out": case.reference_source == "held-out"}
    kept = full.losses[full.losses["split"].isin([split for split, there in known.items() if there])]
    return None if kept.empty else kept


def references_of(full: Tables, case: Case) -> Floats:
    """(n, dim): outside photos as gathered; where the training photos stand in for them, their faces are read now."""
    if case.reference_source == "held-out":
        return full.references
    if case.reference_source == "none":
        return np.zeros((0, 0), dtype=np.float32)
    return _faces(case)


def _faces(case: Case) -> Floats:
    """The largest face of every photo in which it can be measured, as gather reads references."""
    reader, found = FaceReader(case.face_pack or beside(case.base, load_profile(case.base).face_pack)), []
    for photo in case.references:
        if photo.problem is None:
            with Image.open(photo.path) as opened:
                seen = reader.read(np.asarray(ImageOps.exif_transpose(opened).convert("RGB")))
            if reader.outcome(seen) in MEASURABLE:
                found.append(seen[0].embedding)
    return np.stack(found) if found else np.zeros((0, 0), dtype=np.float32)
