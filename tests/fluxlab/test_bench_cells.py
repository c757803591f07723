"""What a grid holds, how its folders are called, and which of them are taken over."""

import pytest

from fluxdiag.suites import load_suite
from fluxlab.album import character
from fluxlab.bench.cells import PAIRS, Cell, cell_of, cells_in, grid
from fluxlab.bench.command import asked, numbers, parser
from fluxlab.bench.decoys import DECOYS, known_trigger, odds_of, recipe_for
from fluxlab.bench.truth import CAUSES, causes_of
from fluxlab.plant import BASE, FAULTS

CELLS = [Cell("healthy", 101, 0), Cell("under", 7, 2, 0.5), Cell("overcaptioned+under", 5000, 1), Cell("decoy-rank", 12, 0)]


@pytest.mark.parametrize("cell", CELLS)
def test_a_folder_says_which_cell_it_is(cell):
    assert cell_of(cell.name) == cell


@pytest.mark.parametrize("name", ["run", "healthy-101", "sleepy-1-0", "under+sleepy-1-0", "healthy-101-0.old"])
def test_other_folders_are_none(name):
    assert cell_of(name) is None


def test_folders_that_somebody_else_planted_are_found(tmp_path):
    for name in ("healthy-101-0", "under@0.5-101-0", "notes"):
        (tmp_path / name).mkdir()
    assert cells_in(tmp_path) == [Cell("healthy", 101, 0), Cell("under", 101, 0, 0.5)]
    assert cells_in(tmp_path / "nowhere") == []


def test_a_grid_goes_subject_by_subject_and_only_faults_have_severities():
    cells = grid(["healthy", "under", "decoy-rank"], [1, 2], [0], [1.0, 0.5])
    assert [cell.name for cell in cells[:4]] == ["healthy-1-0", "under-1-0", "under@0.5-1-0", "decoy-rank-1-0"]
    assert len(cells) == 8


def test_of_a_third_of_a_grid_the_metadata_is_stripped_or_falsified():
    cells = grid([*FAULTS, *DECOYS, *PAIRS], range(5000, 5006), [0], [1.0])
    headers = [cell.header for cell in cells]
    assert {header: headers.count(header) / len(headers) for header in set(headers)} == pytest.approx(
        {"kohya": 4 / 6, "none": 1 / 6, "false": 1 / 6}
    )


def test_subjects_are_numbers_and_ranges():
    assert numbers(["100-102", "7", "101"]) == [100, 101, 102, 7]


def test_a_second_draw_of_one_person_shares_no_seed_with_the_suite_or_another_person():
    tasks = asked(parser().parse_args(["--faults", "healthy", "--subjects", "207-208", "5007", "--redraw"]))
    suite = {seed for probe in load_suite("quick")[0].probes for seed in probe.seeds}
    drawn = [{seed + shift for seed in suite} for _, shift in tasks]
    assert [seeds == suite for seeds in drawn] == [True, False] * 3
    assert len(set().union(*drawn)) == 4 * len(suite)


def test_everything_that_is_planted_has_a_right_answer():
    assert set(CAUSES) == set(FAULTS)
    assert causes_of("overcaptioned+under") == {"overcaptioned-appearance", "wrong-step-count:under"}
    assert causes_of("decoy-rank") == frozenset()


def test_a_known_trigger_is_a_name_of_the_subjects_sex():
    trigger = known_trigger(101)
    assert trigger.split()[1] == character(101).person.sex
    assert odds_of(DECOYS["decoy-trigger"], 101).trigger == trigger != character(101).trigger
    assert odds_of(DECOYS["decoy-outfit"], 101).one_outfit


def test_decoys_break_the_guide_in_what_they_say():
    sound = recipe_for("healthy", 1.0, 101, BASE)
    assert recipe_for("decoy-rank", 1.0, 101, BASE)["rank"] == 4 * sound["rank"]
    assert recipe_for("decoy-steps", 1.0, 101, BASE)["steps"] == pytest.approx(sound["steps"] / 2, abs=1)
    assert recipe_for("decoy-images", 1.0, 101, BASE)["images"] == 40
    assert recipe_for("decoy-rate", 1.0, 101, BASE)["learning_rate"] == 5 * sound["learning_rate"]
    assert recipe_for("decoy-captions", 1.0, 101, BASE)["described"] == pytest.approx(0.1)
    assert recipe_for("under", 1.0, 101, BASE)["steps"] < sound["steps"] / 4
