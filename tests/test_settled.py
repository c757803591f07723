"""Stopping early: intervals as wide as a look must have them, a verdict that stands all the same, and what to draw if not."""

import numpy as np
import pytest

from fluxdiag.diagnose import judge
from fluxdiag.instruments.parts import made_from
from fluxdiag.records import LEFT_OUT, Evidence, Measurement
from fluxdiag.settled import ERROR, LOOKS, Plan, looks_of, settled, spent, wanted, widened
from fluxdiag.suites import load_suite, parts_of
from fluxdiag.weighing.calibration import Calibration, CauseWeights, Weight

CLEAR = {
    "identity.ceiling": (0.85, 0.02),
    "identity.trigger": (0.75, 0.06),
    "trigger.effect": (0.55, 0.08),
    "bleed.class": (0.05, 0.05),
    "loss.gap": (18, 3),
    "loss.binding": (5, 1),
    "obedience.background": (0.0, 0.1),
    "obedience.outfit": (0.0, 0.1),
    "setting.rank": (16, 0),
}


def evidence(n: int, **changed: tuple[float, float]) -> Evidence:
    numbers = CLEAR | {key.replace("__", "."): interval for key, interval in changed.items()}
    found = {key: Measurement(key=key, value=v, low=v - half, high=v + half, n=n) for key, (v, half) in numbers.items()}
    return Evidence(measurements=found, gaps={})


def test_a_clear_verdict_settles_at_the_first_look():
    assert settled(evidence(4), 4)


def test_what_is_clear_by_a_hair_waits_for_more_prompts():
    near = {"identity__trigger": (0.56, 0.1)}
    assert not settled(evidence(4, **near), 4)
    assert settled(evidence(16, **near), 16)


def test_an_open_verdict_goes_on():
    assert not settled(evidence(4, identity__trigger=(0.46, 0.2)), 4)


def test_a_fault_whose_cause_is_still_divided_goes_on():
    divided = {"identity__trigger": (0.1, 0.02), "loss__gap": (11, 3), "setting__exposure-ratio": (1.0, 0)}
    assert not settled(evidence(4, **divided), 4)


def test_the_error_of_all_looks_together_is_what_is_allowed():
    assert sum(spent(look, LOOKS) for look in LOOKS) == pytest.approx(ERROR)
    assert all(spent(look, LOOKS) > 0.005 for look in LOOKS)


def test_looking_often_does_not_make_a_wrong_verdict_likelier():
    """Prompts of a LoRA exactly at a line: the share that is ever called clearly off it, over all looks."""
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(600):
        prompts = rng.normal(0, 1, 16)
        wrong += any(_clear(prompts[:look], spent(look, LOOKS)) for look in LOOKS)
    assert wrong / 600 <= ERROR + 0.02


def _clear(prompts, error: float) -> bool:
    from fluxdiag.instruments.statistics import t_interval

    interval = t_interval(prompts)
    one = Measurement(key="x", value=interval.value, low=interval.low, high=interval.high, n=interval.n)
    wide = widened(Evidence(measurements={"x": one}, gaps={}), error).measurements["x"]
    return wide.clearly_above(0) or wide.clearly_below(0)


def test_an_exact_fact_is_not_widened():
    facts = widened(evidence(4), 0.001).measurements
    assert facts["setting.rank"].low == facts["setting.rank"].high == 16
    assert facts["identity.trigger"].high > 0.75 + 0.06


# ------------------------------------------------------------------------------------------------ what to draw

BLEEDS = CauseWeights(
    target="missing-regularisation",
    intercept=0.0,
    positives=9,
    negatives=9,
    weights=(
        Weight(key="bleed.class", line=0.25, scale=0.1, weight=1.5),
        Weight(key="bleed.same-sex", line=0.25, scale=0.1, weight=0.6),
        Weight(key="loss.heldout-gain", line=0, scale=3, weight=-0.4),
    ),
)
WEIGHTS = Calibration(name="w", profile="flux1-dev", about="made up", subjects=("a",), loras=18, ridge=1, causes=(BLEEDS,))
LOSSES = frozenset(key for key in made_from() if key.startswith("loss."))
OBEYED = ("obedience.background", "obedience.outfit")
PEOPLE = frozenset({"bleed.same-sex", "bleed.other-sex", "bleed.group"})


STRANGER = {"identity__trigger": (0.1, 0.05)}
"""something is wrong with the pictures already, so no further symptom is looked for"""


def without(*keys: str, **changed: tuple[float, float]) -> Evidence:
    found = evidence(8, **changed)
    return found.model_copy(
        update={
            "measurements": {key: one for key, one in found.measurements.items() if key not in keys},
            "gaps": dict.fromkeys(keys, LEFT_OUT),
        }
    )


def test_a_cause_that_nothing_could_make_present_asks_for_nothing():
    """Log-odds -3 by the bleed; what is missing could add 2 times .6 and 2 times .4, and 1.4 are needed with this prior."""
    assert not wanted(without(*PEOPLE, *LOSSES, **STRANGER), PEOPLE, WEIGHTS)


def test_a_cause_that_might_come_out_either_way_asks_for_all_that_would_move_it():
    open_ = without(*PEOPLE, "loss.heldout-gain", bleed__class=(0.3, 0.02))
    assert {"bleed.same-sex", "loss.heldout-gain"} <= wanted(open_, PEOPLE | {"loss.heldout-gain"}, WEIGHTS)


def test_a_cause_that_is_present_whatever_comes_out_asks_for_the_probes_that_speak_on_it_and_no_others():
    certain = without("bleed.same-sex", bleed__class=(0.6, 0.02), loss__heldout_gain=(0, 1))
    assert judge(certain, WEIGHTS).findings[0].target == "missing-regularisation"
    missing = frozenset({"loss.heldout-gain", "description.effect", "strength.more"})
    assert wanted(certain, missing, WEIGHTS) == {"loss.heldout-gain"}


def test_what_is_left_out_can_really_not_name_the_cause():
    """The reach is no estimate: with whatever numbers in the place of what was left out, the diagnosis stays."""
    missing = frozenset({"bleed.same-sex", "loss.heldout-gain"})
    rng, tried = np.random.default_rng(1), 0
    for _ in range(200):
        found = without(*missing, bleed__class=(float(rng.uniform(-0.2, 0.8)), 0.02), **STRANGER)
        if wanted(found, missing, WEIGHTS):
            continue
        tried += 1
        drawn = {key: Measurement(key=key, value=v, low=v, high=v, n=4) for key in missing for v in [float(rng.normal(0, 9))]}
        more = found.model_copy(update={"measurements": found.measurements | drawn, "gaps": {}})
        assert named(more) == named(found)
    assert tried > 50


def named(found: Evidence) -> bool:
    return any(each.status == "present" for each in judge(found, WEIGHTS).findings if each.weighed)


def test_losses_are_read_to_confirm_what_looks_like_a_copy():
    copied = without("loss.gap", leak__nearest=(0.8, 0.1))
    assert "loss.gap" in wanted(copied, {"loss.gap"}, WEIGHTS)
    assert "loss.gap" not in wanted(without("loss.gap"), {"loss.gap"}, WEIGHTS)


QUICK, _ = load_suite("quick")
ASKED = frozenset({"identity.trigger", "trigger.effect", "bleed.class", "consistency.trigger"})
PLAN = Plan(parts_of(QUICK) - {"losses:"}, (4, 8), WEIGHTS, ASKED)
CORE = {"trigger", "class", "base", "trigger-base"}


def test_what_a_verdict_needs_comes_first_on_the_first_prompts():
    assert PLAN.first() == dict.fromkeys(sorted(CORE), 4)


def test_what_the_cited_thresholds_lack_comes_next_and_a_settled_verdict_draws_no_more():
    """No weights are fitted for the training set, so its own rule asks for backgrounds and outfits."""
    second = PLAN.after(without(*PLAN.undrawn(PLAN.first()), *OBEYED, **STRANGER), PLAN.first())
    assert second == PLAN.first() | dict.fromkeys(("contrast", "contrast-base"), 4)
    assert PLAN.after(without(*PLAN.undrawn(second), **STRANGER), second) == second


@pytest.mark.parametrize("leaves", ["contrast", "others:animal", "others:object", "others:scene", "others:group"])
def test_nobody_is_called_healthy_of_whom_a_symptom_was_not_asked(leaves):
    """Backgrounds, outfits and stray faces too, whatever the causes say: a LoRA may be bad in those alone."""
    healthy = without(*PLAN.undrawn(PLAN.first()))
    assert judge(healthy, WEIGHTS).verdict == "healthy"
    assert leaves in PLAN.after(healthy, PLAN.first())


def test_what_could_still_matter_comes_next_and_then_more_prompts():
    near = {"identity__trigger": (0.47, 0.2), "bleed__class": (0.3, 0.1)}
    first = PLAN.first()
    second = PLAN.after(without(*PLAN.undrawn(first), **near), first)
    assert second.keys() - first.keys() >= {"others:woman", "others-base:woman", "contrast"}
    assert set(second.values()) == {4}
    answered = {"bleed__same-sex": (0.3, 0.1), "bleed__other-sex": (0.3, 0.1)}
    third = PLAN.after(without(*PLAN.undrawn(second), **near, **answered), second)
    assert third == dict.fromkeys(second, 8)
    assert PLAN.after(without(*PLAN.undrawn(third), **near, **answered), third) == third


def test_other_people_are_asked_for_whatever_the_class_word_says():
    assert Plan(parts_of(QUICK), (4, 8), None).first().keys() >= {
        "others:man",
        "others:woman",
        "others:group",
        "others-base:group",
    }


def test_a_suite_that_asks_for_none_of_a_verdicts_needs_is_drawn_whole():
    plan = Plan(frozenset({"both", "description"}), (4, 8), None, ASKED)
    assert plan.first() == {"both": 8, "description": 8}


@pytest.mark.parametrize(("suite", "looks"), [("quick", (4, 8)), ("full", (4, 8, 16)), ("captionless", (4, 6))])
def test_a_suite_is_looked_at_after_four_eight_and_sixteen_prompts_as_far_as_it_goes(suite, looks):
    assert looks_of(load_suite(suite)[0]) == looks
