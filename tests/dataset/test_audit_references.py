"""References that were trained on, and the next split into training and reference photos."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photo_sets import copy, look, photo, scaled
from PIL import Image, ImageEnhance, ImageOps

from fluxdiag.dataset.audit.photoset import PhotoSet, Seen
from fluxdiag.dataset.audit.records import PhotoFaces, ReferenceAudit, told_of_strangers
from fluxdiag.dataset.audit.references import FEWEST_TO_SPLIT, LOSES, overlaps, reference_audit, split, strangers_among
from fluxdiag.dataset.duplicates import Fingerprint, cropped, fingerprint

TRAINED = [photo(number, yaw=number / 50) for number in range(12)]


def twin(seen: Seen, name: str, mirrored: bool = False) -> Seen:
    """Another file with another hash that shows the same, cropped closer."""
    levels = np.frombuffer(bytes.fromhex(seen.facts.fingerprint.thumbnail), np.uint8).reshape(16, 16, 3)
    closer = Image.fromarray(levels).resize((16, 16), Image.Resampling.BILINEAR, box=(1, 1, 15, 15))
    shown = np.asarray(ImageOps.mirror(closer) if mirrored else closer)
    return copy(seen, name, fingerprint=look(1000).model_copy(update={"thumbnail": shown.tobytes().hex()}))


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        (replace(TRAINED[3], name="renamed.png"), "the same file"),
        (copy(TRAINED[3], "saved anew.jpg"), "the same picture"),
        (twin(TRAINED[3], "closer.png"), "a twin: same pose, same moment"),
        (twin(TRAINED[3], "closer and mirrored.png", mirrored=True), "a twin: same pose, same moment"),
        (replace(twin(TRAINED[3], "no face.png"), faces=PhotoFaces(outcome="no-face")), "a twin: same pose, same moment"),
    ],
)
def test_a_reference_that_was_trained_on_is_found(reference, kind):
    (found,) = overlaps([photo(50), reference, photo(51)], TRAINED)
    assert (found.reference, found.photo, found.kind) == (reference.name, "3.png", kind)


def same_face(seen: Seen, name: str) -> Seen:
    """Another picture with the very same face."""
    return replace(copy(seen, name, fingerprint=look(1001)), faces=seen.faces)


@pytest.mark.parametrize(
    "reference", [photo(50, yaw=0.06), same_face(TRAINED[3], "alike.png")], ids=["another photo", "another photo, the same face"]
)
def test_other_photos_of_the_person_are_held_out(reference):
    assert overlaps([reference], TRAINED) == ()


EXAMPLES = Path(__file__).parents[2] / "src" / "fluxlab" / "examples"


def prints(folder: Path) -> list[Fingerprint]:
    return [fingerprint(Image.open(file)) for file in sorted(folder.glob("*.png"))]


@pytest.mark.parametrize("example", ["healthy", "overcaptioned"])
def test_photos_and_references_that_were_drawn_apart_are_no_twins(example):
    assert cropped(prints(EXAMPLES / example / "references"), prints(EXAMPLES / example / "dataset")) == []


@pytest.mark.parametrize(
    ("change", "least"),
    [
        (lambda image: image.crop((4, 4, image.width - 4, image.height - 4)), 0.7),
        (lambda image: ImageEnhance.Brightness(image).enhance(1.25), 1.0),
        (ImageOps.mirror, 1.0),
    ],
    ids=["cropped", "brighter", "mirrored"],
)
def test_what_was_made_of_a_photo_is_its_twin(change, least):
    files = [Image.open(file).convert("RGB") for file in sorted((EXAMPLES / "healthy" / "dataset").glob("*.png"))]
    found = cropped([fingerprint(change(image)) for image in files], [fingerprint(image) for image in files])
    assert len({row for row, column in found if row == column}) >= least * len(files)


def test_what_the_numbers_lose_is_said_where_there_is_an_overlap():
    found = audited([replace(TRAINED[0], name="x.png"), photo(50)])
    assert (found.references, len(found.overlaps), found.loses) == (2, 1, LOSES)
    assert audited([photo(50)]).loses == {}
    assert audited([]).overlaps == ()


def audited(references: list[Seen]) -> ReferenceAudit:
    return reference_audit("references", PhotoSet(tuple(references)), PhotoSet(tuple(TRAINED)))


# ------------------------------------------------------------------------------------------------ somebody else

PERSON = [photo(number) for number in range(50, 59)]
OTHERS = [photo(number, centre=scaled(np.random.default_rng(7).standard_normal(64))) for number in range(60, 75)]


@pytest.mark.parametrize(
    ("references", "training", "found"),
    [
        (PERSON, TRAINED, []),
        (PERSON, [], []),
        ([*PERSON[:8], OTHERS[0]], TRAINED, OTHERS[:1]),
        ([*PERSON[:8], OTHERS[0]], [], OTHERS[:1]),
        ([OTHERS[0], *PERSON[:6], OTHERS[1]], [], OTHERS[:2]),
        ([*PERSON[:2], OTHERS[0]], TRAINED, OTHERS[:1]),
        ([*PERSON[:2], OTHERS[0]], [], []),
        (OTHERS[:3], TRAINED, OTHERS[:3]),
        (OTHERS, TRAINED[:8], OTHERS),
        (OTHERS, [], []),
        (PERSON, [*TRAINED[:9], *OTHERS[:2]], []),
        ([replace(OTHERS[0], faces=OTHERS[0].faces.model_copy(update={"outcome": "small"})), *PERSON], TRAINED, []),
        ([], TRAINED, []),
    ],
    ids=[
        "the same person",
        "the same person, no training photos",
        "one of nine",
        "one of nine, no training photos",
        "two of eight, no training photos",
        "one of three",
        "one of three, and nothing to tell it by",
        "another person",
        "another person, in more photos than were trained on",
        "one person throughout, no training photos",
        "somebody else among the training photos alone",
        "a face too small to be judged",
        "no references",
    ],
)
def test_references_of_somebody_else(references, training, found):
    told = strangers_among(PhotoSet(tuple(references)), PhotoSet(tuple(training)))
    assert sorted(told) == sorted(one.name for one in found)


@pytest.mark.parametrize(
    ("strangers", "of", "told"),
    [
        ((), 9, None),
        (("a.png",), 9, "1 of 9 reference photos seems to show somebody else (a.png)"),
        (tuple("abcd"), 9, "4 of 9 reference photos seem to show somebody else (a, b, c and 1 more)"),
        (tuple("abc"), 3, "the reference photos and the training photos seem to show two different people"),
    ],
)
def test_somebody_else_is_told(strangers, of, told):
    assert told_of_strangers(strangers, of) == told


# ------------------------------------------------------------------------------------------------ split


@settings(max_examples=25)
@given(st.lists(st.integers(0, 45), min_size=1, max_size=50), st.integers(0, 5))
def test_the_same_picture_is_never_on_both_sides(numbers, bursts):
    """Numbers that come twice are copies; bursts are twins of the first photos."""
    photos = [copy(photo(number, yaw=number / 45), f"{row}.png") for row, number in enumerate(numbers)]
    photos += [twin(one, f"burst {one.name}") for one in photos[:bursts]]
    found = split(photos)
    different = len(set(numbers))
    assert (found is None) == (different < FEWEST_TO_SPLIT)
    if found is None:
        return
    assert sorted((*found.train, *found.held_out)) == sorted(one.name for one in photos)
    sides = dict.fromkeys(found.train, "train") | dict.fromkeys(found.held_out, "held out")
    for row, number in enumerate(numbers):
        assert sides[f"{row}.png"] == sides[f"{numbers.index(number)}.png"]
    for one in photos[:bursts]:
        if f"burst {one.name}" in sides:
            assert sides[f"burst {one.name}"] == sides[one.name]
    assert len(found.held_out) >= 3
    assert len({numbers[int(name.split(".")[0])] for name in found.train if name[0].isdigit()}) >= 15


def test_both_sides_are_alike():
    """Nearer in every trait than a random draw usually is."""
    photos = [photo(number, share=0.1 + number % 4 / 6, yaw=number % 3 / 4) for number in range(40)]
    found = split(photos)
    traits = {one.name: (one.facts.brightness, one.facts.warmth, one.face.share, one.face.yaw) for one in photos}
    table = np.array(list(traits.values()))

    def apart(held: set[str]) -> float:
        inside = np.array([name in held for name in traits])
        return float((abs(table[inside].mean(0) - table[~inside].mean(0)) / table.std(0)).max())

    rng = np.random.default_rng(0)
    random = [apart(set(rng.choice(list(traits), len(found.held_out), replace=False))) for _ in range(200)]
    assert apart(set(found.held_out)) < np.quantile(random, 0.05)


def test_the_same_photos_give_the_same_split():
    photos = [photo(number) for number in range(20)]
    assert split(photos) == split(photos)


def test_a_split_needs_no_faces():
    found = split([replace(photo(number), faces=None) for number in range(20)])
    assert len(found.held_out) == 4
