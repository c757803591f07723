"""The command `report`: the whole flow, or the page of a finished run once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from fluxdiag.commands.stages import Decide, FailOnSeverity, Thorough
from fluxdiag.commands.talk import progress, say, summary
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import Case
from fluxdiag.runs import Run
from fluxdiag.verdict import exit_code


@dataclass(frozen=True)
class Drawing:
    """What is asked of the pictures."""

    suite: str
    thorough: bool
    decide: bool


@dataclass(frozen=True)
class Page:
    """How the page is to look. What `flow.py` has rendered needs no second time where nothing of this was asked for."""

    static: bool
    public: bool
    against: Run | None

    @property
    def plain(self) -> bool:
        return not self.static and not self.public and self.against is None

    def render(self, run: Run) -> None:
        from fluxdiag.report import render

        render(run, static=self.static, public=self.public, against=self.against)


def report(
    lora: Annotated[
        Path, typer.Argument(help="The LoRA on trial (.safetensors), or a run folder to render again.", metavar="LORA")
    ],
    dataset: Annotated[
        Path | None, typer.Option(help="Folder of the training photos and captions, or a trainer's config that names it.")
    ] = None,
    references: Annotated[Path | None, typer.Option(help="Folder of photos of the person that were not trained on.")] = None,
    trigger: Annotated[str | None, typer.Option(help="The phrase that the captions use, such as `ohwx woman`.")] = None,
    class_word: Annotated[str | None, typer.Option(help="What the person is without the trigger: woman, man, ...")] = None,
    base: Annotated[str | None, typer.Option(help="Hub id or folder of the base; FLUX.1-dev unless said.")] = None,
    strength: Annotated[float | None, typer.Option(help="The LoRA's strength; the file's recommended one, else 1.")] = None,
    faces: Annotated[str | None, typer.Option(help="Face pack: a folder or a name; the base's profile says one.")] = None,
    suite: Annotated[str | None, typer.Option(help="Probe suite: a name, quick unless said, or the path of a TOML file.")] = None,
    thorough: Thorough = False,
    decide: Decide = False,
    out: Annotated[Path | None, typer.Option(help="Run folder; runs/NAME unless said. The same call resumes it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it will take, and stop there.")] = False,
    static: Annotated[bool, typer.Option("--static", help="Leave the plotting library out of the page.")] = False,
    public: Annotated[bool, typer.Option("--public", help="Leave photos of the person, file names and dates out.")] = False,
    against: Annotated[Path | None, typer.Option(help="The run of the version before, shown beside this one.")] = None,
    fail_on: FailOnSeverity = "low",
) -> None:
    """The whole flow: pictures, measurements, verdict, causes, report."""
    page = Page(static, public, _version_before(against))
    given = {"dataset": dataset, "references": references, "trigger": trigger, "class_word": class_word, "base": base}
    if lora.is_dir():
        run = Run(lora)
        run.case()  # what is no run at all is said before what would not change it
        drawing = {
            "strength": strength,
            "faces": faces,
            "suite": suite,
            "out": out,
            "thorough": thorough,
            "decide": decide,
            "dry_run": dry_run,
        }
        _refuse_with_a_run(lora, {**given, **drawing})
        page.render(run)
    else:
        from fluxdiag.case import build_case
        from fluxdiag.commands.beforehand import announce
        from fluxdiag.suites import USUAL

        case = build_case(lora, strength=strength, face_pack=faces, **given)  # type: ignore[arg-type]
        run, asked = Run(out or Path("runs") / lora.stem), Drawing(suite or USUAL, thorough, decide)
        announce(case, run, asked.suite, thorough, dry_run)
        if dry_run:
            return
        _examine(case, run, asked, page)
    diagnosis = run.diagnosis()
    summary(diagnosis)
    print(run.report_file)
    raise typer.Exit(exit_code(diagnosis, fail_on))


def _version_before(folder: Path | None) -> Run | None:
    """Raises FluxdiagError where it is no run: now, and not when the pictures have been drawn."""
    if folder is None:
        return None
    run = Run(folder)
    run.diagnosis()
    return run


def _refuse_with_a_run(folder: Path, given: Mapping[str, object]) -> None:
    """What was drawn stays as it is, so these would be passed over in silence. Raises FluxdiagError."""
    idle = ", ".join(f"--{name.replace('_', '-')}" for name, value in given.items() if value not in (None, False))
    if idle:
        what = f"a run folder is only rendered again, and {idle} would change nothing"
        raise FluxdiagError(what, where=str(folder), do="Give the LoRA instead, or leave the options out")


def _examine(case: Case, run: Run, drawing: Drawing, page: Page) -> None:
    from fluxdiag.decide import decide
    from fluxdiag.flow import examine

    with progress() as show:
        examine(case, run, drawing.suite, show, drawing.thorough)
        told = decide(run, drawing.suite, show, say) if drawing.decide else None
    if (stopped := run.gather_info().stopped) is not None:
        say(stopped.sentence)
    if told is not None:
        say(told)
    if told is not None or not page.plain:
        page.render(run)
