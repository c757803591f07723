"""The nouns. Every stage reads some of these and writes others; all are frozen and hold JSON values only.

    LoRA + dataset + references --case--> Case
    Case + Suite               --gather--> Shot, Shot, ... and arrays
    Shots + arrays             --measure--> Evidence
    Evidence                   --diagnose--> Diagnosis
    all of them                --report--> report.html

Never a tensor, a model or HTML. The folder they live in is `runs.py`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

LEFT_OUT = "not drawn: the verdict was settled without it (`fluxdiag report --thorough` draws the rest)"
"""the reason of a gap that gathering left because nothing in it could change the verdict any more"""

Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""the gravest first"""
Status = Literal["present", "absent", "unknown"]
Strength = Literal["weak", "moderate", "strong"]
Verdict = Literal["healthy", "faulty", "undetermined", "broken"]
Outcome = Literal["ok", "no-face", "small", "profile", "several"]
Open = Literal["missing", "divided", "spared"]
"""why a cause is unknown: something was not measured; all was, and does not decide; what was left out could not have made it
likely, so that nothing is lost by not knowing"""
AppearanceKind = Literal["hair", "eyes", "face", "skin", "body", "age", "mark", "clothing", "accessory", "expression"]
SubjectKind = Literal["trigger", "class", "description", "both", "none"]


class ExitCode(IntEnum):
    """What the process tells its caller; the same for every command."""

    HEALTHY = 0
    PROBLEM = 1
    USAGE = 2
    UNDETERMINED = 3
    BUG = 70


class Record(BaseModel):
    """Frozen, and strict about unknown fields: a misspelt key in a file is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ------------------------------------------------------------------------------------------------ case


class Fact(Record):
    """Something known of the training, and where it was read: `header ss_steps`, `option --trigger`, `tensors`."""

    value: str | int | float | bool
    source: str

    @property
    def number(self) -> float | None:
        """Trainers write some numbers as text (`1e-4`); None for what is none."""
        try:
            return float(self.value)
        except ValueError:
            return None


class Span(Record):
    """A phrase in a caption that describes the character; `start` and `end` are character offsets."""

    start: int
    end: int
    text: str
    kind: AppearanceKind


class Photo(Record):
    """An image of the user's. `problem` says why it cannot be used; its pixels are then never touched again."""

    path: str
    sha256: str
    width: int = 0
    height: int = 0
    caption: str | None = None
    appearance: tuple[Span, ...] = ()
    unjudged: str | None = Field(default=None, description="why nothing was looked for in its caption: another language")
    problem: str | None = None


class LayerSpectrum(Record):
    """How far the change of one layer fills the rank that it was given."""

    path: str
    rank: int = Field(description="as trained")
    largest: float = Field(description="singular value")
    values: tuple[float, ...] = Field(description="singular values over the largest one, in falling order")
    whole: bool = Field(description="whether these are all, and not only the largest")
    effective_rank: float | None = Field(description="exp(entropy of the singular values); None where it cannot be known")


class LoraFile(Record):
    """What the tensors say. `modules` counts adapted linear layers after un-fusing; ranks are per module; `unread` counts the
    layers that belong to FLUX.1 and could not be read."""

    path: str
    sha256: str
    dialect: str
    trainer: str | None
    modules: int
    text_encoder_modules: int
    unread: int = 0
    rank_min: int
    rank_median: float
    rank_max: int
    ranked: bool = Field(default=True, description="False: whole factors or a full difference, that nobody gave a rank")
    alpha_over_rank: float | None = Field(description="median scale alpha/rank; None when it differs by module")
    parameters: int
    delta_norm: float = Field(description="Frobenius norm of all weight changes together, alpha folded in")
    problems: tuple[str, ...] = ()
    spectra: tuple[LayerSpectrum, ...] | None = Field(
        default=None,
        description="of the layer that changed most in each of some blocks; None in runs from before",
    )


class Case(Record):
    """The LoRA on trial and all that is known of how it was trained."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    lora: LoraFile
    base: str = Field(description="hub id or absolute folder of the base model")
    profile: str = Field(description="name of the base's profile")
    face_pack: str | None = Field(default=None, description="folder or name the user chose; None is the profile's")
    strength: float
    trigger: Fact | None = Field(description="the phrase the captions use: `ohwx woman`, not `ohwx`, when trained so")
    class_word: Fact
    description: str | None = Field(description="appearance phrases mined from the captions, joined for a prompt")
    settings: dict[str, Fact] = Field(
        description="steps, learning_rate, rank, alpha, batch_size, accumulation, images, repeats, "
        "regularisation_images, regularisation (there were some, nobody says how many), "
        "optimizer, scheduler, warmup, caption_dropout, resolution: those that are known"
    )
    photos: tuple[Photo, ...] = Field(description="the training images, unreadable ones included")
    references: tuple[Photo, ...] = Field(description="photos of the same person; held out unless said in `overlap`")
    reference_source: Literal["held-out", "training", "none"]
    overlap: tuple[str, ...] = Field(default=(), description="references that are training images too, or twins of some, by path")
    gaps: dict[str, str] = Field(default={}, description="what could not be learnt -> why")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def beside_others(self) -> bool:
        """Whether the person was trained beside pictures of other people: counted, or said to have been there."""
        counted = self.settings.get("regularisation_images")
        return "regularisation" in self.settings or bool(counted and counted.number)


# ------------------------------------------------------------------------------------------------ probes


class Arm(Record):
    """One condition of the experiment: LoRA on or off, and what stands for the person in the prompt."""

    name: str
    lora: bool
    subject: SubjectKind


class Prompt(Record):
    """One question. `text` may hold {subject}; the other fields say what it asks for, so that obedience can be scored."""

    id: str
    text: str
    kind: str = "person"
    background: str | None = None
    light: str | None = None
    framing: str | None = None
    outfit: str | None = None


class Probe(Record):
    """A named question put to the model: every prompt in every arm with every seed, sharing starting noise."""

    name: str
    arms: tuple[str, ...]
    prompts: tuple[Prompt, ...]
    seeds: tuple[int, ...]
    variants: tuple[str, ...] = Field(default=("full",), description="of the adapter, by the names of `variants.py`")


class LossProbe(Record):
    """Forward passes without sampling: fixed noise at mid-path sigmas (Kong et al., arXiv 2310.07972; arXiv 2606.07271)."""

    sigmas: tuple[float, ...]
    noises: int
    photos: int = Field(description="at most so many training photos, and as many held-out ones")


class Suite(Record):
    """A probe suite, read from `probes/*.toml`."""

    schema_: Literal[1] = Field(alias="schema")
    name: str
    about: str
    probes: tuple[Probe, ...]
    losses: LossProbe | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


# ------------------------------------------------------------------------------------------------ gather


class FaceReading(Record):
    """What the face pack saw. `height` in px of the generated image; `yaw` is nose offset over eye distance.

    The embeddings of all faces of a shot lie in `arrays/faces.npz` under the shot's id, rows in this order.
    """

    box: tuple[float, float, float, float]
    score: float
    height: float
    yaw: float


class Shot(Record):
    """One generated image and exactly what made it. `file` is relative to the run folder."""

    id: str
    probe: str
    arm: str
    prompt_id: str
    prompt: str
    kind: str
    seed: int
    lora: bool
    strength: float
    variant: str = Field(default="full", description="of the adapter: full, another strength, a lower rank, blocks switched off")
    file: str
    sha256: str = Field(default="", description="of the picture's file when it was scored; empty in runs of older versions")
    outcome: Outcome
    faces: tuple[FaceReading, ...] = ()
    cached: bool = False


class Stopped(Record):
    """Where gathering ended before every picture of the suite was drawn, and what was decided by then."""

    prompts: int = Field(description="of each kind that was drawn at all, at most")
    of: int = Field(description="prompts of the suite, counted likewise")
    pictures: int
    of_pictures: int
    left_out: tuple[str, ...] = Field(description="parts of the suite of which nothing was drawn (`instruments/parts.py`)")
    weights: str = Field(description="digest of the weights of evidence by which it was settled; empty without any")

    @property
    def sentence(self) -> str:
        prompts = f"all {self.of}" if self.prompts >= self.of else f"{self.prompts} of {self.of}"
        return (
            f"Drawn: {prompts} prompts, {self.pictures} of {self.of_pictures} pictures. The verdict was settled, and nothing "
            "that was left out could have changed it."
        )


class Band(Record):
    """The range that is right for a setting on this base, with its source."""

    low: float
    high: float
    source: str


SHARE_BESIDE_OTHERS = 0.5
"""of the images shown that are the person's: for each of them trainers show one of somebody else (kohya sd-scripts, ai-toolkit,
the built-in trainer)"""


class StepFormula(Record):
    """Right number of steps at batch 1: `per_image` x images + `plus` (guide section 4)."""

    per_image: float
    plus: float

    def steps(self, images: float) -> float:
        return self.per_image * images + self.plus

    def exposure(self, shown: float, images: float, beside_others: bool) -> float:
        """How often the person was among the images `shown`, over the formula's number: around 1 is right."""
        return shown * (SHARE_BESIDE_OTHERS if beside_others else 1.0) / self.steps(images)

    @property
    def in_words(self) -> str:
        return f"{self.per_image:g} for each image and {self.plus:g} more"


class GatherInfo(Record):
    """How the shots were made; `gather.json`, written last, so its existence means the gathering is complete."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    case_sha256: str
    suite: str
    suite_file: str | None = Field(default=None, description="where a suite of the user's own lies; None of one that ships")
    suite_sha256: str
    shots: int
    digests: dict[str, str] = Field(default={}, description="sha256 of shots.jsonl and of each file of arrays; empty before")
    modules_adapted: int = Field(description="adapter layers that the loader really installed")
    delta_error: float = Field(description="largest relative error of an adapted layer's output against the file, float64")
    outcome: Literal["loaded", "half-loaded", "inert"] = "loaded"
    lost: dict[str, str] = Field(default={}, description="layers of the file that do not act as it says -> why")
    device: str
    precision: str
    resolution: tuple[int, int]
    steps: int
    guidance: float
    batch: int
    face_pack: str
    face_provider: str
    smallest_face: int
    clip_model: str
    reference_faces: int
    strangers: tuple[int, ...] | None = Field(
        default=None, description="rows of the case's references that seem to show somebody else; None where nobody could tell"
    )
    versions: dict[str, str]
    seconds: dict[str, float] = Field(description="wall time by stage")
    gaps: dict[str, str] = {}
    stopped: Stopped | None = Field(default=None, description="None where every picture of the suite is there")
    decided: tuple[str, ...] = Field(default=(), description="measurements drawn beyond the suite, to tell two causes apart")
    bands: dict[str, Band] = Field(default={}, description="of the base's profile; empty in runs from before")
    step_formula: StepFormula | None = Field(default=None, description="likewise")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


# ------------------------------------------------------------------------------------------------ measure


class Measurement(Record):
    """A number with its interval: never a bare float. `n` counts clusters (prompts, photos), not images."""

    key: str
    value: FiniteFloat
    low: FiniteFloat
    high: FiniteFloat
    n: int
    unit: str = ""

    def clearly_below(self, threshold: float) -> bool:
        return self.high < threshold

    def clearly_above(self, threshold: float) -> bool:
        return self.low > threshold


class Gap(Record):
    """A measurement that could not be made, and why."""

    key: str
    reason: str


class Evidence(Record):
    schema_: Literal[1] = Field(default=1, alias="schema")
    gather_sha256: str = ""
    measurements: dict[str, Measurement]
    gaps: dict[str, str]
    bands: dict[str, Band] = Field(default={}, description="from the base's profile: rank, learning_rate, steps, ...")
    step_formula: StepFormula | None = Field(default=None, description="likewise; None in runs from before")
    beside_others: bool | None = Field(default=None, description="pictures of other people were trained on; None likewise")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def get(self, key: str) -> Measurement | None:
        return self.measurements.get(key)

    def why_missing(self, *keys: str) -> str | None:
        """The reasons why any of `keys` was not measured, or None when all are there."""
        missing = [f"{key}: {self.gaps.get(key, 'not measured')}" for key in keys if key not in self.measurements]
        return "; ".join(missing) or None


# ------------------------------------------------------------------------------------------------ diagnose


Answer = Literal["appears", "missing", "undecided"]
ANSWERS: dict[Answer, str] = {
    "appears": "The person appears without captions: the captions were the fault.",
    "missing": "The person is missing even without captions: the photos are too much alike, or the steps are wrong.",
    "undecided": "The captionless run does not decide whether the captions were the fault.",
}


class Captionless(Record):
    """`identity` is the likeness with the trigger in a park, on the scale of `identity.trigger`; `reason` why there is none."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    lora_sha256: str = Field(description="of the LoRA on trial")
    folder: str = Field(description="of the experiment, by name")
    photos: int
    steps: int
    answer: Answer
    identity: Measurement | None
    reason: str | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def sentence(self) -> str:
        told = "" if self.identity is None else f" Likeness {self.identity.value:.2f}"
        interval = "" if self.identity is None else f" ({self.identity.low:.2f} to {self.identity.high:.2f})"
        return f"{ANSWERS[self.answer]}{told}{interval}{f' ({self.reason})' if self.reason else ''}"


class Change(Record):
    """One edit to the training setup. `from_` is None when the present value is not known."""

    setting: str
    from_: str | None = Field(default=None, alias="from")
    to: str
    because: str
    safe: bool = True

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Match(Record):
    """What a rule says of the evidence. `unknown` carries the missing evidence in `because`, never an acquittal."""

    status: Status
    direction: Literal["under", "over", "low", "high"] | None = None
    strength: Strength | None = None
    because: tuple[str, ...]
    cites: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    lacking: tuple[str, ...] = Field(
        default=(), description="keys that were not measured and would help; empty: a line is straddled"
    )
    why_open: Open | None = Field(default=None, description="of unknown; None: as `lacking` and `cites` tell")
    half_loaded: bool = Field(default=False, description="of an inert file: a part of it acts, so the pictures may be wrong too")


class Moved(Record):
    """One measurement's weight of evidence in natural log-odds: above 0 it speaks for the cause."""

    key: str
    value: float
    weight: float


class Finding(Record):
    """A cause and what the evidence says of it. `probability` only with a calibration for this base."""

    cause: str
    title: str
    status: Status
    severity: Severity
    direction: str | None = None
    strength: Strength | None = None
    probability: float | None = None
    because: tuple[str, ...]
    cites: tuple[str, ...]
    changes: tuple[Change, ...]
    lacking: tuple[str, ...] = Field(default=(), description="keys that were not measured and would help to decide")
    why_open: Open | None = Field(default=None, description="of unknown; None in diagnoses from before")
    half_loaded: bool = Field(default=False, description="of an inert file: a part of it acts, so the pictures may be wrong too")
    weighed: bool = Field(default=False, description="by fitted weights; else by the rule's cited thresholds")
    target: str | None = Field(default=None, description="`cause:direction` that was weighed, also where none is found")
    evidence: tuple[Moved, ...] = Field(default=(), description="what moved this, the heaviest first; empty where not weighed")


class Symptom(Record):
    """What is wrong with the pictures, as the user sees it. Causes are what to fix; keep them apart."""

    name: Literal["identity-missing", "identity-weak", "trigger-weak", "bleed", "context-leak", "memorised", "inert"]
    sentence: str
    cites: tuple[str, ...]


class Conflict(Record):
    """Two findings want different values for one setting; neither is applied."""

    setting: str
    wanted: tuple[str, ...]


class Decider(Record):
    """The measurement that was not made and would best tell two causes apart."""

    key: str
    between: tuple[str, str]
    because: str = Field(description="why it was not measured, and so what would bring it")


class Diagnosis(Record):
    schema_: Literal[1] = Field(default=1, alias="schema")
    evidence_sha256: str = ""
    verdict: Verdict
    sentence: str = Field(description="verdict and leading cause in one sentence for a stranger")
    calibration: str = Field(
        description="`laboratory`: its fitted weights, or cited thresholds that come from its trial; "
        "else the name of a calibration made for this base"
    )
    symptoms: tuple[Symptom, ...]
    findings: tuple[Finding, ...] = Field(description="most likely first; the four root causes are always there")
    prescription: tuple[Change, ...]
    conflicts: tuple[Conflict, ...] = ()
    decider: Decider | None = Field(default=None, description="only with fitted weights, and where two causes compete")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
