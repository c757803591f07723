"""What a retraining writes: copies beside the run, never into what is the user's."""

from __future__ import annotations

import resource
import signal

import pytest

from fluxdiag.curing.photos import copy_folder
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.retrain import Options, plan, prepare
from judged_runs import described
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
