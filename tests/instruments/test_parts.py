"""What a measurement is made from: with its own parts alone it is the same number, without any one of them it is another."""

from dataclasses import replace

import pytest

from fluxdiag.instruments.parts import left_out, loss_part, made_from, part, parts_for
from fluxdiag.instruments.tables import Tables, load_tables
from fluxdiag.measure import measured
from fluxdiag.records import Measurement
from fluxdiag.registry import instruments
from simulated import HEALTHY, HEALTHY_GAINS, Truth, gathered

CAPTIONS = {("training", "caption"): 20.0, ("training", "caption-bare"): 18.0}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    truth = Truth(HEALTHY, HEALTHY_GAINS | CAPTIONS, described=True)
    return load_tables(gathered(tmp_path_factory.mktemp("run"), truth))


def part_of(shot) -> str:
    return part(shot["arm"], shot["variant"], shot["kind"])


def only(tables: Tables, parts: frozenset[str]) -> Tables:
    losses = tables.losses
    assert losses is not None
    read = [loss_part(a, b) in parts for a, b in zip(losses["split"], losses["prompt"], strict=True)]
    drawn = tables.shots[tables.shots.apply(part_of, axis=1).isin(parts)]
    return replace(tables, shots=drawn, losses=losses[read] if any(read) else None)


def available(tables: Tables) -> frozenset[str]:
    losses = tables.losses
    assert losses is not None
    read = {loss_part(a, b) for a, b in zip(losses["split"], losses["prompt"], strict=True)}
    return frozenset(set(tables.shots.apply(part_of, axis=1)) | read)


def differs(found: Measurement | None, other: Measurement) -> bool:
    return found is None or (found.value, found.n) != (pytest.approx(other.value), other.n)


def test_every_key_is_the_same_number_from_its_own_parts_alone(tables):
    everything = measured(tables)
    assert len(everything.measurements) > 35
    for key, found in everything.measurements.items():
        alone = measured(only(tables, parts_for([key], available(tables)))).get(key)
        assert alone is not None, key
        assert (alone.value, alone.low, alone.high) == pytest.approx((found.value, found.low, found.high)), key
        assert alone.n == found.n, key


def test_without_any_of_its_parts_a_key_is_not_the_same(tables):
    everything, parts = measured(tables), available(tables)
    for gone in sorted(parts):
        less = measured(only(tables, parts - {gone}))
        changed = {key for key, found in everything.measurements.items() if differs(less.get(key), found)}
        assert changed <= left_out([gone]), gone
        assert changed or not left_out([gone]) & everything.measurements.keys(), gone


def test_every_key_of_every_instrument_has_its_parts():
    assert made_from().keys() == {key for one in instruments() for key in one.gives}


def test_a_part_is_an_arm_a_variant_of_it_or_a_kind_of_prompt():
    assert part("trigger") == "trigger"
    assert part("trigger", "strength-1.5") == "trigger/strength-1.5"
    assert part("others", kind="man") == "others:man"


def test_a_rank_is_known_by_its_variant_whatever_its_number():
    drawn = ("trigger", "base", "trigger/rank-32", "trigger/rank-8", "class/rank-32")
    assert parts_for(["rank.truncated-identity"], drawn) == {"trigger", "base", "trigger/rank-32", "trigger/rank-8"}
