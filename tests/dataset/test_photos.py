"""Images as records: sizes, problems, and which photos are the same."""

import io
import os
import re
import struct
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from fluxdiag.curing.best import sharpness, thumbnail
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.reading import read_photo, thumbnail_of
from fluxdiag.dataset.duplicates import near_duplicates
from fluxdiag.dataset.photos import read_set, trained_on
from fluxdiag.errors import FluxdiagError
from fluxdiag.printable import as_named
from fluxdiag.reporting.words import last_part
from fluxdiag.runs import sha256_file
from fluxlab.draw import draw
from fluxlab.world import sample_picture, subject
from photo_folders import BAD, jpeg


def picture(number: int, who: int = 0) -> Image.Image:
    drawn, _ = draw(sample_picture(np.random.default_rng(number), subject(who)))
    return Image.fromarray(drawn)


def test_a_photo_is_read_with_its_caption_and_what_it_says_of_the_person(tmp_path):
    picture(0).resize((80, 60)).save(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text("ohwx woman with green eyes in a park")
    (photo,) = read_set(tmp_path).photos
    assert (photo.width, photo.height, photo.problem) == (80, 60, None)
    assert photo.sha256 == sha256_file(tmp_path / "a.png")
    assert photo.path == str((tmp_path / "a.png").absolute())
    assert [(span.text, span.kind) for span in photo.appearance] == [("green eyes", "eyes")]


def test_captions_in_another_language_are_not_judged_and_with_most_of_them_the_rest_that_nothing_speaks_for(tmp_path):
    german = ["ohwx woman mit langen roten Haaren", "ohwx woman steht in der Küche", "ohwx woman mit Brille"]
    words = [*german, "ohwx woman tanzt", "a woman with red hair"]
    for number, caption in enumerate(words):
        picture(number).save(tmp_path / f"{number}.png")
        (tmp_path / f"{number}.txt").write_text(caption, encoding="utf-8")
    read = read_set(tmp_path).calling("ohwx woman")
    assert [photo.unjudged is None for photo in read.photos] == [False, False, False, False, True]
    assert (read.unjudged, read.described) == (4, 1)


def test_size_is_that_of_the_upright_photo(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 90 degrees to show
    picture(0).resize((80, 60)).save(tmp_path / "a.jpg", exif=exif)
    (photo,) = read_set(tmp_path).photos
    assert (photo.width, photo.height) == (60, 80)


def test_captions_are_none_empty_or_the_folders(tmp_path):
    (tmp_path / "10_ohwx woman").mkdir()
    for name in ("a.png", "b.png", "10_ohwx woman/c.png"):
        picture(0).save(tmp_path / name)
    (tmp_path / "b.txt").write_text(" ")
    reading = read_set(tmp_path)
    assert [photo.caption for photo in reading.photos] == ["ohwx woman", None, ""]
    assert reading.captions == ("ohwx woman",)


def _cut(folder):
    buffer = io.BytesIO()
    picture(0).resize((300, 300)).save(buffer, "PNG")
    (folder / "a.png").write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda folder: (folder / "a.png").write_bytes(b"no image"), "not an image"),
        (lambda folder: (folder / "a.png").write_bytes(b""), "empty"),
        (_cut, "cut short or damaged"),
    ],
)
def test_an_image_that_does_not_decode_is_a_photo_with_a_problem(tmp_path, spoil, problem):
    spoil(tmp_path)
    reading = read_set(tmp_path)
    assert problem in reading.photos[0].problem
    assert (reading.readable, reading.prints) == ((), {})


DAMAGED = {kind: content for kind, (_, content, check, _) in BAD.items() if check == "unreadable"}
LYING = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"


@pytest.mark.parametrize("kind", DAMAGED)
def test_whoever_reads_a_damaged_photo_says_the_same_of_it(tmp_path, kind):
    file = tmp_path / "a.jpg"
    file.write_bytes(DAMAGED[kind])
    (photo,) = read_set(tmp_path).photos
    assert photo.problem
    assert photo.problem == read_photo(file, 64, Cache(None)).problem
    assert (near_duplicates([file, file]), thumbnail_of(file)) == ((), None)
    for read in (sharpness, thumbnail):
        with pytest.raises(FluxdiagError, match=f"a.jpg: {re.escape(photo.problem)}"):
            read(file)


def test_half_a_note_of_exif_is_no_fault_of_the_picture(tmp_path):
    (tmp_path / "a.jpg").write_bytes(jpeg(3, exif=b"Exif\0\0II*\0"))
    (photo,) = read_set(tmp_path).photos
    assert (photo.problem, read_photo(tmp_path / "a.jpg", 64, Cache(None)).problem) == (None, None)


def test_what_only_a_decoder_knows_to_raise_is_a_problem_of_the_photo(tmp_path, monkeypatch):
    picture(0).save(tmp_path / "a.png")
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", lambda image: struct.unpack(">I", b"12"))
    assert read_set(tmp_path).photos[0].problem == "does not decode (unpack requires a buffer of 4 bytes)"


def test_a_caption_that_is_no_text_is_stated_and_the_photo_stays(tmp_path):
    picture(0).save(tmp_path / "a.png")
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    reading = read_set(tmp_path)
    assert reading.bad_captions == ("a.txt",)
    assert (reading.photos[0].caption, reading.photos[0].problem) == (None, None)


def test_a_name_that_records_cannot_hold_is_a_problem_and_no_crash(tmp_path):
    for name in (b"caf\xe9.png", "caf\u00e9.png".encode()):
        picture(0).save(tmp_path / os.fsdecode(name))
    problems = {photo.path.rpartition("/")[2]: photo.problem for photo in read_set(tmp_path).photos}
    assert problems == {"caf[U+DCE9].png": "its name is no UTF-8: rename it", "caf\u00e9.png": None}
    assert all(photo.model_dump_json() for photo in read_set(tmp_path).photos)
    bad = next(photo for photo in read_set(tmp_path).photos if photo.problem)
    assert last_part(bad.path) == "caf[U+DCE9].png", "on pages, too"
    assert as_named(bad.path) == str(tmp_path / os.fsdecode(b"caf\xe9.png")), "the file is found again"


def test_trained_on_are_found_and_others_are_not(tmp_path):
    training, references = tmp_path / "training", tmp_path / "references"
    training.mkdir(), references.mkdir()
    for number in range(6):
        picture(number).save(training / f"{number}.png")
    (references / "copy.png").write_bytes((training / "0.png").read_bytes())
    picture(1).save(references / "saved anew.jpg", quality=60)
    picture(2).resize((48, 48), Image.Resampling.LANCZOS).save(references / "smaller.png")
    for number in range(10, 16):
        picture(number).save(references / f"{number}.png")
    found = trained_on(read_set(references), read_set(training))
    assert [path.rpartition("/")[2] for path in found] == ["copy.png", "saved anew.jpg", "smaller.png"]


def test_photos_are_compared_by_the_very_picture_that_the_audit_compares(tmp_path):
    """Whatever way they are stored: at another size, on its side, at 16 bits."""
    grey = np.asarray(picture(1).convert("L"), dtype=np.uint16)
    for folder in ("training", "references"):
        (tmp_path / folder).mkdir()
    Image.fromarray(grey.astype(np.uint8)).save(tmp_path / "training" / "a.png")
    Image.fromarray(grey * 257).save(tmp_path / "references" / "deep.png")
    picture(2).resize((700, 500)).save(tmp_path / "references" / "large.png")
    (tmp_path / "references" / "lying.jpg").write_bytes(jpeg(3, exif=LYING))
    training, references = (read_set(tmp_path / folder, 64) for folder in ("training", "references"))
    for path, found in references.prints.items():
        assert found == read_photo(Path(path), 64, Cache(None)).fingerprint
    assert [Path(path).name for path in trained_on(references, training)] == ["deep.png"]


def test_a_photo_cropped_closer_was_trained_on_too(tmp_path):
    training, references = tmp_path / "training", tmp_path / "references"
    training.mkdir(), references.mkdir()
    for number in range(6):
        picture(number).save(training / f"{number}.png")
        whole = picture(number)
        edge = round(whole.width * 0.08)
        closer = whole.crop((edge, edge, whole.width - edge, whole.height - edge))
        closer.resize(whole.size, Image.Resampling.LANCZOS).save(references / f"closer {number}.png")
        picture(number + 10).save(references / f"other {number}.png")
    found = [path.rpartition("/")[2] for path in trained_on(read_set(references), read_set(training))]
    assert len(found) >= 4
    assert all(name.startswith("closer") for name in found)


KOHYA = ("img/10_ohwx woman/a.png", "img/10_ohwx woman/b.png")
LAYOUTS = {
    "kohya's root, ordinary people beside": (
        {"img/10_ohwx woman/a.txt": "ohwx woman with green eyes", "reg/1_woman/c.txt": "woman"},
        (*KOHYA, "reg/1_woman/c.png"),
    ),
    "kohya's dataset config": (
        {"set.toml": '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "img/10_ohwx woman"\n'
         '[[datasets.subsets]]\nimage_dir = "reg/1_woman"\nis_reg = true\n',
         "img/10_ohwx woman/a.txt": "ohwx woman with green eyes"},
        (*KOHYA, "reg/1_woman/c.png"),
    ),
    "Hugging Face's list": (
        {"metadata.jsonl": '{"file_name": "img/10_ohwx woman/a.png", "text": "ohwx woman with green eyes"}\n'}, KOHYA,
    ),
    "ai-toolkit's placeholder": ({"img/10_ohwx woman/a.txt": "[trigger] with green eyes"}, KOHYA),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_set_of_any_layout_is_read(tmp_path, name):
    texts, pictures = LAYOUTS[name]
    for file in (*pictures, *texts):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    for file in pictures:
        picture(0).save(tmp_path / file)
    for file, text in texts.items():
        (tmp_path / file).write_text(text)
    source = tmp_path / "set.toml" if "set.toml" in texts else tmp_path
    photos = read_set(source).calling("ohwx woman").photos
    assert [photo.path for photo in photos] == [str(tmp_path / file) for file in KOHYA]
    assert [photo.caption for photo in photos] == ["ohwx woman with green eyes", "ohwx woman"]
    assert [span.text for span in photos[0].appearance] == ["green eyes"]


def test_what_is_no_set_is_refused(tmp_path):
    picture(0).save(tmp_path / "a.png")
    with pytest.raises(FluxdiagError, match="is no folder"):
        read_set(tmp_path / "a.png")
    with ZipFile(tmp_path / "set.zip", "w") as bundle:
        bundle.write(tmp_path / "a.png")
    with pytest.raises(FluxdiagError, match=r"zip bundle.*Unpack it"):
        read_set(tmp_path / "set.zip")
    (tmp_path / "gone.toml").write_text('[[datasets]]\nimage_dir = "nowhere"\n')
    with pytest.raises(FluxdiagError, match="none of the folders that it names is there"):
        read_set(tmp_path / "gone.toml")
    (tmp_path / "set.toml").write_text("[general]\n")
    with pytest.raises(FluxdiagError, match="names no dataset folder"):
        read_set(tmp_path / "set.toml")
