"""Every generated picture in its place: a block for each prompt, a column for each condition, a row for each seed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from fluxdiag.records import Case, Shot
from fluxdiag.reporting.pictures import ANOTHER, Views
from fluxdiag.reporting.series import PEOPLE
from fluxdiag.reporting.words import OUTCOMES, OUTCOMES_OF_A_PAIR, arm_label, variant_words
from fluxdiag.suites import ARMS, subject_phrase

LINKED = re.compile(r"shots/[\w.-]+\.(png|webp)", re.ASCII)
"""files of the run folder that the page may lead to; anything else is somebody else's idea of a link"""
ANCHOR = re.compile(r"[\w.-]+", re.ASCII)
MOST_FACES = 16
"""of an arm, those most like the person first"""


@dataclass(frozen=True)
class Tile:
    """One picture. `likeness` is None where there is no scale or no face to measure."""

    shot: Shot
    arm: str
    views: Views
    likeness: float | None

    @property
    def outcome(self) -> str:
        """The word for what went otherwise than asked: one face where a pair was, any face where nobody was."""
        if self.shot.kind == "group":
            return OUTCOMES_OF_A_PAIR[self.shot.outcome]
        if self.shot.kind in PEOPLE:
            return OUTCOMES[self.shot.outcome]
        return "" if self.shot.outcome == "no-face" else "a face"

    @property
    def odd(self) -> bool:
        return bool(self.outcome) or self.views.small.uri is None

    @property
    def alt(self) -> str:
        """Unique in the page, for it names all that makes the picture."""
        outcome = f": {self.outcome}" if self.outcome else ""
        return f"{self.shot.prompt_id}, seed {self.shot.seed}, {self.arm}{outcome}"

    @property
    def anchor(self) -> str:
        """The picture's own address in the page; a run folder that came from elsewhere may name its shots as it likes."""
        return f"shot-{self.shot.id}" if ANCHOR.fullmatch(self.shot.id) else ""

    @property
    def file(self) -> str:
        """Where the whole picture lies beside the report, or nowhere."""
        return self.shot.file if LINKED.fullmatch(self.shot.file) and ".." not in self.shot.file else ""


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
    odd: int


@dataclass(frozen=True)
class Faces:
    """The faces of one condition, most like the person first."""

    title: str
    tiles: tuple[Tile, ...]
    without: int
    """pictures in which no face could be measured"""


@dataclass(frozen=True)
class Gallery:
    """All tiles of the run, and the ways in which the page shows them."""

    tiles: tuple[Tile, ...]
    case: Case

    @cached_property
    def probes(self) -> list[Probe]:
        """In the order in which the suite asks."""
        names = dict.fromkeys(tile.shot.probe for tile in self.tiles)
        return [_probe(name, [tile for tile in self.tiles if tile.shot.probe == name], self.case) for name in names]

    @cached_property
    def by_id(self) -> dict[str, Tile]:
        return {tile.shot.id: tile for tile in self.tiles}

    @property
    def odd(self) -> int:
        return sum(tile.odd for tile in self.tiles)

    @property
    def missing(self) -> int:
        return sum(tile.views.small.uri is None for tile in self.tiles) - self.swapped

    @property
    def swapped(self) -> int:
        return sum(tile.views.small is ANOTHER for tile in self.tiles)

    @property
    def arms(self) -> list[tuple[str, str | None]]:
        """(arm, what stands for the subject in its prompts)"""
        drawn = {tile.shot.arm for tile in self.tiles}
        return [(arm, subject_phrase(self.case, ARMS[arm].subject)) for arm in ARMS if arm in drawn]

    def faces(self, arm: str) -> Faces:
        tiles = [t for t in self.tiles if t.shot.arm == arm and t.shot.kind == "person" and t.shot.variant == "full"]
        seen = [tile for tile in tiles if tile.likeness is not None and tile.views.face.uri is not None]
        ranked = sorted(seen, key=lambda tile: -(tile.likeness or 0.0))
        return Faces(arm_label(arm), tuple(ranked[:MOST_FACES]), len(tiles) - len(seen))


def tiles_of(shots: Iterable[Shot], views: Mapping[str, Views], likely: Mapping[str, float]) -> tuple[Tile, ...]:
    return tuple(Tile(shot, _column(shot), views.get(shot.id, Views()), likely.get(shot.id)) for shot in shots)


def _column(shot: Shot) -> str:
    """The condition in words; an adapter variant or another strength is a condition of its own."""
    return arm_label(shot.arm) if shot.variant == "full" else f"{arm_label(shot.arm)}, {variant_words(shot.variant)}"


def _probe(name: str, tiles: list[Tile], case: Case) -> Probe:
    prompts = dict.fromkeys(tile.shot.prompt_id for tile in tiles)
    blocks = [_block(prompt, [tile for tile in tiles if tile.shot.prompt_id == prompt], case) for prompt in prompts]
    return Probe(name, tuple(blocks), len(tiles), sum(tile.odd for tile in tiles))


def _block(prompt_id: str, tiles: list[Tile], case: Case) -> Block:
    columns = tuple(dict.fromkeys(tile.arm for tile in sorted(tiles, key=_off_first)))
    placed = {(tile.shot.seed, tile.arm): tile for tile in tiles}
    seeds = sorted({tile.shot.seed for tile in tiles})
    rows = tuple((seed, tuple(placed.get((seed, column)) for column in columns)) for seed in seeds)
    return Block(prompt_id, question(tiles[0].shot, case), tiles[0].shot.kind, columns, rows)


def _off_first(tile: Tile) -> tuple[bool, int, str]:
    order = list(ARMS)
    known = tile.shot.arm in ARMS
    # `base` before `trigger-base`, `class` before `trigger`: from what everybody gets to what only the trigger brings.
    calls = known and ARMS[tile.shot.arm].subject != "class"
    return tile.shot.lora, order.index(tile.shot.arm) if known and calls else -1 if known else len(order), tile.arm


def question(shot: Shot, case: Case) -> str:
    """The prompt with its subject left open, for the subject differs from column to column."""
    phrase = subject_phrase(case, ARMS[shot.arm].subject) if shot.arm in ARMS else None
    return shot.prompt.replace(phrase, "[subject]", 1) if phrase else shot.prompt
