"""Where the user keeps the external trainers: the command line, else the user's own configuration.

Never a file beside a LoRA: that is other people's, and would choose what is executed.

    ~/.config/fluxdiag/trainers.toml
        [ai-toolkit]
        home = "/opt/ai-toolkit"                  # the checkout
        python = "/opt/ai-toolkit/venv/bin/python"
        [kohya]
        home = "/opt/sd-scripts"
        weights = "/models/flux"                  # flux1-dev, ae, clip_l and t5xxl as single files
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import why
from fluxdiag.records import Record

OWN_PYTHONS = ("venv/bin/python", ".venv/bin/python", "venv/Scripts/python.exe", ".venv/Scripts/python.exe")
"""where the trainers' own instructions put it, below the checkout"""


class Place(Record):
    """One section of the configuration."""

    home: str | None = None
    python: str | None = None
    weights: str | None = None


@dataclass(frozen=True)
class Installed:
    """A trainer's checkout, its python, and the folder of single-file weights where it needs one."""

    home: Path | None = None
    python: Path | None = None
    weights: Path | None = None


def config_file() -> Path:
    folder = os.environ.get("XDG_CONFIG_HOME")
    return (Path(folder) if folder else Path.home() / ".config") / "fluxdiag" / "trainers.toml"


def installed(trainer: str, home: Path | None, python: Path | None) -> Installed:
    """What was given, and for the rest what the configuration says. Raises FluxdiagError for a configuration that is none."""
    said = _configured(config_file(), trainer)
    where = home or _path(said.home)
    return Installed(
        home=None if where is None else where.expanduser().absolute(),
        python=_program(python or _path(said.python)) or (None if where is None else _own_python(where.expanduser())),
        weights=None if (weights := _path(said.weights)) is None else weights.absolute(),
    )


def _program(given: Path | None) -> Path | None:
    """Trainers are started in their own folder, where a relative path would mean another file. A bare name is PATH's to find.

    Not resolved: a virtual environment's python is a link, and is known by where it lies.
    """
    return given if given is None or given.name == str(given) else given.expanduser().absolute()


def _own_python(home: Path) -> Path | None:
    return next((home.absolute() / name for name in OWN_PYTHONS if (home / name).is_file()), None)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text).expanduser()


def _configured(file: Path, trainer: str) -> Place:
    if not file.is_file():
        return Place()
    try:
        return Place.model_validate(tomllib.loads(file.read_text(encoding="utf-8")).get(trainer, {}))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError, OSError) as error:
        do = "Known keys of a trainer: home, python, weights"
        raise FluxdiagError(f"cannot be read ({why(error)})", where=str(file), do=do) from error
