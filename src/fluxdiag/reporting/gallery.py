"""Every generated picture in its place: a block for each prompt, a column for each condition, a row for each seed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.likeness import Likeness, likeness
from fluxdiag.instruments.tables import MEASURABLE, Tables
from fluxdiag.records import Case, Shot
from fluxdiag.reporting.pictures import NO_PICTURE, Picture
from fluxdiag.reporting.words import OUTCOMES, arm_label
from fluxdiag.suites import ARMS, subject_phrase

PEOPLE = ("person", "woman", "man", "group")
COMPARED = {"base": "Without the LoRA", "class": "LoRA on, no trigger", "trigger": "LoRA on, with trigger"}
"""the three conditions of the first comparison, in the order in which a reader needs them, in a stranger's words"""


@dataclass(frozen=True)
class Tile:
    """One picture. `likeness` is None where there is no scale or no face to measure."""

    shot: Shot
    arm: str
    picture: Picture
    likeness: float | None

    @property
    def outcome(self) -> str:
        """The word for what went otherwise than asked; where nobody was asked for, that is a face."""
        if self.shot.kind in PEOPLE:
            return OUTCOMES[self.shot.outcome]
        return "" if self.shot.outcome == "no-face" else "a face"

    @property
    def alt(self) -> str:
        """Unique in the page, for it names all that makes the picture."""
        outcome = f": {self.outcome}" if self.outcome else ""
        return f"{self.shot.prompt_id}, seed {self.shot.seed}, {self.arm}{outcome}"


@dataclass(frozen=True)
class Block:
    """One prompt. `rows` are (seed, a tile or None for each column)."""

    prompt_id: str
    text: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Tile | None, ...]], ...]


@dataclass(frozen=True)
class Probe:
    name: str
    blocks: tuple[Block, ...]
    pictures: int


@dataclass(frozen=True)
class Comparison:
    """The same prompt and seed in two or three conditions, each with its title, and why just this one is shown."""

    tiles: tuple[Tile, ...]
    question: str
    why: str

    @property
    def titled(self) -> list[tuple[str, Tile]]:
        return [(COMPARED[tile.shot.arm], tile) for tile in self.tiles]


def likenesses(tables: Tables) -> dict[str, float]:
    """Shot id -> likeness on the subject's scale, 0 being the mean of the base's pictures; {} where there is no scale."""
    try:
        person = likeness(tables)
        cosines = pd.Series({shot.id: _cosine(person, shot) for shot in _measurable(tables)}, dtype=float)
        return {str(shot): float(value) for shot, value in person.scale(cosines - person.floor).dropna().items()}
    except CannotMeasure:
        return {}


def _measurable(tables: Tables) -> list[pd.Series]:
    shots = tables.shots
    seen = shots[shots["outcome"].isin(MEASURABLE) & shots["id"].isin(list(tables.faces)) & shots["kind"].isin(PEOPLE)]
    return [row for _, row in seen.iterrows()]


def _cosine(person: Likeness, shot: pd.Series) -> float:
    """As the instruments have it: a single person's own face, in all other prompts the face most like the person."""
    faces = person.tables.faces[shot["id"]]
    toward = person.person_for(str(shot["prompt_id"]))
    return float((faces[:1] if shot["kind"] == "person" else faces).astype(float).dot(toward).max())


def tiles_of(shots: Iterable[Shot], pictures: dict[str, Picture], likely: dict[str, float]) -> list[Tile]:
    return [Tile(shot, _column(shot), pictures.get(shot.id, NO_PICTURE), likely.get(shot.id)) for shot in shots]


def _column(shot: Shot) -> str:
    """The condition in words; an adapter variant or another strength is a condition of its own."""
    return arm_label(shot.arm) if shot.variant == "full" else f"{arm_label(shot.arm)}, strength {shot.strength:g}"


def probes_of(tiles: list[Tile], case: Case) -> list[Probe]:
    """The whole gallery, in the order in which the suite asks."""
    names = dict.fromkeys(tile.shot.probe for tile in tiles)
    return [_probe(name, [tile for tile in tiles if tile.shot.probe == name], case) for name in names]


def _probe(name: str, tiles: list[Tile], case: Case) -> Probe:
    prompts = dict.fromkeys(tile.shot.prompt_id for tile in tiles)
    blocks = [_block(prompt, [tile for tile in tiles if tile.shot.prompt_id == prompt], case) for prompt in prompts]
    return Probe(name, tuple(blocks), len(tiles))


def _block(prompt_id: str, tiles: list[Tile], case: Case) -> Block:
    columns = tuple(dict.fromkeys(tile.arm for tile in sorted(tiles, key=_off_first)))
    placed = {(tile.shot.seed, tile.arm): tile for tile in tiles}
    seeds = sorted({tile.shot.seed for tile in tiles})
    rows = tuple((seed, tuple(placed.get((seed, column)) for column in columns)) for seed in seeds)
    return Block(prompt_id, _question(tiles[0].shot, case), tiles[0].shot.kind, columns, rows)


def _off_first(tile: Tile) -> tuple[bool, int, str]:
    order = list(ARMS)
    known = tile.shot.arm in ARMS
    # `base` before `trigger-base`, `class` before `trigger`: from what everybody gets to what only the trigger brings.
    calls = known and ARMS[tile.shot.arm].subject != "class"
    return tile.shot.lora, order.index(tile.shot.arm) if known and calls else -1 if known else len(order), tile.arm


def _question(shot: Shot, case: Case) -> str:
    """The prompt with its subject left open, for the subject differs from column to column."""
    phrase = subject_phrase(case, ARMS[shot.arm].subject) if shot.arm in ARMS else None
    return shot.prompt.replace(phrase, "[subject]", 1) if phrase else shot.prompt


# ------------------------------------------------------------------------------------------------ the first comparison


def comparison(tiles: list[Tile], case: Case) -> Comparison | None:
    """One prompt and seed, chosen as the median of the trigger's effect, so that it is neither the best nor the worst."""
    drawn = [tile for tile in tiles if tile.shot.arm in COMPARED and tile.shot.variant == "full" and tile.shot.kind == "person"]
    arms = [arm for arm in COMPARED if any(tile.shot.arm == arm for tile in drawn)]
    groups: dict[tuple[str, int], dict[str, Tile]] = {}
    for tile in drawn:
        groups.setdefault((tile.shot.prompt_id, tile.shot.seed), {})[tile.shot.arm] = tile
    whole = [tuple(group[arm] for arm in arms) for group in groups.values() if len(group) == len(arms)]
    if len(arms) < 2 or not whole:
        return None
    chosen, why = _median(whole)
    return Comparison(chosen, _question(chosen[-1].shot, case), why)


def _median(groups: list[tuple[Tile, ...]]) -> tuple[tuple[Tile, ...], str]:
    """One group and why it is this one. The last two conditions are class word and trigger, or whatever two were drawn."""
    effects = [(_difference(group), index) for index, group in enumerate(groups)]
    ranked = sorted((effect, index) for effect, index in effects if effect is not None)
    if not ranked:
        return groups[0], "No likeness could be measured, so this is simply the first prompt."
    effect, index = ranked[(len(ranked) - 1) // 2]
    last = groups[index]
    step = f"the step in likeness from {len(last) - 1} to {len(last)} ({effect:+.2f})"
    why = f"Neither the best nor the worst: the middle one of {len(ranked)} by {step}."
    return last, why


def _difference(group: tuple[Tile, ...]) -> float | None:
    before, after = group[-2].likeness, group[-1].likeness
    return None if before is None or after is None else after - before
