"""Memory and time of scoring: faces and CLIP of 160 pictures of 1024 px, looked at twice, as rounds of drawing do.

python tests/bench_scoring.py    prints processor seconds of both looks, and the peak above what the models take
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import bench_report
from fluxdiag.case import build_case
from fluxdiag.engines.remembering import RememberingClip, RememberingFaces
from fluxdiag.engines.scoring import score
from fluxdiag.engines.studio import image_file
from fluxdiag.gather import planned
from fluxdiag.profiles import beside, load_profile
from fluxdiag.runs import Run
from fluxdiag.suites import load_suite

LABORATORY = Path(__file__).parents[1] / "src" / "fluxlab"
PICTURES, LOOKS = 160, 2


@dataclass(frozen=True)
class Scored:
    seconds: tuple[float, ...]
    """of the processor, look by look"""
    above_models_mb: float


def scored(folder: Path) -> Scored:
    """The tasks are the healthy example's, the pictures those of the report's bench."""
    (lora,) = (LABORATORY / "examples" / "healthy").glob("*.safetensors")
    case, (suite, _) = build_case(lora, base=str(LABORATORY / "weights" / "base")), load_suite("quick")
    run, tasks = Run(folder / "scored"), list(planned(case, suite).tasks)[:PICTURES]
    for task, picture in zip(tasks, sorted((folder / "run" / "shots").glob("*.png")), strict=False):
        image_file(run, task).parent.mkdir(parents=True, exist_ok=True)
        image_file(run, task).symlink_to(picture)
    profile = load_profile(case.base)
    faces, clip = RememberingFaces(beside(case.base, profile.face_pack)), RememberingClip(beside(case.base, profile.clip_model))
    models, seconds = _peak_mb(), []
    for _ in range(LOOKS):
        began = time.process_time()
        score(run, case, tasks, suite, faces, clip, frozenset(), lambda stage, done, of: None)
        seconds.append(time.process_time() - began)
    return Scored(tuple(seconds), _peak_mb() - models)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    """The pictures are made by a process of their own, for its peak is not to count here."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, bench_report.__file__, folder], check=True)
        found = scored(Path(folder))
    figures = {"first look, s of processor": found.seconds[0], "second look, s of processor": found.seconds[1]}
    figures["peak above the models, MB"] = found.above_models_mb
    for name, value in figures.items():
        print(f"scoring of {PICTURES} pictures of {bench_report.SIDE} px, {name}: {value:.3g}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
