"""Every caption of a training set, whatever the layout, with what could not be read as a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

from fluxdiag.dataset import layout
from fluxdiag.dataset.listed import NAMED, all_tables
from fluxdiag.dataset.lists import Table
from fluxdiag.dataset.sources import KOHYAS_OWN, Problem, Root, Source, folders
from fluxdiag.errors import FluxdiagError
from fluxdiag.printable import in_utf8, printable

Reads = Literal["kohya", "ai-toolkit", "simpletuner"]
PLACEHOLDER = re.compile(r"\[(?:trigger|name)\]")
STOPS = tuple(".,;:!?")
LEADING = frozenset({
    "a", "an", "the", "and", "or", "with", "of", "in", "on", "at", "to", "from", "by", "for",
    "her", "his", "their", "is", "are", "was", "were", "wearing", "has",
})  # fmt: skip
"""no phrase ends with these"""
NARROWEST = 40
"""characters a line of text that an editor has wrapped; tags are shorter"""
NOT_SAID = (
    "the config says no caption_extension, and kohya reads .caption then, unless its command line says `--caption_extension .txt`"
)
NOT_FOUND = (
    "trainers on Linux read {0} and not {1}, so {2} not trained on there: rename to {0}. "
    "`captions fix` takes the text and writes {0}"
)
NEW_EXTENSION = ".txt"
"""of captions that had no file of their own: all trainers read it, kohya when told to"""


@dataclass(frozen=True)
class Caption:
    """`name` is the caption's or image's path inside the set; `text` keeps its lines. `target` is the file that a rewrite
    belongs into, below a copy of the set; None where it stands in a list only. `images` are those that are trained with it.
    `new_file`: it had none, and no config says how the trainer would want it called."""

    name: str
    text: str
    target: str | None = None
    images: tuple[Path, ...] = ()
    new_file: bool = False


@dataclass(frozen=True)
class Captions:
    found: tuple[Caption, ...] = ()
    said: tuple[Problem, ...] = ()
    """one for each file that is not as it should be"""
    tables: tuple[tuple[str, Table], ...] = ()
    """(name below the set, list)"""
    unread: int = 0
    """caption files that are no text"""

    @property
    def problems(self) -> tuple[str, ...]:
        """A line each."""
        return tuple(printable(f"{one.name}: {one.says}") for one in self.said)


def read_captions(source: Path, trigger: str | None = None, reads: Reads = "ai-toolkit") -> Captions:
    """All captions of a folder, a zip bundle, or the folders that a trainer config names. `[trigger]` becomes the trigger."""
    with folders(source, contents=False) as found:
        return captions_in(found, trigger, reads)


def captions_in(source: Source, trigger: str | None = None, reads: Reads = "ai-toolkit") -> Captions:
    """Each caption once, also where several images or several listings of a folder share it."""
    parts = [_folder(root) for root in source.roots]
    captions = {(one.name, one.target): one for part in parts for one in part.found}
    found = (replace(one, text=_called(line, trigger)) for one in captions.values() for line in lines(one.text, reads))
    said = [*source.problems, *(problem for part in parts for problem in part.said)]
    return Captions(
        tuple(found),
        tuple(dict.fromkeys(one._replace(name=in_utf8(one.name)) for one in said)),
        tuple({name: one for part in parts for name, one in part.tables}.items()),
        sum(part.unread for part in parts),
    )


def lines(text: str, reads: Reads) -> list[str]:
    """What a trainer makes of several lines: kohya takes the first, SimpleTuner each as a caption, ai-toolkit the whole."""
    parts = [" ".join(line.split()) for line in text.split("\n") if line.strip()] or [""]
    if reads == "ai-toolkit":
        return [_flowing(parts)]
    return parts[:1] if reads == "kohya" else parts


def whole(text: str) -> str:
    """On one line, as ai-toolkit reads it."""
    return lines(text, "ai-toolkit")[0]


def _flowing(parts: Sequence[str]) -> str:
    """A phrase ends with its line (a tag a line, a sentence a line), unless an editor has wrapped the text or its last word
    leads on."""
    glue = " " if _wrapped(parts) else ", "
    out = parts[0]
    for part in parts[1:]:
        leads_on = out.endswith(STOPS) or out.rpartition(" ")[2].lower() in LEADING
        out += (" " if leads_on else glue) + part
    return out


def _wrapped(parts: Sequence[str]) -> bool:
    """Wherever a line ends, the next word would not have fitted into the longest one. Of two lines that says nothing."""
    width = max(map(len, parts))
    ends = list(pairwise(parts))
    return width >= NARROWEST and len(ends) > 1 and all(len(line) + 1 + len(next_.split()[0]) > width for line, next_ in ends)


def _called(text: str, trigger: str | None) -> str:
    return PLACEHOLDER.sub(lambda _: trigger, text) if trigger else text


@dataclass(frozen=True)
class Captioned:
    """An image and where its words are: in `file`, or, from a list or a folder's name, in `text`."""

    image: Path
    file: Path | None
    text: str | None
    listed: bool = False
    unread: Path | None = None
    """a text beside it under an ending that trainers on Linux do not look for"""

    @property
    def meant(self) -> Captioned:
        """With the words that its author wrote for it, also where a trainer does not find them and takes the folder's name."""
        return self if self.file or self.listed or self.unread is None else replace(self, file=self.unread)

    def words(self) -> str | None:
        """Raises FluxdiagError for a file that is no caption."""
        return self.text if self.file is None else layout.read_caption(self.file)


def captioned_images(source: Path) -> list[Captioned]:
    """Of a folder, or of the folders that a trainer config names, each once. Raises FluxdiagError for what is neither, and for
    a config of whose folders one is gone: what is told of the others would be told of another set than was trained on."""
    with folders(source) as found:
        gone = [problem for problem in found.problems if problem.kind == "missing"]
        if gone:
            raise FluxdiagError(gone[0].says, where=gone[0].name, do=f"Correct {source}, or name the dataset folder itself")
        return list({one.image: one for root in found.roots for one in _captioned(root)[0]}.values())


def _captioned(root: Root) -> tuple[list[Captioned], list[Table], list[Problem]]:
    """And the lists that were read, and those that cannot be."""
    images = layout.all_images(root.folder, root.without)
    tables, problems, broken = all_tables(root, images)
    listed = {image: row.caption for one in tables for row in one.rows for image in row.images if row.caption is not None}
    found = []
    for image in images:
        lost = image not in listed and any(row.names(image) for row in broken)  # its caption is another than the folder's name
        text = listed.get(image) or ("" if lost else layout.folder_caption(image.parent))
        file, unread = layout.caption_file(image, root.extensions), layout.unread_caption(image, root.extensions)
        found.append(Captioned(image, file, text or None, image in listed, unread))
    return found, tables, problems


def _folder(root: Root) -> Captions:
    """Every caption of a folder, by the file that it is in or, without one, by its image."""
    images, tables, problems = _captioned(root)
    problems += _miscased(root, images)
    images = [one.meant for one in images]
    files: dict[Path, list[Captioned]] = {}
    for one in images:
        files.setdefault(one.file or one.image, []).append(one)
    found, unread = [], 0
    for file, several in files.items():
        try:
            words = several[0].words()
        except FluxdiagError as error:
            problems.append(Problem(root.name(file), f"{error.what}. {error.do}"))
            unread += 1
            continue
        if words is None:
            problems.append(Problem(root.name(file), "no caption"))
        else:
            found.append(_caption(root, several, words))
    problems += _beside(root, {one.file for one in images if one.file is not None})
    return Captions(tuple(found), tuple(problems), tuple((root.name(one.file), one) for one in tables), unread)


def _caption(root: Root, several: Sequence[Captioned], words: str) -> Caption:
    file, image, listed = several[0].file, several[0].image, several[0].listed
    new = file is None and not listed and root.extension is None
    written = _as_read(file, root) if file else None if listed else image.with_suffix(root.extension or NEW_EXTENSION)
    target = None if written is None else root.name(written)
    return Caption(in_utf8(root.name(file or image)), words, target, tuple(one.image for one in several), new)


def _as_read(file: Path, root: Root) -> Path:
    """Under the ending that its trainer looks for."""
    return file.with_suffix(next(one for one in root.extensions if one.lower() == file.suffix.lower()))


def _miscased(root: Root, images: Sequence[Captioned]) -> Iterator[Problem]:
    """Captions that trainers on Linux do not find, a line each or one for many."""
    alone = list(dict.fromkeys(one.unread for one in images if one.unread and one.meant.file == one.unread))
    for file in alone if len(alone) <= NAMED else ():
        yield Problem(root.name(file), NOT_FOUND.format(_as_read(file, root).suffix, file.suffix, "it was"))
    if len(alone) > NAMED:
        what = NOT_FOUND.format(_as_read(alone[0], root).suffix, alone[0].suffix, f"{len(alone)} captions were")
        yield Problem(root.name(alone[0]), f"and others: {what}")
    for one in images:
        if one.unread and one.unread not in alone:
            yield Problem(root.name(one.unread), f"passed over: {one.file.name if one.file else 'the list'} counts")


def _beside(root: Root, used: set[Path]) -> Iterator[Problem]:
    """What lies there and is the caption of nothing, leads nowhere, or is left alone."""
    for file in layout.orphans(root.folder, used, root.without):
        yield Problem(root.name(file), "no image of this name")
    for file in root.folder.iterdir():
        if file.is_symlink() and not file.exists():
            yield Problem(root.name(file), "a link that leads nowhere, or round")
        elif file.is_symlink() and file.is_dir():
            yield Problem(root.name(file), "a link to a folder, which trainers do not follow")
    for place in layout.regularisation_folders(root.folder):
        yield Problem(f"{root.name(place)}/", layout.ORDINARY, "aside")
    if root.extension is None and root.trainer == "kohya" and any(file.suffix.lower() != KOHYAS_OWN[0] for file in used):
        yield Problem(root.prefix or f"{root.folder.name}/", NOT_SAID)
