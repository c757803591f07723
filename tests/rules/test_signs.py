import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fluxdiag.records import Evidence, Measurement
from fluxdiag.registry import rules
from fluxdiag.rules.signs import above, below, number, shown, strength_of

NUMBER = st.floats(-1, 1)


def evidence_of(**numbers: tuple[float, float, float]) -> Evidence:
    """(low, value, high)"""
    found = {key: Measurement(key=key, value=v, low=low, high=high, n=8) for key, (low, v, high) in numbers.items()}
    return Evidence(measurements=found, gaps={"gone": "no photos were given"})


@given(st.tuples(NUMBER, NUMBER, NUMBER).map(sorted), NUMBER)
@example((0.26, 0.33, 0.40), 0.2)
@example((0.27, 0.335, 0.40), 0.2)
def test_a_sign_is_clear_or_refuted_or_neither_and_below_mirrors_above(interval, threshold):
    low, value, high = interval
    evidence = evidence_of(x=(low, value, high))
    under, over = below(evidence, "x", threshold, "is low"), above(evidence, "x", threshold, "is high")
    assert not (under.clear and under.refuted)
    assert (under.clear, under.refuted) == (over.refuted, over.clear)
    assert under.clear == (high < threshold)
    assert under.wide == (under.clear and 2 * (threshold - high) >= high - low)
    assert over.wide == (over.clear and 2 * (low - threshold) >= high - low)


@given(st.tuples(NUMBER, NUMBER, NUMBER).map(sorted), NUMBER)
@example((0.3, 0.35, 0.4), 0.2)
@example((0.22, 0.3, 0.38), 0.2)
@example((0.26, 0.33, 0.40), 0.2)
@example((0.27, 0.335, 0.40), 0.2)
def test_above_is_below_with_every_sign_turned(interval, threshold):
    low, value, high = interval
    over = above(evidence_of(x=(low, value, high)), "x", threshold, "")
    under = below(evidence_of(x=(-high, -value, -low)), "x", -threshold, "")
    assert (over.clear, over.refuted, over.wide) == (under.clear, under.refuted, under.wide)


SAID = [
    (below, 0.1, "Low: x 0.10 (0.05 to 0.15), below 0.2"),
    (below, 0.3, "x 0.30 (0.25 to 0.35), not below 0.2"),
    (below, 0.2, "x 0.20 (0.15 to 0.25), too near to 0.2"),
    (above, 0.3, "Low: x 0.30 (0.25 to 0.35), above 0.2"),
    (above, 0.1, "x 0.10 (0.05 to 0.15), not above 0.2"),
    (above, 0.2, "x 0.20 (0.15 to 0.25), too near to 0.2"),
]


@pytest.mark.parametrize(("side", "value", "text"), SAID)
def test_a_sign_says_what_it_means_only_where_it_is_clear(side, value, text):
    assert side(evidence_of(x=(value - 0.05, value, value + 0.05)), "x", 0.2, "Low").text == text


def test_what_was_not_measured_is_neither_clear_nor_refuted_and_says_why():
    sign = below(evidence_of(), "gone", 0.5, "is low")
    assert (sign.clear, sign.refuted, sign.wide, sign.missing) == (False, False, False, True)
    assert "no photos were given" in sign.text


NUMBERS = [
    (1950, "1950"), (100_000, "100000"), (1234.5, "1234"), (-0.2, "-0.2"), (0.2499, "0.25"), (38.0, "38"), (0, "0"),
    (-1950, "-1950"), (99.4, "99.4"), (100.4, "100"), (1e-4, "0.0001"), (5e-5, "5e-5"), (1e-6, "1e-6"), (99.96, "100"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "written"), NUMBERS)
def test_numbers_are_written_as_people_write_them(value, written):
    assert number(value) == written


@given(st.floats(-1e9, 1e9, allow_subnormal=False))
def test_a_written_number_is_the_number_to_three_digits(value):
    assert float(number(value)) == pytest.approx(value, rel=0.006)
    assert "e+" not in number(value)


SHOWN = [
    ((1950, 1950, 1950), "steps", "k 1950 (steps)"),
    ((1e-4, 1e-4, 1e-4), "", "k 0.0001"),
    ((0.05, 0.01, 0.09), "scale", "k 0.05 (0.01 to 0.09, scale)"),
    ((14.43, 10.0, 18.9), "", "k 14.43 (10.00 to 18.90)"),
    ((0.0008, 0.0001, 0.0015), "", "k 0.0008 (0.0001 to 0.0015)"),  # two places would show noughts only
    ((-0.0008, -0.0015, -0.0001), "", "k -0.0008 (-0.0015 to -0.0001)"),
    ((-0.001, -0.03, 0.002), "", "k 0.00 (-0.03 to 0.00)"),
    ((0.01, -0.001, 0.021), "", "k 0.01 (0.00 to 0.02)"),
    ((1e-12, 0.0, 2e-12), "", "k 0.000000000 (0.000000000 to 0.000000000)"),
]


@pytest.mark.parametrize(("interval", "unit", "text"), SHOWN)
def test_a_measurement_is_shown_with_its_interval_and_a_fact_without(interval, unit, text):
    value, low, high = interval
    assert shown(Measurement(key="k", value=value, low=low, high=high, n=8, unit=unit)) == text


def test_a_sign_says_its_line_as_people_write_it():
    assert below(evidence_of(x=(0.0, 0.0, 0.0)), "x", 1e-6, "Nothing").text == "Nothing: x 0, below 1e-6"


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ([], "weak"),
        ([(0.0, 0.19, 0.195)], "weak"),  # clears by less than its half-width
        ([(0.04, 0.05, 0.06)], "moderate"),  # one sign, far off the line
        ([(0.0, 0.19, 0.195)] * 2, "moderate"),  # two signs that agree
        ([(0.04, 0.05, 0.06), (0.0, 0.19, 0.195)], "moderate"),
        ([(0.04, 0.05, 0.06)] * 2, "strong"),
        ([(0.0, 0.19, 0.195)] * 4, "strong"),
    ],
)
def test_strength_grows_with_clearness_and_with_agreement(intervals, expected):
    signs = [below(evidence_of(x=interval), "x", 0.2, "") for interval in intervals]
    assert strength_of(signs) == expected


HEADINGS = ("What it means:", "Why it happens:", "How we tell:", "What else looks like this:")


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.cause)
def test_the_text_of_a_rule_has_every_heading_once_and_in_order(rule):
    places = [rule.text.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    assert all(rule.text.count(heading) == 1 for heading in HEADINGS)


def test_the_four_root_causes_are_there_first_and_by_their_names():
    roots = ["low-diversity-dataset", "overcaptioned-appearance", "wrong-rank", "wrong-step-count"]
    assert [rule.cause for rule in rules()][:4] == roots
    assert [rule.root for rule in rules()] == [True] * 4 + [False] * (len(rules()) - 4)
