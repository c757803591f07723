"""`fluxdiag inspect`: what a file, its header and what lies beside it tell in seconds, without a model.

Nothing is guessed in silence: each fact says where it was read, and what cannot be known is None.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from statistics import median, median_low
from typing import Literal

from pydantic import ConfigDict, Field

from fluxdiag.blocks import Group
from fluxdiag.case import known_settings, known_trigger
from fluxdiag.dataset.mined import mined_description
from fluxdiag.dataset.photos import Reading, read_set
from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import energy, origin
from fluxdiag.lora.beside import notes, trainer_config
from fluxdiag.lora.settings import settings_of
from fluxdiag.lora.spectrum import Spectrum
from fluxdiag.lora.survey import Survey, survey
from fluxdiag.problems import Problem, problems_of
from fluxdiag.records import Fact, Record

FIGURES = 6
"""significant digits of what is computed"""


class BrokenReport(Record):
    """A tensor with numbers that are none."""

    name: str
    nan: int
    infinite: int
    layers: tuple[str, ...] = Field(description="that it is part of; none where it is left out")


class FileReport(Record):
    name: str
    sha256: str
    bytes: int
    dtypes: tuple[str, ...]
    numbers: int
    nan: int
    infinite: int
    denormal: int = Field(description="smaller than the type's normal numbers, so with fewer digits")
    broken: tuple[BrokenReport, ...] = Field(description="tensors with NaN or infinity")


class RankReport(Record):
    min: int
    median: float = Field(description="one that a layer has: of two in the middle the lower")
    max: int
    trained: bool = Field(description="False: a LoKr of whole factors, a full difference; these are the sides of matrices then")
    effective: float | None = Field(description="median over the layers of exp(entropy of the singular values)")
    stable: float | None = Field(description="median over the layers of ||change||_F^2 / ||change||_2^2")


class GroupReport(Record):
    group: Group = Field(description="single-early: the first single blocks, 15 of FLUX.1's 38, and as large a share of others")
    modules: int
    energy: float = Field(description="share of the whole squared Frobenius norm")
    rms: float = Field(description="root mean square of the change of one weight")
    stable_rank: float
    effective_rank: float | None


class LayerReport(Record):
    path: str
    shape: tuple[int, int]
    rank: int
    scale: float = Field(description="alpha / rank")
    norm: float
    rms: float
    stable_rank: float
    effective_rank: float | None
    singular_values: tuple[float, ...]
    whole: bool = Field(description="whether these are all, and not only the largest")


class SpectrumReport(Record):
    norm: float = Field(description="Frobenius norm of all weight changes together; of a DoRA without its magnitudes")
    groups: tuple[GroupReport, ...]
    dead: tuple[str, ...] = Field(description="layers whose change is nothing")
    layers: tuple[LayerReport, ...]


class IgnoredReport(Record):
    """A layer or tensor that fluxdiag leaves out."""

    name: str = Field(description="as the file calls it")
    why: str


class DatasetReport(Record):
    images: int
    readable: int
    captions: int
    captions_with_appearance: int
    captions_not_judged: int = Field(default=0, description="in another language: nothing was looked for in them")
    description: str | None = Field(description="the looks that at least half of the captions share")


class Inspection(Record):
    """What `inspect --json` prints."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    file: FileReport
    dialect: str
    kinds: dict[str, int] = Field(description="LoRA, DoRA, LoHa, LoKr or full difference, and how many layers are of it")
    trainer: Fact | None
    modules: int
    text_encoder_modules: int
    rank: RankReport
    alpha: Fact | None = Field(description="None where the layers differ or nothing tells it")
    base: Fact | None
    trigger: Fact | None
    training: dict[str, Fact]
    spectrum: SpectrumReport = Field(description="of the layers whose numbers are numbers")
    ignored: tuple[IgnoredReport, ...] = Field(description="what is left out of the file when it is loaded")
    diffusers: str | None = Field(description="what diffusers' own loader does with it; None: it loads the whole")
    dataset: DatasetReport | None
    problems: tuple[Problem, ...] = Field(description="the gravest first")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def inspect(lora: Path, dataset: Path | None = None) -> Inspection:
    """Raises FluxdiagError for a file or folder that cannot be used."""
    if dataset is not None and not dataset.exists():
        raise FluxdiagError("there is no such folder", where=str(dataset), do="Correct --dataset, or leave it out")
    found = survey(lora)
    config = trainer_config(lora.parent)
    photos = _photos(lora, dataset)
    paths = [layer.path for layer in found.layers]
    base, against = origin.base(found.metadata, paths, config.base)
    said = notes(lora.parent)
    training = known_settings(settings_of(found.metadata, found.layers), config, said)
    trigger = known_trigger(said, config, found.metadata, () if photos is None else photos.captions)
    photos = photos if photos is None or trigger is None else photos.calling(str(trigger.value))
    return Inspection(
        file=_file(found),
        dialect=found.dialect,
        kinds=dict(Counter(layer.kind for layer in found.layers).most_common()),
        trainer=origin.trainer(found.metadata, found.keys, found.modules, config.trainer),
        modules=found.modules,
        text_encoder_modules=len(found.layers) - found.modules,
        rank=_ranks(found),
        alpha=training.get("alpha"),
        base=base,
        trigger=trigger,
        training=training,
        spectrum=_spectrum(found.spectra),
        ignored=tuple(IgnoredReport(name=name, why=why) for name, why in found.ignored.items()),
        diffusers=found.outcome,
        dataset=None if photos is None else _dataset(photos),
        problems=problems_of(found, config, base, against, training, trigger, photos),
    )


def _photos(lora: Path, given: Path | None) -> Reading | None:
    """The dataset on the command line, in the user's notes, or in `dataset/` beside the file."""
    usual = lora.parent / "dataset"
    folder = given or notes(lora.parent).dataset or (usual if usual.is_dir() else None)
    return None if folder is None else read_set(folder)


# ------------------------------------------------------------------------------------------------ records


def _file(found: Survey) -> FileReport:
    health = found.health
    return FileReport(
        name=found.path.name,
        sha256=found.sha256,
        bytes=found.size,
        dtypes=found.dtypes,
        numbers=health.numbers,
        nan=health.nan,
        infinite=health.infinite,
        denormal=health.denormal,
        broken=tuple(BrokenReport(**asdict(broken), layers=found.hit[broken.name]) for broken in health.broken),
    )


def _ranks(found: Survey) -> RankReport:
    trained = [layer.rank for layer in found.layers if layer.ranked]
    ranks = trained or [layer.rank for layer in found.layers]
    effective = [spectrum.effective_rank for spectrum in found.spectra if spectrum.effective_rank is not None]
    return RankReport(
        min=min(ranks),
        median=median_low(ranks),
        max=max(ranks),
        trained=bool(trained),
        effective=_rounded(median(effective)) if effective else None,
        stable=_rounded(median(spectrum.stable_rank for spectrum in found.spectra)) if found.spectra else None,
    )


def _spectrum(spectra: tuple[Spectrum, ...]) -> SpectrumReport:
    groups = tuple(GroupReport.model_validate(asdict(group)) for group in energy.by_group(spectra))
    return SpectrumReport(
        norm=_rounded(sum(spectrum.squared_norm for spectrum in spectra) ** 0.5),
        groups=groups,
        dead=energy.dead(spectra),
        layers=tuple(_layer(spectrum) for spectrum in spectra),
    )


def _layer(spectrum: Spectrum) -> LayerReport:
    effective = spectrum.effective_rank
    return LayerReport(
        path=spectrum.path,
        shape=spectrum.shape,
        rank=spectrum.rank,
        scale=_rounded(spectrum.scale),
        norm=_rounded(spectrum.norm),
        rms=_rounded(spectrum.rms),
        stable_rank=_rounded(spectrum.stable_rank),
        effective_rank=None if effective is None else _rounded(effective),
        singular_values=tuple(_rounded(value) for value in spectrum.values.tolist()),
        whole=spectrum.whole,
    )


def _rounded(value: float) -> float:
    """To the digits that it is good for."""
    return float(f"{value:.{FIGURES}g}")


def _dataset(photos: Reading) -> DatasetReport:
    return DatasetReport(
        images=len(photos.photos),
        readable=len(photos.readable),
        captions=len(photos.captions),
        captions_with_appearance=photos.described,
        captions_not_judged=photos.unjudged,
        description=mined_description(photos.photos),
    )
