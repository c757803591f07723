"""Whose pictures and losses lie in a run folder: nothing of another case is ever taken for this one's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fluxdiag.engines.studio import LossRequest, loss_file
from fluxdiag.errors import RunMismatch
from fluxdiag.gather import refuse_foreign, start
from fluxdiag.gathering.pictures import _join_losses, _loss_requests
from fluxdiag.records import Fact
from fluxdiag.runs import Run, write_arrays
from fluxdiag.suites import load_suite
from simulated import HEALTHY, Simulation, Truth

QUICK, _ = load_suite("quick")
CASE = Simulation(Path("unused"), Truth(HEALTHY, described=True)).case()


def test_the_case_is_not_changed_while_another_process_draws_it(tmp_path):
    """Its pictures would be diagnosed as those of the case that was put in their place."""
    run, other = Run(tmp_path / "run"), CASE.model_copy(update={"strength": 0.5})
    assert start(run, CASE)
    with run.alone():
        with pytest.raises(RunMismatch, match="another fluxdiag is drawing"):
            start(Run(run.folder), other)
        assert not start(Run(run.folder), CASE)
    assert run.case() == CASE
    start(run, other)
    assert run.case() == other


ANOTHER = CASE.model_copy(update={"lora": CASE.lora.model_copy(update={"sha256": "f" * 64})})


def test_of_two_loras_that_are_started_in_a_new_folder_at_once_one_is_refused(tmp_path, monkeypatch):
    """Each looks before the other has written anything."""
    folder, refused = tmp_path / "new" / "run", []

    def looks(run, case):
        if not refused:
            refused.append(case)
            with pytest.raises(RunMismatch, match="another fluxdiag"):
                start(Run(folder), ANOTHER)
        refuse_foreign(run, case)

    monkeypatch.setattr("fluxdiag.gather.refuse_foreign", looks)
    assert start(Run(folder), CASE)
    assert refused
    assert Run(folder).case() == CASE
    with pytest.raises(RunMismatch, match="belongs to another LoRA"):
        start(Run(folder), ANOTHER)


def test_a_case_that_another_process_draws_by_now_is_not_taken_back(tmp_path):
    run = Run(tmp_path / "run")
    start(run, CASE)
    with Run(run.folder).alone():
        run.withdraw()
        assert run.case() == CASE
    run.withdraw()
    assert list(tmp_path.iterdir()) == []


def test_of_a_folder_that_holds_something_else_only_the_case_is_taken_back(tmp_path):
    run = Run(tmp_path / "run")
    start(run, CASE)
    (run.folder / "notes.txt").touch()
    run.withdraw()
    assert [file.name for file in run.folder.iterdir()] == ["notes.txt"]


CHANGES = {
    "trigger": {"trigger": Fact(value="another", source="command line")},
    "class word": {"class_word": Fact(value="dragon", source="command line")},
    "strength": {"strength": 0.5},
    "LoRA": {"lora": CASE.lora.model_copy(update={"sha256": "f" * 64})},
    "face pack": {"face_pack": "another-pack"},
    "captions": {"photos": tuple(p.model_copy(update={"caption": "skuy woman, at dawn"}) for p in CASE.photos)},
}


def files(case, suite=QUICK) -> dict[tuple[str, str], Path]:
    return {(r.split, r.sha256): loss_file(Run(Path("run")), r) for r in _loss_requests(case, suite)}


@pytest.mark.parametrize("change", CHANGES)
def test_losses_of_another_case_are_not_taken_over_after_a_kill(change):
    before, after = files(CASE), files(CASE.model_copy(update=CHANGES[change]))
    assert before == files(CASE)
    assert before
    assert all(before[key] != after[key] for key in before if change != "captions" or key[0] == "training")


def test_losses_at_other_times_are_other_losses():
    probe = QUICK.losses.model_copy(update={"sigmas": (0.2, 0.9)})
    before, after = files(CASE), files(CASE, QUICK.model_copy(update={"losses": probe}))
    assert not set(before.values()) & set(after.values())


def test_losses_of_an_earlier_suite_do_not_stay(tmp_path):
    run = Run(tmp_path)
    write_arrays(run.arrays_folder / "losses.npz", {"loss": np.zeros(3)})
    request = LossRequest("a" * 64, Path("photo.png"), "training", {"trigger": "skuy"}, "digest")
    write_arrays(loss_file(run, request), {"loss": np.ones(2)})
    _join_losses(run, run, [request])
    assert run.arrays("losses")["loss"].tolist() == [1, 1]
    _join_losses(run, run, [])
    assert run.arrays("losses") == {}


def test_a_folder_of_the_users_own_named_latents_is_left_alone(tmp_path):
    assert Run(tmp_path).work_folder.name not in {"latents", "shots", "arrays"}
    assert Run(tmp_path).work_folder.name.startswith(".fluxdiag")
