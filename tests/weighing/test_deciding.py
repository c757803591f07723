"""Which missing probe would tell two causes apart."""

import pytest

from fluxdiag.records import LEFT_OUT, Evidence, Finding, Measurement
from fluxdiag.weighing.calibration import Calibration, CauseWeights, Weight
from fluxdiag.weighing.deciding import decider
from fluxdiag.weighing.speaking import HEARINGS

RIVALS = ("overcaptioned-appearance", "low-diversity-dataset")
CAPTIONLESS = "captionless.identity"
KEYS = sorted({speaker.key for target in RIVALS for speaker in HEARINGS[target].speakers} - {CAPTIONLESS})


def finding(cause: str, status: str = "unknown") -> Finding:
    told = {"title": cause, "severity": "critical", "because": ("?",), "cites": (), "changes": ()}
    return Finding(cause=cause, status=status, weighed=True, target=cause, **told)


def weights(keys: list[str]) -> Calibration:
    tables = [
        CauseWeights(
            target=target, intercept=0.0, positives=9, negatives=9,
            weights=tuple(Weight(key=key, line=0.5, scale=0.1, weight=0.1) for key in keys),
        )
        for target in RIVALS
    ]  # fmt: skip
    return Calibration(name="x", profile="x", about="x", subjects=(), loras=9, ridge=1.0, causes=tuple(tables))


def known(keys: list[str]) -> Evidence:
    return Evidence(measurements={key: Measurement(key=key, value=0.5, low=0.5, high=0.5, n=8) for key in keys}, gaps={})


def test_captions_and_photos_are_told_apart_by_the_captionless_run_when_all_else_was_asked():
    found = decider(known(KEYS), weights(KEYS), [finding(cause) for cause in RIVALS])
    assert found is not None
    assert (found.key, found.between) == (CAPTIONLESS, RIVALS)


def test_once_it_was_made_nothing_is_left_to_ask():
    assert decider(known([*KEYS, CAPTIONLESS]), weights(KEYS), [finding(cause) for cause in RIVALS]) is None


def test_one_that_is_cleared_is_no_rival():
    assert decider(known(KEYS), weights(KEYS), [finding(RIVALS[0]), finding(RIVALS[1], "absent")]) is None


STEPS, RANK = "wrong-step-count:over", "wrong-rank:high"
SPEAKERS = sorted({speaker.key for target in (STEPS, RANK) for speaker in HEARINGS[target].speakers})
OPEN = ("loss.gap", "bleed.class", "variety.within-prompt")


def directed(target: str) -> Finding:
    return finding(target.partition(":")[0]).model_copy(update={"target": target})


def between(bleed: float, gaps: dict[str, str], *measured: str):
    """Both hear the gap alike; one alone the bleed, the other alone how much the seeds vary. All else was measured."""
    heard = {
        STEPS: {"loss.gap": 2.0, "bleed.class": 0.0, "variety.within-prompt": -1.1},
        RANK: {"loss.gap": 2.0, "bleed.class": bleed},
        "wrong-rank:low": {"loss.gap": -9.0},
    }
    tables = tuple(
        CauseWeights(
            target=target, intercept=0.0, positives=9, negatives=9,
            weights=tuple(Weight(key=key, line=0, scale=1, weight=weight) for key, weight in weights.items()),
        )
        for target, weights in heard.items()
    )  # fmt: skip
    evidence = known([key for key in SPEAKERS if key not in OPEN] + list(measured)).model_copy(update={"gaps": gaps})
    findings = [directed(STEPS), directed(RANK), directed("wrong-rank:low")]
    return decider(evidence, weights([]).model_copy(update={"causes": tables}), findings)


NO_CLIP = {"variety.within-prompt": "no CLIP embeddings were gathered"}
FURTHEST = [
    (1.0, {}, (), "variety.within-prompt", "it was not measured"),
    (1.2, {}, (), "bleed.class", "it was not measured"),
    (1.0, NO_CLIP, (), "variety.within-prompt", "no CLIP embeddings were gathered"),
    (1.0, {"variety.within-prompt": LEFT_OUT}, (), "bleed.class", "it was not measured"),  # it could not change what is said
    (0.5, {}, ("variety.within-prompt",), "bleed.class", "it was not measured"),
]


@pytest.mark.parametrize(("bleed", "gaps", "measured", "key", "because"), FURTHEST)
def test_what_moves_the_two_furthest_apart_is_named_with_the_reason_why_it_is_missing(bleed, gaps, measured, key, because):
    found = between(bleed, gaps, *measured)
    assert (found.key, found.because) == (key, because)
    assert found.between == ("wrong-step-count", "wrong-rank")


@pytest.mark.parametrize(("bleed", "measured"), [(0.49, ()), (1.0, ("bleed.class",))])
def test_what_would_hardly_move_them_apart_is_not_worth_its_time(bleed, measured):
    """The gap has the largest weight of all, and is the same to both."""
    assert between(bleed, {}, "variety.within-prompt", *measured) is None
