"""The copy of the photos that a trainer gets: it writes its caches beside them, and the user's own are never touched."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from PIL import Image, ImageOps

from fluxdiag.dataset.bundles import PLACEHOLDER, captioned_images
from fluxdiag.dataset.photos import read_set
from fluxdiag.dataset.trigger import holds
from fluxdiag.errors import FluxdiagError
from fluxdiag.records import Case, Photo
from fluxdiag.runs import sha256_text, write_bytes, write_text
from fluxdiag.unchanged import refuse_changed

KEPT_AS_THEY_ARE = frozenset({".png", ".jpg", ".jpeg"})
"""what every trainer reads; all else is saved as PNG"""


@dataclass(frozen=True)
class Copy:
    """One photo: where it is, what it is called in the copy, and the words that it is trained on (None: no caption file)."""

    source: Path
    sha256: str
    name: str
    caption: str | None


Words = Callable[[Photo], str | None]
"""a photo -> the words that it is trained on"""


def training_photos(case: Case, given: Path | None) -> tuple[Photo, ...]:
    """The readable photos: those of the run as they were then, with their captions as they are now, or those of another folder.

    Raises FluxdiagError for photos that are gone or no longer the same, and where there are none at all.
    """
    if given is not None:
        photos = read_set(given).readable
    else:
        photos = tuple(photo for photo in case.photos if photo.problem is None)
        refuse_changed(photos, "Run `fluxdiag report` again, or give the photos with --dataset")
        photos = _as_captioned_now(photos, None if case.trigger is None else str(case.trigger.value))
    if not photos:
        what = case.gaps.get("photos", "there are no readable photos") if given is None else "there are no readable photos"
        raise FluxdiagError(what, where=str(given or case.lora.path), do="Give the training photos with --dataset")
    return photos


def _as_captioned_now(photos: Sequence[Photo], trigger: str | None) -> tuple[Photo, ...]:
    """Captions are mended by hand, and what was mended is what is meant to be trained. One that is no longer found stays."""
    paths = {Path(photo.path) for photo in photos}
    found = [one for folder in {path.parent for path in paths} for one in captioned_images(folder) if one.image in paths]
    said = {one.image: " ".join(words.split()) for one in found if (words := one.words())}
    if trigger is not None:
        said = {path: PLACEHOLDER.sub(lambda _: trigger, words) for path, words in said.items()}
    return tuple(photo.model_copy(update={"caption": said.get(Path(photo.path), photo.caption)}) for photo in photos)


def mended(case: Case, photos: Sequence[Photo]) -> tuple[str, ...]:
    """What is said of captions that are not those of the run."""
    before = {photo.path: photo.caption for photo in case.photos}
    other = [photo for photo in photos if photo.path in before and before[photo.path] != photo.caption]
    return (f"{len(other)} captions were changed since the report: they are taken as they are now",) if other else ()


def copies(photos: Sequence[Photo], words: Words) -> tuple[Copy, ...]:
    """In the photos' order, numbered: folders of one set may use a name twice."""
    return tuple(
        Copy(Path(photo.path), photo.sha256, _name(number, Path(photo.path)), words(photo))
        for number, photo in enumerate(photos, start=1)
    )


def _name(number: int, path: Path) -> str:
    """Of letters that no trainer, shell or pattern stumbles over."""
    suffix = path.suffix.lower() if path.suffix.lower() in KEPT_AS_THEY_ARE else ".png"
    return f"{number:03d}-{slug(path.stem)}{suffix}"


def slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:40] or "photo"


def without_looks(trigger: str) -> Words:
    """The caption as `fluxdiag captions fix` would write it."""
    from fluxdiag.captions import check  # the rules of the rewrite take seconds to compile, and most plans leave captions alone

    return lambda photo: None if photo.caption is None else check(photo.path, photo.caption, trigger).rewritten


def named(words: Words, trigger: str) -> Words:
    """With the trigger in the place of the noun for the person, where it lacks; the rest stays."""
    from fluxdiag.dataset.rewriting.subject import with_trigger  # as above

    return lambda photo: said if not (said := words(photo)) or holds(said, trigger) else with_trigger(said, trigger)


def renamed(words: Words, old: str, new: str) -> Words:
    """With another trigger, wherever the old one stands as whole words."""
    pattern = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE)
    return lambda photo: None if (said := words(photo)) is None else pattern.sub(lambda _: new, said)


def as_trained(photo: Photo) -> str | None:
    return photo.caption


def digest(of: Sequence[Copy]) -> str:
    """What a training learns from them."""
    return sha256_text("".join(f"{copy.sha256}\0{copy.name}\0{copy.caption}\n" for copy in of))


def write(of: Sequence[Copy], folder: Path) -> None:
    """Photos and captions, each whole or not at all. What lies there already stays: a caption may have been mended by hand.

    Raises FluxdiagError for a full disk and for a photo that does not decode after all.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for copy in of:
            _write(copy, folder / copy.name)
    except OSError as error:
        raise FluxdiagError(
            f"cannot be written ({error.strerror or error})", where=str(folder), do="Choose another --out"
        ) from error


def _write(copy: Copy, target: Path) -> None:
    if not target.exists():
        as_it_is = copy.source.suffix.lower() in KEPT_AS_THEY_ARE
        write_bytes(target, copy.source.read_bytes() if as_it_is else _as_png(copy.source))
    if copy.caption is not None and not target.with_suffix(".txt").exists():
        write_text(target.with_suffix(".txt"), " ".join(copy.caption.split()) + "\n")


def _as_png(source: Path) -> bytes:
    with Image.open(source) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def copy_folder(files: Sequence[Path], folder: Path) -> None:
    """Photos as they are, for what is only looked at: those that are there, by their own names, numbered where two are alike."""
    for file, name in zip(files, _apart(files), strict=True):
        if file.is_file() and not (folder / name).exists():
            write_bytes(folder / name, file.read_bytes())


def _apart(files: Sequence[Path]) -> list[str]:
    """Photos come from several folders, each of which may have a `01.jpg`; some disks take `01.JPG` for the same."""
    names: dict[str, str] = {}
    for file in files:
        candidates = chain([file.name], (f"{file.stem}-{number}{file.suffix}" for number in count(2)))
        name = next(name for name in candidates if name.lower() not in names)
        names[name.lower()] = name
    return list(names.values())
