"""What is to be trained, in words that every trainer understands; each trainer's own file translates it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from fluxdiag.profiles import Profile
from fluxdiag.records import SHARE_BESIDE_OTHERS, Record
from fluxdiag.runs import sha256_text

Optimizer = Literal["adamw", "adamw8bit", "prodigy"]
Scheduler = Literal["cosine", "constant"]
Layers = Literal["all", "modulation", "attention"]

OPTIMIZER_MODULES: dict[Optimizer, tuple[str, ...]] = {"adamw": (), "adamw8bit": ("bitsandbytes",), "prodigy": ("prodigyopt",)}
"""what a trainer's python has to import beyond torch; the same libraries in all of them"""
PRODIGY_RATE, PRODIGY_D_COEF = 1.0, 2.0
"""field guide, section 5"""
ADAMW_HIGHEST = 1e-2
"""the guide calls 5e-4 unstable; a rate above this is of an optimizer that finds its own"""
CHECKPOINTS = 10
"""kept on the way to the end"""


class Recipe(Record):
    """One training of one person. Folders are copies of the user's, for trainers write into them."""

    base: str = Field(description="hub id or folder of a diffusers FLUX.1 pipeline")
    name: str = Field(description="of the LoRA to write, without its ending")
    dataset: str = Field(description="folder of photos; each with its caption beside it in .txt, or none")
    images: int = Field(ge=1)
    trigger: str | None = Field(description="stands in for a missing caption")
    class_word: str
    regularisation: str | None = Field(default=None, description="folder of other people")
    regularisation_images: int = Field(default=0, ge=0)
    steps: int = Field(ge=1)
    batch_size: int = Field(default=1, ge=1)
    accumulation: int = Field(default=1, ge=1)
    optimizer: Optimizer = "adamw8bit"
    learning_rate: float = Field(gt=0, description="of the transformer: text encoders are left as they are")
    d_coef: float | None = Field(default=None, description="of Prodigy")
    scheduler: Scheduler = "cosine"
    warmup_steps: int = Field(default=100, ge=0)
    rank: int = Field(ge=1)
    alpha: float | None = Field(default=None, gt=0, description="None: as large as the rank, so the scale is 1")
    layers: Layers = Field(default="all", description="of a block; modulation: these and the modulation too")
    blocks: str = Field(default="", description="regular expression over `transformer.<path>`; empty: every block")
    resolution: tuple[int, int]
    guidance: float
    max_sequence_length: int
    caption_dropout: float = Field(default=0.0, ge=0, lt=1)
    seed: int = 0

    @model_validator(mode="after")
    def _rate_of_its_optimizer(self) -> Recipe:
        if self.optimizer != "prodigy" and self.learning_rate > ADAMW_HIGHEST:
            raise ValueError(f"{self.learning_rate:g} is no learning rate of {self.optimizer}")
        return self

    @property
    def scale(self) -> float:
        return 1.0 if self.alpha is None else self.alpha / self.rank

    @property
    def checkpoint_every(self) -> int:
        return max(1, -(-self.steps // CHECKPOINTS))

    @property
    def digest(self) -> str:
        """Two trainings of the same digest are the same but for where their folders lie; captions are counted apart."""
        return sha256_text(self.model_dump_json(exclude={"dataset", "regularisation"}))


def right_steps(profile: Profile, images: int, images_per_step: int, regularised: bool) -> int:
    """Optimizer steps by the base's formula (field guide, section 4, which is for batch 1).

    With regularisation every second image shown is somebody else. The formula's number stays where the person is then still
    shown as often as the band asks; else it is doubled.
    """
    shown = profile.step_formula.steps(images)
    band = profile.bands.get("exposure_ratio")
    if regularised and band is not None and band.low > SHARE_BESIDE_OTHERS:
        shown /= SHARE_BESIDE_OTHERS
    return max(1, round(shown / images_per_step))
