"""Trials where faces are missing: identity, bleed, effect and shares are of the pictures that both sides show a face in."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fluxdiag.instruments.likeness import likeness
from fluxdiag.searching.trials import Trial, share, trial
from instruments.at_cosines import CEILING, tables, without

SHAPE = (5, 2)
NOISE = 0.02 * np.arange(5)[:, None] + np.array([-0.15, 0.15])  # the second seed is another face altogether
HALF = "strength-0.5"
ARMS = {
    ("base", "full"): 0.0 * NOISE,
    ("trigger-base", "full"): 0.03 + 0.0 * NOISE,
    ("trigger", "full"): 0.6 + NOISE,
    ("class", "full"): 0.3 + NOISE,
    ("trigger", HALF): 0.5 * (0.6 + NOISE),
    ("class", HALF): 0.5 * (0.3 + NOISE),
}


def tried(**lost: np.ndarray) -> Trial:
    """Of half the strength; `lost`: arm -> where it shows no face with the variant, `whole_...` with the whole LoRA."""
    shown = dict(ARMS)
    for name, places in lost.items():
        arm, variant = (name.removeprefix("whole_"), "full") if name.startswith("whole_") or "base" in name else (name, HALF)
        shown[arm, variant] = without(shown[arm, variant], places)
    return trial(likeness(tables(shown)), HALF)


def seed(number: int) -> np.ndarray:
    return np.tile(np.arange(2) == number, (5, 1))


NUMBERS = {"identity": 0.5 * 0.6, "bleed": 0.5 * 0.3, "effect": 0.5 * 0.3 - 0.03}


def test_with_every_face_they_are_the_differences_of_the_arms():
    found, mean = tried(), 0.5 * NOISE.mean()
    values = {key: getattr(found, key).value * CEILING for key in NUMBERS}
    assert values == pytest.approx(NUMBERS | {"identity": 0.3 + mean, "bleed": 0.15 + mean})
    assert (found.kept.value, found.left.value, found.pictures) == (pytest.approx(0.5), pytest.approx(0.5), 20)


@pytest.mark.parametrize("missing", ["whole_trigger", "trigger", "base", "class"])
def test_a_share_of_the_whole_is_over_the_pictures_that_both_show_a_face_in(missing):
    """Half the strength keeps half of every picture, so half of whichever are left."""
    found = tried(**{missing: seed(0)})
    assert (found.kept.value, found.left.value) == (pytest.approx(0.5), pytest.approx(0.5))
    assert (found.kept.n, found.left.n) == (5, 5)


def test_the_base_of_a_face_that_was_lost_does_not_count():
    """The base's first seed is as like the person as the variant is by its own: there is nothing to see but that."""
    base = np.where(seed(0), 0.4, 0.0)
    shown = ARMS | {("base", "full"): base, ("trigger", HALF): without(base + 0.2, seed(0))}
    person = likeness(tables(shown))
    assert trial(person, HALF).identity.value == pytest.approx(0.2 / (CEILING - 0.2))


def test_the_effect_is_of_the_pictures_that_all_four_arms_show_a_face_in():
    found = tried(trigger=seed(0), **{"trigger-base": np.eye(5, 2, dtype=bool)})
    assert (found.effect.value, found.effect.n) == (pytest.approx(NUMBERS["effect"] / CEILING), 4)


def test_with_too_few_prompts_in_common_each_is_a_gap_with_a_reason():
    rows = np.arange(5)[:, None] < 3
    found = tried(trigger=rows & seed(0), base=rows & seed(1))
    assert (found.identity, found.effect, found.kept) == (None, None, None)
    assert found.gaps["identity"].startswith("only 2 prompts show a measurable face with and without the LoRA")
    assert found.gaps["kept"].startswith("only 2 prompts")
    assert found.bleed.n == 5


@settings(max_examples=30)
@given(*[arrays(bool, SHAPE, elements=st.booleans())] * 4)
def test_whatever_faces_are_missing_half_of_each_picture_is_half_of_the_whole(whole, variant, called, base):
    base[0] = False  # without any face of the base there is no scale
    found = tried(whole_class=whole, **{"class": variant}, trigger=called, base=base)
    for part in (found.kept, found.left):
        assert part is None or part.value == pytest.approx(0.5)


@pytest.mark.parametrize(("whole", "known"), [(0.11, True), (0.09, False)])
def test_of_less_than_a_tenth_a_share_says_nothing(whole, known):
    places = pd.MultiIndex.from_tuples([(f"p{number}", 1) for number in range(4)], names=["prompt_id", "seed"])
    of = pd.Series([whole] * 4, index=places)
    found = share("left", of / 2, of)
    assert found.value == pytest.approx(0.5) if known else "hardly any: 0.09 on" in found.reason
