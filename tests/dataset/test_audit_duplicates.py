"""Which photos are the same to the eye, and which only look alike to a hash."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from fluxdiag.dataset.duplicates import BITS_APART, connected, fingerprint, groups, near_duplicates, pairs
from fluxlab.draw import draw
from fluxlab.world import sample_picture, subject


def picture(number: int, who: int = 3) -> Image.Image:
    return Image.fromarray(draw(sample_picture(np.random.default_rng(number), subject(who)))[0])


def saved_anew(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=40)
    return Image.open(buffer)


@pytest.mark.parametrize(
    "change",
    [
        saved_anew,
        ImageOps.mirror,
        lambda image: image.convert("L"),
        lambda image: image.resize((96, 96)),
        lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    ],
)
def test_the_same_photo_is_found_whatever_was_done_to_it(change):
    for number in range(20):
        original = picture(number)
        assert pairs([fingerprint(original)], [fingerprint(change(original))]) == [(0, 0)]


def test_other_pictures_of_the_same_person_are_not():
    prints = [fingerprint(picture(number)) for number in range(40)]
    assert groups(prints) == ()


def test_a_hash_alone_would_be_wrong():
    """The nearest pair of hashes among different pictures lies below the limit of the hash."""
    prints = [fingerprint(picture(100 * who + number, who)) for who in range(4) for number in range(30)]
    hashes = [int(one.hash, 16) for one in prints]
    near = [(a ^ b).bit_count() <= BITS_APART for row, a in enumerate(hashes) for b in hashes[:row]]
    assert sum(near) > 5
    assert groups(prints) == ()


def test_groups_of_files_leave_out_what_cannot_be_read(tmp_path):
    for number in range(3):
        picture(number).save(tmp_path / f"{number}.png")
    picture(1).save(tmp_path / "1 again.jpg", quality=70)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (group,) = near_duplicates(sorted(tmp_path.iterdir()))
    assert [path.name for path in group] == ["1 again.jpg", "1.png"]


def test_flat_pictures_are_alike_to_nothing():
    flat = [fingerprint(Image.new("RGB", (64, 64), colour)) for colour in ("white", "black", "white")]
    assert groups(flat) == ()


def test_alike_is_passed_on():
    assert connected(6, [(0, 1), (1, 2), (4, 5)]) == ((0, 1, 2), (4, 5))
    assert connected(3, [(0, 0), (2, 2)]) == ()


def test_more_photos_than_one_pass_compares():
    prints = [fingerprint(picture(number)) for number in range(4)] * 200
    assert len(pairs(prints[:1], prints)) == 200
    assert [len(group) for group in groups(prints)] == [200] * 4
