"""Does the change fill the rank that it was given? Singular values of a handful of layers as small multiples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from fluxdiag.blocks import block_of
from fluxdiag.records import LayerSpectrum
from fluxdiag.reporting.words import number, text

MOST = 0.9
"""share of a change (of its squared Frobenius norm) that stands for nearly all of it"""
TABLED = (1, 2, 4, 8, 16, 32, 64, 128)
"""singular values that the table shows, by their place"""
NOT_RECORDED = "not recorded by the version that made this run; fluxdiag inspect FILE --json lists every value"


@dataclass(frozen=True)
class Panel:
    """One layer. `reach` is how many of its directions carry MOST of the change; None where not all values are known."""

    block: str
    layer: str
    rank: int
    largest: float
    values: tuple[float, ...]
    reach: int | None
    effective: float | None

    @property
    def steps(self) -> str:
        """Outline of its bars, each one wide: `d` of a path in a box as wide as there are directions, and 100 high."""
        return "M0 100" + "".join(f"V{number(100 * (1 - value), 1)}h1" for value in self.values) + "V100z"

    @property
    def tabled(self) -> list[float | None]:
        return [self.values[place - 1] if place <= len(self.values) else None for place in TABLED]


@dataclass(frozen=True)
class Ranks:
    """All panels have one axis, from 0 to `width` directions. Without any `why` says the reason."""

    panels: tuple[Panel, ...]
    says: str = ""
    why: str = ""

    @property
    def width(self) -> int:
        """The highest rank that can be drawn beside the values that were kept."""
        kept = max(len(panel.values) for panel in self.panels)
        return max([kept, *(panel.rank for panel in self.panels if panel.rank <= max(TABLED))])

    @property
    def columns(self) -> tuple[int, ...]:
        return tuple(place for place in TABLED if place <= self.width)


def ranks_of(spectra: Sequence[LayerSpectrum] | None) -> Ranks:
    if not spectra:
        return Ranks((), why=NOT_RECORDED if spectra is None else "no layer of a block changes anything")
    panels = tuple(_panel(one) for one in spectra)
    return Ranks(panels, _said(panels))


def _panel(one: LayerSpectrum) -> Panel:
    found = block_of(one.path)
    block = f"{'single' if found.single else 'double'} block {found.number}" if found else "outside the blocks"
    layer = found.layer if found else one.path
    reach = _reach(one.values) if one.whole else None
    return Panel(text(block, 40), text(layer, 80), one.rank, one.largest, one.values, reach, one.effective_rank)


def _reach(values: Sequence[float]) -> int:
    """So many of the first values hold MOST of the sum of squares."""
    left = MOST * sum(value**2 for value in values)
    for count, value in enumerate(values, 1):
        left -= value**2
        if left <= 1e-12:
            return count
    return len(values)


def _said(panels: Sequence[Panel]) -> str:
    """How much of the room is used, in one sentence."""
    reaches = sorted(panel.reach for panel in panels if panel.reach is not None)
    if not reaches:
        return "Only the largest values of these layers were worked out, so how much of their rank is used cannot be said."
    ranks = sorted({panel.rank for panel in panels})
    room = f"{ranks[0]}" if len(ranks) == 1 else f"{ranks[0]} to {ranks[-1]}"
    used = f"{reaches[0]}" if reaches[0] == reaches[-1] else f"{reaches[0]} to {reaches[-1]} (median {median(reaches):g})"
    return f"{MOST:.0%} of the change lies in {used} directions; the rank leaves room for {room}."
