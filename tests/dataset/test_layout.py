"""Folders as trainers leave them."""

from pathlib import Path

import pytest

from fluxdiag.dataset.layout import caption_of, folder_caption, images
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
