"""Lists that come of an audit: what to keep, and what to take more of."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photo_sets import copy, photo

from fluxdiag.dataset.audit import curate
from fluxdiag.dataset.audit.checks import findings
from fluxdiag.dataset.audit.photoset import ANGLES, SHOTS, PhotoSet, Seen
from fluxdiag.dataset.audit.records import Variety


def judged(photos: PhotoSet) -> tuple[tuple[str, ...], dict[str, str]]:
    out = curate.left_out(photos, findings(photos))
    return curate.keep(photos, out), out


def test_of_a_good_set_all_is_kept():
    photos = PhotoSet(tuple(photo(number) for number in range(20)))
    assert judged(photos) == (tuple(one.name for one in photos.photos), {})


@pytest.mark.parametrize(
    "fault", [{"width": 300, "height": 300}, {"problem": "does not decode"}], ids=["too small", "unreadable"]
)
def test_what_no_training_mends_is_left_out_with_its_reason(fault):
    bad = photo(3, **fault)
    broken = bad.facts.problem is not None
    photos = PhotoSet((photo(1), *(() if broken else (bad,)), photo(2)), broken=(bad,) if broken else ())
    kept, out = judged(photos)
    assert kept == ("1.png", "2.png")
    assert out.keys() == {"3.png"}
    assert out["3.png"]


def test_what_can_be_cropped_or_turned_stays():
    kept, out = judged(PhotoSet((photo(1, stored="lying on its side"), photo(2, bars=0.2), photo(3, jpeg_quality=30))))
    assert len(kept) == 3
    assert out == {}


def test_of_the_same_picture_the_sharpest_stays_then_the_largest():
    first = photo(1, blur=0.4)
    photos = PhotoSet((first, copy(first, "sharp.png", blur=0.2), copy(first, "large.png", blur=0.2, width=2400, height=2400)))
    kept, out = judged(photos)
    assert kept == ("large.png",)
    assert set(out.values()) == {"the same picture as large.png"}


@pytest.mark.parametrize(
    "flaw", [{"stored": "lying on its side"}, {"mode": "CMYK"}, {"frames": 2}], ids=["turned", "CMYK", "animated"]
)
def test_of_the_same_picture_the_one_with_fewer_findings_stays(flaw):
    first = photo(1, blur=0.3)
    kept, _ = judged(PhotoSet((copy(first, "large.png", blur=0.2, width=2400, height=2400, **flaw), first)))
    assert kept == ("1.png",)


def test_of_the_same_picture_the_one_with_a_caption_stays():
    first = photo(1)
    copies = (copy(first, "a.png"), first)
    assert judged(PhotoSet(copies))[0] == ("a.png",)
    assert judged(PhotoSet(copies, captions=(("a.png", "no caption"),)))[0] == ("1.png",)


def test_a_copy_whose_better_one_falls_out_stays():
    first = photo(1)
    kept, out = judged(PhotoSet((copy(first, "tiny.png", blur=0.1, width=200, height=200), first)))
    assert kept == ("1.png",)
    assert "enlarged" in out["tiny.png"]


def test_a_name_that_a_list_cannot_hold_is_not_on_it():
    kept, out = judged(PhotoSet((photo(1), copy(photo(2), "two\nlines.png"), copy(photo(3), "👩‍🎤.png"))))
    assert kept == ("1.png", "👩‍🎤.png")
    assert out == {"two\nlines.png": "a list cannot hold its name"}


def test_of_many_photos_thirty_are_kept_and_the_rare_shots_first():
    usual = [photo(number, share=0.4) for number in range(60)]
    rare = [photo(number, share=share) for number, share in enumerate([0.1, 0.1, 0.2, 0.6], start=100)]
    kept, _ = judged(PhotoSet((*usual, *rare)))
    assert len(kept) == 30
    assert {one.name for one in rare} <= set(kept)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([200, 1200]), st.sampled_from([0.1, 0.4, 0.6])), max_size=60))
def test_every_photo_is_kept_or_left_out_with_a_reason(made):
    photos = tuple(
        copy(photo(number, share=share, width=size, height=size), f"{row}.png") for row, (number, size, share) in enumerate(made)
    )
    kept, out = judged(PhotoSet(photos))
    assert Counter([*kept, *out]) == Counter(one.name for one in photos)
    assert len(kept) <= curate.MOST
    assert all(out.values())


# ------------------------------------------------------------------------------------------------ shopping list


def shopping(*photos: Seen, **more) -> str:
    set_ = replace(PhotoSet(photos), **more)
    return "\n".join(curate.shopping_list(set_, [one.name for one in photos]))


def test_a_full_set_needs_nothing():
    shares, yaws = [max(least, 0.1) for least in SHOTS.values()], list(ANGLES.values())
    photos = [photo(number, share=shares[number % 4], yaw=yaws[number % 3]) for number in range(16)]
    assert shopping(*photos) == ""


def test_what_is_missing_is_counted():
    wanted = shopping(*(photo(number, share=0.4) for number in range(13)), photo(20, share=0.6), photo(21, yaw=0.2))
    assert "3 full body photos" in wanted
    assert "2 close-up photos" in wanted
    assert "portrait" not in wanted
    assert "from the side" in wanted
    assert "three quarters" not in wanted
    assert "more photos" not in wanted


def test_nothing_is_said_of_shots_where_no_face_was_looked_for():
    photos = [replace(photo(number), faces=None) for number in range(4)]
    assert shopping(*photos) == "11 more photos, at least: 4 are left and 15 are needed"


@pytest.mark.parametrize(("share", "there"), [(0.51, True), (0.5, False)])
def test_other_places_are_asked_for_where_one_fills_half(share, there):
    said = Variety(aspect="background", effective=2, most="a forest", share=share, of=16, how="")
    assert ("photos in other places" in shopping(*(photo(n) for n in range(16)), variety=(said,))) == there
