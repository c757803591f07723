"""Reports of many LoRAs: the flow of `report` for each, then one table of them all.

    OUT/runs/NAME/     a run folder each, as `report` makes it
    OUT/batch.json     a row each             OUT/index.html     the same as a page, the worst first
    OUT/workers/       what the processes of several cards said

What is whole already is not drawn again, so the same call goes on where a killed one was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.batching.drawing import Drawing
from fluxdiag.batching.manifest import Item, Manifest
from fluxdiag.batching.records import Answer, Batch, Job, Row
from fluxdiag.batching.rows import row_of, unopened
from fluxdiag.batching.workers import Workers
from fluxdiag.case import build_case
from fluxdiag.errors import FluxdiagError
from fluxdiag.gather import announce, is_gathered, planned, refuse_foreign
from fluxdiag.gating.policy import Policy
from fluxdiag.plan import Estimate, duration, together
from fluxdiag.records import Severity
from fluxdiag.runs import Run, sha256_text, write_text
from fluxdiag.suites import load_suite

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress


@dataclass(frozen=True)
class Asked:
    """What is asked of every LoRA alike."""

    out: Path
    suite: str
    thorough: bool
    policy: Policy | None
    fail_on: Severity


@dataclass(frozen=True)
class Opened:
    """Those that can be drawn, by base so that each is loaded once; and rows of those that cannot."""

    jobs: tuple[Job, ...]
    rows: tuple[Row, ...]


def opened(manifest: Manifest, asked: Asked, base: str | None = None, face_pack: str | None = None) -> Opened:
    """Every file is read, none is drawn. A row's own base wins over `base`."""
    jobs: list[Job] = []
    rows: list[Row] = []
    folders = folders_of([item.name for item in manifest.items])
    for item in manifest.items:
        folder = asked.out / "runs" / folders[item.name]
        try:
            jobs.append(_job(item, folder, asked, item.base or base, face_pack))
        except FluxdiagError as mistake:
            rows.append(unopened(item, mistake))
    return Opened(tuple(sorted(jobs, key=lambda job: job.case.base)), tuple(rows))


def _job(item: Item, folder: Path, asked: Asked, base: str | None, face_pack: str | None) -> Job:
    case = build_case(
        item.lora,
        dataset=item.dataset,
        references=item.references,
        trigger=item.trigger,
        class_word=item.class_word,
        base=base,
        strength=item.strength,
        face_pack=face_pack,
    )
    refuse_foreign(Run(folder), case)
    return Job(name=item.name, case=case, folder=str(folder), suite=asked.suite, thorough=asked.thorough)


def folders_of(names: Sequence[str]) -> dict[str, str]:
    """Name -> folder. Of a name only letters and digits reach the path; what is lost of it, a digest of the whole makes up for.

    A name's folder hangs on no other name, so that rows may come and go between two calls, but for the few that differ in
    capitals alone: some disks take these for one.
    """
    found: dict[str, str] = {}
    for name in names:
        slug = re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:60]
        taken = {folder.lower() for folder in found.values()}
        found[name] = slug if slug == name and slug.lower() not in taken else f"{slug}-{sha256_text(name)[:8]}"
    return found


@dataclass(frozen=True)
class Cost:
    """What is still to be drawn of so many LoRAs, `ready` of which are whole."""

    loras: int
    ready: int
    left: Estimate

    def sentence(self, thorough: bool, workers: int) -> str:
        told = f"{self.loras} LoRAs" + (f", {self.ready} of them whole already" if self.ready else "")
        if self.ready == self.loras:
            return f"{told}: nothing is left to draw"
        alike = f"; {workers} at once, so about {duration(self.left.minutes / workers)} if all are alike" if workers > 1 else ""
        return f"{told}: {self.left.sentence if thorough else self.left.early}{alike}"


def cost(opened: Opened, asked: Asked) -> Cost:
    """The base's own pictures are counted for the first LoRA that needs them. Raises FluxdiagError for a suite that is none."""
    suite, file = load_suite(asked.suite)
    left = [job for job in opened.jobs if not _whole(job, file)]
    shared: set[str] = set()
    estimates = []
    for job in left:
        estimates.append(announce(job.case, suite, Run(Path(job.folder)), shared=shared))
        shared |= {task.base_key for task in planned(job.case, suite).tasks if task.base_key is not None}
    return Cost(len(opened.jobs), len(opened.jobs) - len(left), together(estimates))


def _whole(job: Job, suite_file: Path) -> bool:
    """Whether its pictures are all there, of the case as it is now."""
    run = Run(Path(job.folder))
    try:
        return run.case() == job.case and is_gathered(run, suite_file, job.thorough)
    except FluxdiagError:
        return False


def batch(opened: Opened, asked: Asked, places: Sequence[str] = (), progress: Progress | None = None) -> Iterator[Row]:
    """Draws and judges; rows as they are finished, those that could not be opened first.

    With `places` (`0`, `1`, `cpu`) by one process each, else in this one.
    """
    yield from opened.rows
    if not places:
        yield from _rows(Drawing(progress).drawn(opened.jobs), asked)
        return
    with Workers(places, asked.out / "workers") as workers:
        yield from _rows(workers.drawn(opened.jobs), asked)


def _rows(drawn: Iterable[tuple[Job, Answer]], asked: Asked) -> Iterator[Row]:
    return (row_of(job, answer, asked.out, asked.policy, asked.fail_on) for job, answer in drawn)


def told(manifest: Manifest, given: Path, asked: Asked, rows: Iterable[Row]) -> Batch:
    """All rows, in the manifest's order."""
    place = {item.name: at for at, item in enumerate(manifest.items)}
    return Batch(
        manifest=given.name,
        suite=asked.suite,
        thorough=asked.thorough,
        policy=None if asked.policy is None else asked.policy.name,
        fail_on=asked.fail_on,
        rows=tuple(sorted(rows, key=lambda row: place[row.name])),
        skipped=manifest.skipped,
    )


def written(found: Batch, out: Path) -> Path:
    """`batch.json`, and the page beside it."""
    from fluxdiag.batching.page import rendered

    Run(out).write(out / "batch.json", found)
    write_text(out / "index.html", rendered(found, out))
    return out / "index.html"
