"""How the training photos spread over poses and backgrounds: a table of counts, from what gathering read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fluxdiag.dataset.audit.files import names_of
from fluxdiag.instruments.photos import FACES
from fluxdiag.instruments.tables import Tables
from fluxdiag.reporting.words import text

COLUMNS, ROWS = 7, 9
"""backgrounds and poses that have a column or row of their own; the rarer ones share one"""
OTHERS = "others"
NO_FACE = "no face found"
SHADES = 4


@dataclass(frozen=True)
class Row:
    pose: str
    counts: tuple[int, ...]
    """one for each column"""

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Scenes:
    """`columns` and `rows` begin with the commonest. `missing` says what was not judged, and why; no rows where nothing was."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    missing: tuple[str, ...] = ()
    labels: int = 0
    """backgrounds that a photo could be counted for"""
    gathered: int = 0
    """of them those that share the column of the others"""

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(column) for column in zip(*(row.counts for row in self.rows), strict=True))

    @property
    def photos(self) -> int:
        return sum(row.total for row in self.rows)

    @property
    def says(self) -> str:
        """The fullest cell: where all photos are alike it holds them all."""
        cells = [(count, row.pose, name) for row in self.rows for count, name in zip(row.counts, self.columns, strict=True)]
        count, pose, name = max(cells)
        filled = sum(count > 0 for count, *_ in cells)
        if filled == 1:
            return f"All {count} photos are “{pose}” before “{name}”."
        return f"{count} of {self.photos} photos are “{pose}” before “{name}”; {filled} of {len(cells)} cells hold a photo."

    def shade(self, count: int) -> int:
        """0 for none, else 1 to SHADES by the share of the fullest cell."""
        most = max((max(row.counts) for row in self.rows), default=0)
        return -(-count * SHADES // most) if most else 0


def scenes_of(tables: Tables) -> Scenes:
    photos = [photo for photo in tables.case.photos if photo.problem is None]
    if not photos:
        return Scenes(missing=(tables.case.gaps.get("photos", "no photo can be read"),))
    poses, backgrounds = _poses(tables), _backgrounds(tables)
    missing = tuple(found for found in (poses, backgrounds) if isinstance(found, str))
    if len(missing) == 2:
        return Scenes(missing=missing)
    named = dict(zip(names_of(tables.case.photos), tables.case.photos, strict=True))
    readable = {name: photo for name, photo in named.items() if photo.problem is None}
    rows = ["pose not judged" if isinstance(poses, str) else poses.get(name, NO_FACE) for name in readable]
    columns = [
        "background not judged" if isinstance(backgrounds, str) else backgrounds.get(photo.sha256, "not judged")
        for photo in readable.values()
    ]
    labels = 0 if isinstance(backgrounds, str) else len(tables.labels["background"][0])
    return _table(rows, columns, missing, labels)


def _table(rows: list[str], columns: list[str], missing: tuple[str, ...], labels: int) -> Scenes:
    """Each photo once: its row and its column."""
    shown, across = _commonest(rows, ROWS), _commonest(columns, COLUMNS)
    cells = Counter(
        (row if row in shown else OTHERS, column if column in across else OTHERS)
        for row, column in zip(rows, columns, strict=True)
    )
    return Scenes(
        columns=tuple(text(name, 60) for name in across),
        rows=tuple(Row(text(pose, 60), tuple(cells[pose, name] for name in across)) for pose in shown),
        missing=missing,
        labels=labels,
        gathered=len(set(columns) - set(across)),
    )


def _commonest(words: Iterable[str], room: int) -> list[str]:
    """The most frequent first; where there are more than there is room for, the last place is for all others."""
    ordered = [word for word, _ in sorted(Counter(words).items(), key=lambda one: (-one[1], one[0]))]
    return ordered if len(ordered) <= room else [*ordered[: room - 1], OTHERS]


def _poses(tables: Tables) -> dict[str, str] | str:
    """Photo's name -> shot type and camera angle, or why they are not known; without a face a photo has none."""
    audit = tables.audit
    if audit is None:
        return "Poses were not judged: the run was gathered before photos were audited"
    if FACES in audit.not_assessed:
        return f"Poses were not judged: {audit.not_assessed[FACES]}"
    angles = {name: angle for angle, names in audit.angles.items() for name in names}
    return {name: f"{shot}, {angles[name]}" for shot, names in audit.shots.items() for name in names if name in angles}


def _backgrounds(tables: Tables) -> dict[str, str] | str:
    """Digest of the photo -> the label that its CLIP embedding is nearest to, as `instruments/variety.py` counts them."""
    vectors = {key.removeprefix("photo:"): vector for key, vector in tables.clip.items() if key.startswith("photo:")}
    if not vectors:
        return f"Backgrounds were not judged: {tables.gather.gaps.get('clip', 'the run holds no CLIP embeddings of the photos')}"
    if "background" not in tables.labels:
        return "Backgrounds were not judged: the suite's prompts ask for none"
    words, labels = tables.labels["background"]
    return {digest: str(words[int((labels @ vector).argmax())]) for digest, vector in vectors.items()}
