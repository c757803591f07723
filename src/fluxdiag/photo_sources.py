"""Where the photos of a training set lie: a folder, a zip bundle, or the folders that a trainer's config names."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fluxdiag.dataset.configs import CONFIGS, places_of
from fluxdiag.errors import FluxdiagError

LARGEST_MEMBER = 200_000_000
"""bytes of one file of a bundle"""
LARGEST_BUNDLE = 20_000_000_000


@contextmanager
def folders(source: Path) -> Iterator[list[tuple[str, Path]]]:
    """(prefix of names, folder) of everything that `source` stands for; a bundle is unpacked to a temporary folder.

    Raises FluxdiagError for what is none of the three.
    """
    if source.is_file() and zipfile.is_zipfile(source):
        with tempfile.TemporaryDirectory(prefix="fluxdiag-") as place:
            _unpack(source, Path(place))
            yield [("", Path(place))]
    elif source.is_file():
        named = _named(source)
        yield [(f"{folder.name}/" if len(named) > 1 else "", folder) for folder in named]
    else:
        yield [("", source)]


def _unpack(source: Path, place: Path) -> None:
    """zipfile itself takes `..`, links and drive letters out of names."""
    try:
        with zipfile.ZipFile(source) as bundle:
            members = [info for info in bundle.infolist() if not info.is_dir() and info.file_size <= LARGEST_MEMBER]
            if sum(info.file_size for info in members) > LARGEST_BUNDLE:
                raise FluxdiagError("unpacks to more than 20 GB", where=str(source), do="Name the folder that it was made from")
            for info in members:
                bundle.extract(info, place)
    except (OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
        raise FluxdiagError(f"cannot be unpacked ({error})", where=str(source), do="Unpack it and name the folder") from error


def _named(source: Path) -> list[Path]:
    """The folders of a config, relative to it."""
    if source.suffix.lower() not in CONFIGS:
        raise FluxdiagError(
            "neither a folder, a zip bundle nor a trainer's config", where=str(source), do="Name a folder of photos"
        )
    return [source.parent / place.folder for place in places_of(source)]
