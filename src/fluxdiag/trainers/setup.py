"""What the built-in trainer is told, as a record; the loop that obeys it is `engines/lora_training.py`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from fluxdiag.profiles import load_profile
from fluxdiag.records import Record
from fluxdiag.runs import sha256_text

Timesteps = Literal["sigmoid", "uniform", "shift", "flux-shift"]
Optimizer = Literal["adamw", "adamw8bit", "prodigy"]

# Linear layers inside a block, as paths below `transformer_blocks.N.` or `single_transformer_blocks.N.`.
LAYERS = {
    "all": r"attn\.(to_[qkv]|to_out\.0|add_[qkv]_proj|to_add_out)|ff(_context)?\.net\.(0\.proj|2)|proj_mlp|proj_out",
    "modulation": r"attn\.(to_[qkv]|to_out\.0|add_[qkv]_proj|to_add_out)|ff(_context)?\.net\.(0\.proj|2)|proj_mlp|proj_out"
    r"|norm1(_context)?\.linear|norm\.linear",
    "attention": r"attn\.(to_[qkv]|to_out\.0|add_[qkv]_proj|to_add_out)",
}
PLACES = frozenset({"base", "dataset", "regularisation", "output", "start_from", "checkpoint_every"})
"""fields that say where things lie, not what is learnt: a moved folder may still be resumed"""
SAMPLES = frozenset({"samples", "sample_every"})
"""fields of the pictures on the way, which teach nothing either"""
LATER = frozenset({"regularisation_target", "optimizer", "d_coef", "shift", "caption_dropout", "quantised"})
"""fields of later versions: at their defaults they are left out of the digest, so that what was trained before stays known"""


GUIDES_D_COEF = 2.0
"""of Prodigy; field guide, section 5"""


class TrainingSetup(Record):
    """One training run. What lies in `dataset` and `regularisation` is read when it starts, and never changed."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    base: str = Field(description="hub id or folder of a diffusers FLUX.1 pipeline")
    dataset: str = Field(description="folder of photos with captions of the same name in .txt")
    output: str = Field(description="the LoRA to write; checkpoints and the state to resume from lie beside it")
    trigger: str | None = Field(default=None, description="stands in for a photo's missing caption")
    class_word: str = Field(default="person", description="`a <class word>` stands in for a regularisation image's")
    regularisation: str | None = Field(default=None, description="folder of other people; every second image shown")
    regularisation_weight: float = Field(default=1.0, ge=0)
    regularisation_target: Literal["photos", "base"] = Field(
        default="photos", description="what the other people pull to: their photos, or what the base itself predicts there"
    )
    steps: int = Field(ge=1)
    batch_size: int = Field(default=1, ge=1)
    accumulation: int = Field(default=1, ge=1)
    optimizer: Optimizer = Field(default="adamw", description="adamw8bit needs bitsandbytes")
    learning_rate: float = Field(gt=0, description="Prodigy finds its own: 1 leaves it as found")
    d_coef: float | None = Field(default=None, gt=0, description="of Prodigy, a factor of its rate; None: 2, the guide's")
    scheduler: Literal["cosine", "constant"] = "cosine"
    warmup_steps: int = Field(default=0, ge=0)
    weight_decay: float = Field(default=1e-4, ge=0)
    max_grad_norm: float = Field(default=1.0, gt=0)
    rank: int = Field(ge=1)
    alpha: float | None = Field(default=None, gt=0, description="None: as large as the rank, so the scale is 1")
    layers: Literal["all", "modulation", "attention"] = Field(
        default="all", description="all: attention and MLP; modulation: these and the modulation, as ai-toolkit trains; attention"
    )
    blocks: str = Field(default="", description="regular expression over `transformer.<path>`; empty: every block")
    resolution: tuple[int, int] = Field(description="px; photos keep their proportions at this area")
    timesteps: Timesteps = Field(
        default="sigmoid",
        description="sigmoid of a normal; uniform; the former shifted to noise, by `shift` or by image size",
    )
    sigmoid_scale: float = Field(default=1.0, gt=0)
    shift: float = Field(default=3.1582, gt=0, description="of `shift`: what FLUX's own shift is at 1024 x 1024 px")
    caption_dropout: float = Field(default=0.0, ge=0, lt=1, description="share of the images shown without their caption")
    guidance: float
    max_sequence_length: int = Field(ge=1)
    precision: Literal["bfloat16", "float32"]
    file_precision: Literal["float32", "float16", "bfloat16"] = "float16"
    quantised: Literal["no", "8bit", "4bit"] = Field(
        default="no", description="the frozen base: 8bit by torchao for 24 GB cards, 4bit (NF4) by bitsandbytes for 16 GB"
    )
    gradient_checkpointing: bool = False
    start_from: str | None = Field(default=None, description="a LoRA of the same layers and rank to go on from")
    samples: tuple[str, ...] = Field(default=(), description="prompts to paint on the way")
    sample_every: int = Field(default=0, ge=0, description="steps; 0: never")
    checkpoint_every: int = Field(default=0, ge=0, description="steps; 0: none, and a kill starts from the beginning")
    seed: int = Field(default=0, ge=0)

    model_config = Record.model_config | {"populate_by_name": True}

    @field_validator("resolution")
    @classmethod
    def _positive(cls, value: tuple[int, int]) -> tuple[int, int]:
        if min(value) < 16:
            raise ValueError("at least 16 px a side")
        return value

    @property
    def scale(self) -> float:
        return 1.0 if self.alpha is None else self.alpha / self.rank

    @property
    def images_per_step(self) -> int:
        return self.batch_size * self.accumulation

    def digest(self, inputs: str) -> str:
        """What the result follows from: the settings and the `inputs` (photos' digests and captions), not where they lie."""
        unused = {name for name in LATER if getattr(self, name) == type(self).model_fields[name].default}
        return sha256_text(self.model_dump_json(exclude=set(PLACES | SAMPLES) | unused) + inputs)


def setup_for(base: str, dataset: str, output: str, images: int, **overrides: Any) -> TrainingSetup:
    """The setup that the base's profile and the guide's step formula suggest for `images` photos; `overrides` win."""
    profile = load_profile(base)
    suggested: dict[str, Any] = {
        "steps": round(profile.step_formula.steps(images)),
        "learning_rate": profile.learning_rate,
        "rank": profile.rank,
        "resolution": profile.resolution,
        "guidance": profile.loss_guidance,
        "max_sequence_length": profile.max_sequence_length,
        "precision": profile.precision,
        "gradient_checkpointing": profile.precision == "bfloat16",
        **profile.training.model_dump(),
    }
    return TrainingSetup(base=base, dataset=dataset, output=output, **(suggested | overrides))
