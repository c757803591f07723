"""Speed and memory, for `make bench`: prints one table, writes bench.json; docs/performance.md explains both.

Parts can be asked for by name (`python tests/bench.py render training`); without names all of them run. Imports nothing heavy: a
child's peak memory is never less than what its parent held when it was started.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import bench_bytecode

Figures = dict[str, float]
ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
LABORATORY = ROOT / "src" / "fluxlab"
MODEL_STAGES = ("encode", "draw", "losses", "decode")
HELP_RUNS = 5
VERDICTS = (0, 1, 3)
"""exit codes of a run that came to an end: healthy, a problem, undetermined"""
COMMAND = (sys.executable, "-c", "from fluxdiag.__main__ import main; main()")


@dataclass(frozen=True)
class Row:
    what: str
    wall: float
    """seconds, the interpreter's start included"""
    cpu: float
    """seconds of all cores together: what a busy machine changes least"""
    peak_mb: float
    exit_code: int
    stages: dict[str, float] = field(default_factory=dict)
    """gather's own seconds"""

    @property
    def outside(self) -> float | None:
        """Share of the wall time in which no FLUX.1 model was at work; None where none was asked to."""
        return 1 - sum(self.stages.get(stage, 0.0) for stage in MODEL_STAGES) / self.wall if self.stages else None


def timed(what: str, *arguments: object, cache: Path, expected: tuple[int, ...] = VERDICTS, gathered: Path | None = None) -> Row:
    """One process. `gathered` is the gather.json that it writes, for the seconds by stage."""
    environment = os.environ | {"FLUXDIAG_CACHE": str(cache)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)  # this child's own account: RUSAGE_CHILDREN keeps the largest of all
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in expected:
        sys.exit(f"{what}: exit code {process.returncode}\n{said}")
    stages = json.loads(gathered.read_text())["seconds"] if gathered else {}
    peak_mb = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Row(what, wall, usage.ru_utime + usage.ru_stime, peak_mb, process.returncode, stages)


def report(what: str, example: str, out: Path, cache: Path, *options: str) -> Row:
    (lora,) = (LABORATORY / "examples" / example).glob("*.safetensors")
    base = LABORATORY / "weights" / "base"
    return timed(what, "report", lora, "--base", base, "--out", out, *options, cache=cache, gathered=out / "gather.json")


# ------------------------------------------------------------------------------------------------ the parts


def main_job(folder: Path) -> tuple[list[Row], Figures]:
    cache, run = folder / "cache", folder / "overcaptioned"
    helps = sorted((timed("help", "--help", cache=cache) for _ in range(HELP_RUNS)), key=lambda row: row.wall)
    rows = [
        report("report, cold", "healthy", folder / "healthy", cache),
        report("report, base arms cached", "overcaptioned", run, cache),
        timed("diagnose", "diagnose", run, cache=cache),
        timed("render again", "report", run, cache=cache),
        helps[HELP_RUNS // 2],
    ]
    return rows, {}


def inspection(folder: Path) -> tuple[list[Row], Figures]:
    """A rank-64 file of all layers, written and compared with the naive way by other processes: numpy stays out of this one."""
    lora, script = folder / "rank64.safetensors", TESTS / "bench_inspect.py"
    subprocess.run([sys.executable, script, "write", lora], check=True)
    row = timed(f"inspect, {lora.stat().st_size / 1e6:.0f} MB", "inspect", lora, cache=folder / "cache")
    compared = subprocess.run([sys.executable, script, "compare", lora], check=True, capture_output=True, text=True)
    lora.unlink()
    return [row], {f"spectrum of one 3072 x 3072 layer, {name}": value for name, value in json.loads(compared.stdout).items()}


def rendering(folder: Path) -> tuple[list[Row], Figures]:
    import bench_report

    drawn = bench_report.bench(folder / "page")
    what = f"render, {bench_report.PICTURES} pictures of {bench_report.SIDE} px"
    paint = dict(zip(("first paint, ms", "first paint of an empty page, ms"), drawn.paints or (), strict=False))
    return [Row(what, drawn.wall, drawn.processor, drawn.peak_mb, 0)], {"page, MB": drawn.page_mb} | paint


def scoring(folder: Path) -> tuple[list[Row], Figures]:
    """In a process of its own, whose peak is that of the models and of what is read beside them."""
    file = folder / "scoring.json"
    subprocess.run([sys.executable, TESTS / "bench_scoring.py", file], check=True, stdout=subprocess.DEVNULL)
    return [], {f"scoring, {name}": value for name, value in json.loads(file.read_text()).items()}


def training(folder: Path) -> tuple[list[Row], Figures]:
    """The trainer against a bare loop, in a process of its own for torch's sake; exit code 1 is a ratio above what is allowed."""
    file = folder / "training.json"
    done = subprocess.run([sys.executable, TESTS / "bench_training.py", file], capture_output=True, text=True, check=False)
    if not file.exists():
        sys.exit(f"training: {done.stderr}")
    return [], {f"training step, {name}": value for name, value in json.loads(file.read_text()).items()}


def auditing(folder: Path) -> tuple[list[Row], Figures]:
    import bench_audit

    found = bench_audit.bench(folder)
    rows = [Row(row.what, row.wall, row.cpu, row.peak_mb, 0) for row in found]
    return rows, {f"audit, {name}": value for name, value in bench_audit.compare(found).items()}


def searching(folder: Path) -> tuple[list[Row], Figures]:
    """`repair` and `sweep` beside a report of the whole suite, each with its own empty cache of base pictures."""
    run, mended, swept, training = folder / "run", folder / "mended", folder / "swept", folder / "training"
    reported = report("report, thorough, cold", "overcaptioned", run, folder / "cache", "--thorough")
    repaired = timed("repair of its run", "repair", run, "--out", mended, cache=folder / "cache")
    subprocess.run([sys.executable, TESTS / "bench_search.py", training], check=True)
    base = LABORATORY / "weights" / "base"
    sweep = timed("sweep of 10 checkpoints", "sweep", training, "--base", base, "--out", swept, cache=folder / "other")
    spent, drawn = json.loads((mended / "repair.json").read_text()), json.loads((swept / "sweep.json").read_text())
    figures = {
        "report, pictures": len((run / "shots.jsonl").read_text().splitlines()),
        "repair, pictures with the LoRA on": spent["pictures"],
        "repair, at most": spent["at_most"],
        "sweep, pictures with a checkpoint on": drawn["pictures"],
        "sweep, times a report's processor time (4 is allowed)": sweep.cpu / reported.cpu,
        "sweep, times a report's wall time": sweep.wall / reported.wall,
    }
    return [reported, repaired, sweep], figures


PARTS: dict[str, Callable[[Path], tuple[list[Row], Figures]]] = {
    "main": main_job,
    "inspect": inspection,
    "render": rendering,
    "scoring": scoring,
    "training": training,
    "audit": auditing,
    "search": searching,
}


# ------------------------------------------------------------------------------------------------ the table


def table(rows: list[Row]) -> str:
    stages = list(dict.fromkeys(stage for row in rows for stage in row.stages if stage != "all"))
    head = ["", "wall s", "cpu s", "peak MB", "outside models", *stages]
    lines = [head]
    for row in rows:
        outside = "" if row.outside is None else f"{row.outside:.0%}"
        seconds = [f"{row.stages[stage]:.1f}" if stage in row.stages else "" for stage in stages]
        lines.append([row.what, f"{row.wall:.2f}", f"{row.cpu:.2f}", f"{row.peak_mb:.0f}", outside, *seconds])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def measured(names: list[str]) -> tuple[list[Row], Figures]:
    rows: list[Row] = []
    figures: Figures = {}
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            more, found = PARTS[name](Path(folder))
        rows, figures = [*rows, *more], figures | found
    return rows, figures


def main() -> None:
    names = sys.argv[1:] or list(PARTS)
    if unknown := set(names) - PARTS.keys():
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if not (LABORATORY / "weights" / "base" / "model_index.json").is_file():
        sys.exit("the laboratory's models are not here: run `make lab`")
    bench_bytecode.as_installed()
    rows, figures = measured(names)
    if rows:
        print(table(rows))
    for name, value in figures.items():
        print(f"{name}: {value:.4g}")
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load at the end": os.getloadavg()[0],
    }
    found = {"machine": machine, "rows": [asdict(row) | {"outside": row.outside} for row in rows], "figures": figures}
    (ROOT / "bench.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
