"""From evidence and weights to log-odds: what is said, what is not heard, what a wide interval is worth."""

import math

import pytest

from fluxdiag.records import LEFT_OUT, Evidence, Measurement
from fluxdiag.weighing.calibration import CauseWeights, Weight
from fluxdiag.weighing.odds import FARTHEST, formed, position, weigh

EFFECT = Weight(key="trigger.effect", line=0.2, scale=0.1, weight=-1.5)
SHARE = Weight(key="captions.appearance-share", line=0.5, scale=0.5, weight=0.5)
TABLE = CauseWeights(target="overcaptioned-appearance", intercept=-0.3, positives=9, negatives=40, weights=(EFFECT, SHARE))


def found(key: str, value: float, half: float = 0.0) -> Measurement:
    return Measurement(key=key, value=value, low=value - half, high=value + half, n=8)


def evidence(*measurements: Measurement) -> Evidence:
    return Evidence(measurements={each.key: each for each in measurements}, gaps={})


def test_an_exact_number_counts_its_scales_beyond_the_line_and_no_further_than_the_cap():
    assert position(found("trigger.effect", 0.05), EFFECT) == pytest.approx(-1.5)
    assert position(found("trigger.effect", 0.2), EFFECT) == 0
    assert position(found("trigger.effect", 9.0), EFFECT) == FARTHEST


def test_a_number_known_only_to_a_scale_is_worth_half():
    assert position(found("trigger.effect", 0.05, 0.1 * 1.96), EFFECT) == pytest.approx(-0.75)


@pytest.mark.parametrize(
    ("form", "number", "spoken"), [("as is", 3, 3), ("log2", 8, 3), ("log2(1+x)", 0, 0), ("log2(1+x)", 7, 3)]
)
def test_a_number_is_put_into_its_form(form, number, spoken):
    assert formed(number, form) == pytest.approx(spoken)


def test_nought_has_a_logarithm_here_and_nothing_lies_below_it():
    assert formed(-3.0, "log2") == formed(0.0, "log2") == formed(1e-9, "log2") == math.log2(1e-6)
    assert formed(-3.0, "log2(1+x)") == 0


def test_log_odds_are_the_intercept_and_what_each_says():
    said = weigh(evidence(found("trigger.effect", 0.05), found("captions.appearance-share", 1.0)), TABLE)
    assert said.log_odds == pytest.approx(-0.3 + 1.5 * 1.5 + 0.5)
    assert [moved.key for moved in said.moved] == ["trigger.effect", "captions.appearance-share"]
    assert said.settings == pytest.approx(0.5)
    assert (said.heard, said.lacking, said.unmet) == (1.0, (), ())


def test_what_was_not_measured_says_nothing_and_is_named():
    said = weigh(evidence(found("captions.appearance-share", 1.0)), TABLE)
    assert said.log_odds == pytest.approx(-0.3 + 0.5)
    assert said.heard == pytest.approx(0.25)
    assert said.lacking == ("trigger.effect",)
    assert said.unmet == ("trigger.effect", "loss.binding", "loss.training-binding")


@pytest.mark.parametrize(("prior", "probability"), [(0.5, 0.5), (0.2, 0.2), (0.01, 0.01)])
def test_evidence_that_says_nothing_leaves_the_prior(prior, probability):
    silent = TABLE.model_copy(update={"intercept": 0.0})
    assert weigh(evidence(), silent).probability(prior) == pytest.approx(probability)


CAPTIONLESS = "captionless.identity"


@pytest.mark.parametrize(("likeness", "said"), [(0.85, 2.0), (0.65, 1.0), (0.45, 0.0), (0.05, -2.0)])
def test_the_captionless_run_speaks_though_no_fit_has_heard_it(likeness, said):
    without, with_it = (
        weigh(evidence(found("trigger.effect", 0.05), *more), TABLE) for more in ((), (found(CAPTIONLESS, likeness),))
    )
    assert with_it.log_odds - without.log_odds == pytest.approx(said)
    assert [moved.weight for moved in with_it.moved if moved.key == CAPTIONLESS] == ([said] if said else [])
    alike = CauseWeights(target="low-diversity-dataset", intercept=0.0, positives=9, negatives=40, weights=())
    assert weigh(evidence(found(CAPTIONLESS, likeness)), alike).log_odds == 0, "there the person appears too"


def test_without_a_captionless_run_nothing_is_missing():
    said = weigh(evidence(found("trigger.effect", 0.05), found("captions.appearance-share", 1.0)), TABLE)
    assert said.heard == 1.0
    assert CAPTIONLESS not in said.lacking


def test_once_a_fit_has_heard_it_its_own_weight_counts():
    fitted = TABLE.model_copy(update={"weights": (*TABLE.weights, Weight(key=CAPTIONLESS, line=0.4, scale=0.1, weight=0.2))})
    one, other = (weigh(evidence(found("trigger.effect", 0.05), found(CAPTIONLESS, 0.5)), table) for table in (TABLE, fitted))
    assert other.log_odds - (one.log_odds - 0.25) == pytest.approx(0.2)


ADVANTAGE = "description.advantage"


@pytest.mark.parametrize(("more", "said"), [(0.4, 2.0), (0.2, 1.0), (0.0, 0.0), (-0.4, -2.0)])
def test_what_the_description_brings_more_than_the_trigger_speaks_by_a_fifth_of_the_scale(more, said):
    without, with_it = (weigh(evidence(*known), TABLE) for known in ((), (found(ADVANTAGE, more),)))
    assert with_it.log_odds - without.log_odds == pytest.approx(said)


@pytest.mark.parametrize(("gap", "spared"), [(LEFT_OUT, 2.0), ("no reference photos were given", 0.0)])
def test_a_voice_that_was_left_out_as_settled_counts_though_no_fit_has_heard_it(gap, spared):
    known = evidence(found("trigger.effect", 0.05)).model_copy(update={"gaps": {ADVANTAGE: gap}})
    said = weigh(known, TABLE)
    assert said.spared == pytest.approx(spared)
    assert said.lacking == ("captions.appearance-share",), "it is not missed"


@pytest.mark.parametrize("value", [0.05, 0.4])
def test_what_moved_it_the_most_comes_first_whichever_way(value):
    turned = TABLE.model_copy(update={"weights": (SHARE, EFFECT)})
    said = weigh(evidence(found("captions.appearance-share", 1.0), found("trigger.effect", value)), turned)
    assert [moved.key for moved in said.moved] == ["trigger.effect", "captions.appearance-share"]
    assert weigh(evidence(), turned).lacking == ("trigger.effect", "captions.appearance-share")


NO_WEIGHT = Weight(key="consistency.trigger", line=0, scale=1, weight=0.0)
TRIGGER = ("trigger.effect", "loss.binding", "loss.training-binding")
DESCRIPTION = ("captions.appearance-share", "description.effect", "loss.description")
OTHERS = ("loss.binding", "description.effect")
"""enough to assess the cause, and without a weight in this table"""

HEARING = [
    # measured, left out as settled -> share heard, needed and missing, what was left out could move, too little either way
    (("trigger.effect", "captions.appearance-share"), (), 1.0, (), 0.0, False),
    (("captions.appearance-share",), (), 0.25, TRIGGER, 0.0, True),
    (("captions.appearance-share",), ("trigger.effect",), 0.25, TRIGGER, 3.0, False),
    (("trigger.effect",), ("captions.appearance-share",), 0.75, DESCRIPTION, 1.0, False),
    ((), ("trigger.effect",), 0.0, TRIGGER + DESCRIPTION, 3.0, True),  # of the captions nothing was asked
    ((), ("trigger.effect", "captions.appearance-share"), 0.0, TRIGGER + DESCRIPTION, 4.0, False),
    (OTHERS, (), 0.0, (), 0.0, True),
    (OTHERS, ("trigger.effect",), 0.0, (), 3.0, False),  # a quarter of the weight is missing for another reason
    (OTHERS, ("captions.appearance-share",), 0.0, (), 1.0, True),  # three quarters are
]


@pytest.mark.parametrize(("measured", "gone", "heard", "unmet", "spared", "thin"), HEARING)
def test_what_was_heard_and_what_was_spared(measured, gone, heard, unmet, spared, thin):
    table = TABLE.model_copy(update={"weights": (*TABLE.weights, NO_WEIGHT)})
    known = evidence(*(found(key, 0.3) for key in measured)).model_copy(update={"gaps": dict.fromkeys(gone, LEFT_OUT)})
    said = weigh(known, table)
    assert (said.heard, said.spared) == (pytest.approx(heard), pytest.approx(spared))
    assert (said.unmet, said.thin) == (unmet, thin)
    assert said.lacking == tuple(key for key in ("trigger.effect", "captions.appearance-share") if key not in measured)


def test_half_of_the_weight_is_enough_to_have_heard():
    even = TABLE.model_copy(update={"weights": (EFFECT.model_copy(update={"weight": -0.5}), SHARE)})
    said = weigh(evidence(*(found(key, 0.3) for key in (*OTHERS, "captions.appearance-share"))), even)
    assert (said.heard, said.thin) == (0.5, False)


def test_a_table_without_weights_has_heard_nothing():
    said = weigh(evidence(found("trigger.effect", 0.3)), TABLE.model_copy(update={"weights": ()}))
    assert (said.heard, said.thin, said.log_odds) == (0.0, True, -0.3)
