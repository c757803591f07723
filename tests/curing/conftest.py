"""The base and the trainer that the tests of retraining are given."""

from __future__ import annotations

from pathlib import Path

import pytest

import fake_ai_toolkit
from fluxdiag.retrain import Options
from judged_runs import miniature


@pytest.fixture
def base(tmp_path, tiny_base) -> Path:
    return miniature(tmp_path / "base", tiny_base)


@pytest.fixture
def ai_toolkit(tmp_path) -> Options:
    home, python = fake_ai_toolkit.checkout(tmp_path / "ai-toolkit"), fake_ai_toolkit.python(tmp_path / "venv")
    return Options(home=home, python=python)
