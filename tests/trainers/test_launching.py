"""Processes are really started here: programs that do what trainers do when all is well and when it is not."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from launched import launch

from fluxdiag.errors import FluxdiagError, RunMismatch
from fluxdiag.trainers.contract import Command


def program(folder: Path, text: str, *arguments: str) -> Command:
    script = folder / "program.py"
    script.write_text(text)
    return Command((sys.executable, str(script), *arguments), folder)


def heard(folder: Path, text: str, *arguments: str) -> list[str]:
    lines: list[str] = []
    launch(program(folder, text, *arguments), folder / "train.log", lines.append)
    return lines


def test_bars_that_overwrite_themselves_are_lines_each(tmp_path):
    said = heard(tmp_path, "import sys\nfor n in range(3): sys.stderr.write(f'\\rstep {n}')\nprint('\\nend', end='')")
    assert said == ["step 0", "step 1", "step 2", "end"]


def test_everything_is_kept_in_the_log_of_every_start(tmp_path):
    heard(tmp_path, "print('one')")
    heard(tmp_path, "print('two')")
    assert (tmp_path / "train.log").read_text().split() == ["one", "two"]


def test_arguments_are_never_read_by_a_shell(tmp_path):
    assert heard(tmp_path, "import sys\nprint(sys.argv[1])", "$(touch pwned); `x` && y") == ["$(touch pwned); `x` && y"]
    assert not (tmp_path / "pwned").exists()


def test_bytes_that_are_no_text_do_no_harm(tmp_path):
    assert heard(tmp_path, "import sys\nsys.stdout.buffer.write(b'loss \\xff\\xfe 1\\n')") == ["loss �� 1"]


def test_a_question_gets_no_answer_rather_than_to_wait_for_ever(tmp_path):
    with pytest.raises(FluxdiagError, match="EOFError"):
        heard(tmp_path, "input('Log in: ')")


def test_a_program_that_fails_is_quoted(tmp_path):
    with pytest.raises(FluxdiagError, match=r"code 3.*CUDA out of memory") as failed:
        heard(tmp_path, "import sys\nprint('CUDA out of memory')\nsys.exit(3)")
    assert failed.value.where == str(tmp_path / "train.log")


def test_one_that_is_killed_is_said_to_be(tmp_path):
    with pytest.raises(FluxdiagError, match="signal 9"):
        heard(tmp_path, "import os\nos.kill(os.getpid(), 9)")


@pytest.mark.parametrize("home", ["nowhere", "program.txt"])
def test_one_that_cannot_be_started_is_named(home, tmp_path):
    (tmp_path / "program.txt").touch(mode=0o644)
    with pytest.raises(FluxdiagError, match="cannot be started"):
        launch(Command((str(tmp_path / home),), tmp_path), tmp_path / "train.log", print)


def test_on_windows_it_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("fluxdiag.trainers.launching.os", SimpleNamespace(name="nt"))
    with pytest.raises(FluxdiagError, match="POSIX systems only"):
        launch(Command((sys.executable, "-c", ""), tmp_path), tmp_path / "train.log", print)


class Stopped(BaseException):
    """As Ctrl-C becomes in the command line."""


STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, lambda *_: (print("saved", flush=True), sys.exit(0)))
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_stopping_stops_what_was_started_in_turn_and_lets_it_save(tmp_path):
    pids: list[int] = []

    def stop(line: str) -> None:
        pids.append(int(line))
        raise Stopped

    with pytest.raises(Stopped):
        launch(program(tmp_path, STUBBORN), tmp_path / "train.log", stop)
    assert not _alive(pids[0])


def test_ctrl_c_reaches_the_trainer_through_us(tmp_path):
    """A whole program that launches another one, stopped as a terminal's Ctrl-C or a scheduler's signal would."""
    inner = program(tmp_path, STUBBORN)
    outer = tmp_path / "outer.py"
    outer.write_text(
        "import signal\n"
        "from pathlib import Path\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where the tests run in the background
        "from fluxdiag.trainers.contract import Command\n"
        "from fluxdiag.trainers.launching import alone, run\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "with alone(folder) as lock:\n"
        f"    run(Command({inner.arguments!r}, folder), folder / 'train.log', print, lock)\n"
    )
    process = subprocess.Popen([sys.executable, str(outer)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    log = tmp_path / "train.log"
    deadline = time.monotonic() + 60
    while not (log.exists() and log.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.wait(60)
    assert not _alive(int(log.read_text().split()[0]))


def _alive(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except (ProcessLookupError, FileNotFoundError):
            return False
        time.sleep(0.05)
    return True


def test_a_line_without_end_does_not_fill_the_memory(tmp_path):
    lines: list[str] = []
    done = threading.Event()

    def note(line: str) -> None:
        lines.append(line)
        done.set()

    launch(program(tmp_path, "import sys\nsys.stdout.write('x' * 300_000)"), tmp_path / "train.log", note)
    assert done.is_set()
    assert sum(map(len, lines)) == 300_000
    assert max(map(len, lines)) < 200_000


LAUNCHES = """
import sys
from pathlib import Path
from fluxdiag.trainers.contract import Command
from fluxdiag.trainers.launching import alone, run

folder = Path(sys.argv[1])
waits = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
with alone(folder) as lock:
    run(Command((sys.executable, "-c", waits), folder), folder / "train.log", lambda line: print(line, flush=True), lock)
"""


def test_a_trainer_whose_command_was_killed_is_not_joined_by_a_second_one(tmp_path, monkeypatch):
    monkeypatch.setattr("fluxdiag.trainers.launching.PATIENCE", 0.5)
    folder = tmp_path / "training"
    folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", LAUNCHES, str(folder)], stdout=subprocess.PIPE, text=True) as command:
        trainer = int(command.stdout.readline())
        command.kill()
    second = program(tmp_path, "print('trained')")
    try:
        with pytest.raises(RunMismatch, match="another trainer is at work in this folder") as refused:
            launch(second, folder / "train.log", print)
    finally:
        os.kill(trainer, signal.SIGKILL)
    assert refused.value.where == str(folder)
    launch(second, folder / "train.log", print)
    assert (folder / "train.log").read_text().splitlines()[-1] == "trained"
