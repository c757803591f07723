"""Auditing many large photos: 12 megapixels each, made for it, without faces and CLIP. `python tests/bench_audit.py`

Memory has to be flat in the number of photos, and the second look at the same photos has to come from the cache. Seconds of the
processor stand beside those of the clock, for a machine that does other work too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import bench_bytecode

SIZE = (4000, 3000)
FEW, MANY = 50, 200
COMMAND = (sys.executable, "-c", "from fluxdiag.__main__ import main; main()")


@dataclass(frozen=True)
class Audited:
    """One process; its faults found or not, exit code 0 or 1, are not what is measured here."""

    what: str
    wall: float
    """seconds, the interpreter's start included"""
    cpu: float
    """seconds of all cores together"""
    peak_mb: float


def write(folder: Path, count: int) -> None:
    """JPEGs of quality 92: large shapes of their own colours under the same grain, some 4 MB each, as a camera writes them."""
    import numpy as np
    from PIL import Image, ImageChops

    grain = np.random.default_rng(0).normal(0, 4, (SIZE[1], SIZE[0])).clip(0, 255).astype(np.uint8)
    grained = Image.merge("RGB", [Image.fromarray(grain)] * 3)
    folder.mkdir()
    for number in range(count):
        shapes = np.random.default_rng(number).integers(20, 235, (12, 16, 3), dtype=np.uint8)
        photo = Image.fromarray(shapes).resize(SIZE, Image.Resampling.BILINEAR)
        ImageChops.add(photo, grained).save(folder / f"{number:03}.jpg", quality=92)


def audit(what: str, photos: Path, cache: Path, home: Path) -> Audited:
    """The home folder is a new one, so that no face pack and no CLIP of this machine is found."""
    environment = {name: value for name, value in os.environ.items() if name != "FLUXDIAG_FACES"}
    environment |= {"FLUXDIAG_CACHE": str(cache), "HOME": str(home), "HF_HOME": str(home)}
    arguments = ("dataset", "audit", str(photos), "--base", str(home / "none"), "--json")
    began = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)  # this child's own account: RUSAGE_CHILDREN keeps the largest of all
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{what}: exit code {process.returncode}\n{said}")
    peak = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Audited(what, wall, usage.ru_utime + usage.ru_stime, peak)


def bench(folder: Path) -> list[Audited]:
    photos, few = folder / "photos", folder / "few"
    subprocess.run([sys.executable, __file__, "write", photos], check=True)  # elsewhere: a child begins with its parent's peak
    few.mkdir()
    for photo in sorted(photos.iterdir())[:FEW]:
        (few / photo.name).hardlink_to(photo)
    bench_bytecode.as_installed()
    return [
        audit(f"audit, {FEW} photos of 12 megapixels", few, folder / "cache of few", folder),
        audit(f"audit, {MANY} photos of 12 megapixels", photos, folder / "cache", folder),
        audit(f"audit, the same {MANY} again", photos, folder / "cache", folder),
    ]


def compare(rows: list[Audited]) -> dict[str, float]:
    """How many times the memory of few photos many take, and how many times faster the second look is."""
    few, many, again = rows
    return {"memory": many.peak_mb / few.peak_mb, "again": many.wall / again.wall, "again, cpu": many.cpu / again.cpu}


def main() -> dict[str, object]:
    """Prints the table; returns it with the comparison, JSON values only."""
    with tempfile.TemporaryDirectory() as folder:
        rows = bench(Path(folder))
    for row in rows:
        print(f"{row.what:36} {row.wall:7.2f} s  cpu {row.cpu:7.2f} s {row.peak_mb:6.0f} MB")
    found: dict[str, object] = {"rows": [asdict(row) for row in rows], "compared": compare(rows)}
    print(json.dumps(found["compared"]))
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]), MANY)
    else:
        main()
