"""What an audit is made of: folders, bundles, trainers' configs; their captions, what is passed over, and references."""

import zipfile

import pytest

from fluxdiag.dataset.audit import files
from fluxdiag.errors import FluxdiagError
from photo_folders import audited, digests, jpeg, lines, picture, saved


def test_captions_that_are_missing_everywhere_are_a_way_of_training(tmp_path):
    picture(1).save(tmp_path / "a.png")
    assert "captions" not in audited(tmp_path).checks


@pytest.mark.parametrize("content", ["ohwx wöman".encode("utf-16"), "ohwx wöman".encode("latin-1"), b"a" * 10_000_000])
def test_captions_that_are_no_text(folder, content):
    picture(3).save(folder / "odd.png")
    (folder / "odd.txt").write_bytes(content)
    assert "captions" in lines(audited(folder), "odd.txt")


def test_captions_that_describe_the_person_are_counted(folder):
    (folder / "good 1.txt").write_text("ohwx woman with long brown hair in a forest")
    found = audited(folder, trigger="ohwx woman")
    assert found.described == (1, 2)
    assert "described-looks" in found.checks


@pytest.mark.parametrize(("trigger", "told"), [("Elena", True), ("sks woman", True), ("ohwx woman", False), (None, False)])
def test_a_trigger_that_the_base_may_know(folder, trigger, told):
    """Given, or the one that the captions open with: here `ohwx woman`."""
    assert ("seen-trigger" in audited(folder, trigger=trigger).checks) == told


def test_a_trigger_that_nothing_here_can_judge_is_not_assessed(folder, no_vocabulary):
    found = audited(folder, trigger="Elena")
    assert "seen-trigger" not in found.checks
    assert found.not_assessed["seen-trigger"] == "not judged: CLIP's vocabulary is not installed"


def test_more_than_a_training_set(folder, monkeypatch):
    monkeypatch.setattr(files, "MOST", 1)
    found = audited(folder)
    assert found.images == 1
    assert found.described == (0, 0)
    assert any("only the first 1 of 2" in one.says for one in found.findings if one.check == "too-many")


def test_not_every_file_without_a_photos_name_is_opened(folder, monkeypatch):
    monkeypatch.setattr(files, "MOST", 2)
    for number in range(4):
        (folder / f"IMG{number}").write_bytes(jpeg(number))
    assert [one.files[0] for one in audited(folder).findings if one.check == "not-taken"] == ["IMG0", "IMG1"]


def test_what_is_passed_over(folder):
    for name in ("._good 1.png", "_latent_cache/x.png", "mask/x.png", "good 1-masklabel.png", "notes.md", ".thumbs/x.png"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(saved(picture(3), "PNG"))
    assert audited(folder).images == 2


def test_an_empty_folder_and_none(tmp_path):
    (tmp_path / "empty").mkdir()
    assert [one.check for one in audited(tmp_path / "empty").findings] == ["no-photos"]
    with pytest.raises(FluxdiagError, match="no such folder"):
        audited(tmp_path / "nothing")


# ------------------------------------------------------------------------------------------------ other sources


def test_a_bundle_and_a_config_come_to_the_same(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as bundle:
        for file in folder.iterdir():
            bundle.write(file, file.name)
    (tmp_path / "train.toml").write_text('[[datasets]]\ncaption_extension = ".txt"\n[[datasets.subsets]]\nimage_dir = "photos"\n')
    expected = audited(folder).model_copy(update={"dataset": ""})
    for source in (tmp_path / "set.zip", tmp_path / "train.toml"):
        assert audited(source).model_copy(update={"dataset": ""}) == expected


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.jpg", jpeg(), "neither a folder, a zip bundle nor"),
        ("x.toml", b"[[", "not a trainer's config"),
        ("x.yaml", b"a: 1", "names no dataset folder"),
        ("x.yaml", b"a: [1", "not a trainer's config"),
        ("x.yaml", b"a: !!bool maybe", "does not fit its tag"),
        ("x.json", b"[" * 100_000, "not a trainer's config"),
    ],
)
def test_what_is_no_set(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FluxdiagError, match=says) as told:
        audited(tmp_path / name)
    assert "\n" not in str(told.value)


def test_a_bundle_writes_nowhere_else(tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as bundle:
        bundle.writestr("../../outside.png", saved(picture(1), "PNG"))
        bundle.writestr("/absolute.png", saved(picture(2), "PNG"))
    before = digests(tmp_path)
    assert audited(tmp_path / "evil.zip").readable == 2
    assert digests(tmp_path) == before
    assert not (tmp_path.parent / "outside.png").exists()


def test_references_are_compared(folder, tmp_path):
    (tmp_path / "references").mkdir()
    picture(1).save(tmp_path / "references" / "again.png")
    picture(9).save(tmp_path / "references" / "new.png")
    found = audited(folder, references=tmp_path / "references").references
    assert [(one.reference, one.photo) for one in found.overlaps] == [("again.png", "good 1.png")]
    assert found.references == 2
