"""`dataset audit`: the photos of a training set judged before anything is trained. No base is loaded, nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fluxdiag.at_hand import face_pack_folder, refuse_without_clip
from fluxdiag.dataset.audit import curate, remembered
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.checks import findings, not_assessed, texts
from fluxdiag.dataset.audit.files import Listing, list_photos, names_of, shared_folder
from fluxdiag.dataset.audit.people import FEWEST, one_head_once
from fluxdiag.dataset.audit.photoset import ANGLES, SHOTS, PhotoSet, Seen
from fluxdiag.dataset.audit.reading import read_all
from fluxdiag.dataset.audit.records import Audit, ReferenceAudit, told_of_strangers
from fluxdiag.dataset.audit.references import reference_audit, split, strangers_among
from fluxdiag.dataset.bundles import captions_in
from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.language import of_a_set, unjudged
from fluxdiag.dataset.sources import Source, folders
from fluxdiag.dataset.trigger import opening
from fluxdiag.dataset.trigger_judging import judge_trigger
from fluxdiag.dataset.trigger_score import TriggerScore
from fluxdiag.errors import FluxdiagError
from fluxdiag.printable import in_utf8
from fluxdiag.profiles import Profile, beside
from fluxdiag.records import Case, Photo, Span
from fluxdiag.variety import alike, variety

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Models:
    """What may read the photos: a face pack and a CLIP, as the engines take them, and the size that the trainer works at."""

    face_pack: str
    clip_model: str
    resolution: int
    chosen: bool = False
    """whether the user named the face pack: one that cannot be used is a mistake then, and no reason to go on without faces"""

    @classmethod
    def of(cls, profile: Profile, base: str, face_pack: str | None = None) -> Models:
        """The profile's, but for a face pack that the user named. Raises WeightsMissing where that one is not on this machine."""
        pack = str(face_pack_folder(face_pack)) if face_pack else beside(base, profile.face_pack)
        return cls(pack, beside(base, profile.clip_model), max(profile.resolution), bool(face_pack))


@dataclass(frozen=True)
class Audited:
    """The record, and the photos that it is about, for pictures of them."""

    audit: Audit
    photos: PhotoSet
    cache: Cache


@dataclass(frozen=True)
class Worded:
    """What captions say: (file, what is wrong), how many of how many describe the person; and whether the base may know the
    trigger."""

    problems: tuple[tuple[str, str], ...] = ()
    described: tuple[int, int] = (0, 0)
    trigger: TriggerScore | None = None
    unjudged: str = ""
    """why nobody can tell what the captions say, where that is so"""


def audit(
    source: Path,
    models: Models,
    *,
    references: Path | None = None,
    trigger: str | None = None,
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> Audited:
    """A folder, a zip bundle, or a trainer's config that names folders. Raises FluxdiagError for what is none of them, and for a
    face pack that the user named and that cannot be used."""
    kept, say = cache or Cache(None), progress or (lambda stage, done, of: None)
    with folders(source) as found:
        listing = _listing(found)
        worded = Worded() if listing.too_many else _worded(found, listing, trigger)
        photos = _read(listing, models, kept, say, worded)
        known = None if references is None else _references(references, photos, models, kept, say)
        return Audited(_judged(in_utf8(str(source)), photos, models, known), photos, kept)


def audit_case(case: Case, models: Models, cache: Cache | None = None, progress: Progress | None = None) -> Audited:
    """The same of the photos and references that a case has found, for the main job."""
    kept, say = cache or Cache(None), progress or (lambda stage, done, of: None)
    captioned = [photo for photo in case.photos if photo.caption]
    known = None if case.trigger is None else str(case.trigger.value)
    described, why = _described([photo.caption or "" for photo in captioned], [photo.appearance for photo in captioned], known)
    worded = Worded((), described, _score(known), why)
    seen = _read(_listed(case.photos), models, kept, say, worded)
    references = None
    if case.reference_source == "held-out" and case.references:
        others = _read(_listed(case.references), models, kept, say, Worded())
        references = reference_audit(shared_folder(case.references), others, seen)
    return Audited(_judged(shared_folder(case.photos), seen, models, references), seen, kept)


def strangers_of(case: Case, models: Models, cache: Cache) -> tuple[int, ...] | None:
    """Rows of the references that seem to show somebody else; None where too few faces can be read here to tell."""
    if case.reference_source != "held-out":
        return None
    references, training = (_faces_alone(photos, models, cache) for photos in (case.references, case.photos))
    judged = len(references.measured[0])
    if not judged or judged + len(training.measured[0]) < FEWEST:
        return None
    others = strangers_among(references, training)
    return tuple(row for row, name in enumerate(names_of(case.references)) if name in others)


def told_of_references(case: Case, strangers: Sequence[int] | None) -> str | None:
    names = names_of(case.references)
    return told_of_strangers([names[row] for row in strangers or ()], len(names))


def _faces_alone(photos: Sequence[Photo], models: Models, cache: Cache) -> PhotoSet:
    listed = _listed(photos).photos
    facts = read_all([path for _, path in listed], models.resolution, cache)
    every = tuple(Seen(name, path, fact) for (name, path), fact in zip(listed, facts, strict=True) if fact.problem is None)
    return PhotoSet(_with_faces(every, models, cache, lambda stage, done, of: None)[0])


def _listed(photos: Sequence[Photo]) -> Listing:
    return Listing([(name, Path(photo.path)) for name, photo in zip(names_of(photos), photos, strict=True)])


def as_line(audited: Audit) -> str:
    return json.dumps(audited.model_dump(by_alias=True), ensure_ascii=False)


# ------------------------------------------------------------------------------------------------ where the photos are


def _listing(source: Source) -> Listing:
    """Each photo once, under the name that its caption's findings have, too."""
    photos: dict[str, Path] = {}
    said = [(in_utf8(one.name), "unreadable", one.says) for one in source.problems if one.kind == "missing"]
    for root in source.roots:
        found = list_photos(root.folder, root.without, root.trainer)
        photos |= {in_utf8(root.prefix) + name: path for name, path in found.photos}
        said += [(in_utf8(root.prefix) + name, kind, says) for name, kind, says in found.said]
    return Listing(list(photos.items()), list(dict.fromkeys(said)))


def _worded(source: Source, listing: Listing, trigger: str | None) -> Worded:
    """Captions that are missing are told only where others are there: training without any is a way of its own."""
    read = captions_in(source, trigger)
    texts = [caption.text for caption in read.found]
    known = trigger or (str(found.value) if (found := opening(texts)) is not None else None)
    described, why = _described(texts, [find_spans(text, known) for text in texts], known)
    told = {name for name, kind, _ in listing.said if kind in ("unreadable", "unopened-folder")}
    faults = [(name, says) for name, says, kind in read.said if kind == "fault" and name not in told]
    return Worded(tuple(one for one in faults if texts or one[1] != "no caption"), described, _score(known), why)


def _described(texts: Sequence[str], found: Sequence[Sequence[Span]], trigger: str | None) -> tuple[tuple[int, int], str]:
    """How many of how many judged captions describe the person; and why that is not known, where most are in a language that is
    not read and nothing was found."""
    called = trigger or ""
    reasons = of_a_set([unjudged(text, called) for text in texts], texts, found, called)
    judged = [spans for spans, why in zip(found, reasons, strict=True) if why is None]
    described = sum(any(span.kind != "expression" for span in spans) for spans in judged)
    few = not described and len(judged) * 2 < len(texts)
    why = f"{len(texts) - len(judged)} of {len(texts)} captions are not in English, and not judged" if few else ""
    return (described, len(judged)), why


def _score(trigger: str | None) -> TriggerScore | None:
    return None if trigger is None else judge_trigger(trigger)


# ------------------------------------------------------------------------------------------------ reading


def _read(listing: Listing, models: Models, cache: Cache, say: Progress, worded: Worded) -> PhotoSet:
    facts = read_all([path for _, path in listing.photos], models.resolution, cache, lambda done, of: say("photos", done, of))
    every = [Seen(name, path, fact) for (name, path), fact in zip(listing.photos, facts, strict=True)]
    good = tuple(photo for photo in every if photo.facts.problem is None)
    broken = tuple(photo for photo in every if photo.facts.problem is not None)
    good, no_faces = _with_faces(good, models, cache, say)
    clip, labels, no_clip = _embedded(good, models, cache, say)
    seen_trigger, no_score = _of_trigger(worded.trigger)
    unread = {what: why for what, why in (("faces", no_faces), ("clip", no_clip), ("trigger", no_score)) if why}
    unread |= {"captions": worded.unjudged} if worded.unjudged else {}
    return PhotoSet(
        photos=good,
        broken=broken,
        said=tuple(listing.said),
        captions=worded.problems,
        described=worded.described,
        seen_trigger=seen_trigger,
        resolution=models.resolution,
        variety=variety(good, clip, labels),
        alike=alike(clip),
        unread=unread,
    )


def _of_trigger(score: TriggerScore | None) -> tuple[str, str]:
    """Why the base may know it, and why nobody can tell; both are empty for a string that means nothing."""
    why = "" if score is None else "; ".join(score.reasons)
    return why if score is not None and score.seen else "", why if score is not None and score.known is None else ""


def _with_faces(photos: tuple[Seen, ...], models: Models, cache: Cache, say: Progress) -> tuple[tuple[Seen, ...], str | None]:
    """The photos with their faces, or as they are and why. Raises FluxdiagError for a pack that the user named."""
    if not photos:
        return photos, None
    try:
        name = remembered.faces_name(face_pack_folder(models.face_pack), models.resolution)
        faces = remembered.faces_of(photos, name, cache)
        if faces is None:
            from fluxdiag.engines.photo_reading import read_faces

            faces = read_faces(photos, models.face_pack, models.resolution, cache, lambda done, of: say("faces", done, of))
    except FluxdiagError as error:
        if models.chosen:
            raise
        return photos, str(error)
    return tuple(replace(photo, faces=seen) for photo, seen in zip(photos, one_head_once(faces), strict=True)), None


def _embedded(
    photos: tuple[Seen, ...], models: Models, cache: Cache, say: Progress
) -> tuple[np.ndarray | None, dict[str, tuple[tuple[str, ...], np.ndarray]], str | None]:
    """CLIP embeddings (n, dim) of the photos, aspect -> labels and theirs (k, dim), and why there are none."""
    if not photos:
        return None, {}, None
    try:
        refuse_without_clip(models.clip_model)
        asked, name = asked_labels(), remembered.clip_name(models.clip_model)
        clip = remembered.images_of(photos, name, models.resolution, cache)
        vectors = remembered.labels_of(asked, name, cache)
        if clip is None or vectors is None:
            from fluxdiag.engines.photo_reading import read_clip, read_labels

            clip = read_clip(photos, models.clip_model, models.resolution, cache, lambda done, of: say("clip", done, of))
            vectors = read_labels(asked, models.clip_model, cache)
    except FluxdiagError as error:
        return None, {}, str(error)
    return clip, {aspect: (asked[aspect], vector) for aspect, vector in vectors.items()}, None


def asked_labels() -> dict[str, tuple[str, ...]]:
    """Aspect -> what the probe suites ask for: the words that the report's own obedience is measured with."""
    from fluxdiag.suites import THOROUGH, USUAL, load_suite

    prompts = [prompt for name in (USUAL, THOROUGH) for probe in load_suite(name)[0].probes for prompt in probe.prompts]
    aspects = ("background", "outfit", "light")
    return {aspect: tuple(sorted({getattr(prompt, aspect) for prompt in prompts} - {None})) for aspect in aspects}


def _references(folder: Path, training: PhotoSet, models: Models, cache: Cache, say: Progress) -> ReferenceAudit:
    found = _read(list_photos(folder), models, cache, say, Worded())
    return reference_audit(in_utf8(str(folder)), found, training)


# ------------------------------------------------------------------------------------------------ judging


def _judged(dataset: str, photos: PhotoSet, models: Models, known: ReferenceAudit | None) -> Audit:
    found = findings(photos)
    out = curate.left_out(photos, found)
    kept = curate.keep(photos, out)
    chosen = set(kept)
    return Audit(
        dataset=dataset,
        images=len(photos.photos) + len(photos.broken),
        readable=len(photos.photos),
        distinct=photos.distinct,
        resolution=photos.resolution,
        described=photos.described,
        models={
            "faces": photos.unread.get("faces", Path(models.face_pack).name),
            "clip": photos.unread.get("clip", Path(models.clip_model).name),
        },
        findings=found,
        checks=texts(found),
        not_assessed=not_assessed(photos),
        variety=photos.variety,
        shots={shot: tuple(p.name for p in photos.photos if p.shot == shot) for shot in SHOTS},
        angles={angle: tuple(p.name for p in photos.photos if p.angle == angle) for angle in ANGLES},
        shopping_list=curate.shopping_list(photos, kept),
        keep=kept,
        left_out=out,
        references=known,
        split=split([photo for photo in photos.photos if photo.name in chosen]),
    )
