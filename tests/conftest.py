"""What many tests share: a FLUX.1 pipeline of random weights, the laboratory where it has been made, the command line."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest

# Tests hold results to the bit, and a card adds up in another order: they run on the processor, those of the card when asked.
if "FLUXDIAG_TEST_CARD" not in os.environ:
    os.environ["CUDA_VISIBLE_DEVICES"] = ""

# Each of several workers computes with its share of the cores; so do the programs that it starts.
if workers := int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0")):
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))

# A busy machine is no fault of the code.
hypothesis.settings.register_profile("fluxdiag", deadline=None)
hypothesis.settings.load_profile("fluxdiag")


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
    """The folder with `weights/`; skips where `fluxlab make` has not been run."""
    import fluxlab

    folder = Path(fluxlab.__file__).parent
    if not (folder / "weights" / "base" / "model_index.json").is_file():
        pytest.skip("the laboratory's weights are not here")
    return folder


@pytest.fixture(scope="session")
def examples(laboratory: Path) -> Path:
    """The folder of the example LoRAs, with the weights beside it."""
    folder = laboratory / "examples"
    if not folder.is_dir():
        pytest.skip("the example LoRAs are not here")
    return folder


@pytest.fixture
def no_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which CLIP's merges, by which a trigger is judged, cannot be found."""
    nothing = SimpleNamespace(util=SimpleNamespace(find_spec=lambda name: None))
    monkeypatch.setattr("fluxdiag.dataset.trigger_judging.importlib", nothing)


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def mistake(self) -> str:
        """The sentence about what was wrong: the last line on stderr, and never a traceback."""
        assert "Traceback" not in self.err
        assert self.err.endswith("\n")
        return self.err.splitlines()[-1]


@pytest.fixture
def fluxdiag(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Callable[..., Done]]:
    """fluxdiag("report", "x.safetensors") -> Done. In this process, for half of the commands import torch."""
    from fluxdiag.__main__ import main

    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLUXDIAG_CACHE", str(tmp_path / "home" / "cache"))
    monkeypatch.delenv("FLUXDIAG_BASE", raising=False)
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGINT)

    def call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["fluxdiag", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        return Done(int(end.value.code or 0), *capsys.readouterr())

    yield call
    signal.signal(signal.SIGINT, before)
