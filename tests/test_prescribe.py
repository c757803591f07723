from itertools import permutations

import pytest

from fluxdiag.prescribe import prescribe
from fluxdiag.records import Change, Finding


def change(setting: str, to: str, because: str = "why", safe: bool = True) -> Change:
    return Change(setting=setting, to=to, because=because, safe=safe)


def finding(cause: str, *changes: Change, status: str = "present") -> Finding:
    return Finding(cause=cause, title=cause, status=status, severity="high", because=("x",), cites=(), changes=changes)


def test_changes_keep_the_order_of_the_findings():
    changes, conflicts = prescribe([finding("a", change("captions", "c")), finding("b", change("steps", "1000"))])
    assert [edit.setting for edit in changes] == ["captions", "steps"]
    assert not conflicts


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
