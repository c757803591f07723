"""What `captions fix` leaves: the layout that it found, each caption once, and nothing of the user's changed."""

import csv
import json
import os

import pytest
from typer.testing import CliRunner

from fluxdiag.captions import fix, lint, not_copied, photos_of
from fluxdiag.commands.captions import app
from fluxdiag.errors import FluxdiagError
from photo_folders import digests

OLD, NEW = "ohwx woman at sea, brown hair", "ohwx woman at sea"


def made(folder, **files):
    """`name=None` is a photo."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name if content is None else content)
    return folder


def fixed(source, out, **more):
    """Name -> content of what was written, the page aside."""
    fix(lint(source, "ohwx woman"), out, **more)
    return {name: (out / name).read_text() for name in digests(out) if name != "diff.html"}


def test_captions_of_two_folders_are_two_files(tmp_path):
    made(
        tmp_path,
        **{f"{place}/0.{end}": None if end == "png" else f"{place}, {OLD}" for place in ("one", "two") for end in ("png", "txt")},
    )
    subsets = "".join(
        f'[[datasets]]\nresolution = {size}\ncaption_extension = ".txt"\n[[datasets.subsets]]\nimage_dir = "{place}"\n'
        for size in (512, 1024)
        for place in ("one", "two")
    )
    made(tmp_path, **{"d.toml": subsets})
    before = digests(tmp_path)
    written = fixed(tmp_path / "d.toml", tmp_path / "new")
    assert {name: text.count("\n") for name, text in written.items()} == {"one/0.txt": 1, "two/0.txt": 1}
    assert all(name.partition("/")[0] in text for name, text in written.items())
    assert {name: one for name, one in digests(tmp_path).items() if not name.startswith("new/")} == before


@pytest.mark.parametrize("others", [("a.jpg",), ("a_0001_1_2_3.png", "a_0002_1_2_3.png")])
def test_a_caption_that_several_photos_share_is_written_once(tmp_path, others):
    made(tmp_path / "set", **{"a.png": None, "a.txt": OLD} | dict.fromkeys(others))
    assert fixed(tmp_path / "set", tmp_path / "new") == {"a.txt": f"{NEW}\n"}


def test_lines_of_one_file_stay_one_file(tmp_path):
    made(tmp_path / "set", **{"a.png": None, "a.txt": f"{OLD}\nohwx woman in a park, red hair"})
    fix(lint(tmp_path / "set", "ohwx woman", reads="simpletuner"), tmp_path / "new")
    assert (tmp_path / "new/a.txt").read_text() == f"{NEW}\nohwx woman in a park\n"


# ------------------------------------------------------------------------------------------------ the layout stays


@pytest.mark.parametrize("ending", [".txt", ".caption"])
def test_the_ending_stays(tmp_path, ending):
    made(tmp_path / "set", **{"a.png": None, f"deep/b{ending}": OLD, "deep/b.png": None, f"a{ending}": OLD})
    assert set(fixed(tmp_path / "set", tmp_path / "new")) == {f"a{ending}", f"deep/b{ending}"}


def test_the_ending_that_a_config_names_stays(tmp_path):
    made(tmp_path, **{"set/a.png": None, "set/a.md": OLD, "set/1_ohwx woman/b.png": None})
    made(tmp_path, **{"c.yaml": "datasets: [{folder_path: set, caption_ext: md}]"})
    result = lint(tmp_path / "c.yaml", "ohwx woman")
    assert result.anew == 0
    assert fixed(tmp_path / "c.yaml", tmp_path / "new") == {"a.md": f"{NEW}\n", "1_ohwx woman/b.md": "ohwx woman\n"}


def test_a_list_stays_a_list(tmp_path):
    rows = [{"file_name": name, "text": f"{OLD}, {name}"} for name in ("a.png", "a.jpg")]
    made(tmp_path / "set", **{"a.png": None, "a.jpg": None, "metadata.jsonl": "\n".join(map(json.dumps, rows))})
    made(tmp_path / "set", **{"day/b.png": None, "day/metadata.csv": f'file_name,text\nb.png,"{OLD}"\n'})
    written = fixed(tmp_path / "set", tmp_path / "new")
    assert set(written) == {"metadata.jsonl", "day/metadata.csv"}
    assert [json.loads(line)["text"].startswith(NEW) for line in written["metadata.jsonl"].splitlines()] == [True, True]
    assert list(csv.reader(written["day/metadata.csv"].splitlines())) == [["file_name", "text"], ["b.png", NEW]]
    assert "brown" not in "".join(written.values())


def test_a_list_beside_caption_files_does_not_keep_what_they_lost(tmp_path):
    """The file counts for the tool; Hugging Face's loader reads the list."""
    made(tmp_path / "set", **{"a.png": None, "a.txt": OLD, "metadata.jsonl": json.dumps({"file_name": "a.png", "text": OLD})})
    written = fixed(tmp_path / "set", tmp_path / "new")
    assert (written["a.txt"], json.loads(written["metadata.jsonl"])["text"]) == (f"{NEW}\n", NEW)


def test_a_folders_name_becomes_a_file_and_that_is_said(tmp_path):
    made(tmp_path / "set", **{"10_ohwx woman/a.png": None, "10_ohwx woman/a.jpg": None})
    call = ["fix", str(tmp_path / "set"), "--trigger", "ohwx woman", "--out", str(tmp_path / "new")]
    assert "2 captions were their folder's name and are .txt files now" in CliRunner().invoke(app, call).output
    assert (tmp_path / "new/10_ohwx woman/a.txt").read_text() == "ohwx woman\n"
    made(tmp_path / "other", **{"a.png": None, "a.txt": OLD})
    call = ["fix", str(tmp_path / "other"), "--trigger", "ohwx woman", "--out", str(tmp_path / "new2")]
    assert "their folder's name" not in CliRunner().invoke(app, call).output


def test_masks_go_with_their_photos_and_ordinary_people_are_named(tmp_path):
    source = made(
        tmp_path / "set",
        **{"a.png": None, "a.txt": OLD, "a-masklabel.png": None, "masks/a.png": None, "sub/mask/b.png": None, "sub/b.png": None,
           "reg/1_woman/c.png": None, "_latent_cache/masks/d.png": None, ".thumbs/a.png": None},
    )  # fmt: skip
    assert sorted(photos_of(source, tmp_path / "new")) == [
        "a-masklabel.png",
        "a.png",
        "masks/a.png",
        "sub/b.png",
        "sub/mask/b.png",
    ]
    assert not_copied(source) == ("reg/",)
    call = ["fix", str(source), "--trigger", "ohwx woman", "--out", str(tmp_path / "new"), "--with-photos"]
    assert "reg/: not copied" in CliRunner().invoke(app, call).output


def test_a_config_goes_on_naming_the_old_folders_and_that_is_said(tmp_path):
    made(tmp_path, **{"set/a.png": None, "set/a.txt": OLD, "c.yaml": "datasets: [{folder_path: set}]"})
    said = (
        CliRunner()
        .invoke(app, ["fix", str(tmp_path / "c.yaml"), "--trigger", "ohwx woman", "--out", str(tmp_path / "new")])
        .output
    )
    assert "c.yaml still names the folders of the old captions" in said
    assert "--with-photos" not in said


# ------------------------------------------------------------------------------------------------ going on, odd names


def test_the_same_call_goes_on_after_a_kill_in_the_middle_of_a_file(tmp_path):
    source, out = made(tmp_path / "set", **{"a.png": None, "a.txt": OLD}), tmp_path / "new"
    made(out, **{".a.png.deadbeef": "half", ".a.txt.0123abcd": "oh"})
    fix(lint(source, "ohwx woman"), out, photos_of(source, out))
    assert (out / "a.txt").read_text() == f"{NEW}\n"
    assert (out / "a.png").read_text() == "a.png"


@pytest.mark.parametrize(
    "name", [".b.png.deadbeef", ".a.png.deadbee", ".a.png.notmine!", "a.png.deadbeef", "sub/.a.png.deadbeef"]
)
def test_what_no_kill_can_have_left_is_foreign(tmp_path, name):
    source, out = made(tmp_path / "set", **{"a.png": None, "a.txt": OLD}), made(tmp_path / "new", **{name: "mine"})
    with pytest.raises(FluxdiagError, match="not empty"):
        fix(lint(source, "ohwx woman"), out, photos_of(source, out))
    assert [file.name for file in out.iterdir()] == [name.partition("/")[0]]


def test_a_folder_of_the_new_set_that_leads_elsewhere_is_refused(tmp_path):
    source = made(tmp_path / "set", **{"sub/a.png": None, "sub/a.txt": OLD})
    (tmp_path / "elsewhere").mkdir(), (tmp_path / "new").mkdir()
    (tmp_path / "new/sub").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FluxdiagError, match=r"sub/a\.txt: a name that leads out of the set"):
        fix(lint(source, "ohwx woman"), tmp_path / "new")


def test_names_that_are_no_utf8_are_spelled_out_and_kept(fluxdiag, tmp_path):
    name = os.fsdecode(b"f\xff")
    made(tmp_path / "set", **{f"{name}.png": "", f"{name}.txt": OLD})
    done = fluxdiag("captions", "lint", tmp_path / "set", "--trigger", "ohwx woman", "--json")
    assert json.loads(done.out)["captions"][0]["file"] == "f[U+DCFF].txt"
    assert fixed(tmp_path / "set", tmp_path / "new") == {f"{name}.txt": f"{NEW}\n"}
    assert "f[U+DCFF].txt" in (tmp_path / "new/diff.html").read_text()


@pytest.mark.parametrize("command", [("captions", "fix", "--trigger", "ohwx"), ("dataset", "audit")])
@pytest.mark.parametrize(("out", "refused"), [("sub", True), ("a/b", True), ("link/sub", True), ("../beside", False)])
@pytest.mark.parametrize("by_config", [False, True])
def test_nothing_is_written_into_the_set(fluxdiag, tmp_path, command, out, refused, by_config):
    source = made(tmp_path / "set", **{"a.png": None, "a.txt": "ohwx at sea"})
    (source / "link").symlink_to(tmp_path / "set")
    (tmp_path / "c.yaml").write_text("folder_path: set\n")
    verb, rest = command[:2], command[2:]
    done = fluxdiag(*verb, tmp_path / "c.yaml" if by_config else source, *rest, "--out", source / out)
    assert (f"lies inside the set ({source})" in done.mistake) is refused
    assert (tmp_path / "beside").exists() is not refused
    assert sorted(file.name for file in source.iterdir()) == ["a.png", "a.txt", "link"]
