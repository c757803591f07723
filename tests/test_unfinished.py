"""The page of a run that cannot be judged: what is there, and the call that does the rest."""

import pytest

from fluxdiag.errors import FluxdiagError
from fluxdiag.report import render
from reported import judged
from states import STATES


def page(run) -> str:
    with pytest.raises(FluxdiagError):
        render(run)
    return run.report_file.read_text()


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory) -> str:
    return page(STATES["interrupted"](tmp_path_factory.mktemp("interrupted")))


def test_commands_are_code_and_no_backtick_is_left(interrupted):
    assert "<code>fluxdiag gather run</code>" in interrupted
    assert "`" not in interrupted.partition("<main>")[0].rpartition("<header")[2]


def test_the_call_that_does_the_rest_comes_first(interrupted):
    assert "<code>fluxdiag report LORA</code>" in interrupted
    assert "(gather, measure, diagnose, report)" in interrupted


def test_that_not_every_picture_is_shown_is_said(interrupted):
    assert "20 pictures lie in the run folder, here are 12 of them." in interrupted


def test_a_run_whose_files_do_not_belong_together_is_not_resumed(tmp_path):
    run = judged(tmp_path / "run")
    run.evidence_file.write_text(run.evidence_file.read_text() + "\n")
    text = page(run)
    assert "CANNOT BE READ" in text
    assert "report LORA" not in text
    assert "<code>fluxdiag diagnose run</code>" in text
