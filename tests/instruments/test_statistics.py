"""Every statistic against a second implementation and against what must hold for any numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from fluxdiag.instruments import statistics

VALUES = arrays(np.float64, st.integers(2, 12), elements=st.floats(-1, 1))
SHARES = arrays(np.float64, st.integers(1, 12), elements=st.floats(0, 1))


def unit_vectors(rows: int, dim: int, seed: int) -> np.ndarray:
    return statistics.unit(np.random.default_rng(seed).normal(size=(rows, dim)))


@given(arrays(float, st.integers(2, 30), elements=st.floats(-1e3, 1e3)))
def test_the_jackknife_of_a_mean_is_the_t_interval(values):
    left_out = np.array([np.delete(values, at).mean() for at in range(len(values))])
    found = statistics.jackknife_interval(float(values.mean()), left_out)
    assert found == pytest.approx(statistics.t_interval(values), abs=1e-6)


def test_the_jackknife_covers_where_clusters_share_their_centroid():
    """One person of varying strength in each prompt, two seeds; a t-interval over the prompts' values does not cover."""
    covered = {name: np.mean([low <= SAMENESS[0] <= high for low, high in found]) for name, found in SAMENESS[1].items()}
    assert covered["jackknife"] > 0.9
    assert covered["t"] < 0.85


def _sameness(strength=0.35, spread=0.2, prompts=4, seeds=2, times=400):
    """The mean over the times, and the intervals that each way gives."""
    rng = np.random.default_rng(0)
    values, found = [], {"jackknife": [], "t": []}
    for _ in range(times):
        there = np.repeat(np.clip(strength + spread * rng.normal(size=prompts), 0.02, 0.98), seeds)[:, None]
        noise = rng.normal(size=(prompts * seeds, 128))
        noise[:, 0] = 0
        faces = np.sqrt(1 - there**2) * statistics.unit(noise)
        faces[:, :1] += there
        names = np.repeat(np.arange(prompts), seeds), np.tile(np.arange(seeds), prompts)
        by_prompt = statistics.leave_kin_out(faces, *names).reshape(prompts, seeds).mean(1)
        less = [names[0] != each for each in range(prompts)]
        left_out = np.array([statistics.leave_kin_out(faces[kept], *(name[kept] for name in names)).mean() for kept in less])
        values.append(by_prompt.mean())
        found["jackknife"].append(statistics.jackknife_interval(values[-1], left_out)[1:3])
        found["t"].append(statistics.t_interval(by_prompt)[1:3])
    return float(np.mean(values)), found


SAMENESS = _sameness()


@given(arrays(float, st.integers(2, 12), elements=st.floats(-1, 1)), arrays(float, st.integers(2, 9), elements=st.floats(-1, 1)))
def test_what_was_held_against_the_same_photos_adds_their_chance(values, left_out):
    found, plain = statistics.held_against(values, left_out), statistics.t_interval(values)
    own = stats.sem(values) ** 2
    shared = sum((one - np.mean(left_out)) ** 2 for one in left_out) * (len(left_out) - 1) / len(left_out)
    half = 0.0
    if own + shared > 0:
        freedom = (own + shared) ** 2 / (own**2 / (len(values) - 1) + shared**2 / (len(left_out) - 1) or np.nan)
        half = stats.t.ppf(0.975, freedom) * np.sqrt(own + shared) if np.isfinite(freedom) else 0.0
    assert (found.value, found.n) == (plain.value, plain.n)
    assert found.high - found.value >= (plain.high - plain.value) * (1 - 1e-12)
    assert found.high - found.value == pytest.approx(max(half, plain.high - plain.value), rel=1e-6, abs=1e-9)
    assert found.value - found.low == pytest.approx(found.high - found.value, abs=1e-9)
    alike = np.full(len(left_out), 0.5)
    assert statistics.held_against(values, alike) == pytest.approx(plain, abs=1e-9)


def test_a_likeness_covers_the_truth_only_with_the_chance_of_the_photos():
    """Ten prompts on a scale that five photos make: the mean of the ones over the mean of the others, .6 in truth."""
    rng, held, given_photos = np.random.default_rng(3), 0, 0
    for _ in range(600):
        prompts, photos = rng.normal(0.6, 0.1, 10), rng.normal(1, 0.15, 5)
        left_out = np.array([prompts.mean() / np.delete(photos, one).mean() for one in range(5)])
        _, low, high, _ = statistics.held_against(prompts / photos.mean(), left_out)
        held += low <= 0.6 <= high
        _, low, high, _ = statistics.t_interval(prompts / photos.mean())
        given_photos += low <= 0.6 <= high
    assert held > 0.93 * 600
    assert given_photos < 0.9 * 600


@given(st.floats(0.01, 1e6) | st.integers(1, 400))
def test_points_of_students_t_are_those_of_scipy_stats(freedom):
    assert statistics.t95(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-12)


def test_the_point_of_the_normal_distribution_is_that_of_scipy_stats():
    assert pytest.approx(stats.norm.ppf(0.975), abs=1e-12) == statistics.Z95


@given(VALUES)
def test_t_interval_agrees_with_scipy(values):
    found = statistics.t_interval(values)
    assert found.n == len(values)
    if np.std(values) > 1e-6:
        expected = stats.ttest_1samp(values, 0).confidence_interval()
        assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-9)


def test_t_interval_refuses_a_single_cluster():
    with pytest.raises(ValueError, match="two clusters"):
        statistics.t_interval(np.array([0.5]))


def test_t_interval_covers_the_truth_as_often_as_it_says():
    draws = np.random.default_rng(1).normal(0.4, 0.18, size=(2000, 8))
    covered = [low <= 0.4 <= high for _, low, high, _ in map(statistics.t_interval, draws)]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


@given(VALUES, VALUES)
def test_welch_interval_agrees_with_scipy(first, second):
    found = statistics.welch_interval(first, second)
    if np.std(first) > 1e-3 and np.std(second) > 1e-3:
        expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval()
        assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-9)
    assert found.low <= found.value <= found.high


@given(st.lists(st.booleans(), min_size=1, max_size=30))
def test_wilson_agrees_with_scipy_on_plain_counts(hits):
    found = statistics.wilson_interval(np.array(hits, dtype=float))
    expected = stats.binomtest(sum(hits), len(hits)).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-6)


@given(SHARES)
def test_wilson_holds_its_estimate_and_is_never_of_zero_width(shares):
    found = statistics.wilson_interval(shares)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.high - found.low > 0.05


def test_paired_shares_agree_with_agresti_and_min_on_plain_counts():
    """Their interval by hand: half a count added to each cell of the 2x2, with t instead of the normal quantile."""
    differences = np.array([1.0] * 2 + [-1.0] * 7 + [0.0] * 5)
    b, c, n = 2.5, 7.5, 16
    se = np.sqrt((b + c) - (b - c) ** 2 / n) / n
    half = stats.t.ppf(0.975, 15) * se
    found = statistics.share_difference_interval(differences)
    assert (found.low, found.high) == pytest.approx(((b - c) / n - half, (b - c) / n + half))
    assert found.value == pytest.approx(-5 / 14)


@given(VALUES)
def test_paired_shares_hold_their_estimate_and_stay_within_bounds(differences):
    found = statistics.share_difference_interval(differences)
    assert -1 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert found.high > found.low


@given(arrays(np.float64, 6, elements=st.floats(0.1, 10)), st.floats(0.1, 10))
def test_a_ratio_turns_over_with_its_parts(numerators, scale):
    denominators = numerators[::-1].copy() * scale
    there, back = statistics.ratio_interval(numerators, denominators), statistics.ratio_interval(denominators, numerators)
    assert there.value == pytest.approx(1 / back.value)
    assert there.low == pytest.approx(1 / back.high)


def test_a_ratio_is_the_geometric_mean_of_the_pairs_ratios():
    numerators, denominators = np.array([2.0, 3.0, 8.0, 1.0]), np.array([1.0, 2.0, 2.0, 4.0])
    found = statistics.ratio_interval(numerators, denominators)
    assert (found.value, found.n) == (pytest.approx(stats.gmean(numerators / denominators)), 4)
    expected = stats.ttest_1samp(np.log(numerators / denominators), 0).confidence_interval()
    assert (found.low, found.high) == pytest.approx(tuple(np.exp(expected)))


def test_welch_without_any_spread_is_a_point_and_counts_the_smaller_side():
    found = statistics.welch_interval(np.array([3.0, 3.0, 3.0]), np.array([1.0, 1.0]))
    assert found == (2.0, 2.0, 2.0, 2)
    assert statistics.welch_interval(np.array([1.0, 2.0]), np.array([1.0, 1.5, 2.0])).n == 2


@pytest.mark.parametrize(("nearest", "kept"), [(0.95, 1), (0.97, 2)])
def test_what_is_as_near_as_allowed_stays(nearest, kept):
    twins = np.array([[1.0, 0.0], [0.96, 0.28]])
    assert len(statistics.without_duplicates(twins, nearest)) == kept
    assert len(statistics.without_duplicates(twins, 0.96)) == 2


@given(st.integers(1, 9), st.integers(2, 8), st.integers(0, 99))
def test_vendi_agrees_with_singular_values_and_lies_between_one_and_n(rows, dim, seed):
    vectors = unit_vectors(rows, dim, seed)
    shares = np.linalg.svd(vectors, compute_uv=False) ** 2 / rows
    shares = shares[shares > 1e-12]
    assert statistics.vendi(vectors) == pytest.approx(np.prod(shares**-shares), rel=1e-6)
    assert 1 - 1e-9 <= statistics.vendi(vectors) <= rows + 1e-9


def test_vendi_counts_what_is_different():
    assert statistics.vendi(np.eye(5)) == pytest.approx(5)
    assert statistics.vendi(np.repeat(np.eye(2), 4, axis=0)) == pytest.approx(2)


@given(st.integers(2, 8), st.integers(0, 99))
def test_leave_one_out_is_what_a_loop_finds_and_leave_kin_out_of_singles_is_the_same(rows, seed):
    vectors = unit_vectors(rows, 16, seed)
    expected = [vectors[row] @ statistics.centroid(np.delete(vectors, row, axis=0)) for row in range(rows)]
    assert statistics.leave_one_out(vectors) == pytest.approx(expected)
    assert statistics.leave_kin_out(vectors, np.arange(rows).astype(str)) == pytest.approx(expected)


def test_leave_kin_out_hides_whatever_shares_a_label():
    vectors = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]])
    prompts, seeds = np.array(["a", "a", "b", "b"]), np.array([1, 2, 1, 2])
    assert statistics.leave_kin_out(vectors, prompts) == pytest.approx([0, 0, 0, 0])
    assert statistics.leave_kin_out(vectors, seeds) == pytest.approx([0.5**0.5] * 4)
    assert statistics.leave_kin_out(vectors, prompts, seeds) == pytest.approx([0, 0, 0, 0])
    assert np.isnan(statistics.leave_kin_out(vectors, np.array(["a"] * 4))).all()


@given(st.integers(1, 8), st.integers(0, 99))
def test_duplicates_go_and_everything_else_stays(rows, seed):
    vectors = unit_vectors(rows, 32, seed)
    twice = np.repeat(vectors, 2, axis=0)
    assert statistics.without_duplicates(twice, 0.985) == pytest.approx(vectors)


@given(st.integers(1, 8), st.integers(0, 8), st.sampled_from([np.nan, np.inf, -np.inf]), st.integers(0, 99))
def test_a_vector_that_is_none_goes_alone_wherever_it_stands(rows, place, none, seed):
    vectors = unit_vectors(rows, 32, seed)
    bad = np.full(32, 0.1)
    bad[seed % 32] = none
    found = statistics.without_duplicates(np.insert(vectors, min(place, rows), bad, axis=0), 0.985)
    assert found == pytest.approx(vectors)


def test_the_scale_runs_from_floor_to_ceiling():
    assert statistics.on_scale(np.array([0.0, 0.4, 0.8]), floor=0.1, ceiling=0.9) == pytest.approx([0, 0.5, 1])


def test_a_zero_vector_stays_zero():
    assert statistics.unit(np.zeros((1, 3))) == pytest.approx(np.zeros((1, 3)))
