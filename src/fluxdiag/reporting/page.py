"""All that the page shows, in one frozen object: the templates only walk through it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from fluxdiag.dataset.audit.files import names_of
from fluxdiag.instruments.tables import Tables, load_tables
from fluxdiag.records import LEFT_OUT, Case, Diagnosis, Evidence, GatherInfo, Shot
from fluxdiag.reporting import findings
from fluxdiag.reporting.assets import json_link, scrubbed
from fluxdiag.reporting.audited import Shown, shown
from fluxdiag.reporting.comparing import Chosen, Comparison, comparison, decisive, in_a_row
from fluxdiag.reporting.figures import Axis, identity_labels
from fluxdiag.reporting.gallery import Faces, Gallery, tiles_of
from fluxdiag.reporting.gatestrip import Strip, strip_of
from fluxdiag.reporting.held_out import remarks, said_of_references
from fluxdiag.reporting.interactive import Spec, specs_of
from fluxdiag.reporting.pictures import ANOTHER, Picture, Views, photo_pictures, small_side, views_of
from fluxdiag.reporting.plots import Plots, plots_of
from fluxdiag.reporting.previous import Previous, previous_of
from fluxdiag.reporting.readings import Caption, Group, Used, called, captions_of, groups, used_settings
from fluxdiag.reporting.remedy import Remedy, remedy_of
from fluxdiag.reporting.series import person_of
from fluxdiag.reporting.telling import Told, told_of
from fluxdiag.reporting.warnings import warnings_of
from fluxdiag.reporting.words import hide_folders
from fluxdiag.runs import Run, sha256_file
from fluxdiag.swapped import is_there

TWO_BY_TWO = (("identity.class", "identity.trigger"), ("identity.description", "identity.both"))
"""rows: without and with the description; columns: without and with the trigger"""
FACES = ("trigger", "class", "description", "base")
REFERENCES, PHOTOS = 12, 40
"""at most so many of the user's own photos are copied into the page"""
DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[-_./]?(?:0[1-9]|1[0-2])[-_./]?(?:0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True)
class Options:
    """How a page is made. `static` leaves the plotting library out, `public` the person's own photos, their names and dates."""

    static: bool = False
    public: bool = False


@dataclass(frozen=True)
class Page:
    case: Case
    gather: GatherInfo
    evidence: Evidence
    diagnosis: Diagnosis
    options: Options
    digests: dict[str, str]
    hide: Callable[[object], str]
    """our own sentences with folders cut off"""
    told: Told
    remedy_title: str
    nothing_to_change: str
    sure: findings.Sureness
    calibration: str
    headlines: list[findings.Headline]
    axis: Axis
    """of the headlines"""
    warnings: list[str]
    gate: Strip
    remedy: Remedy
    plots: Plots
    specs: dict[str, Spec]
    cards: list[findings.Card]
    probable: Axis | None
    """of probabilities in percent; None where evidence is told in words alone"""
    two_by_two: tuple[tuple[str, str], ...]
    decisive: Comparison | None
    in_a_row: list[Comparison]
    faces: list[Faces]
    gallery: Gallery
    side: int
    """longest side of the small pictures, px"""
    references: list[Picture]
    references_are: str
    """never trained on, or how many of them were"""
    photos: list[Picture]
    audited: Shown | None
    """what is wrong with the training photos; None where they were not audited, and for the public"""
    captions: list[Caption]
    called: int | None
    """captions that hold the trigger; None where no trigger is known"""
    used: list[Used]
    groups: list[Group]
    remarks: dict[str, str]
    """measurement -> what it loses by references that are no outside photos"""
    previous: Previous | None
    data: str
    """evidence and diagnosis as an address that a browser saves"""

    @property
    def spared(self) -> int:
        """Measurements that were not needed; the other gaps could not be made."""
        return sum(reason == LEFT_OUT for reason in self.evidence.gaps.values())


def page_of(run: Run, options: Options, against: Run | None = None) -> Page:
    """Raises RunMismatch when the run folder's files do not belong together, as reading them does."""
    run.gather_info()  # in the order of the stages, so that the first one that is missing is named
    evidence, diagnosis, tables, shots = run.evidence(), run.diagnosis(), load_tables(run), run.shots()
    case, person = _shown(tables.case, options), person_of(tables)
    hide = _hiding(tables.case, run, options)
    likely = person.by_shot(shots)
    with ThreadPoolExecutor(1) as aside:  # decoding needs no interpreter, so the figures cost no time beside it
        looked = aside.submit(_looked, run, shots, likely, diagnosis, str(tables.case.class_word.value))
        headlines = findings.headlines(evidence)
        plots = plots_of(person, evidence, likely, shots, {headline.key: headline.line for headline in headlines})
        seen = looked.result()
    gallery = Gallery(tiles_of(shots, seen.views, likely), case)
    told = told_of(diagnosis, gallery, hide)
    nothing = findings.NOTHING_TO_CHANGE[diagnosis.verdict]
    own = not options.public
    cards = findings.cards(diagnosis, evidence)
    previous = None if against is None else previous_of(run, against, identity_labels(evidence))
    photos, audited = _photos(tables) if own else ([], None)
    return Page(
        case=case,
        gather=tables.gather,
        evidence=evidence,
        diagnosis=diagnosis,
        options=options,
        digests={file.name: sha256_file(file) for file in (run.case_file, run.gather_file, run.shots_file, run.evidence_file)},
        hide=hide,
        told=told,
        remedy_title=told.do or (findings.REMEDIES[diagnosis.verdict] if diagnosis.prescription else nothing[0]),
        nothing_to_change=nothing[1],
        sure=findings.how_sure(diagnosis, headlines),
        calibration=findings.calibration_words(diagnosis),
        headlines=headlines,
        axis=findings.axis_for(headlines),
        warnings=warnings_of(case, tables.gather, gallery),
        gate=strip_of(run, seen.others),
        remedy=remedy_of(case, tables.gather, evidence, diagnosis, headlines, hide),
        plots=plots,
        specs={} if options.static else specs_of(plots, cards, previous),
        cards=cards,
        probable=findings.PERCENT if findings.calibrated(diagnosis) else None,
        two_by_two=TWO_BY_TWO,
        decisive=comparison(seen.pair, gallery),
        in_a_row=[found for chosen in seen.rows if (found := comparison(chosen, gallery))],
        faces=[faces for arm in FACES if (faces := gallery.faces(arm)).tiles or faces.without],
        gallery=gallery,
        side=small_side(len(shots)),
        references=[picture for _, picture in photo_pictures(tables.case.references, REFERENCES)] if own else [],
        references_are=said_of_references(tables.case, tables.audit),
        photos=photos,
        audited=audited,
        captions=captions_of(case),
        called=called(case),
        used=used_settings(evidence),
        groups=groups(evidence),
        remarks=remarks(tables.case, tables.audit, evidence.measurements),
        previous=previous,
        data=json_link(_data(evidence, diagnosis, hide)),
    )


def _photos(tables: Tables) -> tuple[list[Picture], Shown | None]:
    """The training photos, those first in which the audit finds something; and what it finds, with these same pictures."""
    photos, audit = tables.case.photos, tables.audit
    if audit is None:
        return [picture for _, picture in photo_pictures(photos, PHOTOS)], None
    wrong = {name for finding in audit.findings for name in finding.files}
    named = dict(zip(names_of(photos), photos, strict=True))
    pictured = photo_pictures([named[name] for name in sorted(named, key=lambda name: name not in wrong)], PHOTOS)
    uris = {photo.path: picture.uri for photo, picture in pictured}
    return [picture for _, picture in pictured], shown(
        audit, lambda name: uris.get(named[name].path) if name in named else None, lambda name: None
    )


@dataclass(frozen=True)
class _Seen:
    """The pictures, and those of them that are shown in large."""

    pair: Chosen | None
    rows: list[Chosen]
    views: dict[str, Views]
    others: frozenset[str]
    """ids of the shots whose file was swapped"""


def _looked(
    run: Run,
    shots: tuple[Shot, ...],
    likely: Mapping[str, float],
    diagnosis: Diagnosis,
    class_word: str,
    others: frozenset[str] = frozenset(),
) -> _Seen:
    """Which files were swapped shows when they are read; the large ones are then chosen anew, among those that are left."""
    shown = tuple(shot for shot in shots if shot.id not in others and is_there(run, shot))
    pair, rows = decisive(shown, likely, diagnosis, class_word), in_a_row(shown)
    enlarged = {shot.id for chosen in (*rows, *([pair] if pair else [])) for shot in chosen.shots}
    with_faces = {shot.id for shot in shots if shot.arm in FACES and shot.variant == "full" and shot.id in likely}
    views = views_of(run, shots, enlarged, with_faces)
    found = frozenset(id_ for id_, seen in views.items() if seen.small is ANOTHER)
    if found <= others:
        return _Seen(pair, rows, views, found)
    return _looked(run, shots, likely, diagnosis, class_word, others | found)


def _shown(case: Case, options: Options) -> Case:
    """For the public the photos are numbered: their names often hold a name or a date."""
    if not options.public:
        return case
    kinds = {"photos": ("photo", case.photos), "references": ("reference", case.references)}
    return case.model_copy(
        update={
            name: tuple(photo.model_copy(update={"path": f"{word} {at:02d}"}) for at, photo in enumerate(photos, 1))
            for name, (word, photos) in kinds.items()
        }
    )


def _hiding(case: Case, run: Run, options: Options) -> Callable[[object], str]:
    hide = hide_folders(case, str(run.folder.resolve()))
    return (lambda value: DATE.sub("[date]", hide(value))) if options.public else hide


def _data(evidence: Evidence, diagnosis: Diagnosis, hide: Callable[[object], str]) -> dict[str, object]:
    records = {"evidence": evidence, "diagnosis": diagnosis}
    return {name: scrubbed(record.model_dump(mode="json", by_alias=True), hide) for name, record in records.items()}
