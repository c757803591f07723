"""Leaving one out: what was not asked again is what asking again would have said."""

from __future__ import annotations

import math

import pytest

from fluxdiag.comparing.leaving_out import without_each, without_prompt
from fluxdiag.instruments.tables import load_tables
from fluxdiag.measure import measured
from fluxdiag.registry import instruments

SOME = 7
"""every so many prompts are tried"""


@pytest.fixture(scope="module")
def found(before, after) -> dict[str, list[float]]:
    tables = load_tables(before), load_tables(after)
    return {key: left_out for one in instruments() for key, left_out in without_each(one, *tables).items()}


def test_each_prompt_left_out_gives_what_measuring_all_anew_gives(before, after, found):
    one, other = load_tables(before), load_tables(after)
    prompts = sorted({*one.shots["prompt_id"], *other.shots["prompt_id"]})
    keys = [key for instrument in instruments() if not instrument.losses for key in instrument.gives]
    for at in range(0, len(prompts), SOME):
        then, now = (measured(without_prompt(tables, prompts[at])) for tables in (one, other))
        for key in keys:
            known = key in then.measurements and key in now.measurements
            expected = now.measurements[key].value - then.measurements[key].value if known else math.nan
            assert found[key][at] == pytest.approx(expected, abs=0, rel=0, nan_ok=True), (prompts[at], key)


def test_a_prompt_that_is_read_makes_a_difference(found):
    """So that the test above does not compare the whole with itself."""
    assert len(set(found["identity.trigger"])) > 4
