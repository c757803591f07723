"""Images and captions as records. What cannot be read is a photo with a problem, or a stated gap; never a crash."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zipfile import is_zipfile

from fluxdiag.dataset.bundles import PLACEHOLDER, Captioned, captioned_images, whole
from fluxdiag.dataset.configs import CONFIGS
from fluxdiag.dataset.decoding import as_trained, opened, upright_size
from fluxdiag.dataset.duplicates import Fingerprint, cropped, fingerprint, pairs
from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.dataset.language import of_a_set, unjudged
from fluxdiag.dataset.layout import MOST, images
from fluxdiag.errors import FluxdiagError
from fluxdiag.printable import in_utf8
from fluxdiag.records import Photo
from fluxdiag.runs import sha256_file

RESOLUTION = 1024
"""px at which FLUX.1 is trained"""


@dataclass(frozen=True)
class Reading:
    """A folder of photos. `prints` has the readable ones, by path; `bad_captions` the names of files that are no text."""

    photos: tuple[Photo, ...] = ()
    prints: dict[str, Fingerprint] = field(default_factory=dict)
    bad_captions: tuple[str, ...] = ()

    @property
    def readable(self) -> tuple[Photo, ...]:
        return tuple(photo for photo in self.photos if photo.problem is None)

    @property
    def captions(self) -> tuple[str, ...]:
        """Of the photos that have one, in order."""
        return tuple(photo.caption for photo in self.photos if photo.caption)

    @property
    def unjudged(self) -> int:
        """Captions in which nothing was looked for."""
        return sum(photo.unjudged is not None for photo in self.photos)

    @property
    def described(self) -> int:
        """Photos whose caption tells the person's looks; an expression is none."""
        return sum(any(span.kind != "expression" for span in photo.appearance) for photo in self.photos)

    def calling(self, trigger: str) -> Reading:
        """With the captions read anew, now that it is known which word stands for the person; `[trigger]` becomes it."""
        photos = []
        for photo in self.photos:
            caption = PLACEHOLDER.sub(lambda _: trigger, photo.caption) if photo.caption else photo.caption
            found = find_spans(caption, trigger) if caption else ()
            photos.append(photo.model_copy(update={"caption": caption, "appearance": found}))
        return replace(self, photos=_by_language(photos, trigger))


def read_set(source: Path, resolution: int = RESOLUTION) -> Reading:
    """A training set of any layout, unreadable photos included: a folder, or a trainer's config that names some. Fingerprints
    are of the photos at `resolution`, the trainer's, as `audit/` takes them.

    Raises FluxdiagError for what is neither, and for a folder of another kind than a character's photos.
    """
    if source.is_file() and source.suffix.lower() not in CONFIGS:
        what = "is a zip bundle, and its photos must be there to be looked at again" if is_zipfile(source) else "is no folder"
        raise FluxdiagError(
            what, where=str(source), do="Unpack it, and name the folder" if is_zipfile(source) else "Check the path"
        )
    found = captioned_images(source)
    if len(found) > MOST:
        what = f"holds {len(found):,} images, and a character's set about 30"
        raise FluxdiagError(what, where=str(source), do="Name the folder of the training photos")
    return _reading(((one.image, *_words(one)) for one in found), resolution)


def read_folder(folder: Path, resolution: int = RESOLUTION) -> Reading:
    """Photos without captions, of a folder and its `10_name` folders. Raises FluxdiagError where there is no such folder."""
    return _reading(((image, None, None) for image in images(folder)), resolution)


def _reading(found: Iterable[tuple[Path, str | None, str | None]], resolution: int) -> Reading:
    """Of (image, caption, name of the caption file where that is no text)."""
    photos, prints, bad = [], {}, []
    for path, caption, problem in found:
        bad += [problem] if problem else []
        photo, print_ = _photo(path.absolute(), caption, resolution)
        photos.append(photo)
        if print_ is not None:
            prints[photo.path] = print_
    return Reading(_by_language(photos), prints, tuple(bad))


def _by_language(photos: Sequence[Photo], trigger: str = "") -> tuple[Photo, ...]:
    """With what cannot be told of captions in another language, as `captions lint` says it."""
    words = [photo.caption or "" for photo in photos]
    alone = [unjudged(caption, trigger) for caption in words]
    reasons = of_a_set(alone, words, [photo.appearance for photo in photos], trigger)
    return tuple(photo.model_copy(update={"unjudged": why}) for photo, why in zip(photos, reasons, strict=True))


def _words(one: Captioned) -> tuple[str | None, str | None]:
    """What the image was trained on, and the name of its caption file where that is no text."""
    try:
        said = one.words()
    except FluxdiagError as error:
        return None, in_utf8(Path(error.where).name)
    return None if said is None else whole(said), None


def _photo(path: Path, caption: str | None, resolution: int) -> tuple[Photo, Fingerprint | None]:
    appearance = find_spans(caption) if caption else ()
    if (name := in_utf8(str(path))) != str(path):  # records hold no such name
        problem = "its name is no UTF-8: rename it"
        return Photo(path=name, sha256="", caption=caption, appearance=appearance, problem=problem), None
    try:
        digest = sha256_file(path)
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        return Photo(path=str(path), sha256="", caption=caption, appearance=appearance, problem=problem), None
    width, height, print_, trouble = _decoded(path, resolution)
    seen = Photo(
        path=str(path), sha256=digest, width=width, height=height, caption=caption, appearance=appearance, problem=trouble
    )
    return seen, print_


def _decoded(path: Path, resolution: int) -> tuple[int, int, Fingerprint | None, str | None]:
    """Size and fingerprint as seen upright, or why the image does not decode. The whole of it is decoded: some are cut short."""
    try:
        with opened(path) as image:
            return *upright_size(image), fingerprint(as_trained(image, resolution)), None
    except FluxdiagError as error:
        return 0, 0, None, error.what


def trained_on(references: Reading, training: Reading) -> tuple[str, ...]:
    """The references that are no outside photos, by path: a training image byte for byte, the same picture (`duplicates.py`), or
    a twin, which is one cropped closer or taken a moment later. Told by the fingerprints alone, so no model is loaded."""
    digests = {photo.sha256 for photo in training.readable}
    mine, prints, theirs = list(references.prints), list(references.prints.values()), list(training.prints.values())
    seen = {mine[row] for row, _ in (*pairs(prints, theirs), *cropped(prints, theirs))}
    return tuple(photo.path for photo in references.readable if photo.sha256 in digests or photo.path in seen)
