"""A folder as people have it: what cannot be used is a line with the file's name, and the audit goes on."""

import hashlib
import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from fluxdiag.audit import Audited, Models, as_line, audit, numbers
from fluxdiag.audit_page import MOST_IN_A_FINDING, page, section, summary, write_lists
from fluxdiag.cli_dataset import MOST_LINES
from fluxdiag.dataset.audit import files, reading
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.reading import read_photo
from fluxdiag.dataset.audit.records import Audit, PhotoFacts
from fluxdiag.dataset.bundles import printable
from fluxdiag.errors import FluxdiagError

NO_MODELS = Models("/no/such/pack", "/no/such/clip", 64)
HOSTILE = "<img src=x onerror=alert(1)>&'\".png"


def picture(number: int = 0, size: tuple[int, int] = (96, 80)) -> Image.Image:
    """Of its own colours and shapes for every number."""
    small = np.random.default_rng(number).integers(0, 255, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def jpeg(number: int = 0, **how) -> bytes:
    buffer = io.BytesIO()
    picture(number).save(buffer, "JPEG", **({"quality": 95} | how))
    return buffer.getvalue()


def saved(image: Image.Image, form: str, **how) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **how)
    return buffer.getvalue()


def png_that_says(width: int, height: int, depth: int = 8, colour: int = 2, data: bytes = b"") -> bytes:
    """A PNG whose header alone is believed."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def deep_png() -> bytes:
    return png_that_says(64, 64, depth=16, data=b"".join(b"\0" + bytes(64 * 6) for _ in range(64)))


def wide_gamut() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def audited(folder: Path, **more) -> Audit:
    return audit(folder, NO_MODELS, **more).audit


def lines(found: Audit, name: str) -> dict[str, str]:
    """check -> what it says of this file."""
    return {one.check: one.says for one in found.findings if name in one.files and len(one.files) == 1}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good photos with captions; more is put beside them."""
    place = tmp_path / "photos"
    place.mkdir()
    for number in (1, 2):
        picture(number).save(place / f"good {number}.png")
        (place / f"good {number}.txt").write_text("ohwx woman in a forest")
    return place


BAD: dict[str, tuple[str, bytes, str, str]] = {
    "truncated": ("cut.jpg", jpeg(3)[:900], "unreadable", "does not decode (image file is truncated"),
    "bomb": ("bomb.png", png_that_says(60_000, 60_000), "unreadable", "too large to be a photo"),
    "zero bytes": ("empty.png", b"", "unreadable", "empty: no bytes at all"),
    "text": ("text.jpg", b"this is no image at all", "unreadable", "not an image, or a damaged one"),
    "half a header": ("half.png", b"\x89PNG\r\n\x1a\n", "unreadable", "not an image, or a damaged one"),
    "damaged inside": ("bad.png", png_that_says(64, 64, data=b"\0" * 20), "unreadable", "does not decode"),
    "wrong extension": ("jpeg.png", jpeg(4), "wrong-extension", "a JPEG under the name of another format"),
    "a GIF": ("gif.png", saved(picture(4), "GIF"), "wrong-extension", "a GIF under the name of another format"),
    "CMYK": ("cmyk.jpg", saved(picture(5).convert("CMYK"), "JPEG"), "colour-space", "stored as CMYK"),
    "16 bits": (
        "deep.png",
        saved(Image.fromarray(np.full((64, 64), 9000, np.uint16)), "PNG"),
        "colour-space",
        "8 bits a channel",
    ),
    "16 bits, colour": ("deep rgb.png", deep_png(), "colour-space", "16 bits a channel"),
    "profile": ("wide.jpg", jpeg(6, icc_profile=wide_gamut()), "colour-space", "its colour profile is "),
    "damaged profile": ("icc.jpg", jpeg(6, icc_profile=b"nonsense" * 20), "colour-space", "its colour profile is unreadable"),
    "animated": (
        "moves.webp",
        saved(picture(7), "WEBP", save_all=True, append_images=[picture(8)]),
        "animated",
        "2 frames",
    ),
    "HEIC": ("photo.HEIC", b"\0\0\0\x18ftypheic", "not-taken", "`pip install pillow-heif`"),
    "HEIC in disguise": ("IMG_1.jpg", b"\0\0\0\x18ftypheic" + bytes(99), "unreadable", "`pip install pillow-heif`"),
    "TIFF": ("scan.tif", saved(picture(8), "TIFF"), "not-taken", "save it as PNG"),
    "no extension": ("photo", jpeg(9), "not-taken", "holds a JPEG"),
    "newline": ("two\nlines.png", saved(picture(10), "PNG"), "odd-name", "a line end"),
    "on its side": (
        "lying.jpg",
        jpeg(11, exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"),
        "exif-rotation",
        "stored lying on its side",
    ),
    "see-through": ("alpha.png", saved(Image.new("RGBA", (80, 80), (9, 9, 9, 0)), "PNG"), "transparency", "transparent"),
    "poor JPEG": ("poor.jpg", jpeg(12, quality=20), "jpeg-blocks", "saved as JPEG of quality 20"),
    "orphan": ("lonely.txt", b"ohwx woman on a beach", "captions", "no image of this name"),
    "no caption": ("alone.png", saved(picture(13), "PNG"), "captions", "no caption"),
    "colon": ("a: b.png", saved(picture(14), "PNG"), "captions", "no caption"),
}
"""kind -> (name, content, the check that names it, the beginning or a part of what it says)"""


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
    ("make", "name", "says"),
    [
        (lambda place: (place / "round.png").symlink_to(place / "round.png"), "round.png", "leads nowhere, or round"),
        (lambda place: (place / "gone.png").symlink_to(place / "nothing.png"), "gone.png", "leads nowhere, or round"),
        (lambda place: (place / "up").symlink_to(place), "up", "a link to a folder, which is not followed"),
        (lambda place: os.mkfifo(place / "pipe.png"), "pipe.png", "empty"),
    ],
    ids=["loop", "dangling", "folder loop", "pipe"],
)
def test_links_and_pipes(folder, make: Callable[[Path], None], name, says):
    make(folder)
    found = audited(folder)
    assert says in lines(found, name)["unreadable"]
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
    assert "cannot be opened" in lines(found, "shut")["unreadable"]


def test_a_photo_that_goes_while_it_is_looked_for(tmp_path):
    assert read_photo(tmp_path / "gone.png", 64, Cache(None)).problem == "cannot be read (No such file or directory)"


def test_names_that_are_no_utf8(folder):
    (folder / os.fsdecode(b"caf\xe9.png")).write_bytes(saved(picture(3), "PNG"))
    done = audit(folder, NO_MODELS)
    assert "odd-name" in lines(done.audit, "caf\\xe9.png")
    assert "caf\\xe9.png" not in done.audit.keep
    as_line(done.audit).encode()
    page(done).encode()


def test_names_of_emoji_are_names(folder):
    for number, name in enumerate(["👩‍🎤.png", "Screenshot at 3.04\u202fPM.png", "日本.png"], start=3):
        (folder / name).write_bytes(saved(picture(number), "PNG"))
    assert not [one for one in audited(folder).findings if one.check == "odd-name"]


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
    (tmp_path / "train.toml").write_text('[[datasets]]\n[[datasets.subsets]]\nimage_dir = "photos"\n')
    expected = audited(folder).model_copy(update={"dataset": ""})
    for source in (tmp_path / "set.zip", tmp_path / "train.toml"):
        assert audited(source).model_copy(update={"dataset": ""}) == expected


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.jpg", jpeg(), "neither a folder, a zip bundle nor"),
        ("x.toml", b"[[", "not a trainer's config"),
        ("x.yaml", b"a: 1", "names no dataset folder"),
    ],
)
def test_what_is_no_set(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FluxdiagError, match=says):
        audited(tmp_path / name)


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


# ------------------------------------------------------------------------------------------------ what comes of it


def digests(folder: Path) -> dict[str, tuple[str, int]]:
    """Content and time of change of everything in a folder."""
    return {
        str(file.relative_to(folder)): (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def everything(folder: Path) -> Audited:
    for name, content, *_ in BAD.values():
        (folder / name).write_bytes(content)
    return audit(folder, NO_MODELS)


def test_nothing_of_the_users_is_changed(folder, tmp_path):
    everything(folder)
    before = digests(folder)
    write_lists(audit(folder, NO_MODELS, cache=Cache(tmp_path / "cache"), references=folder), tmp_path / "out")
    assert digests(folder) == before


def test_lists_go_into_a_new_folder_only(folder, tmp_path):
    done = everything(folder)
    out = tmp_path / "out"
    write_lists(done, out)
    assert (out / "keep.txt").read_text().splitlines() == list(done.audit.keep)
    assert len((out / "left-out.txt").read_text().splitlines()) == len(done.audit.left_out)
    assert Audit.model_validate_json((out / "audit.json").read_text()) == done.audit
    before = digests(out)
    with pytest.raises(FluxdiagError, match="not empty"):
        write_lists(done, out)
    assert digests(out) == before


def test_the_json_has_its_schema(folder):
    done = everything(folder).audit
    said = json.loads(as_line(done))
    assert said["schema"] == 1
    assert "\n" not in as_line(done)
    assert Audit.model_validate(said) == done
    assert said.keys() == {field.alias or name for name, field in Audit.model_fields.items()}
    assert {one["check"] for one in said["findings"]} == said["checks"].keys()
    assert not said["checks"].keys() & said["not_assessed"].keys()


def test_without_models_the_reason_is_told(folder):
    found = audited(folder)
    assert {"head-cropped", "other-person", "one-background"} <= found.not_assessed.keys()
    assert "/no/such/pack" in found.not_assessed["head-cropped"]
    assert "/no/such/clip" in found.not_assessed["one-background"]
    assert numbers(found) == {"dataset.duplicates": 0.0}
    assert any(line.startswith("not assessed: ") for line in summary(found))


@pytest.mark.parametrize("shown", [page, section])
def test_nothing_of_the_users_is_markup(tmp_path, shown):
    """Names, captions, the folder, a colour profile's own name."""
    place = tmp_path / "<script>alert(2)<!--"
    place.mkdir()
    (place / HOSTILE.replace("/", "")).write_bytes(jpeg(1))
    (place / "<b>.png").write_bytes(b"no image")
    (place / "<i>.heic").write_bytes(b"")
    (place / "{{ 7 * 7 }}.png").write_bytes(saved(picture(2), "PNG"))
    (place / "{{ 7 * 7 }}.txt").write_text("ohwx <u>woman</u> with brown hair")
    made = shown(audit(place, NO_MODELS, references=place))
    for markup in ("<img src=x", "<script", "<b>.png", "<i>", "<u>", "49.png", "<!--"):
        assert markup not in made.replace("<!doctype", "")
    assert "&lt;b&gt;.png" in made
    assert "{{ 7 * 7 }}.png" in made


def test_a_page_fetches_nothing(folder):
    made = page(everything(folder))
    assert "default-src 'none'" in made
    assert all(part.startswith(("data:", "x")) for part in made.split('src="')[1:])
    assert "http:" not in made
    assert "https:" not in made


def test_a_finding_shows_some_and_counts_the_rest(tmp_path):
    for number in range(MOST_IN_A_FINDING + 3):
        picture(number).save(tmp_path / f"{number}.jpg", quality=20)
    assert "and 3 more" in page(audit(tmp_path, NO_MODELS))


# ------------------------------------------------------------------------------------------------ cache


def test_the_second_run_reads_no_pixels(folder, tmp_path, monkeypatch):
    everything(folder)
    cache = Cache(tmp_path / "cache")
    first = audit(folder, NO_MODELS, cache=cache)
    opened = []
    real = reading.Image.open
    monkeypatch.setattr(reading.Image, "open", lambda path, *rest: opened.append(Path(path).name) or real(path, *rest))
    (folder / "good 1.png").rename(folder / "renamed.png")
    (folder / "good 1.txt").rename(folder / "renamed.txt")
    second = audit(folder, NO_MODELS, cache=cache)
    page(second)
    assert set(opened) <= {photo.name for photo in first.photos.broken}
    assert [photo.facts for photo in second.photos.photos if photo.name == "renamed.png"] == [
        photo.facts for photo in first.photos.photos if photo.name == "good 1.png"
    ]


def test_what_was_broken_is_tried_again(folder, tmp_path, monkeypatch):
    """There may be more memory the next time."""
    cache = Cache(tmp_path / "cache")

    def full(image, *rest):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(reading, "colours", full)
        assert audit(folder, NO_MODELS, cache=cache).audit.readable == 0
    assert audit(folder, NO_MODELS, cache=cache).audit.readable == 2


@pytest.mark.parametrize("content", [b"", b"{", b"{}{}", b'{"width": "wide"}', b"\xff\xfe"])
def test_a_damaged_cache_costs_time_and_nothing_else(folder, tmp_path, content):
    cache = Cache(tmp_path / "cache")
    first = audited(folder, cache=cache)
    entries = list((tmp_path / "cache").rglob("*.json"))
    assert entries
    for file in entries:
        file.write_bytes(content)
    assert audited(folder, cache=cache) == first


def test_a_cache_that_cannot_be_written(folder, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    assert audited(folder, cache=Cache(tmp_path / "file")) == audited(folder)


def test_other_sizes_have_their_own_entries(folder, tmp_path):
    cache = Cache(tmp_path / "cache")
    small = read_photo(folder / "good 1.png", 64, cache)
    large = read_photo(folder / "good 1.png", 1024, cache)
    assert small.fingerprint != large.fingerprint
    assert read_photo(folder / "good 1.png", 64, cache) == small
    assert cache.get(small.sha256, "facts-64", PhotoFacts) == small


# ------------------------------------------------------------------------------------------------ one photo


def test_a_very_large_jpeg_is_read_at_half_its_size_and_told_at_all_of_it(tmp_path, monkeypatch):
    picture(1, (640, 480)).save(tmp_path / "large.jpg")
    whole = read_photo(tmp_path / "large.jpg", 128, Cache(None))
    monkeypatch.setattr(reading, "LARGEST", 1000)
    half = read_photo(tmp_path / "large.jpg", 128, Cache(None))
    assert (half.width, half.height) == (whole.width, whole.height) == (640, 480)
    assert half.brightness == pytest.approx(whole.brightness, abs=0.01)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_measured_upright(tmp_path, orientation):
    image = picture(1, (120, 80))
    exif = Image.Exif()
    exif[reading.ORIENTATION] = orientation
    image.save(tmp_path / "a.png", exif=exif)
    facts = read_photo(tmp_path / "a.png", 64, Cache(None))
    assert (facts.width, facts.height) == ((80, 120) if orientation >= 5 else (120, 80))
    assert facts.turned == (orientation > 1)


@pytest.mark.parametrize("quality", [20, 50, 75, 90])
def test_the_quality_of_a_jpeg_is_read_off_its_table(tmp_path, quality):
    (tmp_path / "a.jpg").write_bytes(jpeg(1, quality=quality))
    assert read_photo(tmp_path / "a.jpg", 64, Cache(None)).jpeg_quality == quality


# ------------------------------------------------------------------------------------------------ the command


def test_the_command_tells_and_its_exit_code_too(folder, fluxdiag):
    done = fluxdiag("dataset", "audit", folder, "--base", "/no/such/base")
    assert done.code == 1
    assert "Few photos" in done.out
    told = fluxdiag("dataset", "audit", folder, "--base", "/no/such/base", "--json")
    assert json.loads(told.out)["images"] == 2


def test_a_name_steers_no_terminal(folder, fluxdiag):
    (folder / "\x1b[31mred\x07.png").write_bytes(b"")
    assert "\x1b" not in fluxdiag("dataset", "audit", folder).out
    assert "\\x1b[31mred\\x07.png" in fluxdiag("dataset", "audit", folder).out


def test_a_name_of_emoji_is_shown_as_it_is(folder, fluxdiag):
    (folder / "👩‍🎤.png").write_bytes(b"")
    assert "👩‍🎤.png: empty" in fluxdiag("dataset", "audit", folder).out


def test_a_terminal_is_not_flooded(folder, fluxdiag):
    for number in range(MOST_LINES + 7):
        (folder / f"{number}.png").write_bytes(b"")
    told = fluxdiag("dataset", "audit", folder).out
    assert told.count("empty: no bytes at all") == MOST_LINES
    assert "and 7 more" in told


def test_the_command_overwrites_nothing(folder, fluxdiag):
    before = digests(folder)
    assert "there is a file already" in fluxdiag("dataset", "audit", folder, "--html", folder / "good 1.png").mistake
    assert "not empty" in fluxdiag("dataset", "audit", folder, "--out", folder).mistake
    assert digests(folder) == before
    fluxdiag("dataset", "audit", folder, "--html", folder.parent / "new.html", "--out", folder.parent / "new")
    assert (folder.parent / "new.html").read_text().startswith("<!doctype html>")
    assert (folder.parent / "new" / "keep.txt").exists()


def test_a_folder_that_is_not_there_is_a_sentence(fluxdiag):
    assert "there is no such folder" in fluxdiag("dataset", "audit", "nowhere").mistake
