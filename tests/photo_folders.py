"""Folders of photos as people have them, for the audit: pictures of their own look, and all that can be wrong with a file."""

import hashlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

from fluxdiag.audit import Audited, Models, audit
from fluxdiag.dataset.audit.records import Audit

NO_MODELS = Models("/no/such/pack", "/no/such/clip", 64)


def picture(number: int = 0, size: tuple[int, int] = (96, 80)) -> Image.Image:
    """Of its own colours and shapes for every number."""
    small = np.random.default_rng(number).integers(0, 255, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def jpeg(number: int = 0, **how) -> bytes:
    buffer = io.BytesIO()
    picture(number).save(buffer, "JPEG", **({"quality": 95} | how))
    return buffer.getvalue()


def saved(image: Image.Image, form: str, **how) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **how)
    return buffer.getvalue()


def png_that_says(width: int, height: int, depth: int = 8, colour: int = 2, data: bytes = b"") -> bytes:
    """A PNG whose header alone is believed."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def deep_png() -> bytes:
    return png_that_says(64, 64, depth=16, data=b"".join(b"\0" + bytes(64 * 6) for _ in range(64)))


def wide_gamut() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def audited(folder: Path, **more) -> Audit:
    return audit(folder, NO_MODELS, **more).audit


def lines(found: Audit, name: str) -> dict[str, str]:
    """check -> what it says of this file."""
    return {one.check: one.says for one in found.findings if name in one.files and len(one.files) == 1}


def digests(folder: Path) -> dict[str, tuple[str, int]]:
    """Content and time of change of everything in a folder."""
    return {
        str(file.relative_to(folder)): (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def everything(folder: Path) -> Audited:
    for name, content, *_ in BAD.values():
        (folder / name).write_bytes(content)
    return audit(folder, NO_MODELS)


BAD: dict[str, tuple[str, bytes, str, str]] = {
    "truncated": ("cut.jpg", jpeg(3)[:900], "unreadable", "cut short or damaged: a part"),
    "bomb": ("bomb.png", png_that_says(60_000, 60_000), "unreadable", "too large to be a photo"),
    "zero bytes": ("empty.png", b"", "unreadable", "empty: no bytes at all"),
    "text": ("text.jpg", b"this is no image at all", "unreadable", "not an image, or a damaged one"),
    "half a header": ("half.png", b"\x89PNG\r\n\x1a\n", "unreadable", "not an image, or a damaged one"),
    "damaged inside": ("bad.png", png_that_says(64, 64, data=b"\0" * 20), "unreadable", "cut short or damaged: a part"),
    "wrong extension": ("jpeg.png", jpeg(4), "wrong-extension", "a JPEG under the name of another format"),
    "a GIF": ("gif.png", saved(picture(4), "GIF"), "wrong-extension", "a GIF under the name of another format"),
    "CMYK": ("cmyk.jpg", saved(picture(5).convert("CMYK"), "JPEG"), "colour-space", "stored as CMYK"),
    "16 bits": (
        "deep.png",
        saved(Image.fromarray(np.full((64, 64), 9000, np.uint16)), "PNG"),
        "colour-space",
        "8 bits a channel",
    ),
    "16 bits, colour": ("deep rgb.png", deep_png(), "colour-space", "16 bits a channel"),
    "profile": ("wide.jpg", jpeg(6, icc_profile=wide_gamut()), "colour-space", "its colour profile is "),
    "damaged profile": ("icc.jpg", jpeg(6, icc_profile=b"nonsense" * 20), "colour-space", "its colour profile is unreadable"),
    "animated": (
        "moves.webp",
        saved(picture(7), "WEBP", save_all=True, append_images=[picture(8)]),
        "animated",
        "2 frames",
    ),
    "HEIC": ("photo.HEIC", b"\0\0\0\x18ftypheic", "not-taken", "`pip install pillow-heif`"),
    "HEIC in disguise": ("IMG_1.jpg", b"\0\0\0\x18ftypheic" + bytes(99), "unreadable", "`pip install pillow-heif`"),
    "TIFF": ("scan.tif", saved(picture(8), "TIFF"), "not-taken", "save it as PNG"),
    "no extension": ("photo", jpeg(9), "not-taken", "holds a JPEG"),
    "newline": ("two\nlines.png", saved(picture(10), "PNG"), "odd-name", "a line end"),
    "on its side": (
        "lying.jpg",
        jpeg(11, exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"),
        "exif-rotation",
        "stored lying on its side",
    ),
    "see-through": ("alpha.png", saved(Image.new("RGBA", (80, 80), (9, 9, 9, 0)), "PNG"), "transparency", "transparent"),
    "poor JPEG": ("poor.jpg", jpeg(12, quality=20), "jpeg-blocks", "saved as JPEG of quality 20"),
    "orphan": ("lonely.txt", b"ohwx woman on a beach", "captions", "no image of this name"),
    "no caption": ("alone.png", saved(picture(13), "PNG"), "captions", "no caption"),
    "colon": ("a: b.png", saved(picture(14), "PNG"), "captions", "no caption"),
}
"""kind -> (name, content, the check that names it, the beginning or a part of what it says)"""
