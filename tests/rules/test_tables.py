"""One table a rule: what fires it, what comes close and stays silent, what it cannot tell. The remark says why."""

import pytest

# References give the scale of likeness; without identity.ceiling the lines of the trigger's own scale apply.
SCALE = {"identity.ceiling": (0.85, 0.83, 0.87)}

TRIGGER_WORKS = SCALE | {"trigger.effect": (0.45, 0.35, 0.55), "loss.binding": (4.4, 3.5, 5.3)}
TRIGGER_DEAD = SCALE | {"trigger.effect": (0.05, 0.00, 0.10), "loss.binding": (0.3, -0.2, 0.8)}
DESCRIBED = {"captions.appearance-share": 1.0, "captions.appearance-phrases": 4.0}
DESCRIPTION_ACTS = {"description.effect": (0.25, 0.18, 0.32)}

THERE = SCALE | {"identity.trigger": (0.62, 0.55, 0.69)}
HALF_THERE = SCALE | {"identity.trigger": (0.30, 0.22, 0.38)}
CLEAN = {"bleed.class": (0.12, 0.05, 0.19)}
LEAKS = {"bleed.class": (0.55, 0.45, 0.65)}
BY_HEART = {"loss.gap": (55.0, 48.0, 62.0), "loss.heldout-gain": (-9.0, -12.0, -6.0)}
GAP_SOUND = {"loss.gap": (18.0, 14.0, 22.0), "loss.heldout-gain": (4.0, 2.0, 6.0)}
GAP_SMALL = {"loss.gap": (8.0, 6.0, 10.0)}

OBEYS = {"obedience.background": (0.0, -0.1, 0.1), "obedience.outfit": (0.0, -0.15, 0.15)}
DISOBEYS = {"obedience.background": (-0.6, -0.8, -0.4)}

CASES = [
    # ---- overcaptioned-appearance
    ("overcaptioned-appearance", TRIGGER_DEAD | DESCRIBED | DESCRIPTION_ACTS, "present", None),
    ("overcaptioned-appearance", TRIGGER_DEAD | DESCRIBED, "present", None),  # pictures and losses agree
    ("overcaptioned-appearance", TRIGGER_WORKS | DESCRIBED, "absent", None),  # the settings look bad, the probe says it is fine
    ("overcaptioned-appearance", TRIGGER_DEAD | {"captions.appearance-share": 0.1}, "absent", None),
    ("overcaptioned-appearance", DESCRIBED, "unknown", None),  # captions alone never convict
    ("overcaptioned-appearance", TRIGGER_DEAD, "unknown", None),  # the captions are not known
    ("overcaptioned-appearance", SCALE | DESCRIBED | {"trigger.effect": (0.05, 0.0, 0.1)}, "unknown", None),  # one sign only
    ("overcaptioned-appearance", SCALE | DESCRIBED | {"trigger.effect": (0.2, 0.05, 0.35)}, "unknown", None),  # straddles
    ("overcaptioned-appearance", {}, "unknown", None),
    # ---- low-diversity-dataset
    ("low-diversity-dataset", DISOBEYS, "present", None),
    ("low-diversity-dataset", {"loss.gap": (100.0, 85.0, 115.0), "loss.binding": (-3.0, -4.0, -2.0)}, "present", None),
    ("low-diversity-dataset", OBEYS | GAP_SOUND, "absent", None),
    ("low-diversity-dataset", HALF_THERE, "unknown", None),  # weak likeness alone never means low diversity
    ("low-diversity-dataset", {"dataset.effective-images": 1.2}, "unknown", None),  # the set alone never convicts
    ("low-diversity-dataset", {"obedience.background": (-0.2, -0.35, -0.05)}, "unknown", None),
    ("low-diversity-dataset", {}, "unknown", None),
    # ---- wrong-step-count
    ("wrong-step-count", HALF_THERE | CLEAN | GAP_SMALL | {"setting.exposure-ratio": 0.2}, "present", "under"),
    ("wrong-step-count", HALF_THERE | CLEAN | GAP_SMALL, "present", "under"),
    ("wrong-step-count", THERE | LEAKS | BY_HEART | {"setting.exposure-ratio": 3.0}, "present", "over"),
    ("wrong-step-count", THERE | CLEAN | GAP_SOUND, "absent", None),
    (
        "wrong-step-count",
        THERE | CLEAN | GAP_SOUND | {"setting.exposure-ratio": 0.4},
        "absent",
        None,
    ),  # half the steps, twice the rate
    ("wrong-step-count", {"setting.exposure-ratio": 5.0}, "unknown", None),  # the settings alone never convict
    # the description has the person: that is over-captioning, not too few steps
    ("wrong-step-count", HALF_THERE | CLEAN | GAP_SMALL | DESCRIPTION_ACTS, "unknown", None),
    # no regularisation leaves the same marks at the right number of steps
    (
        "wrong-step-count",
        THERE | LEAKS | BY_HEART | {"setting.exposure-ratio": 1.0, "setting.regularisation-images": 0},
        "unknown",
        None,
    ),
    ("wrong-step-count", {}, "unknown", None),
    # ---- wrong-rank
    ("wrong-rank", HALF_THERE | CLEAN | GAP_SMALL | {"setting.rank": 4, "setting.exposure-ratio": 1.0}, "present", "low"),
    (
        "wrong-rank",
        THERE | LEAKS | {"setting.rank": 128, "setting.exposure-ratio": 1.0, "setting.regularisation-images": 100},
        "present",
        "high",
    ),
    ("wrong-rank", THERE | CLEAN | {"setting.rank": 64}, "absent", None),  # high rank at a lower rate: no harm
    ("wrong-rank", LEAKS | {"setting.rank": 16}, "absent", None),
    ("wrong-rank", {"setting.rank": 64}, "unknown", None),  # the rank alone never convicts
    ("wrong-rank", LEAKS | {"setting.rank": 64, "setting.regularisation-images": 0}, "unknown", None),  # explained otherwise
    ("wrong-rank", HALF_THERE | GAP_SMALL | {"setting.rank": 4, "setting.exposure-ratio": 0.2}, "unknown", None),  # too few steps
    ("wrong-rank", {}, "unknown", None),
    # ---- inert-lora
    ("inert-lora", {"file.modules": 0, "file.delta-norm": 3.0}, "present", None),
    ("inert-lora", {"file.modules": 304, "file.delta-norm": 0.0}, "present", None),
    ("inert-lora", {"file.modules": 304, "file.applied-error": 0.5}, "present", None),  # half loaded
    ("inert-lora", {"drift.unrelated": (0.0, 0.0, 0.0001), "loss.heldout-gain": (0.0, -0.01, 0.01)}, "present", None),
    ("inert-lora", {"drift.unrelated": (0.05, 0.03, 0.07), "file.modules": 304}, "absent", None),
    # unrelated pictures stay as they were, as they should, while the loss moves
    ("inert-lora", {"drift.unrelated": (0.001, 0.0, 0.0015), "loss.heldout-gain": (4.0, 3.0, 5.0)}, "absent", None),
    ("inert-lora", {"file.modules": 304, "file.delta-norm": 3.0}, "unknown", None),
    ("inert-lora", {}, "unknown", None),
    # ---- missing-regularisation
    ("missing-regularisation", SCALE | LEAKS | {"setting.regularisation-images": 0}, "present", None),
    ("missing-regularisation", SCALE | CLEAN | {"setting.regularisation-images": 0}, "absent", None),  # none used, none needed
    ("missing-regularisation", SCALE | LEAKS | {"setting.regularisation-images": 100}, "absent", None),
    ("missing-regularisation", SCALE | LEAKS, "unknown", None),
    ("missing-regularisation", {"setting.regularisation-images": 0}, "unknown", None),
    ("missing-regularisation", {}, "unknown", None),
    # .3 is bleed between the references' floor and ceiling, and is not on the trigger's own, more generous scale
    ("missing-regularisation", {"bleed.class": (0.35, 0.3, 0.4), "setting.regularisation-images": 0}, "absent", None),
    ("missing-regularisation", SCALE | {"bleed.class": (0.35, 0.3, 0.4), "setting.regularisation-images": 0}, "present", None),
]


@pytest.mark.parametrize(("cause", "numbers", "status", "direction"), CASES)
def test_a_rule_judges_as_its_table_says(judge, cause, numbers, status, direction):
    match = judge(cause, numbers)
    assert (match.status, match.direction) == (status, direction), match.because


@pytest.mark.parametrize(("cause", "numbers", "status", "direction"), CASES)
def test_only_a_present_cause_has_a_strength_and_changes(judge, cause, numbers, status, direction):
    match = judge(cause, numbers)
    assert (match.strength is not None) == (status == "present")
    assert bool(match.changes) == (status == "present")


@pytest.mark.parametrize(("cause", "numbers", "status", "direction"), CASES)
def test_every_word_rests_on_evidence(judge, cause, numbers, status, direction):
    match = judge(cause, numbers)
    assert match.because
    assert all(match.because)
    assert set(match.cites) <= set(numbers)
    assert match.cites or status == "unknown"
