"""Which blocks of FLUX.1 a pattern over module paths means, for trainers that are told blocks by name or number."""

from __future__ import annotations

import re

from fluxdiag.blocks import DOUBLE_BLOCKS, SINGLE_BLOCKS
from fluxdiag.errors import FluxdiagError


def chosen_blocks(pattern: str) -> tuple[str, ...] | None:
    """`single_transformer_blocks.3` and the like, in order; None for an empty pattern, which is every block.

    Raises FluxdiagError where the pattern means no block at all.
    """
    if not pattern:
        return None
    kinds = (("transformer_blocks", DOUBLE_BLOCKS), ("single_transformer_blocks", SINGLE_BLOCKS))
    every = [f"{kind}.{number}" for kind, count in kinds for number in range(count)]
    chosen = tuple(block for block in every if re.search(pattern, f"transformer.{block}."))
    if not chosen:
        raise FluxdiagError(f"no block of FLUX.1 matches {pattern!r}", do="Widen the pattern in the base's profile")
    return chosen if len(chosen) < len(every) else None


def numbers(blocks: tuple[str, ...], kind: str) -> str:
    """`0-14` or `1,3,7-9`, as kohya's scripts take them; `none` for no block of the kind."""
    found = sorted(int(block.rpartition(".")[2]) for block in blocks if block.rpartition(".")[0] == kind)
    runs: list[list[int]] = []
    for number in found:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs) or "none"
