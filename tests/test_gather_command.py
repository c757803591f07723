"""`gather RUN`: the suite of the run, no more of it than `report` would draw, and what that takes before it is drawn."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from fluxdiag import gather as stage
from fluxdiag.errors import FluxdiagError
from fluxdiag.gather import gather, own_suite
from fluxdiag.records import ExitCode, Stopped
from fluxdiag.runs import Run, sha256_file
from fluxdiag.suites import load_suite
from simulated import HEALTHY, Simulation, Truth, gathered

EARLY = Stopped(prompts=4, of=16, pictures=50, of_pictures=400, left_out=(), weights="")


def drawn_with(folder: Path, suite: str, **changes: object) -> Run:
    """A finished run of this suite."""
    run, (asked, file) = gathered(folder, Truth(HEALTHY)), load_suite(suite)
    said = {"suite": asked.name, "suite_sha256": sha256_file(file), **changes}
    run.write(run.gather_file, run.gather_info().model_copy(update=said))
    return run


def own(tmp_path: Path, name: str = "mine") -> Path:
    """A suite of the user's."""
    file = tmp_path / f"{name}.toml"
    file.write_text(load_suite("quick")[1].read_text().replace('name = "quick"', f'name = "{name}"'))
    return file


@pytest.fixture
def asked(monkeypatch):
    """What would be drawn, instead of drawing it."""
    calls = []

    def call(thorough, run, suite, *rest):
        calls.append(SimpleNamespace(suite=suite.name, thorough=thorough))
        return run.gather_info()

    monkeypatch.setattr(stage, "gather_suite", lambda run, suite, *rest, **named: call(True, run, suite))
    monkeypatch.setattr("fluxdiag.gathering.in_rounds.gather_by_looks", lambda run, suite, *rest: call(False, run, suite))
    return calls


@pytest.mark.parametrize("suite", ["quick", "full"])
@pytest.mark.parametrize("stopped", [None, EARLY])
def test_a_run_is_drawn_with_its_own_suite_and_as_far_as_before(fluxdiag, tmp_path, asked, suite, stopped):
    run = drawn_with(tmp_path / "run", suite, stopped=stopped)
    done = fluxdiag("gather", run.folder)
    assert done.code == ExitCode.HEALTHY
    assert [(one.suite, one.thorough) for one in asked] == [(suite, stopped is None)]


def test_what_it_takes_is_said_before(fluxdiag, tmp_path, asked):
    done = fluxdiag("gather", drawn_with(tmp_path / "run", "full", stopped=EARLY).folder)
    first, cost, *_ = done.err.splitlines()
    assert first == "suite full"
    for unit in ("up to ", " images", " loss readings", " GB of memory", " of disk", "stops as soon as"):
        assert unit in cost


def test_the_whole_suite_is_drawn_where_that_is_asked_for(fluxdiag, tmp_path, asked):
    fluxdiag("gather", drawn_with(tmp_path / "run", "full", stopped=EARLY).folder, "--thorough")
    assert [(one.suite, one.thorough) for one in asked] == [("full", True)]


def test_a_suite_that_is_named_is_taken(fluxdiag, tmp_path, asked):
    fluxdiag("gather", drawn_with(tmp_path / "run", "full").folder, "--suite", "quick")
    assert [one.suite for one in asked] == ["quick"]


def test_where_nothing_was_finished_the_usual_suite_is_taken_and_that_is_said(fluxdiag, tmp_path, asked):
    run = gathered(tmp_path / "run", Truth(HEALTHY))
    run.gather_file.unlink()
    assert "suite quick, the usual one: no finished gathering tells another" in fluxdiag("gather", run.folder).err
    assert [(one.suite, one.thorough) for one in asked] == [("quick", False)]


def test_one_measurement_and_the_whole_suite_are_two_wishes(fluxdiag, tmp_path, asked):
    done = fluxdiag("gather", drawn_with(tmp_path / "run", "quick").folder, "--decide", "--thorough")
    assert (done.code, asked) == (ExitCode.USAGE, [])
    assert "--thorough would be passed over" in done.mistake


# ------------------------------------------------------------------------------------------------ whose suite


def test_a_suite_of_the_users_is_found_where_it_lay(tmp_path):
    file = own(tmp_path)
    assert own_suite(drawn_with(tmp_path / "run", str(file), suite_file=str(file))) == str(file)


def test_a_case_that_was_changed_since_does_not_change_the_suite(tmp_path):
    run = drawn_with(tmp_path / "run", "full")
    run.write(run.case_file, run.case().model_copy(update={"strength": 0.5}))
    assert own_suite(run) == "full"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.write_text(file.read_text() + "# another\n"), "has changed since. `--suite "),
        (lambda file: file.unlink(), "cannot be read here: there is no such probe suite. Say with --suite"),
    ],
)
def test_a_suite_that_is_not_the_one_any_more_is_refused(tmp_path, spoil, said):
    file = own(tmp_path)
    run = drawn_with(tmp_path / "run", str(file), suite_file=str(file))
    spoil(file)
    with pytest.raises(FluxdiagError, match=said):
        own_suite(run)


def test_a_suite_that_only_has_the_name_of_one_that_ships_is_refused(tmp_path):
    """Runs from before do not say where a suite of the user's lay."""
    file = own(tmp_path, "quick")
    file.write_text(file.read_text() + "# another\n")
    with pytest.raises(FluxdiagError, match="the suite quick, which has changed since"):
        own_suite(drawn_with(tmp_path / "run", str(file)))


def test_a_record_that_cannot_be_read_tells_no_suite(tmp_path):
    run = drawn_with(tmp_path / "run", "full")
    run.gather_file.write_text("{}")
    with pytest.raises(FluxdiagError, match="with which suite the run was drawn is not known"):
        own_suite(run)


def test_where_it_lies_is_written_of_a_suite_of_the_users_alone(tmp_path, monkeypatch):
    run, kept = Simulation(tmp_path / "run", Truth(HEALTHY)).run, []
    monkeypatch.setattr(stage, "gather_suite", lambda *args, suite_file, **named: kept.append(suite_file))
    for name in ("quick", str(own(tmp_path))):
        gather(run, name)
    assert kept == [None, str(tmp_path / "mine.toml")]
