"""What can be done to the LoRA on trial without training: another strength, a lower rank, fewer blocks.

A suite names a variant, the adapter shows it, `repair` writes it to a file. The names:

    full   strength-0.8   rank-16   without-double   only-single-early   rank-16+strength-0.8

Groups of blocks: `double`, `single-early` (the profile's `appearance_blocks`), `single-late`, and `outside` for the rest of
the transformer. The text encoders' layers belong to no group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from fluxdiag import blocks
from fluxdiag.errors import FluxdiagError
from fluxdiag.profiles import Profile
from fluxdiag.records import LoraFile

if TYPE_CHECKING:
    from fluxdiag.lora import Lora

GROUPS = tuple(group for group in blocks.GROUPS if group != "text-encoder")
BAND_HIGH = "rank-band-high"
"""cut to the highest rank that the profile's band allows; not drawn where the file's is no higher"""
KNOWN = "`full`, `strength-0.8`, `rank-16`, `rank-band-high`, `without-` or `only-` and one of " + ", ".join(GROUPS)


@dataclass(frozen=True)
class Variant:
    """`strength` is times the case's; `rank` None: as in the file; `without`: groups of blocks that are switched off."""

    strength: float = 1.0
    rank: int | None = None
    without: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The one spelling of this variant: `without-double+rank-16+strength-0.8`."""
        parts = [f"without-{group}" for group in GROUPS if group in self.without]
        parts += [] if self.rank is None else [f"rank-{self.rank}"]
        parts += [] if self.strength == 1 else [f"strength-{self.strength:g}"]
        return "+".join(parts) or "full"

    def at(self, strength: float) -> Variant:
        """The same edit at another strength."""
        return replace(self, strength=round(strength, 4))


FULL = Variant()


def parsed(name: str) -> Variant | None:
    """What a name means; None where there is no such variant."""
    variant = FULL
    for part in name.split("+"):
        kind, _, value = part.partition("-")
        if part == "full":
            continue
        if kind == "strength" and re.fullmatch(r"\d+(\.\d+)?", value):
            variant = replace(variant, strength=float(value))
        elif kind == "rank" and re.fullmatch(r"[1-9]\d{0,4}", value):
            variant = replace(variant, rank=int(value))
        elif kind in ("without", "only") and value in GROUPS:
            gone = {value} if kind == "without" else set(GROUPS) - {value}
            variant = replace(variant, without=variant.without | gone)
        else:
            return None
    return variant


def is_variant(name: str) -> bool:
    return name == BAND_HIGH or parsed(name) is not None


def resolved(name: str, file: LoraFile, profile: Profile) -> Variant | str:
    """The variant that a name means for this file, or the reason why it would show nothing new."""
    variant = Variant(rank=round(profile.bands["rank"].high)) if name == BAND_HIGH else parsed(name)
    if variant is None:
        raise FluxdiagError(f"there is no adapter variant {name[:100]!r}", do=f"Known: {KNOWN}")
    if variant.rank is not None and variant.rank >= file.rank_max:
        return f"the LoRA's rank, {file.rank_max}, is not above {variant.rank}"
    return variant


def group_of(path: str, profile: Profile) -> str:
    """Which group of blocks a layer belongs to on this base."""
    return blocks.group_of(path, profile.appearance_blocks)


def edited(lora: Lora, variant: Variant, profile: Profile) -> Lora:
    """The LoRA that shows at 1 what this one shows as the variant; every edit leaves its note in the metadata.

    Raises FluxdiagError where nothing is left of it.
    """
    from fluxdiag.lora.edits import dropped, scaled, truncated  # numpy: not for everyone who only names a variant

    numbers = {group: _blocks(lora, group, profile) for group in sorted(variant.without)}
    gone = ",".join(found for found in numbers.values() if found)
    changed = dropped(lora, gone) if gone else lora
    changed = changed if variant.rank is None else truncated(changed, variant.rank)
    return changed if variant.strength == 1 else scaled(changed, variant.strength)


def _blocks(lora: Lora, group: str, profile: Profile) -> str:
    """The group's layers that the file has, as `lora/edits.py` takes them; empty where it has none."""
    paths = [path for path in lora.modules if group_of(path, profile) == group]
    if not paths or not group.startswith("single"):
        return group if paths else ""
    return ",".join(_ranges(block.number for path in paths if (block := blocks.block_of(path))))


def _ranges(numbers: Iterable[int]) -> list[str]:
    """0, 1, 2, 5 -> single:0-2, single:5-5"""
    runs = groupby(enumerate(sorted(set(numbers))), key=lambda pair: pair[1] - pair[0])
    found = [[number for _, number in run] for _, run in runs]
    return [f"single:{run[0]}-{run[-1]}" for run in found]
