"""Photos that must still be the files that the case was opened with: a number of another file is never noted as theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from fluxdiag.errors import RunMismatch
from fluxdiag.errors_in_files import why
from fluxdiag.records import Photo
from fluxdiag.runs import sha256_file

NAMED = 3
"""of the missing photos in a message"""
AGAIN = "Run `fluxdiag report` again"


def refuse_changed(photos: Iterable[Photo], do: str = AGAIN) -> None:
    """Before hours go into it; those that never could be read are left out.

    Raises RunMismatch for photos that are gone or no longer the same.
    """
    asked = {photo.path: photo.sha256 for photo in photos if photo.problem is None}
    now = {path: _digest(Path(path)) for path in asked}
    gone = [path for path, digest in now.items() if digest is None]
    other = [path for path, digest in now.items() if digest not in (None, asked[path])]
    for what, found in (("are no longer there", gone), ("are no longer the same", other)):
        if found:
            names = ", ".join(Path(path).name for path in found[:NAMED]) + (", ..." if len(found) > NAMED else "")
            told = f"{len(found)} of the {len(asked)} photos {what} ({names})"
            raise RunMismatch(told, where=str(Path(found[0]).parent), do=do)


def _digest(path: Path) -> str | None:
    try:
        return sha256_file(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def content_of(photo: Photo) -> bytes:
    """Its bytes, where a photo may have gone since all were looked at. Raises RunMismatch as `refuse_changed` does."""
    try:
        content = Path(photo.path).read_bytes()
    except OSError as error:
        raise RunMismatch(f"cannot be read any more ({why(error)})", where=photo.path, do=AGAIN) from error
    if hashlib.sha256(content).hexdigest() != photo.sha256:
        raise RunMismatch("is no longer the same", where=photo.path, do=AGAIN)
    return content
