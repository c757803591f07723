"""Trainers' configs that point at folders: whose caption files count there, and which images are masks."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from fluxdiag.dataset.audit.files import list_photos
from fluxdiag.dataset.bundles import read_captions
from fluxdiag.dataset.configs import Place, places_in
from fluxdiag.dataset.layout import ORDINARY
from fluxdiag.errors import FluxdiagError

KOHYA = """
[general]
caption_extension = ".caption"
[[datasets]]
[[datasets.subsets]]
image_dir = "photos"
conditioning_data_dir = "photos/white"
[[datasets.subsets]]
image_dir = "people"
is_reg = true
"""
TOOLKIT = """
config:
  process:
    - datasets:
        - {folder_path: photos, caption_ext: md, mask_path: photos/white}
        - {folder_path: people, is_reg: true}
"""


@pytest.fixture
def folder(tmp_path):
    """Two photos with captions of three extensions, and a mask between them."""
    for name in ("photos/a", "photos/b", "photos/white/a"):
        file = tmp_path / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(file)
    for extension in ("txt", "caption", "md"):
        (tmp_path / f"photos/a.{extension}").write_text(f"[trigger] from {extension}")
    (tmp_path / "photos/b.caption").write_text("second")
    return tmp_path


def texts(captions):
    return [(one.name, one.text) for one in captions.found]


def test_kohyas_extension_and_masks_are_followed(folder):
    (folder / "dataset.toml").write_text(KOHYA)
    found = read_captions(folder / "dataset.toml", "ohwx")
    assert texts(found) == [("a.caption", "ohwx from caption"), ("b.caption", "second")]
    assert not any("white" in problem for problem in found.problems), "a mask is no photo without a caption"


def test_ai_toolkits_extension_and_masks_are_followed(folder):
    (folder / "config.yaml").write_text(TOOLKIT)
    found = read_captions(folder / "config.yaml", "ohwx")
    assert texts(found) == [("a.md", "ohwx from md")]
    assert "b.png: no caption" in found.problems
    assert not any("white" in problem for problem in found.problems)


@pytest.mark.parametrize(
    ("data", "places"),
    [
        ({"folder_path": "a", "caption_ext": "txt"}, [Place("a", ".txt", trainer="ai-toolkit")]),
        ({"datasets": [{"caption_extension": ".cap",
                        "subsets": [{"image_dir": "a"}, {"image_dir": "b", "caption_extension": "t"}]}]},
         [Place("a", ".cap", trainer="kohya"), Place("b", ".t", trainer="kohya")]),
        ({"image_dir": "a", "caption_ext": "../../etc/passwd"}, [Place("a", trainer="kohya")]),
        ({"image_dir": "a", "caption_ext": "x" * 99}, [Place("a", trainer="kohya")]),
        ({"image_dir": 3, "path": ["a"]}, []),
        ([{"instance_data_dir": "a"}, {"instance_data_dir": "r", "is_regularisation_data": True}],
         [Place("a", trainer="simpletuner"), Place("r", trainer="simpletuner", aside=ORDINARY)]),
    ],
)  # fmt: skip
def test_places(data, places):
    assert list(places_in(data)) == places


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yaml", "a: ["), ("tag.yaml", "folder_path: !!bool maybe"), ("a.toml", "="), ("a.json", "{"), ("a.yml", "steps: 3")],
)
def test_what_is_no_config_is_a_mistake_of_the_user(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(FluxdiagError, match=r"not a trainer.s config|names no dataset folder") as refused:
        read_captions(tmp_path / name)
    assert "\n" not in str(refused.value)


def test_a_line_of_json_ends_at_a_newline_and_nowhere_else(tmp_path):
    (tmp_path / "a.png").touch()
    said = {"file_name": "a.png", "text": "a park\u2028at noon"}
    (tmp_path / "metadata.jsonl").write_text(json.dumps(said, ensure_ascii=False) + "\n", encoding="utf-8")
    assert [text for _, text in texts(read_captions(tmp_path))] == ["a park at noon"]


def test_json_of_simpletuner(folder):
    (folder / "multidatabackend.json").write_text(json.dumps([{"instance_data_dir": "photos"}]))
    assert [name for name, _ in texts(read_captions(folder / "multidatabackend.json"))] == ["a.txt", "b.caption"]


def test_pictures_of_ordinary_people_are_left_as_they_are(tmp_path):
    """kohya's root: the trigger in their captions would undo what they are for."""
    root = tmp_path / "kohya"
    for folder, caption in {"img/10_ohwx woman": "ohwx woman at sea", "reg/1_woman": "woman at sea"}.items():
        (root / folder).mkdir(parents=True)
        (root / folder / "a.png").write_bytes(b"x")
        (root / folder / "a.txt").write_text(caption)
    found = read_captions(root, "ohwx woman")
    assert [one.name for one in found.found] == ["img/10_ohwx woman/a.txt"]
    assert any("reg/: left as it is" in problem for problem in found.problems)
    assert [name for name, _ in list_photos(root).photos] == ["img/10_ohwx woman/a.png"]
    assert [one.text for one in read_captions(root / "reg", "ohwx woman").found] == ["woman at sea"]  # asked for by name
    deeper = read_captions(tmp_path, "ohwx woman")
    assert [Path(one.name).parent.name for one in deeper.found] == ["10_ohwx woman"]
    assert any("kohya/reg/: left as it is" in problem for problem in deeper.problems)
    with ZipFile(tmp_path / "set.zip", "w") as bundle:
        for file in ("img/10_ohwx woman/a.png", "img/10_ohwx woman/a.txt", "reg/1_woman/a.png", "reg/1_woman/a.txt"):
            bundle.write(root / file, f"kohya/{file}")
    zipped = read_captions(tmp_path / "set.zip", "ohwx woman")
    assert [one.name for one in zipped.found] == ["kohya/img/10_ohwx woman/a.txt"]
    assert [problem for problem in zipped.problems if "left as it is" in problem] != []
