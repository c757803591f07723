"""What could still change the verdict or the first cause, and that what is left out really can not."""

import numpy as np
import pytest
from test_stopping import OBEYED, STRANGER, WEIGHTS, without

from fluxdiag.diagnose import judge
from fluxdiag.gathering.wanted import lacking, moving, pivotal, symptoms
from fluxdiag.instruments.parts import made_from
from fluxdiag.profiles import load_profile
from fluxdiag.records import Evidence, Measurement
from fluxdiag.registry import Rule, rules
from fluxdiag.weighing.calibration import Calibration, CauseWeights, Weight
from fluxdiag.weighing.speaking import HEARINGS

LOSSES = frozenset(key for key in made_from() if key.startswith("loss."))
PEOPLE = frozenset({"bleed.same-sex", "bleed.other-sex", "bleed.group"})


def wanted(found: Evidence, undrawn, weights=WEIGHTS) -> frozenset[str]:
    diagnosis = judge(found, weights)
    causes = moving(found, undrawn, weights).keys() | lacking(found, diagnosis, undrawn)
    return causes | symptoms(diagnosis, undrawn)


# ------------------------------------------------------------------------------------------------ fitted causes


def test_a_cause_that_nothing_could_make_present_asks_for_nothing():
    """Log-odds -3 by the bleed; what is missing could add 2 times .6 and 2 times .4, and 1.4 are needed with this prior."""
    assert not moving(without(*PEOPLE, *LOSSES, **STRANGER), PEOPLE | LOSSES, WEIGHTS)


def test_a_cause_that_might_come_out_either_way_asks_for_all_that_would_move_it_and_knows_how_far():
    open_ = without(*PEOPLE, "loss.heldout-gain", bleed__class=(0.3, 0.02))
    assert moving(open_, PEOPLE | {"loss.heldout-gain"}, WEIGHTS) == pytest.approx(
        {"bleed.same-sex": 1.2, "loss.heldout-gain": 0.8}
    )


def test_without_weights_nothing_is_fitted():
    assert moving(without(*PEOPLE, bleed__class=(0.3, 0.02)), PEOPLE, None) == {}


def two(regularisation: tuple[float, float], steps: tuple[float, float]) -> Calibration:
    """Two causes, each (log-odds by what was measured, weight of the one key that was not)."""
    measured = {"missing-regularisation": ("bleed.class", 0.05), "wrong-step-count:over": ("loss.gap", 18)}
    causes = []
    for (target, (key, at)), (odds, weight), other in zip(
        measured.items(), (regularisation, steps), ("bleed.same-sex", "strength.less"), strict=True
    ):
        weights = (Weight(key=key, line=at, scale=9, weight=1), Weight(key=other, line=0, scale=1, weight=weight))
        causes.append(CauseWeights(target=target, intercept=odds, positives=9, negatives=9, weights=weights))
    return WEIGHTS.model_copy(update={"causes": tuple(causes)})


PEOPLE_KEY, STRENGTH_KEY = "bleed.same-sex", "strength.less"
CONTESTED = {
    "each may come first": (two((5, 0.4), (4.5, 0.2)), {PEOPLE_KEY: 0.8, STRENGTH_KEY: 0.4}),
    "the other way round": (two((4, 0.4), (5, 0.2)), {PEOPLE_KEY: 0.8, STRENGTH_KEY: 0.4}),
    "they just meet": (two((5, 0.5), (3.5, 0.25)), {PEOPLE_KEY: 1.0, STRENGTH_KEY: 0.5}),
    "they just do not": (two((5, 0.5), (3.375, 0.25)), {}),
    "one is first whatever comes": (two((6, 0.4), (3, 0.2)), {}),
    "the other is": (two((2.9, 0.4), (5, 0.2)), {}),
    "one can not be": (two((5, 0.4), (-3, 0.2)), {}),
    "none can be": (two((0.2, 0.4), (-3, 0.2)), {}),
    "one is open, and the other can not be though they meet": (two((2.0, 0.4), (0.9, 0.2)), {PEOPLE_KEY: 0.8}),
    "one is open far below the first": (two((8, 0.4), (1.4, 0.2)), {STRENGTH_KEY: 0.4}),
}


@pytest.mark.parametrize("kind", CONTESTED)
def test_which_of_two_causes_comes_first_is_asked_only_where_it_is_open(kind):
    """A cause is present from log-odds 1.39 on with this prior; a key moves it by twice its weight either way."""
    calibration, expected = CONTESTED[kind]
    found = without(PEOPLE_KEY, STRENGTH_KEY, **STRANGER)
    assert moving(found, {PEOPLE_KEY, STRENGTH_KEY}, calibration) == pytest.approx(expected)


def test_what_is_left_out_can_really_not_name_the_cause():
    """The reach is no estimate: with whatever numbers in the place of what was left out, the diagnosis stays."""
    missing = frozenset({"bleed.same-sex", "loss.heldout-gain"})
    rng, tried = np.random.default_rng(1), 0
    for _ in range(200):
        found = without(*missing, bleed__class=(float(rng.uniform(-0.2, 0.8)), 0.02), **STRANGER)
        if wanted(found, missing):
            continue
        tried += 1
        drawn = {key: Measurement(key=key, value=v, low=v, high=v, n=4) for key in missing for v in [float(rng.normal(0, 9))]}
        more = found.model_copy(update={"measurements": found.measurements | drawn, "gaps": {}})
        assert named(more) == named(found)
    assert tried > 50


def named(found: Evidence) -> bool:
    return any(each.status == "present" for each in judge(found, WEIGHTS).findings if each.weighed)


# ------------------------------------------------------------------------------------------------ cited thresholds


BANDS = load_profile("flux1-dev").bands
BY_CAUSE = {rule.cause: rule for rule in rules()}
LOOKED_AT = (
    "identity.trigger", "trigger.effect", "bleed.class", "bleed.same-sex", "obedience.background", "drift.unrelated",
    "loss.gap", "loss.heldout-gain", "loss.binding", "loss.face-share", "loss.description", "description.effect",
    "strength.more", "variety.within-prompt", "rank.truncated-bleed", "rank.truncated-identity", "consistency.trigger-base",
)  # fmt: skip
SPREAD = {"loss": 30.0, "dataset": 4.0}
SETTINGS = {
    "setting.rank": (4, 16, 64),
    "setting.exposure-ratio": (0.3, 1.0, 2.5),
    "setting.learning-rate": (1e-5, 1e-4, 2e-3),
    "setting.regularisation-images": (0, 60),
    "captions.appearance-share": (0.0, 1.0),
    "dataset.effective-images": (1.5, 9.0),
}
FACTS = {"file.modules": 44, "file.applied-error": 0, "file.left-out": 0, "file.delta-norm": 12, "identity.ceiling": 0.9}


@pytest.mark.parametrize("rule", BY_CAUSE.values(), ids=lambda rule: rule.cause)
def test_what_a_rule_lacks_and_does_not_hang_on_changes_nothing_whatever_it_turns_out_to_be(rule):
    """Random LoRAs with random gaps: with the pivots measured or not, the rest of the gaps decides nothing."""
    rng, tried = np.random.default_rng(2), 0
    for _ in range(400):
        found = random_evidence(rng)
        said = rule.judge(found)
        pivots = pivotal(rule, found, said.lacking)
        if said.status != "unknown" or not set(said.lacking) - pivots:
            continue
        tried += 1
        asked = {key: number(key, rng) for key in pivots if rng.random() < 0.7}
        rest = {key: number(key, rng) for key in said.lacking if key not in pivots}
        assert finds(rule, found, asked) == finds(rule, found, asked | rest)
    assert (tried > 0) == (rule.cause not in HANGS_ON_ALL)


HANGS_ON_ALL = {"missing-regularisation"}
"""what it lacks here it hangs on, so nothing of it can be left out"""


def finds(rule: Rule, found: Evidence, more: dict[str, Measurement]) -> bool:
    return rule.judge(found.model_copy(update={"measurements": found.measurements | more})).status == "present"


def random_evidence(rng) -> Evidence:
    settings = {key: rng.choice(values) for key, values in SETTINGS.items()}
    facts = {key: Measurement(key=key, value=v, low=v, high=v, n=1) for key, v in (FACTS | settings).items()}
    probes = {key: number(key, rng) for key in LOOKED_AT if rng.random() < 0.6}
    return Evidence(measurements=facts | probes, gaps={}, bands=BANDS)


def number(key: str, rng) -> Measurement:
    scale = SPREAD.get(key.partition(".")[0], 0.5)
    value, half = float(rng.normal(0, scale)), float(rng.exponential(scale / 4))
    return Measurement(key=key, value=value, low=value - half, high=value + half, n=8)


def test_only_what_can_tip_a_rule_is_asked_for():
    """The gap does not stand out, so neither the trigger's loss nor anything else beside it convicts the training set."""
    set_ = BY_CAUSE["low-diversity-dataset"]
    open_ = without("loss.binding", "loss.face-share", *OBEYED)
    assert pivotal(set_, open_, {"loss.binding", *OBEYED}) == set(OBEYED)


def test_two_that_convict_together_are_both_asked_for():
    """Neither does alone: the LoRA cut down must leak less, and the person must stay."""
    missing = ("rank.truncated-bleed", "rank.truncated-identity")
    open_ = without(*missing, "loss.gap", setting__rank=(64, 0), identity__trigger=(0.3, 0.3)).model_copy(update={"bands": BANDS})
    assert pivotal(BY_CAUSE["wrong-rank"], open_, missing) == set(missing)
    assert not pivotal(BY_CAUSE["wrong-rank"], open_, ())


# ------------------------------------------------------------------------------------------------ what is shown, and symptoms


def test_the_cause_named_first_is_shown_with_a_probe_of_each_group_that_it_needs():
    """Named by settings and a trigger without effect; only the description's pictures show that the file acts."""
    effect = Weight(key="trigger.effect", line=0.3, scale=0.1, weight=-2)
    share = Weight(key="captions.appearance-share", line=0.5, scale=0.5, weight=1)
    captions = CauseWeights(target="overcaptioned-appearance", intercept=0, positives=9, negatives=9, weights=(effect, share))
    calibration = WEIGHTS.model_copy(update={"causes": (captions,)})
    missing = frozenset({"description.effect", "loss.description", "loss.binding"})
    named_ = without(*missing, trigger__effect=(0.02, 0.02), **{"captions__appearance-share": (1.0, 0.0)}, **STRANGER)
    assert judge(named_, calibration).findings[0].target == "overcaptioned-appearance"
    assert wanted(named_, missing, calibration) == {"description.effect"}
    assert wanted(named_, missing - {"description.effect"}, calibration) == {"loss.description"}


def test_a_cause_that_is_present_whatever_comes_out_asks_for_nothing_that_only_speaks_on_it():
    certain = without("bleed.same-sex", bleed__class=(0.6, 0.02), loss__heldout_gain=(0, 1))
    assert judge(certain, WEIGHTS).findings[0].target == "missing-regularisation"
    assert not wanted(certain, frozenset({"loss.heldout-gain", "description.effect", "strength.more"}))


def test_losses_are_read_to_confirm_what_looks_like_a_copy():
    copied = without("loss.gap", leak__nearest=(0.8, 0.1))
    assert "loss.gap" in wanted(copied, {"loss.gap"})
    assert "loss.gap" not in wanted(without("loss.gap"), {"loss.gap"})


def test_only_what_was_not_drawn_is_asked_for_whatever_was_found():
    """Also where a cause comes first that no weights speak of, such as a trigger that the base knows."""
    rng, firsts = np.random.default_rng(5), set()
    for _ in range(60):
        found = random_evidence(rng)
        undrawn = {key for key in LOOKED_AT if key not in found.measurements and rng.random() < 0.5}
        diagnosis = judge(found)
        assert lacking(found, diagnosis, undrawn) <= undrawn
        firsts |= {(diagnosis.findings[0].target in HEARINGS, diagnosis.findings[0].status)}
    assert (False, "present") in firsts


@pytest.mark.parametrize(
    ("verdict", "looked_for"), [("faulty", False), ("broken", False), ("healthy", True), ("undetermined", True)]
)
def test_a_symptom_more_tells_nothing_once_the_pictures_are_wrong(verdict, looked_for):
    diagnosis = judge(without(*OBEYED)).model_copy(update={"verdict": verdict})
    assert symptoms(diagnosis, {*OBEYED, "loss.gap"}) == (set(OBEYED) if looked_for else set())


def test_symptoms_are_looked_for_until_the_verdict_is_faulty():
    assert symptoms(judge(without(*OBEYED)), OBEYED) == set(OBEYED)
    assert not symptoms(judge(without(*OBEYED, **STRANGER)), OBEYED)
