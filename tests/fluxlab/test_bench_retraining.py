"""What training alone changes, told apart from what people and questions change."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import row

from fluxlab.bench.judging import Answer
from fluxlab.bench.retraining import retrained_of, spread_of

VALUES = st.floats(-10, 10, allow_nan=False)
GROUPS = st.lists(st.lists(VALUES, min_size=1, max_size=5), min_size=1, max_size=6)


def measured(values) -> list[dict]:
    return [{"k": (value, value - 1, value + 2, 4)} for value in values]


@given(GROUPS, VALUES)
def test_the_spread_is_the_pooled_deviation_and_ignores_how_people_differ(groups, shift):
    again = [group for group in groups if len(group) > 1]
    spread = spread_of("k", map(measured, groups))
    if not again:
        assert spread is None
        return
    freedom = sum(len(group) - 1 for group in again)
    pooled = sum((len(group) - 1) * statistics.variance(group) for group in again) / freedom
    assert spread.between == pytest.approx(pooled**0.5, abs=1e-6)
    assert spread.half_width == pytest.approx(1.5)
    assert (spread.loras, spread.people) == (sum(map(len, again)), len(again))
    moved = [[value + shift * at for value in group] for at, group in enumerate(groups)]
    assert spread_of("k", map(measured, moved)).between == pytest.approx(spread.between, abs=1e-6)


def test_a_training_without_the_measurement_counts_nowhere():
    spread = spread_of("k", [[*measured([1.0, 3.0]), {}], [*measured([5.0]), {}]])
    assert (spread.loras, spread.people) == (2, 1)
    assert spread.between == pytest.approx(2**0.5)


def answer(subject, seed, verdict="healthy", present=(), **changes) -> Answer:
    each = row("healthy", subject).model_copy(update={"subject": subject, "seed": seed, **changes})
    return Answer(each, "all", frozenset(), verdict, present, frozenset(), {})


def test_a_verdict_that_hangs_on_the_seed_is_counted_once_for_each_person():
    found = retrained_of([answer(1, 0), answer(1, 1, "undetermined"), answer(1, 2), answer(2, 0), answer(2, 1), answer(3, 0)])
    assert (found.changed.hits, found.changed.n) == (1, 2)
    assert found.spreads["identity.trigger"].people == 2


@pytest.mark.parametrize(
    "pair",
    [
        (answer(1, 0), answer(2, 0)),
        (answer(1, 0), answer(1, 0, probe_seeds=1000)),
        (answer(1, 0), answer(1, 1, planted="over")),
        (answer(1, 0), answer(1, 1, severity=0.5)),
    ],
    ids=["two people", "other questions", "another fault", "another severity"],
)
def test_only_the_same_training_twice_is_training_again(pair):
    assert retrained_of(pair) is None
