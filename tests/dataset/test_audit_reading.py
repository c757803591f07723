"""One photo becomes facts, and facts are kept: what was read once is not read again."""

from pathlib import Path

import pytest
from PIL import Image

from fluxdiag.audit import audit
from fluxdiag.audit_page import page
from fluxdiag.dataset import decoding
from fluxdiag.dataset.audit import reading
from fluxdiag.dataset.audit.cache import Cache
from fluxdiag.dataset.audit.reading import read_photo
from fluxdiag.dataset.audit.records import PhotoFacts
from photo_folders import NO_MODELS, audited, everything, jpeg, picture


def test_a_very_large_jpeg_is_read_at_half_its_size_and_told_at_all_of_it(tmp_path, monkeypatch):
    picture(1, (640, 480)).save(tmp_path / "large.jpg")
    whole = read_photo(tmp_path / "large.jpg", 128, Cache(None))
    monkeypatch.setattr(decoding, "LARGEST", 1000)
    half = read_photo(tmp_path / "large.jpg", 128, Cache(None))
    assert (half.width, half.height) == (whole.width, whole.height) == (640, 480)
    assert half.brightness == pytest.approx(whole.brightness, abs=0.01)


@pytest.mark.parametrize("orientation", range(10))
def test_a_photo_is_measured_upright(tmp_path, orientation):
    image = picture(1, (120, 80))
    exif = Image.Exif()
    exif[decoding.ORIENTATION] = orientation
    image.save(tmp_path / "a.png", exif=exif)
    facts = read_photo(tmp_path / "a.png", 64, Cache(None))
    assert (facts.width, facts.height) == ((80, 120) if 5 <= orientation <= 8 else (120, 80))
    turned = {2: "mirrored", 3: "upside down", 4: "upside down"} | dict.fromkeys(range(5, 9), "lying on its side")
    assert facts.stored == turned.get(orientation, "upright")


@pytest.mark.parametrize("quality", [20, 50, 75, 90])
def test_the_quality_of_a_jpeg_is_read_off_its_table(tmp_path, quality):
    (tmp_path / "a.jpg").write_bytes(jpeg(1, quality=quality))
    assert read_photo(tmp_path / "a.jpg", 64, Cache(None)).jpeg_quality == quality


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
        patch.setattr(decoding, "colours", full)
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
