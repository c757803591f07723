"""What the plots draw, read off the tables: one number a prompt, on the scale that the instruments use. Nothing is judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.likeness import Likeness, likeness
from fluxdiag.instruments.loss import gains
from fluxdiag.instruments.memory import nearness_by_prompt
from fluxdiag.instruments.statistics import Floats, Interval, leave_one_out, t_interval
from fluxdiag.instruments.tables import MEASURABLE, Tables
from fluxdiag.records import Measurement, Shot
from fluxdiag.suites import strength_factor

STRENGTH = re.compile(r"strength-[\d.]+")
"""variants of the adapter that change the strength alone"""
PEOPLE = ("person", "woman", "man", "group")
FEWEST = 3
"""prompts or photos, below which a mean has no interval worth drawing"""
FEWEST_PAIRS = 5
"""of seeds, below which their noise is not drawn"""
LOSS_COLUMNS = {"training": "training photos", "held-out": "photos never trained on"}


@dataclass(frozen=True)
class Person:
    """The run's tables with the likeness to the person, or None and why there is no such scale."""

    tables: Tables
    likeness: Likeness | None
    why_none: str = ""

    def by_prompt(self, arm: str, variant: str = "full", *, paired: bool = True) -> dict[str, float]:
        """Prompt -> likeness. Paired with the base's picture of the same prompt, as the measurements are, or above its mean."""
        if self.likeness is None or self.tables.arm(arm, variant=variant).empty:
            return {}
        person = self.likeness
        try:
            above = person.paired((arm,), ("base",), variant) if paired else person.cosines(arm, variant) - person.floor
            values = person.scale(above).dropna()
        except CannotMeasure:
            return {}
        return {str(prompt): float(value) for prompt, value in values.items()}

    def mean(self, key: str, arm: str, variant: str) -> Measurement | None:
        """Over the prompts, its interval as `identity.*` has it; None of too few."""
        values = self.by_prompt(arm, variant)
        if self.likeness is None or len(values) < FEWEST:
            return None
        return mean_of(key, values, self.likeness.interval(arm, variant))

    def by_shot(self, shots: tuple[Shot, ...]) -> dict[str, float]:
        """Shot id -> likeness of the single picture, 0 being the mean of the base's pictures."""
        if self.likeness is None:
            return {}
        drawn = (shot for shot in shots if shot.outcome in MEASURABLE and shot.kind in PEOPLE)
        seen = [shot for shot in drawn if shot.id in self.tables.faces]
        cosines = pd.Series({shot.id: self._cosine(shot) for shot in seen}, dtype=float)
        try:
            scaled = self.likeness.scale(cosines - self.likeness.floor).dropna()
        except CannotMeasure:
            return {}
        return {str(shot): float(value) for shot, value in scaled.items()}

    def _cosine(self, shot: Shot) -> float:
        """As the instruments have it: a single person's own face, in all other prompts the face most like the person."""
        assert self.likeness is not None
        faces = self.tables.faces[shot.id]
        toward = self.likeness.person_for(shot.prompt_id)
        return float((faces[:1] if shot.kind == "person" else faces).astype(float).dot(toward).max())

    def reference_range(self) -> tuple[float, float] | None:
        """How alike each reference photo is to the others, on the scale: lowest and highest. None without references."""
        if self.likeness is None or not self.likeness.by_references:
            return None
        cosines = pd.Series(leave_one_out(self.likeness.references) - self.likeness.floor)
        try:
            scaled = self.likeness.scale(cosines)
        except CannotMeasure:
            return None
        return float(scaled.min()), float(scaled.max())


def person_of(tables: Tables) -> Person:
    try:
        return Person(tables, likeness(tables))
    except CannotMeasure as shortfall:
        return Person(tables, None, str(shortfall))


@dataclass(frozen=True)
class Shift:
    """One prompt without and with the LoRA: likeness of the face in it that is most like the person."""

    prompt_id: str
    kind: str
    off: float
    on: float
    seeds: int = 1
    """pictures that `off` is the mean of"""


def shifts(likely: Mapping[str, float], shots: tuple[Shot, ...]) -> list[Shift]:
    """Where nobody called the person: the class word, then other people, the largest rise first. Means of the same seeds."""
    pairs = (("class", "base"), ("others", "others-base"))
    found = [shift for on, off in pairs for shift in _shifts(likely, shots, on, off)]
    return sorted(found, key=lambda shift: (shift.kind != "person", shift.kind, shift.off - shift.on, shift.prompt_id))


def noise_of_seeds(likely: Mapping[str, float], shots: tuple[Shot, ...]) -> float | None:
    """How far two pictures of one prompt without the LoRA lie apart in 19 of 20 pairs; None with fewer than FEWEST_PAIRS.

    Of means of k seeds it is sqrt(k) times less.
    """
    seeds: dict[tuple[str, str], list[float]] = {}
    for shot in shots:
        if shot.arm in ("base", "others-base") and shot.id in likely:
            seeds.setdefault((shot.arm, shot.prompt_id), []).append(likely[shot.id])
    apart = [abs(one - other) for values in seeds.values() for one, other in combinations(values, 2)]
    return float(np.quantile(apart, 0.95)) if len(apart) >= FEWEST_PAIRS else None


def _shifts(likely: Mapping[str, float], shots: tuple[Shot, ...], on: str, off: str) -> list[Shift]:
    rows = [(s.prompt_id, s.kind, s.arm, likely[s.id]) for s in shots if s.arm in (on, off) and s.id in likely]
    if not rows:
        return []
    table = pd.DataFrame(rows, columns=["prompt", "kind", "arm", "likeness"])
    means = table.pivot_table(index=["kind", "prompt"], columns="arm", values="likeness").reindex(columns=[off, on]).dropna()
    counts = table[table["arm"] == off].groupby(["kind", "prompt"]).size()
    places = [(str(kind), str(prompt)) for kind, prompt in means.index.to_list()]
    pairs = zip(places, means[off], means[on], strict=True)
    return [
        Shift(prompt, kind, float(before), float(after), int(counts[kind, prompt])) for (kind, prompt), before, after in pairs
    ]


def nearest_photos(tables: Tables) -> list[Shift]:
    """Prompt -> CLIP cosine to the training photo that is nearest, as `leak.nearest` takes it; the largest rise first."""
    photos = tables.photos()
    if not len(photos):
        return []
    on, off = (nearness_by_prompt(tables, arm, photos) for arm in ("trigger", "base"))
    both = [Shift(str(prompt), "person", float(off[prompt]), float(on[prompt])) for prompt in on.index if prompt in off.index]
    return sorted(both, key=lambda shift: (shift.off - shift.on, shift.prompt_id))


def likeness_at_strengths(person: Person, arm: str) -> list[tuple[float, Measurement]]:
    """(strength, mean likeness of the arm's pictures), ascending; only strengths at which pictures were drawn."""
    own, drawn = person.tables.case.strength, _variants(person.tables, arm)
    factors = {name: strength_factor(name) for name in drawn if name == "full" or STRENGTH.fullmatch(name)}
    found = [(factor * own, person.mean(f"strength {factor * own:g}", arm, name)) for name, factor in factors.items() if factor]
    return [(strength, mean) for strength, mean in sorted(found, key=lambda one: one[0]) if mean is not None]


def likeness_of_edits(person: Person, arm: str) -> list[tuple[str, Measurement]]:
    """(what was done to the file, mean likeness): a lower rank, blocks switched off."""
    names = [name for name in _variants(person.tables, arm) if name != "full" and not STRENGTH.fullmatch(name)]
    found = [(name, person.mean(name, arm, name)) for name in names]
    return [(name, mean) for name, mean in found if mean is not None]


def _variants(tables: Tables, arm: str) -> list[str]:
    return [str(name) for name in tables.shots.loc[tables.shots["arm"] == arm, "variant"].unique()]


def gains_by_noise(tables: Tables) -> dict[str, list[tuple[float, Measurement]]]:
    """Split -> (sigma, gain in percent of the base's loss) under the trigger; photos are the clusters."""
    if tables.losses is None:
        return {}
    found: dict[str, list[tuple[float, Measurement]]] = {}
    for sigma, losses in tables.losses.groupby("sigma"):
        for split in LOSS_COLUMNS:
            whole = gains(losses, "loss")
            wanted = (whole.index.get_level_values("split") == split) & (whole.index.get_level_values("prompt") == "trigger")
            photos = whole[wanted].dropna()
            if len(photos) >= FEWEST:
                values = {str(photo): float(value) for photo, value in photos.droplevel(["split", "prompt"]).items()}
                found.setdefault(split, []).append((float(sigma), mean_of(f"{split} {sigma}", values)))  # type: ignore[arg-type]
    return found


def widths(values: Mapping[str, float]) -> list[tuple[int, float]]:
    """(prompts, half the width of the interval) for the first 3, 4, ... prompts: are there enough of them?"""
    ordered = np.array(list(values.values()), dtype=float)
    looks = [(count, t_interval(ordered[:count])) for count in range(FEWEST, len(ordered) + 1)]
    return [(count, (look.high - look.low) / 2) for count, look in looks]


def mean_of(key: str, values: Mapping[str, float], interval: Callable[[Floats], Interval] = t_interval) -> Measurement:
    found = interval(np.array(list(values.values()), dtype=float))
    return Measurement(key=key, unit="scale", **found._asdict())
