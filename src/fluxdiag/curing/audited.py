"""Which photos are worth training on, by the audit: kept, left out and why, and what to photograph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fluxdiag.dataset.audit.files import names_of
from fluxdiag.profiles import Profile
from fluxdiag.records import Case, Photo

WORST = ("other-person", "unreadable", "blank")
"""checks of which a photo teaches somebody else or nothing, whatever is prescribed"""
TOLD = 10
"""photos of one kind in what is said"""


@dataclass(frozen=True)
class Curated:
    """`left_out`: name -> why; `doubted`: the same of photos that stay; `wanted`: one line a kind of photo that the set lacks."""

    kept: tuple[Photo, ...]
    left_out: dict[str, str] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()
    doubted: dict[str, str] = field(default_factory=dict)
    worst: frozenset[str] = frozenset()
    """names among those left out"""
    unseen: str | None = None
    """why nobody looked for somebody else"""

    @property
    def remarks(self) -> tuple[str, ...]:
        out = tuple(f"left out: {name}: {why}" for name, why in self.left_out.items())
        doubted = [f"trained on, though the audit would leave it out: {name}: {why}" for name, why in self.doubted.items()]
        more = [f"and {len(doubted) - TOLD} more; `fluxdiag dataset audit` names them all"] if len(doubted) > TOLD else []
        unseen = [f"whether somebody else is in the photos was not looked at: {self.unseen}"] if self.unseen else []
        return (*out, *doubted[:TOLD], *more, *unseen, *(f"to photograph: {line}" for line in self.wanted))

    def only_the_worst(self, photos: Sequence[Photo]) -> Curated:
        """Of the same photos: the others that the audit would leave out stay, and are told."""
        kept = tuple(photo for name, photo in zip(names_of(photos), photos, strict=True) if name not in self.worst)
        out = {name: why for name, why in self.left_out.items() if name in self.worst}
        doubted = {name: why for name, why in self.left_out.items() if name not in self.worst}
        return replace(self, kept=kept, left_out=out, doubted=self.doubted | doubted)

    def none(self, photos: Sequence[Photo]) -> Curated:
        """All of the photos stay."""
        return replace(self, kept=tuple(photos), left_out={}, doubted=self.doubted | self.left_out)


def curated(case: Case, photos: Sequence[Photo], profile: Profile) -> Curated:
    """The audit of these photos. One that would leave nothing over is of no help: then all of them stay. Nor is a face pack that
    is gone since the report a reason not to train."""
    from fluxdiag.audit import Models, audit_case

    asked = case.model_copy(update={"photos": tuple(photos), "reference_source": "none"})
    found = audit_case(asked, replace(Models.of(profile, case.base, case.face_pack), chosen=False)).audit
    names = set(found.keep)
    kept = tuple(photo for name, photo in zip(names_of(photos), photos, strict=True) if name in names)
    worst = frozenset(name for one in found.findings if one.check in WORST for name in one.files)
    unseen = found.not_assessed.get("other-person")
    whole = Curated(kept, found.left_out, found.shopping_list, worst=worst, unseen=unseen)
    return whole if kept else whole.none(photos)
