"""Lists that come of an audit: what trainers cut, what to keep, what to take more of, references, the next split."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageOps

from fluxdiag.dataset.audit import curate
from fluxdiag.dataset.audit.bucketing import buckets, cut
from fluxdiag.dataset.audit.checks import findings
from fluxdiag.dataset.audit.photoset import ANGLES, SHOTS, PhotoSet, Seen
from fluxdiag.dataset.audit.reading import EDGES
from fluxdiag.dataset.audit.records import PhotoFace, PhotoFaces, PhotoFacts, Variety
from fluxdiag.dataset.audit.references import FEWEST_TO_SPLIT, LOSES, overlaps, reference_audit, split
from fluxdiag.dataset.duplicates import Fingerprint, cropped, fingerprint

# ------------------------------------------------------------------------------------------------ bucketing


@pytest.mark.parametrize(
    ("size", "resolution", "bucket", "lost"),
    [
        ((1024, 1024), 1024, (1024, 1024), 0.0),
        ((4000, 3000), 1024, (1152, 896), 0.036),
        ((3000, 4000), 1024, (896, 1152), 0.036),
        ((512, 512), 1024, (1024, 1024), 0.0),
        ((10240, 1024), 1024, (2048, 256), 0.2),
        ((1000, 1000), 512, (512, 512), 0.0),
    ],
)
def test_what_becomes_of_a_photo(size, resolution, bucket, lost):
    found = cut(*size, resolution)
    assert (found.width, found.height) == bucket
    assert found.lost == pytest.approx(lost, abs=0.001)
    assert found.enlarged == pytest.approx(max(bucket[0] / size[0], bucket[1] / size[1]))


@given(st.integers(1, 20000), st.integers(1, 20000), st.sampled_from([64, 512, 768, 1024]))
def test_a_photo_always_fills_its_bucket(width, height, resolution):
    found = cut(width, height, resolution)
    assert found.width * found.height <= resolution**2
    assert found.width % (resolution // 16) == found.height % (resolution // 16) == 0
    assert found.left >= -1e-9
    assert found.top >= -1e-9
    assert min(found.left, found.top) == pytest.approx(0, abs=1e-9)
    assert width * found.enlarged * (1 - 2 * found.left) == pytest.approx(found.width)
    assert height * found.enlarged * (1 - 2 * found.top) == pytest.approx(found.height)


@pytest.mark.parametrize("resolution", [1, 15, 64, 1000, 1024])
def test_buckets_come_both_ways_round(resolution):
    sizes = buckets(resolution)
    assert sizes
    assert {(h, w) for w, h in sizes} == set(sizes)


# ------------------------------------------------------------------------------------------------ a set of one person

DIM = 64


def scaled(vector: np.ndarray) -> np.ndarray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def look(seed: int) -> Fingerprint:
    rng = np.random.default_rng(seed)
    return Fingerprint(hash=rng.bytes(8).hex(), mirrored=rng.bytes(8).hex(), thumbnail=rng.bytes(768).hex())


NO_EDGES = bytes(EDGES**2).hex()
CENTRE = scaled(np.random.default_rng(99).standard_normal(DIM))


def photo(number: int, *, share: float = 0.4, yaw: float = 0.0, **facts) -> Seen:
    """Another picture for every number, of the same person."""
    rng = np.random.default_rng(number)
    vector = scaled(CENTRE + 0.5 * scaled(rng.standard_normal(DIM)))
    face = PhotoFace(box=(0, 0, 9, 9), height=260, share=share, headroom=0.1, yaw=yaw, blur=0.4, embedding=vector.tobytes().hex())
    usual = {"sha256": f"{number}", "format": "PNG", "mode": "RGB", "width": 1200, "height": 1200, "blur": 0.3}
    lit = {"brightness": rng.uniform(), "warmth": rng.uniform()}
    measured = usual | lit | {"fingerprint": look(number), "edges": NO_EDGES} | facts
    return Seen(f"{number}.png", Path(f"{number}.png"), PhotoFacts(**measured), PhotoFaces(outcome="ok", faces=(face,)))


def copy(seen: Seen, name: str, **facts) -> Seen:
    return replace(seen, name=name, path=Path(name), facts=seen.facts.model_copy(update={"sha256": name} | facts))


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
    kept, out = judged(PhotoSet((photo(1, turned=True), photo(2, bars=0.2), photo(3, jpeg_quality=30))))
    assert len(kept) == 3
    assert out == {}


def test_of_the_same_picture_the_sharpest_stays_then_the_largest():
    first = photo(1, blur=0.4)
    photos = PhotoSet((first, copy(first, "sharp.png", blur=0.2), copy(first, "large.png", blur=0.2, width=2400, height=2400)))
    kept, out = judged(photos)
    assert kept == ("large.png",)
    assert set(out.values()) == {"the same picture as large.png"}


@pytest.mark.parametrize("flaw", [{"turned": True}, {"mode": "CMYK"}, {"frames": 2}], ids=["turned", "CMYK", "animated"])
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


# ------------------------------------------------------------------------------------------------ references

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
    found = reference_audit("references", [replace(TRAINED[0], name="x.png"), photo(50)], TRAINED)
    assert (found.references, len(found.overlaps), found.loses) == (2, 1, LOSES)
    assert reference_audit("references", [photo(50)], TRAINED).loses == {}
    assert reference_audit("references", [], TRAINED).overlaps == ()


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
