"""`fluxdiag retrain` as it is typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fluxdiag.commands.cure import _bars, _next
from fluxdiag.errors import RunMismatch
from fluxdiag.records import Photo
from fluxdiag.retrain import probe
from fluxdiag.runs import Run, sha256_file
from fluxdiag.suites import load_suite
from fluxdiag.trainers.contract import TrainingProgress
from judged_runs import LOOKS, PERSON_MISSING, case, described, diagnosis, evidence, finding, judged
from retrains import COMMAND, called, planned, trained
from simulated import Truth, gathered


def test_the_command_shows_writes_and_starts_nothing(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    ended = called(run.folder, "--trainer-home", ai_toolkit.home, "--trainer-python", ai_toolkit.python)
    assert ended.returncode == 0, ended.stderr
    assert f"- {LOOKS[:40]}" in ended.stderr
    assert "identity.trigger rises from 0.10 to above 0.45, by 0.35 or more" in ended.stderr
    assert ended.stdout.strip() == str(tmp_path / "run-retrained" / "config.yaml")
    assert not (tmp_path / "run-retrained" / "output").exists()


def test_bars_fill_whether_stages_count_from_nought_or_steps_that_are_done(monkeypatch):
    shown = {}
    monkeypatch.setattr(
        "rich.progress.Progress.update", lambda self, task, **to: shown.update({task: {**shown.get(task, {}), **to}})
    )
    with _bars() as (report, progress):
        for done in range(3):
            report("ordinary people", done, 3)
        progress(TrainingProgress(step=0, steps=50))
        people, training = shown.values()
        assert (people["completed"], people["total"]) == (3, 3)
        assert (training["completed"], training["total"]) == (0, 50)
        progress(TrainingProgress(step=50, steps=50, loss=0.5))
        assert (shown[1]["completed"], shown[1]["description"]) == (50, "training, loss 0.5")


@pytest.mark.parametrize("launched", [[], ["--launch"]])
def test_a_training_that_could_change_nothing_is_refused(launched, tmp_path, base):
    said = diagnosis(finding("low-diversity-dataset", "images"))
    run = judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said)
    ended = called(run.folder, *launched)
    assert ended.returncode == 2
    assert "--dataset" in ended.stderr.splitlines()[-1]
    assert "photos that only you can bring" in ended.stderr.splitlines()[-1]
    assert " ".join(ended.stderr.split()).count("wanted: photos that only you can bring") == 2
    assert not (tmp_path / "run-retrained").exists()


@pytest.mark.parametrize("idle", [["--accept"], ["--regularisation", "."]])
def test_what_the_captionless_run_would_pass_over_is_refused(idle, tmp_path, base):
    run = described(tmp_path, base)
    ended = called(run.folder, "--captionless", *idle)
    assert ended.returncode == 2
    assert f"would pass {idle[0]} over" in ended.stderr.splitlines()[-1]
    assert not (tmp_path / "run-captionless").exists()


def test_a_set_is_not_left_with_too_few_photos(tmp_path, base, ai_toolkit):
    of = case(tmp_path, base, photos=12, images=12, steps=5400)
    one, *others = [Path(photo.path) for photo in of.photos]
    for other in others[2:]:
        other.write_bytes(one.read_bytes())
    of = of.model_copy(update={"photos": tuple(again(photo) for photo in of.photos)})
    said = diagnosis(finding("low-diversity-dataset", "images"), finding("wrong-step-count", "steps", direction="over"))
    now = planned(judged(tmp_path / "run", of, evidence(PERSON_MISSING), said), ai_toolkit)
    assert len(now.copies) == 12
    assert now.recipe.steps == 1550
    assert any("to photograph" in remark for remark in now.remarks)


def again(photo: Photo) -> Photo:
    return photo.model_copy(update={"sha256": sha256_file(Path(photo.path))})


def test_text_out_of_files_cannot_draw_on_the_terminal(tmp_path, base, ai_toolkit):
    bad = "ohwx woman with [bold red]brown hair[/], \x1b]0;owned\x07 in a park"
    of = case(tmp_path, base, caption=bad)
    run = judged(tmp_path / "run", of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")))
    ended = called(run.folder, "--trainer-home", ai_toolkit.home, "--trainer-python", ai_toolkit.python)
    assert ended.returncode == 0, ended.stderr
    assert "\x1b" not in ended.stderr
    assert "[bold red]" in ended.stderr


def test_ctrl_c_ends_the_trainer_and_the_same_command_goes_on(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    told = [run.folder, "--launch", "--trainer-home", ai_toolkit.home, "--trainer-python", ai_toolkit.python]
    line = [sys.executable, "-c", COMMAND, *map(str, told)]
    process = subprocess.Popen(line, env=os.environ | {"FAKE_TRAINER": "waits"}, stderr=subprocess.PIPE, text=True)
    output = tmp_path / "run-retrained" / "output"
    deadline = time.monotonic() + 120
    while len(list(output.rglob("*.safetensors"))) < 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert "the same command goes on" in process.communicate(timeout=60)[1]
    assert process.returncode == 130
    ended = called(*told)
    assert ended.returncode == 0, ended.stderr
    assert "RESUMING" in (tmp_path / "run-retrained" / "train.log").read_text()
    assert json.loads((tmp_path / "run-retrained" / "retrain.json").read_text())["status"] == "done"


def test_a_run_without_its_evidence_is_not_called_healthy(tmp_path, base):
    run = judged(tmp_path / "run", case(tmp_path, base), evidence({}), diagnosis(verdict="healthy"))
    assert called(run.folder).returncode == 0
    run.evidence_file.unlink()
    ended = called(run.folder)
    assert ended.returncode == 2
    assert "evidence.json: there is no such file" in ended.stderr


def test_commands_that_are_named_can_be_pasted(tmp_path, base, ai_toolkit):
    """A folder with a blank in its name; and the python of a trainer, from the folder that the user is in."""
    run = judged(tmp_path / "my run", case(tmp_path, base), evidence({}), diagnosis(verdict="undetermined"))
    assert f"`fluxdiag retrain '{run.folder}' --captionless`" in called(run.folder).stderr
    run = described(tmp_path / "a b", base)
    python = os.path.relpath(ai_toolkit.python)
    ended = called(run.folder, "--launch", "--trainer-home", ai_toolkit.home, "--trainer-python", python)
    assert ended.returncode == 0, ended.stderr
    assert f"next: fluxdiag report '{tmp_path}/a b/run-retrained/" in ended.stderr


@pytest.fixture
def asked_so(tmp_path, base):
    """A run that was made with a face pack, a strength and a suite that are not the usual ones."""
    of = case(tmp_path, base).model_copy(update={"face_pack": str(tmp_path), "strength": 0.7})
    return judged(tmp_path / "run", of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")))


def drawn_with(run: Run, suite: str, folder: Path, suite_file: str | None = None) -> None:
    """As if the run had been gathered with this suite, by name or by file."""
    asked, file = load_suite(suite)
    said = {"suite": asked.name, "suite_file": suite_file, "suite_sha256": sha256_file(file)}
    made = gathered(folder / "other", Truth({})).gather_info()
    run.write(run.gather_file, made.model_copy(update=said | {"case_sha256": sha256_file(run.case_file)}))


@pytest.mark.parametrize(("suite", "said"), [("quick", ()), ("full", ("--suite", "full"))])
def test_the_next_report_asks_as_the_first_did(suite, said, asked_so, tmp_path, base, ai_toolkit):
    """Another face pack is another scale of likeness: `compare` would refuse the two."""
    now = planned(asked_so, ai_toolkit)
    drawn_with(asked_so, suite, tmp_path)
    asked = ("--base", str(base), "--faces", str(tmp_path), "--strength", "0.7")
    assert _next(now, Path("new.safetensors"))[3:] == (*asked, *said)


@pytest.mark.parametrize("name", ["mine", "quick"])  # by its file, whatever it calls itself
def test_the_next_report_asks_with_a_suite_of_the_users_where_it_lies(name, asked_so, tmp_path, ai_toolkit, capsys):
    now, file = planned(asked_so, ai_toolkit), tmp_path / "mine.toml"
    file.write_text(load_suite("quick")[1].read_text().replace('name = "quick"', f'name = "{name}"'))
    drawn_with(asked_so, str(file), tmp_path, str(file))
    assert _next(now, Path("new.safetensors"))[-2:] == ("--suite", str(file))
    assert capsys.readouterr().err == ""
    file.write_text(file.read_text() + "# another\n")
    assert _next(now, Path("new.safetensors"))[-2:] == ("--suite", "SUITE")
    assert "mine.toml, which has changed since" in " ".join(capsys.readouterr().err.split())


def test_the_captionless_run_is_asked_under_the_same_faces_and_strength(asked_so, tmp_path, ai_toolkit, monkeypatch):
    trained(asked_so, ai_toolkit)
    opened = []

    def stop(run, of):
        opened.append(of)
        raise RunMismatch("enough is seen")

    monkeypatch.setattr("fluxdiag.retrain.open_run", stop)
    with pytest.raises(RunMismatch):
        probe(planned(asked_so, ai_toolkit), lambda *_: None)
    assert [(of.face_pack, of.strength) for of in opened] == [(str(tmp_path.resolve()), 0.7)]
