"""Which checkpoints a training has left: files as given, or those of a trainer's output folder, by step.

NAME-000500.safetensors         kohya (epochs or, as NAME-step00000500, steps) and the built-in trainer
NAME_000000500.safetensors      ai-toolkit
checkpoint-500/pytorch_lora_weights.safetensors      diffusers, SimpleTuner
NAME.safetensors                the last one
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import Lora, lora_file, read_lora
from fluxdiag.lora.settings import settings_of
from fluxdiag.records import LoraFile

NUMBERED = re.compile(r"(?P<name>.+?)[-_](?:step)?(?P<number>\d{3,12})")
YEAR = re.compile(r"[-_](19|20)\d\d$")
FOLDER = re.compile(r"checkpoint-(\d{1,9})")
STATE = re.compile(r"(.*[-_.])?(state|optimizer|ema)")
"""what trainers put beside checkpoints to resume from; a LoRA of somebody called Fatema is none"""


STATE_SAID = "its name says that it is there to resume from, and no checkpoint"


@dataclass(frozen=True)
class Checkpoint:
    """`step` as the header tells it, else as the name does; None where neither does."""

    path: Path
    label: str
    step: int | None
    file: LoraFile


@dataclass(frozen=True)
class Checkpoints:
    """In the order of training; `skipped`: file name -> why."""

    found: tuple[Checkpoint, ...]
    skipped: dict[str, str]


def checkpoints(given: Sequence[Path]) -> Checkpoints:
    """Raises FluxdiagError for what is not there, for a folder of several trainings and where nothing can be read."""
    inside = {path: _in_folder(path) for path in given if path.is_dir()}
    files = [file for path in given for file in inside.get(path, [path]) if path not in inside or not is_state(file)]
    found: dict[str, Checkpoint] = {}
    states = [(folder, file) for folder, files_of in inside.items() for file in files_of if is_state(file)]
    skipped = {str(file.relative_to(folder)): STATE_SAID for folder, file in states}
    for file in dict.fromkeys(files):
        try:
            one = _checkpoint(file, read_lora(file))
        except FluxdiagError as error:
            skipped[_label(file)] = error.what
            continue
        if one.file.sha256 in found:
            skipped[one.label] = f"the same bytes as {found[one.file.sha256].label}"
        else:
            found[one.file.sha256] = one
    if not found:
        why = "; ".join(f"{name}: {reason}" for name, reason in skipped.items()) or "no safetensors files"
        where, do = ", ".join(map(str, given)), "Give LoRA files, or the folder that a trainer wrote"
        raise FluxdiagError(f"there are no checkpoints here ({why})", where=where, do=do)
    ordered = sorted(found.values(), key=lambda one: (one.step is None, one.step or 0, one.label))
    return Checkpoints(tuple(ordered), skipped)


def _in_folder(folder: Path) -> list[Path]:
    """The files of the one training whose checkpoints lie there, and what it left to resume from."""
    inside, nested = (sorted(folder.glob(pattern)) for pattern in ("*.safetensors", "checkpoint-*/*.safetensors"))
    names = sorted({_name(file) for file in inside if not is_state(file)})
    if len(names) > 1:
        what = f"holds {len(names)} trainings: {', '.join(names[:5])}"
        raise FluxdiagError(what, where=str(folder), do="Give the files of one, such as `NAME-*.safetensors`")
    return [*nested, *inside]


def series_of(files: Iterable[Path]) -> list[list[Path]]:
    """The files of one folder, those of one training together and in its order: the last has no number, or the highest."""
    named: dict[str, list[Path]] = {}
    for file in sorted(files):
        named.setdefault(_name(file), []).append(file)
    return [sorted(series, key=_place) for series in named.values()]


def _place(file: Path) -> tuple[bool, int]:
    numbered = _numbered(file.stem)
    return numbered is None, int(numbered["number"]) if numbered else 0


def is_checkpoint_folder(folder: Path) -> bool:
    return FOLDER.fullmatch(folder.name) is not None


def is_state(file: Path) -> bool:
    """Whether its name says that it is there to resume from."""
    return STATE.fullmatch(file.stem) is not None


def _name(file: Path) -> str:
    numbered = _numbered(file.stem)
    return numbered["name"] if numbered else file.stem


def _numbered(stem: str) -> re.Match[str] | None:
    """What the name says of its step. `alice-2023` is of a year: trainers save at round steps."""
    found = NUMBERED.fullmatch(stem)
    year = found is not None and YEAR.search(stem) and int(found["number"]) % 50
    return None if year else found


def _label(file: Path) -> str:
    return file.parent.name if FOLDER.fullmatch(file.parent.name) else file.stem


def _checkpoint(file: Path, lora: Lora) -> Checkpoint:
    said = settings_of(lora.metadata, tuple(lora.modules.values())).get("steps")
    numbered, folder = _numbered(file.stem), FOLDER.fullmatch(file.parent.name)
    named = int(folder[1]) if folder else int(numbered["number"]) if numbered else None
    return Checkpoint(file, _label(file), int(said.value) if said else named, lora_file(lora))
