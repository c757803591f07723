"""Evidence from a table: `judge("wrong-rank", {"setting.rank": 64, "bleed.class": (0.4, 0.35, 0.45)})`."""

from collections.abc import Callable, Mapping

import pytest

from fluxdiag.profiles import load_profile
from fluxdiag.records import Evidence, Match, Measurement
from fluxdiag.registry import rules

Numbers = Mapping[str, float | tuple[float, float, float]]


def evidence_of(numbers: Numbers) -> Evidence:
    """An exact fact is a number, an estimate is (value, low, high)."""
    intervals = {key: number if isinstance(number, tuple) else (number,) * 3 for key, number in numbers.items()}
    measurements = {key: Measurement(key=key, value=v, low=low, high=high, n=8) for key, (v, low, high) in intervals.items()}
    return Evidence(measurements=measurements, gaps={}, bands=load_profile("flux1-dev").bands)


@pytest.fixture
def judge() -> Callable[[str, Numbers], Match]:
    """Judge one cause only, so that a new rule never disturbs another's tables."""
    by_cause = {rule.cause: rule.judge for rule in rules()}
    return lambda cause, numbers: by_cause[cause](evidence_of(numbers))
