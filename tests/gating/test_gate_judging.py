"""One line against one number or word: pass, fail, or neither; and what each counts as."""

import pytest
from gates import ANYTIME, number

from fluxdiag.errors import FluxdiagError
from fluxdiag.gating.facts import Facts, Word
from fluxdiag.gating.judging import Judge, judge_number, judge_word
from fluxdiag.gating.policy import Given, Line, Policy

NUMBERS = [
    # value, half-width, line, outcome
    (0.60, 0.05, {"min": 0.5}, "pass"),
    (0.55, 0.05, {"min": 0.5}, "pass"),  # the limit itself is allowed
    (0.52, 0.05, {"min": 0.5}, "undetermined"),
    (0.48, 0.05, {"min": 0.5}, "undetermined"),
    (0.40, 0.05, {"min": 0.5}, "fail"),
    (0.20, 0.05, {"max": 0.5}, "pass"),
    (0.52, 0.05, {"max": 0.5}, "undetermined"),
    (0.60, 0.05, {"max": 0.5}, "fail"),
    (0.52, 0.05, {"max": 0.5, "decide_by": "estimate"}, "fail"),
    (0.48, 0.05, {"max": 0.5, "decide_by": "estimate"}, "pass"),
    (0.30, 0.05, {"min": 0.2, "max": 0.5}, "pass"),
    (0.10, 0.05, {"min": 0.2, "max": 0.5}, "fail"),
    (0.30, 0.30, {"min": 0.2, "max": 0.5}, "undetermined"),
    (16.0, 0.0, {"equals": 16.0}, "pass"),
    (16.0, 0.0, {"equals": 32.0}, "fail"),
    (16.0, 1.0, {"equals": 16.0}, "undetermined"),
]


@pytest.mark.parametrize(("value", "half", "line", "outcome"), NUMBERS)
def test_the_whole_interval_decides_unless_the_policy_takes_the_estimate(value, half, line, outcome):
    assert judge_number(number(value, half), Line(**line)).outcome == outcome


def test_the_margin_is_the_distance_to_the_nearer_limit():
    assert judge_number(number(0.3, 0.01), Line(min=0.2, max=0.5)).margin == pytest.approx(0.1)
    assert judge_number(number(0.6, 0.01), Line(max=0.5)).margin == pytest.approx(-0.1)


WORDS = [
    ("absent", "absent", "pass"),
    ("present", "absent", "fail"),
    ("unknown", "absent", "undetermined"),
    ("unknown", "unknown", "pass"),
    ("absent", "present", "fail"),
]
STATUS = ("present", "absent", "unknown")


@pytest.mark.parametrize(("value", "equals", "outcome"), WORDS)
def test_unknown_is_no_acquittal(value, equals, outcome):
    assert judge_word("cause.x.status", Word(value, STATUS), Line(equals=equals)).outcome == outcome


def test_a_word_that_can_never_come_is_a_mistake_in_the_policy():
    with pytest.raises(FluxdiagError, match="nearest known one is `absent`"):
        judge_word("cause.x.status", Word("absent", STATUS), Line(equals="abssent"))
    with pytest.raises(FluxdiagError, match="equals with one of"):
        judge_word("cause.x.status", Word("absent", STATUS), Line(min=1.0))
    with pytest.raises(FluxdiagError, match="is a number"):
        judge_number(number(), Line(equals="low"))


EFFECTS = [
    # outcome by value, level, undetermined -> effect
    (0.9, "error", "error", "error"),
    (0.9, "warn", "error", "warn"),
    (0.5, "error", "error", "error"),
    (0.5, "error", "warn", "warn"),
    (0.5, "error", "pass", "pass"),
    (0.5, "warn", "error", "warn"),
    (0.1, "error", "error", "pass"),
]


@pytest.mark.parametrize(("value", "level", "undetermined", "effect"), EFFECTS)
def test_what_an_outcome_counts_as_is_never_more_than_its_level(value, level, undetermined, effect):
    assert judge_number(number(value), Line(max=0.5, level=level, undetermined=undetermined)).effect == effect


# ------------------------------------------------------------------------------------------------ patterns

BLEED = {"bleed.class": 0.1, "bleed.group": 0.3, "bleed.same-sex": 0.7}


def judged(asserts, by_references=True, fail_on="low", numbers=BLEED, gaps=None, waivers=(), severity="high"):
    facts = Facts(
        numbers={key: number(value, key=key) for key, value in numbers.items()},
        words={"cause.a.status": Word("present", STATUS, "because")},
        gaps=gaps or {},
        by_references=by_references,
        severities={"a": severity},
    )
    defaults = {name: Given(value, "test") for name, value in Line().model_dump().items() if value is not None}
    lines = {id_: {name: Given(value, "test") for name, value in fields.items()} for id_, fields in asserts.items()}
    policy = Policy("test", defaults, lines, {}, Given(False, "test"), waivers)
    return Judge(facts, policy, ANYTIME, fail_on).results()


@pytest.mark.parametrize(
    ("across", "outcome", "decided"), [("worst", "fail", "same-sex"), ("median", "pass", "group"), ("best", "pass", "class")]
)
def test_a_pattern_gives_one_result_by_its_worst_id_unless_the_policy_says_otherwise(across, outcome, decided):
    (result,) = judged({"bleed.*": {"max": 0.5, "across": across}})

    assert (result.outcome, result.of[0], len(result.of)) == (outcome, f"bleed.{decided}", 3)


def test_an_id_without_a_number_is_worse_than_a_pass():
    (result,) = judged({"bleed.*": {"max": 0.9}}, gaps={"bleed.scene": "no pictures"})

    assert (result.outcome, result.of[0]) == ("unmeasured", "bleed.scene")


def test_each_gives_a_result_for_every_id():
    assert [result.id for result in judged({"bleed.*": {"max": 0.5, "across": "each"}})] == sorted(BLEED)


def test_an_id_with_a_line_of_its_own_is_not_judged_by_patterns():
    results = judged({"bleed.*": {"max": 0.5}, "bleed.same-sex": {"max": 0.5, "level": "off"}})

    assert [(result.id, result.effect) for result in results] == [("bleed.*", "pass"), ("bleed.same-sex", "off")]


def test_causes_below_fail_on_only_warn():
    line = {"cause.*.status": {"equals": "absent"}}

    assert [result.effect for result in judged(line, fail_on="high")] == ["error"]
    assert [result.effect for result in judged(line, fail_on="critical")] == ["warn"]


def test_without_references_the_scale_is_another_and_limits_do_not_hold_on_it():
    (refused,) = judged({"bleed.class": {"max": 0.5}}, by_references=False)
    (judged_all_the_same,) = judged({"bleed.class": {"max": 0.5, "scale": "any"}}, by_references=False)

    assert (refused.outcome, judged_all_the_same.outcome) == ("unmeasured", "pass")
    assert "no references" in refused.why
