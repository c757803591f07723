"""`captions lint` finds what captions say of the character's looks; `captions fix` writes them anew without it, elsewhere."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from fluxdiag.dataset.bundles import Caption, Reads, captioned_images, read_captions
from fluxdiag.dataset.finding.spans import LONGEST, find_spans
from fluxdiag.dataset.habits import MISSING, captioner, nowhere, set_problems, trigger_problems
from fluxdiag.dataset.language import of_a_set, unjudged
from fluxdiag.dataset.layout import masks, regularisation_folders
from fluxdiag.dataset.lists import Table
from fluxdiag.dataset.outside import refuse_inside
from fluxdiag.dataset.rewriting.rewrite import without_appearance
from fluxdiag.dataset.rewriting.subject import with_trigger
from fluxdiag.dataset.trigger_judging import judge_trigger
from fluxdiag.dataset.trigger_score import TriggerScore
from fluxdiag.dataset.trigger_spelling import Variant, before_spelling, spelled, variants
from fluxdiag.errors import FluxdiagError
from fluxdiag.printable import in_utf8
from fluxdiag.records import Span
from fluxdiag.reporting.captions_diff import page_of
from fluxdiag.runs import begun, write_bytes, write_text

SCHEMA = 1
PAGE = "diff.html"
ALWAYS_KEPT = frozenset({"expression"})
MANY, CHUNK = 2000, 200
"""captions from which on other processes are worth their start, and how many each takes at a time"""


@dataclass(frozen=True)
class Checked:
    """One caption: what it says of the person and what is left of it. `unjudged` says why nothing was looked for."""

    file: str
    caption: str
    spans: tuple[Span, ...]
    rewritten: str
    problems: tuple[str, ...] = ()
    unjudged: str | None = None
    source: Caption | None = None
    """where it stands in its set"""

    @property
    def changed(self) -> bool:
        return self.rewritten != self.caption


@dataclass(frozen=True)
class Lint:
    trigger: str
    captions: tuple[Checked, ...]
    problems: tuple[str, ...]
    """of the set as a whole"""
    unreadable: tuple[str, ...]
    captioner: str | None
    trigger_score: TriggerScore
    tables: tuple[tuple[str, Table], ...] = ()
    """lists of captions: (name below the set, list)"""
    kept: frozenset[str] = ALWAYS_KEPT
    """kinds that are marked and stay"""
    unread: int = 0
    """caption files that are no text"""
    absent: str | None = None
    """that the trigger is in no caption, where that is so, and what may be meant"""

    @property
    def described(self) -> int:
        """Captions that tell what `fix` would take out."""
        return sum(any(span.kind not in self.kept for span in one.spans) for one in self.captions)

    @property
    def judged(self) -> int:
        return sum(one.unjudged is None for one in self.captions)

    @property
    def few_judged(self) -> bool:
        """Fewer than half: that nothing was found there says nothing of the set."""
        return not self.judged or self.judged * 2 < len(self.captions) + self.unread

    @property
    def anew(self) -> int:
        """Captions that `fix` puts into a file of their own where none was: they were their folder's name."""
        return sum(one.source is not None and one.source.new_file for one in self.captions)

    def json(self) -> dict[str, object]:
        return {
            "schema": SCHEMA,
            "trigger": self.trigger,
            "captions": [_json(one) for one in self.captions],
            "problems": [*filter(None, [self.absent]), *self.problems],
            "unreadable": list(self.unreadable),
            "captioner": self.captioner,
            "trigger_score": asdict(self.trigger_score),
        }


def _json(one: Checked) -> dict[str, object]:
    spans = [{"start": span.start, "end": span.end, "text": span.text, "kind": span.kind} for span in one.spans]
    return {"file": one.file, "caption": one.caption, "spans": spans, "rewritten": one.rewritten,
            "problems": list(one.problems), "unjudged": one.unjudged}  # fmt: skip


def lint(source: Path, trigger: str, *, keep: Iterable[str] = (), drop: Iterable[str] = (), reads: Reads = "ai-toolkit",
         base: Path | None = None) -> Lint:  # fmt: skip
    """Every caption of a set, judged. `base`: a folder whose own tokenizers read the trigger, too.

    Raises FluxdiagError where there is no set or no trigger.
    """
    if not trigger.strip():
        raise FluxdiagError("the trigger is empty", do="Give --trigger the word that your captions use, such as MYCHAR01")
    captions = read_captions(source, trigger, reads)
    kept = (ALWAYS_KEPT | set(keep)) - set(drop)
    texts = [one.text for one in captions.found]
    names = [one.name for one in captions.found]
    judged = zip(_all_checked(names, texts, trigger, kept), captions.found, strict=True)
    checked = _as_a_set([replace(one, source=source) for one, source in judged], trigger)
    of_the_set = tuple(set_problems(texts, trigger, names))
    known = judge_trigger(trigger, base)
    told = captioner(texts)
    without = sum(MISSING in one.problems for one in checked)
    absent = nowhere(texts, trigger) if without > 1 and without == sum(bool(text.strip()) for text in texts) else None
    return Lint(trigger, checked, of_the_set, captions.problems, told, known, captions.tables, kept, captions.unread, absent)


def _as_a_set(each: Sequence[Checked], trigger: str) -> tuple[Checked, ...]:
    """A caption that says nothing of its language has that of the others."""
    reasons = of_a_set([one.unjudged for one in each], [one.caption for one in each], [one.spans for one in each], trigger)
    return tuple(
        one if why == one.unjudged else replace(one, unjudged=why, rewritten=one.caption)
        for one, why in zip(each, reasons, strict=True)
    )


def _all_checked(names: list[str], texts: list[str], trigger: str, kept: frozenset[str]) -> tuple[Checked, ...]:
    """Each by `check`; many are shared out over the processor's cores, as each is a matter of its own."""
    one = partial(check, trigger=trigger, kept=kept)
    if len(texts) >= MANY:
        try:
            with ProcessPoolExecutor(os.cpu_count()) as pool:
                return tuple(pool.map(one, names, texts, chunksize=CHUNK))
        except BrokenProcessPool:
            pass  # no further process may be started here: they are read one after another
    return tuple(map(one, names, texts))


def check(file: str, caption: str, trigger: str, kept: Iterable[str] = ALWAYS_KEPT) -> Checked:
    """One caption, as `fix` would leave it."""
    if (why := unjudged(caption, trigger)) is not None:
        return Checked(file, caption, (), caption, tuple(trigger_problems(caption, trigger)), why)
    misspelt = variants(caption, trigger)
    mended = spelled(caption, misspelt)
    spans = find_spans(mended, trigger)
    rewritten = with_trigger(without_appearance(mended, spans, kept), trigger)
    shown = tuple(_as_it_stood(one, caption, misspelt) for one in spans) if misspelt else spans
    return Checked(file, caption, shown, rewritten, (*trigger_problems(caption, trigger), *_unread(mended)))


def _unread(caption: str) -> list[str]:
    """An endless caption is judged by its beginning, and what is not judged is said."""
    if len(caption) <= LONGEST:
        return []
    return [f"{len(caption):,} characters, of which the first {LONGEST:,} were read: the base reads about 2,500"]


def _as_it_stood(span: Span, caption: str, misspelt: Sequence[Variant]) -> Span:
    """In the caption as its author wrote it."""
    start, end = (before_spelling(at, misspelt, is_end=at == span.end) for at in (span.start, span.end))
    return Span(start=start, end=end, text=caption[start:end], kind=span.kind)


def fix(result: Lint, out: Path, photos: Mapping[str, Path] | None = None) -> Path:
    """Writes the new captions and the page that shows both sides; returns the page. Goes on where the same call was stopped.

    `photos`: name below `out` -> photo of which a copy is to stand there, too (`photos_of`); a link that is cropped in place
    would take the original with it. Raises FluxdiagError, and writes nothing, where `out` holds anything else than this very
    call would write.
    """
    files = {out / name: content for name, content in _files(result).items()}
    beside = {out / name: photo for name, photo in (photos or {}).items()}
    _refuse_foreign(out, files, beside)
    for file, photo in beside.items():
        if not file.exists():
            write_bytes(file, photo.read_bytes())
    for file, content in files.items():
        write_text(file, content)
    return out / PAGE


def photos_of(source: Path, out: Path) -> dict[str, Path]:
    """Name below the set -> its photo, or a mask of one. Raises FluxdiagError for what is no folder, and for an `out` inside it:
    the copies would be part of the set."""
    if not source.is_dir():
        do = "Leave --with-photos out, or name the folder itself"
        raise FluxdiagError("only the photos of a folder can be put beside its captions", where=str(source), do=do)
    refuse_inside(source, out, "--out")
    folder = source.absolute()
    every = [*(one.image for one in captioned_images(source)), *masks(folder)]
    return {file.relative_to(folder).as_posix(): file for file in every}


def not_copied(source: Path) -> tuple[str, ...]:
    """Folders of ordinary people, of which `photos_of` takes none."""
    return tuple(f"{in_utf8(place.relative_to(source).as_posix())}/" for place in regularisation_folders(source))


def _files(result: Lint) -> dict[str, str]:
    """Name below the folder -> content: each caption where its like stood before, under the ending that its trainer reads, or
    in the list that it came from. Lines of one file stay one file; the page comes last."""
    texts: dict[Caption, list[str]] = {}
    for one in result.captions:
        if one.source is not None:
            texts.setdefault(replace(one.source, text=""), []).append(one.rewritten)
    files = {source.target: "\n".join(said) + "\n" for source, said in texts.items() if source.target is not None}
    new = {image: "\n".join(said) for source, said in texts.items() for image in source.images}
    return files | {name: table.rewritten(new) for name, table in result.tables if table.about(new)} | {PAGE: page_of(result)}


def _refuse_foreign(out: Path, files: Mapping[Path, str], photos: Mapping[Path, Path]) -> None:
    for file in (*files, *photos):
        if not file.resolve().is_relative_to(out.resolve()):
            where = in_utf8(os.path.relpath(file, out))
            raise FluxdiagError("a name that leads out of the set", where=where, do="Rename the file")
    known = {file: content.encode() for file, content in files.items()}
    there = [out] if out.is_file() else [file for file in out.rglob("*") if not file.is_dir()]
    others = [file for file in there if not (file in photos and filecmp.cmp(file, photos[file], shallow=False))]
    foreign = (file for file in others if file not in known or file.read_bytes() != known[file])
    if any(begun(file) not in {*files, *photos} for file in foreign):
        raise FluxdiagError("this folder is not empty", where=str(out), do="Name a new folder; nothing is ever overwritten")
