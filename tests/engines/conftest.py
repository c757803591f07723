"""What the tests of the engines share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tiny import new_transformer

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from diffusers import FluxTransformer2DModel

    from fluxdiag.engines.training_cache import Encoded, Example

GRID = (2, 2)


@pytest.fixture
def transformer() -> FluxTransformer2DModel:
    """A new one for every test: an adapter that is installed stays."""
    return new_transformer()


@pytest.fixture
def encoded(tiny_base: Path) -> Encoded:
    """Six made-up examples of 2 x 2 tokens, every second of other people; the empty caption is all noughts."""
    import torch

    from fluxdiag.engines.adapter import load_transformer
    from fluxdiag.engines.training_cache import Encoded, Example

    config = load_transformer(str(tiny_base), "float32").config
    random = torch.Generator().manual_seed(3)

    def noise(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=random)

    def example(regularisation: bool) -> Example:
        words = noise(5, config.joint_attention_dim), noise(config.pooled_projection_dim)
        return Example(noise(GRID[0] * GRID[1], config.in_channels), GRID, *words, regularisation)

    empty = torch.zeros(5, config.joint_attention_dim), torch.zeros(config.pooled_projection_dim)
    return Encoded(tuple(example(bool(number % 2)) for number in range(6)), empty)
