"""A base by its files: where they lie, in which state, whether they are FLUX.1's. Nothing is fetched here.

A hub id means the revision that lies in the hub's local cache. It is asked for once in a process, and everything is planned
and loaded by that answer: a picture's name hangs on it, and `main` may move while a run is on.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fluxdiag.at_hand import in_hub
from fluxdiag.checks import Check
from fluxdiag.errors import WeightsMissing
from fluxdiag.manual import manual_page

if TYPE_CHECKING:
    from fluxdiag.profiles import Profile

SMALL = 64 * 2**20
"""bytes; larger files of a base are told apart by size and time of change, for hashing 24 GB takes longer than a picture"""
NOTES = ("profile.toml", "calibration.json")
"""files in a base's folder that tell of it and are no part of it"""
HUB_ID = re.compile(r"(?!.*(?:--|\.\.))\b[\w.-]{1,96}\b/\b[\w.-]{1,96}\b(?<!\.git)", re.ASCII)
"""`OWNER/NAME`, as far as the hub takes it (`validate_repo_id` of huggingface_hub)"""
INDEX = "model_index.json"
TRANSFORMER = "FluxTransformer2DModel"
PARTS = ("transformer", "text_encoder", "text_encoder_2", "vae")
"""whose settings tell whether a base can be probed"""
WITHOUT_WEIGHTS = ("Tokenizer", "Scheduler", "Processor", "Extractor")
"""in the class name of a pipeline's part: it has settings only"""
NOT_SINGLE = f"Give the folder of a FLUX.1 pipeline, or its hub id: one that holds model_index.json ({manual_page('setup.md')})"
WEIGHTS = (".safetensors", ".sft", ".gguf", ".ckpt", ".pt", ".pth", ".bin")
"""ends of the names of single files, which no pipeline on the hub is called"""
FETCH_FOLDER = 'hf download black-forest-labs/FLUX.1-dev --local-dir flux1-dev --exclude "flux1-dev.safetensors" "ae.safetensors"'
UNQUANTISED = "Give the base in bfloat16: on a card that is too small for the whole of it its blocks visit one by one"


@dataclass(frozen=True)
class Unfit:
    """Why a base cannot be probed, as it goes on after its name, and what to do."""

    what: str
    do: str


def sha256_of(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def base_digest(base: str) -> str:
    """A base by what lies in its folder; a hub id by its name and its revision."""
    folder = Path(base)
    if not folder.is_dir():
        return sha256_of([base, revision_of(base)])
    return sha256_of([(file.relative_to(folder).as_posix(), _identity(file)) for file in _read_by_pipelines(folder)])


def _read_by_pipelines(folder: Path) -> list[Path]:
    """The index and what it names; without an index all but notes.

    What lies beside it draws nothing: a licence, the same weights in one file, the hub's own notes, which hold the time of the
    download (`.cache/huggingface`, left by `hf download --local-dir`).
    """
    parts = parts_in(folder)
    found = [folder / INDEX, *(file for name in parts for file in (folder / name).rglob("*"))] if parts else folder.rglob("*")
    notes = {folder / name for name in NOTES}
    return sorted(file for file in found if file.is_file() and file not in notes and not _is_hidden(file.relative_to(folder)))


def _is_hidden(file: Path) -> bool:
    return any(part.startswith(".") for part in file.parts)


def _identity(file: Path) -> str:
    state = file.stat()
    if state.st_size > SMALL:
        return f"{state.st_size}:{state.st_mtime_ns}"
    return hashlib.sha256(file.read_bytes()).hexdigest()


def revision_of(base: str) -> str:
    """The commit of a hub id in the local cache; empty for a folder and for what was never fetched."""
    reference = in_hub(base) / "refs" / "main"
    return _read_once(reference) if is_hub_id(base) and reference.is_file() else ""


def is_hub_id(base: str) -> bool:
    """`OWNER/NAME`, and nothing on this machine: a path is never asked for elsewhere, nor a single file that is not there."""
    return HUB_ID.fullmatch(base) is not None and not base.lower().endswith(WEIGHTS) and not Path(base).exists()


@cache
def _read_once(reference: Path) -> str:
    """Whatever moves it later, models and names of pictures in this process stay at one revision."""
    return reference.read_text(encoding="utf-8").strip()


def base_folder(base: str) -> Path | None:
    """The folder itself, or a hub id's snapshot in the local cache."""
    if Path(base).is_dir():
        return Path(base)
    index = cached_file(base, INDEX)
    return None if index is None else index.parent


def cached_file(base: str, name: str) -> Path | None:
    """A file of a hub id's snapshot in the local cache."""
    from huggingface_hub import try_to_load_from_cache

    try:
        found = try_to_load_from_cache(base, name, revision=revision_of(base) or None)
    except ValueError:  # no hub id: a path that does not exist
        return None
    return Path(found) if isinstance(found, str) else None


def settings_in(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file of a base's folder; empty where there is none that can be read."""
    try:
        said = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def settings_file(part: str) -> str:
    return f"{part}/config.json"


def parts_in(folder: Path) -> dict[str, str]:
    """Part of a pipeline -> its class, as the index names them; without those that the pipeline leaves out."""
    named = settings_in(folder, INDEX)
    return {name: str(kind[1]) for name, kind in named.items() if isinstance(kind, list) and kind[1:] and kind[1] is not None}


def missing_parts(folder: Path) -> list[str]:
    """What a pipeline's folder lacks of what its own index names; weights in pieces count when every piece is there."""
    if not settings_in(folder, INDEX):
        return [INDEX]
    return [name for name, kind in parts_in(folder).items() if not _is_whole(folder / name, kind)]


def _is_whole(part: Path, kind: str) -> bool:
    if any(word in kind for word in WITHOUT_WEIGHTS):
        return any(part.glob("*.json"))
    if indices := list(part.glob("*.index.json")):
        return all(_has_pieces(index) for index in indices)
    return (part / "config.json").is_file() and any(file.is_file() for file in part.glob("*.safetensors"))


def _has_pieces(index: Path) -> bool:
    """Those that an index of weights names; one that cannot be read names none."""
    pieces = settings_in(index.parent, index.name).get("weight_map")
    return isinstance(pieces, dict) and bool(pieces) and all((index.parent / str(piece)).is_file() for piece in pieces.values())


def refuse_unfit(base: str) -> None:
    """Raises WeightsMissing for what is no FLUX.1 that can be probed, as far as what lies here tells."""
    refuse_file(base)
    folder = base_folder(base)
    found = None if folder is None else unfit(folder)
    if found is not None:
        raise WeightsMissing(found.what, where=base, do=found.do)


def refuse_file(base: str) -> None:
    """Raises WeightsMissing for a file: what ComfyUI and Forge load is no pipeline, and half of one would be missing."""
    found = _single(base)
    if found is not None:
        raise WeightsMissing(found.what, where=base, do=found.do)


def _single(base: str) -> Unfit | None:
    """None where it is no file."""
    if not Path(base).is_file():
        return None
    what = "is a file, and not readable as a base"
    if base.lower().endswith(WEIGHTS):
        what = f"{what}: it is the transformer alone, without text encoders and VAE"
    return Unfit(what, f"Fetch the folder: `{FETCH_FOLDER}` ({manual_page('setup.md')})")


def unfit(folder: Path) -> Unfit | None:
    """None where the pipeline is FLUX.1's, and where its settings do not say.

    FLUX.1 Fill and the control models have the same transformer but more channels, for what they paint into or after; FLUX.2
    has another one. A quantised layer's weight is packed: a LoRA in its precision would be zeros, and seem inert.
    """
    kind, parts = settings_in(folder, INDEX).get("_class_name"), parts_in(folder)
    settings = {part: settings_in(folder, settings_file(part)) for part in PARTS}
    packed = next((part for part, said in settings.items() if said.get("quantization_config")), None)
    takes, latent = settings["transformer"].get("in_channels"), settings["vae"].get("latent_channels")
    if (folder / INDEX).is_file() and not str(kind).startswith("Flux"):
        return Unfit(f"is a {kind or 'pipeline of no name'}, not FLUX.1", NOT_SINGLE)
    if parts and parts.get("transformer") != TRANSFORMER:
        return Unfit(f"is a {kind}, not FLUX.1: its transformer is {parts.get('transformer', 'missing')}", NOT_SINGLE)
    if takes and latent and takes != 4 * latent:  # patches of 2 x 2
        more = f"its transformer takes {takes} channels where a picture has {4 * latent}"
        return Unfit(f"is a {kind}, and draws from more than words: {more}", NOT_SINGLE)
    if packed is not None:
        return Unfit(f"is quantised ({packed}), and a LoRA cannot be put into packed weights", UNQUANTISED)
    return None


def base_check(base: str, profile: Profile) -> Check:
    """Whether it lies on this machine, whole, and is a FLUX pipeline at all."""
    if (single := _single(base)) is not None:
        return Check("base", False, True, f"{base} {single.what}", single.do)
    fetch = _how_to_fetch(base, profile)
    folder = base_folder(base)
    if folder is None:
        much = f" (about {profile.cost.download_gb:g} GB)" if _is_own(base, profile) else ""
        return Check("base", False, True, f"{base} is no folder and is not in the hub's local cache{much}", fetch)
    missing = missing_parts(folder)
    if missing == [INDEX]:
        return Check(
            "base", False, True, f"{base} is no pipeline in diffusers' layout: it has no {INDEX} that can be read", NOT_SINGLE
        )
    if missing:
        again = "Copy the folder again, whole" if Path(base).is_dir() else fetch
        return Check("base", False, True, f"{base} is not complete; missing: {', '.join(missing)}", again)
    if (other := unfit(folder)) is not None:
        return Check("base", False, True, f"{base} {other.what}", other.do)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    edits = "Kontext" in str(settings_in(folder, INDEX).get("_class_name"))
    aside = "; it was made for editing pictures, and is judged as if it were FLUX.1 [dev]" if edits else ""
    return Check("base", True, True, f"{base}, complete, {size / 1e9:.2g} GB; profile {profile.name}{aside}")


def _how_to_fetch(base: str, profile: Profile) -> str:
    """The profile knows the licence of its own base alone; other bases are judged by it too."""
    if _is_own(base, profile):
        return f"Accept the licence at {profile.licence_url} and run `hf auth login`; the first run then fetches it"
    if is_hub_id(base):
        page = f"See that https://huggingface.co/{base} is a FLUX.1 pipeline, accept the licence that it may ask for"
        return f"{page}, and run `hf auth login`; the first run then fetches it"
    return f"Give the folder of the base, or its hub id, such as {profile.licence_url.removeprefix('https://huggingface.co/')}"


def _is_own(base: str, profile: Profile) -> bool:
    return profile.licence_url.endswith(f"/{base}")
