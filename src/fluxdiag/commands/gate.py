"""The command `gate`: may this LoRA be published? The table goes to stderr, JSON to stdout, everything else to files."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from fluxdiag.commands.talk import say
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import ExitCode, Severity
from fluxdiag.runs import Run, write_text

if TYPE_CHECKING:
    from fluxdiag.gating.result import GateResult

File = Path | None


class Gate(TyperCommand):
    """A call that cannot be read, such as `--fail-on hgih`, gives no answer either; its files are named in it all the same."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        given = list(args)  # what has been read is taken out of `args`
        try:
            return super().make_context(info_name, args, parent, **extra)
        except typer.Exit:  # help was asked for
            raise
        except Exception as mistake:
            lenient = {"resilient_parsing": True, "ignore_unknown_options": True, "allow_extra_args": True}
            with super().make_context(info_name, given, parent, **lenient) as context:
                _no_answer(mistake, *(context.params.get(name) for name in ("junit", "summary", "badge")))
            raise


def gate(
    folder: Annotated[File, typer.Argument(help="A run folder, as `fluxdiag report` makes it.", metavar="RUN")] = None,
    policy: Annotated[str, typer.Option(help="A preset (hobby, marketplace, studio) or a TOML file.")] = "marketplace",
    against: Annotated[File, typer.Option(help="The run of the version before, to compare with by prompt.")] = None,
    lora: Annotated[File, typer.Option(help="The file to be published: refused if it is not the one measured.")] = None,
    fail_on: Annotated[Severity, typer.Option(help="The least severity of a cause that fails; those below it warn.")] = "low",
    max_warnings: Annotated[
        int | None, typer.Option(min=0, help="More lines that warn than this fail: 0 allows none.", metavar="N")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the whole answer as one JSON object.")] = False,
    junit: Annotated[File, typer.Option(help="Write JUnit XML here, for a CI system.")] = None,
    summary: Annotated[File, typer.Option(help="Add a Markdown summary to this file, such as $GITHUB_STEP_SUMMARY.")] = None,
    badge: Annotated[File, typer.Option(help="Write the JSON of a shields.io endpoint badge here.")] = None,
    card: Annotated[File, typer.Option(help="Add the results to this Hugging Face model card (README.md).")] = None,
    civitai: Annotated[File, typer.Option(help="Write the fields of Civitai's upload form here, as JSON.")] = None,
    card_anyway: Annotated[
        bool, typer.Option("--card-anyway", help="Write card and fields also if the gate did not pass.")
    ] = False,
    print_policy: Annotated[
        bool, typer.Option("--print-policy", help="Print the policy with each line's origin; stop there.")
    ] = False,
) -> None:
    """May it be published? A policy's limits against the run: exit code 0, 1 or, if open, 3."""
    from fluxdiag.gate import gate as judge_run
    from fluxdiag.gating.reading import read_policy
    from fluxdiag.gating.showing import shown
    from fluxdiag.gating.terminal import terminal
    from fluxdiag.runs import as_json

    _refuse_idle(print_policy, folder, card_anyway, card, civitai)
    if print_policy:
        print(shown(read_policy(policy)), end="")
        return
    if folder is None:
        raise FluxdiagError("no run was given", where="gate", do="Give the run folder: `fluxdiag gate RUN`")
    run = Run(folder)
    try:
        before = None if against is None else Run(against)
        limits = read_policy(policy)
        result = judge_run(run, limits, against=before, lora=lora, fail_on=fail_on, max_warnings=max_warnings)
        _publish(result, run, card, civitai, card_anyway)
        _files(result, run, junit, summary, badge)
    except BaseException as mistake:
        _no_answer(mistake, junit, summary, badge)
        raise
    say(terminal(result))
    if json:
        print(as_json(result), end="")
    raise typer.Exit(ExitCode(result.exit_code))


def _refuse_idle(print_policy: bool, run: File, card_anyway: bool, card: File, civitai: File) -> None:
    """Exit code 0 of a printed policy would look like that of a gate that was passed. Raises FluxdiagError."""
    if print_policy and run is not None:
        what = "with --print-policy no run is judged"
        raise FluxdiagError(what, where=str(run), do="Leave one of the two out")
    if card_anyway and card is None and civitai is None:
        what = "there is nothing to write anyway"
        raise FluxdiagError(what, where="--card-anyway", do="Give --card or --civitai with it, or leave it out")


def _files(result: GateResult, run: Run, junit: File, summary: File, badge: File) -> None:
    """What a pipeline reads, passed or not. The summary comes last: what was added to it cannot be taken back."""
    from fluxdiag.gating import badge as badges
    from fluxdiag.gating import junit as xml
    from fluxdiag.gating import summary as summaries

    if junit is not None:
        _write(junit, xml.junit(result))
    if badge is not None:
        likeness = run.evidence().get("identity.trigger")
        _write(badge, badges.badge(result, None if likeness is None else likeness.value))
    if summary is not None:
        _append(summary, summaries.summary(result))


def _no_answer(mistake: BaseException, junit: File, summary: File, badge: File) -> None:
    """What this call or an earlier one wrote, perhaps that it passed, is not left lying; what cannot be written is let be."""
    from fluxdiag.gating import badge as badges
    from fluxdiag.gating import junit as xml
    from fluxdiag.gating import summary as summaries

    ours = isinstance(mistake, FluxdiagError)  # else nobody's sentence: of the call, a disk that failed, Ctrl-C, a bug
    why = str(mistake) if ours else f"{type(mistake).__name__}: {mistake}"
    if junit is not None:
        with suppress(FluxdiagError):
            _write(junit, xml.no_answer(why))
    if badge is not None:
        with suppress(FluxdiagError):
            _write(badge, badges.no_answer())
    if summary is not None:
        with suppress(FluxdiagError):
            _append(summary, summaries.no_answer(why))


def _publish(result: GateResult, run: Run, card: File, civitai: File, anyway: bool) -> None:
    """What goes out with the LoRA: only what passed, unless the user insists. The card last, when nothing else can go wrong."""
    wanted = [path for path in (card, civitai) if path is not None]
    if wanted and result.exit_code != ExitCode.HEALTHY and not anyway:
        say(f"not written, for the gate did not pass: {', '.join(map(str, wanted))} (--card-anyway writes all the same)")
        return
    if not wanted:
        return
    from fluxdiag.gating.card_file import refuse_card, write_card
    from fluxdiag.gating.civitai import civitai as fields_of
    from fluxdiag.gating.publishing import publication

    published = publication(run, result)
    if card is not None:
        refuse_card(card, run, published)
    if civitai is not None:
        _write(civitai, fields_of(published))
    for note in write_card(card, run, published) if card is not None else ():
        say(f"{card}: {note}")


def _write(path: Path, content: str) -> None:
    try:
        write_text(path, content)
    except OSError as error:
        raise FluxdiagError(f"cannot be written ({error.strerror})", where=str(path), do="Give another place") from error


def _append(path: Path, content: str) -> None:
    """GitHub's file may hold what earlier steps said."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(content)
    except OSError as error:
        raise FluxdiagError(f"cannot be written ({error.strerror})", where=str(path), do="Give another place") from error
