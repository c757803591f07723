"""Stopping early: intervals as wide as a look must have them, a verdict that stands all the same, and what to draw if not."""

from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from fluxdiag.diagnose import judge
from fluxdiag.gathering.stopping import ERROR, LOOKS, Drawn, Plan, looks_of, spent, widened
from fluxdiag.gathering.stopping import settled as settled_by
from fluxdiag.instruments.parts import parts_for
from fluxdiag.instruments.statistics import t_interval
from fluxdiag.profiles import load_profile
from fluxdiag.records import LEFT_OUT, Evidence, Measurement
from fluxdiag.suites import load_suite, parts_of
from fluxdiag.weighing.calibration import Calibration, CauseWeights, Weight

THREE = (4, 8, 16)
settled = partial(settled_by, looks=THREE)
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
    assert not settled(evidence(8, identity__trigger=(0.47, 0.1)), 8), "only the last look has to do"
    assert settled(evidence(16, **near), 16)


def test_an_open_verdict_goes_on():
    assert not settled(evidence(4, identity__trigger=(0.46, 0.2)), 4)


def test_a_fault_whose_cause_is_still_divided_goes_on():
    losses = {"loss__gap": (11, 3), "loss__heldout-gain": (0, 4)}
    divided = {"identity__trigger": (0.1, 0.02), "setting__exposure-ratio": (1.0, 0), **losses}
    assert not settled(evidence(4, **divided, strength__more=(0.2, 0.05)), 4)


@pytest.mark.parametrize("looks", [LOOKS, THREE])
def test_the_error_of_all_looks_together_is_what_is_allowed(looks):
    assert sum(spent(look, looks) for look in looks) == pytest.approx(ERROR)
    assert all(spent(look, looks) > 0.005 for look in looks)


def test_a_suite_of_one_look_spends_what_the_intervals_were_made_with():
    known = evidence(16, identity__trigger=(0.5, 0.1))
    found, wide = (each.measurements["identity.trigger"] for each in (known, widened(known, spent(16, (16,)))))
    assert (wide.low, wide.high) == pytest.approx((found.low, found.high))


@pytest.mark.parametrize("looks", [LOOKS, THREE])
def test_what_the_looks_may_spend_holds_over_all_of_them(looks):
    """Prompts of a LoRA exactly at a line: the share that is ever called clearly off it, the last look held to its share, too."""
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(600):
        prompts = rng.normal(0, 1, 16)
        wrong += any(_clear(prompts[:look], spent(look, looks)) for look in looks)
    assert wrong / 600 <= ERROR + 0.02


@pytest.mark.parametrize(("looks", "most"), [(LOOKS, 0.06), ((16,), 0.06), ((4, 8), 0.2)])
def test_a_person_who_comes_in_some_prompts_only_is_not_passed_by_an_early_look(looks, most):
    """In six prompts of ten at .70, in the others at .03: .43 on average, below a line of .45. Four may all be of one kind."""
    rng, passed = np.random.default_rng(1), 0
    for _ in range(1500):
        prompts = np.where(rng.random(looks[-1]) < 0.6, 0.70, 0.03) + rng.normal(0, 0.05, looks[-1])
        told = (t_interval(prompts[:look] - 0.45) for look in looks)
        stopped = (_widened(interval, spent(look, looks)) for interval, look in zip(told, looks, strict=True))
        passed += next((low > 0 for low, high in stopped if low > 0 or high < 0), False)
    share = passed / 1500
    assert share <= most
    assert (share > 0.1) == (looks[0] == 4), "this very trial finds what it looks for"


def _widened(interval, error: float) -> tuple[float, float]:
    one = Measurement(key="x", value=interval.value, low=interval.low, high=interval.high, n=interval.n)
    wide = widened(Evidence(measurements={"x": one}, gaps={}), error).measurements["x"]
    return wide.low, wide.high


def _clear(prompts, error: float) -> bool:
    low, high = _widened(t_interval(prompts), error)
    return low > 0 or high < 0


def test_an_exact_fact_is_not_widened():
    facts = widened(evidence(4), 0.001).measurements
    assert facts["setting.rank"].low == facts["setting.rank"].high == 16
    assert facts["identity.trigger"].high > 0.75 + 0.06
    single = {key: (found.low, found.high) for key, found in widened(evidence(1), 0.001).measurements.items()}
    assert single == {key: (found.low, found.high) for key, found in evidence(1).measurements.items()}, "of one there is no width"


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=16), st.floats(0.001, 0.2))
def test_a_widened_interval_is_the_one_that_the_prompts_themselves_give_at_that_error(prompts, error):
    assume(np.std(prompts) > 1e-6)
    found = t_interval(np.array(prompts))
    one = Measurement(key="x", value=found.value, low=found.low, high=found.high, n=found.n)
    wide = widened(Evidence(measurements={"x": one}, gaps={}), error).measurements["x"]
    expected = stats.ttest_1samp(prompts, 0).confidence_interval(1 - error)
    assert (wide.value, wide.n) == (one.value, one.n)
    assert (wide.low, wide.high) == pytest.approx(tuple(expected), rel=1e-9, abs=1e-9)


def test_a_cause_that_only_wide_intervals_lose_is_not_settled_though_another_one_stays():
    """The class word's pictures convict the regularisation either way; backgrounds near their line convict the set as well."""
    near = {"bleed__class": (0.6, 0.02), "obedience__background": (-0.3, 0.09)}
    wide = widened(evidence(4, **near), spent(4, THREE))
    causes = [
        {finding.cause for finding in judge(found, WEIGHTS).findings if finding.status == "present"}
        for found in (evidence(4, **near), wide)
    ]
    assert causes == [{"missing-regularisation", "low-diversity-dataset"}, {"missing-regularisation"}]
    assert not settled(evidence(4, **near), 4, WEIGHTS)
    assert settled(evidence(4, **near | {"obedience__background": (-0.3, 0.01)}), 4, WEIGHTS)


@pytest.mark.parametrize(("cut_bleed", "stands"), [(-0.09, False), (-0.2, True)])
def test_the_same_pictures_of_another_cause_are_another_answer(cut_bleed, stands):
    """Cut to the band's rank it leaks less, clearly or clearly by a hair: the symptoms and the verdict are the same."""
    cut = {"rank__truncated-bleed": (cut_bleed, 0.035), "rank__truncated-identity": (0.23, 0.04)}
    found = evidence(4, bleed__class=(0.6, 0.02), setting__rank=(64, 0), identity__trigger=(0.1, 0.02), **cut)
    found = found.model_copy(update={"bands": load_profile("flux1-dev").bands})
    now, careful = judge(found, WEIGHTS), judge(widened(found, spent(4, THREE)), WEIGHTS)
    assert (now.verdict, now.symptoms) == (careful.verdict, careful.symptoms)
    assert settled(found, 4, WEIGHTS) == stands


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
OBEYED = ("obedience.background", "obedience.outfit")
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


QUICK, _ = load_suite("quick")
ASKED = frozenset({"identity.trigger", "trigger.effect", "bleed.class", "consistency.trigger"})
LOSSES = {f"losses:{split}/{prompt}": 200 for split in ("training", "held-out") for prompt in ("trigger", "class")}
PARTS = dict.fromkeys(parts_of(QUICK) - {"losses:"}, 320) | LOSSES
PLAN = Plan(PARTS, (4, 8), WEIGHTS, ASKED)
CORE = {"trigger", "class", "base", "trigger-base"}


def test_what_a_verdict_needs_comes_first_on_the_first_prompts():
    assert PLAN.first() == dict.fromkeys(sorted(CORE), 4)


def rounds(plan: Plan = PLAN, **changed: tuple[float, float]) -> list[Drawn]:
    """What is drawn in all after each round, of a LoRA whose numbers are these; look 4 tells the same as look 8."""
    found, following = [], plan.first()
    while not found or following != found[-1]:
        found.append(following)
        following = plan.after(without(*plan.undrawn(following), **changed), following)
    return found


def test_what_a_cause_lacks_comes_next_and_a_settled_verdict_draws_no_more():
    """No weights are fitted for the training set, so its own rule asks for backgrounds and outfits, and like that of the steps
    for two losses; only where the gap is small does that one ask whether more strength helps."""
    asked = CORE | {"contrast", "contrast-base", "losses:training/trigger", "losses:held-out/trigger"}
    *_, last = rounds(**STRANGER)
    assert last.keys() == asked
    assert set(last.values()) == {4}
    *_, last = rounds(**STRANGER, loss__gap=(8, 1))
    assert last.keys() == asked | {"trigger/strength-1.5"}


@pytest.mark.parametrize("leaves", ["contrast", "others:animal", "others:object", "others:scene", "others:group"])
def test_nobody_is_called_healthy_of_whom_a_symptom_was_not_asked(leaves):
    """Backgrounds, outfits and stray faces too, whatever the causes say: a LoRA may be bad in those alone."""
    *_, last = rounds()
    assert judge(without(*PLAN.undrawn(last)), WEIGHTS).verdict == "healthy"
    assert leaves in last


def test_symptoms_are_looked_for_when_nothing_else_is_open():
    *_, before, last = rounds()
    assert last.keys() - before.keys() >= {"others:animal", "others-base:scene", "others:group"}
    assert not any(part.startswith(("others:", "others-base:")) for part in before)


def test_where_a_number_is_in_doubt_more_prompts_come_before_anything_else():
    """They may show a symptom, and then no other is looked for."""
    doubtful = {"identity__trigger": (0.47, 0.2)}
    assert rounds(**doubtful)[:2] == [dict.fromkeys(sorted(CORE), 4), dict.fromkeys(sorted(CORE), 8)]


def test_what_tells_the_most_for_its_passes_is_drawn_alone_and_may_make_the_rest_needless():
    """Open at .3 of bleed. Other people cost 1,280 passes for 1.2 log-odds, the held-out losses 200 for .8."""
    open_ = {"bleed__class": (0.3, 0.0), "loss__heldout-gain": (9, 0.0)} | STRANGER
    first, second, *_ = rounds(**open_)
    assert second.keys() - first.keys() == {"losses:held-out/trigger"}
    kinder = BLEEDS.model_copy(update={"intercept": -1.5})
    plan = Plan(PARTS, (4, 8), WEIGHTS.model_copy(update={"causes": (kinder,)}), ASKED)
    assert "others:woman" not in rounds(plan, **open_)[-1]


@pytest.mark.parametrize(("look", "cheapest"), [(4, "others:woman"), (8, "losses:held-out/trigger")])
def test_pictures_cost_as_many_prompts_as_a_look_asks_for_and_photos_are_always_read_at_once(look, cheapest):
    """Other people: 1.2 log-odds for a quarter of 800 passes, then for half of them. The held-out losses: .8 for 200 passes."""
    costs = PARTS | dict.fromkeys(parts_for(["bleed.same-sex"], PARTS) - CORE, 200)
    plan, drawn = Plan(costs, (4, 8, 16), WEIGHTS, ASKED), dict.fromkeys(CORE, look)
    open_ = {"bleed__class": (0.3, 0.0), "loss__heldout-gain": (9, 0.0)} | STRANGER
    following = plan.after(without(*plan.undrawn(drawn), **open_), drawn)
    assert following.keys() > drawn.keys()
    assert cheapest in following
    assert ("losses:held-out/trigger" in following) != ("others:woman" in following)
    assert set(following.values()) == {look}


@pytest.mark.parametrize(
    ("keys", "first"), [(("same-sex",), "losses:held-out/trigger"), (("same-sex", "other-sex"), "others:man")]
)
def test_pictures_that_answer_two_questions_are_worth_both(keys, first):
    """Men and women are the same pictures for either: 0.8 log-odds for 320 passes lose to 0.8 for 200, and 1.6 do not."""
    weights = (
        *BLEEDS.weights[:1],
        BLEEDS.weights[-1],
        *(Weight(key=f"bleed.{key}", line=0.25, scale=0.1, weight=0.4) for key in keys),
    )
    calibration = WEIGHTS.model_copy(update={"causes": (BLEEDS.model_copy(update={"weights": weights}),)})
    costs = PARTS | dict.fromkeys(parts_for(["bleed.same-sex"], PARTS) - CORE, 160)
    plan, drawn = Plan(costs, (4, 8), calibration, ASKED), dict.fromkeys(CORE, 4)
    open_ = {"bleed__class": (0.3, 0.0), "loss__heldout-gain": (9, 0.0)} | STRANGER
    following = plan.after(without(*plan.undrawn(drawn), **open_), drawn)
    asked = {"losses:held-out/trigger", "others:man"} & following.keys()
    assert asked == {first}


def test_more_prompts_read_no_photo_again():
    drawn = dict.fromkeys([*CORE, "losses:held-out/trigger"], 4)
    following = PLAN.after(without(*PLAN.undrawn(drawn), identity__trigger=(0.47, 0.2)), drawn)
    assert following == dict.fromkeys(CORE, 8) | {"losses:held-out/trigger": 4}


def test_a_verdict_that_a_cause_alone_keeps_open_is_as_open_with_more_prompts():
    """The pictures look right and every number is clear; a moderate cause is named all the same."""
    heard = tuple(Weight(key=key, line=0, scale=9, weight=0.1) for key in ("identity.trigger", "loss.gap"))
    named = CauseWeights(target="wrong-step-count:over", intercept=3, positives=9, negatives=9, weights=heard)
    weights = WEIGHTS.model_copy(update={"causes": (named,), "prior": {named.target: 0.5}})
    assert judge(evidence(4), weights).verdict == "undetermined"
    assert settled(evidence(4), 4, weights)


def test_a_fault_that_rests_on_a_doubt_goes_on_for_more_prompts_may_clear_it():
    """Likeness near its line, and a cause for it: faulty, and with any width that a look may ask for faulty too."""
    heard = (Weight(key="loss.gap", line=0, scale=9, weight=1),)
    named = CauseWeights(target="wrong-step-count:over", intercept=3, positives=9, negatives=9, weights=heard)
    weights = WEIGHTS.model_copy(update={"causes": (named,)})
    near = evidence(4, identity__trigger=(0.47, 0.1))
    assert (judge(near, weights).verdict, judge(near, weights).symptoms) == ("faulty", ())
    assert not settled(near, 4, weights)


def test_other_people_are_asked_for_whatever_the_class_word_says():
    assert Plan(PARTS, (4, 8), None).first().keys() >= CORE | {
        "others:man",
        "others:woman",
        "others:group",
        "others-base:group",
    }


def test_a_suite_that_asks_for_none_of_a_verdicts_needs_is_drawn_whole():
    plan = Plan({"both": 320, "description": 320}, (4, 8), None, ASKED)
    assert plan.first() == {"both": 8, "description": 8}


@pytest.mark.parametrize(("suite", "looks"), [("quick", (8,)), ("full", (8, 16)), ("captionless", (6,))])
def test_a_suite_is_looked_at_after_eight_and_sixteen_prompts_as_far_as_it_goes(suite, looks):
    assert looks_of(load_suite(suite)[0]) == looks
