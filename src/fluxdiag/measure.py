"""CPU only: the run folder's tables become numbers with intervals, and gaps with reasons. Writes evidence.json.

The one place that catches CannotMeasure; an instrument whose arms or losses were not gathered is not asked at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.parts import left_out
from fluxdiag.instruments.tables import Tables, load_tables
from fluxdiag.records import LEFT_OUT, Evidence, Gap, Measurement
from fluxdiag.registry import Instrument, instruments
from fluxdiag.runs import Run
from fluxdiag.suites import ARMS


def measure(run: Run) -> Evidence:
    """Run every instrument over the run folder and write `evidence.json`.

    Raises RunMismatch where it was gathered anew meanwhile: the evidence would name a gathering that it was not made from.
    """
    with run.unchanged(run.gather_file) as gather_sha256:
        evidence = measured(load_tables(run)).model_copy(update={"gather_sha256": gather_sha256})
        run.gathered()  # gather.json is written last, so that what was read could be another gathering's already
    run.write(run.evidence_file, evidence)
    return evidence


def measured(tables: Tables) -> Evidence:
    """Every instrument's readings of these tables. Pure, so that the bench can ask what less would have told."""
    readings = [reading for instrument in instruments() for reading in run_instrument(instrument, tables)]
    return Evidence(
        measurements={reading.key: reading for reading in readings if isinstance(reading, Measurement)},
        gaps={reading.key: reading.reason for reading in readings if isinstance(reading, Gap)},
        bands=tables.bands,
        step_formula=tables.formula,
        beside_others=tables.case.beside_others,
    )


def run_instrument(instrument: Instrument, tables: Tables) -> list[Measurement | Gap]:
    """One instrument's readings, exactly one for each key that it gives; every key is a gap where it cannot be run.

    So is every key of which a part was left out: from the rest alone it would be another number than with all of its parts.
    """
    undrawn = left_out(tables.gather.stopped.left_out) if tables.gather.stopped else frozenset()
    return [Gap(key=found.key, reason=LEFT_OUT) if found.key in undrawn else found for found in _readings(instrument, tables)]


def _readings(instrument: Instrument, tables: Tables) -> list[Measurement | Gap]:
    reason = _why_not(instrument, tables)
    if reason is not None:
        return _gaps(instrument.gives, reason)
    try:
        readings = list(instrument.measure(tables))
    except CannotMeasure as shortfall:
        return _gaps(instrument.gives, str(shortfall))
    given = sorted(reading.key for reading in readings)
    assert given == sorted(instrument.gives), f"{instrument.name} declares {sorted(instrument.gives)}, gave {given}"
    return readings


def _gaps(keys: Iterable[str], reason: str) -> list[Measurement | Gap]:
    return [Gap(key=key, reason=reason) for key in keys]


def _why_not(instrument: Instrument, tables: Tables) -> str | None:
    """Why what the instrument needs was not gathered, in gather's own words; None when all is there."""
    missing = [arm for arm in instrument.arms if not tables.has(arm)]
    if instrument.losses and tables.losses is None:
        missing.append("losses")
    if not missing:
        return None
    return "; ".join(dict.fromkeys(_why_missing(part, tables) for part in missing))


def _why_missing(part: str, tables: Tables) -> str:
    """The gap that gather or the case recorded for this arm, or for what stands for the person in it."""
    subject = ARMS[part].subject if part in ARMS else part
    known = (part, *(("description", "trigger") if subject == "both" else (subject,)))
    for gaps in (tables.gather.gaps, tables.case.gaps):
        for key in known:
            if key in gaps:
                return gaps[key]
    return "no losses were gathered" if part == "losses" else f"no images were made for the {part} arm"
