"""What many tests share: a FLUX.1 pipeline of random weights, and the laboratory where it has been made."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that FluxPipeline.from_pretrained loads: the laboratory's architecture, untrained."""
    from fluxlab.base import new_base
    from fluxlab.codec import new_codec
    from fluxlab.make import assemble

    folder = tmp_path_factory.mktemp("tiny") / "tiny-flux"
    assemble(new_base(folder.parent), new_codec(), folder)
    return folder


@pytest.fixture(scope="session")
def laboratory() -> Path:
    """The folder with `weights/` and `examples/`; skips where `fluxlab make` has not been run."""
    import fluxlab

    folder = Path(fluxlab.__file__).parent
    if not (folder / "weights" / "base" / "model_index.json").is_file():
        pytest.skip("the laboratory's weights are not here")
    return folder
