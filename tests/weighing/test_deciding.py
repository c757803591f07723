"""Which missing probe would tell two causes apart."""

from fluxdiag.records import Evidence, Finding, Measurement
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
