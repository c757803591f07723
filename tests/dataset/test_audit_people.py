"""Strangers, two people and one head seen twice, on vectors whose truth is known."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fluxdiag.dataset.audit.people import FEWEST, moments, one_head_once, strangers, two_people, unlike
from fluxdiag.dataset.audit.records import PhotoFace, PhotoFaces

DIM = 512
seeds = st.integers(0, 2**32 - 1)
spreads = st.floats(0.3, 0.9)
"""of photos about their person: cosines of .92 to .55 between two of them"""


def scaled(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def person(rng: np.random.Generator, count: int, spread: float) -> np.ndarray:
    """(count, DIM) of length 1: a centre, and each photo's own difference from it."""
    return scaled(scaled(rng.standard_normal(DIM)) + spread * scaled(rng.standard_normal((count, DIM))))


@settings(max_examples=60)
@given(seeds, st.integers(8, 40), spreads, st.data())
def test_a_stranger_is_found_wherever_he_stands(seed, count, spread, data):
    rng = np.random.default_rng(seed)
    faces = list(person(rng, count, spread))
    place = data.draw(st.integers(0, count))
    faces.insert(place, person(rng, 1, spread)[0])
    assert place in strangers(faces)


@settings(max_examples=60)
@given(seeds, st.integers(0, 40), spreads)
def test_one_person_alone_has_no_stranger_and_is_not_two(seed, count, spread):
    faces = list(person(np.random.default_rng(seed), count, spread))
    assert strangers(faces) == {}
    assert two_people(faces) == ()


@settings(max_examples=60)
@given(seeds, st.integers(2, 12), st.integers(2, 12), st.one_of(st.floats(0.2, 0.4), st.floats(0.6, 0.9)))
def test_two_people_are_parted_and_the_smaller_part_is_told(seed, ours, theirs, spread):
    assume(ours > theirs and ours + theirs >= FEWEST)
    rng = np.random.default_rng(seed)
    order = rng.permutation(ours + theirs)
    faces = np.concatenate([person(rng, ours, spread), person(rng, theirs, spread)])[order]
    assert two_people(list(faces)) == tuple(int(row) for row in np.flatnonzero(order >= ours))


@settings(max_examples=30)
@given(seeds, st.integers(FEWEST, 30), spreads)
def test_the_order_of_the_photos_does_not_matter(seed, count, spread):
    rng = np.random.default_rng(seed)
    faces = np.concatenate([person(rng, count, spread), person(rng, 1, spread)])
    order = rng.permutation(len(faces))
    found, again = unlike(list(faces)), unlike(list(faces[order]))
    assert {int(order[row]): pytest.approx(score, abs=1e-3) for row, score in again.items()} == found


def test_a_hard_photo_of_the_person_is_unusual_and_no_stranger():
    rng = np.random.default_rng(0)
    centre = scaled(rng.standard_normal(DIM))
    faces = [
        *scaled(centre + 0.4 * scaled(rng.standard_normal((12, DIM)))),
        scaled(centre + 1.1 * scaled(rng.standard_normal(DIM))),
    ]
    assert unlike(faces).keys() == {12}
    assert strangers(faces) == {}


def of_moment(rng: np.random.Generator, face: np.ndarray, count: int) -> np.ndarray:
    """Frames of a burst: cosines of .94 to one another."""
    return scaled(face + 0.25 * scaled(rng.standard_normal((count, DIM))))


@settings(max_examples=60)
@given(seeds, st.integers(0, 12), st.integers(0, 12), st.floats(0.75, 1.4))
def test_a_burst_makes_no_stranger_of_other_photos(seed, varied, burst, spread):
    """Cosines of .34 to .64 between photos of other days."""
    rng = np.random.default_rng(seed)
    faces = person(rng, varied + 1, spread)
    faces = [*faces[1:], *of_moment(rng, faces[0], burst)]
    assert strangers(faces) == {}
    assert two_people(faces) == ()


@settings(max_examples=60)
@given(seeds, st.integers(0, 8), st.integers(4, 12), st.floats(0.75, 1.2))
def test_a_stranger_is_found_beside_a_burst(seed, varied, burst, spread):
    """The burst alone and a stranger, too: five to eight photos and more."""
    rng = np.random.default_rng(seed)
    faces = person(rng, varied + 1, spread)
    faces = [*faces[1:], *of_moment(rng, faces[0], burst), person(rng, 1, spread)[0]]
    assert strangers(faces).keys() == {len(faces) - 1}


def test_a_strangers_own_burst_does_not_turn_the_set_round():
    rng = np.random.default_rng(0)
    faces = [*person(rng, 7, 0.9), *of_moment(rng, person(rng, 1, 0.9)[0], 9)]
    assert strangers(faces).keys() == set(two_people(faces)) == set(range(7, 16))


def test_two_sittings_of_one_person_are_no_two_people():
    rng = np.random.default_rng(0)
    ours = person(rng, 2, 1.2)  # cosine .41
    assert two_people([*of_moment(rng, ours[0], 9), *of_moment(rng, ours[1], 6)]) == ()
    theirs = of_moment(rng, person(rng, 1, 1.2)[0], 6)
    assert two_people([*of_moment(rng, ours[0], 9), *theirs]) == tuple(range(9, 15))


def test_moments_are_passed_on_and_one_picture_is_one_unless_the_faces_are_of_two():
    away = np.radians([0, 30, 60, 110, 200])
    faces = np.stack([np.cos(away), np.sin(away)], axis=-1)
    assert moments(faces) == [[0, 1, 2], [3], [4]]
    assert moments(faces[[0, 2, 4]], [[0, 1, 2]]) == [[0, 1], [2]]


def test_too_few_faces_say_nothing():
    rng = np.random.default_rng(0)
    faces = [*person(rng, FEWEST - 2, 0.3), *person(rng, 1, 0.3)]
    assert unlike(faces) == strangers(faces) == {}
    assert two_people(faces) == ()


def test_copies_of_one_photo_break_nothing():
    face = person(np.random.default_rng(0), 1, 0.3)[0]
    assert unlike([face] * 8) == {}
    assert two_people([face] * 8) == ()


# ------------------------------------------------------------------------------------------------ one head seen twice

HEAD = (100.0, 100.0, 300.0, 340.0)
PART_OF_IT = (150.0, 150.0, 250.0, 260.0)
BESIDE = (400.0, 100.0, 600.0, 340.0)


def face(embedding: np.ndarray, box: tuple[float, float, float, float] = HEAD) -> PhotoFace:
    height = box[3] - box[1]
    return PhotoFace(
        box=box, height=height, share=0.3, headroom=0.1, yaw=0, embedding=embedding.astype(np.float32).tobytes().hex()
    )


def seen(*faces: PhotoFace, outcome: str = "ok") -> PhotoFaces:
    return PhotoFaces(outcome=outcome, faces=faces, smallest=200)


@pytest.fixture
def others() -> list[np.ndarray]:
    return list(person(np.random.default_rng(1), 7, 0.4))


def last(others: list[np.ndarray], *faces: PhotoFace, alone: int = 6) -> PhotoFaces:
    """What becomes of these faces of one photo, beside `alone` photos of one face each."""
    return one_head_once([*(seen(face(one)) for one in others[:alone]), seen(*faces, outcome="several")])[-1]


def false_sight() -> np.ndarray:
    return person(np.random.default_rng(2), 1, 0.4)[0]


def test_the_sight_that_is_less_like_the_person_goes(others):
    found = last(others, face(others[6]), face(false_sight(), PART_OF_IT))
    assert [one.box for one in found.faces] == [HEAD]
    assert found.outcome == "ok"


def test_the_larger_sight_goes_where_the_smaller_is_the_person(others):
    found = last(others, face(false_sight()), face(others[6], PART_OF_IT))
    assert [one.box for one in found.faces] == [PART_OF_IT]
    assert found.outcome == "small"


def test_a_second_person_stays(others):
    found = last(others, face(others[6]), face(false_sight(), BESIDE))
    assert [one.box for one in found.faces] == [HEAD, BESIDE]
    assert found.outcome == "several"


def test_a_second_person_stays_when_a_false_sight_goes(others):
    found = last(others, face(others[6]), face(false_sight(), BESIDE), face(false_sight(), PART_OF_IT))
    assert [one.box for one in found.faces] == [HEAD, BESIDE]
    assert found.outcome == "several"


def test_nobody_is_left_out_where_nobody_is_known(others):
    found = last(others, face(others[6]), face(false_sight(), PART_OF_IT), alone=FEWEST - 1)
    assert len(found.faces) == 2


@settings(max_examples=40)
@given(seeds, st.integers(1, 6))
def test_a_head_is_never_lost_altogether(seed, sights):
    rng = np.random.default_rng(seed)
    alone = [seen(face(one)) for one in person(rng, 6, 0.4)]
    boxes = [(100 + at, 100 + at, 300 - at, 340 - at) for at in map(float, range(0, 10 * sights, 10))]
    many = seen(*(face(scaled(rng.standard_normal(DIM)), box) for box in boxes), outcome="several" if sights > 1 else "ok")
    found = one_head_once([*alone, many])
    assert len(found[-1].faces) == 1
    assert found[:-1] == alone
