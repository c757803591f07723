"""The config files of a retraining: ours as long as nobody touches them, and the user's from the first edit on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fluxdiag.runs import sha256_file, sha256_text, write_text


def edited(folder: Path, texts: Mapping[str, str], ours: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the files that are neither what would be written now nor what was written last (`ours`: name -> digest)."""
    there = {name: sha256_file(folder / name) for name in texts if (folder / name).is_file()}
    return tuple(name for name, digest in there.items() if digest not in (sha256_text(texts[name]), ours.get(name)))


def write(folder: Path, texts: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Writes those that were not edited; returns the digests of what is ours. Raises OSError."""
    digests = dict(ours)
    for name in texts.keys() - edited(folder, texts, ours):
        digests[name] = sha256_text(texts[name])
        if not (folder / name).is_file() or sha256_file(folder / name) != digests[name]:
            write_text(folder / name, texts[name])
    return digests
