"""An audit as a page, as lists in a new folder, and as lines for the terminal. Everything of the user's is escaped."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fluxdiag.audit import Audited, as_line
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.photoset import Seen
from fluxdiag.dataset.audit.reading import thumbnail_of
from fluxdiag.dataset.audit.records import Audit, CheckText, Finding
from fluxdiag.dataset.bundles import printable
from fluxdiag.errors import FluxdiagError
from fluxdiag.report import templates_folder
from fluxdiag.runs import write_text

MOST_PICTURES = 300
"""in one page, some 3 MB"""
MOST_IN_A_FINDING = 12


@dataclass(frozen=True)
class Together:
    """The files of one finding, of one photo or of several that belong together: (name, data URI or None), and what is wrong."""

    says: str
    pictures: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Found:
    """One check with all that it found."""

    text: CheckText
    says: tuple[str, ...]
    """of the set as a whole"""
    shown: tuple[Together, ...]
    more: int
    """files that are not shown"""


def page(audited: Audited) -> str:
    """The whole page; `section` alone is `audit_section.html` with the same two names."""
    template = _environment().get_template("audit.html")
    return template.render(audit=audited.audit, found=found(audited), kept=_kept(audited))


def section(audited: Audited) -> str:
    """The part that another report can take in: HTML that was escaped already."""
    template = _environment().get_template("audit_section.html")
    return template.render(audit=audited.audit, found=found(audited), kept=_kept(audited))


def found(audited: Audited) -> tuple[Found, ...]:
    """The findings by check, in their order, with pictures as long as the page can hold them."""
    pictures = _Pictures(audited)
    return tuple(
        _found(audited.audit.checks[name], list(findings), pictures)
        for name, findings in groupby(audited.audit.findings, key=lambda one: one.check)
    )


def _found(text: CheckText, findings: list[Finding], pictures: _Pictures) -> Found:
    """The first files of the first findings; a pair is shown whole, and of many that are alike the first."""
    shown: list[Together] = []
    room = MOST_IN_A_FINDING
    for one in findings:
        files = one.files[:MOST_IN_A_FINDING]
        if files and room > 0:
            shown.append(Together(one.says, tuple((name, pictures.of(name)) for name in files)))
            room -= len(files)
    every = sum(len(one.files) for one in findings)
    says = tuple(one.says for one in findings if not one.files)
    return Found(text, says, tuple(shown), every - sum(len(one.pictures) for one in shown))


def _kept(audited: Audited) -> tuple[tuple[str, str | None], ...]:
    pictures = _Pictures(audited)
    return tuple((name, pictures.of(name)) for name in audited.audit.keep)


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


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["printable"] = printable
    return made


# ------------------------------------------------------------------------------------------------ lists, lines


def refuse_to_overwrite(page_file: Path | None, out: Path | None) -> None:
    """Raises FluxdiagError where there is a file or a filled folder already."""
    if page_file is not None and page_file.exists():
        raise FluxdiagError("there is a file already", where=str(page_file), do="Give another --html; nothing is overwritten")
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FluxdiagError("this folder is not empty", where=str(out), do="Name a new folder; nothing is ever overwritten")


def write_lists(audited: Audited, out: Path) -> None:
    """keep.txt and the rest into a new folder. Raises FluxdiagError when it is not empty; nothing is overwritten."""
    refuse_to_overwrite(None, out)
    one = audited.audit
    write_text(out / "keep.txt", _lines(one.keep))
    write_text(out / "left-out.txt", _lines(f"{printable(name)}\t{printable(why)}" for name, why in one.left_out.items()))
    write_text(out / "shopping-list.txt", _lines(one.shopping_list))
    if one.split is not None:
        write_text(out / "split" / "train.txt", _lines(one.split.train))
        write_text(out / "split" / "held-out.txt", _lines(one.split.held_out))
    write_text(out / "audit.json", as_line(one) + "\n")
    write_text(out / "audit.html", page(audited))


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
