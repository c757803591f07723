"""What an instrument sees: the run folder's shots and arrays as tables. Read once, never written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fluxdiag.instruments.statistics import Floats
from fluxdiag.profiles import limits_of
from fluxdiag.records import Band, Captionless, Case, Gap, GatherInfo, Measurement, Shot, StepFormula
from fluxdiag.runs import Run

if TYPE_CHECKING:
    from fluxdiag.dataset.audit.records import Audit

# "several" is a single-person prompt with more than one face; the person is then the largest, row 0.
MEASURABLE = ("ok", "several")

LOSS_COLUMNS = frozenset({"photo", "split", "prompt", "sigma", "noise", "lora", "loss", "face", "background"})
SHOT_COLUMNS = ("id", "arm", "prompt_id", "prompt", "kind", "seed", "lora", "variant", "outcome")


@dataclass(frozen=True)
class Tables:
    """Embeddings are float32 of length 1; `faces` holds only those high enough to measure, a person prompt's largest first."""

    case: Case
    gather: GatherInfo
    formula: StepFormula
    bands: dict[str, Band]
    """which settings are right on the base"""
    shots: pd.DataFrame
    """one row a shot: SHOT_COLUMNS"""
    faces: dict[str, Floats]
    """shot id -> (faces, dim)"""
    references: Floats
    """(n, dim); n = 0 without references"""
    clip: dict[str, Floats]
    """shot id, or `photo:<sha256>` for training photos -> (dim,)"""
    labels: dict[str, tuple[NDArray[np.str_], Floats]]
    """aspect -> label texts (k,), their CLIP embeddings (k, dim)"""
    losses: pd.DataFrame | None
    """one row a forward pass: LOSS_COLUMNS"""
    audit: Audit | None = None
    """of the training photos"""
    captionless: Measurement | Gap | None = None
    """likeness in the captionless run (`fluxdiag retrain RUN --captionless`), where one was made for this very LoRA"""

    def arm(self, name: str, *kinds: str, variant: str = "full") -> pd.DataFrame:
        """The shots of one arm made with one variant of the adapter, of the given kinds of prompt or of all."""
        shots = self.shots
        wanted = (shots["arm"] == name) & (shots["variant"] == variant)
        return shots[wanted & shots["kind"].isin(kinds)] if kinds else shots[wanted]

    def has(self, name: str) -> bool:
        """Whether anything was made for this arm."""
        shots = self.shots
        return bool(((shots["arm"] == name) & (shots["variant"] == "full")).any())

    def photos(self) -> Floats:
        """CLIP embeddings of the readable training photos: (n, dim)."""
        found = [vector for key, vector in self.clip.items() if key.startswith("photo:")]
        return np.stack(found) if found else np.zeros((0, 0), dtype=np.float32)


def load_tables(run: Run) -> Tables:
    """Raises RunMismatch when the shots and the arrays beside them do not belong together."""
    case, (gather, shots) = run.case(), run.gathered()
    bands, formula = limits_of(case, gather)
    labels = run.arrays("labels")
    references = run.arrays("references").get("embeddings", np.zeros((0, 0), dtype=np.float32))
    readable = np.isfinite(references).all(axis=1)
    return Tables(
        case=case,
        gather=gather.model_copy(update={"gaps": gather.gaps | _unreadable(readable)}),
        formula=formula,
        bands=bands,
        shots=pd.DataFrame([[getattr(shot, column) for column in SHOT_COLUMNS] for shot in shots], columns=list(SHOT_COLUMNS)),
        faces=_faces(run, shots, gather.smallest_face),
        references=references[readable],
        clip=_clip(run, shots),
        labels={key: (labels[key], labels[f"{key}:text"]) for key in labels if f"{key}:text" in labels},
        losses=_losses(run),
        audit=run.audit(),
        captionless=_captionless(run, case),
    )


PLACE = ["arm", "variant", "prompt_id", "seed"]


def common(one: Tables, other: Tables) -> tuple[Tables, Tables]:
    """Both runs with the pictures alone that both have drawn, so that one that stopped early can be laid beside one that did not.

    Losses stay as they are: photos are those of each run's own training set.
    """
    places = [pd.MultiIndex.from_frame(tables.shots[PLACE]) for tables in (one, other)]
    kept = [tables.shots[own.isin(places[1 - side])] for side, (tables, own) in enumerate(zip((one, other), places, strict=True))]
    return replace(one, shots=kept[0]), replace(other, shots=kept[1])


def _captionless(run: Run, case: Case) -> Measurement | Gap | None:
    """What `captionless.json` says; one that was made for another LoRA counts as none."""
    if not run.captionless_file.is_file():
        return None
    try:
        said = Captionless.model_validate_json(run.captionless_file.read_bytes())
    except (OSError, ValueError) as error:
        return Gap(key="captionless.identity", reason=f"captionless.json cannot be read ({type(error).__name__})")
    if said.lora_sha256 != case.lora.sha256:
        return None
    return said.identity or Gap(key="captionless.identity", reason=str(said.reason))


def _unreadable(readable: NDArray[np.bool_]) -> dict[str, str]:
    """For what could not be gathered: why some references do not count, though each showed a face."""
    lost = int((~readable).sum())
    if not lost:
        return {}
    return {
        "references": f"{lost} of {len(readable)} faces came out of the face pack as numbers that are none, and were left out"
    }


def _faces(run: Run, shots: tuple[Shot, ...], smallest: int) -> dict[str, Floats]:
    """Embeddings of the faces that are high enough; of a measurable single-person shot always row 0, which gather chose."""
    arrays = run.arrays("faces")
    kept: dict[str, Floats] = {}
    for shot in shots:
        if not shot.faces:
            continue
        if len(arrays.get(shot.id, ())) != len(shot.faces):
            raise run.of_another_gathering("faces", f"every face of shot {shot.id} ({len(shot.faces)})")
        first = 1 if shot.outcome in MEASURABLE and shot.kind != "group" else 0
        rows = [row for row, face in enumerate(shot.faces) if row < first or face.height >= smallest]
        if rows:
            kept[shot.id] = arrays[shot.id][rows]
    return kept


def _clip(run: Run, shots: tuple[Shot, ...]) -> dict[str, Floats]:
    """Of every shot or, without a CLIP model, of none."""
    arrays = run.arrays("clip")
    missing = next((shot.id for shot in shots if arrays and shot.id not in arrays), None)
    if missing is not None:
        raise run.of_another_gathering("clip", f"shot {missing}")
    return arrays


def _losses(run: Run) -> pd.DataFrame | None:
    arrays = run.arrays("losses")
    missing = sorted(LOSS_COLUMNS - arrays.keys()) if arrays else []
    if missing or len({len(column) for column in arrays.values()}) > 1:
        raise run.of_another_gathering("losses", ", ".join(missing) if missing else "columns of one length")
    return pd.DataFrame(arrays) if arrays and len(arrays["loss"]) else None
