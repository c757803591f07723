"""A folder as people have it: what cannot be used is a line with the file's name, and the audit goes on."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fluxdiag.audit import as_line, audit
from fluxdiag.audit_page import page
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.reading import read_photo
from fluxdiag.printable import printable
from photo_folders import BAD, NO_MODELS, audited, lines, picture, saved


@pytest.mark.parametrize("kind", BAD)
def test_each_is_one_line_and_the_audit_goes_on(folder, kind):
    name, content, check, says = BAD[kind]
    (folder / name).write_bytes(content)
    if check != "captions" and name.rpartition(".")[2] != "txt":
        (folder / name).with_suffix(".txt").write_text("ohwx woman")
    found = audited(folder)
    assert says in lines(found, name)[check]
    assert {"good 1.png", "good 2.png"} <= {*found.keep, *found.left_out}
    assert found.readable >= 2


def test_all_of_them_at_once(folder):
    for name, content, *_ in BAD.values():
        (folder / name).write_bytes(content)
    found = audited(folder)
    assert {check for _, _, check, _ in BAD.values()} <= {one.check for one in found.findings}
    for name, _, check, _ in BAD.values():
        assert any(printable(name) in map(printable, one.files) for one in found.findings if one.check == check), name
    assert json.loads(as_line(found))["images"] == found.images


@pytest.mark.parametrize(
    ("make", "name", "check", "says"),
    [
        (
            lambda place: (place / "round.png").symlink_to(place / "round.png"),
            "round.png",
            "unreadable",
            "leads nowhere, or round",
        ),
        (
            lambda place: (place / "gone.png").symlink_to(place / "nothing.png"),
            "gone.png",
            "unreadable",
            "leads nowhere, or round",
        ),
        (lambda place: (place / "up").symlink_to(place), "up", "unopened-folder", "a link to a folder"),
        (lambda place: os.mkfifo(place / "pipe.png"), "pipe.png", "unreadable", "empty"),
    ],
    ids=["loop", "dangling", "folder loop", "pipe"],
)
def test_links_and_pipes(folder, make: Callable[[Path], None], name, check, says):
    make(folder)
    found = audited(folder)
    assert says in lines(found, name)[check]
    assert [one.files for one in found.findings if name in "".join(one.files)] == [(name,)]
    assert found.readable == 2


def test_a_pipe_without_a_photos_name_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe")
    assert audited(folder).images == 2


def test_a_link_to_a_photo_is_a_photo(folder):
    (folder / "linked.png").symlink_to(folder / "good 1.png")
    found = audited(folder)
    assert (found.readable, found.distinct) == (3, 2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(folder):
    (folder / "good 1.png").chmod(0)
    (folder / "shut").mkdir(mode=0)
    found = audited(folder)
    assert "cannot be read (Permission denied)" in lines(found, "good 1.png")["unreadable"]
    assert "cannot be opened" in lines(found, "shut")["unopened-folder"]


def test_a_photo_that_goes_while_it_is_looked_for(tmp_path):
    assert read_photo(tmp_path / "gone.png", 64, Cache(None)).problem == "cannot be read (No such file or directory)"


def test_names_that_are_no_utf8(folder):
    (folder / os.fsdecode(b"caf\xe9.png")).write_bytes(saved(picture(3), "PNG"))
    done = audit(folder, NO_MODELS)
    assert "odd-name" in lines(done.audit, "caf[U+DCE9].png")
    assert "caf[U+DCE9].png" not in done.audit.keep
    as_line(done.audit).encode()
    page(done).encode()


def test_names_of_emoji_are_names(folder):
    for number, name in enumerate(["👩‍🎤.png", "Screenshot at 3.04\u202fPM.png", "日本.png"], start=3):
        (folder / name).write_bytes(saved(picture(number), "PNG"))
    assert not [one for one in audited(folder).findings if one.check == "odd-name"]


def test_what_ai_toolkit_passes_over_is_told_unless_another_trainer_is_named(folder, tmp_path):
    (folder / "old.bmp").write_bytes(saved(picture(3), "BMP"))
    (folder / "old.txt").write_text("ohwx woman")
    found = audited(folder)
    assert "ai-toolkit passes over .bmp" in lines(found, "old.bmp")["not-taken"]
    assert "not-taken" not in lines(found, "good 1.png")
    assert "old.bmp" in found.keep  # kohya reads it
    for name, key, told in (("a.yaml", "folder_path", True), ("b.yaml", "image_dir", False)):
        (tmp_path / name).write_text(f"datasets: [{{{key}: {folder}, caption_extension: .txt}}]")
        assert ("not-taken" in audited(tmp_path / name).checks) == told


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (("a.psd", "b.MP4", "sub/c.mp4"), ["2 .mp4, 1 .psd: trainers of pictures pass over them"]),
        (("a.npz", "a.json", "Thumbs.db", ".hidden.mp4", "_latent_cache/a.mp4"), []),
    ],
)
def test_films_and_works_are_counted_on_one_line(folder, files, says):
    for name in files:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    assert [one.says for one in audited(folder).findings if one.check == "passed-over"] == says
