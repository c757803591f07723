"""Pictures are looked at once: what was seen before is not even decoded, and the numbers are those of looking at all of them."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fluxdiag.engines.clip import ClipReader
from fluxdiag.engines.faces import FaceReader
from fluxdiag.engines.remembering import Picture, RememberingClip, RememberingFaces


@pytest.fixture(scope="module")
def files(examples: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted((examples / "healthy" / "references").glob("*.png"))]


def was_decoded(picture: Picture) -> bool:
    return "image" in vars(picture)


def test_clip_sees_what_a_single_look_at_all_sees(laboratory: Path, files: list[bytes]) -> None:
    folder = str(laboratory / "weights" / "clip")
    clip, pictures = RememberingClip(folder), [Picture(content) for content in files]
    for picture in pictures[:3]:
        clip.take(picture)
    first = clip.of([picture.sha256 for picture in pictures[:3]])
    for picture in [*pictures, *pictures]:  # the same twice
        clip.take(picture)
    vectors = clip.of([picture.sha256 for picture in reversed(pictures)])[::-1]
    assert vectors == pytest.approx(ClipReader(folder).images(picture.image for picture in pictures), abs=1e-5)
    assert np.array_equal(vectors[:3], first)
    assert clip.of([]).shape == (0, 0)


def test_a_known_picture_is_not_decoded_again(laboratory: Path, files: list[bytes]) -> None:
    clip = RememberingClip(str(laboratory / "weights" / "clip"))
    faces = RememberingFaces(str(laboratory / "weights" / "faces"))
    new, again = Picture(files[0]), Picture(files[0])
    seen = faces.of(new)
    clip.take(new)
    assert was_decoded(new)
    assert faces.of(again) is seen
    clip.take(again)
    clip.of([again.sha256])
    clip.take(again)
    assert not was_decoded(again)


def test_faces_are_those_of_a_plain_look(laboratory: Path, files: list[bytes]) -> None:
    pack = str(laboratory / "weights" / "faces")
    picture = Picture(files[0])
    (ours,), (theirs,) = RememberingFaces(pack).of(picture), FaceReader(pack).read(np.asarray(picture.image))
    assert ours.reading == theirs.reading
    assert np.array_equal(ours.embedding, theirs.embedding)


def test_a_picture_is_upright_and_its_digest_is_the_files() -> None:
    sideways, file = Image.new("L", (4, 2)), io.BytesIO()
    sideways.getexif()[0x0112] = 6
    sideways.save(file, "PNG", exif=sideways.getexif())
    picture = Picture(file.getvalue())
    assert picture.sha256 == hashlib.sha256(file.getvalue()).hexdigest()
    assert not was_decoded(picture)
    assert (picture.image.size, picture.image.mode) == ((2, 4), "RGB")
