"""Pictures side by side: same prompt, same seed, same starting noise. What differs comes from the LoRA and from the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fluxdiag.instruments.bleed import prompt_kind
from fluxdiag.records import Diagnosis, Shot, Symptom
from fluxdiag.reporting.gallery import Gallery, Tile, question

TITLES = {
    "base": "Without the LoRA",
    "trigger-base": "Without the LoRA, same words",
    "class": "LoRA on, no trigger",
    "trigger": "LoRA on, with trigger",
    "description": "LoRA on, description, no trigger",
    "contrast-base": "Without the LoRA",
    "contrast": "LoRA on, with trigger",
    "others-base": "Without the LoRA",
    "others": "LoRA on, no trigger",
}
"""conditions in a stranger's words, in the order in which a reader needs them"""
IN_A_ROW = ("base", "class", "trigger", "description")
DECISIVE = {
    "bleed": ("base", "class"),
    "inert": ("trigger-base", "trigger"),
    "memorised": ("base", "trigger"),
    "context-leak": ("contrast-base", "contrast"),
}
"""by symptom, the two conditions that show it; any other question is what the trigger brings

A file that does nothing is shown by the very same words: under other words the pictures differ without any LoRA.
"""
OTHERWISE = (("class", "trigger", "person"), ("base", "class", "person"), ("base", "trigger", "person"))
MOST = 8
"""prompts whose pictures can be compared in large"""


@dataclass(frozen=True)
class Chosen:
    """Shots of one prompt and seed, and why just these."""

    shots: tuple[Shot, ...]
    why: str = ""


@dataclass(frozen=True)
class Comparison:
    tiles: tuple[Tile, ...]
    question: str
    why: str

    @property
    def titled(self) -> list[tuple[str, Tile]]:
        return [(TITLES[tile.shot.arm], tile) for tile in self.tiles]

    @property
    def seed(self) -> int:
        return self.tiles[0].shot.seed

    @property
    def prompt_id(self) -> str:
        return self.tiles[0].shot.prompt_id


def comparison(chosen: Chosen | None, gallery: Gallery) -> Comparison | None:
    if chosen is None:
        return None
    tiles = tuple(gallery.by_id[shot.id] for shot in chosen.shots)
    return Comparison(tiles, question(chosen.shots[-1], gallery.case), chosen.why)


def decisive(shots: tuple[Shot, ...], likely: Mapping[str, float], diagnosis: Diagnosis, class_word: str) -> Chosen | None:
    """The one pair of the first screen: of the leading symptom, the median by its effect and so neither best nor worst."""
    shown = [_telling(symptom, class_word) for symptom in diagnosis.symptoms[:1] if symptom.name in DECISIVE]
    for before, after, kind in (*shown, *OTHERWISE):
        pairs = _groups(shots, (before, after), kind)
        if pairs:
            return _median(pairs, likely)
    return None


def _telling(symptom: Symptom, class_word: str) -> tuple[str, str, str]:
    """The two conditions, and the kind of prompt. Who bleeds into pairs or into the other sex alone is shown there."""
    elsewhere = symptom.name == "bleed" and symptom.cites and "bleed.class" not in symptom.cites
    kind = prompt_kind(symptom.cites[0], class_word) if elsewhere else None
    return ("others-base", "others", kind) if kind else (*DECISIVE[symptom.name], "person")


def in_a_row(shots: tuple[Shot, ...]) -> list[Chosen]:
    """For each prompt the first seed in every condition that was drawn."""
    arms = tuple(arm for arm in IN_A_ROW if any(shot.arm == arm for shot in shots))
    first: dict[str, tuple[Shot, ...]] = {}
    for group in _groups(shots, arms):
        first.setdefault(group[0].prompt_id, group)
    return [Chosen(group) for group in list(first.values())[:MOST]] if len(arms) > 1 else []


def _groups(shots: tuple[Shot, ...], arms: tuple[str, ...], kind: str = "person") -> list[tuple[Shot, ...]]:
    """Whole groups only: one prompt and seed in all of these conditions."""
    drawn = [shot for shot in shots if shot.arm in arms and shot.variant == "full" and shot.kind == kind]
    groups: dict[tuple[str, int], dict[str, Shot]] = {}
    for shot in drawn:
        groups.setdefault((shot.prompt_id, shot.seed), {})[shot.arm] = shot
    return [tuple(group[arm] for arm in arms) for group in groups.values() if len(group) == len(arms)]


def _median(pairs: list[tuple[Shot, ...]], likely: Mapping[str, float]) -> Chosen:
    effects = [(_effect(pair, likely), index) for index, pair in enumerate(pairs)]
    ranked = sorted((effect, index) for effect, index in effects if effect is not None)
    if not ranked:
        return Chosen(pairs[0], "No likeness could be measured, so this is simply the first prompt.")
    effect, index = ranked[(len(ranked) - 1) // 2]
    why = f"The middle one of {len(ranked)} pairs by the step in likeness ({effect:+.2f}): neither best nor worst."
    return Chosen(pairs[index], why)


def _effect(pair: tuple[Shot, ...], likely: Mapping[str, float]) -> float | None:
    before, after = likely.get(pair[0].id), likely.get(pair[-1].id)
    return None if before is None or after is None else after - before
