"""The difference of two runs again and again, each time without one prompt or one probed photo: the delete-one jackknife.

Whatever an instrument computes (means, ratios, differences of two groups, on a scale that is itself estimated), each prompt
and each probed photo is left out of both runs in turn and the whole is measured again (Tukey 1958). Of a mean that gives exactly
the paired t-interval. No instrument has to know of it; one that read nothing of a prompt is not asked again without it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

import pandas as pd

from fluxdiag.instruments.parts import LOSSES, made_from
from fluxdiag.instruments.tables import Tables
from fluxdiag.measure import run_instrument
from fluxdiag.records import Measurement
from fluxdiag.registry import Instrument

Values = Mapping[str, float]


def without_each(instrument: Instrument, before: Tables, after: Tables) -> dict[str, list[float]]:
    """Key -> after minus before, once for each prompt or photo left out; NaN where it then cannot be measured."""
    found = (_without_photos if instrument.losses else _without_prompts)(instrument, before, after)
    return {key: [values.get(key, math.nan) for values in found] for key in instrument.gives}


def _without_prompts(instrument: Instrument, before: Tables, after: Tables) -> list[Values]:
    watched = Watched.of(before), Watched.of(after)
    whole = _difference(instrument, *watched)
    read = watched[0].read | watched[1].read

    def without(prompt: str) -> Values:
        return _difference(instrument, without_prompt(before, prompt), without_prompt(after, prompt)) if prompt in read else whole

    return [without(prompt) for prompt in sorted({*before.shots["prompt_id"], *after.shots["prompt_id"]})]


def _without_photos(instrument: Instrument, before: Tables, after: Tables) -> list[Values]:
    photos = _photos(before, after)
    return [_difference(instrument, without_photo(before, one), without_photo(after, one)) for one in photos]


def _difference(instrument: Instrument, before: Tables, after: Tables) -> Values:
    then, now = _values(instrument, before), _values(instrument, after)
    return {key: now[key] - then[key] for key in then if key in now}


def _values(instrument: Instrument, tables: Tables) -> Values:
    return {found.key: found.value for found in run_instrument(instrument, tables) if isinstance(found, Measurement)}


@dataclass(frozen=True)
class Watched(Tables):
    """The same tables, which note the prompts of every shot that is asked for."""

    read: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, tables: Tables) -> Watched:
        return cls(**{one.name: getattr(tables, one.name) for one in fields(tables)})

    def arm(self, name: str, *kinds: str, variant: str = "full") -> pd.DataFrame:
        found = super().arm(name, *kinds, variant=variant)
        self.read.update(found["prompt_id"])
        return found

    def has(self, name: str) -> bool:
        """Without one prompt of several there still is something; without the only one there is nothing."""
        made = self.shots.loc[(self.shots["arm"] == name) & (self.shots["variant"] == "full"), "prompt_id"].unique()
        self.read.update(made if len(made) == 1 else ())
        return super().has(name)


def without_prompt(tables: Tables, prompt_id: str) -> Tables:
    return replace(tables, shots=tables.shots[tables.shots["prompt_id"] != prompt_id])


def without_photo(tables: Tables, photo: str) -> Tables:
    return tables if tables.losses is None else replace(tables, losses=tables.losses[tables.losses["photo"] != photo])


def _photos(*runs: Tables) -> list[str]:
    """Photos that both runs probed come to be compared with themselves; the others stand alone.

    Each adds its own part of the variance, so that two runs of quite other photos get the interval of two samples (Welch 1947).
    """
    return sorted({str(photo) for tables in runs if tables.losses is not None for photo in tables.losses["photo"].unique()})


def of_same_photos(key: str, before: Tables, after: Tables) -> bool:
    """Whether both runs read this measurement from the same photos; so it is with all that no photo is probed for."""
    splits = {part.removeprefix(LOSSES).partition("/")[0] for part in made_from()[key] if part.startswith(LOSSES)}
    return all(_probed(before, split) == _probed(after, split) for split in splits)


def _probed(tables: Tables, split: str) -> set[str]:
    losses = tables.losses
    return set() if losses is None else set(losses.loc[losses["split"] == split, "photo"])
