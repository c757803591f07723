"""A trainer at work: it goes well, dies, writes nothing, or is not there at all."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

import fake_ai_toolkit
from fluxdiag.curing.record import read, write
from fluxdiag.dataset.photos import read_folder
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.retrain import Options, launch, prepare
from fluxdiag.runs import sha256_file
from fluxdiag.trainers.launching import alone
from judged_runs import PERSON_MISSING, case, described, diagnosis, evidence, finding, judged, photo
from retrains import fingerprint, planned, trained


def test_a_training_that_goes_well(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    done, seen = trained(run, ai_toolkit)
    out = tmp_path / "run-retrained"
    assert (seen[0].step, seen[-1].step, seen[-1].steps, seen[0].loss) == (0, 1300, 1350, 0.3456)
    assert done.result.file == "mychar-2.safetensors"
    assert (out / done.result.file).is_file()
    assert (done.result.rank, done.result.problems) == (16, ())
    assert read(out) == done
    assert (out / "fluxdiag.toml").read_text().splitlines()[0] == 'trigger = "ohwx woman"'
    assert "Caching latents" in (out / "train.log").read_text()


def test_the_new_lora_is_measured_on_the_same_persons_scale(tmp_path, base, ai_toolkit):
    """References that were trained on too go along: with fewer of them the two runs could not be compared."""
    references = tuple(photo(tmp_path / "references" / f"{number}.png", 100 + number, None) for number in range(3))
    update = {"references": references, "reference_source": "held-out", "overlap": (references[1].path,)}
    known = case(tmp_path, base).model_copy(update=update)
    said = diagnosis(finding("overcaptioned-appearance", "captions"), verdict="faulty")
    prepare(planned(judged(tmp_path / "run", known, evidence(PERSON_MISSING), said), ai_toolkit))
    copied = read_folder(tmp_path / "run-retrained" / "references")
    assert {one.sha256 for one in copied.photos} == {one.sha256 for one in references}


def test_what_is_finished_is_not_done_again(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    done, _ = trained(run, ai_toolkit)
    log = (tmp_path / "run-retrained" / "train.log").read_bytes()
    again, seen = trained(run, ai_toolkit)
    assert again == done
    assert not seen
    assert (tmp_path / "run-retrained" / "train.log").read_bytes() == log


def test_a_lora_that_went_away_is_taken_up_again_and_another_one_is_not_called_it(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    done, _ = trained(run, ai_toolkit)
    file = tmp_path / "run-retrained" / done.result.file
    file.write_bytes(b"something else")
    with pytest.raises(RunMismatch, match="not the LoRA that was trained here"):
        trained(run, ai_toolkit)
    assert file.read_bytes() == b"something else"
    file.unlink()
    again, seen = trained(run, ai_toolkit)
    assert (again, seen) == (done, [])  # the trainer's own file still lies there
    assert sha256_file(file) == done.result.sha256
    file.unlink()
    shutil.rmtree(tmp_path / "run-retrained" / "output")
    again, seen = trained(run, ai_toolkit)
    assert again.status == "done"
    assert seen


def test_what_was_finished_when_it_was_killed_is_not_trained_again(tmp_path, base, ai_toolkit, monkeypatch):
    """The trainer had ended; of the record and the copy nothing was written any more."""
    run = described(tmp_path, base)
    done, _ = trained(run, ai_toolkit)
    out = tmp_path / "run-retrained"
    write(out, done.model_copy(update={"status": "running", "result": None}))
    (out / done.result.file).unlink()
    log = (out / "train.log").read_bytes()
    monkeypatch.setenv("FAKE_TRAINER", "dies")
    again, seen = trained(run, ai_toolkit)
    assert (again, seen) == (done, [])
    assert (out / "train.log").read_bytes() == log


def test_two_commands_at_once_train_once(tmp_path, base, ai_toolkit):
    """The second was planned before the first had begun, and waits for it: what it then finds is done."""
    run = described(tmp_path, base)
    first, second = planned(run, ai_toolkit), planned(run, ai_toolkit)
    prepare(first)
    prepare(second)
    done: list = []
    with alone(first.out):
        waits = threading.Thread(target=lambda: done.append(launch(second, lambda *_: None, lambda _: None)))
        waits.start()
        time.sleep(0.3)
        assert read(first.out).status == "planned"  # not a word is written before its turn
    waits.join(60)
    log = (first.out / "train.log").read_bytes()
    assert launch(first, lambda *_: None, lambda _: None) == done[0]
    assert (first.out / "train.log").read_bytes() == log


def test_a_folder_is_not_prepared_while_another_command_is_at_work_in_it(tmp_path, base, ai_toolkit, monkeypatch):
    """What it read of the record would be written back over what the other has noted since."""
    run = described(tmp_path, base)
    first, second = planned(run, ai_toolkit), planned(run, ai_toolkit)
    prepare(first)
    (first.out / "config.yaml").unlink()
    done: list = []
    with alone(first.out):
        waits = threading.Thread(target=lambda: done.append(prepare(second)))
        waits.start()
        time.sleep(0.3)
        assert not (first.out / "config.yaml").exists()
        write(first.out, read(first.out).model_copy(update={"status": "running"}))
    waits.join(60)
    assert [found.edited for found in done] == [()]
    assert read(first.out).status == "running"
    monkeypatch.setattr("fluxdiag.trainers.launching.PATIENCE", 0.1)
    with alone(first.out), pytest.raises(RunMismatch, match="another trainer is at work in this folder"):
        prepare(second)


def test_of_two_trainings_that_were_planned_for_a_new_folder_the_second_is_refused(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    out = tmp_path / "both"
    first, second = (planned(run, replace(ai_toolkit, out=out, trainer=name)) for name in ("ai-toolkit", None))
    assert first.digest == second.digest  # the same one, so it goes on
    prepare(first)
    prepare(second)
    before = fingerprint(out)
    (tmp_path / "photos" / "IMG 3.txt").write_text("ohwx woman by the sea")
    third = planned(run, replace(ai_toolkit, out=tmp_path / "third"))
    with pytest.raises(RunMismatch, match="another retraining was begun here"):
        prepare(replace(third, out=out))
    assert fingerprint(out) == before


def test_a_folder_that_takes_no_log_is_a_sentence(tmp_path, base, ai_toolkit):
    now = planned(described(tmp_path, base), ai_toolkit)
    prepare(now)
    (now.out / "train.log").mkdir()
    with pytest.raises(FluxdiagError, match=r"cannot be written.*Is a directory"):
        launch(now, lambda *_: None, lambda _: None)


FAULTS = [
    ("dies", "code 1.*CUDA out of memory"),
    ("nothing", "wrote no LoRA"),
    ("nan", "of no use|NaN|no number|not a number|none"),
    ("nan-loss", "the loss is no number any more"),
    ("half", "truncated|not a safetensors|cannot be read|header"),
]


@pytest.mark.parametrize(("fault", "said"), FAULTS)
def test_a_trainer_that_fails_is_a_sentence_and_the_run_is_not_done(fault, said, tmp_path, base, ai_toolkit, monkeypatch):
    monkeypatch.setenv("FAKE_TRAINER", fault)
    with pytest.raises(FluxdiagError, match=said):
        trained(described(tmp_path, base), ai_toolkit)
    assert read(tmp_path / "run-retrained").status == "running"
    assert not (tmp_path / "run-retrained" / "mychar-2.safetensors").exists()


def test_one_that_died_goes_on_from_its_last_checkpoint(tmp_path, base, ai_toolkit, monkeypatch):
    run = described(tmp_path, base)
    monkeypatch.setenv("FAKE_TRAINER", "dies")
    with pytest.raises(FluxdiagError):
        trained(run, ai_toolkit)
    monkeypatch.delenv("FAKE_TRAINER")
    done, seen = trained(run, ai_toolkit)
    assert done.status == "done"
    assert seen[0].step == 700  # the bar is printed every 50; the last checkpoint is 675
    assert "RESUMING" in (tmp_path / "run-retrained" / "train.log").read_text()


def elsewhere(given: Options, folder: Path, **changes: object) -> Options:
    return Options(home=given.home, python=fake_ai_toolkit.python(folder / "venv", **changes))


MISSING = [
    (lambda given, folder: Options(python=given.python), "where its checkout lies is not known"),
    (lambda given, folder: Options(home=folder, python=given.python), "is no checkout of it"),
    (lambda given, folder: Options(home=given.home), "the trainer's python: not known"),
    (lambda given, folder: Options(home=given.home, python=folder / "nowhere"), "does not answer"),
    (lambda given, folder: elsewhere(given, folder, lacks="optimum"), "lacks optimum.quanto"),
    (lambda given, folder: elsewhere(given, folder, card=False), "sees no CUDA card"),
]


@pytest.mark.parametrize(("options", "said"), MISSING)
def test_what_a_trainer_lacks_is_said_before_it_is_started(options, said, tmp_path, base, ai_toolkit, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(FluxdiagError, match=said):
        trained(described(tmp_path, base), options(ai_toolkit, tmp_path / "empty"))
    assert not (tmp_path / "run-retrained" / "train.log").exists()


def test_a_checkout_from_before_flux_is_too_old(tmp_path, base, ai_toolkit):
    (ai_toolkit.home / "toolkit" / "config_modules.py").unlink()
    with pytest.raises(FluxdiagError, match="a version from before FLUX"):
        trained(described(tmp_path, base), ai_toolkit)


def test_the_users_configuration_names_the_trainer_and_nothing_beside_the_lora_does(tmp_path, base, ai_toolkit, monkeypatch):
    (tmp_path / "trainers.toml").write_text(f'[ai-toolkit]\nhome = "/evil"\npython = "{sys.executable}"\n')
    config = tmp_path / "config" / "fluxdiag" / "trainers.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[ai-toolkit]\nhome = "{ai_toolkit.home}"\npython = "{ai_toolkit.python}"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    done, _ = trained(described(tmp_path, base), Options())
    assert done.status == "done"
