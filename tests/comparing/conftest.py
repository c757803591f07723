"""One pair of runs for all tests of this folder: measuring them again and again is what takes the time."""

from __future__ import annotations

import pytest

from fluxdiag.compare import compare
from fluxdiag.comparing.records import Compared
from fluxdiag.runs import Run
from reported import FAULTY_TRUTH, judged


@pytest.fixture(scope="session")
def before(tmp_path_factory) -> Run:
    return judged(tmp_path_factory.mktemp("before") / "run", FAULTY_TRUTH)


@pytest.fixture(scope="session")
def after(tmp_path_factory) -> Run:
    return judged(tmp_path_factory.mktemp("after") / "run")


@pytest.fixture(scope="session")
def compared(before, after) -> Compared:
    return compare(before, after)
