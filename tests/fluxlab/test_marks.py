"""The table of what each fault does, read from finished runs."""

from pathlib import Path

import pytest

from fluxlab.cli import main
from fluxlab.marks import COLUMNS, Cell, contact_sheet, table
from fluxlab.sheets import GAP
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, judged, render


@pytest.fixture
def grid(tmp_path) -> tuple[list[Cell], Path]:
    cells = [Cell("healthy", 1, 0), Cell("healthy", 2, 0), Cell("overcaptioned", 1, 0), Cell("under", 1, 0)]
    for cell, truth in zip(cells[:3], (HEALTHY_TRUTH, HEALTHY_TRUTH, FAULTY_TRUTH), strict=True):
        render(judged(cell.folder(tmp_path) / "run", truth))
    return cells, tmp_path


def rows(text: str) -> dict[str, list[str]]:
    cells = [[part.strip() for part in line.strip("|").split("|")] for line in text.splitlines()]
    return {row[0]: row[1:] for row in cells}


def test_the_table_has_a_row_for_each_fault_that_was_run(grid):
    cells, out = grid
    found = rows(table(cells, out))
    assert list(found)[2:] == ["healthy", "overcaptioned"]
    assert (found["healthy"][0], found["overcaptioned"][0]) == ("2", "1")
    assert all(len(row) == len(COLUMNS) + 2 for row in found.values())


def test_the_table_tells_mean_spread_and_first_cause(grid):
    cells, out = grid
    found = rows(table(cells, out))
    assert " ± " in found["healthy"][1]
    assert " ± " not in found["overcaptioned"][1]
    assert found["healthy"][-1] == "2 healthy"
    assert found["overcaptioned"][-1] == "1 faulty: overcaptioned-appearance"


def test_the_contact_sheet_has_a_row_for_each_fault(grid):
    _, out = grid
    assert contact_sheet(1, 0, out, scale=1).height == 2 * (96 + GAP)


def test_an_unknown_command_says_which_there_are(monkeypatch):
    monkeypatch.setattr("sys.argv", ["fluxlab", "paint"])
    with pytest.raises(SystemExit, match="fluxlab marks"):
        main()
