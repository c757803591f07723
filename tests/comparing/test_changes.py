"""Changes and their intervals."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fluxdiag.comparing import changes
from fluxdiag.comparing.changes import JUDGED, RIGHT_SIDE, SEED, Pair, change_of, excuse_of, reach_of, state_of
from fluxdiag.comparing.pairs import PAIRED
from fluxdiag.instruments.better import BETTER
from fluxdiag.instruments.loss import gains
from fluxdiag.instruments.statistics import share_difference_interval, t_interval, welch_interval
from fluxdiag.instruments.tables import load_tables
from fluxdiag.prescribe import LINES
from fluxdiag.records import Evidence, Measurement
from fluxdiag.registry import instruments
from fluxdiag.reporting.previous import Changed as Beside


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
    lopsided = Measurement(key="x", value=0.5, low=0.2, high=0.51, n=3, unit="scale")
    assert change_of(lopsided, found(0.5, 0.4, n=3), [])[0].high == pytest.approx(np.hypot(0.3, 0.4))


def test_shares_that_all_agree_still_have_a_width():
    change, _ = change_of(found(0.0, unit="share"), found(0.0, unit="share"), [0.0] * 8)

    assert change.low < -0.1 < 0.1 < change.high
    alike = share_difference_interval(np.zeros(8))
    assert (change.low, change.high) == pytest.approx((alike.low, alike.high))


def test_where_shares_are_farther_apart_than_chance_allows_the_prompts_say_how_far():
    left_out = [0.0, 0.25, 0.5, 0.0, 0.5, 0.25, 0.0, 0.5]
    change, _ = change_of(found(0.0, unit="share"), found(0.25, unit="share"), left_out)
    spread = np.sum(np.square(np.array(left_out) - 0.25))
    assert change.high - change.value == pytest.approx(stats.t.ppf(0.975, 7) * np.sqrt(7 / 8 * spread))


def test_facts_are_exact():
    change, _ = change_of(found(1000, 0, n=1, unit="steps"), found(1500, 0, n=1, unit="steps"), [])

    assert (change.value, change.low, change.high, change.n) == (500, 500, 500, 1)


@pytest.mark.parametrize(
    ("low", "high", "way", "state"),
    [
        (0.1, 0.3, "rise", "better"),
        (0.1, 0.3, "fall", "worse"),
        (-0.3, -0.1, "fall", "better"),
        (-0.3, -0.1, "rise", "worse"),
        (-0.05, 0.05, "rise", "same"),  # inside what another seed does
        (-0.1, 0.1, "fall", "same"),
        (-0.11, 0.05, "rise", "unclear"),
        (-0.05, 0.11, "rise", "unclear"),
        (-0.3, 0.1, "rise", "unclear"),
        (0.1, 0.3, None, "moved"),
        (-0.3, -0.1, None, "moved"),
        (-0.05, 0.05, None, "unclear"),
        (0.0, 0.0, None, "same"),
    ],
)
def test_the_state_follows_from_the_interval(low, high, way, state):
    change = Measurement(key="x", value=(low + high) / 2, low=low, high=high, n=8, unit="scale")
    assert state_of(change, way) == state


@pytest.mark.parametrize(("half", "state"), [(0.1, "same"), (0.11, "unclear")])
@pytest.mark.parametrize("unit", ["scale", "share"])
def test_a_tenth_is_what_another_seed_does_to_a_likeness_and_to_a_share(unit, half, state):
    assert state_of(found(0.0, half, unit=unit), "rise") == state


def test_of_a_unit_whose_seeds_nobody_compared_only_nought_is_the_same():
    inside, nought = (found(0.0, half, unit="percent of base loss") for half in (0.05, 0.0))
    assert (state_of(inside, "rise"), state_of(nought, "rise")) == ("unclear", "same")


@pytest.mark.parametrize(
    ("key", "change", "after", "excuse"),
    [
        ("identity.trigger", -0.3, 0.8, RIGHT_SIDE),  # a loss where there is plenty
        ("identity.trigger", -0.3, 0.51, RIGHT_SIDE),
        ("identity.trigger", -0.3, 0.49, None),  # too near to its line of .45
        ("identity.trigger", -0.3, 0.4, None),
        ("identity.trigger", -0.09, 0.4, SEED),
        ("identity.trigger", -0.25, 0.4, SEED),  # once in ten measurements a seed moves one so far
        ("identity.trigger", -0.27, 0.4, None),
        ("bleed.class", 0.3, 0.44, RIGHT_SIDE),  # of .5, without references
        ("bleed.class", 0.3, 0.46, None),
        ("bleed.group", 0.3, 0.1, None),  # has no line
        ("bleed.group", 0.09, 0.1, SEED),
    ],
)
def test_a_loss_counts_only_where_it_is_felt(key, change, after, excuse):
    nothing = Evidence(measurements={}, gaps={})
    assert excuse_of(found(change, 0.01, key=key), "worse", found(after, key=key), nothing) == excuse


def test_what_became_clearly_better_or_is_not_clear_needs_no_excuse():
    nothing = Evidence(measurements={}, gaps={})
    assert excuse_of(found(0.3, 0.01), "better", found(0.8), nothing) is None
    assert excuse_of(found(0.05, 0.01), "better", found(0.8), nothing) == SEED
    assert excuse_of(found(0.05, 0.2), "unclear", found(0.8), nothing) is None


@pytest.mark.parametrize("judged", [1, len(JUDGED)])
def test_how_far_chance_gets_knows_of_prompts_and_seed_and_of_how_many_are_judged(judged, monkeypatch):
    monkeypatch.setattr(changes, "JUDGED", dict(list(JUDGED.items())[:judged]))
    seed_alone = 0.1 * stats.norm.ppf(1 - 0.05 / judged)
    assert reach_of(found(0.3, 0.0)) == pytest.approx(seed_alone)
    prompts = 0.1 * stats.t.ppf(1 - 0.05 / judged, 7) / stats.t.ppf(0.975, 7)
    assert reach_of(found(0.3, 0.1)) == pytest.approx(np.hypot(seed_alone, prompts))
    assert reach_of(found(0.3, 0.1, unit="percent of base loss")) == 0, "nobody compared its seeds"
    assert reach_of(found(500, 0.0, n=1, unit="scale")) == 0, "facts are exact"


@pytest.mark.parametrize(("truly", "least", "most"), [(0.0, 0.0, 0.05), (0.6, 0.9, 1.0)])
def test_two_equal_recipes_are_hardly_ever_told_apart_and_a_cure_is(truly, least, most):
    """Another seed shifts all prompts by .1, each prompt differs by .15; the demo's cure moves likeness by .6."""
    rng, told = np.random.default_rng(2), []
    for _ in range(200):
        states = []
        for _ in range(len(JUDGED) if not truly else 1):
            prompts = rng.normal(truly + rng.normal(0, 0.1), 0.15, 8)
            left_out = [np.delete(prompts, at).mean() for at in range(8)]
            change, _ = change_of(found(0.0), found(float(prompts.mean())), left_out)
            clear = abs(change.value) >= reach_of(change)
            states.append(state_of(change, "rise") if clear else "unclear")
        told.append(("worse" if not truly else "better") in states)
    assert least <= np.mean(told) <= most


def test_every_measurement_of_either_run_is_there_and_none_is_invented(compared, before, after):
    keys = {changed.key for changed in compared.changes}
    assert keys == set(before.evidence().measurements) | set(after.evidence().measurements)
    for changed in compared.changes:
        assert (changed.change is None) == (changed.before is None or changed.after is None)
        assert (changed.why is None) == (changed.change is not None)


@pytest.mark.parametrize("key", sorted(BETTER))
def test_each_direction_is_of_a_measurement_and_of_one_mind_with_what_is_promised(key):
    assert key in {key for one in instruments() for key in one.gives}
    assert key not in LINES or LINES[key][0] == BETTER[key]


@pytest.mark.parametrize("key", PAIRED)
@pytest.mark.parametrize("value", [-0.3, 0.3])
def test_the_page_beside_the_version_before_and_compare_call_the_same_things_better(key, value):
    change = found(value, key=key)
    here = {"better": "yes", "worse": "no"}[state_of(change, BETTER.get(key))]
    assert Beside(key, "", None, None, change).state == here


@pytest.mark.parametrize(
    ("n", "unit", "alike", "state"),
    [
        (6, "share", True, "unclear"),  # one prompt in three could answer otherwise
        (13, "share", True, "unclear"),
        (14, "share", True, "same"),
        (14, "share", False, "unclear"),  # gains and losses that cancel
    ],
)
def test_where_all_prompts_answer_alike_enough_of_them_are_known_to_be_the_same(n, unit, alike, state):
    assert state_of(found(0.0, 0.15, n=n, unit=unit), "rise", alike=alike) == state


def test_what_is_clear_is_not_the_same_however_alike():
    assert state_of(found(0.3, 0.1, n=14, unit="share"), "rise", alike=True) == "better"


@pytest.mark.parametrize("prompts", [6, 14, 32])
@pytest.mark.parametrize("truly", [(1.0, 0.8), (0.9, 0.7), (0.6, 0.4)])
def test_a_share_that_fell_by_a_fifth_is_hardly_ever_called_the_same(prompts, truly):
    rng, called = np.random.default_rng(3), []
    for _ in range(200):
        then, now = (rng.binomial(1, share, prompts).astype(float) for share in truly)
        left_out = [np.delete(now, at).mean() - np.delete(then, at).mean() for at in range(prompts)]
        one, other = (found(float(side.mean()), n=prompts, unit="share") for side in (then, now))
        change, _ = change_of(one, other, left_out)
        called.append(state_of(change, "rise", alike=not np.any(left_out)) == "same")
    assert np.mean(called) <= 0.05


def probed(tables, name: str, rng: np.random.Generator):
    """The run with losses of training photos with this name, whose gains differ by 3, and of the same held-out ones."""
    rows = [
        (photo, split, prompt, 0.5, 0, lora, 1 - lora * gain / 100)
        for split, count, mean in (("training", 12, 20), ("held-out", 8, 5))
        for photo in (f"{split}{at}{name if split == 'training' else ''}" for at in range(count))
        for prompt in ("trigger", "class")
        for gain in [mean + rng.normal(0, 3)]
        for lora in (False, True)
    ]
    losses = pd.DataFrame(rows, columns=["photo", "split", "prompt", "sigma", "noise", "lora", "loss"])
    return replace(tables, losses=losses.assign(face=losses["loss"], background=losses["loss"]))


def test_photos_of_one_run_alone_are_two_samples_and_not_called_paired(after):
    rng, tables = np.random.default_rng(6), load_tables(after)
    then, now = probed(tables, "a", rng), probed(tables, "b", rng)

    pair = Pair(then, now)

    found = {key: pair.change(key) for key in ("loss.binding", "loss.heldout-gain", "loss.gap", "loss.training-gain")}

    assert {key for key, (_, is_paired) in found.items() if is_paired} == {"loss.binding", "loss.heldout-gain"}
    gain, _ = found["loss.training-gain"]
    sides = [gains(side.losses, "loss")["training", "trigger"].to_numpy() for side in (now, then)]
    whole = welch_interval(*sides)
    assert gain.value == pytest.approx(whole.value)
    assert gain.high - gain.value == pytest.approx(
        (whole.high - whole.value) * stats.t.ppf(0.975, 11) / stats.t.ppf(0.975, _freedom(*sides))
    )


def _freedom(first: np.ndarray, second: np.ndarray) -> float:
    """Welch's, for two samples of one size."""
    variances = np.var(first, ddof=1), np.var(second, ddof=1)
    return (len(first) - 1) * sum(variances) ** 2 / sum(np.square(variances))
