"""One short command per verb. Heavy imports stay inside the commands, so that `--help` answers at once.

Progress and summaries go to stderr; what a program would want to read goes to stdout.
"""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fluxdiag.cli_calibrate import calibrate
from fluxdiag.cli_captions import app as captions
from fluxdiag.cli_compare import compare
from fluxdiag.cli_cure import retrain
from fluxdiag.cli_dataset import app as dataset
from fluxdiag.cli_file import convert, inspect
from fluxdiag.cli_gate import gate
from fluxdiag.cli_repair import repair, sweep
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import Case, Diagnosis, ExitCode
from fluxdiag.runs import Run

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress

STOPPED = 130
"""what shells say of a program that Ctrl-C ended; none of our own codes, for nothing was judged"""
UNHEARD = 141
"""likewise where the reader of our output went away, as `head` does: typer's own code for it, 1, says that a problem was found"""
OF_THE_DISK = frozenset((
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO,
    errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP,
))  # fmt: skip
"""what no code of ours can mend: a full or read-only disk, a folder that may not be written, a file where a folder should be"""
LONGEST_LINE = 20_000
"""characters of what is said at once"""
FailOn = Literal["critical", "high", "medium", "low"]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Find out why a FLUX.1 character LoRA failed in silence, and what to change.",
    epilog="Exit codes: 0 healthy, 1 a problem, 2 a mistake in the call or the input, 3 undetermined, 70 a bug in fluxdiag.",
)

RunFolder = Annotated[Path, typer.Argument(help="A run folder, as `fluxdiag report` makes it.", metavar="RUN")]
SuiteName = Annotated[str, typer.Option(help="Probe suite: a name (quick) or the path of a TOML file.")]
Decide = Annotated[bool, typer.Option("--decide", help="Make the one measurement that would tell two causes apart.")]
FailOnSeverity = Annotated[FailOn, typer.Option(help="The least severity of a cause that makes the exit code 1.")]


@app.command()
def report(
    lora: Annotated[Path, typer.Argument(help="The LoRA on trial (.safetensors), or a run folder to render again.")],
    dataset: Annotated[Path | None, typer.Option(help="Folder of the training photos and captions.")] = None,
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
    from fluxdiag.report import render

    before = None if against is None else Run(against)
    if before is not None:
        before.diagnosis()  # now, and not when the pictures have been drawn
    if lora.is_dir():
        _refuse_with_a_run(
            lora,
            {"dataset": dataset, "references": references, "trigger": trigger, "class-word": class_word, "base": base}
            | {"strength": strength, "faces": faces, "out": out, "thorough": thorough, "decide": decide, "dry-run": dry_run},
        )
        run = Run(lora)
        page = render(run, static=static, public=public, against=before)
        _summary(run.diagnosis())
        print(page)
        raise typer.Exit(_exit_code(run.diagnosis(), fail_on))

    from fluxdiag.case import SETTINGS, build_case
    from fluxdiag.flow import examine
    from fluxdiag.gather import announce, refuse_foreign
    from fluxdiag.suites import load_suite

    questions, _ = load_suite(suite)
    case = build_case(
        lora,
        dataset=dataset,
        references=references,
        trigger=trigger,
        class_word=class_word,
        base=base,
        strength=strength,
        face_pack=faces,
    )
    run = Run(out or Path("runs") / lora.stem)
    refuse_foreign(run, case)
    for gap in sorted(case.gaps.keys() - set(SETTINGS)):
        _say(f"not known: {gap}: {case.gaps[gap]}")
    if dry_run:
        _say_if_nobody_can_be_recognised(case)
    cost = announce(case, questions, run)
    _say(cost.sentence if thorough else cost.early)
    if dry_run:
        return
    with _progress() as progress:
        diagnosis = examine(case, run, suite, progress, thorough)
        told = _decided(run, suite, progress) if decide else None
    if (stopped := run.gather_info().stopped) is not None:
        _say(stopped.sentence)
    if told is not None:
        _say(told)
        render(run)
        diagnosis = run.diagnosis()
    if static or public or before is not None:
        render(run, static=static, public=public, against=before)
    _summary(diagnosis)
    print(run.report_file)
    raise typer.Exit(_exit_code(diagnosis, fail_on))


app.command()(inspect)
app.command()(convert)
app.command()(gate)
app.command()(retrain)
app.command()(compare)
app.command()(repair)
app.command()(sweep)
app.command()(calibrate)
app.add_typer(captions, name="captions", short_help="Find and remove what captions say of the person's looks.")
app.add_typer(dataset, name="dataset", short_help="What is wrong with the training photos; no GPU.")


def _refuse_with_a_run(folder: Path, given: Mapping[str, object]) -> None:
    """What was drawn stays as it is, so these would be passed over in silence. Raises FluxdiagError."""
    idle = ", ".join(f"--{name}" for name, value in given.items() if value not in (None, False))
    if idle:
        what = f"a run folder is only rendered again, and {idle} would change nothing"
        raise FluxdiagError(what, where=str(folder), do="Give the LoRA instead, or leave the options out")


def _decided(run: Run, suite: str, progress: Progress) -> str:
    from fluxdiag.decide import decide

    return decide(run, suite, progress)


@app.command()
def gather(folder: RunFolder, suite: SuiteName = "quick", decide: Decide = False) -> None:
    """Draw and score what is missing: the one stage for a GPU."""
    from fluxdiag.gather import gather as gather_run

    run = Run(folder)
    with _progress() as progress:
        if not decide:
            gather_run(run, suite, progress)
        told = _decided(run, suite, progress) if decide else None
    if told is not None:
        _say(told)
        _summary(run.diagnosis())
    info = run.gather_info()
    _say(f"{info.shots} pictures, {info.modules_adapted} adapted layers, {info.seconds.get('all', 0):.0f} s")


@app.command()
def measure(folder: RunFolder) -> None:
    """Turn pictures into numbers with intervals: evidence.json."""
    from fluxdiag.measure import measure as measure_run

    evidence = measure_run(Run(folder))
    _say(f"{len(evidence.measurements)} measurements, {len(evidence.gaps)} gaps")


@app.command()
def diagnose(folder: RunFolder, fail_on: FailOnSeverity = "low") -> None:
    """Judge the numbers: diagnosis.json. Milliseconds, so rules can be changed and tried."""
    from fluxdiag.diagnose import diagnose as judge_run

    diagnosis = judge_run(Run(folder))
    _summary(diagnosis)
    raise typer.Exit(_exit_code(diagnosis, fail_on))


@app.command()
def explain(cause: Annotated[str | None, typer.Argument(help="The machine name of a cause; none lists them.")] = None) -> None:
    """What a cause means, why it happens and how it is told."""
    from inspect import cleandoc

    from fluxdiag.registry import rules

    known = {rule.cause: rule for rule in rules()}
    if cause is None:
        for rule in known.values():
            print(f"{rule.cause:26} {rule.severity:9} {rule.title}")
        return
    if cause not in known:
        raise FluxdiagError("there is no such cause", where=cause, do=f"Known causes: {', '.join(known)}")
    print(f"{known[cause].title} ({cause}, {known[cause].severity})\n\n{cleandoc(known[cause].text)}")


@app.command()
def doctor(
    base: Annotated[str | None, typer.Option(help="Hub id or folder of the base to look for.")] = None,
    faces: Annotated[str | None, typer.Option(help="Face pack to look for, where it is not the profile's.")] = None,
) -> None:
    """Is this machine ready? What is missing, and how to mend it."""
    from fluxdiag.doctor import examine

    checks = examine(base, faces or os.environ.get("FLUXDIAG_FACES"))
    for check in checks:
        print(f"{'ok  ' if check.ok else 'BAD ' if check.needed else 'note'} {check.what}: {check.found}")
        if check.repair:
            print(f"     repair: {check.repair}")
    raise typer.Exit(ExitCode.USAGE if any(check.needed and not check.ok for check in checks) else ExitCode.HEALTHY)


@app.command()
def demo(out: Annotated[Path, typer.Option(help="Where the two run folders go.")] = Path("runs/demo")) -> None:
    """Diagnose the laboratory's two examples: one healthy, one not."""
    from fluxdiag.demo import run_demo

    with _progress() as progress:
        for name, diagnosis, page in run_demo(out, progress):
            _say(f"\n{name}")
            _summary(diagnosis)
            print(page)


# ------------------------------------------------------------------------------------------------ talking


def _say(text: str) -> None:
    """Names out of files come this way: none of their control characters reaches the terminal."""
    from fluxdiag.reporting.words import text as visible

    print(visible(text, longest=LONGEST_LINE), file=sys.stderr, flush=True)


def _say_if_nobody_can_be_recognised(case: Case) -> None:
    """A dry run may be made on another machine than the real one, so a face pack that is missing here is only said."""
    from fluxdiag.at_hand import face_pack_folder
    from fluxdiag.profiles import beside, load_profile

    try:
        face_pack_folder(case.face_pack or beside(case.base, load_profile(case.base).face_pack))
    except FluxdiagError as missing:
        _say(f"missing: {missing}")


def _summary(diagnosis: Diagnosis) -> None:
    _say(f"{diagnosis.verdict.upper()}: {diagnosis.sentence}")
    for finding in diagnosis.findings:
        if finding.status == "present":
            direction = f" ({finding.direction})" if finding.direction else ""
            _say(f"  {finding.cause}{direction}: {finding.strength} evidence, {finding.severity}")
    for change in diagnosis.prescription:
        _say(f"  change {change.setting}: {change.from_ or 'unknown'} -> {change.to}")


def _exit_code(diagnosis: Diagnosis, fail_on: FailOn) -> ExitCode:
    """A problem is a cause that is present at `fail_on` or above, or pictures that are wrong without a known cause."""
    order = ("critical", "high", "medium", "low")
    if diagnosis.verdict == "undetermined":
        return ExitCode.UNDETERMINED
    if diagnosis.verdict == "healthy":
        return ExitCode.HEALTHY
    present = [finding for finding in diagnosis.findings if finding.status == "present"]
    grave = not present or any(order.index(finding.severity) <= order.index(fail_on) for finding in present)
    return ExitCode.PROBLEM if grave else ExitCode.HEALTHY


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar a stage on stderr; nothing of it where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        stages = {}

        def show(stage: str, done: int, of: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=of)
            bars.update(stages[stage], completed=done + 1, total=of)

        yield show


def main() -> None:
    """The one place where a user's mistake becomes a sentence and an exit code."""
    codecs.register_error("escaped", _escaped)
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="escaped")
    signal.signal(signal.SIGINT, _stop)
    try:
        app(prog_name="fluxdiag")
    except FluxdiagError as error:
        _say(f"fluxdiag: {error}")
        sys.exit(ExitCode.USAGE)
    except Stopped:
        _say("stopped; the same command goes on from here")
        sys.exit(STOPPED)
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError | typer.Abort):
            raise
        sys.exit(UNHEARD if isinstance(end.__context__, BrokenPipeError) else _bug())
    except Exception as error:
        if isinstance(error, OSError) and error.errno in OF_THE_DISK:
            _say(f"fluxdiag: {error.filename or 'the output'}: {error.strerror}. Mend that, and give the command again")
            sys.exit(ExitCode.USAGE)
        sys.exit(_bug())


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What a terminal's encoding lacks, as JSON has it: JSON stays JSON. Raises an error of decoding."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _bug() -> ExitCode:
    """Also for an EOFError, of which typer would make exit code 1: that a problem was found."""
    traceback.print_exc()
    _say("This is a bug in fluxdiag. Please report it with the lines above.")
    return ExitCode.BUG


class Stopped(BaseException):
    """Ctrl-C. Not KeyboardInterrupt: typer turns that into exit code 1, which says that a problem was found."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
