"""Simulated runs for the gate: each is made once, and copied by tests that change it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from gates import ANYTIME

from fluxdiag.gate import gate
from fluxdiag.gating.reading import read_policy
from fluxdiag.runs import Run
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, judged


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return judged(tmp_path_factory.mktemp("runs") / "healthy", HEALTHY_TRUTH)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return judged(tmp_path_factory.mktemp("runs") / "faulty", FAULTY_TRUTH)


@pytest.fixture
def copy(healthy: Run, tmp_path: Path) -> Run:
    """The healthy run, to be spoilt."""
    return Run(Path(shutil.copytree(healthy.folder, tmp_path / "run")))


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """`fluxdiag` of this source, for shell steps: its folder goes into PATH."""
    path = tmp_path / "bin" / "fluxdiag"
    path.parent.mkdir()
    source = Path(__file__).parents[2] / "src"
    path.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(source)!r})\nfrom fluxdiag.__main__ import main\nmain()\n"
    )
    path.chmod(0o755)
    return path


@pytest.fixture
def judge(tmp_path: Path):
    """judge(run, policy text) -> GateResult, on a day that no waiver of the tests has yet reached."""

    def judge_by(run: Run, policy: str, **given):
        path = tmp_path / "mine.toml"
        path.write_text(policy if "schema" in policy else f"schema = 1\n{policy}", encoding="utf-8")
        return gate(run, read_policy(str(path)), **{"today": ANYTIME, **given})

    return judge_by
