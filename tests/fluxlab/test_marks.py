"""What each fault does, read from the rows of a bench, and the contact sheet of a grid."""

import pytest
from planted import row

from fluxdiag.profiles import load_profile
from fluxlab.bench.cells import Cell
from fluxlab.bench.judging import answers
from fluxlab.cli import main
from fluxlab.marks import COLUMNS, contact_sheet, table
from fluxlab.sheets import GAP
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, judged, render


def table_of(*rows) -> dict[str, list[str]]:
    text = table(answers(rows, load_profile("flux1-dev").bands, lambda row: None, ["all"]))
    cells = [[part.strip() for part in line.strip("|").split("|")] for line in text.splitlines()]
    return {cell[0]: cell[1:] for cell in cells}


def test_a_line_for_each_fault_in_their_order_and_none_for_what_was_not_planted():
    found = table_of(row("under", 1), row("decoy-rank", 1), row("overcaptioned", 1), row("healthy", 1), row("healthy", 2))
    assert list(found)[2:] == ["healthy", "overcaptioned", "under", "decoy-rank"]
    assert [found[fault][0] for fault in ("healthy", "overcaptioned")] == ["2", "1"]
    assert all(len(cells) == len(COLUMNS) + 2 for cells in found.values())


def test_mean_and_spread_are_those_of_the_subjects():
    first, second = row("healthy", 1), row("healthy", 2)
    numbers = first.states["all"].measurements | {"bleed.class": (0.9, 0.8, 1.0, 4)}
    told = first.states["all"].model_copy(update={"measurements": numbers})
    other = first.model_copy(update={"subject": 3, "states": first.states | {"all": told}})
    values = [each.states["all"].measurements["bleed.class"][0] for each in (first, second, other)]
    mean = sum(values) / 3
    spread = (sum((value - mean) ** 2 for value in values) / 2) ** 0.5
    bleed = 1 + list(COLUMNS).index("bleed")
    assert table_of(first, second, other)["healthy"][bleed] == f"{mean:.2f} ± {spread:.2f}"
    assert table_of(first)["healthy"][bleed] == f"{values[0]:.2f}"


def test_the_last_column_counts_verdicts_and_first_causes():
    found = table_of(row("healthy", 1), row("healthy", 2), row("overcaptioned", 1))
    assert found["healthy"][-1] == "2 healthy"
    assert found["overcaptioned"][-1].startswith("1 faulty: overcaptioned-appearance")


@pytest.fixture
def grid(tmp_path):
    for fault, truth in (("healthy", HEALTHY_TRUTH), ("overcaptioned", FAULTY_TRUTH)):
        render(judged(Cell(fault, 1, 0).folder(tmp_path) / "run", truth))
    return tmp_path


def test_the_contact_sheet_has_a_row_for_each_fault(grid):
    assert contact_sheet(1, 0, grid, scale=1).height == 2 * (96 + GAP)


def test_an_unknown_command_says_which_there_are(monkeypatch):
    monkeypatch.setattr("sys.argv", ["fluxlab", "paint"])
    with pytest.raises(SystemExit, match="fluxlab marks"):
        main()


@pytest.mark.parametrize(
    ("asked", "said"), [(["--rows", "none.jsonl"], "no such rows"), (["--sheet", "x.png"], "name it with --subjects")]
)
def test_what_cannot_be_shown_is_said(asked, said, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["fluxlab", "marks", *asked])
    with pytest.raises(SystemExit):
        main()
    assert said in capsys.readouterr().err
