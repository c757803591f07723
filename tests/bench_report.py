"""Speed and memory of the report, alone or as part of `bench.py`: 200 pictures of 1024 x 1024 px, as FLUX.1 makes them.

Prints seconds and peak memory of rendering, the page's size, and how soon Chromium paints it first.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import bench_bytecode

HERE = Path(__file__).parent
SIDE, PICTURES = 1024, 200
RENDER = "import sys; from pathlib import Path; from fluxdiag.report import render; from fluxdiag.runs import Run; "
RENDER += "render(Run(Path(sys.argv[1])))"
PAINTS = 5
EMPTY = "data:text/html,<h1>x</h1>"


@dataclass(frozen=True)
class Drawn:
    """Rendering in one process, interpreter and imports included, and the page that came of it."""

    wall: float
    processor: float
    peak_mb: float
    page_mb: float
    paints: tuple[float, float] | None
    """ms of this page and of an empty one, medians of loads in turn: what a busy machine adds, it adds to both"""


def made(folder: Path) -> Path:
    """A run of the laboratory, its pictures enlarged and grained: PNG files of about 2 MB, as slow to read as photographs."""
    import numpy as np
    from PIL import Image

    import states
    from fluxdiag.carried import png_with_view

    run = states.laid_out("overcaptioned", folder)
    run.write_shots(run.shots()[:PICTURES])
    grain = np.random.default_rng(0).normal(0, 6, (SIDE, SIDE, 3))
    for shot in run.shots():
        with Image.open(run.folder / shot.file) as small:
            large = np.asarray(small.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC), dtype=float)
        picture = Image.fromarray(np.clip(large + grain, 0, 255).astype("uint8"))
        (run.folder / shot.file).write_bytes(png_with_view(picture))
        grain = np.roll(grain, 31, axis=0)
    scale = SIDE / states.SIDE
    run.write_shots(
        shot.model_copy(
            update={"faces": tuple(f.model_copy(update={"box": tuple(scale * e for e in f.box)}) for f in shot.faces)}
        )
        for shot in run.shots()
    )
    states.changed(states.sealed(run), gather={"shots": PICTURES})
    return run.folder


def rendered(folder: Path) -> tuple[float, float, float]:
    """(wall seconds, processor seconds, peak MB) of one process, interpreter and imports included."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", RENDER, str(folder)])
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit("rendering failed")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3


def first_paints(page: Path) -> tuple[float, float] | None:
    """Medians of several loads of the page and of an empty one, ms; None without Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    from playwright.sync_api import sync_playwright

    asked = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found: dict[str, list[float]] = {page.as_uri(): [], EMPTY: []}
        for address in list(found) * PAINTS:
            tab = browser.new_page(viewport={"width": 1280, "height": 720})
            tab.goto(address)
            while (paint := tab.evaluate(asked)) is None:
                tab.wait_for_timeout(20)
            found[address].append(paint)
            tab.close()
        browser.close()
    whole, empty = map(statistics.median, found.values())
    return whole, empty


def bench(folder: Path) -> Drawn:
    """A child made by fork keeps its parent's peak memory, so the pictures are made in a process of their own."""
    subprocess.run([sys.executable, __file__, folder], check=True)
    bench_bytecode.as_installed()
    page = folder / "run" / "report.html"
    wall, processor, peak = rendered(page.parent)
    return Drawn(wall, processor, peak, page.stat().st_size / 1e6, first_paints(page))


def main() -> None:
    if len(sys.argv) > 1:
        made(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        drawn = bench(Path(folder))
    print(
        f"render   {drawn.wall:.1f} s wall, {drawn.processor:.1f} s processor, {drawn.peak_mb:.0f} MB peak"
        f"  ({PICTURES} pictures, {SIDE} px)"
    )
    print(f"page     {drawn.page_mb:.2f} MB")
    if drawn.paints is None:
        print("paint    no Chromium")
    else:
        print("paint    {:.0f} ms, an empty page {:.0f} ms".format(*drawn.paints))


if __name__ == "__main__":
    main()
