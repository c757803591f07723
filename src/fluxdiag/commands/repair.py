"""The commands that ship a LoRA without training it again: `repair` and `sweep`. Tables go to stderr, paths to stdout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fluxdiag.commands.talk import interval, progress, say, summary, table
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import ExitCode
from fluxdiag.runs import Run

if TYPE_CHECKING:
    from fluxdiag.gating.policy import Policy
    from fluxdiag.searching.sweep_records import Sweep

Folder = Path | None
Dataset = Annotated[Folder, typer.Option(help="Folder of the training photos and captions.")]
References = Annotated[Folder, typer.Option(help="Folder of photos of the person that were not trained on.")]
Trigger = Annotated[str | None, typer.Option(help="The phrase that the captions use, such as `ohwx woman`.")]
ClassWord = Annotated[str | None, typer.Option(help="What the person is without the trigger: woman, man, ...")]
Base = Annotated[str | None, typer.Option(help="Hub id or folder of the base; FLUX.1-dev unless said.")]
Faces = Annotated[str | None, typer.Option(help="Face pack: a folder or a name; the base's profile says one.")]
Suite = Annotated[str, typer.Option(help="Probe suite: a name (quick) or the path of a TOML file.")]
CODES = {"repaired": 0, "nothing-to-repair": 0, "improved": 1, "not-repairable": 1}


def repair(
    target: Annotated[Path, typer.Argument(help="A run folder, or a LoRA, which is then reported first.", metavar="RUN_OR_LORA")],
    policy: Annotated[str, typer.Option(help="The gate that it has to pass: a preset or a TOML file.")] = "marketplace",
    out: Annotated[Folder, typer.Option(help="Where file and record go; NAME-repair beside the run unless said.")] = None,
    suite: Suite = "quick",
    dataset: Dataset = None,
    references: References = None,
    trigger: Trigger = None,
    class_word: ClassWord = None,
    base: Base = None,
    faces: Faces = None,
) -> None:
    """A fixed file without retraining, where strength, rank or blocks are enough. Exit code 1 where they are not."""
    from fluxdiag.gating.reading import read_policy
    from fluxdiag.repair import cost
    from fluxdiag.repair import repair as mend

    wanted = read_policy(policy)
    given: dict[str, object] = {"dataset": dataset, "references": references, "trigger": trigger, "class_word": class_word}
    given |= {"base": base} | {"faces": faces}
    run = _finished(target, given) if target.is_dir() else _reported(target, given, out, suite, wanted)
    folder = out or beside(run.folder)
    say(cost(run.case(), suite))
    with progress() as show:
        found = mend(run, wanted, folder, suite, show)
    table(
        ("variant", "pictures", "identity", "bleed", "kept", "left"),
        [(t.variant, str(t.pictures), *map(interval, (t.identity, t.bleed, t.kept, t.left))) for t in found.tried],
    )
    say(f"{found.outcome}: {found.sentence}")
    say(f"{found.pictures} pictures with the LoRA on; at most {found.at_most}")
    if found.file is not None:
        say(f"the file: {folder / found.file}\nits report: {Run(folder / 'run').report_file}")
    print(folder / "repair.json")
    raise typer.Exit(ExitCode(CODES[found.outcome]))


def beside(folder: Path) -> Path:
    """`NAME-repair` next to the run; `.` has no name of its own."""
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}-repair")


def _finished(folder: Path, given: Mapping[str, object]) -> Run:
    """Raises FluxdiagError for a folder that is no run, and for options that would change nothing."""
    run = Run(folder)
    run.diagnosis()
    idle = ", ".join(f"--{name.replace('_', '-')}" for name, value in given.items() if value is not None)
    if idle:
        what = f"a run knows its dataset, references, trigger and base already, and {idle} would change nothing"
        raise FluxdiagError(what, where=str(folder), do="Give these options with a LoRA, or to `fluxdiag report`")
    return run


def _reported(lora: Path, given: Mapping[str, object], out: Folder, suite: str, policy: Policy) -> Run:
    """The LoRA's own run, made first. What it and the repair after it take is said before, what it found after.

    It stops early as `report` does where every line of the policy is answered by any run: the search draws whatever it
    compares itself, and takes over what is there. Another policy's line might be among what was left out.
    """
    from fluxdiag.case import build_case
    from fluxdiag.commands.beforehand import announce
    from fluxdiag.flow import examine
    from fluxdiag.gathering.in_rounds import answers_all
    from fluxdiag.repair import cost

    known = {"face_pack" if name == "faces" else name: value for name, value in given.items()}
    case = build_case(lora, **known)  # type: ignore[arg-type]
    run, whole = Run(out / "before" if out else Path("runs") / lora.stem), not answers_all(policy)
    announce(case, run, suite, whole)
    say(f"then the repair: {cost(case, suite)}")
    with progress() as show:
        diagnosis = examine(case, run, suite, show, whole)
    summary(diagnosis)
    return run


STRENGTHS = "0.6,0.8,1.0"


def sweep(
    checkpoints: Annotated[list[Path], typer.Argument(help="LoRA files, or the folder that a trainer wrote.", metavar="CKPT")],
    strengths: Annotated[str, typer.Option(help="Strengths to try, with commas between them.")] = STRENGTHS,
    out: Annotated[Folder, typer.Option(help="Where it goes; runs/NAME-sweep unless said. The same call resumes it.")] = None,
    suite: Suite = "quick",
    dataset: Dataset = None,
    references: References = None,
    trigger: Trigger = None,
    class_word: ClassWord = None,
    base: Base = None,
    faces: Faces = None,
) -> None:
    """Which checkpoint to ship, and at which strength. Exit code 0 whatever is found: nothing is judged."""
    from fluxdiag.case import build_case
    from fluxdiag.searching.checkpoints import checkpoints as found_in
    from fluxdiag.suites import load_suite
    from fluxdiag.sweep import cost, written
    from fluxdiag.sweep import sweep as compare

    wanted, (questions, _) = _numbers(strengths), load_suite(suite)
    chosen = found_in(checkpoints)
    for name, why in chosen.skipped.items():
        say(f"not compared: {name}: {why}")
    last = chosen.found[-1].path
    known = {"dataset": dataset, "references": references, "trigger": trigger, "class_word": class_word, "base": base}
    case = build_case(last, **known, strength=1.0, face_pack=faces)  # type: ignore[arg-type]
    folder = out or Path("runs") / f"{last.stem}-sweep"
    say(cost(case, chosen, wanted, questions))
    with progress() as show:
        found = compare(case, chosen, wanted, questions, folder, show)
    page = written(folder, found)
    columns = ("checkpoint", "steps", "strength", "faces", "identity", "bleed", "identity less bleed", "behind the pick")
    table(columns, _pairs(found))
    say(f"Ship {found.pick} at strength {found.strength:g}. {found.why}\n{found.sure}")
    print(page)


def _pairs(found: Sweep) -> list[tuple[str, ...]]:
    """The best twenty; all are on the page."""
    return [
        (
            pair.checkpoint,
            "-" if pair.step is None else str(pair.step),
            f"{pair.strength:g}",
            f"{pair.faces:.0%}",
            *map(interval, (pair.found.identity, pair.found.bleed, pair.score, pair.behind)),
        )
        for pair in found.pairs[:20]
    ]


def _numbers(given: str) -> tuple[float, ...]:
    try:
        numbers = tuple(round(float(part), 4) for part in given.split(","))
    except ValueError:
        numbers = ()
    if not numbers or not all(0 < number <= 4 for number in numbers):
        raise FluxdiagError(f"{given[:60]!r} are no strengths", where="--strengths", do=f"Give such as {STRENGTHS}")
    return numbers
