"""What a model card and an upload form need of a run: its records, the numbers worth showing, and a few middling pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fluxdiag.bases import HUB_ID
from fluxdiag.gating.result import GateResult
from fluxdiag.records import Case, Evidence, GatherInfo, Measurement, Shot
from fluxdiag.reporting.words import text
from fluxdiag.runs import Run
from fluxdiag.swapped import is_there, picture_file

SHOWN = {
    "identity.trigger": "likeness with the trigger",
    "trigger.effect": "what the trigger adds",
    "bleed.class": "likeness that comes without the trigger",
    "consistency.trigger": "the same person across prompts, above the base's own",
    "obedience.background": "backgrounds obeyed, against the base",
    "leak.nearest": "nearness to a training photo, above the base's own",
}
LIMITS = (
    "Likeness is on the person's own scale: 0 is what the base paints without the LoRA, 1 is how alike the reference photos are "
    "among themselves. Intervals are at 95% over prompts. Measured by whoever published this file, and checked by nobody else; "
    "nothing here says who may be shown, or what the pictures may be used for."
)
OWN_SCALE = (
    "There were no reference photos: 1 is how alike the trigger's own pictures are, and likeness to a real person was not "
    "measured. "
)
SAMPLES = 3


@dataclass(frozen=True)
class Publication:
    """A gated run with what it was made from."""

    gate: GateResult
    case: Case
    made: GatherInfo
    evidence: Evidence

    @property
    def shown(self) -> list[tuple[str, Measurement]]:
        """The numbers worth showing that were measured, with their names for people."""
        return [(name, self.evidence.measurements[key]) for key, name in SHOWN.items() if key in self.evidence.measurements]

    @property
    def trigger(self) -> str | None:
        """On one line, unseen characters spelt out."""
        return None if self.case.trigger is None else " ".join(text(self.case.trigger.value).split())

    @property
    def base(self) -> str | None:
        """The base's hub id; a folder on someone's disk is no name."""
        return self.case.base if HUB_ID.fullmatch(self.case.base) else None


def publication(run: Run, gate: GateResult) -> Publication:
    return Publication(gate, run.case(), run.gather_info(), run.evidence())


def said_of_scale(publication: Publication) -> str:
    """What the numbers mean; it goes wherever they go."""
    return ("" if publication.evidence.get("identity.ceiling") else OWN_SCALE) + LIMITS


def samples(run: Run) -> list[Shot]:
    """Pictures of middling likeness with the trigger, one a prompt: neither the best nor the worst of them."""
    case = run.case()
    shots = [shot for shot in run.shots() if _as_recommended(shot, case) and is_there(run, shot)]
    likeness = _likeness(run, shots)
    by_prompt: dict[str, Shot] = {}
    middle = sorted(likeness.values())[len(likeness) // 2] if likeness else 0.0
    for shot in sorted(shots, key=lambda shot: abs(likeness.get(shot.id, middle) - middle)):
        by_prompt.setdefault(shot.prompt_id, shot)
    return list(by_prompt.values())[:SAMPLES]


def _as_recommended(shot: Shot, case: Case) -> bool:
    """The person with the trigger, by the whole file at the strength that the run judges it at."""
    whole = shot.variant == "full" and shot.strength == case.strength
    return whole and shot.arm == "trigger" and shot.kind == "person" and shot.outcome == "ok"


def _likeness(run: Run, shots: list[Shot]) -> dict[str, float]:
    """Cosine to the references' centroid by shot; empty without references, when no order is better than another."""
    import numpy as np

    faces, references = run.arrays("faces"), run.arrays("references").get("embeddings")
    if references is None or not len(references):
        return {}
    person = np.mean(references, axis=0)
    return {shot.id: float(faces[shot.id][0] @ person) for shot in shots if len(faces.get(shot.id, ()))}


def remove_samples(folder: Path, beyond: int) -> None:
    """Those that an earlier card showed and this one does not: they are another file's, and an upload would take them along."""
    for place in range(beyond, SAMPLES):
        (folder / f"fluxdiag-sample-{place + 1}.png").unlink(missing_ok=True)


def copy_samples(run: Run, folder: Path) -> list[tuple[Shot, str]]:
    """Copies beside the card as PNG without notes: each shot, and its file's name. Unreadable pictures are left out."""
    from io import BytesIO

    from PIL import Image

    from fluxdiag.runs import write_bytes

    copied: list[tuple[Shot, str]] = []
    for shot in samples(run):
        name = f"fluxdiag-sample-{len(copied) + 1}.png"
        buffer = BytesIO()
        try:
            with Image.open(picture_file(run, shot) or "") as picture:
                Image.frombytes("RGB", picture.size, picture.convert("RGB").tobytes()).save(buffer, "PNG")
        except (OSError, ValueError, Image.DecompressionBombError):
            continue
        write_bytes(folder / name, buffer.getvalue())
        copied.append((shot, name))
    return copied
