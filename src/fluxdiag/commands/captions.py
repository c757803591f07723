"""`fluxdiag captions lint` and `fluxdiag captions fix`."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fluxdiag.errors import FluxdiagError
from fluxdiag.records import ExitCode

if TYPE_CHECKING:
    from fluxdiag.captions import Checked, Lint

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="What the captions say of the character's looks, and captions without it."
)


class Kind(StrEnum):
    HAIR, EYES, FACE, SKIN, BODY = "hair", "eyes", "face", "skin", "body"
    AGE, MARK, CLOTHING, ACCESSORY, EXPRESSION = "age", "mark", "clothing", "accessory", "expression"


Source = Annotated[Path, typer.Argument(help="Folder, zip bundle, or a trainer's config that names folders.", metavar="D")]
Trigger = Annotated[str, typer.Option(help="The word or phrase that stands for the character, such as `ohwx woman`.")]
Keep = Annotated[
    list[Kind] | None, typer.Option(help="A kind to leave in, such as clothing for an outfit LoRA; may be repeated.")
]
Drop = Annotated[list[Kind] | None, typer.Option(help="A kind to take out that is kept otherwise: expression.")]
Reads = Annotated[
    Literal["ai-toolkit", "kohya", "simpletuner"],
    typer.Option("--trainer", help="Whose reading of captions with several lines counts: whole, first line, one each."),
]


@app.command()
def lint(
    source: Source,
    trigger: Trigger,
    keep: Keep = None,
    drop: Drop = None,
    trainer: Reads = "ai-toolkit",
    base: Annotated[
        Path | None, typer.Option(help="Folder of the base: its own tokenizers say how they read the trigger.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Finds every phrase that describes the character. Exit code 1 if one is not kept, else 3 if fewer than half were judged."""
    from fluxdiag.captions import lint as lint_set
    from fluxdiag.dataset.habits import MISSING

    if base is not None and not base.is_dir():
        raise FluxdiagError("there is no such folder", where=str(base), do="Correct --base, or leave it out")
    _refuse_idle(keep, drop)
    result = lint_set(source, trigger, keep=keep or (), drop=drop or (), reads=trainer, base=base)
    if as_json:
        print(json.dumps(result.json(), ensure_ascii=False))
    else:
        for one in result.captions:
            _print_spans(one, "" if result.absent is None else MISSING)
    _summary(result)
    clean = ExitCode.UNDETERMINED if result.few_judged else ExitCode.HEALTHY
    raise typer.Exit(ExitCode.PROBLEM if result.described else clean)


@app.command()
def fix(
    source: Source,
    trigger: Trigger,
    out: Annotated[Path, typer.Option(help="A new folder for the new captions and diff.html. The same call resumes.")],
    keep: Keep = None,
    drop: Drop = None,
    trainer: Reads = "ai-toolkit",
    with_photos: Annotated[
        bool, typer.Option("--with-photos", help="Put copies of the photos there, too: a set to train on.")
    ] = False,
) -> None:
    """Writes the captions without the character's looks into a new folder; the originals stay as they are."""
    from fluxdiag.captions import fix as write
    from fluxdiag.captions import lint as lint_set
    from fluxdiag.captions import not_copied, photos_of
    from fluxdiag.dataset.configs import CONFIGS
    from fluxdiag.dataset.outside import refuse_inside
    from fluxdiag.printable import printable

    _refuse_idle(keep, drop)
    refuse_inside(source, out, "--out")
    result = lint_set(source, trigger, keep=keep or (), drop=drop or (), reads=trainer)
    page = write(result, out, photos_of(source, out) if with_photos else None)
    for one in result.captions:
        if one.changed:
            _say(f"{printable(one.file)}\n  - {printable(one.caption)}\n  + {printable(one.rewritten)}")
    _summary(result)
    if result.anew:
        _say(f"{result.anew} captions were their folder's name and are .txt files now; kohya: `--caption_extension .txt`")
    for name in not_copied(source) if with_photos else ():
        _say(f"{printable(name)}: not copied; put it beside the new set yourself")
    if source.suffix.lower() in CONFIGS and source.is_file():
        _say(f"{source.name} still names the folders of the old captions")
    if not with_photos and source.is_dir():
        _say("The photos are where they were; the same call with --with-photos puts them beside the new captions")
    print(page)


def _refuse_idle(keep: list[Kind] | None, drop: list[Kind] | None) -> None:
    """Raises FluxdiagError: one of the two would be passed over."""
    from fluxdiag.captions import ALWAYS_KEPT

    both = [kind for kind in keep or () if kind in (drop or ())]
    if both:
        raise FluxdiagError(f"{', '.join(both)} cannot be kept and dropped", where="--keep, --drop", do="Give one of the two")
    anyway = [kind for kind in drop or () if kind not in ALWAYS_KEPT]
    if anyway:
        what = f"only {', '.join(sorted(ALWAYS_KEPT))} is kept unless dropped, and {', '.join(anyway)} would change nothing"
        raise FluxdiagError(what, where="--drop", do="Leave it out: every other kind is taken out anyway")


def _print_spans(one: Checked, told_once: str) -> None:
    """`told_once`: a problem of every caption, which is told of the set."""
    from fluxdiag.printable import printable

    found = ", ".join(f"{span.kind}: {span.text}" for span in one.spans)
    for line in (one.unjudged, found, *one.problems):
        if line and line != told_once:
            print(f"{printable(one.file)}: {printable(line)}")


def _summary(result: Lint) -> None:
    from fluxdiag.printable import printable

    for line in (*filter(None, [result.absent]), *result.problems, *result.unreadable):
        _say(printable(line))
    if result.captioner:
        _say(f"probably written by {result.captioner}")
    score = result.trigger_score
    if score.seen or score.known is None or score.tokens:
        free = f". Free ones: {', '.join(score.alternatives)}" if score.alternatives else ""
        _say(f"trigger: {'; '.join(score.reasons)}{free}")
    _say(_outcome(result))


def _outcome(result: Lint) -> str:
    """How many describe the character, of those that were judged; and what nothing is known of."""
    from fluxdiag.captions import ALWAYS_KEPT

    skipped = len(result.captions) - result.judged
    aside = sorted(result.kept - ALWAYS_KEPT)
    return (
        f"{result.described} of {result.judged} {'judged ' if skipped else ''}captions describe the character"
        + (f", {', '.join(aside)} aside" if aside else "")
        + (f"; {skipped} more not judged" if skipped else "")
        + (f"; {result.unread} cannot be read" if result.unread else "")
        + (": too few were judged to call this set clean" if result.few_judged and not result.described else "")
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr)
