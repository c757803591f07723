"""A photo that went away or was edited since the case was opened: said before hours go into it, and never read as the old one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from fluxdiag.engines.scoring import _reference_faces
from fluxdiag.errors import RunMismatch
from fluxdiag.gathering.pictures import Gathering
from fluxdiag.records import Case, Photo
from fluxdiag.repair import repair
from fluxdiag.runs import Run
from fluxdiag.suites import load_suite
from fluxdiag.unchanged import refuse_changed
from judged_runs import photo
from simulated import HEALTHY, Simulation, Truth

QUICK, _ = load_suite("quick")


@pytest.fixture
def photos(tmp_path) -> tuple[Photo, ...]:
    return tuple(photo(tmp_path / "photos" / f"{number}.png", number) for number in range(4))


def edited(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\0")


def in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir()


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "deleted": (Path.unlink, r"1 of the 4 photos are no longer there \(1\.png\)"),
    "a folder in its place": (in_its_place, r"1 of the 4 photos are no longer there \(1\.png\)"),
    "edited": (edited, r"1 of the 4 photos are no longer the same \(1\.png\)"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_photos_that_went_away_or_were_edited_are_named_with_what_to_do(photos, change):
    act, said = CHANGES[change]
    act(Path(photos[1].path))
    with pytest.raises(RunMismatch, match=said) as refused:
        refuse_changed((*photos, photos[0]))  # a reference may be a training photo too: it is one photo
    assert refused.value.do == "Run `fluxdiag report` again"


def test_untouched_photos_and_those_that_never_could_be_read_are_no_fault(photos, tmp_path):
    broken = photos[0].model_copy(update={"path": str(tmp_path / "away.png"), "sha256": "", "problem": "is no picture"})
    Path(photos[1].path).touch()  # its time is another, and its content the same
    refuse_changed((*photos, broken))


def run_of(tmp_path: Path, **update: object) -> tuple[Run, Case]:
    run, case = Run(tmp_path / "run"), Simulation(Path("unused"), Truth(HEALTHY)).case().model_copy(update=update)
    run.write(run.case_file, case)
    return run, case


def test_nothing_is_drawn_for_photos_that_are_gone(photos, tmp_path):
    run, _ = run_of(tmp_path, photos=photos[:2], references=photos[2:])
    Path(photos[0].path).unlink()
    with pytest.raises(RunMismatch, match="1 of the 4 photos are no longer there"):
        Gathering(run, QUICK)
    Path(photos[3].path).unlink()
    with pytest.raises(RunMismatch, match="1 of the 2 photos are no longer there"):  # training photos are not asked then
        Gathering(run, QUICK, faces_only=True)
    assert [file.name for file in run.folder.iterdir()] == ["case.json"]


def test_one_that_changes_while_pictures_are_drawn_is_not_read_as_the_old_one(photos, tmp_path):
    _, case = run_of(tmp_path, references=photos)
    faces = SimpleNamespace(of=lambda picture: [], outcome=lambda found: "no-face")
    assert _reference_faces(case, faces).shape == (0, 0)
    edited(Path(photos[2].path))
    with pytest.raises(RunMismatch, match=r"2\.png: is no longer the same"):
        _reference_faces(case, faces)
    Path(photos[2].path).unlink()
    with pytest.raises(RunMismatch, match=r"2\.png: cannot be read any more"):
        _reference_faces(case, faces)


def test_a_repair_does_not_search_for_hours_where_the_new_files_run_could_not_read_its_photos(photos, tmp_path, monkeypatch):
    run, _ = run_of(tmp_path, photos=photos, references=())
    monkeypatch.setattr("fluxdiag.repair.gate", lambda run, policy: None)
    monkeypatch.setattr("fluxdiag.lora.read_lora", lambda path: None)
    monkeypatch.setattr("fluxdiag.repair._refuse", lambda case, lora: None)
    monkeypatch.setattr("fluxdiag.repair.needs_of", lambda policy: None)
    Path(photos[0].path).unlink()
    with pytest.raises(RunMismatch, match="1 of the 4 photos are no longer there"):
        repair(run, None, tmp_path / "out")
