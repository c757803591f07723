"""A grid goes on past the cells that fail, and says which."""

from fluxlab.side_by_side import side_by_side


def halved(number: int) -> int:
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


def test_what_succeeds_is_yielded_and_what_fails_is_said(capsys):
    found = list(side_by_side(halved, [4, 5, 6], 2, lambda number: f"cell {number}"))
    assert sorted((task, result) for _, task, result in found) == [(4, 2), (6, 3)]
    said = capsys.readouterr().err
    assert "cell 5: FAILED: 5 is odd" in said
    assert sorted([place for place, _, _ in found] + [said.split()[0]]) == ["1/3", "2/3", "3/3"]
