"""Where in FLUX.1 a layer lies, as its path says, and the groups of blocks that `inspect`, `repair` and probes speak of.

`single-early` are the single blocks in which appearance sits: the profile of a base says which (`appearance_blocks`). A file
alone names no profile; then they are as many of the first ones as in FLUX.1, and of a base of another depth the same share.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, get_args

DOUBLE_BLOCKS, SINGLE_BLOCKS = 19, 38
"""of FLUX.1 [dev] and [schnell]"""
APPEARANCE = 15
"""so many of the first single blocks (field guide, section 6)"""

Group = Literal["double", "single-early", "single-late", "outside", "text-encoder"]
GROUPS: tuple[Group, ...] = get_args(Group)
"""in the order in which the model runs"""
PATH = re.compile(r"transformer\.((?:single_)?transformer_blocks)\.(\d+)\.(.+)")


class Block(NamedTuple):
    """Of one layer, whose own name in it is `layer`; `kind` as diffusers has it, `single_transformer_blocks`."""

    kind: str
    number: int
    layer: str

    @property
    def single(self) -> bool:
        return self.kind.startswith("single_")


def block_of(path: str) -> Block | None:
    """None for what lies outside the blocks, text encoders included."""
    found = PATH.fullmatch(path)
    return None if found is None else Block(found[1], int(found[2]), found[3])


def group_of(path: str, appearance: str) -> Group:
    """`appearance`: a pattern over the paths of those single blocks that are the early ones."""
    if path.startswith("text_encoder"):
        return "text-encoder"
    block = block_of(path)
    if block is None:
        return "outside"
    if not block.single:
        return "double"
    return "single-early" if re.match(appearance, path) else "single-late"


def appearance_blocks(singles: int) -> str:
    """As a profile has them, for a base of so many single blocks of which there is no profile."""
    first = "|".join(str(number) for number in range(round(singles * APPEARANCE / SINGLE_BLOCKS)))
    return rf"^transformer\.single_transformer_blocks\.({first})\."
