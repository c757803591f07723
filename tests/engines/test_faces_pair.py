"""A YuNet with any 112x112 recogniser: for real where `../shared/models` holds the two, and always what needs neither."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from insightface.data import get_image

from fluxdiag.engines.faces import FaceReader, Found
from fluxdiag.engines.faces.opencv_pair import fed
from fluxdiag.engines.faces.pack import Recogniser
from fluxdiag.engines.faces.trial import refuse_unfit
from fluxdiag.errors import FluxdiagError, WeightsMissing

MODELS = Path(__file__).parents[3] / "shared" / "models"
YUNET, MOBILE = MODELS / "yunet_n_dynamic.onnx", MODELS / "MobileFaceNet.onnx"
DECLARED = """
name = "YuNet and MobileFaceNet"
licence = "MIT"
smallest_face = 48

[detector]
file = "yunet.onnx"
sure = 0.6

[recogniser]
file = "recogniser.onnx"
channels = "RGB"
mean = [123.675, 116.28, 103.53]
std = [58.395, 57.12, 57.375]
"""


@pytest.fixture(scope="module")
def models() -> Path:
    if not (YUNET.is_file() and MOBILE.is_file()):
        pytest.skip("no YuNet and MobileFaceNet in ../shared/models")
    return MODELS


@pytest.fixture
def folder(tmp_path) -> Path:
    """A pack that is declared, without its files."""
    (tmp_path / "pack.toml").write_text(DECLARED, encoding="utf-8")
    return tmp_path


@pytest.fixture
def pair(models, folder) -> Path:
    (folder / "yunet.onnx").symlink_to(YUNET)
    (folder / "recogniser.onnx").symlink_to(MOBILE)
    return folder


def redeclare(folder: Path, old: str, new: str) -> str:
    assert old in DECLARED
    (folder / "pack.toml").write_text(DECLARED.replace(old, new), encoding="utf-8")
    return str(folder)


@pytest.fixture(scope="module")
def row() -> np.ndarray:
    """InsightFace's own photo of six people, RGB."""
    return np.ascontiguousarray(get_image("t1", to_rgb=True))


# ------------------------------------------------------------------------------------------------ for real


def test_a_photo_of_six_people_has_six_faces_that_differ(pair, row):
    reader = FaceReader(str(pair))
    assert (reader.name, reader.licence, reader.smallest_face) == ("YuNet and MobileFaceNet", "MIT", 48)
    faces = reader.read(row)
    assert reader.outcome(faces) == "several"
    assert len(faces) == 6
    for face in faces:
        assert face.embedding.shape == (128,)
        assert np.linalg.norm(face.embedding) == pytest.approx(1, abs=1e-5)
        assert abs(face.pose.roll) < 30
        left, right, nose, *mouth = face.landmarks
        assert left[0] < right[0]
        assert left[1] < nose[1] < min(corner[1] for corner in mouth)
        x0, y0, x1, y1 = face.reading.box
        assert ((face.landmarks > (x0, y0)) & (face.landmarks < (x1, y1))).all()


CHANGES = {
    "half as large": lambda image: cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "mirrored": lambda image: np.ascontiguousarray(image[:, ::-1]),
    "darker": lambda image: cv2.convertScaleAbs(image, alpha=0.7),
    "tilted": lambda image: cv2.warpAffine(
        image, cv2.getRotationMatrix2D((image.shape[1] / 2, image.shape[0] / 2), 12, 1), image.shape[1::-1]
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_everyone_is_still_nearest_to_themselves_in_a_changed_photo(pair, row, change):
    reader = FaceReader(str(pair))
    before = np.stack([face.embedding for face in reader.read(row)])
    after = np.stack([face.embedding for face in reader.read(CHANGES[change](row))])
    assert len(before) == len(after) == 6
    assert sorted((after @ before.T).argmax(axis=1)) == list(range(6))
    assert (after @ before.T).max(axis=1).min() > 0.6


def test_a_mirrored_face_looks_the_other_way(pair, row):
    reader = FaceReader(str(pair))
    yaws = sorted(face.pose.yaw for face in reader.read(row))
    mirrored = sorted(-face.pose.yaw for face in reader.read(CHANGES["mirrored"](row)))
    np.testing.assert_allclose(yaws, mirrored, atol=0.12)
    assert max(map(abs, yaws)) > 0.1


def test_a_picture_of_any_size_and_shape_is_read(pair):
    reader = FaceReader(str(pair))
    for shape in [(1, 1, 3), (1, 900, 3), (700, 2, 3), (8, 8, 3)]:
        assert reader.read(np.full(shape, 127, np.uint8)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("std = [58.395, 57.12, 57.375]", "std = 12750", "cannot tell people apart"),
        ("mean = [123.675, 116.28, 103.53]\nstd = [58.395, 57.12, 57.375]", "mean = 0\nstd = 1", "cannot tell people apart"),
        ("mean = [123.675, 116.28, 103.53]\nstd = [58.395, 57.12, 57.375]", "mean = 0.5\nstd = 0.25", "cannot tell people apart"),
        ("sure = 0.6", "sure = 0.99", "sees 0 of six faces"),
        ('channels = "RGB"', 'channels = "RGB"\ninput = [112, 112, 3]', r"takes \[1, 3, 112, 112\].*declares \[n, 112, 112, 3\]"),
        ('file = "recogniser.onnx"', 'file = "yunet.onnx"', "12 outputs"),
        ('file = "yunet.onnx"', 'file = "recogniser.onnx"', "cannot run this as a YuNet"),
    ],
)
def test_a_declaration_that_the_files_contradict_is_refused(pair, old, new, said):
    with pytest.raises(FluxdiagError, match=said) as caught:
        FaceReader(redeclare(pair, old, new))
    assert str(pair) in caught.value.where
    assert caught.value.do


def test_a_pair_without_a_declaration_is_no_insightface_pack(pair):
    (pair / "pack.toml").unlink()
    with pytest.raises(WeightsMissing, match=r"not a complete InsightFace pack"):
        FaceReader(str(pair))


# ------------------------------------------------------------------------------------------------ without models


def made_network(file: Path, shape: list[int | str]) -> None:
    """An ONNX file that passes its input on."""
    kind = onnx.TensorProto.FLOAT
    source, target = (onnx.helper.make_tensor_value_info(name, kind, shape) for name in ("x", "y"))
    graph = onnx.helper.make_graph([onnx.helper.make_node("Identity", ["x"], ["y"])], "g", [source], [target])
    opset = [onnx.helper.make_opsetid("", 20)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=opset, ir_version=10), file)


@pytest.mark.parametrize(
    ("shape", "fits"),
    [
        ([1, 3, 112, 112], True),
        (["n", 3, 112, 112], True),
        (["n", 3, "h", "w"], True),
        ([1, 3, 160, 160], False),
        ([1, 112, 112, 3], False),
        ([1, 3], False),
    ],
)
def test_a_network_of_another_shape_than_declared_is_refused(folder, shape, fits):
    made_network(folder / "recogniser.onnx", shape)
    with pytest.raises(FluxdiagError) as caught:
        FaceReader(str(folder))
    # Where the recogniser fits, the next thing that is missing is the detector.
    assert ("detector is not there" in caught.value.what) is fits
    assert ("pack.toml declares" in caught.value.what) is not fits


def test_a_pair_whose_files_are_not_there_or_broken_names_the_file(folder):
    with pytest.raises(WeightsMissing, match=r"recogniser\.onnx: the pack's recogniser is not there"):
        FaceReader(str(folder))
    (folder / "recogniser.onnx").write_bytes(b"half a download")
    with pytest.raises(WeightsMissing, match=r"recogniser\.onnx: onnxruntime cannot load it"):
        FaceReader(str(folder))


CROP = np.zeros((112, 112, 3), np.uint8)
CROP[0, 1] = (255, 127, 0)


@pytest.mark.parametrize(
    ("declared", "first"),
    [
        ({"channels": "RGB", "mean": 127.5, "std": 127.5}, (1, -0.0039, -1)),
        ({"channels": "BGR", "mean": 127.5, "std": 127.5}, (-1, -0.0039, 1)),
        ({"channels": "RGB", "mean": 0, "std": 1}, (255, 127, 0)),
        ({"channels": "RGB", "mean": (5, 7, 0), "std": (1, 2, 4)}, (250, 60, 0)),
        ({"channels": "BGR", "mean": (5, 7, 0), "std": (1, 2, 4)}, (-5, 60, 63.75)),  # mean and std go with the order declared
    ],
)
def test_the_network_is_fed_as_declared(declared, first):
    said = Recogniser(file="a.onnx", **declared)
    assert fed(CROP, said).shape == (3, 112, 112)
    np.testing.assert_allclose(fed(CROP, said)[:, 0, 1], first, atol=1e-3)
    last = Recogniser(file="a.onnx", input=(112, 112, 3), **declared)
    np.testing.assert_array_equal(fed(CROP, last), fed(CROP, said).transpose(1, 2, 0))


class Eyes:
    """Sees a number of faces in a row of fixed places; what it tells of a crop is up to the test."""

    provider, crop_side = "none", 112

    def __init__(self, faces: int, told) -> None:
        self.faces, self.told = faces, told

    def detect(self, image):
        spots = np.array([[38, 52], [74, 52], [56, 72], [42, 92], [71, 92]], np.float32)
        places = [spots + np.array([180 * number, 300]) for number in range(self.faces)]
        return [Found(np.array([*place.min(0), *place.max(0)]), place, 0.9) for place in places]

    def embed(self, crops):
        return np.array([self.told(crop) for crop in crops], np.float64)


def thumbnail(crop: np.ndarray) -> np.ndarray:
    """Tells crops apart: 8x8 grey values, their mean taken out."""
    small = cv2.resize(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), (8, 8), interpolation=cv2.INTER_AREA).astype(float).ravel()
    return small - small.mean()


RANDOM = np.random.default_rng(0)


def noise(_: np.ndarray) -> np.ndarray:
    return RANDOM.normal(size=64)


@pytest.mark.parametrize(
    ("faces", "told", "said"),
    [
        (0, thumbnail, "0 of six"),
        (1, thumbnail, "1 of six"),
        (6, lambda crop: np.ones(64), "cannot tell people apart"),
        (6, lambda crop: np.zeros(64), "cannot tell people apart"),
        (6, lambda crop: np.full(64, np.nan), "cannot tell people apart"),
        (6, noise, "nearer to another person"),
    ],
)
def test_eyes_that_cannot_tell_people_apart_fail_their_test(faces, told, said):
    with pytest.raises(FluxdiagError, match=said):
        refuse_unfit(Eyes(faces, told), "here")


def test_eyes_that_tell_crops_apart_pass_it():
    refuse_unfit(Eyes(6, thumbnail), "here")
