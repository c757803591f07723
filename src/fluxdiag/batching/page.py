"""All LoRAs on one page, the worst first, each with the pair of pictures that its report shows. No script, no request.

How it looks is in `reports/templates/batch.html.jinja`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fluxdiag.batching.records import Batch, Row
from fluxdiag.batching.rows import READ
from fluxdiag.errors import FluxdiagError
from fluxdiag.instruments.tables import load_tables
from fluxdiag.records import Diagnosis, Measurement, Shot
from fluxdiag.reporting.assets import policy
from fluxdiag.reporting.comparing import TITLES, Chosen, decisive
from fluxdiag.reporting.environment import environment
from fluxdiag.reporting.findings import VERDICTS
from fluxdiag.reporting.pictures import NO_PICTURE, Picture, encoded, small_pixels
from fluxdiag.reporting.series import person_of
from fluxdiag.reporting.words import reason
from fluxdiag.runs import Run
from fluxdiag.swapped import is_there, picture_file, swapped

SIDE = 144
"""px of a picture: some 3 kB, so that 500 LoRAs are 3 MB"""
NUMBERS = {"identity": "Likeness", "trigger_effect": "Trigger effect", "bleed": "Bleed"}
"""field of a row -> what the report calls it"""
CHIPS = {"passed": "yes", "failed": "no"}


@dataclass(frozen=True)
class Number:
    """`found` is None where it was not measured; `why` says why."""

    label: str
    found: Measurement | None
    why: str


@dataclass(frozen=True)
class Seen:
    title: str
    picture: Picture
    alt: str


@dataclass(frozen=True)
class Entry:
    """`state` picks icon and colour: a verdict's own, or `error`."""

    row: Row
    state: str
    word: str
    numbers: tuple[Number, ...]
    pair: tuple[Seen, ...]
    why: str
    """of the pair"""


def rendered(found: Batch, out: Path) -> str:
    """Names, sentences and reasons are other people's: all of it is escaped, and folders in it are cut off."""
    template = environment().get_template("batch.html.jinja")
    entries = [_entry(row, out) for row in found.worst_first]
    counts = [(count, "not judged" if state == "error" else state, state) for state, count in found.counts.items()]
    return template.render(found=found, entries=entries, counts=counts, hide=reason, chips=CHIPS, policy=policy())


def _entry(row: Row, out: Path) -> Entry:
    pair, why = _pair(row, out)
    return Entry(
        row=row,
        state=row.verdict or "error",
        word=VERDICTS[row.verdict] if row.verdict else "NOT JUDGED",
        numbers=tuple(_numbers(row)) if row.verdict else (),
        pair=pair,
        why=why,
    )


def _numbers(row: Row) -> Iterator[Number]:
    for field, label in NUMBERS.items():
        yield Number(label, getattr(row, field), row.gaps.get(READ[field], ""))


def _pair(row: Row, out: Path) -> tuple[tuple[Seen, ...], str]:
    """As the report chooses it, the median one of its symptom; of pictures that are still those that were measured."""
    if row.run is None or row.verdict is None:
        return (), ""
    run = Run(out / row.run)
    try:
        diagnosis, tables, shots = run.diagnosis(), load_tables(run), run.shots()
    except FluxdiagError:  # gone since it was judged
        return (), ""
    chosen = _still_the_same(run, shots, person_of(tables).by_shot(shots), diagnosis, str(tables.case.class_word.value))
    if chosen is None:
        return (), ""
    seen = (Seen(TITLES[shot.arm], _picture(run, shot), f"{row.name}: {TITLES[shot.arm]}") for shot in chosen.shots)
    return tuple(seen), chosen.why


def _still_the_same(
    run: Run, shots: tuple[Shot, ...], likely: Mapping[str, float], diagnosis: Diagnosis, class_word: str
) -> Chosen | None:
    """Only what would be shown is read: that all pictures were the measured ones was seen when the row was judged."""
    shown = tuple(shot for shot in shots if is_there(run, shot))
    while (chosen := decisive(shown, likely, diagnosis, class_word)) is not None:
        others = swapped(run, chosen.shots)
        if not others:
            return chosen
        shown = tuple(shot for shot in shown if shot.id not in others)
    return None


def _picture(run: Run, shot: Shot) -> Picture:
    file = picture_file(run, shot)
    pixels = None if file is None else small_pixels(file)
    return NO_PICTURE if pixels is None else encoded(pixels, SIDE)
