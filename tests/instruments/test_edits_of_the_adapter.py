"""Truncation, ablation and strength on made-up tables: the change against the whole LoRA, on the same prompts and seeds."""

from dataclasses import replace

import numpy as np
import pytest

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments import ablation, strength, truncation
from fluxdiag.instruments.likeness import likeness
from fluxdiag.instruments.paired import gained
from fluxdiag.instruments.tables import Tables
from fluxdiag.measure import run_instrument
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instruments
from instruments import at_cosines
from instruments.at_cosines import CASE, CEILING


def tables(arms: dict[tuple[str, str], float], *, seeds: int = 1, rank: int = 64, gaps: dict[str, str] | None = None) -> Tables:
    """(arm, variant) -> cosine to the person; every prompt a little off by the same amount in every arm.

    The second seed, of the whole LoRA alone, is another face altogether: a variant without it must not be compared with it.
    """
    prompts = 0.01 * np.arange(5)[:, None] + 0.3 * np.arange(seeds)
    found = at_cosines.tables({key: cosine + (prompts if key[1] == "full" else prompts[:, :1]) for key, cosine in arms.items()})
    lora = CASE.lora.model_copy(update={"rank_max": rank})
    gather = found.gather.model_copy(update={"gaps": gaps or {}})
    return replace(found, case=CASE.model_copy(update={"lora": lora}), gather=gather)


WHOLE = {("trigger", "full"): 0.5, ("class", "full"): 0.3, ("base", "full"): 0.0}


def on_scale(difference: float) -> float:
    """As the subject's scale has it: floor at the base's mean of .02, ceiling at the references among themselves."""
    return difference / (CEILING - 0.02)


def read(instrument, found: Tables) -> dict[str, Measurement | Gap]:
    return {reading.key: reading for reading in instrument.measure(found)}


def test_truncation_is_the_change_of_both_arms_at_the_bands_highest_rank():
    found = read(truncation, tables(WHOLE | {("trigger", "rank-32"): 0.45, ("class", "rank-32"): 0.1, ("class", "rank-8"): 0.9}))
    assert found["rank.truncated-identity"].value == pytest.approx(on_scale(-0.05))
    assert found["rank.truncated-bleed"].value == pytest.approx(on_scale(-0.2))
    assert found["rank.truncated-bleed"].n == 5


def test_a_rank_within_the_band_needs_no_cut():
    with pytest.raises(CannotMeasure, match="rank, 16, is not above 32"):
        list(truncation.measure(tables(WHOLE, rank=16)))


def test_what_was_not_drawn_is_a_gap_that_says_how_to_have_it():
    found = read(truncation, tables(WHOLE))
    assert found["rank.truncated-bleed"].reason == "no images were made at rank 32; `--suite full` makes them"
    found = read(ablation, tables(WHOLE, gaps={"without-double": "it adds something else than the file says"}))
    assert found["blocks.double"].reason == "it adds something else than the file says"
    assert "--suite full" in found["blocks.single-late"].reason


def test_ablation_is_what_is_lost_without_a_group():
    without = {("trigger", "without-double"): 0.2, ("class", "without-double"): 0.25, ("trigger", "without-single-late"): 0.5}
    found = read(ablation, tables(WHOLE | without))
    assert found["blocks.double"].value == pytest.approx(on_scale(-0.3))
    assert found["blocks.double-bleed"].value == pytest.approx(on_scale(-0.05))
    assert found["blocks.single-late"].value == pytest.approx(0.0)
    assert isinstance(found["blocks.single-late-bleed"], Gap)


def test_a_variant_of_fewer_seeds_is_compared_on_those_alone():
    found = read(strength, tables(WHOLE | {("trigger", "strength-0.5"): 0.3}, seeds=2))
    assert found["strength.less"].value == pytest.approx(on_scale(-0.2) * (CEILING - 0.02) / (CEILING - 0.17))


def test_a_variant_like_the_whole_lora_changes_nothing_and_one_prompt_apart_is_wide():
    arms = WHOLE | {("trigger", "rank-32"): 0.5}
    person = likeness(tables(arms))
    found = gained(person, "x", "trigger", "rank-32", "")
    assert (found.low, found.value, found.high) == pytest.approx((0, 0, 0), abs=1e-12)


@pytest.mark.parametrize("name", ["truncation", "ablation", "strength"])
def test_without_the_arm_every_key_is_a_gap(name):
    instrument = next(each for each in instruments() if each.name == name)
    readings = run_instrument(instrument, tables({("base", "full"): 0.0}))
    assert sorted(reading.key for reading in readings) == sorted(instrument.gives)
    assert all(isinstance(reading, Gap) for reading in readings)
