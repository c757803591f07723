"""`retrain.json`: what was to be trained, why, what it is held to, and what came of it. `compare` reads the predictions here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, ValidationError

from fluxdiag.curing.cure import Applied, Left
from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.errors_in_files import why
from fluxdiag.records import Record
from fluxdiag.runs import as_json, write_text
from fluxdiag.trainers.recipe import Recipe

FILE = "retrain.json"
Kind = Literal["cure", "captionless"]
Status = Literal["planned", "running", "done"]


class Trained(Record):
    """The finished LoRA as `inspect` sees it. `file` is relative to the folder."""

    file: str
    sha256: str
    modules: int
    rank: float
    problems: tuple[str, ...]


class Retraining(Record):
    schema_: Literal[1] = Field(default=1, alias="schema")
    kind: Kind
    run: str = Field(description="the run folder that asked for it, by name")
    lora_sha256: str = Field(description="of the LoRA on trial")
    diagnosis_sha256: str
    trainer: str
    digest: str = Field(description="of all that the result follows from: recipe, photos, captions, trainer")
    recipe: Recipe
    applied: tuple[Applied, ...]
    left: tuple[Left, ...]
    status: Status = "planned"
    result: Trained | None = None
    files: dict[str, str] = Field(default={}, description="config files as they were written: name -> digest; others are edited")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def read(folder: Path) -> Retraining | None:
    """None for a folder in which nothing was begun. Raises RunMismatch for a record of another version."""
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        return Retraining.model_validate_json(file.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError, OSError) as error:
        what = f"not a retraining of this version ({why(error)})"
        raise RunMismatch(what, where=str(file), do="Choose another --out") from error


def write(folder: Path, record: Retraining) -> None:
    try:
        write_text(folder / FILE, as_json(record))
    except OSError as error:
        raise FluxdiagError(f"cannot be written ({error.strerror})", where=str(folder), do="Choose another --out") from error


def refuse_other(folder: Path, digest: str) -> None:
    """Raises RunMismatch where another training than this was begun, FluxdiagError where other files lie."""
    there = read(folder)
    if there is None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            what = "this folder is not empty, and no retraining of ours"
            raise FluxdiagError(what, where=str(folder), do="Choose another --out; nothing is ever overwritten")
    elif there.digest != digest:
        what = f"another retraining was {'finished' if there.status == 'done' else 'begun'} here"
        raise RunMismatch(what, where=str(folder), do="Choose another --out, or take this folder away")
