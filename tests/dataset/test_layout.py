"""Folders as trainers leave them."""

from pathlib import Path

import pytest

from fluxdiag.captions import fix, lint
from fluxdiag.dataset.layout import caption_of, folder_caption, images
from fluxdiag.dataset.photos import read_set
from fluxdiag.errors import FluxdiagError


def touch(*files: Path) -> None:
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")


def test_flat_and_kohya_folders_are_searched_and_nothing_else(tmp_path):
    wanted = [tmp_path / "10_ohwx woman" / "b.jpg", tmp_path / "a.PNG", tmp_path / "c.webp"]
    others = [
        "a-masklabel.png",
        "a-condlabel.png",
        "a.txt",
        "a.npz",
        "._a.png",
        ".aitk_size.json",
        "_latent_cache/x.png",
        "old/d.png",
    ]
    touch(*wanted, *(tmp_path / other for other in others))
    (tmp_path / "folder.png").mkdir()
    assert images(tmp_path) == sorted(wanted)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FluxdiagError, match="no such folder"):
        images(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("name", "content", "caption"),
    [
        ("a.txt", b"ohwx woman\n on a beach ", "ohwx woman on a beach"),
        ("a.caption", b"ohwx", "ohwx"),
        ("a.txt", b"\xef\xbb\xbfohwx", "ohwx"),
        ("a.txt", b"", ""),
        ("b.txt", b"another's", None),
    ],
)
def test_a_caption_lies_beside_its_image(tmp_path, name, content, caption):
    (tmp_path / name).write_bytes(content)
    assert caption_of(tmp_path / "a.png") == caption


def test_a_caption_that_is_no_text_is_named(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(FluxdiagError, match="not UTF-8"):
        caption_of(tmp_path / "a.png")


def test_folder_names_without_repeats_are_no_captions():
    assert folder_caption(Path("photos/10_ohwx woman")) == "ohwx woman"
    assert folder_caption(Path("photos/holiday_2024")) == ""


# ------------------------------------------------------------------------------------------------ endings in other letters


NOT_TRAINED_ON = "a{0}: trainers on Linux read {1} and not {0}, so it was not trained on there"
CASES = {
    ("10_ohwx woman/a.TXT",): ("ohwx woman at sea", "10_ohwx woman/a.txt", NOT_TRAINED_ON.format(".TXT", ".txt")),
    ("a.Txt",): ("ohwx woman at sea", "a.txt", NOT_TRAINED_ON.format(".Txt", ".txt")),
    ("a.CAPTION",): ("ohwx woman at sea", "a.caption", NOT_TRAINED_ON.format(".CAPTION", ".caption")),
    ("a.TXT", "a.txt"): ("ohwx woman", "a.txt", "a.TXT: passed over: a.txt counts"),
    ("a.txt",): ("ohwx woman", "a.txt", None),
}
"""caption files -> what the photo's caption is, where `fix` writes it, and what is said"""


@pytest.mark.parametrize("files", CASES, ids=str)
def test_a_caption_that_linux_does_not_find_is_told_and_taken_into_the_new_set(tmp_path, files):
    caption, target, says = CASES[files]
    for name in files:
        touch(source := tmp_path / "set" / name, source.with_suffix(".PNG"))
        source.write_text("ohwx woman" if name.endswith(".txt") else "ohwx woman at sea, red hair")
    found = lint(tmp_path / "set", "ohwx woman")
    assert [one.rewritten for one in found.captions] == [caption]
    assert [says in line for line in found.unreadable] == ([True] if says else [])
    fix(found, tmp_path / "new")
    assert (tmp_path / "new" / target).read_text() == caption + "\n"


def test_many_of_them_are_one_line(tmp_path):
    touch(*(tmp_path / f"{number}.{ending}" for number in range(8) for ending in ("png", "TXT")))
    (line,) = lint(tmp_path, "ohwx").unreadable
    assert line.startswith("0.TXT: and others: trainers on Linux read .txt and not .TXT, so 8 captions were not trained on there")


def test_a_list_counts_before_what_is_not_found(tmp_path):
    touch(tmp_path / "a.png")
    (tmp_path / "a.TXT").write_text("red hair")
    (tmp_path / "captions.json").write_text('{"a.png": "ohwx"}')
    found = lint(tmp_path, "ohwx")
    assert [one.caption for one in found.captions] == ["ohwx"]
    assert found.unreadable == ("a.TXT: passed over: the list counts",)


def test_what_was_trained_on_is_told_without_it(tmp_path):
    touch(tmp_path / "10_ohwx/a.png")
    (tmp_path / "10_ohwx/a.TXT").write_text("red hair")
    assert read_set(tmp_path).captions == ("ohwx",)
