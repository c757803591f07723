"""Evidence as tables, and what each rule says of it: what fires it, what comes close and stays silent, what it cannot tell."""

from collections.abc import Mapping

from fluxdiag.profiles import load_profile
from fluxdiag.records import Evidence, Measurement

Numbers = Mapping[str, float | tuple[float, float, float]]


def evidence_of(numbers: Numbers) -> Evidence:
    """An exact fact is a number, an estimate is (value, low, high)."""
    intervals = {key: number if isinstance(number, tuple) else (number,) * 3 for key, number in numbers.items()}
    measurements = {key: Measurement(key=key, value=v, low=low, high=high, n=8) for key, (v, low, high) in intervals.items()}
    profile = load_profile("flux1-dev")
    return Evidence(measurements=measurements, gaps={}, bands=profile.bands, step_formula=profile.step_formula)


# References give the scale of likeness; without identity.ceiling the lines of the trigger's own scale apply.
SCALE = {"identity.ceiling": (0.85, 0.83, 0.87)}

TRIGGER_WORKS = SCALE | {"trigger.effect": (0.45, 0.35, 0.55), "loss.binding": (4.4, 3.5, 5.3)}
TRIGGER_DEAD = SCALE | {"trigger.effect": (0.05, 0.00, 0.10), "loss.binding": (0.3, -0.2, 0.8)}
DESCRIBED = {"captions.appearance-share": 1.0, "captions.appearance-phrases": 4.0}
DESCRIPTION_ACTS = {"description.effect": (0.25, 0.18, 0.32)}

WEAK_TRIGGER = SCALE | {"trigger.effect": (0.05, 0.0, 0.1)}
APPEARS = {"captionless.identity": (0.7, 0.6, 0.8)}
MISSING_ANYWAY = {"captionless.identity": (0.1, 0.0, 0.2)}

THERE = SCALE | {"identity.trigger": (0.62, 0.55, 0.69)}
HALF_THERE = SCALE | {"identity.trigger": (0.30, 0.22, 0.38)}
CLEAN = {"bleed.class": (0.12, 0.05, 0.19)}
LEAKS = SCALE | {"bleed.class": (0.55, 0.45, 0.65)}
BY_HEART = {"loss.gap": (55.0, 48.0, 62.0), "loss.heldout-gain": (-9.0, -12.0, -6.0)}
GAP_SOUND = {"loss.gap": (18.0, 14.0, 22.0), "loss.heldout-gain": (4.0, 2.0, 6.0)}
GAP_HARM = {"loss.gap": (26.0, 22.0, 30.0), "loss.heldout-gain": (-6.0, -11.0, -1.0)}
GAP_SMALL = {"loss.gap": (8.0, 6.0, 10.0)}
CUT_HELPS = {"rank.truncated-bleed": (-0.3, -0.4, -0.2), "rank.truncated-identity": (0.0, -0.05, 0.05)}
KNOWN_WORD = {"consistency.trigger-base": (0.4, 0.3, 0.5)}
HOLLOW = {"loss.training-gain": (30.0, 24.0, 36.0), "loss.heldout-gain": (-1.0, -4.0, 2.0), "loss.gap": (31.0, 25.0, 37.0)}
OWN_LEARNT = {"loss.training-gain": (30.0, 24.0, 36.0)}
OWN_SMALL = {"loss.training-gain": (8.0, 6.0, 10.0)}
CARRIES = HOLLOW | {"loss.heldout-gain": (7.0, 4.0, 10.0)}
FALLS = {"strength.more": (-0.2, -0.3, -0.1)}
RISES = {"strength.more": (0.2, 0.1, 0.3)}
IN_DOUBT = SCALE | {"identity.trigger": (0.48, 0.35, 0.61)}
TRIGGER_IN_DOUBT = SCALE | {"trigger.effect": (0.21, 0.02, 0.40)}
OUTDONE = {"description.effect": (0.68, 0.58, 0.78), "description.advantage": (0.47, 0.25, 0.69)}

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
    ("overcaptioned-appearance", WEAK_TRIGGER | DESCRIBED | APPEARS, "present", None),  # the captionless run is the second sign
    ("overcaptioned-appearance", TRIGGER_DEAD | DESCRIBED | MISSING_ANYWAY, "unknown", None),  # something else is wrong as well
    ("overcaptioned-appearance", TRIGGER_DEAD | DESCRIBED | DESCRIPTION_ACTS | MISSING_ANYWAY, "present", None),
    ("overcaptioned-appearance", DESCRIBED | APPEARS, "unknown", None),  # the trigger was not looked at
    # the trigger's effect is in doubt, and the description brings clearly more of the person
    ("overcaptioned-appearance", TRIGGER_IN_DOUBT | DESCRIBED | OUTDONE, "present", None),
    (
        "overcaptioned-appearance",
        TRIGGER_IN_DOUBT | DESCRIBED | OUTDONE | {"description.advantage": (0.3, 0.1, 0.5)},
        "unknown",
        None,
    ),
    ("overcaptioned-appearance", TRIGGER_IN_DOUBT | OUTDONE | {"captions.appearance-share": 0.1}, "absent", None),
    ("overcaptioned-appearance", TRIGGER_WORKS | DESCRIBED | OUTDONE, "absent", None),
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
    ("wrong-step-count", HALF_THERE | CLEAN | GAP_SMALL | RISES, "present", "under"),
    # without other photos its gain on its own tells the same
    ("wrong-step-count", HALF_THERE | CLEAN | OWN_SMALL | RISES, "present", "under"),
    ("wrong-step-count", HALF_THERE | CLEAN | OWN_LEARNT | RISES | {"setting.exposure-ratio": 0.2}, "unknown", None),
    ("wrong-step-count", HALF_THERE | CLEAN | OWN_SMALL | GAP_SOUND | RISES, "unknown", None),  # the gap goes before
    ("wrong-step-count", HALF_THERE | CLEAN | GAP_SMALL, "unknown", None),  # a gap is as large as its base makes it
    # the likeness itself is in doubt: gap, steps and strength have to agree
    ("wrong-step-count", IN_DOUBT | CLEAN | GAP_SMALL | RISES | {"setting.exposure-ratio": 0.2}, "present", "under"),
    ("wrong-step-count", IN_DOUBT | CLEAN | GAP_SMALL | RISES, "unknown", None),
    ("wrong-step-count", IN_DOUBT | CLEAN | GAP_SMALL | {"setting.exposure-ratio": 0.2}, "unknown", None),
    ("wrong-step-count", IN_DOUBT | CLEAN | GAP_SOUND | RISES | {"setting.exposure-ratio": 0.2}, "unknown", None),
    ("wrong-step-count", THERE | CLEAN | GAP_SMALL | RISES | {"setting.exposure-ratio": 0.2}, "absent", None),
    ("wrong-step-count", THERE | LEAKS | BY_HEART | {"setting.exposure-ratio": 3.0}, "present", "over"),
    # by heart, and more strength only hurts: no bleed is needed
    ("wrong-step-count", {"identity.trigger": (0.5, 0.4, 0.6), "loss.gap": (55.0, 48.0, 62.0)} | FALLS, "present", "over"),
    # without a dataset: shown too often, and more strength only hurts
    ("wrong-step-count", HALF_THERE | FALLS | {"setting.exposure-ratio": 4.0}, "present", "over"),
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
    # the likeness is in doubt: more strength has to bring more of the person
    ("wrong-rank", HALF_THERE | OWN_SMALL | {"setting.rank": 4, "setting.exposure-ratio": 1.0}, "present", "low"),
    ("wrong-rank", IN_DOUBT | GAP_SMALL | RISES | {"setting.rank": 4, "setting.exposure-ratio": 1.0}, "present", "low"),
    ("wrong-rank", IN_DOUBT | GAP_SMALL | {"setting.rank": 4, "setting.exposure-ratio": 1.0}, "unknown", None),
    ("wrong-rank", IN_DOUBT | GAP_SOUND | RISES | {"setting.rank": 4, "setting.exposure-ratio": 1.0}, "unknown", None),
    ("wrong-rank", IN_DOUBT | GAP_SMALL | RISES | {"setting.rank": 16, "setting.exposure-ratio": 1.0}, "absent", None),
    (
        "wrong-rank",
        THERE | LEAKS | {"setting.rank": 128, "setting.exposure-ratio": 1.0, "setting.regularisation-images": 100},
        "present",
        "high",
    ),
    # cut down to the band it leaks less and the person stays, whatever the settings are; or it leaks as before
    ("wrong-rank", LEAKS | {"setting.rank": 128} | CUT_HELPS, "present", "high"),
    ("wrong-rank", LEAKS | {"setting.rank": 128} | CUT_HELPS | {"rank.truncated-bleed": (0.0, -0.04, 0.04)}, "absent", None),
    ("wrong-rank", LEAKS | {"setting.rank": 128} | CUT_HELPS | {"rank.truncated-identity": (-0.3, -0.4, -0.2)}, "unknown", None),
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
    ("inert-lora", {"file.modules": 150, "file.left-out": 0.5, "drift.unrelated": (0.05, 0.03, 0.07)}, "present", None),
    # one layer of three hundred that the base has no place for
    ("inert-lora", {"file.modules": 303, "file.left-out": 0.003, "drift.unrelated": (0.05, 0.03, 0.07)}, "absent", None),
    ("inert-lora", {"drift.unrelated": (0.0, 0.0, 0.0001), "loss.heldout-gain": (0.0, -0.01, 0.01)}, "present", None),
    ("inert-lora", {"drift.unrelated": (0.05, 0.03, 0.07), "file.modules": 304}, "absent", None),
    # unrelated pictures stay as they were, as they should, while the loss moves
    ("inert-lora", {"drift.unrelated": (0.001, 0.0, 0.0015), "loss.heldout-gain": (4.0, 3.0, 5.0)}, "absent", None),
    ("inert-lora", {"drift.unrelated": (0.03, 0.0, 0.06), "description.effect": (0.46, 0.29, 0.64)}, "absent", None),
    ("inert-lora", {"drift.unrelated": (0.03, 0.0, 0.06), "description.effect": (0.06, -0.1, 0.22)}, "unknown", None),
    ("inert-lora", {"loss.training-gain": (16.0, 12.0, 20.0)}, "absent", None),
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
    # ---- learning-rate
    ("learning-rate", {"setting.learning-rate": 1e-4} | BY_HEART, "absent", None),
    ("learning-rate", {"setting.learning-rate": 1e-3} | BY_HEART, "present", "high"),
    ("learning-rate", {"setting.learning-rate": 1e-3} | GAP_SOUND, "absent", None),  # hot, and no harm
    ("learning-rate", {"setting.learning-rate": 1e-5} | HALF_THERE | GAP_SMALL, "present", "low"),
    ("learning-rate", {"setting.learning-rate": 1e-5} | THERE, "absent", None),
    ("learning-rate", {"setting.learning-rate": 1.0} | BY_HEART, "absent", None),  # Prodigy
    ("learning-rate", {"setting.learning-rate": 1e-3}, "unknown", None),  # the rate alone never convicts
    ("learning-rate", {}, "unknown", None),
    # ---- known-trigger
    ("known-trigger", HALF_THERE | KNOWN_WORD, "present", None),
    ("known-trigger", THERE | KNOWN_WORD, "absent", None),  # training overcame it
    ("known-trigger", HALF_THERE | {"consistency.trigger-base": (0.02, -0.05, 0.09)}, "absent", None),
    ("known-trigger", KNOWN_WORD, "unknown", None),
    ("known-trigger", {}, "unknown", None),
    # ---- no-trigger-in-captions
    ("no-trigger-in-captions", TRIGGER_DEAD | {"captions.trigger-share": 0.0}, "present", None),
    ("no-trigger-in-captions", TRIGGER_DEAD | {"captions.trigger-share": 1.0}, "absent", None),
    ("no-trigger-in-captions", TRIGGER_WORKS | {"captions.trigger-share": 0.0}, "absent", None),
    ("no-trigger-in-captions", TRIGGER_DEAD, "unknown", None),  # a captionless training is legitimate
    ("no-trigger-in-captions", {"captions.trigger-share": 0.0}, "unknown", None),
    ("no-trigger-in-captions", {}, "unknown", None),
    # ---- wrong-base
    ("wrong-base", HALF_THERE | {"file.other-base": 1.0}, "present", None),
    ("wrong-base", THERE | {"file.other-base": 1.0}, "absent", None),
    ("wrong-base", HALF_THERE | {"file.other-base": 0.0}, "absent", None),
    ("wrong-base", {"file.other-base": 1.0}, "unknown", None),
    ("wrong-base", HALF_THERE, "unknown", None),  # the file names no base: that clears nobody
    ("wrong-base", THERE, "absent", None),  # whatever it was trained on
    ("wrong-base", {}, "unknown", None),
    # ---- second signs: each of them alone is enough beside the first, and none without it
    ("overcaptioned-appearance", WEAK_TRIGGER | DESCRIBED | {"loss.description": (3.0, 2.0, 4.0)}, "present", None),
    ("overcaptioned-appearance", WEAK_TRIGGER | DESCRIBED | DESCRIPTION_ACTS, "present", None),
    ("overcaptioned-appearance", SCALE | DESCRIBED | DESCRIPTION_ACTS | APPEARS, "unknown", None),  # nothing of the trigger
    ("overcaptioned-appearance", TRIGGER_DEAD | DESCRIPTION_ACTS, "unknown", None),  # the captions are not known
    # the pictures decide where picture and loss disagree
    (
        "overcaptioned-appearance",
        WEAK_TRIGGER | DESCRIBED | DESCRIPTION_ACTS | {"loss.binding": (4.4, 3.5, 5.3)},
        "present",
        None,
    ),
    ("overcaptioned-appearance", DESCRIBED | {"loss.binding": (4.4, 3.5, 5.3)}, "absent", None),
    ("low-diversity-dataset", {"obedience.outfit": (-0.6, -0.8, -0.4)}, "present", None),
    ("low-diversity-dataset", {"loss.gap": (100.0, 85.0, 115.0)}, "unknown", None),  # too many steps do that too
    ("low-diversity-dataset", {"loss.gap": (100.0, 85.0, 115.0), "loss.face-share": (-9.0, -11.0, -7.0)}, "present", None),
    ("low-diversity-dataset", {"loss.face-share": (-9.0, -11.0, -7.0)}, "unknown", None),
    ("low-diversity-dataset", {"loss.face-share": (-9.0, -11.0, -7.0), "dataset.effective-images": 1.2}, "present", None),
    ("low-diversity-dataset", {"loss.binding": (-3.0, -4.0, -2.0), "dataset.effective-images": 1.2}, "unknown", None),
    ("low-diversity-dataset", OBEYS, "absent", None),
    # six outfits never put a whole interval past the line: the estimate has to lie well, and a loss gap does not look at outfits
    ("low-diversity-dataset", OBEYS | {"obedience.outfit": (0.0, -0.3, 0.3)} | GAP_SOUND, "absent", None),
    ("low-diversity-dataset", OBEYS | {"obedience.outfit": (-0.167, -0.52, 0.27)} | GAP_SOUND, "absent", None),  # one of six
    ("low-diversity-dataset", OBEYS | {"obedience.outfit": (-0.333, -0.74, 0.24)} | GAP_SOUND, "unknown", None),  # two of six
    ("low-diversity-dataset", OBEYS | {"obedience.outfit": (-0.833, -1.0, -0.12)} | GAP_SOUND, "unknown", None),  # five of six
    ("low-diversity-dataset", {"obedience.background": (0.0, -0.1, 0.1)} | GAP_SOUND, "unknown", None),  # outfits were not asked
    ("low-diversity-dataset", {"obedience.background": (0.0, -0.1, 0.1)}, "unknown", None),  # outfits and losses were not asked
    ("low-diversity-dataset", {"obedience.outfit": (0.0, -0.15, 0.15)} | GAP_SOUND, "unknown", None),
    ("low-diversity-dataset", OBEYS | {"dataset.effective-images": 1.2}, "unknown", None),
    # a set worth one picture, of which nothing holds for other photos, and a weak likeness: all three
    ("low-diversity-dataset", OBEYS | HALF_THERE | HOLLOW | {"dataset.effective-images": 1.2}, "present", None),
    ("low-diversity-dataset", OBEYS | IN_DOUBT | HOLLOW | {"dataset.effective-images": 1.2}, "present", None),
    ("low-diversity-dataset", OBEYS | THERE | HOLLOW | {"dataset.effective-images": 1.2}, "unknown", None),
    # without other photos: much was learnt of its own, and the person is missing all the same
    ("low-diversity-dataset", OBEYS | HALF_THERE | OWN_LEARNT | {"dataset.effective-images": 1.2}, "present", None),
    ("low-diversity-dataset", HALF_THERE | OWN_LEARNT | {"dataset.effective-images": 9.0}, "unknown", None),
    ("low-diversity-dataset", HALF_THERE | OWN_LEARNT, "unknown", None),
    ("low-diversity-dataset", OBEYS | IN_DOUBT | OWN_LEARNT | {"dataset.effective-images": 1.2}, "unknown", None),
    ("low-diversity-dataset", OBEYS | HALF_THERE | OWN_SMALL | {"dataset.effective-images": 1.2}, "unknown", None),
    ("low-diversity-dataset", OBEYS | HALF_THERE | HOLLOW | {"dataset.effective-images": 9.0}, "absent", None),  # over-captioned
    ("low-diversity-dataset", OBEYS | HALF_THERE | CARRIES | {"dataset.effective-images": 1.2}, "unknown", None),
    ("low-diversity-dataset", OBEYS | HALF_THERE | {"dataset.effective-images": 1.2, "loss.heldout-gain": -1.0}, "unknown", None),
    ("low-diversity-dataset", OBEYS | {"loss.gap": (100.0, 85.0, 115.0)}, "unknown", None),
    (
        "wrong-step-count",
        HALF_THERE | CLEAN | {"setting.exposure-ratio": 0.2},
        "present",
        "under",
    ),  # no losses: the settings agree
    ("wrong-step-count", HALF_THERE | {"loss.gap": (18.0, 14.0, 22.0), "setting.exposure-ratio": 0.2}, "unknown", None),
    ("wrong-step-count", HALF_THERE | {"loss.gap": (11.0, 8.0, 14.0), "setting.exposure-ratio": 1.0}, "unknown", None),
    ("wrong-step-count", HALF_THERE | GAP_SMALL | RISES | {"setting.exposure-ratio": 1.0}, "present", "under"),
    ("wrong-step-count", HALF_THERE | GAP_SMALL | {"setting.exposure-ratio": 1.0}, "unknown", None),
    ("wrong-step-count", HALF_THERE | RISES | {"setting.exposure-ratio": 1.0}, "unknown", None),
    ("wrong-step-count", HALF_THERE | GAP_SMALL | LEAKS, "unknown", None),  # the person was learnt after all, and comes uncalled
    ("wrong-step-count", GAP_SMALL | {"setting.exposure-ratio": 0.2}, "unknown", None),
    # by heart, and one more sign of it, whichever
    ("wrong-step-count", {"loss.gap": (55.0, 48.0, 62.0)}, "unknown", None),
    ("wrong-step-count", BY_HEART, "present", "over"),
    ("wrong-step-count", {"loss.gap": (55.0, 48.0, 62.0)} | LEAKS, "present", "over"),
    # little variety is no sign: sound LoRAs have .23 to .68
    ("wrong-step-count", {"loss.gap": (55.0, 48.0, 62.0), "variety.within-prompt": (0.4, 0.3, 0.5)}, "unknown", None),
    # whatever the gap: the person is there and stays away, and others' photos got worse, or strength only hurts
    ("wrong-step-count", THERE | CLEAN | GAP_HARM, "present", "over"),
    ("wrong-step-count", THERE | CLEAN | FALLS, "present", "over"),
    ("wrong-step-count", THERE | LEAKS | GAP_HARM, "unknown", None),  # no regularisation harms them too
    ("wrong-step-count", HALF_THERE | CLEAN | GAP_HARM, "unknown", None),  # and so do captions that say it all
    ("wrong-step-count", THERE | CLEAN | GAP_HARM | {"loss.heldout-gain": (-3.0, -7.0, 1.0)}, "absent", None),
    # shown too often, and nothing says that it did no harm
    ("wrong-step-count", THERE | CLEAN | {"setting.exposure-ratio": 3.0}, "unknown", None),
    ("wrong-step-count", THERE | CLEAN | GAP_SOUND | {"setting.exposure-ratio": 3.0}, "absent", None),
    # without losses the settings have to say it
    ("wrong-step-count", LEAKS | {"setting.exposure-ratio": 4.0, "setting.regularisation-images": 100}, "present", "over"),
    ("wrong-step-count", LEAKS | {"setting.exposure-ratio": 4.0}, "unknown", None),  # missing regularisation leaks, too
    ("wrong-step-count", {"variety.within-prompt": (0.4, 0.3, 0.5), "setting.exposure-ratio": 4.0}, "unknown", None),
    ("wrong-step-count", LEAKS | {"setting.exposure-ratio": 4.0, "loss.gap": (38.0, 30.0, 46.0)}, "unknown", None),
    ("wrong-step-count", LEAKS | FALLS, "unknown", None),
    # at the right number of steps another cause explains it: no regularisation, or photos too much alike
    ("wrong-step-count", BY_HEART | DISOBEYS | {"setting.exposure-ratio": 1.0}, "unknown", None),
    ("wrong-step-count", BY_HEART | DISOBEYS | {"setting.exposure-ratio": 3.0}, "present", "over"),
    ("wrong-step-count", BY_HEART | {"setting.exposure-ratio": 1.0, "setting.regularisation-images": 100}, "present", "over"),
    ("wrong-step-count", THERE | CLEAN, "absent", None),
    ("wrong-step-count", THERE | GAP_SOUND, "absent", None),
    ("wrong-step-count", THERE, "unknown", None),
    ("wrong-step-count", CLEAN | GAP_SOUND, "unknown", None),
    ("wrong-step-count", THERE | CLEAN | {"loss.gap": (55.0, 48.0, 62.0)}, "unknown", None),
    ("wrong-rank", HALF_THERE | {"setting.rank": 4, "setting.exposure-ratio": 1.0}, "unknown", None),
    ("wrong-rank", GAP_SMALL | {"setting.rank": 4, "setting.exposure-ratio": 1.0}, "unknown", None),
    ("wrong-rank", {"setting.rank": 128, "setting.exposure-ratio": 1.0, "setting.regularisation-images": 100}, "unknown", None),
    (
        "wrong-rank",
        BY_HEART | {"setting.rank": 128, "setting.exposure-ratio": 1.0, "setting.regularisation-images": 100},
        "present",
        "high",
    ),
    (
        "wrong-rank",
        LEAKS | {"setting.rank": 128, "setting.exposure-ratio": 3.0, "setting.regularisation-images": 100},
        "unknown",
        None,
    ),
    ("wrong-rank", THERE | {"setting.rank": 64}, "unknown", None),  # whether it leaks was not asked
    ("wrong-rank", THERE | CLEAN, "absent", None),  # whatever its rank, it did no harm
    # two estimates, of which neither says that nothing moves
    ("inert-lora", {"drift.unrelated": (0.001, 0.0, 0.0015)}, "present", None),
    ("inert-lora", {"drift.unrelated": (0.001, 0.0, 0.0015), "loss.heldout-gain": (-4.0, -5.0, -3.0)}, "absent", None),
    ("inert-lora", {"drift.unrelated": (0.001, 0.0, 0.0015), "loss.heldout-gain": (0.0, -0.2, 0.05)}, "unknown", None),
    ("inert-lora", {"drift.unrelated": (0.001, 0.0, 0.0015), "loss.heldout-gain": (0.0, -0.05, 0.2)}, "unknown", None),
    ("inert-lora", {"loss.heldout-gain": (0.0, -0.01, 0.01)}, "unknown", None),  # no picture was compared
    ("inert-lora", {"bleed.class": (0.2, 0.1, 0.3)}, "absent", None),
    ("inert-lora", {"trigger.effect": (0.2, 0.1, 0.3)}, "absent", None),
    ("inert-lora", {"trigger.effect": (-0.2, -0.3, -0.1)}, "unknown", None),
    ("missing-regularisation", {"bleed.same-sex": (0.6, 0.55, 0.65), "setting.regularisation-images": 0}, "present", None),
    (  # the class word's pictures are clean, those of other people are not
        "missing-regularisation",
        SCALE | CLEAN | {"bleed.same-sex": (0.6, 0.55, 0.65), "setting.regularisation-images": 0},
        "present",
        None,
    ),
    ("missing-regularisation", {"setting.regularisation-images": 100}, "absent", None),
    ("learning-rate", {"setting.learning-rate": 1e-3, "loss.gap": (55.0, 48.0, 62.0)}, "present", "high"),
    ("learning-rate", {"setting.learning-rate": 1e-3, "loss.heldout-gain": (-9.0, -12.0, -6.0)}, "present", "high"),
    ("learning-rate", {"setting.learning-rate": 1e-3, "loss.gap": (18.0, 14.0, 22.0)}, "unknown", None),
    ("learning-rate", {"setting.learning-rate": 1e-3, "loss.heldout-gain": (4.0, 2.0, 6.0)}, "unknown", None),
    ("learning-rate", {"setting.learning-rate": 1e-5} | HALF_THERE, "unknown", None),
    ("learning-rate", {"setting.learning-rate": 1e-5} | GAP_SMALL, "unknown", None),
    ("learning-rate", {"setting.learning-rate": 1e-5} | HALF_THERE | OWN_SMALL, "present", "low"),
    ("learning-rate", {"setting.learning-rate": 1e-5} | GAP_SOUND, "absent", None),
    ("known-trigger", KNOWN_WORD | WEAK_TRIGGER, "present", None),  # the person stays weak, or the word adds nothing
    ("known-trigger", THERE, "absent", None),
    ("known-trigger", HALF_THERE | {"consistency.trigger-base": (0.2, 0.1, 0.3)}, "unknown", None),
    ("no-trigger-in-captions", TRIGGER_WORKS, "absent", None),
    ("wrong-base", HALF_THERE, "unknown", None),
    ("wrong-base", THERE, "absent", None),
]
