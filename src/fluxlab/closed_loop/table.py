"""The closed loop as Markdown, between markers in docs/retrain.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from fluxdiag.errors import FluxdiagError
from fluxdiag.records import ANSWERS
from fluxdiag.runs import write_text
from fluxlab.bench.scores import rate
from fluxlab.closed_loop.rows import SHOWN, CuredRow, Judgement

BEGIN, END = "<!-- cured: begin -->", "<!-- cured: end -->"
HEAD = (
    "planted", "subject", "header", "verdict", "first cause", "identity", "bleed", "effect", "changed", "verdict", "identity",
    "bleed", "effect", "predictions", "`compare`", "without the fault",
)  # fmt: skip
HEADER = {"kohya": "whole", "none": "none", "false": "false"}
NONE = "-"
EXPERIMENT = "the evidence did not tell what to change, so the captionless run was made first."
TRAINED_BEFORE = 1.0
"""seconds; below it the training was there already when the loop went on, and its time is in no row"""


def write_table(rows: Sequence[CuredRow], file: Path) -> None:
    """Replaces what stands between the markers. Raises FluxdiagError where there are none."""
    text = file.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise FluxdiagError("the page has no place for the table", where=str(file), do=f"Put {BEGIN} and {END} into it")
    write_text(file, f"{before}{BEGIN}\n\n{markdown(rows)}\n\n{END}{after}")


def markdown(rows: Sequence[CuredRow]) -> str:
    """What came of it, the table, and what was not done."""
    ordered = sorted(rows, key=lambda row: (row.planted, row.severity, row.subject, row.seed))
    table = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD), *map(_line, ordered)]
    return "\n\n".join(part for part in (summary(rows), "\n".join(table), notes(ordered)) if part)


def summary(rows: Sequence[CuredRow]) -> str:
    """Ends healthy, of all and of those that were not; predictions; what it took."""
    ill = [row for row in rows if row.before.verdict != "healthy"]
    trained = [row for row in rows if row.after is not None]
    faulty = sum(row.before.verdict == "faulty" for row in ill)
    outcomes = Counter(kept.held for row in rows for kept in row.predictions)
    said = [
        f"**{len(rows)} planted LoRAs, each through the whole loop once.**",
        f"Healthy at the end: {rate(row.ends_healthy for row in rows).text}; of the {len(ill)} that were not so before, "
        f"{faulty} faulty and the others open:",
        f"{rate(row.ends_healthy for row in ill).text}. Retrained: {len(trained)}; better by `compare`:",
        f"{rate(row.answer == 'better' for row in trained).text}.",
        f"Predictions: {outcomes['held']} held, {outcomes['failed']} failed, {outcomes['open'] + outcomes['moved']} open.",
        _seconds(trained),
    ]
    return " ".join(part for part in said if part)


def _seconds(trained: Sequence[CuredRow]) -> str:
    """The middle one of each: other programs ran beside them. Of those alone that were trained in one go with their report."""
    whole = [row for row in trained if row.seconds["training"] >= TRAINED_BEFORE]
    if not whole:
        return ""
    middle = {stage: _middle([row.seconds[stage] for row in whole]) for stage in ("training", "report")}
    return f"A training took {middle['training']:.0f} s and a report {middle['report']:.0f} s on one thread (medians)."


def _middle(numbers: Sequence[float]) -> float:
    return sorted(numbers)[len(numbers) // 2]


def _line(row: CuredRow) -> str:
    planted = row.planted if row.severity == 1 else f"{row.planted} at {row.severity:g}"
    before, after = row.before, row.after
    cells = [planted, str(row.subject), HEADER.get(row.header, row.header), before.verdict, before.cause or NONE]
    cells += [*_numbers(before), _changed(row), _verdict(after), *_numbers(after)]
    return "| " + " | ".join((*cells, _kept(row), row.answer or NONE, row.twin or NONE)) + " |"


def _verdict(judgement: Judgement | None) -> str:
    """With what it rests on where it is faulty: the table's own columns may all be fine."""
    if judgement is None:
        return "not trained"
    return judgement.verdict + (f" ({', '.join(judgement.symptoms)})" if judgement.symptoms else "")


def _numbers(judgement: Judgement | None) -> list[str]:
    found = {} if judgement is None else judgement.measurements
    return [f"{found[key][0]:.2f}" if key in found else NONE for key in SHOWN]


def _changed(row: CuredRow) -> str:
    """The settings, with the number where it is one: `steps 1072`."""
    return ", ".join(_short(setting, to) for setting, to in row.changes.items()) or NONE


def _short(setting: str, to: str) -> str:
    if setting == "images":
        return "other photos"
    return f"{setting} {to.split(',')[0].split(':')[0]}" if to[:1].isdigit() and setting == "steps" else setting.replace("_", " ")


def _kept(row: CuredRow) -> str:
    held = sum(kept.held == "held" for kept in row.predictions)
    failed = sum(kept.held == "failed" for kept in row.predictions)
    return f"{held} of {len(row.predictions)}" + (f", {failed} failed" if failed else "") if row.predictions else NONE


def notes(rows: Sequence[CuredRow]) -> str:
    """Why some were not trained, what was tried before, and whose photos were new."""
    lines = [f"- {row.planted}, {row.subject}: {' '.join((row.why or '').split())}" for row in rows if row.after is None]
    lines += [f"- {row.planted}, {row.subject}: {EXPERIMENT} {ANSWERS[row.captionless]}" for row in rows if row.captionless]
    brought = sum(row.photos == "new" for row in rows)
    if brought:
        lines.append(
            f"- Other photos: {brought} times the prescription asked for others. New, varied ones of the same person were drawn."
        )
    return "\n".join(lines)
