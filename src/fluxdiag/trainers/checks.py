"""What trainers need, looked for before hours are spent. No download, no network; each finding says how to mend it."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fluxdiag import bases
from fluxdiag.checks import Check
from fluxdiag.manual import manual_page
from fluxdiag.profiles import Profile
from fluxdiag.trainers.recipe import CHECKPOINTS, Recipe

LORA_MB = 11.0
"""megabytes of a FLUX.1 LoRA in half precision, by rank: 172 MB at rank 16 over every layer of the blocks"""
PHOTO_MB = 3.0
"""of a photo at 1024 px with what trainers cache of it (latents, text embeddings)"""
LONGEST = 180.0
"""seconds that a python may take to import torch"""
ASK = """
import importlib.util, json, sys
def there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False
missing = [name for name in sys.argv[1:] if not there(name)]
said = {"python": sys.version.split()[0], "missing": missing, "torch": None, "cuda": False}
if there("torch"):
    import torch
    said |= {"torch": torch.__version__, "cuda": torch.cuda.is_available()}
print(json.dumps(said))
"""


def base_check(base: str, profile: Profile) -> Check:
    """A trainer fetches a hub id that is not here, if its owner may have what is gated."""
    found = bases.base_check(base, profile)
    if not found.ok and bases.is_hub_id(base) and bases.base_folder(base) is None and _may_fetch():
        return replace(found, ok=True, found=f"{found.found}: the trainer fetches it", repair="")
    return found


def _may_fetch() -> bool:
    from huggingface_hub import get_token

    return get_token() is not None


def memory_check(needed_gb: float, why: str) -> Check:
    """The card against what the trainer takes; a base that needs next to nothing also trains without one."""
    from fluxdiag.engines.machine import device

    found = device()
    if found.kind == "cuda":
        enough = found.memory_gb >= 0.95 * needed_gb  # cards have a little less than their name says
        told = f"{found.name}, {found.memory_gb:.0f} GB; wanted are about {needed_gb:g} GB ({why})"
        return Check("memory of the card", enough, True, told, "" if enough else "Train on a larger card, or at fewer px")
    if needed_gb < 4:
        return Check("memory of the card", True, True, f"no card, and none is needed ({why})")
    told = f"no CUDA card; wanted is one of about {needed_gb:g} GB ({why})"
    return Check("memory of the card", False, True, told, "Copy the folder to a machine with a card and start the command there")


def disk_check(recipe: Recipe, out: Path, profile: Profile) -> Check:
    """Copies, caches and checkpoints of this training, and the base where it still has to come."""
    needed = (recipe.images + recipe.regularisation_images) * PHOTO_MB + (CHECKPOINTS + 4) * LORA_MB * recipe.rank
    scale = recipe.resolution[0] * recipe.resolution[1] / 1024**2
    needed = needed * max(scale, 0.05) / 1000 + (0.0 if bases.base_folder(recipe.base) else profile.cost.download_gb)
    free = shutil.disk_usage(_existing(out)).free / 1e9
    told = f"{free:.0f} GB free, about {needed:.1f} GB needed for copies, caches and checkpoints"
    return Check("disk", free > needed, True, told, "" if free > needed else "Make room, or choose another --out")


def _existing(folder: Path) -> Path:
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.is_dir())


def checkout_check(trainer: str, home: Path | None, files: Sequence[str], where: str) -> Check:
    """The trainer's source, as far as this program starts it."""
    get = f"git clone {where}, then give --trainer-home, or `home` in the configuration ({manual_page('retrain.md')})"
    if home is None:
        return Check(trainer, False, True, "where its checkout lies is not known", get)
    missing = [name for name in files if not (home / name).is_file()]
    if not home.is_dir() or len(missing) == len(files):
        return Check(trainer, False, True, f"{home} is no checkout of it", get)
    if missing:
        told = f"{home} lacks {', '.join(missing)}: a version from before FLUX.1, or half a checkout"
        return Check(trainer, False, True, told, "Bring it up to date with `git pull`")
    return Check(trainer, True, True, str(home))


def library_check(modules: Sequence[str]) -> Check:
    """What this very python lacks."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    told = f"lacks {', '.join(missing)}" if missing else ", ".join(modules)
    return Check("libraries", not missing, True, told, f"pip install {' '.join(missing)}" if missing else "")


def python_check(python: Path | None, modules: Sequence[str], requirements: str) -> Check:
    """The python that runs the trainer, asked itself: its libraries, and whether it sees the card."""
    what = "the trainer's python"
    if python is None:
        return Check(what, False, True, "not known", "Give --trainer-python, the python of the trainer's own environment")
    try:
        ended = subprocess.run(
            [str(python), "-c", ASK, *modules], capture_output=True, timeout=LONGEST, check=True, stdin=subprocess.DEVNULL
        )
        said = json.loads(ended.stdout.decode("utf-8", "replace").splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        told = f"{python} does not answer ({type(error).__name__})"
        return Check(what, False, True, told, "Check --trainer-python")
    version = f"{python}, {said['python']}, torch {said['torch']}"
    if said["missing"]:
        repair = f"{python} -m pip install -r {requirements}"
        return Check(what, False, True, f"{version}; lacks {', '.join(said['missing'])}", repair)
    if not said["cuda"]:
        return Check(what, False, True, f"{version}, which sees no CUDA card", "Install the CUDA build of torch there")
    return Check(what, True, True, version)
