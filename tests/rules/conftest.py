"""One rule at a time, on evidence from a table: `judge("wrong-rank", {"setting.rank": 64, "bleed.class": (0.4, 0.35, 0.45)})`."""

from collections.abc import Callable

import pytest
from cases import Numbers, evidence_of

from fluxdiag.records import Match
from fluxdiag.registry import rules


@pytest.fixture
def judge() -> Callable[[str, Numbers], Match]:
    """Judge one cause only, so that a new rule never disturbs another's tables."""
    by_cause = {rule.cause: rule.judge for rule in rules()}
    return lambda cause, numbers: by_cause[cause](evidence_of(numbers))
