"""A run that was judged, with real photos on disk, for a base that says of itself who can train it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

import fluxlab
from fluxdiag.profiles import load_profile
from fluxdiag.records import Case, Change, Diagnosis, Evidence, Fact, Finding, LoraFile, Measurement, Photo
from fluxdiag.runs import Run, as_json, sha256_file, sha256_text, write_text

OWN = {
    "name": '"miniature"', "resolution": "[32, 32]", "steps": "2", "batch": "4", "learning_rate": "1e-4", "per_image": "100",
    "plus": "350", "rank": "16", "download_gb": "1.0", "calibration": '"none"',
}  # fmt: skip
"""where this base differs from the laboratory: the guide's numbers, and it can be fetched, so external trainers know it"""
BANDS = """[bands]
rank = { low = 16, high = 32, source = "test" }
exposure_ratio = { low = 0.7, high = 1.5, source = "test" }
"""
LOOKS = "ohwx woman with curly brown hair and green eyes, standing in a park at night, portrait"
PERSON_MISSING = {"identity.trigger": (0.1, 0.05, 0.15), "trigger.effect": (0.05, 0.0, 0.1), "bleed.class": (0.1, 0.05, 0.15)}
PERSON_EVERYWHERE = {"identity.trigger": (0.7, 0.6, 0.8), "bleed.class": (0.6, 0.5, 0.7), "loss.gap": (55.0, 50.0, 60.0)}


def miniature(folder: Path, pipeline: Path | None = None) -> Path:
    """A base folder with the profile above; with real weights where a pipeline is given."""
    if pipeline is not None:
        shutil.copytree(pipeline, folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = (Path(fluxlab.__file__).parent / "profile.toml").read_text(encoding="utf-8")
    for key, value in OWN.items():
        text = re.sub(rf"^{key} = [^#\n]*", f"{key} = {value} ", text, count=1, flags=re.MULTILINE)
    text = 'trainers = ["ai-toolkit", "kohya", "builtin"]\n' + text
    write_text(folder / "profile.toml", re.sub(r"^\[bands\]\n(.+\n)+", BANDS, text, flags=re.MULTILINE))
    return folder


def photo(file: Path, number: int, caption: str | None = LOOKS) -> Photo:
    """Noise: sharp, and like no other one."""
    pixels = np.random.default_rng(number).integers(0, 256, size=(8, 8, 3), dtype=np.uint8)
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).resize((64, 64), Image.Resampling.NEAREST).save(file)
    if caption is not None:
        file.with_suffix(".txt").write_text(caption)
    return Photo(path=str(file), sha256=sha256_file(file), width=64, height=64, caption=caption)


def fact(value: str | int | float) -> Fact:
    return Fact(value=value, source="header")


SETTINGS: dict[str, str | int | float] = {
    "steps": 1350, "learning_rate": 1e-4, "batch_size": 1, "optimizer": "AdamW8bit", "scheduler": "cosine", "warmup": 100,
    "regularisation_images": 0, "resolution": "32x32", "caption_dropout": 0.0, "images": 10,
}  # fmt: skip


def case(folder: Path, base: Path, photos: int = 10, caption: str | None = LOOKS, **settings: str | int | float) -> Case:
    taken = [photo(folder / "photos" / f"IMG {number}.png", number, caption) for number in range(photos)]
    return Case(
        lora=LoraFile(
            path=str(folder / "mychar.safetensors"),
            sha256="0" * 64,
            dialect="kohya",
            trainer="kohya",
            modules=4,
            text_encoder_modules=0,
            rank_min=16,
            rank_median=16,
            rank_max=16,
            alpha_over_rank=1.0,
            parameters=1000,
            delta_norm=2.0,
        ),
        base=str(base),
        profile=load_profile(str(base)).name,
        strength=1.0,
        trigger=fact("ohwx woman"),
        class_word=fact("woman"),
        description=None,
        settings={name: fact(value) for name, value in (SETTINGS | settings).items() if value is not None},
        photos=tuple(taken),
        references=(),
        reference_source="none",
    )


def finding(cause: str, *settings: str, direction: str | None = None, to: str = "better", safe: bool = True) -> Finding:
    changes = tuple(Change(setting=setting, to=to, because=f"because of {cause}", safe=safe) for setting in settings)
    return Finding(
        cause=cause,
        title=cause,
        status="present",
        severity="high",
        direction=direction,
        because=(cause,),
        cites=(),
        changes=changes,
    )


def evidence(numbers: dict[str, tuple[float, float, float]]) -> Evidence:
    found = {key: Measurement(key=key, value=v, low=low, high=high, n=8) for key, (v, low, high) in numbers.items()}
    references = Measurement(key="identity.ceiling", value=0.9, low=0.88, high=0.92, n=8)
    return Evidence(gather_sha256=sha256_text("gather"), measurements=found | {references.key: references}, gaps={})


def diagnosis(*findings: Finding, verdict: str = "faulty") -> Diagnosis:
    from fluxdiag.prescribe import prescribe

    prescription, conflicts = prescribe(findings)
    return Diagnosis.model_validate(
        {
            "verdict": verdict,
            "sentence": "What is wrong.",
            "calibration": "none",
            "symptoms": (),
            "findings": findings,
            "prescription": prescription,
            "conflicts": conflicts,
        }
    )


def judged(folder: Path, of: Case, found: Evidence, said: Diagnosis) -> Run:
    """The files of a run folder that a retraining reads."""
    run = Run(folder)
    run.write(run.case_file, of)
    run.write(run.evidence_file, found)
    write_text(run.diagnosis_file, as_json(said.model_copy(update={"evidence_sha256": sha256_file(run.evidence_file)})))
    return run


def described(folder: Path, base: Path, **settings: str | int | float) -> Run:
    """The usual fault: captions that describe the person."""
    said = diagnosis(finding("overcaptioned-appearance", "captions"))
    return judged(folder / "run", case(folder, base, **settings), evidence(PERSON_MISSING), said)
