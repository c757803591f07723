"""Faces read for real by the laboratory's pack, and the geometry that every pack shares."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from insightface.app import FaceAnalysis
from insightface.utils.face_align import arcface_dst
from PIL import Image

from fluxdiag.engines.faces import FaceReader, Found, SeenFace
from fluxdiag.engines.faces.geometry import aligned, pose, sharpness
from fluxdiag.engines.faces.looks import CLOSE_UP, FIRST, PADDED, SURER, look
from fluxdiag.errors import FluxdiagError, WeightsMissing


@pytest.fixture(scope="module")
def reader(laboratory: Path) -> FaceReader:
    return FaceReader(str(laboratory / "weights" / "faces"))


@pytest.fixture(scope="module")
def strangers(reader, examples: Path) -> np.ndarray:
    """(n, dim): faces of the other example's references."""
    images = [picture(file) for file in sorted((examples / "overcaptioned" / "references").glob("*.png"))]
    return np.stack([faces[0].embedding for image in images if (faces := reader.read(image))])


@pytest.fixture(scope="module")
def portraits(examples: Path) -> list[np.ndarray]:
    """The healthy example's references, RGB: one person, drawn."""
    return [picture(file) for file in sorted((examples / "healthy" / "references").glob("*.png"))]


def picture(file: Path) -> np.ndarray:
    with Image.open(file) as opened:
        return np.asarray(opened.convert("RGB"))


def only(faces: list[SeenFace]) -> SeenFace:
    assert len(faces) == 1
    return faces[0]


def face_of(image: np.ndarray, face: SeenFace, share: float) -> np.ndarray:
    """The square around a face, `share` of its height wide."""
    x0, y0, x1, y1 = face.reading.box
    half, across, down = share * (y1 - y0) / 2, (x0 + x1) / 2, (y0 + y1) / 2
    rows, columns = (slice(max(0, round(middle - half)), round(middle + half)) for middle in (down, across))
    return np.ascontiguousarray(image[rows, columns])


@pytest.mark.filterwarnings("ignore:`estimate` is deprecated:FutureWarning")
def test_an_insightface_pack_gives_what_the_library_itself_gives(laboratory, reader, portraits):
    app = FaceAnalysis(name=str(laboratory / "weights" / "faces"), providers=["CPUExecutionProvider"])
    app.prepare(ctx_id=-1, det_thresh=0.5, det_size=(640, 640))
    for image in portraits:
        theirs = sorted(app.get(np.ascontiguousarray(image[:, :, ::-1])), key=lambda face: face.bbox[1] - face.bbox[3])
        ours = reader.read(image)
        assert len(ours) == len(theirs) > 0
        for our, their in zip(ours, theirs, strict=True):
            assert our.look == FIRST
            np.testing.assert_allclose(our.embedding, their.normed_embedding, atol=1e-6)
            np.testing.assert_allclose(our.reading.box, their.bbox, atol=0.01)
            np.testing.assert_array_equal(our.landmarks, their.kps)


def test_one_person_is_nearer_to_herself_than_to_another(reader, portraits, strangers):
    own = np.stack([reader.read(image)[0].embedding for image in portraits])
    assert (own @ own.T).min() > (own @ strangers.T).max()


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [({}, "ok"), ({"height": 15.9}, "small"), ({"yaw": 0.36}, "profile"), ({"height": 15.9, "yaw": 0.36}, "small")],
)
def test_what_a_picture_of_one_person_came_to(reader, portraits, changes, outcome):
    face = reader.read(portraits[0])[0]
    changed = replace(face, reading=face.reading.model_copy(update=changes))
    assert reader.outcome([changed]) == outcome


def test_two_faces_are_several_and_none_is_no_face(reader, portraits):
    beside = np.concatenate(portraits[:2], axis=1)
    faces = reader.read(beside)
    assert reader.outcome(faces) == "several"
    assert faces[0].reading.height >= faces[1].reading.height
    assert reader.read(np.zeros((64, 64, 3), np.uint8)) == []
    assert reader.outcome([]) == "no-face"


def test_a_face_that_fills_the_frame_is_found_from_further_off(reader, portraits, strangers):
    """In the picture's own coordinates, and still more herself than anyone else, though with less likeness than before."""
    rescued = []
    for image in portraits:
        whole = reader.read(image)[0]
        rescued += [(whole, face) for face in reader.read(face_of(image, whole, 1.1)) if face.look == PADDED]
    assert rescued
    for whole, face in rescued:
        assert face.reading.box[0] < 0.3 * whole.reading.height
        assert 0.6 < face.reading.height / whole.reading.height < 1.4
        assert face.embedding @ whole.embedding > (strangers @ face.embedding).max()


class Watcher:
    """Eyes that see one face where a picture is white, once it is at least `needs` of the picture high."""

    provider, crop_side = "none", 112

    def __init__(self, needs: float, score: float) -> None:
        self.needs, self.score = needs, score

    def detect(self, image):
        rows, columns = np.nonzero(image[:, :, 0] == 255)
        if not len(rows) or np.ptp(rows) + 1 < self.needs * len(image):
            return []
        box = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], np.float32)
        return [Found(box, np.tile(box[:2], (5, 1)), self.score)]

    def embed(self, crops):
        return np.ones((len(crops), 2))


@pytest.mark.parametrize(
    ("needs", "score", "found"),
    [
        (0.09, 0.5, FIRST),  # 10 px of 100 are enough
        (0.15, SURER, CLOSE_UP),  # enough of 60 only; two tiles see it, and it is one face
        (0.15, SURER - 0.01, None),  # a close look has to be surer
        (0.50, 0.99, None),
    ],
)
def test_a_small_face_is_found_in_a_close_look_once_and_in_its_place(needs, score, found):
    image = np.zeros((100, 100, 3), np.uint8)
    image[45:55, 45:55] = 255
    name, faces = look(Watcher(needs, score), image)
    assert [face.box.tolist() for face in faces] == ([[45, 45, 55, 55]] if found else [])
    assert name == (found or FIRST)


# ------------------------------------------------------------------------------------------------ geometry

FRONTAL = arcface_dst.astype(np.float64)


def turned(landmarks: np.ndarray, degrees: float) -> np.ndarray:
    """Clockwise as seen: y points down."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return landmarks @ np.array([[cosine, sine], [-sine, cosine]])


@pytest.mark.parametrize("degrees", [-40, 0, 15, 90])
def test_a_tilted_picture_changes_the_roll_only(degrees):
    straight, tilted = pose(FRONTAL), pose(turned(FRONTAL, degrees))
    assert tilted.roll == pytest.approx(straight.roll + degrees, abs=0.11)
    assert (tilted.yaw, tilted.pitch) == pytest.approx((straight.yaw, straight.pitch), abs=1e-3)


class Posed:
    """Eyes that see one face with these landmarks."""

    provider, crop_side = "none", 112

    def __init__(self, landmarks: np.ndarray) -> None:
        self._landmarks = landmarks.astype(np.float32)

    def detect(self, image):
        return [Found(np.array([200, 200, 320, 320], np.float32), self._landmarks, 0.9)]

    def embed(self, crops):
        return np.ones((len(crops), 2))


def nose_at(share: float) -> np.ndarray:
    """Turned by that share of the distance of the eyes."""
    moved = np.zeros((5, 2))
    moved[2, 0] = share * np.linalg.norm(FRONTAL[1] - FRONTAL[0])
    return FRONTAL - 56 + moved


@pytest.mark.parametrize("degrees", [-45, -15, 0, 15, 40])
@pytest.mark.parametrize(("turn", "outcome"), [(0.0, "ok"), (0.25, "ok"), (0.33, "ok"), (0.37, "profile"), (-0.37, "profile")])
def test_a_tilted_head_is_turned_as_far_as_an_upright_one(reader, monkeypatch, degrees, turn, outcome):
    monkeypatch.setattr(reader, "_eyes", Posed(turned(nose_at(turn), degrees) + 256))
    found = reader.read(np.zeros((512, 512, 3), np.uint8))
    assert found[0].reading.yaw == pytest.approx(abs(turn), abs=0.01)
    assert found[0].reading.yaw == abs(found[0].pose.yaw)
    assert reader.outcome(found) == outcome


def test_yaw_has_a_side_and_pitch_an_up_and_down():
    nose = np.zeros((5, 2))
    nose[2] = 10, 0
    assert pose(FRONTAL - nose).yaw < -0.2 < 0.2 < pose(FRONTAL + nose).yaw
    assert abs(pose(FRONTAL).yaw) < 0.01
    up, down = pose(FRONTAL - nose[:, ::-1]).pitch, pose(FRONTAL + nose[:, ::-1]).pitch
    assert up < 0.3 < 0.49 < pose(FRONTAL).pitch < 0.51 < 0.7 < down


def test_landmarks_in_one_place_have_a_pose_all_the_same():
    assert all(math.isfinite(value) for value in vars(pose(np.zeros((5, 2)))).values())


@pytest.mark.parametrize(("scale", "degrees", "shift"), [(1.0, 0, 0), (3.0, 25, 40), (0.5, -70, 200)])
def test_the_aligned_crop_has_the_landmarks_in_arcface_places(scale, degrees, shift):
    """Drawn as five dots in any size, tilt and place, they come back where ArcFace wants them."""
    landmarks = turned(FRONTAL - 56, degrees) * scale + 300 + shift
    image = np.zeros((800, 800, 3), np.uint8)
    for point in landmarks:
        cv2.circle(image, tuple(int(value) for value in point.round()), max(2, round(3 * scale)), (255, 255, 255), -1)
    crop, quality = aligned(image, landmarks, 112)
    assert quality.inside > 0.99
    for across, down in FRONTAL:
        assert crop[round(down), round(across), 0] > 128


def test_a_face_that_the_frame_cuts_lies_partly_outside():
    image = np.full((112, 112, 3), 200, np.uint8)
    assert aligned(image, FRONTAL, 112)[1].inside == pytest.approx(1, abs=0.02)
    assert aligned(image[56:], FRONTAL - (0, 56), 112)[1].inside == pytest.approx(0.5, abs=0.02)


def test_what_is_blurred_or_enlarged_is_less_sharp(reader, portraits):
    crop, _ = aligned(portraits[0], reader.read(portraits[0])[0].landmarks, 112)
    levels = [sharpness(cv2.GaussianBlur(crop, (0, 0), sigma)) for sigma in (0.5, 1, 2, 4)]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] < sharpness(crop)


# ------------------------------------------------------------------------------------------------ packs


@pytest.fixture
def pack(laboratory, tmp_path) -> Path:
    """A copy of the laboratory's pack, to be spoilt."""
    return Path(shutil.copytree(laboratory / "weights" / "faces", tmp_path / "antelopev2"))


def test_a_pack_that_its_archive_nests_in_itself_is_found(pack, portraits):
    (pack / "antelopev2").mkdir()
    for file in pack.glob("*.onnx"):
        file.rename(pack / "antelopev2" / file.name)
    reader = FaceReader(str(pack))
    assert (reader.name, reader.smallest_face) == ("antelopev2", 16)
    assert reader.read(portraits[0])


def test_a_name_is_looked_for_where_insightface_keeps_packs(pack, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    models = tmp_path / ".insightface" / "models"
    models.mkdir(parents=True)
    pack.rename(models / "mine")
    assert FaceReader("mine").name == "mine"


def lacks_recogniser(pack: Path) -> None:
    (pack / "recogniser.onnx").unlink()


def lacks_detector(pack: Path) -> None:
    (pack / "detector.onnx").unlink()


def holds_half_a_download(pack: Path) -> None:
    file = pack / "recogniser.onnx"
    file.write_bytes(file.read_bytes()[:1000])


def is_empty(pack: Path) -> None:
    for file in pack.iterdir():
        file.unlink()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lacks_recogniser, "no recogniser"),
        (lacks_detector, "no detector"),
        (holds_half_a_download, "recogniser.onnx"),
        (is_empty, "no detector"),
    ],
)
def test_a_pack_that_is_not_whole_is_refused_by_its_folder(pack, spoil, said):
    spoil(pack)
    with pytest.raises(WeightsMissing, match=said) as caught:
        FaceReader(str(pack))
    assert caught.value.where == str(pack)
    assert caught.value.do


def test_a_pack_that_is_nowhere_is_not_downloaded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(WeightsMissing, match="doctor"):
        FaceReader("buffalo_l")
    assert list(tmp_path.iterdir()) == []


PAIR = '[detector]\nfile = "a.onnx"\n[recogniser]\nfile = "b.onnx"\nchannels = "RGB"\nmean = 0\nstd = 1\n'
DECLARATIONS = [
    ("smallest_face = 0", "smallest_face"),
    ("smallest = 16", "smallest"),
    ("smallest_face =", "Invalid value"),
    (PAIR.replace("RGB", "RBG"), "recogniser: .*`channels`"),
    (PAIR.replace("std = 1", "std = 0"), "std must not be 0"),
    (PAIR.replace("mean = 0\n", ""), "recogniser: .*`mean`"),
    (PAIR.replace("mean = 0", "mean = [1, 2]"), "recogniser: .*`mean`"),
    (PAIR.replace("b.onnx", "../b.onnx"), "recogniser: .*`file`"),  # a pack speaks of its own folder only
    (PAIR.replace("b.onnx", "/etc/b.onnx"), "recogniser: .*`file`"),
    (PAIR.replace("std = 1", "std = 1\ninput = [3, 160, 160]"), "input has to be"),
    (PAIR.partition("[recogniser]")[0], "together or not at all"),
]


@pytest.mark.parametrize(("declared", "said"), DECLARATIONS)
def test_a_declaration_that_cannot_be_meant_is_refused(pack, declared, said):
    (pack / "pack.toml").write_text(declared, encoding="utf-8")
    with pytest.raises(FluxdiagError, match=said) as caught:
        FaceReader(str(pack))
    assert caught.value.where == str(pack / "pack.toml")
