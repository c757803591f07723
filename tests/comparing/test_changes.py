"""Changes and their intervals."""

import numpy as np
import pytest

from fluxdiag.comparing.changes import change_of, excuse_of, state_of
from fluxdiag.gating.regression import paired
from fluxdiag.instruments.statistics import t_interval
from fluxdiag.instruments.tables import load_tables
from fluxdiag.records import Evidence, Measurement


def found(value: float, half: float = 0.05, n: int = 8, key: str = "identity.trigger", unit: str = "scale") -> Measurement:
    return Measurement(key=key, value=value, low=value - half, high=value + half, n=n, unit=unit)


def test_of_a_mean_the_jackknife_is_the_paired_t_interval():
    rng = np.random.default_rng(4)
    old, new = rng.normal(0.3, 0.2, 9), rng.normal(0.5, 0.2, 9)
    left_out = [np.delete(new, i).mean() - np.delete(old, i).mean() for i in range(9)]

    change, is_paired = change_of(found(float(old.mean()), n=9), found(float(new.mean()), n=9), left_out)

    expected = t_interval(new - old)
    assert is_paired
    assert (change.value, change.low, change.high) == pytest.approx(expected[:3])


def test_prompts_that_a_measurement_does_not_use_count_nought():
    left_out = [0.15, 0.25, 0.2]
    without, _ = change_of(found(0.3, n=3), found(0.5, n=3), left_out)
    among_others, _ = change_of(found(0.3, n=3), found(0.5, n=3), left_out + [0.2] * 30)

    assert (among_others.low, among_others.high) == pytest.approx((without.low, without.high))


def test_where_too_few_are_left_the_interval_is_unpaired_and_wide():
    change, is_paired = change_of(found(0.3, 0.1, n=3), found(0.5, 0.1, n=3), [0.2, float("nan"), 0.2])

    assert not is_paired
    assert change.high - change.value == pytest.approx(0.1 * np.sqrt(2))


def test_shares_that_all_agree_still_have_a_width():
    change, _ = change_of(found(0.0, unit="share"), found(0.0, unit="share"), [0.0] * 8)

    assert change.low < -0.1 < 0.1 < change.high


def test_facts_are_exact():
    change, _ = change_of(found(1000, 0, n=1, unit="steps"), found(1500, 0, n=1, unit="steps"), [])

    assert (change.value, change.low, change.high) == (500, 500, 500)


@pytest.mark.parametrize(
    ("low", "high", "way", "state"),
    [
        (0.1, 0.3, "rise", "better"),
        (0.1, 0.3, "fall", "worse"),
        (-0.3, -0.1, "fall", "better"),
        (-0.05, 0.05, "rise", "same"),  # inside what another seed does
        (-0.3, 0.1, "rise", "unclear"),
        (0.1, 0.3, None, "moved"),
    ],
)
def test_the_state_follows_from_the_interval(low, high, way, state):
    change = Measurement(key="x", value=(low + high) / 2, low=low, high=high, n=8, unit="scale")
    assert state_of(change, way) == state


@pytest.mark.parametrize(
    ("change", "after", "excused"),
    [
        (-0.3, 0.8, True),  # a loss where there is plenty
        (-0.3, 0.4, False),  # below the line of .45
        (-0.05, 0.4, True),  # less than another seed does
    ],
)
def test_a_loss_counts_only_where_it_is_felt(change, after, excused):
    nothing = Evidence(measurements={}, gaps={})
    assert (excuse_of(found(change, 0.01), "worse", found(after), nothing) is not None) == excused


def test_every_measurement_of_either_run_is_there_and_none_is_invented(compared, before, after):
    keys = {changed.key for changed in compared.changes}
    assert keys == set(before.evidence().measurements) | set(after.evidence().measurements)
    for changed in compared.changes:
        assert (changed.change is None) == (changed.before is None or changed.after is None)
        assert (changed.why is None) == (changed.change is not None)


@pytest.mark.parametrize("key", ["identity.trigger", "trigger.effect", "bleed.class", "bleed.same-sex"])
def test_it_agrees_with_the_gate_that_pairs_prompt_by_prompt(compared, before, after, key):
    gate = paired(key, load_tables(after), load_tables(before))
    (own,) = [changed.change for changed in compared.changes if changed.key == key]

    assert own.value == pytest.approx(gate.value, abs=1e-9)
    # Here the scale is measured anew without each prompt, so that its own uncertainty counts too.
    assert 0.9 < (own.high - own.low) / (gate.high - gate.low) < 1.7
