"""Streams that the shell has closed, or that take nothing: never a verdict that is none, never a word within the JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxdiag import __main__ as program
from fluxdiag.commands.talk import progress
from fluxdiag.records import ExitCode
from reported import FAULTY_TRUTH, HEALTHY_TRUTH, judged

FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
PROGRAM = "import sys; from fluxdiag.__main__ import main; sys.argv[0] = 'fluxdiag'; main()"
WITH_A_BUG = "import fluxdiag.diagnose as d; d.diagnose = lambda *_, **__: 1 / 0; " + PROGRAM


@pytest.fixture(scope="module")
def healthy(tmp_path_factory) -> Path:
    return judged(tmp_path_factory.mktemp("run"), HEALTHY_TRUTH).folder


def call(streams: str, *arguments: object, code: str = PROGRAM) -> subprocess.CompletedProcess[str]:
    """`streams` as a shell has them: `2>&-` closes stderr."""
    command = ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-c", code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@FULL
@pytest.mark.parametrize("verb", [("gate", "--policy", "hobby"), ("diagnose",)], ids=["gate", "diagnose"])
def test_a_healthy_run_is_no_problem_where_stderr_is_full(healthy, verb):
    assert call("2>/dev/full", *verb, healthy).returncode == ExitCode.USAGE


@FULL
def test_a_bug_stays_a_bug_where_stderr_is_full(healthy):
    assert call("2>/dev/full", "diagnose", healthy, code=WITH_A_BUG).returncode == ExitCode.BUG


@FULL
def test_ctrl_c_stays_ctrl_c_where_stderr_is_full(healthy):
    pressed = "import signal, fluxdiag.diagnose as d; d.diagnose = lambda *_, **__: signal.raise_signal(signal.SIGINT); "
    assert call("2>/dev/full", "diagnose", healthy, code=pressed + PROGRAM).returncode == program.STOPPED


def test_with_stderr_closed_stdout_holds_the_answer_alone(healthy):
    done = call("2>&-", "gate", healthy, "--policy", "hobby", "--json")
    assert (done.returncode, json.loads(done.stdout)["schema"]) == (ExitCode.HEALTHY, 1)


def test_with_stderr_closed_the_verdict_is_the_same(tmp_path):
    faulty = judged(tmp_path / "run", FAULTY_TRUTH).folder
    done = call("2>&-", "diagnose", faulty)
    assert (done.returncode, done.stdout) == (ExitCode.PROBLEM, "")


@pytest.mark.parametrize("arguments", [("gate", "--policy", "hobby", "--print-policy"), ("--help",)], ids=["policy", "help"])
def test_an_answer_that_has_nowhere_to_go_is_refused(arguments):
    done = call(">&-", *arguments)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == "fluxdiag: stdout: is closed, and there is an answer to print. Give it a place, such as > FILE\n"


def test_a_command_that_prints_no_answer_needs_no_stdout(healthy):
    done = call(">&-", "gate", healthy, "--policy", "hobby")
    assert (done.returncode, "gate passed" in done.stderr) == (ExitCode.HEALTHY, True)


def test_no_file_gets_the_number_of_a_stream_that_is_closed(healthy):
    """What a library prints to 1 or 2 would go into it."""
    look = "import os, sys, fluxdiag.diagnose as d; d.diagnose = lambda *_, **__: sys.exit(40 + os.open(os.devnull, 0)); "
    assert call("<&- >&- 2>&-", "diagnose", healthy, code=look + PROGRAM).returncode > 42


@pytest.mark.parametrize(("every", "lines"), [(0.0, ["draw: 1 of 2", "draw: 2 of 2"]), (60.0, [])])
def test_a_log_is_told_now_and_then_that_the_work_goes_on(monkeypatch, capsys, every, lines):
    monkeypatch.setattr("fluxdiag.commands.talk.QUIET", every)
    with progress() as show:
        show("draw", 0, 2)
        show("draw", 1, 2)
    assert capsys.readouterr().err.splitlines() == lines
