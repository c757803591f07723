"""The command `report`: the whole flow, or the page of a finished run once more."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from fluxdiag.commands.stages import Decide, FailOnSeverity, SuiteName
from fluxdiag.commands.talk import exit_code, progress, say, summary
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import Case
from fluxdiag.runs import Run

LAYERS_ASKED = 20
"""of the LoRA, for their width: they have one in common"""


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
    suite: SuiteName = "quick",
    thorough: Annotated[bool, typer.Option("--thorough", help="Draw the whole suite, also what changes no verdict.")] = False,
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
        drawing = {"strength": strength, "faces": faces, "out": out, "thorough": thorough, "decide": decide, "dry_run": dry_run}
        _refuse_with_a_run(lora, {**given, **drawing})
        page.render(run)
    else:
        from fluxdiag.case import build_case

        case = build_case(lora, strength=strength, face_pack=faces, **given)  # type: ignore[arg-type]
        run, asked = Run(out or Path("runs") / lora.stem), Drawing(suite, thorough, decide)
        _announce(case, run, asked, dry_run)
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


def _announce(case: Case, run: Run, drawing: Drawing, dry_run: bool) -> None:
    """What is not known and what it will take. Raises FluxdiagError for a suite that is none, RunMismatch for another's run."""
    from fluxdiag.case import SETTINGS
    from fluxdiag.gather import announce, refuse_foreign
    from fluxdiag.suites import load_suite

    questions, _ = load_suite(drawing.suite)
    refuse_foreign(run, case)
    for gap in sorted(case.gaps.keys() - set(SETTINGS)):
        say(f"note: {gap}: {case.gaps[gap]}")
    if dry_run:
        _say_what_is_missing(case)
    _say_of_another_width(case)
    cost = announce(case, questions, run)
    say(cost.sentence if drawing.thorough else cost.early)
    _say_of_little_room(case, run, cost.disk_gb)


def _say_what_is_missing(case: Case) -> None:
    """A dry run may be made on another machine than the real one, so weights that are missing here are only said."""
    from fluxdiag.at_hand import face_pack_folder, refuse_without_clip
    from fluxdiag.doctor import base_check
    from fluxdiag.profiles import beside, load_profile

    profile = load_profile(case.base)
    base = base_check(case.base, profile)
    if not base.ok:
        say(f"missing: {base.found}. {base.repair}")
    for needed in (
        lambda: face_pack_folder(case.face_pack or beside(case.base, profile.face_pack)),
        lambda: refuse_without_clip(beside(case.base, profile.clip_model)),
    ):
        try:
            needed()
        except FluxdiagError as missing:
            say(f"missing: {missing}")


def _say_of_little_room(case: Case, run: Run, wanted: float) -> None:
    """Before hours go into it. What is wanted is reckoned, so it is only said."""
    from fluxdiag.at_hand import hub
    from fluxdiag.bases import base_folder, is_hub_id
    from fluxdiag.plan import size
    from fluxdiag.profiles import profile_of

    needs = [(run.folder, wanted, "the pictures take")]
    if is_hub_id(case.base) and base_folder(case.base) is None:
        needs.append((hub(), profile_of(case).cost.download_gb, "the base takes"))
    for folder, gigabytes, what in needs:
        free = shutil.disk_usage(next(place for place in (folder, *folder.absolute().parents) if place.is_dir())).free / 1e9
        if free < gigabytes:
            say(f"little room: {what} about {size(gigabytes)}, and {size(free)} are free in {folder}")


def _say_of_another_width(case: Case) -> None:
    """Before hours go into it: nothing of such a LoRA fits any layer, which is all that the pictures would tell."""
    from fluxdiag.doctor import other_width
    from fluxdiag.lora import read_lora

    if other := other_width(case.base, islice(read_lora(Path(case.lora.path)).modules.values(), LAYERS_ASKED)):
        say(f"wrong base: {case.base}: {other}. Give the base that it was trained on (--base)")


def _examine(case: Case, run: Run, drawing: Drawing, page: Page) -> None:
    from fluxdiag.decide import decide
    from fluxdiag.flow import examine

    with progress() as show:
        examine(case, run, drawing.suite, show, drawing.thorough)
        told = decide(run, drawing.suite, show) if drawing.decide else None
    if (stopped := run.gather_info().stopped) is not None:
        say(stopped.sentence)
    if told is not None:
        say(told)
    if told is not None or not page.plain:
        page.render(run)
