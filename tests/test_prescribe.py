from itertools import permutations

import pytest

from fluxdiag.prescribe import LINES, MOVES, SIZE, direction_of, predicted, prescribe
from fluxdiag.records import Change, Evidence, Finding, Measurement
from fluxdiag.registry import instruments


def change(setting: str, to: str, because: str = "why", safe: bool = True) -> Change:
    return Change(setting=setting, to=to, because=because, safe=safe)


def finding(cause: str, *changes: Change, status: str = "present", direction: str | None = None) -> Finding:
    return Finding(
        cause=cause, title=cause, status=status, severity="high", direction=direction, because=("x",), cites=(), changes=changes
    )


def evidence(**numbers: tuple[float, float, float]) -> Evidence:
    """With references, unless said otherwise: the ceiling is measured."""
    found = {"identity.ceiling": (0.9, 0.88, 0.92)} | {key.replace("__", "."): value for key, value in numbers.items()}
    return Evidence(
        measurements={
            key: Measurement(key=key, value=v, low=low, high=high, n=8, unit="scale") for key, (v, low, high) in found.items()
        },
        gaps={},
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_smallest_change_comes_first_whatever_the_findings_order(order):
    found = [finding("a", change("images", "more")), finding("b", change("captions", "c")), finding("c", change("steps", "1000"))]
    changes, conflicts = prescribe(found[place] for place in order)
    assert [edit.setting for edit in changes] == ["captions", "steps", "images"]
    assert not conflicts


def test_unsafe_changes_stand_apart_at_the_end_and_unknown_settings_are_large():
    found = [finding("a", change("captions", "c", safe=False), change("the weather", "sun"), change("images", "more"))]
    assert [edit.setting for edit in prescribe(found)[0]] == ["images", "the weather", "captions"]


def test_the_same_value_from_two_causes_is_one_change_with_both_reasons():
    changes, conflicts = prescribe(
        [finding("a", change("rank", "16", "one")), finding("b", change("rank", "16", "two", safe=False))]
    )
    assert [(edit.because, edit.safe) for edit in changes] == [("one; two", False)]
    assert not conflicts


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_two_values_for_one_setting_are_a_conflict_and_neither_is_applied(order):
    found = [finding("a", change("steps", "1000")), finding("b", change("steps", "3000")), finding("c", change("rank", "16"))]
    changes, conflicts = prescribe(found[place] for place in order)
    assert [edit.setting for edit in changes] == ["rank"]
    assert [(conflict.setting, set(conflict.wanted)) for conflict in conflicts] == [("steps", {"a: 1000", "b: 3000"})]


@pytest.mark.parametrize("status", ["absent", "unknown"])
def test_only_present_causes_prescribe(status):
    assert prescribe([finding("a", change("steps", "1000"), status=status)]) == ((), ())


def test_the_direction_is_that_of_the_finding_that_asks():
    found = [finding("a", change("rank", "16"), direction="low"), finding("b", change("steps", "1"), direction="over")]
    assert (direction_of("steps", found), direction_of("rank", found), direction_of("images", found)) == ("over", "low", None)


def test_a_prediction_is_the_distance_to_the_line():
    (found,) = predicted("captions", None, evidence(identity__trigger=(0.1, 0.05, 0.15)))
    assert (found.key, found.way, found.now, found.line) == ("identity.trigger", "rise", 0.1, 0.45)
    assert found.by == pytest.approx(0.35)


HELD = [
    ("captions", None, {"identity__trigger": (0.6, 0.5, 0.7)}, []),  # right already
    ("captions", None, {"identity__trigger": (0.5, 0.4, 0.6)}, ["identity.trigger"]),  # not clearly so
    ("captions", None, {"bleed__class": (0.6, 0.5, 0.7)}, []),  # not for this change to mend
    ("steps", "over", {"bleed__class": (0.6, 0.5, 0.7), "identity__trigger": (0.1, 0.0, 0.2)}, ["bleed.class"]),
    ("steps", "under", {"bleed__class": (0.6, 0.5, 0.7), "identity__trigger": (0.1, 0.0, 0.2)}, ["identity.trigger"]),
    ("rank", "high", {"loss__gap": (55, 50, 60)}, ["loss.gap"]),
    ("images", None, {"obedience__background": (-0.6, -0.8, -0.4)}, ["obedience.background"]),
    ("optimizer", None, {"identity__trigger": (0.1, 0.0, 0.2)}, []),  # nobody knows what it moves
]


@pytest.mark.parametrize(("setting", "direction", "numbers", "keys"), HELD)
def test_only_what_is_wrong_and_hangs_on_the_change_is_predicted(setting, direction, numbers, keys):
    assert [found.key for found in predicted(setting, direction, evidence(**numbers))] == keys


WRONG = {
    "identity__trigger": 0.1, "consistency__trigger": 0.1, "trigger__effect": 0.1, "bleed__class": 0.6, "bleed__same-sex": 0.6,
    "loss__gap": 60.0, "obedience__background": -0.6, "obedience__outfit": -0.6,
}  # fmt: skip
MORE = {"identity.trigger": 0.45, "consistency.trigger": 0.2, "trigger.effect": 0.2}
LESS = {"bleed.class": 0.25, "bleed.same-sex": 0.25, "loss.gap": 38.0}
OBEYED = {"obedience.background": -0.2, "obedience.outfit": -0.2}
MOVED = [
    ("captions", None, MORE), ("trigger", None, MORE), ("base", None, MORE), ("file", None, MORE),
    ("trigger_in_captions", None, MORE),
    ("images", None, OBEYED | {"loss.gap": 38.0} | MORE),
    ("regularisation_images", None, {"bleed.class": 0.25, "bleed.same-sex": 0.25, "trigger.effect": 0.2}),
    ("steps", "under", MORE), ("steps", "over", LESS), ("rank", "low", MORE), ("rank", "high", LESS),
    ("learning_rate", "low", MORE), ("learning_rate", "high", LESS),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "direction", "lines"), MOVED)
def test_where_all_is_wrong_a_change_is_to_bring_what_hangs_on_it_behind_its_line(setting, direction, lines):
    found = predicted(setting, direction, evidence(**{key: (value, value, value) for key, value in WRONG.items()}))
    assert {one.key: one.line for one in found} == lines
    for one in found:
        side = "above" if one.way == "rise" else "below"
        assert one.way == ("rise" if one.now < one.line else "fall")
        assert one.sentence == f"{one.key} {one.way}s from {one.now:.2f} to {side} {one.line:.2f}, by {one.by:.2f} or more"


def test_a_number_on_the_good_side_of_its_line_has_no_distance_left_but_must_become_clear():
    (found,) = predicted("regularisation_images", None, evidence(bleed__class=(0.2, 0.1, 0.3)))
    assert found.by == 0
    assert found.sentence == "bleed.class falls from 0.20, so that it is clearly below 0.25"


def test_without_references_the_lines_are_those_without_references():
    bare = evidence(bleed__class=(0.4, 0.35, 0.45))
    without = bare.model_copy(update={"measurements": {"bleed.class": bare.measurements["bleed.class"]}})
    assert [found.line for found in predicted("steps", "over", bare)] == [0.25]
    assert predicted("steps", "over", without) == ()


def test_predictions_are_of_keys_that_instruments_give_and_settings_that_have_a_size():
    given = {key for instrument in instruments() for key in instrument.gives}
    assert set(LINES) <= given
    assert {key for keys in MOVES.values() for key in keys} <= set(LINES)
    assert {setting for setting, _ in MOVES} <= set(SIZE)
