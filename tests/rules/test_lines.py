"""Every line that a rule draws: a little below it one thing is said, a little above it another."""

from __future__ import annotations

import pytest
from cases import (
    CLEAN,
    CUT_HELPS,
    DESCRIBED,
    GAP_SMALL,
    HALF_THERE,
    HOLLOW,
    KNOWN_WORD,
    LEAKS,
    OBEYS,
    RISES,
    SCALE,
    THERE,
    WEAK_TRIGGER,
    evidence_of,
)  # fmt: skip

from fluxdiag.records import Band, Evidence
from fluxdiag.rules import learning_rate, lines, wrong_rank

NEAR = 0.01
"""of the line, to either side"""
HOT, COLD = {"setting.learning-rate": 1e-3}, {"setting.learning-rate": 1e-5}
WIDE, NARROW = {"setting.rank": 128}, {"setting.rank": 4}
REGULARISED = {"setting.exposure-ratio": 1.0, "setting.regularisation-images": 100}
SHOWN = {"setting.exposure-ratio": 1.0}
KNOWN_GAP = {"loss.gap": (55.0, 48.0, 62.0)}
SOUND_GAP = {"loss.gap": (18.0, 14.0, 22.0)}
ONE_IMAGE = {"dataset.effective-images": 1.2}

UNBOUND = {"loss.binding": (0.3, -0.2, 0.8)}

LINES = [
    # cause, what else is known, measurement, its line, below it, above it
    ("overcaptioned-appearance", DESCRIBED | SCALE | UNBOUND, "trigger.effect", 0.2, "present", "absent"),
    ("overcaptioned-appearance", DESCRIBED | UNBOUND, "trigger.effect", 0.35, "present", "absent"),
    ("overcaptioned-appearance", DESCRIBED | WEAK_TRIGGER, "loss.binding", 1.5, "present", "unknown"),
    ("overcaptioned-appearance", DESCRIBED | WEAK_TRIGGER, "description.effect", 0.1, "unknown", "present"),
    ("overcaptioned-appearance", DESCRIBED | {"trigger.effect": 0.05}, "description.effect", 0.2, "unknown", "present"),
    ("overcaptioned-appearance", DESCRIBED | WEAK_TRIGGER, "loss.description", 1.0, "unknown", "present"),
    ("overcaptioned-appearance", DESCRIBED | WEAK_TRIGGER, "captionless.identity", 0.45, "unknown", "present"),
    ("overcaptioned-appearance", WEAK_TRIGGER | UNBOUND, "captions.appearance-share", 0.3, "absent", "present"),
    ("low-diversity-dataset", {}, "obedience.background", -0.2, "present", "unknown"),
    ("low-diversity-dataset", {}, "obedience.outfit", -0.2, "present", "unknown"),
    ("low-diversity-dataset", {"loss.binding": -3.0}, "loss.gap", 65.0, "unknown", "present"),
    ("low-diversity-dataset", {"loss.gap": 100.0}, "loss.binding", -1.0, "present", "unknown"),
    ("low-diversity-dataset", {"loss.gap": 100.0}, "loss.face-share", -5.0, "present", "unknown"),
    ("low-diversity-dataset", {"loss.face-share": -9.0}, "dataset.effective-images", 2.0, "present", "unknown"),
    ("wrong-step-count", CLEAN | GAP_SMALL | RISES, "identity.trigger", 0.45, "present", "absent"),
    ("wrong-step-count", HALF_THERE | GAP_SMALL, "strength.more", 0.05, "unknown", "present"),
    ("wrong-step-count", HALF_THERE | RISES, "loss.gap", 11.0, "present", "unknown"),
    ("wrong-step-count", HALF_THERE, "setting.exposure-ratio", 0.7, "present", "unknown"),
    ("wrong-step-count", HALF_THERE | GAP_SMALL | RISES, "description.effect", 0.1, "present", "unknown"),
    ("wrong-step-count", HALF_THERE | GAP_SMALL | RISES, "bleed.class", 0.25, "present", "unknown"),
    ("wrong-step-count", {"loss.heldout-gain": -9.0}, "loss.gap", 38.0, "unknown", "present"),
    ("wrong-step-count", THERE | CLEAN | SOUND_GAP, "loss.heldout-gain", 0.0, "present", "absent"),
    ("wrong-step-count", THERE | CLEAN | SOUND_GAP, "strength.more", -0.05, "present", "absent"),
    ("wrong-step-count", THERE | CLEAN | SOUND_GAP, "setting.exposure-ratio", 1.5, "absent", "unknown"),
    ("low-diversity-dataset", OBEYS | HALF_THERE | HOLLOW, "dataset.effective-images", 2.0, "present", "absent"),
    ("low-diversity-dataset", OBEYS | HALF_THERE | HOLLOW | ONE_IMAGE, "loss.heldout-gain", 7.5, "present", "unknown"),
    ("low-diversity-dataset", OBEYS | HOLLOW | ONE_IMAGE, "identity.trigger", 0.45, "present", "unknown"),
    ("wrong-step-count", KNOWN_GAP, "loss.heldout-gain", 0.0, "present", "unknown"),
    ("wrong-step-count", KNOWN_GAP, "strength.more", -0.05, "present", "unknown"),
    ("wrong-step-count", LEAKS | {"setting.regularisation-images": 9}, "setting.exposure-ratio", 1.5, "unknown", "present"),
    ("wrong-step-count", KNOWN_GAP | LEAKS | SHOWN, "obedience.background", -0.2, "unknown", "present"),
    ("wrong-rank", HALF_THERE | NARROW | SHOWN, "loss.gap", 11.0, "present", "unknown"),
    ("wrong-rank", GAP_SMALL | NARROW | SHOWN | SCALE, "identity.trigger", 0.45, "present", "unknown"),
    ("wrong-rank", HALF_THERE | GAP_SMALL | NARROW, "setting.exposure-ratio", 0.7, "unknown", "present"),
    ("wrong-rank", HALF_THERE | GAP_SMALL | SHOWN, "setting.rank", 16.0, "present", "absent"),
    ("wrong-rank", LEAKS | REGULARISED, "setting.rank", 32.0, "absent", "present"),
    ("wrong-rank", SCALE | WIDE | REGULARISED, "bleed.class", 0.25, "unknown", "present"),
    ("wrong-rank", WIDE | REGULARISED, "loss.gap", 30.0, "unknown", "present"),
    ("wrong-rank", LEAKS | WIDE | {"setting.regularisation-images": 100}, "setting.exposure-ratio", 1.5, "present", "unknown"),
    ("wrong-rank", LEAKS | WIDE | CUT_HELPS, "rank.truncated-bleed", -0.05, "present", "absent"),
    ("wrong-rank", LEAKS | WIDE | CUT_HELPS, "rank.truncated-identity", -0.1, "unknown", "present"),
    ("inert-lora", {}, "file.delta-norm", 1e-6, "present", "unknown"),
    ("inert-lora", {}, "file.modules", 1.0, "present", "unknown"),
    ("inert-lora", {}, "file.applied-error", 0.05, "unknown", "present"),
    ("inert-lora", {}, "file.left-out", 0.05, "unknown", "present"),
    ("inert-lora", {}, "drift.unrelated", 0.002, "present", "absent"),
    ("inert-lora", {}, "bleed.class", 0.05, "unknown", "absent"),
    ("inert-lora", {}, "trigger.effect", 0.05, "unknown", "absent"),
    ("inert-lora", {}, "description.effect", 0.05, "unknown", "absent"),
    ("inert-lora", {}, "loss.training-gain", 0.1, "unknown", "absent"),
    ("inert-lora", {"drift.unrelated": 0.001}, "loss.heldout-gain", 0.1, "present", "absent"),
    ("inert-lora", {"drift.unrelated": 0.001}, "loss.heldout-gain", -0.1, "absent", "present"),
    ("missing-regularisation", SCALE | {"setting.regularisation-images": 0}, "bleed.class", 0.25, "absent", "present"),
    ("missing-regularisation", {"setting.regularisation-images": 0}, "bleed.class", 0.5, "absent", "present"),
    ("missing-regularisation", CLEAN | SCALE | {"setting.regularisation-images": 0}, "bleed.same-sex", 0.25, "absent", "present"),
    ("learning-rate", COLD | HALF_THERE, "loss.gap", 11.0, "present", "absent"),
    ("learning-rate", COLD | GAP_SMALL, "identity.trigger", 0.45, "present", "absent"),
    ("learning-rate", HOT | {"loss.heldout-gain": 4.0}, "loss.gap", 30.0, "absent", "present"),
    ("learning-rate", HOT | {"loss.gap": 18.0}, "loss.heldout-gain", 0.0, "present", "absent"),
    ("learning-rate", HALF_THERE | GAP_SMALL, "setting.learning-rate", 5e-5, "present", "absent"),
    ("learning-rate", KNOWN_GAP, "setting.learning-rate", 4e-4, "absent", "present"),
    ("learning-rate", KNOWN_GAP, "setting.learning-rate", 0.5, "present", "absent"),  # an adaptive optimiser's
    ("known-trigger", KNOWN_WORD, "identity.trigger", 0.45, "present", "absent"),
    ("known-trigger", HALF_THERE, "consistency.trigger-base", 0.2, "absent", "present"),
    ("known-trigger", KNOWN_WORD | SCALE, "trigger.effect", 0.2, "present", "unknown"),
    ("no-trigger-in-captions", WEAK_TRIGGER, "captions.trigger-share", 0.5, "present", "absent"),
    ("no-trigger-in-captions", SCALE | {"captions.trigger-share": 0.0}, "trigger.effect", 0.2, "present", "absent"),
    ("no-trigger-in-captions", {"captions.trigger-share": 0.0}, "trigger.effect", 0.35, "present", "absent"),
    ("wrong-base", {"file.other-base": 1.0}, "identity.trigger", 0.45, "present", "absent"),
    ("wrong-base", HALF_THERE, "file.other-base", 0.5, "absent", "present"),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "known", "key", "line", "below", "above"), LINES, ids=lambda part: str(part)[:24])
def test_a_rule_changes_its_mind_at_its_line(judge, cause, known, key, line, below, above):
    step = NEAR * (abs(line) or 1)
    said = [judge(cause, known | {key: at}).status for at in (line - step, line + step)]
    assert said == [below, above]


EDGES = [
    ("wrong-rank", HALF_THERE | GAP_SMALL | SHOWN, "setting.rank", (16.0, 32.0)),
    ("learning-rate", HALF_THERE | GAP_SMALL | KNOWN_GAP, "setting.learning-rate", (5e-5, 4e-4)),
]


@pytest.mark.parametrize(("cause", "known", "key", "edges"), EDGES)
def test_the_edges_of_a_band_are_in_it(judge, cause, known, key, edges):
    assert [judge(cause, known | {key: edge}).status for edge in edges] == ["absent", "absent"]


OTHER = Band(low=0.9, high=1.1, source="another base")


def test_a_base_may_have_bands_of_its_own():
    other = Evidence(measurements={}, gaps={}, bands={"exposure_ratio": OTHER, "rank": OTHER})
    assert lines.exposure(other) == (0.9, 1.1)
    assert wrong_rank.band_of(other) is OTHER
    hot = evidence_of({"setting.learning-rate": 0.3, "loss.gap": 55.0})
    assert learning_rate.judge(hot).status == "present"
    ours = hot.model_copy(update={"bands": {"learning_rate": Band(low=0.2, high=0.4, source="another base")}})
    assert learning_rate.judge(ours).status == "absent"


def test_a_base_without_bands_has_the_guides():
    bare = evidence_of({"setting.learning-rate": 4.1e-4, "loss.gap": 55.0}).model_copy(update={"bands": {}})
    band = wrong_rank.band_of(bare)
    assert (lines.exposure(bare), band.low, band.high) == ((0.7, 1.5), 16, 32)
    assert "5e-5 to 4e-4 is right" in learning_rate.judge(bare).because[1]
