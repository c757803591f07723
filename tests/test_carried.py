"""A picture's file carries a small view of itself: the picture stays what it was, and only a view that fits is shown."""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

import states
from fluxdiag.carried import CHUNK, VIEW, png_with_view, view_in, view_of
from fluxdiag.records import FaceReading, Shot
from fluxdiag.reporting.pictures import FACE, Picture, Views, small_pixels, views_of
from fluxdiag.runs import Run


def photograph(width: int, height: int, seed: int = 0) -> Image.Image:
    """Smooth forms and a little grain: neither flat nor noise."""
    rng = np.random.default_rng(seed)
    forms = Image.fromarray(rng.integers(0, 255, (24, 24, 3), dtype=np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    return Image.fromarray(np.clip(np.asarray(forms) + rng.normal(0, 3, (height, width, 3)), 0, 255).astype(np.uint8))


def decibels(one: Image.Image, other: Image.Image) -> float:
    """Peak signal to noise ratio."""
    error = np.mean((np.asarray(one, float) - np.asarray(other, float)) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def with_chunk(image: Image.Image, content: bytes) -> io.BytesIO:
    chunks, file = PngImagePlugin.PngInfo(), io.BytesIO()
    chunks.add(CHUNK, content)
    image.save(file, "PNG", pnginfo=chunks)
    return io.BytesIO(file.getvalue())


def webp(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP")
    return file.getvalue()


@pytest.mark.parametrize("size", [(1024, 1024), (832, 1216), (1344, 768), (VIEW + 1, VIEW)])
def test_the_picture_is_untouched_and_the_view_shows_it(size: tuple[int, int]) -> None:
    picture = photograph(*size)
    content = png_with_view(picture)
    with Image.open(io.BytesIO(content)) as read:
        assert np.array_equal(np.asarray(read), np.asarray(picture))
    carried = view_in(io.BytesIO(content))
    assert carried is not None
    view, share = carried
    assert max(view.size) == VIEW
    assert share == pytest.approx(VIEW / max(size), rel=2 / VIEW)
    assert decibels(view, picture.resize(view.size, Image.Resampling.LANCZOS)) > 36


def test_a_view_costs_little_of_the_file() -> None:
    picture, plain = photograph(1024, 1024), io.BytesIO()
    picture.save(plain, "PNG")
    assert len(view_of(picture)) < 0.05 * len(plain.getvalue())
    assert len(png_with_view(picture)) < 1.2 * len(plain.getvalue())


@pytest.mark.parametrize("side", [64, VIEW])
def test_a_small_picture_carries_none(side: int) -> None:
    assert view_in(io.BytesIO(png_with_view(photograph(side, side)))) is None


def test_a_picture_that_was_edited_carries_none() -> None:
    edited = io.BytesIO()
    with Image.open(io.BytesIO(png_with_view(photograph(1024, 1024)))) as read:
        read.rotate(180).save(edited, "PNG")
    assert view_in(io.BytesIO(edited.getvalue())) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        view_of(photograph(1024, 1024))[:200],
        webp(photograph(VIEW, VIEW // 2)),
        webp(photograph(VIEW // 2, VIEW // 2)),
        webp(photograph(2 * VIEW, 2 * VIEW)),
        png_with_view(photograph(VIEW, VIEW)),
    ],
    ids=["empty", "words", "cut off", "another shape", "too small", "too large", "no WebP"],
)
def test_a_view_that_does_not_fit_is_passed_over(content: bytes, tmp_path: Path) -> None:
    picture = photograph(1024, 1024)
    file = with_chunk(picture, content)
    assert view_in(file) is None
    (tmp_path / "shot.png").write_bytes(file.getvalue())
    read = small_pixels(tmp_path / "shot.png")
    assert read is not None
    assert np.array_equal(np.asarray(read), np.asarray(picture))


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_what_is_no_png_carries_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "shot.png").write_bytes(content)
    assert view_in(io.BytesIO(content)) is None
    assert small_pixels(tmp_path / "shot.png") is None
    assert small_pixels(tmp_path / "missing.png") is None


def shown(run: Run, picture: Image.Image, box: tuple[float, float, float, float], with_view: bool) -> Views:
    """What the page shows of a run whose first shot is this picture."""
    shot, plain = run.shots()[0], io.BytesIO()
    picture.save(plain, "PNG")
    content = png_with_view(picture) if with_view else plain.getvalue()
    (run.folder / shot.file).write_bytes(content)
    face = FaceReading(box=box, score=0.9, height=box[3] - box[1], yaw=0.0)
    changed = shot.model_copy(update={"sha256": hashlib.sha256(content).hexdigest(), "faces": (face,)})
    return views_of(run, (changed,), enlarged=(), with_faces=(shot.id,))[shot.id]


def pixels(picture: Picture) -> Image.Image:
    assert picture.uri is not None
    with Image.open(io.BytesIO(base64.b64decode(picture.uri.partition(",")[2]))) as read:
        return read.convert("RGB")


@pytest.mark.parametrize(
    "box",
    [(300.0, 200.0, 560.0, 500.0), (900.0, 900.0, 1000.0, 1020.0), (500.0, 300.0, 540.0, 350.0)],
    ids=["large", "edge", "small"],
)
def test_the_page_looks_the_same_with_and_without(tmp_path: Path, box: tuple[float, float, float, float]) -> None:
    """Also a small face is as sharp: where the view has too few pixels of it, the picture itself is read."""
    run, picture = states.laid_out("healthy", tmp_path), photograph(1024, 1024)
    ours, theirs = (shown(run, picture, box, with_view) for with_view in (True, False))
    assert decibels(pixels(ours.small), pixels(theirs.small)) > 34
    assert pixels(ours.face).size == pytest.approx(pixels(theirs.face).size, abs=1)
    assert max(pixels(ours.face).size) == min(FACE, max(pixels(theirs.face).size))
    assert decibels(pixels(ours.face), pixels(theirs.face).resize(pixels(ours.face).size)) > 30


def test_a_view_is_no_way_around_the_digest(tmp_path: Path) -> None:
    """The view is part of the file, so a file with another view is another file."""
    run = states.laid_out("healthy", tmp_path)
    shot: Shot = run.shots()[0]
    content = png_with_view(photograph(1024, 1024))
    recorded = shot.model_copy(update={"sha256": hashlib.sha256(content).hexdigest()})
    (run.folder / shot.file).write_bytes(content.replace(view_of(photograph(1024, 1024)), view_of(photograph(1024, 1024, 1))))
    seen = views_of(run, (recorded,), enlarged=(), with_faces=())[shot.id]
    assert seen.small.uri is None
    assert "not the picture" in seen.small.why
