"""What belongs to a base rather than to a rule. One TOML per base; a base folder may carry its own `profile.toml`."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from fluxdiag.bases import settings_file, settings_in
from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import why
from fluxdiag.records import Band, Case, GatherInfo, Record, StepFormula

HERE = Path(__file__).parent
DEFAULT_BASE = "black-forest-labs/FLUX.1-dev"


def chosen_base(given: str | None) -> str:
    """The base as its user names it, in this command or for all of them; never as a LoRA does."""
    return given or os.environ.get("FLUXDIAG_BASE") or DEFAULT_BASE


class Cost(Record):
    """What the announcement before a run is made of; measured where `measured` says so."""

    seconds_per_image: dict[str, float]
    """by device kind, `cuda` or `cpu`, for one image at this profile's resolution and steps"""
    vram_gb: float
    """what the transformer itself takes"""
    vram_gb_per_image: float
    """what every image of a batch takes beside it"""
    download_gb: float
    measured: str


class TrainingHabits(Record):
    """How LoRAs are best trained on a base, beside steps, rate and rank: fields of trainers/setup.py's TrainingSetup."""

    timesteps: Literal["sigmoid", "uniform", "shift", "flux-shift"]
    shift: float = Field(default=3.1582, gt=0)
    regularisation_target: Literal["photos", "base"]


class Profile(Record):
    """Everything the tool knows of a base before it is loaded. Sizes in px, guidance as the base's embedding takes it."""

    name: str
    about: str
    family: Literal["flux1-dev", "flux1-schnell"]
    resolution: tuple[int, int]
    steps: int
    guidance: float
    loss_guidance: float
    max_sequence_length: int
    precision: Literal["bfloat16", "float32"]
    batch: int
    """images drawn at once, at most: a smaller card draws fewer (engines/machine.py)"""
    bands: dict[str, Band]
    step_formula: StepFormula
    appearance_blocks: str
    """regular expression over diffusers module paths: where appearance sits (guide section 6)"""
    learning_rate: float
    rank: int
    training: TrainingHabits
    trainers: tuple[Literal["ai-toolkit", "kohya", "builtin"], ...] = ("builtin",)
    """those that can train on this base, the usual one first; of a base that says nothing no other trainer has heard"""
    face_pack: str
    """a folder (relative ones are taken from the base's folder) or the name of a pack under ~/.insightface/models"""
    clip_model: str
    """a folder (likewise) or an open_clip model name, with `:pretrained-tag` where it needs one"""
    calibration: str
    licence_url: str
    cost: Cost


def load_profile(base: str) -> Profile:
    """The profile of a base: its own `profile.toml`, else schnell's where it is called so, else FLUX.1-dev's."""
    own = Path(base) / "profile.toml"
    if own.is_file():
        return _read(own)
    return _read(HERE / f"{'flux1-schnell' if is_schnell(base) else 'flux1-dev'}.toml")


def is_schnell(base: str) -> bool:
    """By its settings where they lie there, else by its own name: a folder above it may be called anything.

    A transformer that takes guidance is not schnell's. One that takes none may be a FLUX.1 [dev] that was trained to do
    without, so it has to be called schnell too, be it by a folder above.
    """
    takes_guidance = settings_in(Path(base), settings_file("transformer")).get("guidance_embeds")
    if takes_guidance is not None:
        return not takes_guidance and "schnell" in base.lower()
    in_cache = (part.rpartition("--")[2] for part in Path(base).parts if part.startswith("models--"))
    return "schnell" in next(in_cache, Path(base).name).lower()


def profile_of(case: Case) -> Profile:
    """The profile that a case was built with, wherever its base lies by now. Raises FluxdiagError where that is not to be had.

    A base's folder may have gone, or be another machine's, and with it its own `profile.toml`: what `load_profile` falls back
    to would then be another base's.
    """
    found = load_profile(case.base)
    if found.name == case.profile:
        return found
    packaged = HERE / f"{case.profile}.toml"
    if packaged in HERE.glob("*.toml"):
        return _read(packaged)
    what = f"the run was made with the profile {case.profile!r}, which lies in the base's folder, and that is not here"
    raise FluxdiagError(what, where=case.base, do="Do this on the machine that has the base, or put it there again")


def limits_of(case: Case, made: GatherInfo) -> tuple[dict[str, Band], StepFormula]:
    """Which settings are right on the base: by its profile where the base is here, else as gathering wrote them down.

    So they can be changed and tried where the base is, and no later stage needs its folder.
    """
    here = not Path(case.base).is_absolute() or Path(case.base).is_dir()
    if made.step_formula is not None and not (here and load_profile(case.base).name == case.profile):
        return made.bands, made.step_formula
    profile = profile_of(case)
    return profile.bands, profile.step_formula


def beside(base: str, place: str) -> str:
    """`place` of a profile as the engines take it: a folder relative to the base becomes absolute, a name stays a name."""
    folder = Path(base) / place
    return str(folder.resolve()) if folder.is_dir() else place


def _read(path: Path) -> Profile:
    try:
        return Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        what = f"not a base profile ({why(error)})"
        raise FluxdiagError(what, where=str(path), do="Compare with profiles/flux1-dev.toml") from error
