"""How far the log-odds can still go: exact bounds, what they settle, and what is absent though little was heard."""

import math

import pytest

from fluxdiag.diagnose import judge
from fluxdiag.profiles import load_profile
from fluxdiag.records import LEFT_OUT, Evidence, Finding, Measurement
from fluxdiag.weighing.calibration import Calibration, CauseWeights, Weight
from fluxdiag.weighing.reach import reaches

UNDER = CauseWeights(
    target="wrong-step-count:under",
    intercept=0.0,
    positives=9,
    negatives=9,
    weights=(
        Weight(key="identity.trigger", line=0.45, scale=0.1, weight=-0.5),
        Weight(key="loss.gap", line=12, scale=5, weight=-1.0),
        Weight(key="strength.more", line=0.05, scale=0.05, weight=0.4),
    ),
)
RANK = CauseWeights(
    target="wrong-rank:high",
    intercept=0.0,
    positives=9,
    negatives=9,
    weights=(Weight(key="bleed.class", line=0.25, scale=0.1, weight=2),),
)
WEIGHTS = Calibration(
    name="w", profile="flux1-dev", about="", subjects=("a",), loras=18, ridge=1, prior={UNDER.target: 0.5}, causes=(UNDER, RANK)
)
ALL = {"identity.trigger": 0.55, "loss.gap": 17.0, "strength.more": 0.0, "setting.rank": 16.0, "trigger.effect": 0.4}


def evidence(numbers: dict[str, float], gone=()) -> Evidence:
    found = {key: Measurement(key=key, value=v, low=v, high=v, n=8) for key, v in numbers.items() if key not in gone}
    return Evidence(measurements=found, gaps=dict.fromkeys(gone, LEFT_OUT), bands=load_profile("flux1-dev").bands)


def reach(numbers: dict[str, float], gone=()):
    (found,) = reaches(evidence(numbers, gone), gone, WEIGHTS)  # a rank of 16 is within the band: a fact rules that target out
    return found


def test_with_all_measured_the_reach_is_a_point():
    found = reach(ALL)
    assert found.low == found.high == pytest.approx(-0.5 - 1.0 - 0.4)
    assert (found.possible, found.open, found.missing) == (False, False, frozenset())


def test_what_is_missing_reaches_two_scales_each_way():
    found = reach(ALL, ("strength.more", "loss.gap"))
    assert (found.low, found.high) == pytest.approx((-0.5 - 2.8, -0.5 + 2.8))
    assert found.open
    assert found.missing == {"strength.more", "loss.gap"}


def test_a_cause_beyond_reach_is_settled_either_way():
    away = reach(ALL | {"identity.trigger": 0.6}, ("strength.more",))
    named = reach(ALL | {"identity.trigger": 0.2, "loss.gap": 2.0}, ("strength.more",))
    assert not away.possible
    assert (named.certain, named.open) == (True, False)


def test_evidence_that_might_come_out_weak_is_still_open():
    found = reach(ALL | {"identity.trigger": 0.25, "loss.gap": 11.0}, ("strength.more",))
    assert found.named
    assert found.low > found.bar
    assert found.open


@pytest.mark.parametrize(("likeness", "certain"), [(0.43, True), (0.35, False)])
def test_evidence_that_stays_weak_is_settled_and_what_may_come_out_moderate_is_not(likeness, certain):
    """Present by its prior: log-odds of 0.1 or 0.5, and 0.8 either way."""
    known, gone = ALL | {"identity.trigger": likeness, "loss.gap": 12.0}, ("strength.more",)
    (found,) = reaches(evidence(known, gone), gone, WEIGHTS.model_copy(update={"prior": {UNDER.target: 0.8}}))
    assert found.low > found.bar
    assert (found.named, found.certain) == (True, certain)


def test_the_bar_is_even_odds_after_the_prior():
    assert reach(ALL).bar == pytest.approx(0)
    (found,) = reaches(evidence(ALL), (), WEIGHTS.model_copy(update={"prior": {}}))
    assert found.bar == pytest.approx(math.log(4))
    assert found.cause == "wrong-step-count"


@pytest.mark.parametrize(("rank", "open_"), [(16, set()), (64, {"wrong-rank:high"}), (8, {"wrong-rank:low"})])
def test_a_fact_rules_out_a_direction(rank, open_):
    both = (RANK, RANK.model_copy(update={"target": "wrong-rank:low"}))
    found = reaches(evidence(ALL | {"setting.rank": rank}), (), WEIGHTS.model_copy(update={"causes": both}))
    assert {each.target for each in found} == open_


def test_what_must_have_been_heard_is_missing_though_it_could_move_nothing():
    """Of the losses and the strengths one must be known; without any, nothing is found present, however likely."""
    certain = UNDER.model_copy(update={"intercept": 20.0})
    gone = ("loss.gap", "strength.more", "loss.training-gain", "drift.unrelated")
    (found,) = reaches(evidence(ALL, gone), gone, WEIGHTS.model_copy(update={"causes": (certain,)}))
    assert found.moves == {"loss.gap": 2.0, "strength.more": 0.8, "loss.training-gain": 0.0}
    assert found.low > found.bar
    assert (found.named, found.certain, found.open) == (False, False, True)


def test_a_fitted_weight_of_nothing_moves_nothing():
    silent = UNDER.model_copy(update={"weights": (*UNDER.weights, Weight(key="loss.description", line=0, scale=1, weight=0.0))})
    (found,) = reaches(evidence(ALL), ("loss.description",), WEIGHTS.model_copy(update={"causes": (silent,)}))
    assert found.missing == frozenset()


def test_a_voice_that_no_fit_has_heard_reaches_as_far_as_it_speaks():
    effect = Weight(key="trigger.effect", line=0.3, scale=0.1, weight=-1)
    captions = CauseWeights(target="overcaptioned-appearance", intercept=0, positives=9, negatives=9, weights=(effect,))
    (found,) = reaches(evidence(ALL), ("description.advantage",), WEIGHTS.model_copy(update={"causes": (captions,)}))
    assert (found.low, found.high) == pytest.approx((-1 - 2, -1 + 2))


def status(numbers: dict[str, float], gone=(), intercept: float = 0.0) -> str:
    return finding(numbers, gone, intercept).status


def finding(numbers: dict[str, float], gone=(), intercept: float = 0.0) -> Finding:
    table = UNDER.model_copy(update={"intercept": intercept})
    judged = judge(evidence(numbers, gone), WEIGHTS.model_copy(update={"causes": (table, RANK)}))
    return next(each for each in judged.findings if each.cause == "wrong-step-count")


def test_little_heard_leaves_it_open_unless_what_was_left_out_could_not_have_mattered():
    gone, alone = ("loss.gap", "strength.more"), {key: ALL[key] for key in ("identity.trigger", "setting.rank")}
    assert status(ALL | {"identity.trigger": 0.65}, gone) == "unknown"
    assert status(ALL | {"identity.trigger": 0.65}, gone, intercept=-2.0) == "absent"
    assert status(alone | {"identity.trigger": 0.65}, intercept=-2.0) == "unknown"  # missing for another reason


def test_what_was_spared_is_said_and_not_taken_for_too_little():
    gone, alone = ("loss.gap", "strength.more"), {key: ALL[key] for key in ("identity.trigger", "setting.rank")}
    assert finding(ALL | {"identity.trigger": 0.65}, gone).because[0].startswith("Not measured to the end")
    assert finding(ALL | {"identity.trigger": 0.65}, gone, -2.0).because[0].endswith("could not have made it likely.")
    assert finding(alone).because[0] == "Too little was measured to tell."
    assert finding(ALL | {"identity.trigger": 0.65}, gone).why_open == "spared"
    assert finding(ALL | {"identity.trigger": 0.65}, gone, -2.0).why_open is None
    assert finding(alone).why_open == "missing"
