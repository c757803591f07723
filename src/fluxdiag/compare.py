"""Two runs of the same probes laid side by side: did it help, and did what was promised happen? CPU only."""

from __future__ import annotations

from pathlib import Path

from fluxdiag.comparing.changes import changes
from fluxdiag.comparing.predictions import promises
from fluxdiag.comparing.records import Changed, Compared, Side
from fluxdiag.comparing.verdict import CODES, answer
from fluxdiag.errors import FluxdiagError
from fluxdiag.instruments.tables import common, load_tables
from fluxdiag.measure import measured
from fluxdiag.pairing import refuse_incomparable, remarks
from fluxdiag.runs import Run, write_text


def compare(before: Run, after: Run) -> Compared:
    """Reads both run folders and writes nothing. Raises RunMismatch, naming what differs, where they are not comparable.

    Both are measured anew, where one stopped earlier from the pictures that both have: the numbers that lie there may be of two
    versions, and the intervals come from what this one measures.
    """
    refuse_incomparable(after, before)
    changed = _changes(before, after)
    sides = _side(before), _side(after)
    said, sentence = answer(changed, sides[0].verdict, sides[1].verdict)
    promised, origin = promises(before, after, changed)
    return Compared(
        answer=said,
        exit_code=CODES[said],
        sentence=sentence,
        before=sides[0],
        after=sides[1],
        changes=changed,
        promises=promised,
        promised_by=origin,
        remarks=_remarks(before, after),
    )


def _changes(before: Run, after: Run) -> tuple[Changed, ...]:
    tables = load_tables(before), load_tables(after)
    if any(one.gather.stopped is not None for one in tables):
        tables = common(*tables)
    return changes(*tables, *map(measured, tables))


def write_page(compared: Compared, before: Run, after: Run, out: Path) -> Path:
    """One self-contained page. Raises FluxdiagError where it cannot be written or would take another file's place."""
    from fluxdiag.comparing.page import rendered

    if out.resolve().parent in (before.folder.resolve(), after.folder.resolve()) and out.exists():
        raise FluxdiagError("there is such a file in the run folder", where=str(out), do="Give another --out")
    try:
        if out.is_file() and not _is_page(out):
            raise FluxdiagError("there is a file already, and no page", where=str(out), do="Give another --out")
        write_text(out, rendered(compared, before, after))
    except OSError as error:
        raise FluxdiagError(f"cannot be written ({error.strerror})", where=str(out), do="Give another --out") from error
    return out


def _is_page(file: Path) -> bool:
    """The one of an earlier call may be written anew. `/dev/null` is empty, and no file."""
    with file.open("rb") as there:
        start = there.read(15)
    return not start or start.lower() == b"<!doctype html>"


def _side(run: Run) -> Side:
    run.evidence()  # raises where the verdict is of another gathering
    case, diagnosis = run.case(), run.diagnosis()
    return Side(
        folder=str(run.folder),
        lora=case.lora.path,
        sha256=case.lora.sha256,
        verdict=diagnosis.verdict,
        sentence=diagnosis.sentence,
    )


def _remarks(before: Run, after: Run) -> tuple[str, ...]:
    same = before.case().lora.sha256 == after.case().lora.sha256
    return (("Both runs are of the same file",) if same else ()) + remarks(after, before)
