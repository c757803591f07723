"""Which photos are worth training on, by the audit: kept, left out and why, and what to photograph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fluxdiag.dataset.audit.files import names_of
from fluxdiag.profiles import Profile
from fluxdiag.records import Case, Photo


@dataclass(frozen=True)
class Curated:
    """`left_out`: name -> why; `wanted`: one line a kind of photo that the set lacks."""

    kept: tuple[Photo, ...]
    left_out: dict[str, str] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        out = tuple(f"left out: {name}: {why}" for name, why in self.left_out.items())
        return out + tuple(f"to photograph: {line}" for line in self.wanted)


def curated(case: Case, photos: Sequence[Photo], profile: Profile) -> Curated:
    """The audit of these photos. One that would leave nothing over is of no help: then all of them stay."""
    from fluxdiag.audit import Models, audit_case

    asked = case.model_copy(update={"photos": tuple(photos), "reference_source": "none"})
    found = audit_case(asked, Models.of(profile, case.base, case.face_pack)).audit
    names = set(found.keep)
    kept = tuple(photo for name, photo in zip(names_of(photos), photos, strict=True) if name in names)
    if not kept:
        return Curated(tuple(photos), wanted=found.shopping_list)
    return Curated(kept, found.left_out, found.shopping_list)
