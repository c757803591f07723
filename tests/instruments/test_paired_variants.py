"""A variant beside the whole LoRA where faces are missing: what one side lacks must not count in the other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.paired import gained
from fluxdiag.records import Gap, Measurement
from instruments.at_cosines import CEILING, tables, without

PROMPTS, SEEDS = 5, 2
COSINES = 0.4 + 0.02 * np.arange(PROMPTS)[:, None] + np.array([0.0, 0.3])  # the second seed is another face altogether
BASE = np.zeros((PROMPTS, SEEDS))


def changed(whole: np.ndarray, variant: np.ndarray, base: np.ndarray = BASE) -> Measurement | Gap:
    """In cosines where the base lies at 0, for the scale then runs from there to the ceiling."""
    shown = {("base", "full"): base, ("trigger", "full"): whole, ("trigger", "strength-1.5"): variant}
    return gained(likeness(tables(shown)), "strength.more", "trigger", "strength-1.5", "")


def at(*places: tuple[int, int]) -> np.ndarray:
    lost = np.zeros((PROMPTS, SEEDS), bool)
    for place in places:
        lost[place] = True
    return lost


NONE, FIRST_SEED, A_PROMPT = at(), at(*((prompt, 0) for prompt in range(PROMPTS))), at((2, 0), (2, 1))


@pytest.mark.parametrize(
    ("of_whole", "of_variant", "n"),
    [
        (NONE, NONE, 5),
        (NONE, FIRST_SEED, 5),
        (FIRST_SEED, NONE, 5),
        (at((0, 0), (1, 1)), at((3, 0), (4, 1)), 5),
        (NONE, A_PROMPT, 4),
        (at((2, 0)), at((2, 1)), 4),  # each side has a face in that prompt, but never the same
    ],
)
def test_a_face_that_one_side_lacks_does_not_count_in_the_other(of_whole, of_variant, n):
    found = changed(without(COSINES, of_whole), without(COSINES - 0.05, of_variant))
    assert (found.value, found.n) == (pytest.approx(-0.05 / CEILING), n)
    assert found.high - found.low < 1e-9, "paired: what the pictures have in common cancels"


def test_with_too_few_prompts_left_in_common_it_is_a_gap_that_says_so():
    lost = at(*((prompt, prompt % 2) for prompt in range(3)))
    found = changed(without(COSINES, lost), without(COSINES, at(*((prompt, 1 - prompt % 2) for prompt in range(3)))))
    assert found.reason.startswith("only 2 prompts show a measurable face with the whole LoRA and with the variant")


@settings(max_examples=30)
@given(*[arrays(bool, (PROMPTS, SEEDS), elements=st.booleans())] * 2)
def test_whatever_faces_are_missing_the_same_change_everywhere_is_that_change(of_whole, of_variant):
    found = changed(without(COSINES, of_whole), without(COSINES + 0.1, of_variant))
    left = int((~(of_whole | of_variant)).any(axis=1).sum())
    if left < 3:
        assert f"only {left} prompts" in found.reason
    else:
        assert (found.value, found.n) == (pytest.approx(0.1 / CEILING), left)


def test_where_more_strength_burns_the_least_alike_faces_away_it_is_not_said_to_bring_more_of_the_person():
    """Nothing changes in truth; 30% of the faces are lost at 1.5 times the strength, the least alike first."""
    rng, found = np.random.default_rng(2), []
    for _ in range(60):
        seeds = rng.normal(0, 0.12, (8, 2))
        shared = 0.45 + rng.normal(0, 0.08, (8, 1)) + seeds
        whole, more = (np.clip(shared + rng.normal(0, 0.02, (8, 2)), -0.95, 0.95) for _ in range(2))
        more = without(more, seeds < np.quantile(seeds, 0.3))
        found.append(changed(whole, more, rng.normal(0, 0.05, (8, 2))))
    assert np.mean([each.value for each in found]) == pytest.approx(0, abs=0.01)  # .06 by means over each side's own seeds
    assert np.mean([each.low > 0 for each in found]) < 0.1  # .32
    assert np.mean([each.low <= 0 <= each.high for each in found]) > 0.85  # .68
