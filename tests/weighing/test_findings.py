"""From log-odds to a finding: three outcomes, the settings overruled, thin evidence, facts that rule a cause out."""

import pytest

from fluxdiag.diagnose import judge
from fluxdiag.profiles import load_profile
from fluxdiag.records import Evidence, Finding, Measurement, Moved
from fluxdiag.weighing.calibration import Calibration, CauseWeights, Weight
from fluxdiag.weighing.findings import spoken, status_of, strength_of
from fluxdiag.weighing.odds import Weighed

STEPS = CauseWeights(
    target="wrong-step-count:over",
    intercept=0.0,
    positives=10,
    negatives=50,
    weights=(
        Weight(key="loss.gap", line=35, scale=10, weight=1.5),
        Weight(key="variety.within-prompt", form="log2", line=-0.5, scale=0.5, weight=-1.0),
        Weight(key="setting.exposure-ratio", form="log2", line=0, scale=1, weight=0.7),
    ),
)
UNDER = CauseWeights(
    target="wrong-step-count:under",
    intercept=0.0,
    positives=10,
    negatives=50,
    weights=(Weight(key="loss.gap", line=12, scale=5, weight=-2), Weight(key="identity.trigger", line=0.4, scale=0.1, weight=-2)),
)
RANK = CauseWeights(
    target="wrong-rank:high",
    intercept=0.0,
    positives=10,
    negatives=50,
    weights=(
        Weight(key="bleed.class", line=0.25, scale=0.1, weight=2.0),
        Weight(key="setting.rank", form="log2", line=5, scale=1, weight=0.7),
    ),
)
WEIGHTS = Calibration(
    name="ours", profile="flux1-dev", about="made up", subjects=("a",), loras=60, ridge=1, causes=(STEPS, UNDER, RANK)
)
BY_HEART = {"loss.gap": 60.0, "variety.within-prompt": 0.4, "identity.trigger": 0.7, "setting.exposure-ratio": 3.0}


def found(numbers: dict[str, float], cause: str = "wrong-step-count", weights: Calibration = WEIGHTS) -> Finding:
    measurements = {key: Measurement(key=key, value=v, low=v, high=v, n=8) for key, v in numbers.items()}
    evidence = Evidence(measurements=measurements, gaps={}, bands=load_profile("flux1-dev").bands)
    return next(each for each in judge(evidence, weights).findings if each.cause == cause)


def test_strong_evidence_is_present_with_direction_probability_and_what_moved_it():
    finding = found(BY_HEART)
    assert (finding.status, finding.direction, finding.strength, finding.weighed) == ("present", "over", "strong", True)
    assert finding.probability > 0.95
    assert [moved.key for moved in finding.evidence] == ["loss.gap", "variety.within-prompt", "setting.exposure-ratio"]
    assert finding.changes[0].setting == "steps"


def test_the_likelier_direction_is_named():
    assert found({"loss.gap": 3.0, "identity.trigger": 0.2, "strength.more": 0.2}).direction == "under"


def test_the_probe_wins_over_the_setting_and_says_so():
    sound = BY_HEART | {"loss.gap": 18.0, "variety.within-prompt": 1.0}
    finding = found(sound)
    assert finding.status == "absent"
    assert "The settings alone would suspect it" in finding.because[1]


def test_settings_that_look_right_do_not_acquit():
    finding = found(BY_HEART | {"setting.exposure-ratio": 0.4})
    assert finding.status == "present"
    assert "The settings look right" in finding.because[1]


def test_a_needed_measurement_that_is_missing_leaves_it_unknown_and_is_named():
    finding = found({"variety.within-prompt": 0.4, "setting.exposure-ratio": 3.0})
    assert finding.status == "unknown"
    assert "loss.gap" in finding.lacking
    assert finding.because[0] == "Too little was measured to tell."


def test_divided_evidence_is_unknown_and_lacks_nothing():
    finding = found({"loss.gap": 38.0, "variety.within-prompt": 0.6, "identity.trigger": 0.5, "setting.exposure-ratio": 1.4})
    assert finding.status == "unknown"
    assert finding.lacking == ()


def test_a_rank_within_its_band_is_ruled_out_whatever_bleeds():
    finding = found({"setting.rank": 16, "bleed.class": 0.9}, "wrong-rank")
    assert (finding.status, finding.probability) == ("absent", None)
    assert found({"setting.rank": 64, "bleed.class": 0.9}, "wrong-rank").status == "present"


RANK_LOW = RANK.model_copy(
    update={"target": "wrong-rank:low", "weights": (Weight(key="identity.trigger", line=0.4, scale=0.1, weight=-2.0),)}
)
BOTH_WAYS = WEIGHTS.model_copy(update={"causes": (RANK, RANK_LOW)})


def test_a_fact_rules_out_each_direction_by_itself():
    inside = found({"setting.rank": 16, "bleed.class": 0.9, "identity.trigger": 0.1}, "wrong-rank", BOTH_WAYS)
    assert (inside.status, inside.weighed, inside.cites, inside.evidence) == ("absent", True, ("setting.rank",), ())
    assert [sentence[:20] for sentence in inside.because] == ["Rank 16 is not above", "Rank 16 is not below"]
    above = found({"setting.rank": 64, "bleed.class": 0.9, "identity.trigger": 0.1}, "wrong-rank", BOTH_WAYS)
    below = found({"setting.rank": 8, "bleed.class": 0.9, "identity.trigger": 0.1}, "wrong-rank", BOTH_WAYS)
    assert (above.direction, below.direction) == ("high", "low")


def test_one_direction_that_is_open_leaves_the_cause_open():
    """Too many steps are likelier by their prior, and what was measured speaks against them; for too few it speaks."""
    over, under = (table.model_copy(update={"intercept": number}) for table, number in ((STEPS, -0.1), (UNDER, 0.5)))
    prior = {"wrong-step-count:over": 0.45, "wrong-step-count:under": 0.2}
    weights = WEIGHTS.model_copy(update={"causes": (over, under.model_copy(update={"weights": STEPS.weights})), "prior": prior})
    at_the_lines = {"loss.gap": 35.0, "variety.within-prompt": 2**-0.5, "setting.exposure-ratio": 1.0, "identity.trigger": 0.5}
    finding = found(at_the_lines, weights=weights)
    assert (finding.target, finding.status, finding.direction) == ("wrong-step-count:over", "unknown", None)
    assert finding.probability == 0.425  # e^-0.1 times 9:11


def test_a_cause_without_weights_says_that_its_thresholds_judged_it():
    finding = found(BY_HEART | {"bleed.class": 0.1, "trigger.effect": 0.5}, "missing-regularisation")
    assert not finding.weighed
    assert finding.because[-1] == "No weights are fitted for this cause: it was judged by its cited thresholds."


MANY = STEPS.model_copy(
    update={
        "weights": (
            *STEPS.weights,
            Weight(key="strength.more", line=0, scale=0.1, weight=-0.5),
            Weight(key="loss.heldout-gain", line=0, scale=3, weight=-0.4),
        )
    }
)


def test_the_four_loudest_are_told_and_the_rest_is_in_the_table():
    weights = WEIGHTS.model_copy(update={"causes": (MANY,)})
    finding = found(BY_HEART | {"strength.more": -0.3, "loss.heldout-gain": -9.0}, weights=weights)
    assert len(finding.evidence) == len(finding.cites) == 5
    assert [sentence.partition(" ")[0] for sentence in finding.because[1:]] == list(finding.cites[:4])


NOT_KNOWN = [
    # what must have been measured and was not: the first two of it
    ({"variety.within-prompt": 0.4, "setting.exposure-ratio": 3.0}, "loss.gap loss.training-gain strength.less", "loss.gap"),
    # enough to judge by, and too little of the weight: the heaviest that are missing
    (
        {"loss.training-gain": 30.0, "bleed.class": 0.1, "setting.exposure-ratio": 3.0},
        "loss.gap variety.within-prompt",
        "loss.gap",
    ),
    # enough was heard, and does not decide: nothing is lacking, though more could be known
    ({"loss.gap": 36.0, "identity.trigger": 0.4}, "", "variety.within-prompt"),
]


@pytest.mark.parametrize(("numbers", "lacking", "first"), NOT_KNOWN)
def test_an_open_finding_says_what_is_not_known(numbers, lacking, first):
    finding = found(numbers, weights=WEIGHTS.model_copy(update={"causes": (STEPS,)}))
    assert (finding.status, finding.why_open) == ("unknown", "missing" if lacking else "divided")
    assert finding.lacking == tuple(lacking.split())
    assert finding.because[-1].startswith(f"not known: {first}: not measured; ")
    assert finding.because[-1].count("not measured") == 2
    assert not any("not known" in sentence for sentence in found(BY_HEART).because)


SOUND = BY_HEART | {"loss.gap": 18.0, "variety.within-prompt": 1.0}
DISAGREEING = [
    (SOUND, 1.7, "absent", "The settings alone would suspect it"),
    (SOUND, 1.6, "absent", None),  # 0.7 times its logarithm is less than half a log-odds
    (SOUND, 0.4, "absent", None),
    (BY_HEART, 0.6, "present", "The settings look right"),
    (BY_HEART, 0.63, "present", None),
    (BY_HEART, 3.0, "present", None),
    ({"loss.gap": 35.0, "variety.within-prompt": 0.7, "identity.trigger": 0.5}, 2.0, "unknown", None),
]


@pytest.mark.parametrize(("numbers", "ratio", "status", "sentence"), DISAGREEING)
def test_settings_that_say_the_contrary_are_named(numbers, ratio, status, sentence):
    finding = found(numbers | {"setting.exposure-ratio": ratio}, weights=WEIGHTS.model_copy(update={"causes": (STEPS,)}))
    assert finding.status == status
    assert any(said.startswith("The settings") for said in finding.because) == (sentence is not None)
    assert sentence is None or finding.because[1].startswith(sentence)


def diagnosed(numbers: dict[str, float], **gaps: str):
    measurements = {key: Measurement(key=key, value=v, low=v, high=v, n=8) for key, v in numbers.items()}
    gaps = {key.replace("__", ".").replace("_", "-"): reason for key, reason in gaps.items()}
    return judge(Evidence(measurements=measurements, gaps=gaps, bands=load_profile("flux1-dev").bands), WEIGHTS)


TWO = BY_HEART | {"setting.rank": 64, "bleed.class": 0.5}


def test_where_two_causes_compete_the_missing_probe_that_tells_them_apart_is_named():
    decider = diagnosed(TWO, rank__truncated_bleed="`--suite full` makes them").decider
    assert decider.between == ("wrong-step-count", "wrong-rank")
    assert diagnosed(TWO | {decider.key: 0.0}).decider != decider
    truncated = diagnosed(
        TWO
        | {
            "strength.more": -0.1,
            "strength.less": 0.0,
            "loss.heldout-gain": -9.0,
            "loss.training-gain": 30.0,
            "file.delta-norm": 20,
        }
    )
    assert truncated.decider.key in {"rank.truncated-bleed", "rank.truncated-identity"}


def test_where_one_cause_stands_alone_nothing_needs_to_be_decided():
    assert diagnosed(BY_HEART | {"setting.rank": 16, "bleed.class": 0.1}).decider is None


@pytest.mark.parametrize(("prior", "status"), [(0.5, "present"), (0.02, "absent")])
def test_the_prior_is_stated_and_can_be_set(prior, status):
    weights = WEIGHTS.model_copy(update={"prior": {"wrong-step-count:over": prior, "wrong-step-count:under": 0.01}})
    mild = {"loss.gap": 43.0, "variety.within-prompt": 0.6, "identity.trigger": 0.7, "setting.exposure-ratio": 1.0}
    assert found(mild, weights=weights).status == status


# ------------------------------------------------------------------------------------------------ from numbers to words


def said(log_odds: float, **changes) -> Weighed:
    whole = {"moved": (), "heard": 1.0, "lacking": (), "settings": 0.0, "unmet": ()}
    return Weighed(target="wrong-rank:high", log_odds=log_odds, **(whole | changes))


NEEDED = {"unmet": ("bleed.class",)}
OUTCOMES = [
    (0.5, said(1.0), "present"),
    (0.499, said(0.1), "unknown"),
    (0.499, said(0.0), "absent"),  # what was measured speaks against it
    (0.101, said(0.5), "unknown"),
    (0.1, said(0.5), "absent"),  # hardly likely, whatever speaks for it
    (1.0, said(40.0), "present"),
    # nothing is found present on too little
    (0.9, said(3.0, heard=0.4), "present"),
    (0.9, said(3.0, heard=0.39), "unknown"),
    (0.9, said(3.0, **NEEDED), "unknown"),
    (1.0, said(40.0, **NEEDED), "unknown"),
    # and nothing is cleared by it, unless what was left out could not have made it likely: e^2 times the odds here
    (0.05, said(-2.0, heard=0.2, spared=2.0), "absent"),
    (0.05, said(-1.0, heard=0.2, spared=2.0), "unknown"),
    (0.014, said(-1.0, heard=0.2, spared=2.0), "absent"),
    (0.016, said(-1.0, heard=0.2, spared=2.0), "unknown"),
    (0.014, said(-2.0, heard=0.2, spared=2.0, thin=True), "unknown"),
]


@pytest.mark.parametrize(("probability", "evidence", "status"), OUTCOMES)
def test_three_outcomes(probability, evidence, status):
    assert status_of(probability, evidence) == status


@pytest.mark.parametrize(
    ("log_odds", "strength"), [(-4, "weak"), (0.99, "weak"), (1, "moderate"), (2.99, "moderate"), (3, "strong")]
)
def test_the_strength_is_that_of_the_evidence(log_odds, strength):
    assert strength_of(log_odds) == strength


LOUD = [
    (2.0, "speaks strongly for it"), (1.99, "speaks for it"), (0.7, "speaks for it"), (0.69, "speaks faintly for it"),
    (-0.69, "speaks faintly against it"), (-0.7, "speaks against it"), (-2.0, "speaks strongly against it"),
]  # fmt: skip


@pytest.mark.parametrize(("weight", "words"), LOUD)
def test_a_measurement_speaks_as_loudly_as_it_weighs(weight, words):
    gap = Measurement(key="loss.gap", value=40, low=40, high=40, n=8, unit="percent")
    told = spoken(Evidence(measurements={"loss.gap": gap}, gaps={}), Moved(key="loss.gap", value=40, weight=weight))
    assert told == f"loss.gap 40 (percent) {words}"
