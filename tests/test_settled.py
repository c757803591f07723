"""Stopping early: intervals as wide as a look must have them, and a verdict that stands all the same."""

import numpy as np
import pytest

from fluxdiag.records import Evidence, Measurement
from fluxdiag.settled import ERROR, LOOKS, settled, spent, widened

CLEAR = {
    "identity.ceiling": (0.85, 0.02),
    "identity.trigger": (0.75, 0.06),
    "trigger.effect": (0.55, 0.08),
    "bleed.class": (0.05, 0.05),
    "loss.gap": (18, 3),
    "loss.binding": (5, 1),
    "obedience.background": (0.0, 0.1),
    "obedience.outfit": (0.0, 0.1),
    "setting.rank": (16, 0),
}


def evidence(n: int, **changed: tuple[float, float]) -> Evidence:
    numbers = CLEAR | {key.replace("__", "."): interval for key, interval in changed.items()}
    found = {key: Measurement(key=key, value=v, low=v - half, high=v + half, n=n) for key, (v, half) in numbers.items()}
    return Evidence(measurements=found, gaps={})


def test_a_clear_verdict_settles_at_the_first_look():
    assert settled(evidence(4), 4)


def test_what_is_clear_by_a_hair_waits_for_more_prompts():
    near = {"identity__trigger": (0.56, 0.1)}
    assert not settled(evidence(4, **near), 4)
    assert settled(evidence(16, **near), 16)


def test_an_open_verdict_goes_on():
    assert not settled(evidence(4, identity__trigger=(0.46, 0.2)), 4)


def test_a_fault_whose_cause_is_still_divided_goes_on():
    divided = {"identity__trigger": (0.1, 0.02), "loss__gap": (11, 3), "setting__exposure-ratio": (1.0, 0)}
    assert not settled(evidence(4, **divided), 4)


def test_the_error_of_all_looks_together_is_what_is_allowed():
    assert sum(spent(look, LOOKS) for look in LOOKS) == pytest.approx(ERROR)
    assert all(spent(look, LOOKS) > 0.005 for look in LOOKS)


def test_looking_often_does_not_make_a_wrong_verdict_likelier():
    """Prompts of a LoRA exactly at a line: the share that is ever called clearly off it, over all looks."""
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(600):
        prompts = rng.normal(0, 1, 16)
        wrong += any(_clear(prompts[:look], spent(look, LOOKS)) for look in LOOKS)
    assert wrong / 600 <= ERROR + 0.02


def _clear(prompts, error: float) -> bool:
    from fluxdiag.instruments.statistics import t_interval

    interval = t_interval(prompts)
    one = Measurement(key="x", value=interval.value, low=interval.low, high=interval.high, n=interval.n)
    wide = widened(Evidence(measurements={"x": one}, gaps={}), error).measurements["x"]
    return wide.clearly_above(0) or wide.clearly_below(0)


def test_an_exact_fact_is_not_widened():
    facts = widened(evidence(4), 0.001).measurements
    assert facts["setting.rank"].low == facts["setting.rank"].high == 16
    assert facts["identity.trigger"].high > 0.75 + 0.06
