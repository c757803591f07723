"""From a judged run to a finished LoRA: what is shown, what is written, what is started, and all that can go wrong on the way."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import fake_ai_toolkit
from fluxdiag.curing.record import read
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.records import Photo
from fluxdiag.retrain import Nothing, Options, Plan, launch, plan, prepare
from fluxdiag.runs import Run, sha256_file
from judged_runs import LOOKS, PERSON_MISSING, case, described, diagnosis, evidence, finding, judged, miniature

NEW_CAPTION = "ohwx woman standing in a park at night, portrait"


@pytest.fixture
def base(tmp_path, tiny_base) -> Path:
    return miniature(tmp_path / "base", tiny_base)


@pytest.fixture
def ai_toolkit(tmp_path) -> Options:
    home, python = fake_ai_toolkit.checkout(tmp_path / "ai-toolkit"), fake_ai_toolkit.python(tmp_path / "venv")
    return Options(home=home, python=python)


def planned(run: Run, options: Options) -> Plan:
    found = plan(run, options)
    assert isinstance(found, Plan), found
    return found


def trained(run: Run, options: Options):
    now = planned(run, options)
    prepare(now)
    seen = []
    return launch(now, lambda *_: None, seen.append), seen


def fingerprint(folder: Path) -> dict[str, str]:
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.rglob("*")) if file.is_file()}


# ------------------------------------------------------------------------------------------------ nothing to do


def test_a_healthy_lora_is_left_alone(tmp_path, base):
    said = diagnosis(verdict="healthy")
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence({}), said), Options())
    assert isinstance(found, Nothing)
    assert not found.undetermined


def test_a_weak_suspicion_does_not_send_a_healthy_lora_back(tmp_path, base):
    said = diagnosis(finding("wrong-rank", "rank", direction="high"), verdict="healthy")
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence({}), said), Options())
    assert isinstance(found, Nothing)
    assert not found.undetermined
    assert "weak evidence for: wrong-rank" in found.sentence
    assert "setup is right" not in found.sentence


def test_a_cause_is_cured_where_the_verdict_is_open_and_that_is_said(tmp_path, base, ai_toolkit):
    said = diagnosis(finding("overcaptioned-appearance", "captions"), verdict="undetermined")
    now = planned(judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said), ai_toolkit)
    assert [applied.setting for applied in now.applied] == ["captions"]
    assert any("verdict is open" in remark for remark in now.remarks)


def test_findings_that_only_disagree_leave_it_open(tmp_path, base):
    said = diagnosis(finding("a", "steps", to="1000"), finding("b", "steps", to="3000"))
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said), Options())
    assert isinstance(found, Nothing)
    assert found.undetermined


def test_without_enough_evidence_the_captionless_run_is_offered(tmp_path, base):
    said = diagnosis(verdict="undetermined")
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence({}), said), Options())
    assert isinstance(found, Nothing)
    assert found.undetermined
    assert "--captionless" in found.sentence


def test_a_setup_that_is_right_already_is_said_to_be(tmp_path, base):
    said = diagnosis(finding("learning-rate", "learning_rate", direction="high"))
    found = plan(judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said), Options())
    assert isinstance(found, Nothing)
    assert "it is so already" in found.sentence


# ------------------------------------------------------------------------------------------------ on paper


def test_planning_writes_nothing(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    before = fingerprint(tmp_path)
    planned(run, ai_toolkit)
    assert fingerprint(tmp_path) == before


def test_captions_are_all_that_changes(tmp_path, base, ai_toolkit):
    now = planned(described(tmp_path, base), ai_toolkit)
    (row,) = [row for row in now.rows if row.known]
    assert (row.field, row.before, row.after) == ("captions", LOOKS, NEW_CAPTION)
    assert [prediction.key for prediction in now.applied[0].predictions] == ["identity.trigger", "trigger.effect"]


def test_the_diff_is_in_the_trainers_own_words(tmp_path, base, ai_toolkit):
    said = diagnosis(finding("wrong-step-count", "steps", direction="over"))
    run = judged(tmp_path / "run", case(tmp_path, base, steps=5400), evidence(PERSON_MISSING), said)
    (row,) = [row for row in planned(run, ai_toolkit).rows if row.known]
    assert (row.before, row.after) == ("train.steps: 5400", "train.steps: 1350")


def test_the_default_trainer_is_the_bases(tmp_path, base, ai_toolkit, laboratory):
    assert planned(described(tmp_path, base), ai_toolkit).trainer.name == "ai-toolkit"
    run = described(tmp_path / "other", laboratory / "weights" / "base")
    assert planned(run, Options()).trainer.name == "builtin"
    with pytest.raises(FluxdiagError, match="does not know this base"):
        plan(run, Options(trainer="kohya"))


def test_photos_that_are_gone_or_changed_are_named(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    photos = sorted((tmp_path / "photos").glob("*.png"))
    photos[1].write_bytes(photos[0].read_bytes())
    with pytest.raises(FluxdiagError, match="1 of the 10 photos are no longer the same"):
        plan(run, ai_toolkit)
    photos[2].unlink()
    with pytest.raises(FluxdiagError, match="1 of the 10 photos are no longer there"):
        plan(run, ai_toolkit)


def test_ordinary_people_must_be_enough_and_ordinary(tmp_path, base, ai_toolkit):
    said = diagnosis(finding("missing-regularisation", "regularisation_images"))
    run = judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said)
    assert planned(run, ai_toolkit).to_draw == 100
    people = tmp_path / "people"
    case(people, base, photos=3)
    with pytest.raises(FluxdiagError, match="too few"):
        plan(run, Options(regularisation=people / "photos"))
    case(people, base, photos=12)
    with pytest.raises(FluxdiagError, match="hold the trigger"):
        plan(run, Options(regularisation=people / "photos"))
    for file in (people / "photos").glob("*.txt"):
        file.write_text("a woman in a park")
    now = planned(run, Options(regularisation=people / "photos"))
    assert (len(now.people), now.to_draw, now.recipe.regularisation_images, now.recipe.steps) == (12, 0, 12, 2700)


# ------------------------------------------------------------------------------------------------ on disk


def test_the_users_files_are_never_touched(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    before = fingerprint(tmp_path / "photos")
    done, _ = trained(run, ai_toolkit)
    assert fingerprint(tmp_path / "photos") == before
    copies = tmp_path / "run-retrained" / "dataset"
    assert {file.read_text() for file in copies.glob("*.txt")} == {NEW_CAPTION + "\n"}
    assert (copies / ".aitk_size.json").exists()  # what trainers write beside photos went to the copy
    assert done.status == "done"


def test_names_of_photos_are_harmless_and_odd_formats_become_png(tmp_path, base, ai_toolkit):
    from PIL import Image

    run = described(tmp_path, base)
    odd = tmp_path / "photos" / "$(touch x) ü.webp"
    Image.open(tmp_path / "photos" / "IMG 0.png").save(odd)
    now = planned(run, Options(dataset=tmp_path / "photos", home=ai_toolkit.home, python=ai_toolkit.python))
    names = [copy.name for copy in now.copies]
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") for name in names)
    assert any(name.endswith("touch-x.png") for name in names)
    prepare(now)
    for name in names:
        with Image.open(now.out / "dataset" / name) as image:
            assert image.format == "PNG"


def test_a_caption_mended_by_hand_in_the_copy_is_kept(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    now = planned(run, ai_toolkit)
    prepare(now)
    mended = sorted((now.out / "dataset").glob("*.txt"))[0]
    mended.write_text("ohwx woman, mended by hand")
    prepare(planned(run, ai_toolkit))
    assert mended.read_text() == "ohwx woman, mended by hand"


def test_a_folder_of_something_else_is_refused(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    with pytest.raises(FluxdiagError, match="not empty"):
        plan(run, Options(out=tmp_path / "photos"))
    prepare(planned(run, ai_toolkit))
    (tmp_path / "photos" / "IMG 0.txt").write_text("ohwx woman by the sea")
    other = described(tmp_path / "other", base)
    with pytest.raises(RunMismatch, match="another retraining was begun here"):
        plan(other, Options(out=tmp_path / "run-retrained", trainer="builtin"))


def test_a_full_disk_is_a_sentence(tmp_path, base, ai_toolkit):
    """No file of this process may grow beyond 100 bytes: what the system says then is what it says of a full disk."""
    now = planned(described(tmp_path, base), ai_toolkit)
    kept, old = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, kept[1]))
    try:
        with pytest.raises(FluxdiagError, match="cannot be written"):
            prepare(now)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
        signal.signal(signal.SIGXFSZ, old)


# ------------------------------------------------------------------------------------------------ at work


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


def test_what_is_finished_is_not_done_again(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    done, _ = trained(run, ai_toolkit)
    log = (tmp_path / "run-retrained" / "train.log").read_bytes()
    again, seen = trained(run, ai_toolkit)
    assert again == done
    assert not seen
    assert (tmp_path / "run-retrained" / "train.log").read_bytes() == log


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


# ------------------------------------------------------------------------------------------------ the command

COMMAND = "import sys, typer\nimport fluxdiag.cli as cli\nfrom fluxdiag.cli_cure import retrain\n"
COMMAND += "if not any(c.callback is retrain for c in cli.app.registered_commands): cli.app.command()(retrain)\n"
COMMAND += "sys.argv = ['fluxdiag', 'retrain', *sys.argv[1:]]\ncli.main()\n"


def called(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", COMMAND, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False, env=os.environ | environment)


def test_the_command_shows_writes_and_starts_nothing(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    ended = called(run.folder, "--trainer-home", ai_toolkit.home, "--trainer-python", ai_toolkit.python)
    assert ended.returncode == 0, ended.stderr
    assert f"- {LOOKS[:40]}" in ended.stderr
    assert "identity.trigger rises from 0.10 to above 0.45, by 0.35 or more" in ended.stderr
    assert ended.stdout.strip() == str(tmp_path / "run-retrained" / "config.yaml")
    assert not (tmp_path / "run-retrained" / "output").exists()


@pytest.mark.parametrize("launched", [[], ["--launch"]])
def test_a_training_that_could_change_nothing_is_refused(launched, tmp_path, base):
    said = diagnosis(finding("low-diversity-dataset", "images"))
    run = judged(tmp_path / "run", case(tmp_path, base), evidence(PERSON_MISSING), said)
    ended = called(run.folder, *launched)
    assert ended.returncode == 2
    assert "--dataset" in ended.stderr.splitlines()[-1]
    assert not (tmp_path / "run-retrained").exists()


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
