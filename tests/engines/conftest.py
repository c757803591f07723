"""What the tests of the engines share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tiny import new_transformer

if TYPE_CHECKING:
    from diffusers import FluxTransformer2DModel


@pytest.fixture
def transformer() -> FluxTransformer2DModel:
    """A new one for every test: an adapter that is installed stays."""
    return new_transformer()
