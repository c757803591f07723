"""What a retraining writes: copies beside the run, never into what is the user's."""

from __future__ import annotations

import resource
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from fluxdiag.curing.captionless import plan as plan_captionless
from fluxdiag.curing.photos import copy_folder
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.lora.beside import notes
from fluxdiag.retrain import Options, launch, plan, prepare
from fluxdiag.runs import Run
from judged_runs import PERSON_MISSING, case, described, diagnosis, evidence, fact, finding, judged
from retrains import fingerprint, planned, trained

NEW_CAPTION = "ohwx woman standing in a park at night, portrait"


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


def test_a_config_that_was_edited_is_trained_as_it_is(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    assert prepare(planned(run, ai_toolkit)).edited == ()
    out = tmp_path / "run-retrained"
    config, notes = out / "config.yaml", out / "fluxdiag.toml"
    config.write_text(config.read_text().replace("save_every: 135", "save_every: 270") + "# mine\n")
    notes.write_text(notes.read_text() + "# mine\n")
    before = config.read_text(), notes.read_text()
    assert set(prepare(planned(run, ai_toolkit)).edited) == {"config.yaml", "fluxdiag.toml"}
    done, _ = trained(run, ai_toolkit)
    assert (config.read_text(), notes.read_text()) == before
    assert done.status == "done"
    assert (out / "train.log").read_text().count("Saving at step") == 4


def test_a_config_that_nobody_edited_follows_the_machine(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    small, large = planned(run, ai_toolkit), planned(run, ai_toolkit)
    small.trainer.memory_gb, large.trainer.memory_gb = 16, 80
    prepare(small)
    assert prepare(large).edited == ()
    assert "low_vram: false" in (large.out / "config.yaml").read_text()


def test_fewer_steps_in_an_edited_config_are_noted_and_in_another_are_a_fault(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    prepare(planned(run, ai_toolkit))
    config = tmp_path / "run-retrained" / "config.yaml"
    config.write_text(config.read_text().replace("steps: 1350", "steps: 1000"))
    done, _ = trained(run, ai_toolkit)
    assert "it was trained 1000 of 1350 steps" in done.result.problems
    script = ai_toolkit.home / "run.py"
    script.write_text(script.read_text().replace('process["train"]["steps"]', "1000"))
    other = replace(ai_toolkit, out=tmp_path / "other")
    with pytest.raises(FluxdiagError, match="it was trained 1000 of 1350 steps"):
        trained(run, other)


def test_a_command_for_people_that_was_edited_is_not_passed_over(tmp_path, base):
    now = planned(described(tmp_path, base), Options(trainer="kohya"))
    prepare(now)
    (now.out / "command.txt").write_text("accelerate launch my_own.py\n")
    assert prepare(now).edited == ("command.txt",)
    with pytest.raises(FluxdiagError, match=r"command\.txt: was edited, and is for people"):
        launch(now, lambda *_: None, lambda _: None)


def test_captions_mended_since_the_report_are_trained(tmp_path, base, ai_toolkit):
    run = described(tmp_path, base)
    assert not any("captions were changed" in remark for remark in planned(run, ai_toolkit).remarks)
    (tmp_path / "photos" / "IMG 3.txt").write_text("ohwx woman\nby the sea")
    (tmp_path / "photos" / "IMG 4.txt").write_text("[trigger] by a lake")
    (tmp_path / "photos" / "IMG 5.txt").unlink()
    now = planned(run, ai_toolkit)
    assert [copy.caption for copy in now.copies][3:6] == ["ohwx woman by the sea", "ohwx woman by a lake", NEW_CAPTION]
    assert any("2 captions were changed since the report" in remark for remark in now.remarks)


def test_a_trigger_with_an_emoji_can_be_read_again(tmp_path, base, ai_toolkit):
    of = case(tmp_path, base).model_copy(update={"trigger": fact("ohwx\U0001f98a woman")})
    run = judged(tmp_path / "run", of, evidence(PERSON_MISSING), diagnosis(finding("a", "captions")))
    now = planned(run, ai_toolkit)
    prepare(now)
    assert notes(now.out).trigger == "ohwx\U0001f98a woman"


@pytest.mark.parametrize("planning", [plan, plan_captionless])
def test_the_folder_that_one_is_in_has_a_name(planning, tmp_path, base, ai_toolkit, monkeypatch):
    run = described(tmp_path, base)
    monkeypatch.chdir(run.folder)
    now = planning(Run(Path()), ai_toolkit)
    assert now.out.parent == tmp_path
    assert now.out.name in ("run-retrained", "run-captionless")


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


def test_a_copy_of_a_reference_that_was_cut_short_leaves_nothing(tmp_path):
    """What lies there is taken for done by the next call."""
    photo, folder = tmp_path / "01.jpg", tmp_path / "references"
    photo.write_bytes(b"x" * 5000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        with pytest.raises(OSError, match=r"01\.jpg"):
            copy_folder([photo], folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(folder.iterdir()) == []


COPIED = [
    (["a/01.jpg", "a/02.jpg"], ["01.jpg", "02.jpg"]),
    (["a/01.jpg", "b/01.jpg", "c/01.jpg"], ["01.jpg", "01-2.jpg", "01-3.jpg"]),
    (["a/01.jpg", "b/01.jpg", "b/01-2.jpg"], ["01.jpg", "01-2.jpg", "01-2-2.jpg"]),
    (["a/01.jpg", "b/01.JPG", "b/01.png"], ["01.jpg", "01-2.JPG", "01.png"]),  # the first two are one on some disks
]


@pytest.mark.parametrize(("names", "copied"), COPIED)
def test_references_of_one_name_are_all_copied_and_again_the_same(tmp_path, names, copied):
    files, folder = [tmp_path / name for name in names], tmp_path / "references"
    for number, file in enumerate(files):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(bytes([number]))
    copy_folder(files, folder)
    there = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert there == {name: bytes([number]) for number, name in enumerate(copied)}
    files[0].unlink()  # gone since: the others keep their names
    copy_folder(files, folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == there
