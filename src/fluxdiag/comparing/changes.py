"""Every measurement's change with an interval that knows that both runs answered the same prompts (`pairs`, `leaving_out`)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import stats

from fluxdiag.comparing.leaving_out import of_same_photos, without_each
from fluxdiag.comparing.pairs import pairable, paired, same_pictures, side_by_side
from fluxdiag.comparing.records import Changed, State
from fluxdiag.instruments.better import BETTER, Way
from fluxdiag.instruments.parts import LOSSES, made_from
from fluxdiag.instruments.statistics import share_difference_interval
from fluxdiag.instruments.tables import Tables
from fluxdiag.measure import measured
from fluxdiag.prescribe import LINES
from fluxdiag.records import Evidence, Measurement
from fluxdiag.registry import instruments

MARGIN = {"scale": 0.1, "share": 0.1}
"""by unit: training with another seed alone moves likeness by about so much (SceneWorks, sc-6541)"""
JUDGED = {
    "identity.trigger": "likeness with the trigger",
    "consistency.trigger": "the same person each time",
    "trigger.effect": "what the trigger adds",
    "bleed.class": "the face under the class word",
    "bleed.same-sex": "the face in others of the same sex",
    "bleed.other-sex": "the face in the other sex",
    "bleed.group": "the face in groups",
    "obedience.background": "backgrounds as asked",
    "obedience.outfit": "outfits as asked",
    "faces.measurable.trigger": "pictures with a face in them",
}
"""what a user sees in the pictures, in words; the rest explains. Each of them is one more chance of being misled"""
SEED, RIGHT_SIDE = "another seed could do as much", "still on the right side of its line"


def changes(before: Tables, after: Tables, then: Evidence, now: Evidence) -> tuple[Changed, ...]:
    """In the order of the instruments. Seconds: each prompt costs two measurements of what it touches.

    `then` and `now` are the runs' own numbers and stand beside the change, which is of what both have in common.
    """
    keys = [key for one in instruments() for key in one.gives if key in then.measurements or key in now.measurements]
    pair = Pair(*side_by_side(before, after))
    return tuple(_changed(key, then, now, pair) for key in keys)


def _changed(key: str, then: Evidence, now: Evidence, pair: Pair) -> Changed:
    before, after = then.get(key), now.get(key)
    known = before or after
    assert known is not None
    said = {"key": key, "unit": known.unit, "way": BETTER.get(key), "before": before, "after": after}
    if before is None or after is None:
        side, evidence = ("before", then) if before is None else ("now", now)
        why = f"not measured {side}: {evidence.gaps.get(key, 'it was not asked for')}"
        return Changed.model_validate(said | {"change": None, "paired": False, "state": "unclear", "why": why})
    change, is_paired = pair.change(key)
    if isinstance(change, str):
        return Changed.model_validate(said | {"change": None, "paired": False, "state": "unclear", "why": change})
    state = state_of(change, BETTER.get(key), alike=change.unit == "share" and pair.answered_alike(key))
    excuse = excuse_of(change, state, after, now)
    return Changed.model_validate(said | {"change": change, "paired": is_paired, "state": state, "excuse": excuse})


@dataclass(frozen=True)
class Pair:
    """Both runs with what they have in common (`side_by_side`)."""

    before: Tables
    after: Tables
    _left_out: dict[str, list[float]] = field(default_factory=dict)
    """key -> the difference without each prompt or photo, as far as it was asked for"""

    def change(self, key: str) -> tuple[Measurement | str, bool]:
        """After minus before, or why there is no such number, and whether each prompt or photo was compared with itself."""
        if key in self._pairable:
            return paired(key, self.after, self.before), True
        sides = [evidence.get(key) for evidence in self._evidence]
        if sides[0] is None or sides[1] is None:
            gaps = (evidence.gaps.get(key) for evidence in self._evidence)
            return f"of what both runs show: {next(why for why in gaps if why is not None)}", False
        change, is_paired = change_of(sides[0], sides[1], self.left_out(key), same=self._same and _in_pictures(key))
        return change, is_paired and of_same_photos(key, self.before, self.after)

    def answered_alike(self, key: str) -> bool:
        """Whether no prompt answered otherwise. Of means: those without each are then the same in both runs, to the last bit."""
        differences = self.left_out(key)
        return len(differences) > 0 and not np.any(differences)

    def left_out(self, key: str) -> list[float]:
        if key not in self._left_out:
            (instrument,) = (one for one in instruments() if key in one.gives)
            self._left_out.update(without_each(instrument, self.before, self.after))
        return self._left_out[key]

    @cached_property
    def _evidence(self) -> tuple[Evidence, Evidence]:
        return measured(self.before), measured(self.after)

    @cached_property
    def _pairable(self) -> tuple[str, ...]:
        return pairable(self.before, self.after)

    @cached_property
    def _same(self) -> bool:
        return same_pictures(self.before, self.after)


def _in_pictures(key: str) -> bool:
    return not any(part.startswith(LOSSES) for part in made_from()[key])


def change_of(
    before: Measurement, after: Measurement, left_out: Iterable[float], *, same: bool = False
) -> tuple[Measurement, bool]:
    """After minus before, and whether it is paired. `left_out`: the same difference with each cluster left out.

    `same`: both are of the very same pictures, so that no other answer was to be had.
    """
    value = after.value - before.value
    n = min(before.n, after.n)
    exact = before.low == before.high and after.low == after.high and n == 1
    if exact or (same and value == 0):  # nearness to training photos may have changed without a picture
        return _measurement(before, value, 0.0, n), True
    differences = np.asarray(list(left_out), dtype=np.float64)
    if not len(differences) or not np.isfinite(differences).all():
        half = math.hypot(*(max(found.high - found.value, found.value - found.low) for found in (before, after)))
        return _measurement(before, value, half, n), False
    # Deviations from the whole and not from their mean: a cluster that this measurement does not use then counts nought.
    variance = (n - 1) / n * float(np.sum(np.square(differences - value)))
    half = float(stats.t.ppf(0.975, n - 1)) * math.sqrt(variance)
    if before.unit == "share" and abs(value) <= 1:
        half = max(half, _least_of_shares(value, n))
    return _measurement(before, value, half, n), True


def _least_of_shares(value: float, n: int) -> float:
    """Half a width below which an interval of shares would be claiming too much: clusters that all agree still are few."""
    agreeing = share_difference_interval(np.full(n, value))
    return max(agreeing.high - value, value - agreeing.low)


def _measurement(like: Measurement, value: float, half: float, n: int) -> Measurement:
    return like.model_copy(update={"value": value, "low": value - half, "high": value + half, "n": n})


def state_of(change: Measurement, way: Way | None, *, alike: bool = False) -> State:
    """What the interval says; `same` where it stays inside what another seed does.

    Of a share also where enough prompts answered `alike`.
    """
    up, down = change.low > 0, change.high < 0
    if way is None:
        return "moved" if up or down else "same" if change.low == change.high else "unclear"
    if up or down:
        return "better" if up == (way == "rise") else "worse"
    return "same" if inside(change) or (alike and _enough(change)) else "unclear"


def inside(change: Measurement) -> bool:
    """Whether the whole interval lies within what another seed does."""
    margin = MARGIN.get(change.unit, 0.0)
    return -margin <= change.low and change.high <= margin


def _enough(alike: Measurement) -> bool:
    """Whether so many prompts that answered alike make a share known: from 14.

    Had more than so many of all prompts answered otherwise, n of them would have been alike once in twenty times at most. A share
    moves by no more than that, and twice the margin is less than what is ever called clear (`reach_of`).
    """
    otherwise: float = 1 - 0.05 ** (1 / alike.n)
    return otherwise <= 2 * MARGIN["share"]


def excuse_of(change: Measurement, state: State, after: Measurement, now: Evidence) -> str | None:
    """Why a clear change decides nothing: another seed could have made it, or it is a loss where there is plenty."""
    if state not in ("better", "worse"):
        return None
    if abs(change.value) < reach_of(change):
        return SEED
    if state == "better" or change.key not in LINES:
        return None
    way, line_of = LINES[change.key]
    line = line_of(now)
    right = after.clearly_above(line) if way == "rise" else after.clearly_below(line)
    return RIGHT_SIDE if right else None


def reach_of(change: Measurement) -> float:
    """How far chance gets: prompts and seed together, with one chance in twenty of a loss in any of all that is judged.

    The seed's part is taken as normal with the margin for its standard deviation: no prompt left out tells anything of it, for
    one seed made all pictures of a run. Two equal recipes differ for the worse by this in 2 of 100 pairs
    (tests/simulate_comparisons.py); by the interval over prompts alone in 3 of 4.
    """
    margin, level = MARGIN.get(change.unit, 0.0), 1 - 0.05 / len(JUDGED)
    if not margin or change.n < 2:
        return 0.0
    prompts = max(change.high - change.value, change.value - change.low) / float(stats.t.ppf(0.975, change.n - 1))
    return math.hypot(prompts * float(stats.t.ppf(level, change.n - 1)), margin * float(stats.norm.ppf(level)))
