"""The numbers of the first screen: those that make the verdict."""

import pytest

from fluxdiag.records import Evidence, Measurement
from fluxdiag.reporting.findings import headlines


def evidence(**found: tuple[float, float]) -> Evidence:
    readings = {name.replace("__", ".").replace("_", "-"): ends for name, ends in found.items()}
    measured = {key: Measurement(key=key, value=(a + b) / 2, low=a, high=b, n=8) for key, (a, b) in readings.items()}
    return Evidence(measurements=measured, gaps={})


QUIET = (-0.05, 0.1)
LOUD = (0.6, 0.9)
EITHER = (0.1, 0.8)


@pytest.mark.parametrize(
    ("found", "key", "state"),
    [
        ({"bleed__class": QUIET, "bleed__group": QUIET}, "bleed.class", "yes"),
        ({"bleed__class": QUIET, "bleed__group": LOUD}, "bleed.group", "no"),
        ({"bleed__class": QUIET, "bleed__group": EITHER}, "bleed.class", "yes"),
        ({"bleed__class": LOUD, "bleed__group": LOUD}, "bleed.class", "no"),
        ({"bleed__class": EITHER, "bleed__same_sex": LOUD}, "bleed.same-sex", "no"),
    ],
)
def test_the_bleed_that_is_shown_is_the_one_that_speaks(found, key, state):
    bleed = headlines(evidence(**found))[-1]
    assert (bleed.key, bleed.state) == (key, state)


def test_what_was_not_measured_is_not_shown_as_good():
    bleed = headlines(evidence(identity__trigger=LOUD))[-1]
    assert (bleed.key, bleed.found) == ("bleed.class", None)
