"""What a suite asks of a case, picture by picture, and what that will cost; no model library, nothing is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from fluxdiag.bases import base_digest, sha256_of
from fluxdiag.errors import FluxdiagError
from fluxdiag.instruments.parts import part
from fluxdiag.profiles import Profile, load_profile
from fluxdiag.records import Arm, Case, Probe, Prompt, Suite
from fluxdiag.suites import ARMS, ask, subject_phrase
from fluxdiag.variants import FULL, Variant, resolved

DRAWN_BY = ("resolution", "steps", "guidance", "max_sequence_length", "precision", "batch")
"""fields of a profile that make the same prompt and seed another picture"""


@dataclass(frozen=True)
class Task:
    """One picture to draw. `base_key` names it in the cache that LoRAs share; None with the LoRA on."""

    id: str
    probe: str
    arm: Arm
    prompt: Prompt
    text: str
    seed: int
    base_key: str | None
    edit: Variant = FULL

    @property
    def variant(self) -> str:
        return self.edit.name

    @property
    def part(self) -> str:
        """What it is drawn with or not at all (`instruments/parts.py`)."""
        return part(self.arm.name, self.variant, self.prompt.kind)

    @property
    def strength(self) -> float:
        """Times the case's; 0 with the LoRA off."""
        return self.edit.strength if self.arm.lora else 0.0


@dataclass(frozen=True)
class Plan:
    """Pictures in batches: paired arms have the same prompts and seeds in the same places of batches of the same size."""

    batches: tuple[tuple[Task, ...], ...]
    gaps: dict[str, str]

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for batch in self.batches for task in batch)


def plan(case: Case, suite: Suite, profile: Profile, setting: str) -> Plan:
    """`setting` names all that makes the same prompt and seed another picture: versions, device, precision."""
    fixed = drawn_with(case, profile, setting)
    gaps: dict[str, str] = {}
    tasks: list[Task] = []
    for probe in suite.probes:
        variants = _variants(probe, case, profile, gaps)
        for name in probe.arms:
            arm = ARMS[name]
            subject = subject_phrase(case, arm.subject)
            if subject is None:
                gaps[name] = _why_no_subject(case, arm)
                continue
            tasks += [
                _task(probe.name, arm, variant, prompt, ask(prompt, subject), noise_seed(prompt, seed), case, fixed)
                for variant in (variants if arm.lora else [FULL][: len(variants)])
                for prompt in probe.prompts
                for seed in probe.seeds
            ]
    arms = (list(group) for _, group in groupby(tasks, key=lambda task: (task.probe, task.arm.name, task.variant)))
    return Plan(tuple(batch for arm in arms for batch in _chunks(arm, profile.batch)), gaps)


def drawn_with(case: Case, profile: Profile, setting: str) -> str:
    """Digest of what makes the same prompt and seed another picture with the LoRA off: base, profile and `setting`."""
    return sha256_of([base_digest(case.base), profile.model_dump(mode="json", include=set(DRAWN_BY)), setting])


def first_prompts(drawing: Plan, drawn: Mapping[str, int], looks: Collection[int], batch: int) -> Plan:
    """Of each part in `drawn` the pictures of its first so many prompts, all of them where that is the last of the `looks`.

    A batch never reaches across parts or looks: it is the same whichever round it is drawn in, and so are the shapes of
    paired arms.
    """
    place, last = _places(drawing), max(looks)
    blocks: dict[tuple[str, str, int], list[Task]] = {}
    for task in drawing.tasks:
        upto = drawn.get(task.part, 0)
        if upto >= last or place[task.id] < upto:
            look = sum(place[task.id] >= end for end in looks if end != last)
            blocks.setdefault((task.probe, task.part, look), []).append(task)
    return Plan(tuple(part for tasks in blocks.values() for part in _chunks(tasks, batch)), drawing.gaps)


def _places(drawing: Plan) -> dict[str, int]:
    """Id of a picture -> the place of its prompt among those of its kind, in the order of the suite."""
    seen: dict[tuple[str, str], dict[str, int]] = {}
    found = {}
    for task in drawing.tasks:
        prompts = seen.setdefault((task.probe, task.part), {})
        found[task.id] = prompts.setdefault(task.prompt.id, len(prompts))
    return found


def _variants(probe: Probe, case: Case, profile: Profile, gaps: dict[str, str]) -> list[Variant]:
    """Each once; one that would show nothing new of this file is a gap under its name in the suite."""
    found = {name: resolved(name, case.lora, profile) for name in probe.variants}
    gaps |= {name: variant for name, variant in found.items() if isinstance(variant, str)}
    return list(dict.fromkeys(variant for variant in found.values() if isinstance(variant, Variant)))


def _chunks(tasks: list[Task], size: int) -> Iterator[tuple[Task, ...]]:
    return (tuple(tasks[start : start + size]) for start in range(0, len(tasks), size))


def _task(probe: str, arm: Arm, edit: Variant, prompt: Prompt, text: str, seed: int, case: Case, fixed: str) -> Task:
    base_key = sha256_of([fixed, text, seed])
    made_by = base_key if not arm.lora else sha256_of([base_key, case.lora.sha256, case.strength, edit.name])
    place = ".".join(_slug(part) for part in (probe, arm.name, prompt.id))
    return Task(f"{place}.{seed}.{made_by[:8]}", probe, arm, prompt, text, seed, None if arm.lora else base_key, edit)


def noise_seed(prompt: Prompt, seed: int) -> int:
    """The seed of the starting noise: the suite's and the prompt's own, the same in every arm, probe and variant.

    The same noise gives like faces whatever the prompt says: one planted LoRA bled .16 with one seed and .44 with another,
    each over eight prompts (laboratory). Prompts are the clusters of every interval, so each has noise of its own.
    """
    return int(sha256_of([prompt.id, seed])[:8], 16) % 1_000_000


def _slug(text: str) -> str:
    """Suites may be other people's files: a name in one is never a path."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text)[:60]


def _why_no_subject(case: Case, arm: Arm) -> str:
    wanted = ("description", "trigger") if arm.subject == "both" else (arm.subject,)
    known = [case.gaps[key] for key in wanted if key in case.gaps]
    return known[0] if known else f"the {wanted[0]} is not known"


@dataclass(frozen=True)
class Estimate:
    """What a run will take, before anything is drawn."""

    images: int
    cached: int
    forward_passes: int
    minutes: float
    on_a_card: float | None
    """minutes, where this machine has none"""
    vram_gb: float
    disk_gb: float
    measured: str

    @property
    def early(self) -> str:
        """The same where gathering stops as soon as the verdict is settled."""
        return f"up to {self.sentence}; it stops as soon as the verdict is settled"

    @property
    def sentence(self) -> str:
        return (
            f"{self.images} images ({self.cached} of them there already) and {self.forward_passes} loss readings, "
            f"about {self._time}, {self.vram_gb:g} GB of memory for the model, {size(self.disk_gb)} of disk "
            f"({self.measured})"
        )

    @property
    def _time(self) -> str:
        here = duration(self.minutes)
        return here if self.on_a_card is None else f"{here} on this processor and {duration(self.on_a_card)} on a card"


def together(estimates: Sequence[Estimate]) -> Estimate:
    """Of many LoRAs, one after the other: of the models one at a time is in memory."""
    on_cards = [one.on_a_card for one in estimates if one.on_a_card is not None]
    return Estimate(
        images=sum(one.images for one in estimates),
        cached=sum(one.cached for one in estimates),
        forward_passes=sum(one.forward_passes for one in estimates),
        minutes=sum(one.minutes for one in estimates),
        on_a_card=sum(on_cards) if on_cards else None,
        vram_gb=max((one.vram_gb for one in estimates), default=0.0),
        disk_gb=sum(one.disk_gb for one in estimates),
        measured="; ".join(dict.fromkeys(one.measured for one in estimates)),
    )


def duration(minutes: float) -> str:
    """In the unit in which a person would say it."""
    if minutes < 1.5:
        return f"{max(1, round(minutes * 60))} s"
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 1440:.0f} days"


def size(gigabytes: float) -> str:
    return f"{gigabytes:.1f} GB" if gigabytes >= 1 else f"{max(1, round(gigabytes * 1000))} MB"


def disk_gb(images: int, profile: Profile) -> float:
    """Of so many pictures, as PNG: about 1.6 bytes a pixel."""
    return images * profile.resolution[0] * profile.resolution[1] * 1.6e-9


def estimate(drawing: Plan, there: Iterable[Task], case: Case, suite: Suite, device: str) -> Estimate:
    profile = load_profile(case.base)
    if device not in profile.cost.seconds_per_image:
        raise FluxdiagError(f"the profile has no cost for {device}", where=profile.name, do="Add it to `seconds_per_image`")
    images, cached = len(drawing.tasks), len(list(there))
    passes = 0 if suite.losses is None else 2 * 4 * len(suite.losses.sigmas) * suite.losses.noises * _photos(case, suite)
    cost, to_draw = profile.cost.seconds_per_image, (images - cached) + passes / profile.steps
    on_a_card = cost["cuda"] * to_draw / 60 if device == "cpu" and "cuda" in cost else None
    return Estimate(
        images,
        cached,
        passes,
        cost[device] * to_draw / 60,
        on_a_card,
        profile.cost.vram_gb,
        disk_gb(images, profile),
        profile.cost.measured,
    )


def _photos(case: Case, suite: Suite) -> int:
    assert suite.losses is not None
    readable = sum(photo.problem is None for photo in case.photos)
    held_out = [photo for photo in case.references if photo.path not in case.overlap]
    outside = sum(photo.problem is None for photo in held_out) if case.reference_source == "held-out" else 0
    return min(readable, suite.losses.photos) + min(outside, suite.losses.photos)
