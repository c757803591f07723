"""The set as checks see it: photos in order with all that was read of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

from fluxdiag.dataset.audit.records import Angle, PhotoFace, PhotoFaces, PhotoFacts, ShotType, Variety
from fluxdiag.dataset.duplicates import groups
from fluxdiag.records import Severity

SHOTS: dict[ShotType, float] = {"full body": 0.0, "cowboy": 0.17, "portrait": 0.35, "close-up": 0.54}
"""least share of the picture's height that the head takes. An adult is 7.5 heads tall (Loomis), so head to toe with a margin
is below .17; waist up shows some 4, shoulders up 2 to 2.5. In the laboratory, whose framings are known, it names 146 of 152
rightly"""
ANGLES: dict[Angle, float] = {"front": 0.0, "three-quarter": 0.12, "profile": 0.35}
"""least offset of the nose over the distance of the eyes: about 15 and 38 degrees for a nose that stands 0.45 eye distances
out; beyond the last, likeness cannot be measured (docs/faces.md)"""
MEASURABLE = ("ok", "several")
UNLISTED = ("Cc", "Cs", "Zl", "Zp")
"""Unicode's categories; joiners of emoji and macOS's narrow spaces are not among them"""


@dataclass(frozen=True)
class Seen:
    """One photo. `name` is its path inside the set; `faces` is None where nobody looked for faces."""

    name: str
    path: Path
    facts: PhotoFacts
    faces: PhotoFaces | None = None

    @property
    def listable(self) -> bool:
        """Whether a list of names, a line each, can hold its name: no control character, line end or byte that is no UTF-8."""
        inside = self.path.parts[-len(Path(self.name).parts) :]
        return not any(category(c) in UNLISTED for c in "".join((self.name, *inside)))

    @property
    def face(self) -> PhotoFace | None:
        """The person's: the largest."""
        return self.faces.faces[0] if self.faces is not None and self.faces.faces else None

    @property
    def shot(self) -> ShotType | None:
        face = self.face
        return None if face is None else [name for name, least in SHOTS.items() if face.share >= least][-1]

    @property
    def angle(self) -> Angle | None:
        face = self.face
        return None if face is None else [name for name, least in ANGLES.items() if face.yaw >= least][-1]

    @property
    def embedding(self) -> NDArray[np.float32] | None:
        """Of the person's face where it can be measured."""
        if self.faces is None or self.faces.outcome not in MEASURABLE or self.face is None or not self.face.embedding:
            return None
        return np.frombuffer(bytes.fromhex(self.face.embedding), dtype=np.float32)


@dataclass(frozen=True)
class PhotoSet:
    photos: tuple[Seen, ...]
    """those that can be read"""
    broken: tuple[Seen, ...] = ()
    said: tuple[tuple[str, str, str], ...] = ()
    """(file, kind, what is wrong) of what is no photo"""
    captions: tuple[tuple[str, str], ...] = ()
    """(file, what is wrong with its caption)"""
    described: tuple[int, int] = (0, 0)
    """captions that describe the person, and captions that could be judged"""
    seen_trigger: str = ""
    """why the base may know the trigger; empty where nothing says so"""
    resolution: int = 1024
    variety: tuple[Variety, ...] = ()
    alike: tuple[tuple[int, int], ...] = ()
    """rows of `photos` that embeddings call the same picture, where there are any"""
    unread: Mapping[str, str] = field(default_factory=dict)
    """faces, clip, trigger, captions -> why nothing read them"""

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Rows of `photos` that show the same picture."""
        return groups([photo.facts.fingerprint for photo in self.photos if photo.facts.fingerprint is not None], self.alike)

    @property
    def distinct(self) -> int:
        return len(self.photos) - sum(len(group) - 1 for group in self.groups)

    @property
    def measured(self) -> tuple[list[int], list[NDArray[np.float32]], list[list[int]]]:
        """Rows of `photos` whose face can be measured, those faces, and which of them, counted among these, show the same
        picture."""
        found = {row: face for row, photo in enumerate(self.photos) if (face := photo.embedding) is not None}
        places = {row: at for at, row in enumerate(found)}
        same = [[places[row] for row in group if row in places] for group in self.groups]
        return list(found), list(found.values()), same

    @property
    def faced(self) -> tuple[Seen, ...]:
        return tuple(photo for photo in self.photos if photo.faces is not None)


Found = Iterator[tuple[tuple[str, ...], str]]
"""(files, what is wrong with them); no files for the set as a whole"""


@dataclass(frozen=True)
class Check:
    """`drops`: a photo that it names does not go onto the curated list. `needs`: what has to have been read."""

    name: str
    title: str
    severity: Severity
    why: str
    do: str
    needs: str | None
    drops: bool
    find: Callable[[PhotoSet], Found]
