"""Tables of the page: every measurement by what it asks, the settings beside what is usual, the captions with what they name."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from fluxdiag.dataset.trigger import holds
from fluxdiag.records import Band, Case, Evidence, Measurement
from fluxdiag.registry import Instrument, instruments
from fluxdiag.reporting.words import last_part, pieces


@dataclass(frozen=True)
class Group:
    """One instrument's readings: what it asks, in its own words, then (key, measurement or the reason for none)."""

    about: str
    rows: tuple[tuple[str, Measurement | str], ...]


@dataclass(frozen=True)
class Caption:
    file: str
    pieces: list[tuple[str, str | None]]

    @property
    def described(self) -> bool:
        return any(kind is not None for _, kind in self.pieces)


@dataclass(frozen=True)
class Used:
    """A setting of the training and the band of this base; `found` is None where it is not known, with the reason."""

    name: str
    found: Measurement | None
    why_none: str
    band: Band

    @property
    def state(self) -> str:
        if self.found is None:
            return "unclear"
        return "yes" if self.band.low <= self.found.value <= self.band.high else "no"

    @property
    def word(self) -> str:
        if self.found is None:
            return "not known"
        return "below" if self.found.value < self.band.low else "above" if self.found.value > self.band.high else "usual"


def groups(evidence: Evidence) -> list[Group]:
    """Every measurement and every gap once; keys that no instrument of this version gives come last."""
    rows: dict[str, Measurement | str] = {**evidence.gaps, **evidence.measurements}
    found = [(_question(instrument), [key for key in instrument.gives if key in rows]) for instrument in instruments()]
    placed = {key for _, keys in found for key in keys}
    found.append(("From another version of fluxdiag", [key for key in rows if key not in placed]))
    return [Group(about, tuple((key, rows[key]) for key in keys)) for about, keys in found if keys]


def _question(instrument: Instrument) -> str:
    """The first paragraph of the instrument's file says what it asks."""
    return " ".join((sys.modules[instrument.measure.__module__].__doc__ or instrument.name).split("\n\n")[0].split())


def used_settings(evidence: Evidence) -> list[Used]:
    """For each band of the base's profile the setting that it is about."""
    keys = {name: f"setting.{name.replace('_', '-')}" for name in evidence.bands}
    return [
        Used(name.replace("_", " "), evidence.get(key), evidence.gaps.get(key, "it was not asked for"), evidence.bands[name])
        for name, key in keys.items()
    ]


def captions_of(case: Case) -> list[Caption]:
    captioned = ((photo, photo.caption) for photo in case.photos)
    return [Caption(last_part(photo.path), pieces(text, photo.appearance)) for photo, text in captioned if text is not None]


def called(case: Case) -> int | None:
    """In how many captions the trigger stands."""
    if case.trigger is None:
        return None
    return sum(holds(photo.caption, str(case.trigger.value)) for photo in case.photos if photo.caption is not None)
