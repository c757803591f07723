"""One table a rule (`cases.py`): what fires it, what comes close and stays silent, what it cannot tell."""

import pytest
from cases import CASES, GAP_SMALL, HALF_THERE, LEAKS, SCALE, TRIGGER_DEAD, evidence_of

from fluxdiag.rules.missing_regularisation import judge as missing_regularisation


@pytest.mark.parametrize(("cause", "numbers", "status", "direction"), CASES)
def test_a_rule_judges_as_its_table_says(judge, cause, numbers, status, direction):
    match = judge(cause, numbers)
    assert (match.status, match.direction) == (status, direction), match.because


@pytest.mark.parametrize(("cause", "numbers", "status", "direction"), CASES)
def test_only_a_present_cause_has_a_strength_and_changes(judge, cause, numbers, status, direction):
    match = judge(cause, numbers)
    assert (match.strength is not None) == (status == "present")
    assert bool(match.changes) == (status == "present")


def test_ordinary_people_that_nobody_counted_were_there_all_the_same():
    """OneTrainer's and ai-toolkit's settings tell that there were some; where nothing tells it the cause stays open."""
    asked = SCALE | LEAKS
    for beside, status in ((True, "absent"), (False, "unknown"), (None, "unknown")):
        assert missing_regularisation(evidence_of(asked).model_copy(update={"beside_others": beside})).status == status


LACKING = [
    ("overcaptioned-appearance", TRIGGER_DEAD, "captions.appearance-share"),
    ("wrong-step-count", {"setting.exposure-ratio": 5.0}, "loss.gap"),
    ("missing-regularisation", SCALE | LEAKS, "setting.regularisation-images"),
    ("wrong-rank", {}, "setting.rank"),
    ("wrong-rank", LEAKS | {"setting.rank": 64}, "rank.truncated-bleed"),
    ("low-diversity-dataset", {}, "obedience.background"),
    ("inert-lora", {}, "drift.unrelated"),
]


@pytest.mark.parametrize(("cause", "numbers", "key"), LACKING)
def test_unknown_names_what_was_not_measured(judge, cause, numbers, key):
    match = judge(cause, numbers)
    assert match.status == "unknown"
    assert key in match.lacking
    assert not set(match.lacking) & set(numbers)


def test_unknown_that_straddles_its_line_lacks_nothing(judge):
    near = SCALE | {"identity.trigger": (0.46, 0.4, 0.52), "loss.gap": (38.0, 33.0, 43.0), "bleed.class": (0.25, 0.2, 0.3)}
    match = judge("wrong-step-count", near | {"setting.exposure-ratio": 1.0, "loss.heldout-gain": (0.0, -4.0, 4.0)})
    assert (match.status, match.lacking) == ("unknown", ())


@pytest.mark.parametrize(("cause", "numbers", "status", "direction"), CASES)
def test_every_word_rests_on_evidence(judge, cause, numbers, status, direction):
    match = judge(cause, numbers)
    assert match.because
    assert all(match.because)
    assert set(match.cites) <= set(numbers)
    assert match.cites or status == "unknown"


HIGH_RANK = LEAKS | {"setting.rank": 128, "setting.exposure-ratio": 1.0}
NEAR = {"rank.truncated-bleed": (-0.06, -0.12, 0.0), "rank.truncated-identity": (-0.02, -0.05, 0.01)}
NOT_CUT = "not measured: the same prompts with the LoRA cut down to rank 16-32 (not in the quick suite)"


@pytest.mark.parametrize("used", [{}, {"setting.regularisation-images": 100}])
def test_what_the_lora_cut_down_has_shown_is_told_and_not_called_missing(judge, used):
    """It straddles its line: the rank stays a suspicion, or a weak finding by the other signs."""
    match = judge("wrong-rank", HIGH_RANK | NEAR | used)
    assert (match.status, match.strength) == (("present", "weak") if used else ("unknown", None))
    assert any("rank.truncated-bleed -0.06" in line and "too near to -0.05" in line for line in match.because)
    assert not any("cut down to rank" in line for line in match.because)
    assert NEAR.keys() <= set(match.cites)
    assert not NEAR.keys() & set(match.lacking)


@pytest.mark.parametrize("used", [{}, {"setting.regularisation-images": 100}])
def test_a_lora_that_was_not_cut_down_is_said_to_be(judge, used):
    match = judge("wrong-rank", HIGH_RANK | used)
    assert NOT_CUT in match.because
    assert match.status == "present" or {*NEAR} <= set(match.lacking)


@pytest.mark.parametrize(
    ("ratio", "gap", "status"), [(1.0, GAP_SMALL, "present"), (0.2, GAP_SMALL, "unknown"), (1.0, {}, "unknown")]
)
def test_a_low_rank_cannot_be_cut_down(judge, ratio, gap, status):
    match = judge("wrong-rank", HALF_THERE | gap | {"setting.rank": 4, "setting.exposure-ratio": ratio})
    assert match.status == status
    assert not any("cut down" in line for line in match.because)
    assert match.lacking == (("loss.gap",) if not gap else ())
