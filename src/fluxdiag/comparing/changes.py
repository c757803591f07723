"""Every measurement's change with an interval that knows that both runs answered the same prompts (`leaving_out`)."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from scipy import stats

from fluxdiag.comparing.leaving_out import without_each
from fluxdiag.comparing.records import Changed, State
from fluxdiag.instruments.better import BETTER, Way
from fluxdiag.instruments.statistics import share_difference_interval
from fluxdiag.instruments.tables import Tables
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
    """In the order of the instruments. Seconds: each prompt costs two measurements of what it touches."""
    keys = [key for one in instruments() for key in one.gives if key in then.measurements or key in now.measurements]
    left_out = without_each(before, after)
    return tuple(_changed(key, then, now, left_out.get(key, [])) for key in keys)


def _changed(key: str, then: Evidence, now: Evidence, left_out: list[float]) -> Changed:
    before, after = then.get(key), now.get(key)
    known = before or after
    assert known is not None
    said = {"key": key, "unit": known.unit, "way": BETTER.get(key), "before": before, "after": after}
    if before is None or after is None:
        side, evidence = ("before", then) if before is None else ("now", now)
        why = f"not measured {side}: {evidence.gaps.get(key, 'it was not asked for')}"
        return Changed.model_validate(said | {"change": None, "paired": False, "state": "unclear", "why": why})
    change, paired = change_of(before, after, left_out)
    state = state_of(change, BETTER.get(key))
    excuse = excuse_of(change, state, after, now)
    return Changed.model_validate(said | {"change": change, "paired": paired, "state": state, "excuse": excuse})


def change_of(before: Measurement, after: Measurement, left_out: Iterable[float]) -> tuple[Measurement, bool]:
    """After minus before, and whether it is paired. `left_out`: the same difference with each cluster left out."""
    value = after.value - before.value
    n = min(before.n, after.n)
    exact = before.low == before.high and after.low == after.high and n == 1
    if exact:
        return _measurement(before, value, 0.0, 1), True
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


def state_of(change: Measurement, way: Way | None) -> State:
    """What the interval says; `same` where it stays inside what another seed does."""
    up, down = change.low > 0, change.high < 0
    if way is None:
        return "moved" if up or down else "same" if change.low == change.high else "unclear"
    if up or down:
        return "better" if up == (way == "rise") else "worse"
    margin = MARGIN.get(change.unit, 0.0)
    return "same" if -margin <= change.low and change.high <= margin else "unclear"


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
    one seed made all pictures of a run. Two equal recipes differ for the worse by this in 2 of 100 pairs (simulated,
    docs/compare.md); by the interval over prompts alone in 2 of 3.
    """
    margin, level = MARGIN.get(change.unit, 0.0), 1 - 0.05 / len(JUDGED)
    if not margin or change.n < 2:
        return 0.0
    prompts = max(change.high - change.value, change.value - change.low) / float(stats.t.ppf(0.975, change.n - 1))
    return math.hypot(prompts * float(stats.t.ppf(level, change.n - 1)), margin * float(stats.norm.ppf(level)))
