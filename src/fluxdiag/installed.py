"""Which version of a package is installed, by what pip has noted of it."""

from __future__ import annotations

from importlib import metadata


def installed_version(package: str) -> str | None:
    """None of what pip knows nothing of: a library may be there all the same, as another wheel or built from source."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
