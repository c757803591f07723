"""An audit as a page, as lists in a new folder, and as lines for the terminal. Everything of the user's is escaped."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fluxdiag.audit import Audited, as_line
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.photoset import Seen
from fluxdiag.dataset.audit.reading import thumbnail_of
from fluxdiag.dataset.audit.records import Audit
from fluxdiag.errors import FluxdiagError
from fluxdiag.printable import printable
from fluxdiag.reporting.audited import shown
from fluxdiag.reporting.environment import environment
from fluxdiag.runs import begun, write_text

MOST_PICTURES = 300
"""in one page, some 3 MB"""
LISTS = ("keep.txt", "left-out.txt", "shopping-list.txt", "split/train.txt", "split/held-out.txt")
PAGE, LAST = "audit.html", "audit.json"
"""`LAST` is written last, so its existence means that the folder is complete"""


def page(audited: Audited) -> str:
    template = environment().get_template("audit.html")
    return template.render(audited=shown(audited.audit, _Pictures(audited).of), hide=str)


class _Pictures:
    """Data URIs of photos by name, none beyond what a page can hold."""

    def __init__(self, audited: Audited) -> None:
        self._photos = {photo.name: photo for photo in audited.photos.photos}
        self._cache, self._known = audited.cache, dict[str, str | None]()

    def of(self, name: str) -> str | None:
        if name not in self._known:
            photo = self._photos.get(name) if len(self._known) < MOST_PICTURES else None
            self._known[name] = None if photo is None else _uri(photo, self._cache)
        return self._known[name]


def _uri(photo: Seen, cache: Cache) -> str | None:
    content = cache.get_bytes(photo.facts.sha256, "thumbnail.jpg") or thumbnail_of(photo.path)
    return None if content is None else "data:image/jpeg;base64," + base64.b64encode(content).decode()


# ------------------------------------------------------------------------------------------------ lists, lines


def refuse_to_overwrite(page_file: Path | None, out: Path | None) -> None:
    """Before anything is looked at. Raises FluxdiagError where there is a file or a filled folder already, or where the page
    would fill the folder. What the same call has left when it was stopped is let be: `write` looks at what is in it."""
    if out is not None and out.exists() and not (_is_empty(out) or _left_by_a_stopped_call(out)):
        raise _not_empty(out)
    if page_file is not None and page_file.exists() and not (out is not None and _left_by_a_stopped_call(out)):
        raise _there_is_a_file(page_file)
    if page_file is not None and out is not None and _one_in_the_other(page_file.resolve(), out.resolve()):
        raise FluxdiagError(
            "--html lies in the folder of --out", where=str(page_file), do="Leave --html out; --out has the page as audit.html"
        )


def _is_empty(out: Path) -> bool:
    return out.is_dir() and not any(out.iterdir())


def _left_by_a_stopped_call(out: Path) -> bool:
    """Files of ours alone, the last of them not among them."""
    if not out.is_dir() or _is_empty(out) or (out / LAST).exists():
        return False
    ours = {out / "split", *(out / name for name in (*LISTS, PAGE, LAST))}
    return all(file in ours or begun(file) in ours for file in out.rglob("*"))


def _there_is_a_file(page_file: Path) -> FluxdiagError:
    return FluxdiagError("there is a file already", where=str(page_file), do="Give another --html; nothing is overwritten")


def _not_empty(out: Path) -> FluxdiagError:
    return FluxdiagError("this folder is not empty", where=str(out), do="Name a new folder; nothing is ever overwritten")


def _one_in_the_other(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def write(audited: Audited, page_file: Path | None, out: Path | None) -> None:
    """The page, and keep.txt and the rest in a new folder: all of it or, where the disk is full or Ctrl-C is pressed, none.

    A killed call is gone on from where what it left is the same. Raises FluxdiagError else; nothing is overwritten.
    """
    refuse_to_overwrite(page_file, out)
    files = _files(audited, page_file, out)
    for file, content in files.items():
        if file.exists() and (not file.is_file() or file.read_bytes() != content.encode()):
            raise _there_is_a_file(file) if out is None or file == page_file else _not_empty(out)
    _write_all({file: content for file, content in files.items() if not file.exists()})


def _files(audited: Audited, page_file: Path | None, out: Path | None) -> dict[Path, str]:
    """In the order of writing."""
    as_page = page(audited)
    files = {} if out is None else {out / name: content for name, content in _lists(audited.audit).items()}
    if page_file is not None:
        files[page_file] = as_page
    if out is not None:
        files |= {out / PAGE: as_page, out / LAST: as_line(audited.audit) + "\n"}
    return files


def _lists(one: Audit) -> dict[str, str]:
    said = [one.keep, [f"{printable(name)}\t{printable(why)}" for name, why in one.left_out.items()], one.shopping_list]
    if one.split is not None:
        said += [one.split.train, one.split.held_out]
    return {name: _lines(lines) for name, lines in zip(LISTS, said, strict=False)}


def _write_all(files: Mapping[Path, str]) -> None:
    """A part of it would look like an answer."""
    written = []
    try:
        for file, content in files.items():
            write_text(file, content)
            written.append(file)
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        raise


def _lines(lines: Iterable[str]) -> str:
    buffer = io.StringIO()
    for line in lines:
        buffer.write(line + "\n")
    return buffer.getvalue()


def summary(one: Audit) -> Iterator[str]:
    """The set in a few lines."""
    yield f"{one.images} images, {one.readable} readable, {one.distinct} different; judged for training at {one.resolution} px"
    yield f"{len(one.keep)} to keep, {len(one.left_out)} to leave out"
    worth = [f"{v.effective:.1f} {v.aspect}s" for v in one.variety if v.aspect in ("background", "outfit", "light", "pose")]
    look = next((v.effective for v in one.variety if v.aspect == "look"), None)
    if look is not None:
        yield "worth " + ", ".join([f"{look:.1f} different pictures by their look", *worth])
    if any(one.shots.values()):
        yield "shots: " + ", ".join(f"{len(names)} {shot}" for shot, names in one.shots.items())
        yield "angles: " + ", ".join(f"{len(names)} {angle}" for angle, names in one.angles.items())
    for reason in sorted(set(one.not_assessed.values())):
        checks = ", ".join(check for check, why in one.not_assessed.items() if why == reason)
        yield f"not assessed: {checks} ({reason})"
    if one.references is not None:
        known = one.references
        yield f"references: {len(known.overlaps)} of {known.references} were trained on, or are twins of such photos"
        for overlap in known.overlaps:
            yield f"    {overlap.reference} is {overlap.kind} as {overlap.photo}"
        if known.told is not None:
            yield f"wrong person: {known.told}"
