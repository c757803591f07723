"""Every check of the photo audit alone: what makes it speak, and what comes close and does not."""

from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from fluxdiag.dataset.audit.checks import checks, findings, not_assessed, texts
from fluxdiag.dataset.audit.photoset import PhotoSet, Seen
from fluxdiag.dataset.audit.pixels import black_bars, blockiness, blur
from fluxdiag.dataset.audit.reading import EDGES
from fluxdiag.dataset.audit.records import PhotoFace, PhotoFaces, PhotoFacts, Variety
from fluxdiag.dataset.duplicates import Fingerprint
from fluxdiag.records import SEVERITIES

BY_NAME = {one.name: one for one in checks()}


def unit(*numbers: float) -> str:
    vector = np.array(numbers, dtype=np.float32)
    return (vector / np.linalg.norm(vector)).astype(np.float32).tobytes().hex()


def face(**changes) -> PhotoFace:
    usual = {"box": (400, 200, 600, 460), "height": 260.0, "share": 0.4, "headroom": 0.1, "yaw": 0.0, "blur": 0.45}
    return PhotoFace(**(usual | {"embedding": unit(1, 0.1)} | changes))


def faces(*seen: PhotoFace, outcome: str = "ok") -> PhotoFaces:
    return PhotoFaces(outcome=outcome, faces=seen, smallest=64)


def photo(name: str = "a.jpg", found: PhotoFaces | None = None, **facts) -> Seen:
    """A good one, but for what is said; no two of them look alike."""
    rng = np.random.default_rng(crc32(name.encode()))
    look = Fingerprint(hash=rng.bytes(8).hex(), mirrored=rng.bytes(8).hex(), thumbnail=rng.bytes(768).hex())
    usual = {"sha256": name, "format": "JPEG", "mode": "RGB", "width": 1200, "height": 1200, "fingerprint": look}
    usual |= {"brightness": 0.5, "contrast": 0.2}
    return Seen(name, Path(name), PhotoFacts(**(usual | {"blur": 0.3, "edges": bytes(EDGES**2).hex()} | facts)), found)


def several(count: int, found: PhotoFaces | None = None, **facts) -> PhotoSet:
    return PhotoSet(tuple(photo(f"{row}.jpg", found, **facts) for row in range(count)))


def one(found: PhotoFaces | None = None, **facts) -> PhotoSet:
    return PhotoSet((photo(found=found, **facts),))


def worth(aspect: str, effective: float = 9.0, share: float = 0.0, of: int = 10) -> PhotoSet:
    said = Variety(aspect=aspect, effective=effective, most="a forest", share=share, of=of, how="")
    return replace(several(of), variety=(said,))


def light(brightness: float, warmth: float, of: int = 10) -> PhotoSet:
    return replace(several(of), variety=(*worth("brightness", brightness).variety, *worth("warmth", warmth).variety))


def marked(*places: tuple[int, int], count: int = 4) -> PhotoSet:
    """Photos with strong edges at these cells of the map, and at others that differ from photo to photo."""
    made = []
    for row in range(count):
        edges = np.zeros((EDGES, EDGES), dtype=np.uint8)
        edges[5 * row : 5 * row + 4] = 200
        for down, across in places:
            edges[down, across] = 200
        made.append(photo(f"{row}.jpg", edges=edges.tobytes().hex()))
    return PhotoSet(tuple(made))


def people(*embeddings: str) -> PhotoSet:
    return PhotoSet(tuple(photo(f"{row}.jpg", faces(face(embedding=one))) for row, one in enumerate(embeddings)))


AXES = np.eye(12)
PERSON = [unit(*AXES[0] + (0.5 + row / 100) * AXES[1 + row]) for row in range(6)]
HARD = unit(*AXES[0] + 1.2 * AXES[8])
SOMEBODY_ELSE = unit(*AXES[0] / 50 + AXES[9])
TWO_MORE = [unit(*AXES[10] + AXES[row] / 20) for row in (2, 3)]
OTHER_DAYS = [unit(*AXES[0] + (1.3 + row / 50) * AXES[1 + row]) for row in range(5)]
BURST = [unit(*AXES[0] + 1.3 * AXES[6] + (0.2 + row / 20) * by * AXES[7 + row]) for row in range(4) for by in (-1, 1.1)]
STRANGER = unit(*AXES[11])

COPIES = (photo("a.jpg"), replace(photo("a.jpg"), name="copy of a.jpg"), photo("b.jpg"))
BROKEN = PhotoSet((), broken=(photo("broken.jpg", problem="empty"),))
TURNED_FACES = [faces(face(yaw=yaw)) for yaw in (0, 0.2, 0.5)]
ALL_SHOTS = [faces(face(share=share)) for share in (0.1, 0.2, 0.4, 0.6)]

CASES = {
    "unreadable": (
        [BROKEN, PhotoSet((), said=(("x", "unreadable", "a link"),))],
        [one(), PhotoSet((), said=(("x", "not-taken", ""),))],
    ),
    "not-taken": (
        [PhotoSet((), said=(("x.heic", "not-taken", "install"),))],
        [PhotoSet((), said=(("x", "unreadable", ""),)), one()],
    ),
    "unopened-folder": (
        [PhotoSet((), said=(("up", "unopened-folder", "a link to a folder"),))],
        [PhotoSet((), said=(("x", "unreadable", ""),)), one()],
    ),
    "passed-over": (
        [PhotoSet((), said=(("", "passed-over", "1 .mp4"),))],
        [PhotoSet((), said=(("x", "unreadable", ""),)), one()],
    ),
    "too-many": ([PhotoSet((), said=(("", "too-many", "only the first"),))], [several(60)]),
    "described-looks": ([replace(one(), described=(1, 9))], [replace(one(), described=(0, 9)), replace(one(), described=(0, 0))]),
    "seen-trigger": ([replace(one(), seen_trigger="'elena' is a name")], [one()]),
    "captions": ([replace(one(), captions=(("a.jpg", "no caption"),))], [one()]),
    "wrong-extension": (
        [one(format="PNG"), one(format="GIF"), one(format="TIFF")],
        [one(), one(format="MPO"), PhotoSet((photo("A.JPEG"), photo("b.PNG", format="PNG"), photo("c.webp", format="WEBP")))],
    ),
    "odd-name": (
        [PhotoSet((photo("a\nb.jpg"),)), PhotoSet((photo("a\x1b[2J.jpg"),)), PhotoSet((), broken=(photo("a\r.jpg"),))],
        [PhotoSet((photo("👩‍🎤 ❤️.jpg"), photo("at 3.04\u202fPM.jpg"), photo("日本 é.jpg"), photo("e\u0301.jpg")))],
    ),
    "animated": ([one(frames=2)], [one(frames=1)]),
    "exif-rotation": ([one(stored="lying on its side")], [one()]),
    "transparency": ([one(transparent=True)], [one(mode="RGBA")]),
    "colour-space": (
        [one(profile="Display P3"), one(mode="CMYK"), one(mode="I;16"), one(mode="RGB;16"), one(mode="F")],
        [one(), one(mode="L"), one(mode="P"), one(mode="RGBA")],
    ),
    "no-photos": ([PhotoSet(()), BROKEN], [one()]),
    "few-photos": ([several(14), several(1), PhotoSet((*several(13).photos, *COPIES[:2]))], [several(15), PhotoSet(())]),
    "many-photos": ([several(31)], [several(30)]),
    "near-duplicates": ([PhotoSet(COPIES), replace(several(3), alike=((0, 2),))], [several(9)]),
    "one-background": ([worth("background", share=0.75)], [worth("background", share=0.74), worth("background", share=1, of=5)]),
    "one-outfit": ([worth("outfit", share=0.8)], [worth("outfit", share=0.7), worth("background", share=0.8)]),
    "half-alike": (
        [worth("background", share=0.5), worth("outfit", share=0.74)],
        [worth("outfit", share=0.49), worth("outfit", share=0.75), worth("light", share=0.6), worth("outfit", share=0.6, of=5)],
    ),
    "alike-pictures": ([worth("look", 2.9)], [worth("look", 3.0), worth("look", 1, of=5), worth("image", 1)]),
    "one-light": (
        [worth("light", share=0.75), light(0.02, 0.02)],
        [light(0.02, 0.04), light(0.04, 0.02), light(0, 0, of=5), worth("light", share=0.7)],
    ),
    "missing-shot": (
        [several(6, ALL_SHOTS[0]), PhotoSet(tuple(photo(f"{row}.jpg", ALL_SHOTS[row % 3]) for row in range(9)))],
        [several(5, ALL_SHOTS[0]), several(9), PhotoSet(tuple(photo(f"{row}.jpg", ALL_SHOTS[row % 4]) for row in range(6)))],
    ),
    "one-angle": (
        [several(6, TURNED_FACES[0]), several(6, TURNED_FACES[2])],
        [
            several(5, TURNED_FACES[0]),
            several(9),
            PhotoSet((*several(6, TURNED_FACES[0]).photos, photo("x.jpg", TURNED_FACES[1]))),
        ],
    ),
    "low-resolution": (
        [one(width=800, height=800), one(width=64, height=64)],
        [one(width=832, height=832), one(width=1024, height=1024)],
    ),
    "blurred": (
        [one(blur=0.51), one(faces(face(blur=None)), blur=0.9), one(faces(outcome="no-face"), blur=0.9)],
        [one(blur=0.5), one(blur=None), one(faces(face(blur=0.4)), blur=0.9), one(blur=0.9, contrast=0.0)],
    ),
    "blank": (
        [one(contrast=0.0, brightness=0.0), one(contrast=0.009, brightness=1.0)],
        [one(contrast=0.01, brightness=0.0), one(contrast=0.2, brightness=0.05)],
    ),
    "jpeg-blocks": (
        [one(jpeg_quality=59), one(blockiness=1.3), one(jpeg_quality=95, blockiness=2.0)],
        [one(jpeg_quality=60), one(blockiness=1.25), one(blockiness=None)],
    ),
    "cut-by-buckets": (
        [one(width=12000, height=1200), one(width=1000, height=10000)],
        [one(width=1200, height=1800), one(width=1600, height=1200), one(width=1920, height=1080)],
    ),
    "black-bars": ([one(bars=0.03)], [one(bars=0.02), one()]),
    "repeated-overlay": (
        [
            marked((46, 44), (46, 45), (46, 46)),
            replace(marked((46, 44), (46, 45), (46, 46), count=6), variety=worth("look", 5.0).variety),
        ],
        [
            marked((46, 44), (46, 45)),
            marked((46, 44), (46, 45), (46, 46), count=3),
            marked(),
            replace(marked((46, 44), (46, 45), (46, 46), count=6), variety=worth("look", 1.5).variety),
            marked(*((down, across) for down in range(24, 48) for across in range(EDGES))),
        ],
    ),
    "other-person": (
        [
            people(*PERSON, SOMEBODY_ELSE),
            people(*PERSON, *TWO_MORE),
            people(*OTHER_DAYS, *BURST, STRANGER),
            people(*BURST, STRANGER),
        ],
        [
            people(*OTHER_DAYS, *BURST),
            people(*OTHER_DAYS[:1], *BURST),
            people(*PERSON),
            people(*PERSON[:3], SOMEBODY_ELSE),
            people(*PERSON, HARD),
            several(9),
        ],
    ),
    "unusual-face": ([people(*PERSON, HARD)], [people(*PERSON), people(*PERSON, SOMEBODY_ELSE), people(*PERSON[:3], HARD)]),
    "several-faces": (
        [one(faces(face(), face(height=50), outcome="several"))],
        [one(faces(face())), one(faces(outcome="no-face")), one()],
    ),
    "head-cropped": (
        [one(faces(face(headroom=-0.01))), one(faces(face(headroom=0.02)), width=1200, height=14400)],
        [
            one(faces(face(headroom=0.0))),
            one(faces(face(headroom=0.02)), width=1200, height=1800),
            one(faces(outcome="no-face")),
            one(),
        ],
    ),
    "blurred-face": (
        [one(faces(face(blur=0.66)))],
        [one(faces(face(blur=0.65))), one(faces(face(blur=None))), one(faces(face(blur=0.9), outcome="small")), one()],
    ),
    "no-face": ([one(faces(outcome="no-face"))], [one(faces(face())), one()]),
    "small-face": ([one(faces(face(height=40), outcome="small"))], [one(faces(face())), one(faces(outcome="no-face")), one()]),
}
"""check -> (sets in which it speaks, sets in which it does not)"""


def said(name: str, photos: PhotoSet) -> list[tuple[tuple[str, ...], str]]:
    return list(BY_NAME[name].find(photos))


def test_no_check_is_without_its_table():
    assert CASES.keys() == BY_NAME.keys()


@pytest.mark.parametrize(("name", "photos"), [(name, photos) for name, (fires, _) in CASES.items() for photos in fires])
def test_fires(name, photos):
    found = said(name, photos)
    assert found
    assert all(says for _, says in found)
    known = {seen.name for seen in (*photos.photos, *photos.broken)} | {name for name, *_ in photos.said}
    assert {name for files, _ in found for name in files} <= known


@pytest.mark.parametrize(("name", "photos"), [(name, photos) for name, (_, silent) in CASES.items() for photos in silent])
def test_close_and_silent(name, photos):
    assert said(name, photos) == []


@pytest.mark.parametrize("name", BY_NAME)
def test_an_empty_set_breaks_no_check(name):
    assert bool(said(name, PhotoSet(()))) == (name == "no-photos")


@pytest.mark.parametrize("model", ["faces", "clip"])
def test_what_needs_a_model_is_unknown_without_it(model):
    """The others go on, and what was not made is told with its reason."""
    for name, (fires, _) in CASES.items():
        photos = replace(fires[0], unread={model: "no weights"})
        made = name in {found.check for found in findings(photos)}
        assert made == (BY_NAME[name].needs != model)
        assert not_assessed(photos).get(name) == (None if made else "no weights")


def test_findings_come_in_the_order_of_their_weight():
    photos = replace(one(faces(outcome="no-face"), frames=3, stored="lying on its side"), described=(1, 1))
    weights = [SEVERITIES.index(found.severity) for found in findings(photos)]
    assert weights == sorted(weights)
    assert len(set(weights)) == 4


def test_every_check_says_why_and_what_to_do():
    for check in BY_NAME.values():
        assert all((check.title, check.why, check.do))
        assert not check.do.endswith(".")
    found = findings(one(frames=3))
    assert texts(found).keys() == {finding.check for finding in found}


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ((0, 0), "at the top left"),
        ((46, 44), "at the bottom right"),
        ((46, 22), "at the bottom"),
        ((24, 0), "in the middle left"),
    ],
)
def test_where_the_overlay_is(cells, where):
    down, across = cells
    ((files, says),) = said("repeated-overlay", marked(*((down, across + more) for more in range(3))))
    assert len(files) == 4
    assert says == f"the same marks {where} of all 4 photos of this size"


# ------------------------------------------------------------------------------------------------ pixels


def noise(side: int = 256) -> np.ndarray:
    return np.random.default_rng(0).uniform(0, 255, (side, side)).astype(np.float32)


def box_blurred(levels: np.ndarray, px: int) -> np.ndarray:
    """Along both axes, three times, so that the kernel is nearly a Gaussian."""
    for axis in (0, 1) * 3:
        levels = np.mean([np.roll(levels, shift, axis) for shift in range(px)], axis=0)
    return levels


def test_blur_grows_with_the_blurring():
    values = [blur(box_blurred(noise(), px)) for px in (1, 3, 7, 11)]
    assert values == sorted(values)
    assert values[0] < 0.2 < 0.6 < values[-1] <= 1


def test_blocks_are_found_wherever_the_grid_begins():
    levels = box_blurred(noise(), 15)
    grid = levels + 6 * ((np.arange(256) + 3) // 8 % 2)[None, :]
    assert blockiness(levels) < 0.5 < 2 < blockiness(grid)
    assert blockiness(grid.T) == pytest.approx(blockiness(grid))
    assert blockiness(levels[:64]) is None


@pytest.mark.parametrize(
    ("rows", "share"), [((0, 0), 0.0), ((32, 32), 0.25), ((32, 0), 0.0), ((0, 32), 0.0), ((256, 0), 0.0), ((16, 48), 0.25)]
)
def test_bars_stand_on_both_sides(rows, share):
    """A dark floor is no bar, and a black picture has none."""
    levels = np.full((256, 256), 120.0)
    levels[: rows[0]] = levels[256 - rows[1] :] = 3
    assert black_bars(levels) == share == black_bars(levels.T)
