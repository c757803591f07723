"""Is this machine ready? Each check says what was looked for, what is there, and how to mend it. No download, no network."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from fluxdiag.at_hand import CLIP_FILES, CLIPS, face_pack_folder, fetch_clip
from fluxdiag.bases import base_check, base_folder, parts_in, settings_file, settings_in, unfit
from fluxdiag.checks import Check
from fluxdiag.errors import FluxdiagError, WeightsMissing
from fluxdiag.gather import cache_folder
from fluxdiag.installed import installed_version
from fluxdiag.lora.geometry import width_of
from fluxdiag.profiles import Profile, beside, chosen_base, load_profile

if TYPE_CHECKING:
    from fluxdiag.lora.model import LoraModule

GPU_WHEEL = "pip uninstall -y onnxruntime onnxruntime-gpu && pip install --force-reinstall --no-deps onnxruntime-gpu"
"""both wheels own the folder `onnxruntime`, so what was installed last has won: only a clean one of the two is sure"""
CPU_WHEEL = "pip install --force-reinstall --no-deps onnxruntime"
SLOW = 60.0
"""seconds an image; a suite draws more than a hundred"""


def examine(base: str | None, pack: str | None = None) -> tuple[Check, ...]:
    """Every check, in the order in which a run needs the things; `pack` is the face pack where not the profile's.

    Raises FluxdiagError for a broken profile of the base.
    """
    where = chosen_base(base)
    profile = load_profile(where)
    faces = _asked("face pack", True, lambda: _faces(pack or beside(where, profile.face_pack)))
    return (
        Check("python", True, True, sys.version.split()[0]),
        *_libraries(),
        _asked("device", True, lambda: _device(profile)),
        _asked("torchvision's operators", True, _torchvision),
        _asked("onnxruntime", True, _runtime),
        _asked("base", True, lambda: base_check(where, profile)),
        faces,
        *_ways_to_faces(faces),
        _asked("CLIP", False, lambda: _clip(beside(where, profile.clip_model))),
        _cache(cache_folder()),
        *(_asked(f"trainer {name}", False, partial(_trainer, name)) for name in profile.trainers if name != "builtin"),
    )


def _asked(what: str, needed: bool, ask: Callable[[], Check]) -> Check:
    """A library that does not import and a model that does not load are what is looked for here, so nothing may end it."""
    try:
        return ask()
    except FluxdiagError as error:
        return Check(what, False, needed, f"{error.where}: {error.what}", error.do)
    except Exception as error:
        return Check(what, False, needed, _first_line(error))


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


# ------------------------------------------------------------------------------------------------ libraries


def _libraries() -> Iterator[Check]:
    """What fluxdiag requires, by its own metadata; onnxruntime comes in two wheels and has a check of its own."""
    try:
        requirements = [Requirement(text) for text in metadata.requires("fluxdiag") or ()]
    except metadata.PackageNotFoundError:
        yield Check("libraries", False, False, "fluxdiag is not installed as a package, so what it requires is not known")
        return
    for requirement in requirements:
        if requirement.marker is None and requirement.name != "onnxruntime":
            yield library(requirement)


def library(requirement: Requirement) -> Check:
    """Installed, and not too old."""
    installed = installed_version(requirement.name)
    if installed is None:
        return Check(requirement.name, False, True, "not installed", f"pip install '{requirement}'")
    if not requirement.specifier.contains(installed, prereleases=True):
        return Check(
            requirement.name, False, True, f"{installed}, needed is {requirement.specifier}", f"pip install '{requirement}'"
        )
    return Check(requirement.name, True, True, installed)


def _torchvision() -> Check:
    from fluxdiag.engines.machine import torchvision_state

    told = {
        "whole": "whole",
        "mended": "mended: beside a CPU build of torch its compiled operators do not load; nothing here needs them",
    }
    return Check("torchvision's operators", True, True, told[torchvision_state()])


def _runtime() -> Check:
    from fluxdiag.engines.machine import device, providers

    names = ("onnxruntime", "onnxruntime-gpu")
    wheels = {name: version for name in names if (version := installed_version(name)) is not None}
    try:
        return runtime(wheels, providers(), device().kind == "cuda")
    except (ImportError, AttributeError, OSError) as error:
        # What is left where one of the two wheels was uninstalled, and with it the files of the other.
        return Check("onnxruntime", False, True, _first_line(error), GPU_WHEEL if "onnxruntime-gpu" in wheels else CPU_WHEEL)


def runtime(wheels: Mapping[str, str], offered: Sequence[str], card: bool) -> Check:
    """Which wheels are installed, and which of them has won: what is offered tells, not what pip has noted."""
    installed = " and ".join(f"{name} {version}" for name, version in wheels.items())
    told = f"{installed or 'no wheel that pip knows of'}; offers {', '.join(offered)}"
    if "CUDAExecutionProvider" in offered:
        return Check("onnxruntime", True, True, told)
    if "onnxruntime-gpu" in wheels:
        why = "the CPU wheel has won" if "onnxruntime" in wheels else "the CUDA provider is missing"
        return Check("onnxruntime", False, False, f"{told}: {why}, faces are read on the CPU", GPU_WHEEL)
    if card:
        return Check("onnxruntime", False, False, f"{told}: faces are read on the CPU, though there is a card", GPU_WHEEL)
    return Check("onnxruntime", True, True, told)


# ------------------------------------------------------------------------------------------------ device, cache


def _device(profile: Profile) -> Check:
    from fluxdiag.engines.machine import device, whole_gb

    found, whole = device(), whole_gb(profile)
    if found.kind == "cuda":
        told = f"{found.name}, {found.memory_gb:.0f} GB"
        rest = f"; {profile.name} as a whole wants about {whole:.0f} GB, so its blocks visit the card one by one: slower"
        return Check("device", True, True, told + (rest if found.memory_gb < whole else ""))
    seconds = profile.cost.seconds_per_image.get("cpu", 0.0)
    told = f"CPU, {found.name}: about {seconds:g} s for one image of {profile.name}"
    if seconds < SLOW:
        return Check("device", True, True, told)
    why = "torch sees no CUDA card" if found.cuda_build else "this build of torch knows no CUDA (pytorch.org has one that does)"
    return Check("device", False, False, f"{told}; {why}", "Gather on a machine with a card; all later stages need none")


def _cache(folder: Path) -> Check:
    """Written to on trial: permissions do not tell of full and read-only disks."""
    what = "cache of base pictures"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"trial")
        return Check(what, True, False, f"{folder}, {shutil.disk_usage(folder).free / 1e9:.0f} GB free")
    except OSError as error:
        told = f"{folder} cannot be written ({error.strerror}): the base is drawn anew for every LoRA"
        return Check(what, False, False, told, "Set FLUXDIAG_CACHE to a folder that can")


def _trainer(name: str) -> Check:
    """Another program that `retrain` can start, as far as no training is known yet; a report needs none."""
    from fluxdiag.trainers.choosing import EXTERNAL
    from fluxdiag.trainers.places import installed

    asked = EXTERNAL[name](installed(name, None, None)).program()
    lacking = next((one for one in asked if not one.ok), None)
    if lacking is None:
        return replace(asked[0], what=f"trainer {name}", needed=False)
    told = lacking.found if lacking is asked[0] else f"{asked[0].found}; {lacking.what}: {lacking.found}"
    return replace(lacking, what=f"trainer {name}", needed=False, found=told)


# ------------------------------------------------------------------------------------------------ models


def other_width(base: str, layers: Iterable[LoraModule]) -> str | None:
    """Why these layers are none of this base's, by its transformer's settings; None where they may be, or nothing tells."""
    folder = base_folder(base)
    if folder is None or not parts_in(folder) or unfit(folder):
        return None
    said = settings_in(folder, settings_file("transformer"))
    try:
        own = int(said["num_attention_heads"]) * int(said["attention_head_dim"])
    except (ValueError, KeyError, TypeError):
        return None
    width = width_of((module.path, module.form.shape) for module in layers)
    return f"the LoRA's layers are {width} wide and this base's are {own}" if width not in (None, own) else None


def _faces(pack: str) -> Check:
    from fluxdiag.engines.faces import FaceReader

    try:
        face_pack_folder(pack)
    except WeightsMissing as missing:
        return Check("face pack", False, True, f"{missing.where}: {missing.what}", "Get one of those below")
    reader = FaceReader(pack)
    licence = f", licence: {reader.licence}" if reader.licence else ""
    return Check(
        "face pack", True, True, f"{reader.name}, runs on {reader.provider}, faces from {reader.smallest_face} px{licence}"
    )


def _ways_to_faces(chosen: Check) -> Iterator[Check]:
    """Only to those whose pack is not ready: the packs there are, one of which is enough."""
    if chosen.ok:
        return
    from fluxdiag.engines.faces.ways import WAYS

    for way in WAYS:
        told = f"there, in {way.found}" if way.found else f"not there, {way.size}"
        yield Check(
            f"face pack {way.name}", bool(way.found), False, f"{told}; licence: {way.licence}", "" if way.found else way.fetch
        )


def _clip(model: str) -> Check:
    from fluxdiag.engines.machine import clip_in_cache

    if Path(model).is_dir():
        whole = (Path(model) / "open_clip_config.json").is_file() and any((Path(model) / name).is_file() for name in CLIP_FILES)
        return Check("CLIP", whole, False, f"{model}, {'complete' if whole else 'not complete'}")
    if clip_in_cache(model) is None:
        known = CLIPS.get(model)
        told = f", {known.size}; licence: {known.licence}" if known else ""
        there = f"{model} is not in the hub's local cache{told}; the first report fetches it, `dataset audit` does not"
        return Check("CLIP", False, False, there, fetch_clip(model))
    return Check("CLIP", True, False, f"{model}, in the hub's local cache")
