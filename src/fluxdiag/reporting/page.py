"""All that the page shows, in one frozen object: the templates only walk through it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from fluxdiag.instruments.tables import load_tables
from fluxdiag.records import Case, Diagnosis, Evidence, GatherInfo, Measurement
from fluxdiag.registry import Instrument, instruments
from fluxdiag.reporting import findings
from fluxdiag.reporting.figures import Chart, area_labels, chart, identity_labels
from fluxdiag.reporting.gallery import Comparison, Probe, comparison, likenesses, probes_of, tiles_of
from fluxdiag.reporting.pictures import LARGE, thumbnails
from fluxdiag.reporting.words import hide_folders, last_part, pieces
from fluxdiag.runs import Run, sha256_file
from fluxdiag.suites import ARMS, subject_phrase

TWO_BY_TWO = (("identity.class", "identity.trigger"), ("identity.description", "identity.both"))
"""rows: without and with the description; columns: without and with the trigger"""
EFFECTS = {
    "trigger.effect": "the trigger adds",
    "description.effect": "the description adds",
    "trigger.interaction": "trigger beside the description",
}


@dataclass(frozen=True)
class Group:
    """One instrument's readings: what it asks, in its own words, then (key, measurement or the reason for none)."""

    about: str
    rows: tuple[tuple[str, Measurement | str], ...]


@dataclass(frozen=True)
class Caption:
    file: str
    pieces: list[tuple[str, str | None]]


@dataclass(frozen=True)
class Page:
    case: Case
    gather: GatherInfo
    evidence: Evidence
    diagnosis: Diagnosis
    digests: dict[str, str]
    hide: Callable[[object], str]
    """our own sentences with folders cut off"""
    status: str
    remedy: str
    nothing_to_change: str
    sure: list[str]
    calibration: str
    headlines: list[findings.Headline]
    notes: list[str]
    compared: Comparison | None
    identity: Chart
    effects: Chart
    bleed: Chart
    cards: list[findings.Card]
    two_by_two: tuple[tuple[str, str], ...]
    probes: list[Probe]
    arms: list[tuple[str, str | None]]
    """(arm, what stands for the subject in its prompts)"""
    captions: list[Caption]
    groups: list[Group]


def page_of(run: Run) -> Page:
    """Raises RunMismatch when the run folder's files do not belong together, as reading them does."""
    diagnosis, evidence, tables, shots = run.diagnosis(), run.evidence(), load_tables(run), run.shots()
    case = tables.case
    tiles = tiles_of(shots, thumbnails(run, shots), likenesses(tables))
    nothing = findings.NOTHING_TO_CHANGE[diagnosis.verdict]
    headlines = findings.headlines(evidence)
    needed = {headline.key: headline.line for headline in headlines}
    return Page(
        case=case,
        gather=tables.gather,
        evidence=evidence,
        diagnosis=diagnosis,
        digests={file.name: sha256_file(file) for file in (run.case_file, run.gather_file, run.shots_file, run.evidence_file)},
        hide=hide_folders(case, str(run.folder.resolve())),
        status=findings.VERDICTS[diagnosis.verdict],
        remedy=findings.REMEDIES[diagnosis.verdict] if diagnosis.prescription else nothing[0],
        nothing_to_change=nothing[1],
        sure=findings.how_sure(diagnosis, headlines),
        calibration=findings.calibration_words(diagnosis),
        headlines=headlines,
        notes=_notes(case),
        compared=_enlarged(run, comparison(tiles, case)),
        identity=chart(evidence, identity_labels(evidence), needed),
        effects=chart(evidence, EFFECTS, needed),
        bleed=chart(evidence, area_labels(evidence, "bleed."), needed),
        cards=findings.cards(diagnosis, evidence),
        two_by_two=TWO_BY_TWO,
        probes=probes_of(tiles, case),
        arms=[(arm, subject_phrase(case, ARMS[arm].subject)) for arm in ARMS if any(tile.shot.arm == arm for tile in tiles)],
        captions=_captions(case),
        groups=groups(evidence),
    )


def _enlarged(run: Run, compared: Comparison | None) -> Comparison | None:
    """The same comparison with larger pictures than the tables need."""
    if compared is None:
        return None
    large = thumbnails(run, (tile.shot for tile in compared.tiles), LARGE)
    return replace(compared, tiles=tuple(replace(tile, picture=large[tile.shot.id]) for tile in compared.tiles))


def _notes(case: Case) -> list[str]:
    """What a reader has to know before believing a number."""
    said = []
    if case.reference_source == "training":
        said.append("Likeness is scored on the training photos themselves, for there were no others: it may look too good.")
    elif case.overlap:
        said.append(f"{len(case.overlap)} of {len(case.references)} reference photos are training photos too.")
    if case.lora.problems:
        said.append(f"The file has {len(case.lora.problems)} problem(s): see “The file”.")
    return said


def _captions(case: Case) -> list[Caption]:
    captioned = ((photo, photo.caption) for photo in case.photos)
    return [Caption(last_part(photo.path), pieces(text, photo.appearance)) for photo, text in captioned if text is not None]


def groups(evidence: Evidence) -> list[Group]:
    """Every measurement and every gap once; keys that no instrument of this version gives come last."""
    rows: dict[str, Measurement | str] = {**evidence.gaps, **evidence.measurements}
    found = [(_question(instrument), [key for key in instrument.gives if key in rows]) for instrument in instruments()]
    placed = {key for _, keys in found for key in keys}
    found.append(("From another version of fluxdiag", [key for key in rows if key not in placed]))
    return [Group(about, tuple((key, rows[key]) for key in keys)) for about, keys in found if keys]


def _question(instrument: Instrument) -> str:
    """The first paragraph of the instrument's file says what it asks."""
    return " ".join((sys.modules[instrument.measure.__module__].__doc__ or instrument.name).split("\n\n")[0].split())
